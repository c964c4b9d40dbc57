"""What a cohort's learners go through: the course's own activities and its modules, in order, each in the version that they see.

The same for everyone in the cohort, so it is kept in the process under a stamp that changes with every publication, pin and deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from courses import outline
from courses.models import ActivityKind, Course, Module, Version
from courses.outline import OutlineItem

from . import fragments
from .models import Cohort, Deadline, Enrolment

OWN_SLUG = "umum"  # stands for "no module" in addresses of the course's own lessons
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One activity as this cohort sees it. ``number`` counts the unit's steps of the same kind from 1; ``minutes`` of learning time."""

    activity_id: int
    kind: str
    code: str
    slug: str
    title: str
    minutes: int
    required: bool
    kilobytes: int
    number: int
    of: int
    unit: int
    course_slug: str
    unit_slug: str
    opens_at: datetime | None = None
    due_at: datetime | None = None
    address: str = ""

    @property
    def url(self) -> str:
        """Where the learner does it (or where it is previewed)."""
        return self.address or _address(self.kind, self.course_slug, self.unit_slug, self.slug, self.activity_id)


@dataclass(frozen=True, slots=True)
class Unit:
    """A module, or the course's own activities before (``stage`` "before") or after ("after") the modules."""

    index: int
    stage: str
    module_id: int | None
    version_id: int | None
    slug: str
    code: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    optional: bool
    steps: tuple[Step, ...]
    url: str = ""
    first_module: int = 0

    @property
    def is_module(self) -> bool:
        return self.module_id is not None

    @property
    def lessons(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind == ActivityKind.LESSON)

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def name(self) -> str:
        """«Modul 2: Verifikasi konten»; the course's own units by their title."""
        return f"Modul {self.number}: {self.title}" if self.is_module else self.title

    @property
    def number(self) -> int:
        """The module's place among the modules, from 1."""
        return self.index + 1 - self.first_module


@dataclass(frozen=True, slots=True)
class Structure:
    """Everything a learner of this cohort meets, in order. Immutable; never holds anything of a person."""

    stamp: str
    course_slug: str
    course_title: str
    course_version_id: int | None
    rules: Mapping[str, Any]
    units: tuple[Unit, ...]
    by_activity: Mapping[int, Step] = field(repr=False)

    def steps(self) -> Iterator[Step]:
        for unit in self.units:
            yield from unit.steps

    @property
    def modules(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.is_module)

    @property
    def core(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.is_module and not unit.optional)

    def unit_by_slug(self, slug: str) -> tuple[Unit, ...]:
        """The unit at ``/belajar/<course>/<slug>/``; the course's own activities are two units under one slug."""
        return tuple(unit for unit in self.units if unit.slug == slug)

    def post_test(self) -> Step | None:
        """The last test of the course's own after the modules."""
        found = [s for unit in self.units if unit.stage == "after" for s in unit.steps if s.kind == ActivityKind.QUIZ]
        return found[-1] if found else None


_kept: dict[str, Structure] = fragments.store()


def of(enrolment: Enrolment) -> Structure:
    """The structure that this enrolment goes through. No SQL when loaded by ``with_stamp()`` and seen before in this process."""
    found = vars(enrolment)
    if "modules_sum" not in found:
        return of_cohort(enrolment.cohort)
    return _at(enrolment.cohort, found["modules_sum"], found["modules_count"], enrolment.course.current_version_id)


def of_cohort(cohort: Cohort) -> Structure:
    """The structure of a cohort (one statement to learn whether it changed)."""
    found = Module.objects.filter(course=cohort.course_id, archived_at__isnull=True, current_version__isnull=False).aggregate(
        total=Sum("current_version_id"), count=Count("pk")
    )
    return _at(cohort, found["total"], found["count"], cohort.course.current_version_id)


def _at(cohort: Cohort, total: int | None, count: int | None, course_version: int | None) -> Structure:
    # Version ids only grow, so the sum of the current ones changes with every publication, and the count with every archived module.
    stamp = f"{cohort.pk}.{cohort.revision}.{cohort.status}.{course_version}.{total or 0}.{count or 0}"
    fragments.forget_if_emptied()
    found = _kept.get(stamp)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[stamp] = _build(cohort, stamp)
    return found


def _build(cohort: Cohort, stamp: str) -> Structure:
    course = cohort.course
    course_version_id = cohort.course_version_id or course.current_version_id
    facts = Version.objects.values_list("facts", flat=True).get(pk=course_version_id) if course_version_id else {}
    shown = module_versions(cohort)
    versions = Version.objects.in_bulk([version_id for _module, version_id in shown])
    modules = [(module, version_id, versions[version_id].facts, outline.of_version(version_id).items) for module, version_id in shown]
    own = outline.of_version(course_version_id).items if course_version_id else ()
    return put_together(course, stamp, course_version_id, facts, own, modules, deadlines_of(cohort.pk))


