"""Moving a running cohort to a newer version of a module, or of the course's own programme: what it would notice first, then the deed.

Nothing that anybody earned is touched: progress hangs on the activities, which keep their identity, and a running attempt keeps the
questions that it showed. Lessons that are new are asked only of those who have not yet handed in the module's quiz or assignment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts.models import User
from audit import log
from courses import comparing
from courses.models import Course, Module, Version
from linimasa import clock, writing
from notifications import outbox

from .models import Cohort, CohortModule, CohortStatus, Enrolment, Progress, ProgressState

MOST_NAMED = 6
Holder = Module | Course
_effects: list[Callable[[Cohort, Holder], list[str]]] = []


class MovingError(Exception):
    """The cohort cannot be moved this way; the message says why."""


def register_effect(tell: Callable[[Cohort, Holder], list[str]]) -> None:
    """``tell(cohort, holder)`` gives sentences about what a move does not reach. Called in ``ready()``."""
    if tell not in _effects:
        _effects.append(tell)


@dataclass(frozen=True)
class Pin:
    """One thing of which a cohort keeps a version. ``held`` None: it follows the latest, or shows nothing of it yet."""

    holder: Holder
    held: Version | None
    latest: Version | None
    follows_latest: bool = False

    @property
    def has_newer(self) -> bool:
        return self.held is not None and self.latest is not None and self.latest.number > self.held.number

    @property
    def held_name(self) -> str:
        return f"Versi {self.held.number}" if self.held else ""

    @property
    def latest_name(self) -> str:
        return f"Versi {self.latest.number}" if self.latest else ""


@dataclass
class Consequences:
    """What a move would change. ``new``, ``gone`` and ``changed`` are titles; ``sentences`` say the rest."""

    people: int
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    in_the_middle: int = 0
    done_and_gone: int = 0
    sentences: list[str] = field(default_factory=list)
    comparison: comparing.Comparison = field(default_factory=comparing.Comparison)


def pins(cohort: Cohort) -> list[Pin]:
    """The course's own programme, then every module of the cohort. Two statements."""
    rows = cohort.cohort_modules.select_related("module__current_version", "version")
    course = Course.objects.select_related("current_version").get(pk=cohort.course_id)
    own = Pin(course, cohort.course_version, course.current_version, follows_latest=cohort.course_version_id is None)
    return [own] + [
        Pin(row.module, None if row.follows_latest else row.version, row.module.current_version, row.follows_latest) for row in rows
    ]


def consequences(cohort: Cohort, old: Version, new: Version) -> Consequences:
    """What the learners of this cohort would notice. Changes nothing."""
    comparison = comparing.diff(old, new)
    before, after = {item["activity"]: item for item in old.outline}, {item["activity"]: item for item in new.outline}
    learning = Enrolment.objects.learning().filter(cohort=cohort)
    reached = Progress.objects.filter(enrolment__in=learning)
    gone = [pk for pk in before if pk not in after]
    altered = comparison.activities & set(before) & set(after)
    found = Consequences(
        people=learning.count(),
        new=[_name(item) for pk, item in after.items() if pk not in before],
        gone=[_name(before[pk]) for pk in gone],
        changed=[_name(item) for pk, item in after.items() if pk in altered],
        in_the_middle=_people(reached.filter(activity__in=altered).exclude(state=ProgressState.COMPLETED)) if altered else 0,
        done_and_gone=_people(reached.filter(activity__in=gone, state=ProgressState.COMPLETED)) if gone else 0,
        comparison=comparison,
    )
    holder = new.module or new.course
    found.sentences = [*comparison.sentences, *comparison.parts]
    for tell in _effects:
        found.sentences += tell(cohort, holder)
    return found


def _name(item: dict[str, Any]) -> str:
    return f"{item['code']} {item['title']}"


def _people(rows: QuerySet[Progress]) -> int:
    return rows.values("enrolment").distinct().count()


def moving_problems(cohort: Cohort, held: Version | None, new: Version) -> list[str]:
    """Why the cohort cannot be moved from what it keeps to this version; empty when it can."""
    if cohort.status == CohortStatus.CLOSED:
        return ["Angkatan ini sudah ditutup, jadi isinya tetap seperti saat diikuti."]
    if held is None:
        return ["Bagian ini selalu mengikuti versi terbaru."]
    if (new.course_id, new.module_id) != (held.course_id, held.module_id):
        return ["Versi ini milik modul lain."]
    if new.number <= held.number:
        return ["Pilih versi yang lebih baru dari versi sekarang."]
    return []


@transaction.atomic
def move(cohort: Cohort, new: Version, *, held: Version, by: User, tell: bool = False, note: str = "") -> None:
    """Move the cohort from ``held`` (what the person saw) to ``new``, once; ``tell`` writes to its learners.

    Raises MovingError when it cannot be moved, or when somebody moved it after the page was drawn.
    """
    found = moving_problems(cohort, held, new)
    if found:
        raise MovingError(found[0])
    told = consequences(cohort, held, new) if tell else None
    if new.module_id:
        rows = CohortModule.objects.filter(cohort=cohort, module=new.module_id, version=held, follows_latest=False)
        changed, action = rows.update(version=new), "cohort.module_moved"
    else:
        changed, action = Cohort.objects.filter(pk=cohort.pk, course_version=held).update(course_version=new), "cohort.programme_moved"
    if not changed:
        raise MovingError("Versi ini baru saja dipindahkan orang lain. Muat ulang halaman.")
    Cohort.objects.filter(pk=cohort.pk).update(revision=F("revision") + 1)
    cohort.refresh_from_db()
    details = {"module": new.module_id} if new.module_id else {}
    log.record(action, by=by, on=cohort, **details, old=held.number, new=new.number)
    if told is not None:
        _tell(cohort, new, told, note)


def _tell(cohort: Cohort, new: Version, found: Consequences, note: str) -> None:
    """One letter a learner and move, in batches; the same move told again is the letter that exists."""
    lines = [
        f"{word}: {writing.listed(names[:MOST_NAMED])}{' dan lainnya' if len(names) > MOST_NAMED else ''}."
        for word, names in (("Bertambah", found.new), ("Berubah", found.changed), ("Tidak lagi diminta", found.gone))
        if names
    ]
    slug = new.module.slug if new.module else None
    path = reverse("cohorts:module", args=[cohort.course.slug, slug]) if slug else reverse("cohorts:home")
    context = {"title": new.facts["title"], "cohort": cohort.name, "lines": lines, "note": note, "path": path}
    learners = User.objects.filter(enrolments__in=Enrolment.objects.running().filter(cohort=cohort), is_active=True).distinct()
    outbox.enqueue_many(
        outbox.Draft("module_moved", person, f"module-moved:{cohort.pk}:{new.pk}:{person.pk}", clock.now(), context) for person in learners
    )
