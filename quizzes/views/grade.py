"""The trainer's desk: what waits, and one piece of work with its rubric."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa import clock
from linimasa.forms import posted
from linimasa.paging import page_of

from .. import access, claiming, desk, grading, waiting
from ..correcting import judging
from ..forms import AnswersForm, LateForm, RubricForm
from ..marking import commenting, drafting, effects, naming, second, stepping, undoing
from ..models import Attempt, AttemptStatus, GradingDraft, QuizPurpose

CONFLICT, UNPROCESSABLE = 409, 422


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this trainer, the longest waiting first: by learner, or by question across learners."""
    asked = waiting.Filter.of(request.GET)
    rows = waiting.questions(request.user, asked) if asked.by_question else waiting.attempts(request.user, asked)
    context = waiting.queue(request.user, page_of(request, rows), asked)
    context |= {"undoable": [(one, naming.who(one)) for one in undoing.undoable(request.user)]}
    return render(request, "quizzes/grading_queue.html", context | {"second_count": second.offered(request.user).count()})


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Answers that came too late, kept and not counted."""
    page = page_of(request, desk.late_events(request.user))
    rows = [(event, naming.who(event.response.attempt)) for event in page]
    return render(request, "quizzes/late_answers.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def grade_attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """One attempt on the bench. POST accepts, returns for revision, or judges the short answers that wait."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    held = claiming.held([attempt], request.user).get(attempt.pk)
    draft = drafting.of(attempt, request.user)
    form = form_of(request, attempt, draft)
    if request.method == "POST":
        if attempt.status == AttemptStatus.SUBMITTED:
            held = claiming.claim(attempt, by=request.user)
        if draft_posted(request, attempt) is None:
            messages.error(request, "Halaman ini tidak lengkap. Muat ulang halaman, lalu nilai lagi.")
        elif form.is_valid():
            try:
                messages.success(request, _judge(request, attempt, form))
                return _onward(request, attempt)
            except grading.GradingError as error:
                held = claiming.held([attempt], request.user).get(attempt.pk)
                form.add_error("comment" if "perbaik" in str(error) and not form.cleaned_data["comment"].strip() else None, str(error))
    if held and not held.is_ours and attempt.status == AttemptStatus.SUBMITTED:
        return held_page(request, attempt, held)
    return bench_page(request, attempt, form, draft, held)


def form_of(request: HttpRequest, attempt: Attempt, draft: GradingDraft | None) -> RubricForm | AnswersForm:
    """The form of this attempt: as posted, else as this trainer's draft says."""
    responses = list(attempt.responses.select_related("question_version").order_by("position"))
    data, initial = posted(request), draft.data if draft else None
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        rubric = judging.version_for(responses[0]).content["rubric"]
        return RubricForm(rubric, data, initial=initial, zone=request.user.time_zone)  # as every other time on the page
    return AnswersForm([one for one in responses if one.points is None], data, initial=initial)


def draft_posted(request: HttpRequest, attempt: Attempt) -> drafting.Kept | None:
    """Keep what was posted as this trainer's draft; None for a page whose own number is damaged."""
    sequence = request.POST.get("urutan", "1")
    if not (sequence.isascii() and sequence.isdecimal() and len(sequence) <= 7):
        return None
    return drafting.save(attempt, by=request.user, data=drafting.fields_of(request.POST.dict()), sequence=int(sequence))


def bench_page(
    request: HttpRequest, attempt: Attempt, form: RubricForm | AnswersForm, draft: GradingDraft | None, held: claiming.Held | None
) -> HttpResponse:
    """The bench, with the form's errors if there are any."""
    has_errors = form.is_bound and bool(form.errors)
    context = desk.bench(request.user, attempt) | {
        "form": form,
        "has_errors": has_errors,
        "held": held,
        "draft": draft,
        "sequence": (draft.sequence if draft else 0) + 1,
    }
    return render(request, "quizzes/grade_attempt.html", context, status=UNPROCESSABLE if has_errors else 200)


def held_page(request: HttpRequest, attempt: Attempt, held: claiming.Held, status: int = 200) -> HttpResponse:
    """Another trainer works on this: who, until when, and what is free instead."""
    following = waiting.next_free(request.user, attempt)
    context = {
        "attempt": attempt,
        "who": naming.who(attempt),
        "held": held,
        "has_draft": drafting.of(attempt, request.user) is not None,
        "next": following,
        "next_who": naming.who(following) if following else None,
    }
    return render(request, "quizzes/grading_held.html", context, status=CONFLICT if request.method == "POST" else status)


