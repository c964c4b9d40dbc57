"""The life of an attempt: started once, answered as often as the clock allows, closed once, by the learner or by the server."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts import progress, structure, unlocking
from cohorts.models import Enrolment, EnrolmentStatus
from linimasa.prepared import Prepared, PreparedUpdate, add, insert
from linimasa.problems import Problem

from . import access, frozen, noting, scoring, windows
from .correcting import judging
from .drawing import DrawError, draw
from .kinds import AnswerError, Raw, kind_of
from .models import (
    AnswerEvent,
    Attempt,
    AttemptStatus,
    ClosedBy,
    FeedbackRule,
    GradeEvent,
    Quiz,
    QuizPurpose,
    Response,
    Upload,
)
from .standing import Standing, standing_of

logger = structlog.get_logger(__name__)
MOST_LATE_KEPT = 50  # late and stale saves kept for one response: enough to judge by, too few to fill a disk
CLOSED_AT_ONCE = 500


class StartError(Exception):
    """No attempt can be started; the message is a sentence for the learner."""


def start_problems(enrolment: Enrolment, standing: Standing, *, known: unlocking.ProgressMap | None = None) -> list[Problem]:
    """Why no new attempt may be started now; empty when it may. Used by the pages and by ``start``. ``known``: the learner's progress."""
    if standing.rules is None:
        return [Problem("not_published", "Kuis ini belum dibuka untuk angkatan Anda.")]
    if enrolment.status != EnrolmentStatus.ACTIVE:
        return [Problem("not_active", "Keikutsertaan Anda pada kursus ini sudah tidak berjalan, jadi kuis tidak dapat dimulai lagi.")]
    if locked := unlocking.locked_reason(enrolment, standing.activity_id, progress=known):
        return [locked]
    if standing.left == 0:
        return [Problem("no_attempts", f"Semua kesempatan sudah dipakai. {windows.counting(standing.rules)} yang dipakai.")]
    plan = structure.of(enrolment)
    if found := windows.problems(standing, plan, windows.known_of(enrolment, standing.rules, known)):
        return found
    if standing.awaits_person and standing.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        return [Problem("awaiting", "Tugas Anda sedang menunggu penilaian pengajar.")]
    return []


def start(enrolment: Enrolment, quiz: Quiz, *, by: User | None = None, device: str = "") -> Attempt:
    """Start an attempt, or return the running one; any number of parallel calls start one.

    One whose time is up is closed and returned, so that continuing never uses up another attempt unasked. Pins the question versions,
    their order and the rules. Raises StartError with a sentence.
    """
    try:
        with transaction.atomic():
            return _start(enrolment, quiz, by or enrolment.learner, device)
    except IntegrityError:  # the database's own guard against two open attempts: the other one has won
        return Attempt.objects.running().get(enrolment=enrolment, quiz=quiz)


_ENROLMENT = Prepared(lambda key: Enrolment.objects.with_stamp().select_for_update(of=("self",), no_key=True).filter(pk=key), int)


def _start(enrolment: Enrolment, quiz: Quiz, by: User, device: str) -> Attempt:
    (locked,) = _ENROLMENT.objects(enrolment.pk)
    plan = structure.of(locked)
    standing = standing_of(locked, quiz, plan)
    if standing.running:
        noting.resumed(standing.running, device)
        return closed_if_overdue(standing.running)
    known = progress.seen_by(locked)
    if problems := start_problems(locked, standing, known=known):
        raise StartError(problems[0].sentence)
    rules, seed = dict(standing.rules or {}), secrets.token_hex(16)
    try:
        items = draw(rules, frozen.banks_for(plan), seen=_seen(locked), seed=seed)
    except DrawError as error:
        raise StartError(str(error)) from error
    now = timezone.now()
    attempt = Attempt(
        enrolment=locked,
        quiz=quiz,
        number=standing.highest_number + 1,
        rules=rules | {"questions": len(items)} | windows.pinned(standing),
        seed=seed,
        deadline_at=windows.deadline(standing, now),
    )
    add(attempt)
    versions = frozen.questions([item.version for item in items])
    insert(
        *(
            Response(
                attempt=attempt,
                question_version=versions[item.version],
                position=position,
                order=kind_of(versions[item.version]).shuffle(f"{seed}:{item.question}", free=rules.get("shuffle", True)),
            )
            for position, item in enumerate(items, 1)
        )
    )
    log.record("attempt.started", by=by, on=attempt, quiz=quiz.pk, number=attempt.number)
    progress.begin(locked, quiz.activity_id, known=known)
    return attempt


