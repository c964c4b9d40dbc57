"""Reminders: which occasions there are, found in the one table of progress, told once each (promise 10).

Planning only finds occasions and queues them; whether one may leave (still undone, daytime, budget, not muted) is decided again in the
moment of sending, by ``notifications.delivering`` with ``still_due``. So planning may run late, twice or on two machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from linimasa import clock
from notifications import outbox
from notifications.daytime import next_daytime
from notifications.kinds import Kind, register
from notifications.models import Channel, Message

from . import structure
from .models import Cohort, CohortStatus, Deadline, Enrolment, EnrolmentStatus, Progress, ProgressState

DAYS_BEFORE = (3, 1)
IDLE_AFTER = timedelta(days=7)
RETURNED_AFTER = timedelta(days=3)
BATCH = 500
CLOSED = (ProgressState.COMPLETED, ProgressState.SUBMITTED, ProgressState.FAILED)  # nothing left that the learner can do


def register_kinds() -> None:
    """Called once from ``ready()``."""
    told = (
        ("deadline_near", "Tenggat sudah dekat", near_facts, near_still_due, "Tenggat kegiatan di angkatan Anda tinggal sebentar."),
        ("module_unfinished", "Modul belum selesai", idle_facts, idle_still_due, "Sudah tujuh hari tidak ada kemajuan pada bimtek Anda."),
        (
            "revision_waiting",
            "Perbaikan tugas ditunggu",
            returned_facts,
            returned_still_due,
            "Pengajar mengembalikan tugas dan perbaikannya ditunggu.",
        ),
    )
    for name, label, facts, still_due, why in told:
        register(Kind(name, template=f"messages/{name}", label=label, is_reminder=True, still_due=still_due, facts=facts, why=why))


def plan(now: datetime | None = None) -> int:
    """Queue a reminder for every occasion that has come and was not told before. How many were new. Safe to run at any time."""
    now = now or timezone.now()
    return sum(_queue(drafts) for drafts in (near_deadlines(now), idle_modules(now), returned_work(now)))


def _queue(drafts: Iterator[outbox.Draft]) -> int:
    made, batch = 0, []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == BATCH:
            made += outbox.enqueue_many(batch)
            batch = []
    return made + outbox.enqueue_many(batch)


def _draft(kind: str, enrolment: Enrolment, about: str, occasion: datetime, zone: str, now: datetime, **context: Any) -> outbox.Draft:
    """``remind:{kind}:{enrolment}:{activity}:{date}:{channel}``: the occasion, not the run that found it."""
    day = clock.local(occasion, clock.zone(zone)).date().isoformat()
    key = f"remind:{kind}:{enrolment.pk}:{about}:{day}:{Channel.EMAIL}"
    due_at = next_daytime(now, enrolment.learner.time_zone)
    return outbox.Draft(kind, enrolment.learner, key, due_at, {"enrolment": enrolment.pk, **context})


def _remindable() -> QuerySet[Enrolment]:
    """Enrolments whose learner may be reminded at all: running, in an open cohort, of a person who is not suspended."""
    return (
        Enrolment.objects.filter(
            status=EnrolmentStatus.ACTIVE, cohort__status=CohortStatus.OPEN, learner__is_active=True, learner__suspended_at__isnull=True
        )
        .select_related("learner")
        .order_by("pk")
    )


def _in_batches(rows: QuerySet[Enrolment]) -> Iterator[list[Enrolment]]:
    """By the primary key, so that memory and each statement stay bounded for any cohort."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


# --- a deadline comes near --------------------------------------------------------------------------------------------
def days_left(due_at: datetime, now: datetime) -> int | None:
    """Which of the two reminders a deadline asks for now: 3, 1, or None (further away, or past)."""
    for days in sorted(DAYS_BEFORE):
        if now < due_at <= now + timedelta(days=days):
            return days
    return None


