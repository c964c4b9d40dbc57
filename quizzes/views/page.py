"""A page of several questions: shown from its first one, saved in one POST where there is no script."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from .. import access, attempts, noting, pages, reading, replaying, showing
from ..kinds import AnswerError
from ..models import Response

UNPROCESSABLE, CONFLICT = 422, 409


def show(
    request: HttpRequest, response: Response, errors: dict[int, str] | None = None, kept: dict[int, str] | None = None
) -> HttpResponse:
    """The page that holds this question; a question that is not the first of its page leads to it."""
    attempt, first = response.attempt, pages.first_of(response.attempt, response.position)
    if first != response.position:
        return HttpResponseRedirect(f"{reverse('quizzes:question', args=[attempt.pk, first])}#soal-{response.position}")
    found = pages.own_page(request.user, attempt.pk, first)
    context = showing.page_frame(attempt, first) | pages.page_of(found, errors or {}, kept or {})
    return render(request, "quizzes/page.html", context, status=UNPROCESSABLE if errors else CONFLICT if kept else 200)


def save(request: HttpRequest, attempt_id: int, position: int) -> HttpResponse:
    """Save every question of the page, each by its own sequence and key; on to the next page when all could be saved."""
    head = access.own_question(request.user, attempt_id, position)
    errors, kept, steps = dict[int, str](), dict[int, str](), False
    numbers = pages.places(head.attempt, position)
    for number in numbers:
        try:
            sent = reading.read(pages.posted(request.POST, number))
            saved = attempts.save_answer(
                request.user,
                attempt_id,
                number,
                sent.raw,
                sequence=sent.sequence,
                key=sent.key,
                given_at=sent.given_at,
                flag=sent.flag,
                base=sent.base,
                writers=sent.writers,
                device=noting.device_of(request),
                goes_on=number == numbers[-1],
            )
        except AnswerError as error:
            errors[number] = str(error)
            continue
        steps = steps or sent.step
        if not saved.accepted and not saved.attempt.is_open:
            messages.warning(request, saved.sentence)
        elif not saved.accepted:
            kept[number] = replaying.words(saved.response.question_version, saved.response.order, saved.given)
    head = access.own_question(request.user, attempt_id, position)
    if not attempts.closed_if_overdue(head.attempt).is_open:
        return HttpResponseRedirect(reverse("quizzes:result", args=[attempt_id]), status=303)
    if errors or kept:
        return show(request, head, errors, kept)
    return HttpResponseRedirect(_onward(head, stays=steps), status=303)


def _onward(head: Response, *, stays: bool) -> str:
    following = head.position if stays else pages.places(head.attempt, head.position)[-1] + 1
    if following > head.attempt.rules["questions"]:
        return reverse("quizzes:review", args=[head.attempt_id])
    return reverse("quizzes:question", args=[head.attempt_id, following])
