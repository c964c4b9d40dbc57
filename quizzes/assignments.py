"""Practical work from the learner's side: take it up, write, hand it in. The engine is that of quizzes."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from cohorts import structure
from cohorts.models import Enrolment

from . import attempts, frozen
from .attempts import StartError
from .models import Attempt, AttemptStatus, QuestionVersion, Quiz, Response
from .reading import Sent
from .standing import Standing, standing_of


class AssignmentError(Exception):
    """The work cannot be taken or handed in now; the message is a sentence for the learner."""


@dataclass(frozen=True)
class Work:
    """Where a learner stands with one practical assignment. ``current`` is the newest attempt, None before the first word."""

    enrolment: Enrolment
    quiz: Quiz
    standing: Standing

    @property
    def current(self) -> Attempt | None:
        return self.standing.attempts[0] if self.standing.attempts else None

    @property
    def judged(self) -> Attempt | None:
        """The newest attempt that a trainer has judged: its words are shown beside the text."""
        return next((one for one in self.standing.attempts if one.status in {AttemptStatus.GRADED, AttemptStatus.RETURNED}), None)

    @property
    def handed_in(self) -> Attempt | None:
        """The newest attempt that was sent, whatever became of it: from then on the sample answers may be read."""
        return next((one for one in self.standing.attempts if not one.is_open), None)


def published_version(work: Work) -> QuestionVersion | None:
    """The task as the cohort's version shows it, before the first word; None when it is not published."""
    rules = work.standing.rules
    return frozen.one_question(frozen.banks_for(structure.of(work.enrolment)), rules["draw"][0]["question"]) if rules else None


def version_of(attempt: Attempt) -> QuestionVersion:
    """The version of the task that this attempt is pinned to."""
    return Response.objects.select_related("question_version").get(attempt=attempt).question_version


def work_of(enrolment: Enrolment, quiz: Quiz) -> Work:
    """Two statements at most."""
    return Work(enrolment, quiz, standing_of(enrolment, quiz, structure.of(enrolment)))


def begin(enrolment: Enrolment, quiz: Quiz, *, by: User) -> Response:
    """The open work's one response; begun if it was not. Raises AssignmentError with a sentence."""
    try:
        attempt = attempts.start(enrolment, quiz, by=by)
    except StartError as error:
        raise AssignmentError(str(error)) from error
    return Response.objects.select_related("question_version", "attempt").get(attempt=attempt)


def take_up(work: Work, *, by: User, number: int | None = None) -> Response:
    """The response that a page writes in: that of its attempt, open or not; the open one, begun if need be, where no ``number`` is said.

    A draft that waited on a device never gets into a later attempt than the one it was written for. Raises AssignmentError.
    """
    known = next((one for one in work.standing.attempts if one.number == number), None)
    if known is not None:
        return Response.objects.select_related("question_version", "attempt").get(attempt=known)
    if number not in {None, 1}:
        raise AssignmentError("Tugas ini sudah tidak ada. Muat ulang halaman.")
    response = begin(work.enrolment, work.quiz, by=by)
    if response.attempt.status != AttemptStatus.OPEN:
        raise AssignmentError("Tugas ini sudah dikirim dan sedang menunggu pengajar.")
    return response


def write(response: Response, text: str, *, by: User, sent: Sent) -> attempts.Saved:
    """Save the draft's text; a page that is out of date changes nothing, as ``attempts.save_answer`` says. Raises AnswerError."""
    return attempts.save_answer(
        by,
        response.attempt_id,
        response.position,
        {"text": [text]},
        sequence=sent.sequence,
        key=sent.key,
        given_at=sent.given_at,
        base=sent.base,
        writers=sent.writers,
    )


def hand_in(response: Response, *, by: User) -> Attempt:
    """Hand the work in, once. Raises AssignmentError when there is neither text nor file."""
    response.refresh_from_db()
    if not response.answer and not response.uploads.exists():
        raise AssignmentError("Tulis jawaban atau unggah berkas dulu.")
    return attempts.submit(response.attempt, by=by)