def near_deadlines(now: datetime) -> Iterator[outbox.Draft]:
    """Three days and one day before: everyone in the cohort who has not handed in."""
    until = now + timedelta(days=max(DAYS_BEFORE))
    for deadline in Deadline.objects.filter(
        Q(opens_at__isnull=True) | Q(opens_at__lte=now), due_at__gt=now, due_at__lte=until, cohort__status=CohortStatus.OPEN
    ).select_related("cohort"):
        if structure.of_cohort(deadline.cohort).by_activity.get(deadline.activity_id) is None:
            continue
        own = Progress.objects.filter(activity=deadline.activity_id).filter(Q(state__in=CLOSED) | Q(due_at__isnull=False))
        waiting = _remindable().filter(cohort=deadline.cohort_id).exclude(pk__in=own.values("enrolment_id"))
        for batch in _in_batches(waiting):
            for enrolment in batch:
                yield _near(enrolment, deadline.activity_id, deadline.due_at, deadline.cohort.time_zone, now)  # type: ignore[arg-type]
    yield from _near_own_deadlines(now, until)


def _near_own_deadlines(now: datetime, until: datetime) -> Iterator[outbox.Draft]:
    """A deadline that was moved for one person counts instead of the cohort's."""
    rows = Progress.objects.filter(due_at__gt=now, due_at__lte=until).exclude(state__in=CLOSED)
    for row in (
        rows.filter(enrolment__in=_remindable().order_by()).select_related("enrolment__learner", "enrolment__cohort").iterator(BATCH)
    ):
        yield _near(row.enrolment, row.activity_id, row.due_at, row.enrolment.cohort.time_zone, now)  # type: ignore[arg-type]


def _near(enrolment: Enrolment, activity_id: int, due_at: datetime, zone: str, now: datetime) -> outbox.Draft:
    days = days_left(due_at, now) or max(DAYS_BEFORE)
    occasion = due_at - timedelta(days=days)
    context = {"activity": activity_id, "due_at": due_at.isoformat(), "days": days}
    return _draft("deadline_near", enrolment, str(activity_id), occasion, zone, now, **context)


def near_still_due(message: Message) -> bool:
    """Still to be handed in, the deadline neither moved nor passed, and the nearer reminder not due as well."""
    enrolment = _enrolment_of(message)
    if enrolment is None:
        return False
    activity_id = message.context["activity"]
    row = Progress.objects.filter(enrolment=enrolment, activity=activity_id).first()
    due_at = (row.due_at if row else None) or due_in_cohort(enrolment.cohort, activity_id)
    if due_at is None or due_at != datetime.fromisoformat(message.context["due_at"]) or (row and row.state in CLOSED):
        return False
    return days_left(due_at, timezone.now()) == message.context["days"]


def due_in_cohort(cohort: Cohort, activity_id: int) -> datetime | None:
    """When the activity is due in the cohort, as it is now."""
    return Deadline.objects.filter(cohort=cohort, activity=activity_id).values_list("due_at", flat=True).first()


def near_facts(message: Message) -> dict[str, Any]:
    """Title, address, the moment and its day in words (today, tomorrow) in the recipient's zone."""
    due_at = datetime.fromisoformat(message.context["due_at"])
    at, today = clock.local(due_at).date(), clock.local(timezone.now()).date()
    words = {0: "hari ini", 1: "besok", 2: "lusa"}
    return {**_step_facts(message), "due_at": due_at, "day": words.get((at - today).days, clock.DAYS[at.weekday()])}


# --- a module lies idle -----------------------------------------------------------------------------------------------
def _with_last_progress(rows: QuerySet[Enrolment]) -> QuerySet[Any]:
    """``idle_since``: the learner's last step forward, or the day of joining."""
    joined = Coalesce("joined_at", "requested_at")
    steps = Progress.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment").annotate(last=Max("updated_at"))
    return rows.annotate(idle_since=Greatest(Coalesce(Subquery(steps.values("last")), joined), joined))


def idle_modules(now: datetime) -> Iterator[outbox.Draft]:
    """Seven days without a step forward while something is left to do: once for each such pause."""
    idle = _with_last_progress(_remindable().select_related("learner", "cohort__course")).filter(idle_since__lte=now - IDLE_AFTER)
    plans: dict[int, structure.Structure] = {}
    for batch in _in_batches(idle):
        states = _states_of(batch)
        for enrolment in batch:
            plan_of = plans.setdefault(
                enrolment.cohort_id,
                structure.of_cohort(enrolment.cohort) if enrolment.cohort_id not in plans else plans[enrolment.cohort_id],
            )
            step = next_step(plan_of, states.get(enrolment.pk, {}))
            if step is not None:
                since = enrolment.idle_since  # type: ignore[attr-defined]
                context = {"activity": step.activity_id, "since": since.isoformat()}
                yield _draft("module_unfinished", enrolment, str(step.activity_id), since, enrolment.learner.time_zone, now, **context)


