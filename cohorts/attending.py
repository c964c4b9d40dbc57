"""Who takes part in a cohort and how far they are: for its page and its export. Cost depends on the page, not on the cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, RoleGrant, ScopeKind, User
from courses.models import ActivityKind

from . import structure
from .models import Cohort, Enrolment, EnrolmentStatus, Progress, ProgressState
from .models.enrolment import EnrolmentQuerySet
from .structure import Structure

STALLED_DAYS = 7
FILTERS = {
    "belum-mulai": "Belum mulai",
    "terhenti": f"Terhenti {STALLED_DAYS} hari",
    "selesai": "Selesai",
}


@dataclass(frozen=True, slots=True)
class ModuleShare:
    """How far one person is in one module, 0 to 1."""

    code: str
    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    enrolment: Enrolment
    modules: tuple[ModuleShare, ...]
    done: int
    asked: int
    state: str
    tone: str

    @property
    def share(self) -> float:
        return self.done / self.asked if self.asked else 0.0


def filtered(people: EnrolmentQuerySet, chosen: str, words: str) -> EnrolmentQuerySet:
    """Participants in the order in which they came, by one of FILTERS and by words in name, address or agency."""
    people = people.order_by("pk")
    if chosen == "belum-mulai":
        people = people.filter(last_seen_at__isnull=True, status=EnrolmentStatus.ACTIVE)
    elif chosen == "terhenti":
        people = people.filter(last_seen_at__lt=timezone.now() - timedelta(days=STALLED_DAYS), status=EnrolmentStatus.ACTIVE)
    elif chosen == "selesai":
        people = people.filter(status=EnrolmentStatus.COMPLETED)
    for word in words.split()[:5]:
        people = people.filter(Q(learner__name__icontains=word) | Q(agency__name__icontains=word))
    return people


def rows(cohort: Cohort, people: Sequence[Enrolment]) -> list[Row]:
    """Each person of the page with the share of every module. One statement for all of them."""
    plan = structure.of_cohort(cohort)
    done: dict[int, set[int]] = defaultdict(set)
    states = Progress.objects.filter(enrolment__in=[p.pk for p in people], state=ProgressState.COMPLETED)
    for enrolment_id, activity_id in states.values_list("enrolment_id", "activity_id"):
        done[enrolment_id].add(activity_id)
    return [_row(plan, person, done[person.pk]) for person in people]


def _row(plan: Structure, enrolment: Enrolment, done: set[int]) -> Row:
    modules = []
    total = asked_total = 0
    for unit in plan.modules:
        asked = {s.activity_id for s in unit.steps if s.required}
        share = len(asked & done) / len(asked) if asked else 0.0
        modules.append(ModuleShare(unit.code, unit.title, share))
        if not unit.optional:
            lessons = {s.activity_id for s in unit.steps if s.required and s.kind == ActivityKind.LESSON}
            total += len(lessons & done)
            asked_total += len(lessons)
    state, tone = state_of(enrolment)
    return Row(enrolment, tuple(modules), total, asked_total, state, tone)


def state_of(enrolment: Enrolment) -> tuple[str, str]:
    """What is said of a participant, and its colour: quiet when all is well."""
    if enrolment.status == EnrolmentStatus.COMPLETED:
        return "Selesai", "ok"
    if enrolment.last_seen_at is None:
        return "Belum mulai", "warn"
    if enrolment.last_seen_at < timezone.now() - timedelta(days=STALLED_DAYS):
        return "Terhenti", "warn"
    return "Belajar", ""


def trainers(cohort: Cohort) -> list[User]:
    """Who teaches this cohort: trainers granted for it or for its course."""
    grants = RoleGrant.objects.in_force().filter(
        Q(scope_kind=ScopeKind.COHORT, scope_id=str(cohort.pk)) | Q(scope_kind=ScopeKind.COURSE, scope_id=str(cohort.course_id)),
        role=Role.TRAINER,
    )
    return list(User.objects.filter(grants__in=grants).distinct().order_by("name")[:50])
