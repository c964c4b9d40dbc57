"""A trainer judges: practical work by its rubric, short answers that the key did not know. Judgements are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts.models import Enrolment, EnrolmentStatus
from linimasa import writing

from . import attempts, claiming, scoring
from .correcting import judging
from .kinds import kind_of
from .kinds.kind import AnswerError
from .kinds.practical import Practical
from .marking import drafting, effects
from .models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, GradeKind, QuizPurpose, Response

ALREADY = "Percobaan ini tidak lagi menunggu penilaian. Muat ulang halaman untuk melihat nilainya."


class GradingError(Exception):
    """This judgement cannot be recorded; the message is a sentence for the trainer."""


def rubric_points(attempt: Attempt, levels: Sequence[int]) -> Decimal:
    """The mark, 0 to 1, of one level for each criterion (0 is the best). Raises GradingError when a criterion is missing."""
    kind = kind_of(judging.version_for(_work_of(attempt)))
    assert isinstance(kind, Practical)  # noqa: S101 - an assignment has one question of this kind
    try:
        return kind.by_rubric(levels)
    except AnswerError as error:
        raise GradingError(str(error)) from error


def hold(attempt: Attempt, *, by: User) -> None:
    """Judging needs the work in hand: free work is taken now, in the caller's transaction. Raises GradingError when another holds it."""
    held = claiming.claim(attempt, by=by)
    if not held.is_ours:
        raise GradingError(f"{held.sentence} Isian Anda tersimpan sebagai draf.")


@transaction.atomic
def accept(attempt: Attempt, *, by: User, levels: Sequence[int], comment: str = "", undo_for: timedelta | None = None) -> Attempt:
    """Accept practical work with the mark of its rubric, once.

    Of two trainers who press together one grades and the other gets the sentence. Work below the pass mark is not accepted but returned,
    so that nobody is shut out. ``undo_for``: how long it can be taken back; what follows for the learner follows then. Raises GradingError.
    """
    points = rubric_points(attempt, levels)
    if attempt.pass_mark is not None and points < attempt.pass_mark and not attempt.stays_passed:
        raise GradingError(
            f"Nilai {writing.mark(points)} di bawah batas {writing.mark(attempt.pass_mark)}. "
            "Minta perbaikan, supaya peserta dapat mengirim ulang."
        )
    _judge(attempt, by=by, points=points, levels=levels, comment=comment)
    _settle(attempt, by=by, undo_for=undo_for)
    return attempt


@transaction.atomic
def return_for_revision(
    attempt: Attempt,
    *,
    by: User,
    levels: Sequence[int],
    comment: str,
    due_at: datetime | None = None,
    undo_for: timedelta | None = None,
) -> Attempt:
    """Return practical work with what to improve: closes this attempt and opens the next with the answer copied, once.

    Accepted work may be returned too while its enrolment is running. ``due_at``: until when this learner is to send it again.
    ``undo_for`` as in ``accept``. Raises GradingError without a comment or when it was returned before. Gives the new open attempt
    (the returned one while it can be taken back).
    """
    if not comment.strip():
        raise GradingError("Tulis apa yang perlu diperbaiki. Peserta membacanya sebelum mengirim ulang.")
    points = rubric_points(attempt, levels)
    if attempt.enrolment.status != EnrolmentStatus.ACTIVE:
        raise GradingError("Keikutsertaan ini sudah tidak berjalan, jadi tugasnya tidak dapat dikembalikan.")
    _judge(attempt, by=by, points=points, levels=levels, comment=comment)
    if _others_open(attempt):
        raise GradingError("Peserta sedang mengerjakan tugas ini lagi. Tunggu sampai dikirim, lalu nilai yang terbaru.")
    changed = Attempt.objects.filter(
        pk=attempt.pk, status__in=[AttemptStatus.SUBMITTED, AttemptStatus.GRADED], revision__isnull=True
    ).update(status=AttemptStatus.RETURNED, score=points, graded_at=timezone.now(), takes_effect_at=_when(undo_for))
    if not changed:
        raise GradingError(ALREADY)
    attempt.refresh_from_db(fields=["status", "score", "graded_at", "takes_effect_at"])
    log.record("attempt.returned", by=by, on=attempt, score=str(points), **({"due_at": due_at.isoformat()} if due_at else {}))
    claiming.end(attempt)
    if undo_for is not None:
        drafting.keep_due(attempt, by=by, due_at=due_at)
        return attempt
    effects.follow(attempt, due_at=due_at)
    return Attempt.objects.get(revision_of=attempt)


@transaction.atomic
def improve(attempt: Attempt, *, by: User) -> Attempt:
    """The learner takes up accepted work again to raise its mark; the highest counts. Gives the open attempt; safe to repeat.

    Raises GradingError when the work is not accepted or the enrolment is over.
    """
    if attempt.enrolment.status != EnrolmentStatus.ACTIVE:
        raise GradingError("Keikutsertaan Anda pada kursus ini sudah selesai. Nilai tugas tidak dapat diubah lagi.")
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.enrolment_id)  # as ``attempts.start`` does
    attempt.refresh_from_db(fields=["status", "takes_effect_at"])
    if attempt.status != AttemptStatus.GRADED or attempt.quiz.purpose != QuizPurpose.ASSIGNMENT:
        raise GradingError("Tugas ini belum dinilai, jadi belum dapat diperbaiki.")
    if attempt.takes_effect_at is not None and attempt.takes_effect_at > timezone.now():  # its learner cannot know of it yet
        raise GradingError("Tugas ini belum dinilai, jadi belum dapat diperbaiki.")
    known = Attempt.objects.filter(revision_of=attempt).first()
    if known:
        return known
    if _others_open(attempt, also_waiting=True):
        raise GradingError("Selesaikan dulu pekerjaan Anda yang lain untuk tugas ini.")
    revision = attempts.open_revision(attempt)
    log.record("attempt.improving", by=by, on=revision, improves=attempt.pk)
    return revision