def _states_of(enrolments: Iterable[Enrolment]) -> dict[int, dict[int, str]]:
    states: dict[int, dict[int, str]] = {}
    for enrolment_id, activity_id, state in Progress.objects.filter(enrolment__in=list(enrolments)).values_list(
        "enrolment_id", "activity_id", "state"
    ):
        states.setdefault(enrolment_id, {})[activity_id] = state
    return states


def next_step(plan_of: structure.Structure, states: dict[int, str]) -> structure.Step | None:
    """The first required step of the core programme that is still the learner's to do; None when only others must act."""
    for unit in plan_of.units:
        if unit.optional:
            continue
        for step in unit.steps:
            if step.required and states.get(step.activity_id) not in CLOSED:
                return step
    return None


def idle_still_due(message: Message) -> bool:
    """No step forward since, and the same step is still the next one."""
    enrolment = _enrolment_of(message)
    if enrolment is None:
        return False
    since = _with_last_progress(Enrolment.objects.filter(pk=enrolment.pk)).values_list("idle_since", flat=True).get()
    step = next_step(structure.of_cohort(enrolment.cohort), _states_of([enrolment]).get(enrolment.pk, {}))
    return (
        step is not None and step.activity_id == message.context["activity"] and since == datetime.fromisoformat(message.context["since"])
    )


def idle_facts(message: Message) -> dict[str, Any]:
    """The next step with its module, and how far the learner is."""
    return {**_step_facts(message), "since": datetime.fromisoformat(message.context["since"])}


# --- returned work waits ----------------------------------------------------------------------------------------------
def returned_work(now: datetime) -> Iterator[outbox.Draft]:
    """Three days after a trainer returned a piece of work that was not handed in again: once for each return."""
    rows = Progress.objects.filter(
        state=ProgressState.RETURNED, updated_at__lte=now - RETURNED_AFTER, enrolment__in=_remindable().order_by()
    )
    for row in rows.select_related("enrolment__learner").order_by("pk").iterator(BATCH):
        context = {"activity": row.activity_id, "returned_at": row.updated_at.isoformat()}
        zone = row.enrolment.learner.time_zone
        yield _draft("revision_waiting", row.enrolment, str(row.activity_id), row.updated_at, zone, now, **context)


def returned_still_due(message: Message) -> bool:
    """Still returned, by the same return."""
    if _enrolment_of(message) is None:
        return False
    returned_at = datetime.fromisoformat(message.context["returned_at"])
    return Progress.objects.filter(
        enrolment=message.context["enrolment"], activity=message.context["activity"], state=ProgressState.RETURNED, updated_at=returned_at
    ).exists()


def returned_facts(message: Message) -> dict[str, Any]:
    """Title, address and since when."""
    return {**_step_facts(message), "returned_at": datetime.fromisoformat(message.context["returned_at"])}


# --- shared -----------------------------------------------------------------------------------------------------------
def _enrolment_of(message: Message) -> Enrolment | None:
    """The enrolment, if its learner may still be reminded."""
    rows: QuerySet[Enrolment] = _remindable().select_related("learner", "cohort__course")
    return rows.filter(pk=message.context["enrolment"], learner=message.recipient_id).first()


def _step_facts(message: Message) -> dict[str, Any]:
    """What the learner sees of the step: its title, its module, its address. Raises ``LookupError`` when it is gone."""
    enrolment = Enrolment.objects.select_related("cohort__course", "course").get(pk=message.context["enrolment"])
    plan_of = structure.of_cohort(enrolment.cohort)
    step = plan_of.by_activity[message.context["activity"]]
    return {"step": step, "unit": plan_of.units[step.unit], "course": enrolment.course, "cohort": enrolment.cohort, "path": step.url}
