"""Preview as a learner of any cohort: what that cohort would see, from the drafts or a version, open and due as it would be then.

Nothing of it is stored anywhere. How far the imagined learner has come stands in the address; the enrolment and the cohort that the
learner's own code is given are never saved.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from courses import outline, publishing
from courses.checks import CheckError, read_checks
from courses.holders import Holder
from courses.models import Activity, ActivityKind, Course, Module, Version
from courses.outline import LessonPage, OutlineItem
from linimasa import clock

from . import structure
from .learning import Place
from .models import Cohort, CohortKind, CohortStatus, Enrolment, EnrolmentStatus, ProgressState
from .structure import Step, Structure, Unit
from .unlocking import Seen, standings

DRAFT, AS_COHORT, ALL_DONE = "draf", "angkatan", "akhir"
MOST_COHORTS = 100


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``cohort`` None: a newcomer who learns alone. ``until``: the code of the first step that the learner has
    not done, "" for one who begins, ALL_DONE."""

    course: Course
    cohort: Cohort | None
    content: str
    version: Version | None
    until: str

    def query(self, until: str | None = None) -> str:
        """The words of the address that ask for the same (or for another ``until``)."""
        content = f"v{self.version.pk}" if self.version else self.content
        words = {
            "angkatan": self.cohort.pk if self.cohort else "",
            "isi": content if content != DRAFT else "",
            "sampai": self.until if until is None else until,
        }
        return urlencode({key: value for key, value in words.items() if value})

    @property
    def moment(self) -> datetime:
        """When it is looked at: now, or the cohort's first day where that is still to come, its last where it is over."""
        now = clock.now()
        if self.cohort is None:
            return now
        if self.cohort.starts_at and self.cohort.starts_at > now:
            return self.cohort.starts_at
        return min(now, self.cohort.ends_at) if self.cohort.ends_at else now

    @property
    def is_another_day(self) -> bool:
        return abs((self.moment - clock.now()).total_seconds()) > 60

    @property
    def who(self) -> str:
        return f"peserta {self.cohort.name}" if self.cohort else "peserta baru"

    @property
    def what(self) -> str:
        """Which content is shown, in words."""
        if self.version:
            return f"{self.version.module.code if self.version.module else 'Kursus'} versi {self.version.number}"
        return "draf" if self.content == DRAFT else "versi yang dipakai angkatan ini" if self.cohort else "versi yang terbit"


def cohorts_of(course: Course) -> list[Cohort]:
    """The cohorts as whose learner the course can be previewed, the newest first. One statement."""
    return list(Cohort.objects.filter(course=course).order_by(F("starts_at").desc(nulls_first=True), "-pk")[:MOST_COHORTS])


def asked(course: Course, words: Mapping[str, str]) -> Asked:
    """What an address asks for; a word that nobody can mean is left out. Two statements at most."""
    key, content = words.get("angkatan", ""), words.get("isi", "")
    cohort = Cohort.objects.filter(course=course, pk=int(key)).first() if _is_key(key) else None
    version = None
    if content.startswith("v") and _is_key(content[1:]):
        version = Version.objects.filter(course=course, module__isnull=False, pk=int(content[1:])).select_related("module").first()
    until = words.get("sampai", "")
    return Asked(course, cohort, content if content == AS_COHORT else DRAFT, version, until if len(until) <= 16 else "")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


# --- where the imagined learner stands --------------------------------------------------------------------------------
def place_of(wanted: Asked, person: User) -> Place:
    """The place of a learner of that cohort who has done everything before ``until``. Reads only; nothing in it may be saved."""
    plan = _addressed(_plan(wanted), wanted)
    cohort = copy.copy(wanted.cohort) if wanted.cohort else Cohort(name="Peserta baru", kind=CohortKind.SELF_PACED)
    cohort.course, cohort.status = wanted.course, CohortStatus.OPEN
    enrolment = Enrolment(cohort=cohort, course=wanted.course, learner=person, status=EnrolmentStatus.ACTIVE)
    progress: dict[int, Seen] = {}
    if wanted.until == ALL_DONE or any(step.code == wanted.until for step in plan.steps()):
        for step in plan.steps():
            if step.code == wanted.until:
                break
            progress[step.activity_id] = Seen(ProgressState.COMPLETED)
    found = standings(cohort, plan, progress, now=wanted.moment)
    return Place(enrolment, plan, progress, found, {one.step.activity_id: one for one in found})