def _judge(request: HttpRequest, attempt: Attempt, form: RubricForm | AnswersForm) -> str:
    """What the trainer pressed; the sentence that says it is done. Raises GradingError."""
    name, comment, by = naming.who(attempt).name, form.cleaned_data["comment"], request.user
    if isinstance(form, AnswersForm):
        grading.judge_answers(attempt, by=by, verdicts=form.verdicts(), comment=comment, undo_for=effects.UNDO_FOR)
        return f"Jawaban {name} dinilai. Peserta diberi tahu {effects.UNDO_WORDS} lagi."
    commenting.count_used(by, comment)
    if "kembalikan" in request.POST:
        due = form.cleaned_data["due"]
        grading.return_for_revision(attempt, by=by, levels=form.levels(), comment=comment, due_at=due, undo_for=effects.UNDO_FOR)
        return f"Tugas {name} dikembalikan untuk diperbaiki. Peserta diberi tahu {effects.UNDO_WORDS} lagi."
    grading.accept(attempt, by=by, levels=form.levels(), comment=comment, undo_for=effects.UNDO_FOR)
    return f"Nilai {name} tersimpan. Peserta diberi tahu {effects.UNDO_WORDS} lagi."


def _onward(request: HttpRequest, attempt: Attempt | None) -> HttpResponse:
    """To the next free work, already in hand; to the queue when there is none."""
    while following := waiting.next_free(request.user, attempt):
        if claiming.claim(following, by=request.user).is_ours:
            return redirect("quizzes:grade_attempt", following.pk)
    return redirect("quizzes:grading_queue")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the longest waiting work that nobody holds."""
    return _onward(request, None)


@require_POST
def take(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Take this work in hand, and open it."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    if attempt.status == AttemptStatus.SUBMITTED:
        claiming.claim(attempt, by=request.user)
    return redirect("quizzes:grade_attempt", attempt_id)


@require_POST
def step(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Keep the draft, and what a button on the bench adds to it: a note, words to use again, giving the work back."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    only_saves = request.headers.get("Accept", "").startswith("application/json")
    if only_saves and request.POST.get("aksi") == "ambil":  # opening takes the work in hand; nothing was filled in yet
        held = claiming.claim(attempt, by=request.user) if attempt.status == AttemptStatus.SUBMITTED else None
        until = clock.time_text(held.until) if held else ""
        return JsonResponse({"saved": True, "held": bool(held and held.is_ours), "until": until})
    kept = draft_posted(request, attempt)
    if kept is None:
        return JsonResponse({"saved": False, "sentence": "Muat ulang halaman."}, status=UNPROCESSABLE)
    held = claiming.claim(attempt, by=request.user) if attempt.status == AttemptStatus.SUBMITTED else None
    if only_saves:
        return _told(kept, held)
    try:
        told, place = stepping.take(request.user, attempt, request.POST.dict())
    except stepping.StepError as error:
        form = form_of(request, attempt, None)
        form.errors.clear()  # only what the button asked for is refused; the rest of the page is unfinished, not wrong
        form.add_error(None, str(error))
        return bench_page(request, attempt, form, drafting.of(attempt, request.user), held)
    if told:
        messages.success(request, told)
    if place == stepping.QUEUE:
        return redirect("quizzes:grading_queue")
    answer = redirect("quizzes:grade_attempt", attempt_id)
    answer["Location"] += place
    return answer


def _told(kept: drafting.Kept, held: claiming.Held | None) -> JsonResponse:
    """What the chip may say of a draft that saves itself."""
    sentence = "" if kept.accepted else "Draf yang lebih baru tersimpan dari tab atau perangkat lain. Muat ulang halaman."
    if held and not held.is_ours:
        sentence = f"{held.sentence} Isian Anda tersimpan sebagai draf."
    facts = {"saved": kept.accepted, "sequence": kept.sequence, "time": clock.time_text(kept.saved_at), "sentence": sentence}
    return JsonResponse(facts | {"held": bool(held is None or held.is_ours)}, status=200 if kept.accepted else CONFLICT)


@require_POST
def undo(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Take the own judgement back, within its minute."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    try:
        undoing.undo(attempt, by=request.user)
    except undoing.UndoError as error:
        messages.error(request, str(error))
        return redirect("quizzes:grading_queue")
    messages.success(request, f"Penilaian {naming.who(attempt).name} diurungkan. Peserta belum diberi tahu.")
    return redirect("quizzes:grade_attempt", attempt_id)


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
