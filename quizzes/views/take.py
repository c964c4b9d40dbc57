"""The learner's pages of a quiz: the rules, one question a page, the list before sending, the result."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import progress, structure
from linimasa import writing

from .. import access, attempts, briefing, checking, noting, pages, reading, replaying, showing
from ..kinds import AnswerError
from ..models import Attempt, QuizPurpose, Response
from ..standing import standing_of
from . import page

MOST_QUESTIONS = 1_000
UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "POST"])
@noting.keeps_device
def start(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The rules before the clock; POST starts an attempt or goes on with the running one."""
    enrolment, quiz = access.own_quiz(request.user, activity_id)
    status, problems, began = 200, [], timezone.now()
    if request.method == "POST":
        try:
            attempt = attempts.start(enrolment, quiz, by=request.user, device=noting.device_of(request))
            return redirect(_place(attempt, since=began))
        except attempts.StartError as error:
            messages.error(request, str(error))
            status = CONFLICT
    standing = standing_of(enrolment, quiz, structure.of(enrolment))
    if standing.running and not attempts.closed_if_overdue(standing.running).is_open:
        return redirect("quizzes:result", standing.running.pk)
    rules = standing.running.rules if standing.running else standing.rules
    if rules is None:
        raise Http404
    if not standing.running:
        problems = attempts.start_problems(enrolment, standing, known=progress.seen_by(enrolment))
    context = {
        "activity": quiz.activity,
        "enrolment": enrolment,
        "standing": standing,
        "rules": rules,
        "problems": problems,
        "facts": showing.facts(rules, standing),
        "sentences": briefing.sentences(rules, standing),
        "best": writing.mark(standing.best),
        "ended": [(one, writing.mark(one.score)) for one in standing.attempts if not one.is_open],
    }
    return render(request, "quizzes/start.html", context, status=status)


def _place(attempt: Attempt, since: datetime | None = None) -> str:
    """Where an attempt goes on: where it was left (``noting.place``), else the list before sending; the result once it is closed.

    One that was started after ``since`` has no answer yet.
    """
    if not attempt.is_open:
        return reverse("quizzes:result", args=[attempt.pk])
    if since and attempt.started_at >= since:
        return reverse("quizzes:question", args=[attempt.pk, 1])
    number = noting.place(attempt)
    return reverse("quizzes:question", args=[attempt.pk, number]) if number else reverse("quizzes:review", args=[attempt.pk])


