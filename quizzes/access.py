"""The only ways to another person's attempt. Foreign equals absent equals 404."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User

from .models import Attempt, QuizPurpose, Response


def own_attempt(user: User, attempt_id: int) -> Attempt:
    """This person's own attempt (with enrolment, cohort, activity and module loaded); otherwise 404."""
    attempts = Attempt.objects.of_learner(user).select_related(
        "enrolment__cohort", "enrolment__course", "enrolment__learner", "quiz__activity__module", "quiz__activity__course"
    )
    return get_object_or_404(attempts, pk=attempt_id)


def own_quiz_attempt(user: User, attempt_id: int) -> Attempt:
    """Like ``own_attempt``; 404 for a practical assignment, which has pages of its own."""
    attempt = own_attempt(user, attempt_id)
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        raise Http404
    return attempt


def own_question(user: User, attempt_id: int, position: int) -> Response:
    """One question of this person's own attempt (with attempt, activity and content loaded); otherwise 404."""
    responses = Response.objects.select_related("question_version", "attempt__quiz__activity").exclude(
        attempt__quiz__purpose=QuizPurpose.ASSIGNMENT
    )
    return get_object_or_404(responses, attempt__enrolment__learner=user, attempt_id=attempt_id, position=position)


def own_questions_to_answer(user: User, attempt_id: int, positions: Sequence[int]) -> dict[int, Response]:
    """These questions of this person's own attempt by position, locked with the attempt until the transaction ends.

    One statement. The first position must exist, otherwise 404.
    """
    responses = (
        Response.objects.select_for_update(of=("self", "attempt"), no_key=True)
        .select_related("question_version", "attempt")
        .filter(attempt__enrolment__learner=user, attempt_id=attempt_id, position__in=positions)
    )
    found = {response.position: response for response in responses}
    if positions[0] not in found:
        raise Http404
    return found


def attempt_to_grade(user: User, attempt_id: int) -> Attempt:
    """The attempt, if this trainer may grade it; otherwise 404, so that its existence stays unknown."""
    attempts = Attempt.objects.gradable_by(user).select_related("enrolment__learner", "enrolment__cohort", "quiz__activity__module")
    return get_object_or_404(attempts, pk=attempt_id)