def _seen(enrolment: Enrolment) -> dict[int, tuple[int, int]]:
    """How often this learner has met each question: in attempts that show or will show its key, and in all. One statement."""
    return {question: (with_key, times) for question, times, with_key in _MET.rows(enrolment.pk)}


_MET = Prepared(
    lambda enrolment: (
        Response.objects.filter(attempt__enrolment=enrolment)
        .order_by()
        .values_list("question_version__question")
        .annotate(times=Count("pk"), with_key=Count("pk", filter=~Q(attempt__rules__feedback=FeedbackRule.NEVER)))
    ),
    int,
)


@dataclass(frozen=True)
class Saved:
    """What became of one save. ``accepted``: the database holds this answer or a newer one of the same page. ``sentence`` why not.

    ``response`` is the question as it now stands, ``following`` the next one (None after the last), ``given`` the answer that was
    sent, so that what is refused can be shown for copying.
    """

    accepted: bool
    sentence: str
    response: Response
    following: Response | None
    given: Any = None

    @property
    def is_stale(self) -> bool:
        """Refused because another tab or device was there first, or the question was checked; the attempt goes on."""
        return not self.accepted and self.attempt.is_open

    @property
    def attempt(self) -> Attempt:
        return self.response.attempt


CHECKED = "Soal ini sudah diperiksa, jadi jawabannya tidak dapat diubah lagi."
LATE = "Waktu atau percobaan ini sudah berakhir. Jawaban ini disimpan untuk dilihat pengajar, tetapi tidak dihitung."
STALE = "Jawaban yang lebih baru sudah tersimpan dari tab atau perangkat lain. Muat ulang halaman untuk melihatnya."


def save_answer(
    by: User,
    attempt_id: int,
    position: int,
    raw: Raw,
    *,
    sequence: int,
    key: str,
    given_at: datetime | None = None,
    flag: bool | None = None,
    may_be_blank: bool = True,
    base: int | None = None,
    writers: Collection[str] = (),
    device: str = "",
    goes_on: bool = False,
) -> Saved:
    """Save what the learner gave for one question of the own attempt; 404 when it is not theirs, AnswerError when it is no answer.

    A blank answer empties what was saved, or is refused with the kind's own sentence when it may not be blank.
    The same ``key`` always has the first result. A ``sequence`` that is not above the stored one, a closed attempt and a passed
    deadline change nothing; what was given is kept as an AnswerEvent. Three statements, for any number of questions.

    ``base`` is the sequence that the page had seen when this was given, ``writers`` the pages that this one goes on for (the first part
    of their keys): what another page saved since is never overwritten, however high ``sequence`` is. ``goes_on``: the next question is
    shown after this, which is noted with it.
    """
    page = _Page(base, frozenset(writers), sequence)
    event = AnswerEvent(key=key, sequence=sequence, given_at=given_at, was_accepted=True, device=noting.mark(device, attempt_id))
    words: dict[str, Any] = {"page": page, "event": event, "goes_on": goes_on, "flag": flag, "may_be_blank": may_be_blank}
    try:
        with transaction.atomic():
            saved = _save(by, attempt_id, position, raw, is_replay=False, **words)
    except IntegrityError:  # this key is known, under a lower sequence
        with transaction.atomic():
            saved = _save(by, attempt_id, position, raw, is_replay=True, **words)
    if saved.attempt.is_open and saved.attempt.time_is_up():
        saved.response.attempt = submit(saved.attempt, by=None)
    return saved