@require_http_methods(["GET", "POST"])
@noting.keeps_device
def question(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """One question. POST saves its answer and goes on; with ``Accept: application/json`` it only saves and says so."""
    if not 1 <= position <= MOST_QUESTIONS:
        raise Http404
    if request.method == "POST":
        return page.save(request, attempt_id, position) if "halaman" in request.POST else _answer(request, attempt_id, position)
    response = access.own_question(request.user, attempt_id, position)
    if not attempts.closed_if_overdue(response.attempt).is_open:
        return redirect("quizzes:result", attempt_id)
    return page.show(request, response) if pages.size(response.attempt) > 1 else _question_page(request, response)


def _question_page(request: HttpRequest, response: Response, error: str = "", kept: str = "") -> HttpResponse:
    """``kept``: what the learner gave on a page that was out of date, shown beside the newer answer for copying."""
    context = showing.page_frame(response.attempt, response.position) | showing.question(response, error=error)
    context |= {"kept": kept}
    return render(request, "quizzes/question.html", context, status=UNPROCESSABLE if error else CONFLICT if kept else 200)


def _answer(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    only_saves = request.headers.get("Accept", "").startswith("application/json")
    try:
        sent = reading.read(request.POST)
        saved = attempts.save_answer(
            request.user,
            attempt_id,
            position,
            sent.raw,
            sequence=sent.sequence,
            key=sent.key,
            given_at=sent.given_at,
            flag=sent.flag,
            may_be_blank=only_saves or sent.skip and not sent.checks,
            base=sent.base,
            writers=sent.writers,
            device=noting.device_of(request),
            goes_on=not (only_saves or sent.step or sent.checks),
        )
    except AnswerError as error:
        return _refused(request, access.own_question(request.user, attempt_id, position), str(error), only_saves=only_saves)
    if only_saves:
        return _told(request, saved)
    if not saved.attempt.is_open:
        if not saved.accepted:
            messages.warning(request, saved.sentence)
        return _go(request, reverse("quizzes:result", args=[attempt_id]))
    if not saved.accepted:
        return _out_of_date(request, saved)
    if sent.step:
        return _go(request, reverse("quizzes:question", args=[attempt_id, position]))
    if sent.checks:
        checked = checking.check(request.user, attempt_id, position, device=noting.device_of(request))
        return _go(request, reverse("quizzes:question", args=[attempt_id, position]), checked)
    if saved.following is None:
        return _go(request, reverse("quizzes:review", args=[attempt_id]))
    return _go(request, reverse("quizzes:question", args=[attempt_id, position + 1]), saved.following)


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fragment"


def _go(request: HttpRequest, address: str, following: Response | None = None) -> HttpResponse:
    """On to the next page: as the next question itself where the page asks for fragments, by a redirect otherwise."""
    if not _wants_fragment(request):
        return HttpResponseRedirect(address, status=303)
    if following is None:
        return HttpResponse(status=204, headers={"X-Address": address})
    answer = render(request, "quizzes/_question.html", showing.question(following))
    answer["X-Address"] = address
    return answer


def _out_of_date(request: HttpRequest, saved: attempts.Saved) -> HttpResponse:
    """The question as it now stands, with what this page had given for copying: nothing is lost and nothing is overwritten."""
    kept = replaying.words(saved.response.question_version, saved.response.order, saved.given)
    if _wants_fragment(request):
        return render(request, "quizzes/_question.html", showing.question(saved.response) | {"kept": kept}, status=CONFLICT)
    return _question_page(request, access.own_question(request.user, saved.attempt.pk, saved.response.position), kept=kept)


def _refused(request: HttpRequest, response: Response, sentence: str, *, only_saves: bool) -> HttpResponse:
    if only_saves:
        return JsonResponse({"saved": False, "sentence": sentence}, status=UNPROCESSABLE)
    if not attempts.closed_if_overdue(response.attempt).is_open:
        return _go(request, reverse("quizzes:result", args=[response.attempt_id]))
    if _wants_fragment(request):
        return render(request, "quizzes/_question.html", showing.question(response, error=sentence), status=UNPROCESSABLE)
    return _question_page(request, response, sentence)


def _told(request: HttpRequest, saved: attempts.Saved) -> JsonResponse:
    """What the chip may say: "Tersimpan" only for what the database holds. ``html``: the newer answer, to a page that is out of date."""
    told = {"saved": saved.accepted, "sentence": saved.sentence, "sequence": saved.response.sequence, "open": saved.attempt.is_open}
    if saved.is_stale:
        kept = replaying.words(saved.response.question_version, saved.response.order, saved.given)
        told["html"] = _drawn_again(request, saved, kept)
    return JsonResponse(told, status=200 if saved.accepted else CONFLICT)


def _drawn_again(request: HttpRequest, saved: attempts.Saved, kept: str) -> str:
    """The question as it now stands, alone or as a part of its page."""
    if pages.size(saved.attempt) == 1:
        return render_to_string("quizzes/_question.html", showing.question(saved.response) | {"kept": kept}, request)
    return render_to_string("quizzes/_part.html", pages.part_of(saved.response, kept=kept), request)


@require_POST
@noting.keeps_device
def tell(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What the browser tells of an attempt beside answers: a question opened, signal lost and back, a warning. Always 204."""
    attempt = access.own_quiz_attempt(request.user, attempt_id)
    noting.tell(attempt, noting.read(request.POST.getlist("kabar")), noting.device_of(request))
    return HttpResponse(status=204)


@require_safe
def review(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Every question before sending: what is blank, what was flagged."""
    attempt = attempts.closed_if_overdue(access.own_quiz_attempt(request.user, attempt_id))
    if not attempt.is_open:
        return redirect("quizzes:result", attempt_id)
    context = showing.page_frame(attempt, with_dots=False) | showing.review(attempt)
    return render(request, "quizzes/review.html", context)


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Ask once, then close the attempt: the only act of a learner that cannot be taken back. GET and a bare POST only ask."""
    if request.method == "POST" and request.POST.get("yakin") == "1":
        attempts.submit_own(request.user, attempt_id)
        return redirect("quizzes:result", attempt_id)
    attempt = attempts.closed_if_overdue(access.own_quiz_attempt(request.user, attempt_id))
    if attempt.is_open:
        context = showing.page_frame(attempt, with_dots=False) | showing.review(attempt)
        return render(request, "quizzes/send.html", context)
    return redirect("quizzes:result", attempt_id)


@require_safe
def result(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What the learner knows and what to do next; explanations when the quiz's rule allows them."""
    attempt = access.own_result(request.user, attempt_id)
    if attempt.is_open and attempt.time_is_up():
        attempts.submit(attempt, by=None)
        attempt = access.own_result(request.user, attempt_id)
    if attempt.is_open:
        return redirect(_place(attempt))
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        return redirect("quizzes:assignment", attempt.quiz.activity_id)
    plan, known = structure.of(attempt.enrolment), progress.seen_by(attempt.enrolment)
    standing = standing_of(attempt.enrolment, attempt.quiz, plan)
    context = showing.result(attempt, plan, standing) | {
        "attempt": attempt,
        "activity": attempt.quiz.activity,
        "standing": standing,
        "may_retry": not standing.running and not attempts.start_problems(attempt.enrolment, standing, known=known),
        "next": showing.next_step(attempt.enrolment, plan, attempt.quiz.activity_id, known),
        "module_url": next((unit.url for unit in plan.units if attempt.quiz.activity_id in {s.activity_id for s in unit.steps}), ""),
    }
    return render(request, "quizzes/result.html", context)
