"""The trainer's desk: what waits, and one piece of work with its rubric."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import posted
from linimasa.paging import page_of

from .. import access, desk, grading
from ..correcting import judging
from ..forms import AnswersForm, LateForm, RubricForm
from ..models import Attempt, QuizPurpose


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this trainer, the longest waiting first; by task."""
    chosen = request.GET.get("tugas", "")
    waiting = access.attempts_to_grade(request.user)
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 12:
        waiting = waiting.filter(quiz__activity=int(chosen))
    return render(request, "quizzes/grading_queue.html", desk.queue(request.user, page_of(request, waiting), chosen))


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Answers that came too late, kept and not counted."""
    page = page_of(request, desk.late_events(request.user))
    return render(request, "quizzes/late_answers.html", {"page": page})


@require_http_methods(["GET", "POST"])
def grade_attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """One attempt on the bench. POST accepts, returns for revision, or judges the short answers that wait."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    form = _form(request, attempt)
    if request.method == "POST" and form.is_valid():
        try:
            told = _judge(request, attempt, form)
        except grading.GradingError as error:
            form.add_error("comment" if "perbaik" in str(error) and not form.cleaned_data["comment"].strip() else None, str(error))
        else:
            messages.success(request, told)
            following = desk.next_to_grade(request.user, attempt)
            return redirect("quizzes:grade_attempt", following.pk) if following else redirect("quizzes:grading_queue")
    context = desk.bench(request.user, attempt) | {"form": form, "has_errors": form.is_bound and bool(form.errors)}
    return render(request, "quizzes/grade_attempt.html", context, status=422 if context["has_errors"] else 200)


def _form(request: HttpRequest, attempt: Attempt) -> RubricForm | AnswersForm:
    responses = list(attempt.responses.select_related("question_version").order_by("position"))
    data = posted(request)
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        return RubricForm(judging.version_for(responses[0]).content["rubric"], data)
    return AnswersForm([one for one in responses if one.points is None], data)


def _judge(request: HttpRequest, attempt: Attempt, form: RubricForm | AnswersForm) -> str:
    """What the trainer pressed; the sentence that says it is done. Raises GradingError."""
    name, comment = attempt.enrolment.learner.name, form.cleaned_data["comment"]
    if isinstance(form, AnswersForm):
        grading.judge_answers(attempt, by=request.user, verdicts=form.verdicts(), comment=comment)
        return f"Jawaban {name} dinilai dan peserta diberi tahu."
    if "kembalikan" in request.POST:
        grading.return_for_revision(attempt, by=request.user, levels=form.levels(), comment=comment)
        return f"Tugas {name} dikembalikan untuk diperbaiki dan peserta diberi tahu."
    grading.accept(attempt, by=request.user, levels=form.levels(), comment=comment)
    return f"Nilai {name} tersimpan dan peserta diberi tahu."


@require_POST
def count_late(request: HttpRequest, attempt_id: int, event_id: int) -> HttpResponse:
    """Let a late answer count, with a reason."""
    event = access.late_answer(request.user, attempt_id, event_id)
    form = LateForm(request.POST)
    try:
        if not form.is_valid():
            raise grading.GradingError(form.errors["reason"][0])
        grading.count_late(event, by=request.user, reason=form.cleaned_data["reason"])
    except grading.GradingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Jawaban dihitung. Nilai peserta dihitung ulang.")
    return redirect("quizzes:grade_attempt", attempt_id)