@dataclass(frozen=True)
class _Page:
    """What the page that sends an answer knew when the answer was given."""

    base: int | None
    writers: frozenset[str]
    sequence: int

    def is_out_of_date(self, response: Response) -> bool:
        """Whether something that this page has not seen is stored. One statement, and only where the base is not the newest."""
        if self.sequence <= response.sequence:
            return True
        if self.base is None or self.base >= response.sequence:
            return False
        newest = AnswerEvent.objects.filter(response=response, was_accepted=True, sequence=response.sequence)
        return not any(key.partition("-")[0] in self.writers for key in newest.values_list("key", flat=True))


def _save(
    by: User,
    attempt_id: int,
    position: int,
    raw: Raw,
    *,
    page: _Page,
    event: AnswerEvent,
    goes_on: bool,
    flag: bool | None,
    may_be_blank: bool,
    is_replay: bool,
) -> Saved:
    response, following = access.own_question_to_answer(by, attempt_id, position)
    now = timezone.now()
    kind = kind_of(response.question_version)
    answer = kind.clean(raw, response.order)
    if answer is None and not may_be_blank:
        raise AnswerError(kind.missing)
    event.response, event.answer = response, answer
    event.opened = following.position if goes_on and following else None
    is_late = not response.attempt.is_open or response.attempt.time_is_up(now)
    may_count = not is_late and not is_replay and response.checked_at is None
    for _ in range(2):  # the row may have been read before the lock was ours; the second reading is certain
        if may_count and not page.is_out_of_date(response) and _overwrite(response, answer, page.sequence, now, flag):
            insert(event)
            return Saved(True, "", response, following, answer)
    first = AnswerEvent.objects.filter(response=response, key=event.key).first()
    if first and first.was_accepted and first.answer == answer:
        return Saved(True, "", response, following, answer)
    if not first and AnswerEvent.objects.filter(response=response, was_accepted=False).count() < MOST_LATE_KEPT:
        event.was_accepted, event.opened = False, None
        event.save(force_insert=True)
    return Saved(False, LATE if is_late else CHECKED if response.checked_at else STALE, response, following, answer)


_NEWER = PreparedUpdate(
    lambda response, known: Response.objects.filter(pk=response, sequence=known, checked_at__isnull=True),
    *(int, int),
    fields=("answer", "sequence", "saved_at", "is_flagged"),
)


def _overwrite(response: Response, answer: Any, sequence: int, now: datetime, flag: bool | None) -> bool:
    """Put the newer answer in place of the one that was read; False when it is no longer there (the WHERE decides)."""
    is_flagged = response.is_flagged if flag is None else flag
    values = {"answer": answer, "sequence": sequence, "saved_at": now, "is_flagged": is_flagged}
    if not _NEWER.update(response.pk, response.sequence, **values):
        response.refresh_from_db(fields=["answer", "sequence", "saved_at", "is_flagged", "checked_at"])
        return False
    response.answer, response.sequence, response.saved_at, response.is_flagged = answer, sequence, now, is_flagged
    return True


_ANSWERS = Prepared(
    lambda attempt: (
        Response.objects.filter(attempt=attempt)
        .select_related("question_version")
        .annotate(is_corrected=judging.is_corrected())
        .order_by("position")
    ),
    int,
)

_CLOSED = PreparedUpdate(
    lambda key: Attempt.objects.filter(pk=key, status=AttemptStatus.OPEN),
    int,
    fields=("status", "submitted_at", "closed_by", "graded_at", "score"),
)


@transaction.atomic
def submit(attempt: Attempt, *, by: User | None) -> Attempt:
    """Close an open attempt with what is saved, and grade what the server can grade; once, whoever asks how often.

    Past the deadline it is closed by the clock, as of the deadline. Graded at once unless a response waits for a person.
    """
    return _close(access.attempt_to_close(attempt.pk), by)


