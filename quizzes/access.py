"""The only ways to another person's attempt. Foreign equals absent equals 404."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from cohorts.models import Enrolment
from linimasa.prepared import Prepared

from .models import AnswerEvent, Attempt, AttemptStatus, QuizPurpose, Response, Upload
from .models.attempt import AttemptQuerySet

HIGHEST_ID = 2**63 - 1  # what a database can look for at all


def own_attempt(user: User, attempt_id: int) -> Attempt:
    """This person's own attempt (with enrolment, cohort, activity and module loaded); otherwise 404."""
    attempts = Attempt.objects.of_learner(user).select_related(
        "enrolment__cohort__course", "enrolment__course", "enrolment__learner", "quiz__activity__module", "quiz__activity__course"
    )
    return get_object_or_404(attempts, pk=attempt_id)


def own_result(user: User, attempt_id: int) -> Attempt:
    """Like ``own_attempt``, with the enrolment's structure at hand; two statements."""
    attempt = get_object_or_404(Attempt.objects.of_learner(user).select_related("quiz__activity__module"), pk=attempt_id)
    attempt.enrolment = Enrolment.objects.with_stamp().get(pk=attempt.enrolment_id)
    return attempt


def own_quiz_attempt(user: User, attempt_id: int) -> Attempt:
    """Like ``own_attempt``; 404 for a practical assignment, which has pages of its own."""
    attempt = own_attempt(user, attempt_id)
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        raise Http404
    return attempt


def own_question(user: User, attempt_id: int, position: int) -> Response:
    """One question of this person's own attempt (with attempt, activity and content loaded); otherwise 404."""
    if attempt_id > HIGHEST_ID:
        raise Http404
    responses = Response.objects.select_related("question_version", "attempt__quiz__activity").exclude(
        attempt__quiz__purpose=QuizPurpose.ASSIGNMENT
    )
    return get_object_or_404(responses, attempt__enrolment__learner=user, attempt_id=attempt_id, position=position)


def own_question_to_answer(user: User, attempt_id: int, position: int) -> tuple[Response, Response | None]:
    """This question of this person's own attempt (otherwise 404) and the next one; the attempt (not they) is locked until the
    transaction ends.

    One statement. A closing attempt locks itself first and its questions later, so locking both here could deadlock.
    """
    if attempt_id > HIGHEST_ID:
        raise Http404
    found = {response.position: response for response in _TO_ANSWER.objects(user.pk, attempt_id, position, position + 1)}
    if position not in found:
        raise Http404
    return found[position], found.get(position + 1)


_TO_ANSWER = Prepared(
    lambda person, attempt, position, following: (
        Response.objects.select_for_update(of=("attempt",), no_key=True)
        .select_related("question_version", "attempt")
        .filter(attempt__enrolment__learner=person, attempt=attempt, position__in=[position, following])
        .order_by()
    ),
    *(int, int, int, int),
)


def attempt_to_grade(user: User, attempt_id: int) -> Attempt:
    """The attempt, if this trainer may grade it; otherwise 404, so that its existence stays unknown."""
    return get_object_or_404(_gradable(user), pk=attempt_id)


def attempts_to_grade(user: User) -> AttemptQuerySet:
    """What waits for this trainer, the oldest first, with what a row of the queue shows."""
    return _gradable(user).awaiting_grade()


def _gradable(user: User) -> AttemptQuerySet:
    joined = ("enrolment__learner", "enrolment__agency", "enrolment__cohort", "quiz__activity__module", "quiz__activity__course")
    return Attempt.objects.gradable_by(user).exclude(status=AttemptStatus.OPEN).select_related(*joined)


def late_answer(user: User, attempt_id: int, event_id: int) -> AnswerEvent:
    """An answer of a gradable attempt that came too late or out of date; otherwise 404."""
    attempt = attempt_to_grade(user, attempt_id)
    return get_object_or_404(AnswerEvent, pk=event_id, response__attempt=attempt, was_accepted=False)


def upload_to_read(user: User, upload_id: int) -> Upload:
    """A file that this person handed in, or that this trainer may grade; otherwise 404."""
    own = Attempt.objects.of_learner(user).values("pk")
    taught = Attempt.objects.gradable_by(user).exclude(status=AttemptStatus.OPEN).values("pk")
    uploads = Upload.objects.filter(Q(response__attempt__in=own) | Q(response__attempt__in=taught))
    return get_object_or_404(uploads, pk=upload_id)


def own_open_upload(user: User, upload_id: int) -> Upload:
    """A file of this person's own work (with its attempt and quiz loaded); otherwise 404."""
    uploads = Upload.objects.select_related("response__attempt__quiz").filter(response__attempt__enrolment__learner=user)
    return get_object_or_404(uploads, pk=upload_id)
