"""«Coba sebagai peserta»: a quiz's draft as a learner would meet it. Stores nothing but the session of the person who tries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from .. import access, briefing, previewing, ruling, showing
from ..drawing import DrawError
from ..kinds import AnswerError
from ..models import Quiz, QuizPurpose, Response
from ..previewing import Trial
from ..standing import Standing

UNPROCESSABLE = 422


def _quiz(request: HttpRequest, activity_id: int) -> Quiz:
    quiz = access.quiz_in_studio(request.user, activity_id)
    if quiz.purpose == QuizPurpose.ASSIGNMENT:
        raise Http404
    return quiz


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The start page as the draft would have it; POST draws the questions."""
    quiz = _quiz(request, activity_id)
    if request.method == "POST":
        try:
            previewing.begin(quiz, request.session)
            return redirect("quizzes:trial_question", activity_id, 1)
        except DrawError as error:
            messages.error(request, str(error))
    rules = previewing.draft_rules(quiz)
    standing = Standing(activity_id, rules, ())
    context = {
        "quiz": quiz,
        "activity": quiz.activity,
        "rules": rules,
        "facts": showing.facts(rules, standing),
        "sentences": briefing.sentences(rules, standing),
        "problems": ruling.problems(quiz),
        "trial": previewing.current(quiz, request.session),
    }
    return render(request, "quizzes/rules/trial.html", context)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, activity_id: int, position: int) -> HttpResponse:
    """One question of the trial. POST keeps the answer in the session and goes on."""
    quiz = _quiz(request, activity_id)
    trial = previewing.current(quiz, request.session)
    response = trial.at(position) if trial else None
    if trial is None or response is None:
        return redirect("quizzes:trial", activity_id)
    if request.method == "GET":
        return _page(request, quiz, trial, response)
    checks, step = "periksa" in request.POST, "naik" in request.POST or "turun" in request.POST
    raw = dict(request.POST.lists())
    try:
        previewing.give(trial, request.session, position, raw, may_be_blank=not checks, checks=checks)
    except AnswerError as error:
        return _page(request, quiz, trial, response, error=str(error))
    if step or checks:
        return redirect("quizzes:trial_question", activity_id, position)
    if position < len(trial.responses):
        return redirect("quizzes:trial_question", activity_id, position + 1)
    return redirect("quizzes:trial_result", activity_id)


def _page(request: HttpRequest, quiz: Quiz, trial: Trial, response: Response, error: str = "") -> HttpResponse:
    place, is_checked = response.position, response.position in trial.checked
    context: dict[str, Any] = {
        "activity": quiz.activity,
        "total": len(trial.responses),
        "number": place,
        "is_checked": is_checked,
        "shows_during": trial.shows_during,
        "rules": showing.rule_sentences(trial.attempt.rules),
        "dots": [_dot(quiz, one, place) for one in trial.responses],
        "clock": showing.clock_of(trial.attempt),
    }
    context |= {name: value for name, value in showing.question(response, error=error).items() if name not in context}
    if is_checked:
        previewing.judged(trial)
        context["answers"] = showing.answers([response], showing.NOWHERE)
    return render(request, "quizzes/rules/trial_question.html", context, status=UNPROCESSABLE if error else 200)


def _dot(quiz: Quiz, one: Response, current: int) -> showing.Dot:
    address = reverse("quizzes:trial_question", args=[quiz.activity_id, one.position])
    return showing.Dot(one.position, address, one.answer is not None, False, one.position == current)


@require_safe
def result(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The result with every explanation, whatever the quiz's rule: its author has to see them."""
    quiz = _quiz(request, activity_id)
    trial = previewing.current(quiz, request.session)
    if trial is None:
        return redirect("quizzes:trial", activity_id)
    attempt = previewing.judged(trial)
    context = {
        "activity": quiz.activity,
        "headline": showing.headline(attempt),
        "told": showing.sentences(attempt, trial.responses, shows_key=True),
        "bloom": showing.bloom(trial.responses),
        "answers": showing.answers(trial.responses, showing.NOWHERE),
        "when": briefing.feedback_sentence(attempt.rules),
    }
    return render(request, "quizzes/rules/trial_result.html", context)