def deadlines_of(cohort_id: int | None) -> dict[int, Deadline]:
    """When things open and are due in a cohort, by activity."""
    return {d.activity_id: d for d in Deadline.objects.filter(cohort=cohort_id)} if cohort_id else {}


def put_together(
    course: Course,
    stamp: str,
    course_version_id: int | None,
    facts: Mapping[str, Any],
    own: Sequence[OutlineItem],
    modules: Iterable[tuple[Module, int | None, Mapping[str, Any], Sequence[OutlineItem]]],
    deadlines: Mapping[int, Deadline],
) -> Structure:
    """The structure of these items: the course's own by its programme in ``facts``, and each module's. No SQL."""
    before, after = _own_items(own, facts)
    drawn: list[tuple[str, Module | None, int | None, Any, Any]] = [("before", None, course_version_id, {}, before)]
    drawn += [("module", *one) for one in modules]
    drawn.append(("after", None, course_version_id, {}, after))
    units = tuple(
        _unit(index, stage, module, version_id, unit_facts, items, course.slug, deadlines, 1 if before else 0)
        for index, (stage, module, version_id, unit_facts, items) in enumerate(entry for entry in drawn if entry[4])
    )
    by_activity = MappingProxyType({step.activity_id: step for unit in units for step in unit.steps})
    rules = MappingProxyType(dict(facts.get("rules") or course.rules or {}))
    return Structure(stamp, course.slug, course.title, course_version_id, rules, units, by_activity)


def module_versions(cohort: Cohort) -> list[tuple[Module, int]]:
    """Which modules the cohort shows and in which version. A pinned cohort shows only the modules it pinned."""
    chosen = {row.module_id: row for row in cohort.cohort_modules.all()}
    shown: list[tuple[Module, int]] = []
    for module in Module.objects.filter(course=cohort.course_id).order_by("position", "pk"):
        row = chosen.get(module.pk)
        if row is not None and not row.follows_latest and row.version_id:
            shown.append((module, row.version_id))
        elif module.archived_at is None and module.current_version_id and (row is not None or cohort.course_version_id is None):
            shown.append((module, module.current_version_id))
    return shown


def _own_items(own: Sequence[OutlineItem], facts: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """The course's own activities before and after the modules, by the programme."""
    items = list(own)
    first: set[str] = set()
    programme = facts.get("programme") or []
    for stage in programme:
        if stage.get("module"):
            break
        first.update(stage.get("items") or [])
    if programme:
        return [i for i in items if i.code in first], [i for i in items if i.code not in first]
    # Without a programme: up to and with the first test comes before the modules, the rest after them.
    tests = [position for position, item in enumerate(items) if item.kind == ActivityKind.QUIZ]
    cut = tests[0] + 1 if len(tests) > 1 else (tests[0] if tests else len(items))
    return items[:cut], items[cut:]


def _unit(
    index: int,
    stage: str,
    module: Module | None,
    version_id: int | None,
    facts: Mapping[str, Any],
    items: Any,
    course_slug: str,
    deadlines: Mapping[int, Deadline],
    first_module: int,
) -> Unit:
    slug = module.slug if module else OWN_SLUG
    totals: dict[str, int] = {}
    for item in items:
        totals[item.kind] = totals.get(item.kind, 0) + 1
    counted: dict[str, int] = {}
    steps = []
    for item in items:
        counted[item.kind] = counted.get(item.kind, 0) + 1
        deadline = deadlines.get(item.activity_id)
        steps.append(
            Step(
                activity_id=item.activity_id,
                kind=str(item.kind),
                code=item.code,
                slug=item.slug,
                title=item.title,
                minutes=item.minutes,
                required=item.required,
                kilobytes=item.kilobytes,
                number=counted[item.kind],
                of=totals[item.kind],
                unit=index,
                course_slug=course_slug,
                unit_slug=slug,
                opens_at=deadline.opens_at if deadline else None,
                due_at=deadline.due_at if deadline else None,
            )
        )
    own_title = "Orientasi" if stage == "before" else "Penutup"
    return Unit(
        index=index,
        stage=stage,
        module_id=module.pk if module else None,
        version_id=version_id,
        slug=slug,
        code=(module.code if module else ""),
        title=facts.get("title") or (module.title if module else own_title),
        summary=str(facts.get("summary") or ""),
        objectives=tuple(facts.get("objectives") or ()),
        optional=bool(facts.get("is_optional", module.is_optional)) if module else False,
        steps=tuple(steps),
        url=reverse("cohorts:module", args=[course_slug, slug]),
        first_module=first_module,
    )


@lru_cache(maxsize=4096)
def _address(kind: str, course_slug: str, unit_slug: str, slug: str, activity_id: int) -> str:
    if kind == ActivityKind.LESSON:
        return reverse("cohorts:lesson", args=[course_slug, unit_slug, slug])
    if kind == ActivityKind.QUIZ:
        return reverse("quizzes:start", args=[activity_id])
    if kind == ActivityKind.ASSIGNMENT:
        return reverse("quizzes:assignment", args=[activity_id])
    return reverse("cohorts:module", args=[course_slug, unit_slug])