@transaction.atomic
def judge_answers(
    attempt: Attempt, *, by: User, verdicts: Mapping[int, bool], comment: str = "", undo_for: timedelta | None = None
) -> Attempt:
    """Judge short answers that no key matched: ``verdicts`` maps response ids to right or wrong; each waiting one must be there.

    Settles the attempt, once. Raises GradingError.
    """
    waiting = list(attempt.responses.filter(points__isnull=True).select_related("question_version"))
    if attempt.status != AttemptStatus.SUBMITTED or not waiting:
        raise GradingError(ALREADY)
    if any(one.pk not in verdicts for one in waiting):
        raise GradingError("Nilai setiap jawaban yang menunggu: tepat atau belum tepat.")
    judge_some(attempt, by=by, verdicts=verdicts, comment=comment, undo_for=undo_for)
    return attempt


@transaction.atomic
def judge_some(attempt: Attempt, *, by: User, verdicts: Mapping[int, bool], comment: str = "", undo_for: timedelta | None = None) -> int:
    """Judge those short answers of the attempt that ``verdicts`` names; the attempt settles with the last. How many were judged.

    Raises GradingError when none of them waits any longer, or when another holds the work.
    """
    hold(attempt, by=by)
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    waiting = list(locked.responses.filter(points__isnull=True, pk__in=list(verdicts)).select_related("question_version"))
    if locked.status != AttemptStatus.SUBMITTED or not waiting:
        raise GradingError(ALREADY)
    for one in waiting:
        points = Decimal(1) if verdicts[one.pk] else Decimal(0)
        GradeEvent.objects.append(one, kind=GradeKind.TRAINER, points=points, by=by, comment=comment.strip())
    if comment.strip():
        Attempt.objects.filter(pk=attempt.pk).update(remarks=comment.strip())
        attempt.remarks = comment.strip()
    if not locked.responses.filter(points__isnull=True).exists():
        _settle(attempt, by=by, undo_for=undo_for)
    return len(waiting)


def _others_open(attempt: Attempt, *, also_waiting: bool = False) -> bool:
    """Whether this learner has another try at the same work open, or one that opens as soon as its return is in effect.

    ``also_waiting``: or one that waits for its trainer.
    """
    others = Attempt.objects.filter(enrolment=attempt.enrolment_id, quiz=attempt.quiz_id).exclude(pk=attempt.pk)
    busy = [AttemptStatus.OPEN, AttemptStatus.SUBMITTED] if also_waiting else [AttemptStatus.OPEN]
    return others.filter(Q(status__in=busy) | Q(status=AttemptStatus.RETURNED, takes_effect_at__isnull=False)).exists()


def _settle(attempt: Attempt, *, by: User, undo_for: timedelta | None) -> None:
    if not scoring.settle(attempt, by=by, takes_effect_at=_when(undo_for)):
        raise GradingError(ALREADY)
    claiming.end(attempt)
    if undo_for is None:
        effects.follow(attempt)


def _when(undo_for: timedelta | None) -> datetime | None:
    """When a judgement takes effect; None: at once."""
    return None if undo_for is None else timezone.now() + undo_for


def _work_of(attempt: Attempt) -> Response:
    """The one response of a practical assignment."""
    response = attempt.responses.select_related("question_version").first()
    if response is None or not kind_of(response.question_version).graded_by_person:
        raise GradingError("Percobaan ini bukan tugas praktik.")
    return response


def _judge(attempt: Attempt, *, by: User, points: Decimal, levels: Sequence[int], comment: str) -> None:
    """Add the trainer's judgement. The attempt's row is locked first, so that a second trainer finds it moved."""
    hold(attempt, by=by)
    locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    if locked.status not in {AttemptStatus.SUBMITTED, AttemptStatus.GRADED}:
        raise GradingError(ALREADY)
    criteria = {str(place): level for place, level in enumerate(levels)}
    work, words = _work_of(attempt), comment.strip()
    rubric = judging.version_for(work)
    GradeEvent.objects.append(work, kind=GradeKind.TRAINER, points=points, by=by, comment=words, criteria=criteria, question_version=rubric)
    Attempt.objects.filter(pk=attempt.pk).update(remarks=comment.strip())
    attempt.remarks = comment.strip()


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
    points = judging.judge_of(attempt).points(response.question_version, event.answer)
    if event.was_accepted or attempt.status != AttemptStatus.GRADED or points is None:
        raise GradingError("Jawaban ini tidak dapat dihitung dari halaman ini.")
    if response.points is not None and points <= response.points:
        raise GradingError("Jawaban ini tidak menaikkan nilai, jadi tidak ada yang berubah.")
    GradeEvent.objects.append(response, kind=GradeKind.OVERRIDE, points=points, by=by, reason=reason.strip())
    score = scoring.mean(one for one in attempt.responses.values_list("points", flat=True) if one is not None)
    Attempt.objects.filter(pk=attempt.pk, status=AttemptStatus.GRADED).update(score=score)
    attempt.score = score
    log.record("attempt.late_counted", by=by, on=attempt, response=response.pk, score=str(score), reason=reason.strip())
    if attempt.takes_effect_at is None:  # else with the trainer's judgement, which may still be taken back
        scoring.record_progress(attempt, floor=score)
    return attempt
