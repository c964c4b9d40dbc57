"""When a cohort may take a quiz, and how a learner's exceptions change that: read in one statement, decided here for pages and verbs.

Times are moments (UTC in the database); sentences show them in the active zone, with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts import progress
from cohorts.models import Cohort, Enrolment, EnrolmentStatus, ProgressState
from cohorts.structure import Step, Structure
from cohorts.unlocking import ProgressMap
from courses import outline
from linimasa import clock, writing
from linimasa.prepared import Prepared
from linimasa.problems import Problem

from .models import Accommodation, Attempt, AttemptEvent, AttemptEventKind, GradeMethod, Quiz, QuizWindow

if TYPE_CHECKING:
    from .standing import Standing


class WindowError(Exception):
    """The window or exception cannot be set; the message is a sentence for the person."""


@dataclass(frozen=True)
class Allowance:
    """What holds for one learner: the cohort's window, made wider by the learner's exception and by the whole cohort's.

    ``closes_last``: when the very last of the cohort must be done (someone's exception may be later); None when someone has no end.
    """

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closes_last: datetime | None = None
    extra_minutes: int = 0
    extra_attempts: int = 0
    is_later: bool = False  # an exception, not the window, says when it closes

    @property
    def has_exception(self) -> bool:
        return bool(self.extra_minutes or self.extra_attempts or self.is_later)


Extra = tuple[int, int, datetime | None]  # minutes, attempts, a later closing
NOTHING: Extra = (0, 0, None)


@dataclass(frozen=True)
class Arranged:
    """What is arranged for one quiz of a cohort: its window, and every exception that runs (``own`` by enrolment, ``shared`` by all)."""

    opens_at: datetime | None
    closes_at: datetime | None
    own: Mapping[int, Extra]
    shared: Extra

    def for_learner(self, enrolment_id: int) -> Allowance:
        """What holds for this learner: of two exceptions the better of each."""
        mine, ours = self.own.get(enrolment_id, NOTHING), self.shared
        closes, later = self.closes_at, max((one[2] for one in (mine, ours) if one[2]), default=None)
        latest = max((one[2] for one in (*self.own.values(), ours) if one[2]), default=None)
        is_later = bool(closes and later and later > closes)
        return Allowance(
            opens_at=self.opens_at,
            closes_at=later if is_later else closes,
            closes_last=max(closes, latest) if closes and latest else closes,
            extra_minutes=max(mine[0], ours[0]),
            extra_attempts=max(mine[1], ours[1]),
            is_later=is_later,
        )


_WINDOW = Prepared(
    lambda quiz, cohort: QuizWindow.objects.filter(quiz=quiz, cohort=cohort).order_by().values_list("opens_at", "closes_at"), *(int, int)
)
_GIVEN = Prepared(
    lambda quiz, cohort, same: (
        Accommodation.objects.filter(Q(cohort=cohort) | Q(enrolment__cohort=same), quiz=quiz, ended_at__isnull=True)
        .order_by()
        .values_list("enrolment_id", "extra_minutes", "extra_attempts", "closes_at")
    ),
    *(int, int, int),
)


def arranged(cohort_id: int, quiz_id: int) -> Arranged:
    """The cohort's arrangements as they stand now. Two prepared statements."""
    given = _given(cohort_id, quiz_id)
    opens_at, closes_at = next(iter(_WINDOW.rows(quiz_id, cohort_id)), (None, None))
    shared = given.pop(None, NOTHING)
    return Arranged(opens_at, closes_at, given, shared)


def _given(cohort_id: int, quiz_id: int) -> dict[Any, Extra]:
    """The exceptions that run, by enrolment; None: the whole cohort's."""
    return {enrolment: (minutes, more, closes) for enrolment, minutes, more, closes in _GIVEN.rows(quiz_id, cohort_id, cohort_id)}


def extra_attempts(enrolment: Enrolment, quiz_id: int) -> int:
    """How many more attempts exceptions give this learner now. One prepared statement."""
    given = _given(enrolment.cohort_id, quiz_id)
    return Arranged(None, None, given, given.pop(None, NOTHING)).for_learner(enrolment.pk).extra_attempts


def allowance_of(enrolment: Enrolment, quiz_id: int, plan: Structure | None = None) -> Allowance:
    """What the window and the exceptions give this learner. Kept in the process under the plan's stamp, which every verb here changes;
    two statements where it is not, and without a plan."""
    if plan is None:
        return arranged(enrolment.cohort_id, quiz_id).for_learner(enrolment.pk)
    key = f"quizzes:arranged:{plan.stamp}:{quiz_id}"
    return outline.kept(key, lambda: arranged(enrolment.cohort_id, quiz_id)).for_learner(enrolment.pk)


def changed(cohort: Cohort) -> None:
    """Every process reads the cohort's arrangements again: its stamp is another from now on. For the caller's transaction."""
    Cohort.objects.filter(pk=cohort.pk).update(revision=F("revision") + 1)


def deadline(standing: Standing, now: datetime) -> datetime | None:
    """When an attempt that starts now is closed by the server: its time limit with what an exception adds, and never after the quiz
    closes for this learner. None without either."""
    minutes = time_limit(standing)
    ends = [now + timedelta(minutes=minutes)] if minutes else []
    ends += [standing.allowance.closes_at] if standing.allowance.closes_at else []
    return min(ends, default=None)


def time_limit(standing: Standing) -> int | None:
    """This learner's minutes, the exception's included; None without a limit."""
    limit = (standing.rules or {}).get("time_limit")
    return limit + standing.allowance.extra_minutes if limit else None


def pinned(standing: Standing) -> dict[str, int]:
    """What an attempt that starts now keeps of the learner's exceptions beside the rules; empty without one."""
    extra = {"extra_minutes": standing.allowance.extra_minutes, "extra_attempts": standing.allowance.extra_attempts}
    return {name: count for name, count in extra.items() if count}


def counting(rules: Mapping[str, Any]) -> str:
    """Which mark counts, to begin a sentence with: «Nilai tertinggi»."""
    words = {GradeMethod.LAST: "Nilai percobaan terakhir", GradeMethod.AVERAGE: "Rata-rata semua percobaan"}
    return words.get(rules.get("grade_method", GradeMethod.HIGHEST), "Nilai tertinggi")


def known_of(enrolment: Enrolment, rules: Mapping[str, Any], known: ProgressMap | None) -> ProgressMap:
    """The learner's progress as conditions ask it: what the page has at hand, else one statement if there is a condition at all."""
    return known if known is not None else progress.seen_by(enrolment) if rules.get("conditions") else {}


def waits_until(standing: Standing) -> datetime | None:
    """The first moment of the next attempt by the rule of waiting; None when there is no wait."""
    minutes = (standing.rules or {}).get("waiting_minutes", 0)
    ended = [one.submitted_at for one in standing.attempts if one.submitted_at and one.revision_of_id is None]
    return max(ended) + timedelta(minutes=minutes) if minutes and ended else None


def problems(standing: Standing, plan: Structure, known: ProgressMap, now: datetime | None = None) -> list[Problem]:
    """Why the quiz cannot be started now, as far as its times and its conditions say; empty when it can. No SQL."""
    now, allowance = now or timezone.now(), standing.allowance
    if allowance.opens_at and allowance.opens_at > now:
        return [Problem("not_open_yet", f"Kuis ini dibuka {clock.moment_text(allowance.opens_at)}.")]
    if allowance.closes_at and allowance.closes_at <= now:
        told = f"Kuis ini sudah ditutup {clock.moment_text(allowance.closes_at)}. Hubungi pengajar bila Anda memerlukan waktu tambahan."
        return [Problem("closed", told)]
    if missing := unmet(standing.rules or {}, plan, known):
        return missing
    until = waits_until(standing)
    if until and until > now and standing.left:
        return [Problem("waiting", f"Jeda antarpercobaan belum selesai. Anda bisa mencoba lagi {clock.moment_text(until)}.")]
    return []


def unmet(rules: Mapping[str, Any], plan: Structure, known: ProgressMap) -> list[Problem]:
    """What must be done first, by the quiz's conditions, with the way to it. What the cohort's version does not have is not asked."""
    steps = {step.code: step for step in plan.steps()}
    found = []
    for condition in rules.get("conditions", []):
        step = steps.get(condition["activity"])
        if step and not _is_met(condition.get("at_least"), known.get(step.activity_id)):
            found.append(Problem("condition", _asked(step, condition.get("at_least")), step.url))
    return found


def _is_met(least: float | None, row: Any) -> bool:
    if row is None:
        return False
    if least is None:
        return bool(row.state == ProgressState.COMPLETED)
    return row.points is not None and row.points >= Decimal(str(least))


def _asked(step: Step, least: float | None) -> str:
    if least is None:
        return f"Selesaikan dulu {step.title}. Setelah itu kuis ini terbuka."
    return f"Capai dulu nilai {writing.mark(least)} pada {step.title}. Setelah itu kuis ini terbuka."


def sentences(standing: Standing) -> list[str]:
    """The learner's own times and exceptions in words: «Dibuka …», «Ditutup …», «Waktu Anda 45 menit.» Empty when there are none."""
    allowance, now = standing.allowance, timezone.now()
    told = []
    if allowance.opens_at:
        told.append(f"{'Dibuka' if allowance.opens_at > now else 'Dibuka sejak'} {clock.moment_text(allowance.opens_at)}.")
    if allowance.closes_at:
        whose = " untuk Anda" if allowance.is_later else ""
        told.append(f"Ditutup{whose} {clock.moment_text(allowance.closes_at)}; jawaban yang tersimpan terkirim sendiri saat itu.")
    if allowance.extra_minutes and (minutes := time_limit(standing)):
        told.append(f"Waktu Anda {minutes} menit, termasuk {allowance.extra_minutes} menit tambahan.")
    if allowance.extra_attempts:
        told.append(f"Anda mendapat {allowance.extra_attempts} kesempatan tambahan.")
    return told


def learns_in(cohort: Cohort, person: User) -> bool:
    """Whether this person learns in the cohort now: then others decide about its quizzes. One statement."""
    return Enrolment.objects.filter(cohort=cohort, learner=person, status=EnrolmentStatus.ACTIVE).exists()


# --- verbs -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_window(quiz: Quiz, cohort: Cohort, *, opens_at: datetime | None, closes_at: datetime | None, by: User) -> bool:
    """Set when the cohort may take the quiz; two Nones: whenever the cohort is open. Whether anything differed. One audit entry.

    A running attempt keeps the time that it was started with; a later closing lengthens it, an earlier one does not cut it short.
    Raises WindowError with a sentence.
    """
    if opens_at and closes_at and closes_at <= opens_at:
        raise WindowError("Waktu tutup harus sesudah waktu buka.")
    if learns_in(cohort, by):
        raise WindowError("Anda peserta angkatan ini, jadi waktu kuisnya diatur pengajar atau penyelenggara lain.")
    Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
    window = QuizWindow.objects.filter(quiz=quiz, cohort=cohort).first() or QuizWindow(quiz=quiz, cohort=cohort)
    if (window.opens_at, window.closes_at) == (opens_at, closes_at):
        return False
    window.opens_at, window.closes_at = opens_at, closes_at
    window.save()
    changed(cohort)
    log.record(
        "quiz.window_set",
        by=by,
        on=cohort,
        quiz=quiz.activity.title,
        activity=quiz.activity_id,
        opens_at=opens_at.isoformat() if opens_at else None,
        closes_at=closes_at.isoformat() if closes_at else None,
    )
    extend_running(quiz, Enrolment.objects.filter(cohort=cohort), by=by)
    return True


def extend_running(quiz: Quiz, enrolments: QuerySet[Enrolment], *, by: User) -> int:
    """Give the running attempts of these learners the time that window and exceptions give now, if it is more; how many got it.

    For the caller's transaction. One whose time is up already stays up (the server has decided); each one that is extended gets an
    event and an audit entry. Never makes a deadline earlier.
    """
    now, extended = timezone.now(), 0
    running = Attempt.objects.running().filter(quiz=quiz, enrolment__in=enrolments, deadline_at__gt=now)
    for attempt in running.select_related("enrolment").select_for_update(of=("self",), no_key=True).order_by("pk"):
        new = _deadline_now(attempt, allowance_of(attempt.enrolment, quiz.pk))
        if new is not None and attempt.deadline_at is not None and new <= attempt.deadline_at:
            continue
        is_extended = Attempt.objects.running().filter(pk=attempt.pk, deadline_at__gt=now).update(deadline_at=new)
        if is_extended:
            told = {"old": _iso(attempt.deadline_at), "new": _iso(new)}
            AttemptEvent.objects.create(attempt=attempt, kind=AttemptEventKind.EXTENDED, detail=told)
            log.record("attempt.extended", by=by, on=attempt, **told)
            extended += 1
    return extended


def _deadline_now(attempt: Attempt, allowance: Allowance) -> datetime | None:
    """When this attempt would close by its own rules and what is allowed now."""
    limit = attempt.rules.get("time_limit")
    ends = [attempt.started_at + timedelta(minutes=limit + allowance.extra_minutes)] if limit else []
    return min([*ends, *([allowance.closes_at] if allowance.closes_at else [])], default=None)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