@transaction.atomic
def submit_own(by: User, attempt_id: int) -> Attempt:
    """``submit`` this person's own attempt of a quiz; 404 when it is not theirs."""
    return _close(access.own_quiz_attempt_to_close(by, attempt_id), by)


def _close(locked: Attempt, by: User | None) -> Attempt:
    """``submit`` for an attempt whose row the caller's transaction has locked."""
    if not locked.is_open:
        return locked
    now = timezone.now()
    by_clock = locked.time_is_up(now)
    responses = _ANSWERS.objects(locked.pk)
    judge = judging.judge_of(locked) if any(one.is_corrected for one in responses) else judging.AS_SHOWN
    judged = [(one, points) for one in responses if (points := judge.points(one.question_version, one.answer)) is not None]
    locked.submitted_at = locked.deadline_at if by_clock else now
    locked.closed_by = ClosedBy.CLOCK if by_clock else ClosedBy.LEARNER
    locked.status = AttemptStatus.SUBMITTED
    if len(judged) == len(responses):
        locked.status, locked.graded_at = AttemptStatus.GRADED, now
        locked.score = scoring.mean(points for _, points in judged)
    changed = _CLOSED.update(
        locked.pk,
        status=locked.status,
        submitted_at=locked.submitted_at,
        closed_by=locked.closed_by,
        graded_at=locked.graded_at,
        score=locked.score,
    )
    if not changed:
        return Attempt.objects.get(pk=locked.pk)
    GradeEvent.objects.append_automatic(locked, judged, judge)
    score = None if locked.score is None else str(locked.score)
    log.record("attempt.submitted", by=None if by_clock else by, on=locked, closed_by=locked.closed_by, score=score)
    scoring.record_progress(locked, floor=scoring.floor(responses))
    return locked


def closed_if_overdue(attempt: Attempt) -> Attempt:
    """The attempt, closed by the server's clock if its time is up: pages call it, so that nobody waits for the sweeper."""
    return submit(attempt, by=None) if attempt.is_open and attempt.time_is_up() else attempt


def close_overdue() -> int:
    """Close every attempt whose time is up, with what was saved; the count. One that cannot be closed does not hold up the others."""
    closed = 0
    for attempt in Attempt.objects.overdue().order_by("deadline_at")[:CLOSED_AT_ONCE]:
        try:
            submit(attempt, by=None)
            closed += 1
        except DatabaseError:
            logger.exception("attempt.not_closed", attempt=attempt.pk)
    return closed


@transaction.atomic
def open_revision(returned: Attempt) -> Attempt:
    """The open attempt that improves a returned one: same question, rules and answer, files too; not counted against the limit.

    Idempotent. The caller has returned ``returned`` in the same transaction and writes the audit entry.
    """
    found = Attempt.objects.filter(revision_of=returned).first()
    if found:
        return found
    numbers = Attempt.objects.filter(enrolment_id=returned.enrolment_id, quiz_id=returned.quiz_id).order_by("-number")
    revision = Attempt.objects.create(
        enrolment_id=returned.enrolment_id,
        quiz_id=returned.quiz_id,
        number=numbers.values_list("number", flat=True)[0] + 1,
        rules=returned.rules,
        seed=returned.seed,
        revision_of=returned,
    )
    for old in returned.responses.prefetch_related("uploads"):
        copy = Response.objects.create(
            attempt=revision, question_version_id=old.question_version_id, position=old.position, order=old.order, answer=old.answer
        )
        Upload.objects.bulk_create(Upload(response=copy, **_file_of(upload)) for upload in old.uploads.all())
    return revision


def _file_of(upload: Upload) -> dict[str, Any]:
    return {name: getattr(upload, name) for name in ("file", "original_name", "content_type", "size", "sha256")}