def _plan(wanted: Asked) -> Structure:
    course, deadlines = wanted.course, structure.deadlines_of(wanted.cohort.pk if wanted.cohort else None)
    if wanted.content == DRAFT and wanted.version is None:
        facts = {"rules": course.rules, "programme": course.programme}
        rows = Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")
        items = _draft_items(course)
        modules = [(one, None, _module_facts(one), items.get(one.pk, ())) for one in rows]
        return structure.put_together(course, "", None, facts, items.get(None, ()), modules, deadlines)
    version_id = (wanted.cohort.course_version_id if wanted.cohort else None) or course.current_version_id
    shown = dict(_shown(wanted))
    if wanted.version and wanted.version.module:
        shown[wanted.version.module] = wanted.version.pk
    pieces = [(one, pk, outline.of_version(pk)) for one, pk in sorted(shown.items(), key=lambda pair: (pair[0].position, pair[0].pk))]
    own = outline.of_version(version_id) if version_id else None
    return structure.put_together(
        course,
        "",
        version_id,
        own.facts if own else {},
        own.items if own else (),
        [(one, pk, kept.facts, kept.items) for one, pk, kept in pieces],
        deadlines,
    )


def _shown(wanted: Asked) -> list[tuple[Module, int]]:
    if wanted.cohort:
        return structure.module_versions(wanted.cohort)
    rows = Module.objects.filter(course=wanted.course, archived_at__isnull=True, current_version__isnull=False)
    return [(one, one.current_version_id) for one in rows if one.current_version_id]


def _module_facts(module: Module) -> dict[str, Any]:
    return {"title": module.title, "summary": module.summary, "objectives": module.objectives, "is_optional": module.is_optional}


def _draft_items(course: Course) -> dict[int | None, list[OutlineItem]]:
    found: dict[int | None, list[OutlineItem]] = {}
    rows = Activity.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")
    for row in rows:
        item = OutlineItem(row.pk, row.kind, row.code, row.slug, row.title, row.minutes, row.is_required, row.position)
        found.setdefault(row.module_id, []).append(item)
    return found


def _addressed(plan: Structure, wanted: Asked) -> Structure:
    """The same, with every step and unit leading to its preview."""
    units = tuple(
        replace(unit, url=unit_url(wanted, unit.slug), steps=tuple(_step(step, wanted) for step in unit.steps)) for unit in plan.units
    )
    by_activity = MappingProxyType({step.activity_id: step for unit in units for step in unit.steps})
    return replace(plan, units=units, by_activity=by_activity)


def _step(step: Step, wanted: Asked) -> Step:
    return replace(step, address=step_url(wanted, step))


def unit_url(wanted: Asked, slug: str) -> str:
    return _with(reverse("cohorts:preview_module", args=[wanted.course.pk, slug]), wanted.query())


def step_url(wanted: Asked, step: Step, until: str | None = None) -> str:
    return _with(reverse("cohorts:preview_step", args=[wanted.course.pk, step.unit_slug, step.activity_id]), wanted.query(until))


def course_url(wanted: Asked) -> str:
    return _with(reverse("cohorts:preview", args=[wanted.course.pk]), wanted.query())


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


# --- what is shown ----------------------------------------------------------------------------------------------------
def lesson(unit: Unit, step: Step, course: Course) -> LessonPage:
    """The lesson as its version holds it, or as its draft would be frozen now. A check that cannot be read yet is left out."""
    if unit.version_id is not None:
        return outline.frozen_lesson(unit.version_id, step.activity_id)
    row = Activity.objects.select_related("lesson").get(pk=step.activity_id)
    body, pictures = row.lesson.body, publishing.library_of(course.pk)
    html = publishing.drawn(body, course.pk, pictures)
    try:
        checks = read_checks(body)
    except CheckError:
        checks = []
    return LessonPage(
        version_id=0,
        activity_id=row.pk,
        title=row.title,
        html=html,
        objectives=tuple(row.lesson.objectives),
        checks=tuple(checks),
        reviewed_on=row.lesson.reviewed_on,
        words=len(html.split()),
        size=publishing.compressed_size(body, html, pictures),
    )


def notes(unit: Unit, step: Step, course: Course) -> list[str]:
    """What the rooms to the right say of a quiz: «8 soal», «3 kesempatan»."""
    holder: Holder = course if unit.module_id is None else Module.objects.get(pk=unit.module_id)
    found: list[str] = []
    for name, part in publishing.registered_parts().items():
        describe: Any = getattr(part, "describe", None)
        if describe:
            frozen = outline.part(unit.version_id, name) if unit.version_id else part.freeze(holder)
            found += describe(frozen, step.activity_id)
    return found


def trial_url(step: Step) -> str:
    """Where the draft of this quiz is tried question by question (in the person's session, never as an attempt), or looked at."""
    return reverse("quizzes:trial" if step.kind == ActivityKind.QUIZ else "quizzes:rules", args=[step.activity_id])
