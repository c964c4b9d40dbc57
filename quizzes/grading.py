"""A trainer judges: practical work by its rubric, short answers that the key did not know. Judgements are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts import progress
from cohorts.models import EnrolmentStatus, ProgressState
from linimasa import writing
from notifications import outbox

from . import attempts, scoring
from .kinds import kind_of
from .kinds.kind import AnswerError
from .kinds.practical import Practical
from .models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, GradeKind, QuizPurpose, Response

ALREADY = "Percobaan ini tidak lagi menunggu penilaian. Muat ulang halaman untuk melihat nilainya."


class GradingError(Exception):
    """This judgement cannot be recorded; the message is a sentence for the trainer."""


def rubric_points(attempt: Attempt, levels: Sequence[int]) -> Decimal:
    """The mark, 0 to 1, of one level for each criterion (0 is the best). Raises GradingError when a criterion is missing."""
    kind = kind_of(_work_of(attempt).question_version)
    assert isinstance(kind, Practical)  # noqa: S101 - an assignment has one question of this kind
    try:
        return kind.by_rubric(levels)
    except AnswerError as error:
        raise GradingError(str(error)) from error


@transaction.atomic
def accept(attempt: Attempt, *, by: User, levels: Sequence[int], comment: str = "") -> Attempt:
    """Accept practical work with the mark of its rubric, once.

    Of two trainers who press together one grades and the other gets the sentence. Work below the pass mark is not accepted but returned,
    so that nobody is shut out. Raises GradingError.
    """
    points = rubric_points(attempt, levels)
    if attempt.pass_mark is not None and points < attempt.pass_mark:
        raise GradingError(
            f"Nilai {writing.mark(points)} di bawah batas {writing.mark(attempt.pass_mark)}. "
            "Minta perbaikan, supaya peserta dapat mengirim ulang."
        )
    _judge(attempt, by=by, points=points, levels=levels, comment=comment)
    if not scoring.settle(attempt, by=by):
        raise GradingError(ALREADY)
    _tell(attempt, "work_accepted", comment)
    return attempt


@transaction.atomic
def return_for_revision(attempt: Attempt, *, by: User, levels: Sequence[int], comment: str) -> Attempt:
    """Return practical work with what to improve: closes this attempt and opens the next with the answer copied, once.

    Accepted work may be returned too while its enrolment is running. Raises GradingError without a comment or when it was returned
    before. Gives the new open attempt.
    """
    if not comment.strip():
        raise GradingError("Tulis apa yang perlu diperbaiki. Peserta membacanya sebelum mengirim ulang.")
    points = rubric_points(attempt, levels)
    if attempt.enrolment.status != EnrolmentStatus.ACTIVE:
        raise GradingError("Keikutsertaan ini sudah tidak berjalan, jadi tugasnya tidak dapat dikembalikan.")
    _judge(attempt, by=by, points=points, levels=levels, comment=comment)
    changed = Attempt.objects.filter(
        pk=attempt.pk, status__in=[AttemptStatus.SUBMITTED, AttemptStatus.GRADED], revision__isnull=True
    ).update(status=AttemptStatus.RETURNED, score=points, graded_at=timezone.now())
    if not changed:
        raise GradingError(ALREADY)
    attempt.refresh_from_db(fields=["status", "score", "graded_at"])
    log.record("attempt.returned", by=by, on=attempt, score=str(points))
    revision = attempts.open_revision(attempt)
    progress.record(attempt.enrolment, attempt.quiz.activity_id, state=ProgressState.RETURNED)
    _tell(attempt, "work_returned", comment)
    return revision


@transaction.atomic
def improve(attempt: Attempt, *, by: User) -> Attempt:
    """The learner takes up accepted work again to raise its mark; the highest counts. Gives the open attempt; safe to repeat.

    Raises GradingError when the work is not accepted or the enrolment is over.
    """
    if attempt.enrolment.status != EnrolmentStatus.ACTIVE:
        raise GradingError("Keikutsertaan Anda pada kursus ini sudah selesai. Nilai tugas tidak dapat diubah lagi.")
    if attempt.status != AttemptStatus.GRADED or attempt.quiz.purpose != QuizPurpose.ASSIGNMENT:
        raise GradingError("Tugas ini belum dinilai, jadi belum dapat diperbaiki.")
    known = Attempt.objects.filter(revision_of=attempt).first()
    if known:
        return known
    revision = attempts.open_revision(attempt)
    log.record("attempt.improving", by=by, on=revision, improves=attempt.pk)
    return revision


@transaction.atomic
def judge_answers(attempt: Attempt, *, by: User, verdicts: Mapping[int, bool], comment: str = "") -> Attempt:
    """Judge short answers that no key matched: ``verdicts`` maps response ids to right or wrong; each waiting one must be there.

    Settles the attempt, once. Raises GradingError.
    """
    waiting = list(attempt.responses.filter(points__isnull=True).select_related("question_version"))
    if attempt.status != AttemptStatus.SUBMITTED or not waiting:
        raise GradingError(ALREADY)
    if any(one.pk not in verdicts for one in waiting):
        raise GradingError("Nilai setiap jawaban yang menunggu: tepat atau belum tepat.")
    for one in waiting:
        points = Decimal(1) if verdicts[one.pk] else Decimal(0)
        GradeEvent.objects.append(one, kind=GradeKind.TRAINER, points=points, by=by, comment=comment)
    if not scoring.settle(attempt, by=by):
        raise GradingError(ALREADY)
    _tell(attempt, "answers_judged", comment)
    return attempt


def _work_of(attempt: Attempt) -> Response:
    """The one response of a practical assignment."""
    response = attempt.responses.select_related("question_version").first()
    if response is None or not kind_of(response.question_version).graded_by_person:
        raise GradingError("Percobaan ini bukan tugas praktik.")
    return response


def _judge(attempt: Attempt, *, by: User, points: Decimal, levels: Sequence[int], comment: str) -> None:
    """Add the trainer's judgement. The attempt's row is locked first, so that a second trainer finds it moved."""
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    if locked.status not in {AttemptStatus.SUBMITTED, AttemptStatus.GRADED}:
        raise GradingError(ALREADY)
    criteria = {str(place): level for place, level in enumerate(levels)}
    GradeEvent.objects.append(_work_of(attempt), kind=GradeKind.TRAINER, points=points, by=by, comment=comment.strip(), criteria=criteria)
    Attempt.objects.filter(pk=attempt.pk).update(remarks=comment.strip())
    attempt.remarks = comment.strip()


def _tell(attempt: Attempt, kind: str, comment: str) -> None:
    """One letter for each judged attempt and outcome."""
    activity = attempt.quiz.activity
    if attempt.quiz.purpose == QuizPurpose.ASSIGNMENT:
        path = reverse("quizzes:assignment", args=[activity.pk])
    else:
        path = reverse("quizzes:result", args=[attempt.pk])
    context = {"title": activity.title, "mark": writing.mark(attempt.score), "comment": comment.strip(), "path": path}
    outbox.enqueue(kind, to=attempt.enrolment.learner, dedupe_key=f"{kind.replace('_', '-')}:{attempt.pk}", context=context)


@transaction.atomic
def count_late(event: AnswerEvent, *, by: User, reason: str) -> Attempt:
    """Let an answer that arrived too late or out of date count after all: a grade event with that reason; the score is its fold again.

    Only for closed, graded attempts and answers that the server can judge. Raises GradingError.
    """
    if not reason.strip():
        raise GradingError("Tulis alasan mengapa jawaban ini dihitung.")
    response = Response.objects.select_related("question_version", "attempt__quiz__activity", "attempt__enrolment").get(
        pk=event.response_id
    )
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=response.attempt_id)
    points = kind_of(response.question_version).points(event.answer)
    if event.was_accepted or attempt.status != AttemptStatus.GRADED or points is None:
        raise GradingError("Jawaban ini tidak dapat dihitung dari halaman ini.")
    if response.points is not None and points <= response.points:
        raise GradingError("Jawaban ini tidak menaikkan nilai, jadi tidak ada yang berubah.")
    GradeEvent.objects.append(response, kind=GradeKind.OVERRIDE, points=points, by=by, reason=reason.strip())
    score = scoring.mean(one for one in attempt.responses.values_list("points", flat=True) if one is not None)
    Attempt.objects.filter(pk=attempt.pk, status=AttemptStatus.GRADED).update(score=score)
    attempt.score = score
    log.record("attempt.late_counted", by=by, on=attempt, response=response.pk, score=str(score), reason=reason.strip())
    scoring.record_progress(attempt, floor=score)
    return attempt
