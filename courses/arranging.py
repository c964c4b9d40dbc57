"""The outline of a course: parts added and moved, within their module and between modules; modules added and moved.

Every verb locks the course first, so that of two people who move at the same time each sees what the other did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from audit import log
from linimasa import markdown

from . import revising
from .editing import EditingError, touch
from .holders import Holder, activities_of, course_of, of_holder
from .models import Activity, ActivityKind, Course, Lesson, Module
from .publishing import registered_parts

MOST_PARTS = 100  # of one module, with what is archived
MOST_MODULES = 100
KINDS = (ActivityKind.LESSON, ActivityKind.QUIZ, ActivityKind.ASSIGNMENT, ActivityKind.SESSION)
SUFFIX = {
    ActivityKind.QUIZ: "KUIS",
    ActivityKind.ASSIGNMENT: "TUGAS",
    ActivityKind.SESSION: "KELAS",
    ActivityKind.EVALUATION: "EVALUASI",
    ActivityKind.ACTION_PLAN: "RTL",
}


# --- adding -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add(holder: Holder, *, kind: str, title: str, minutes: int, by: User) -> Activity:
    """A new part with the next free code and address: a lesson after the last lesson (so before the quiz), anything else at the end.
    A quiz or practical work gets an empty draft of its rules. Raises EditingError."""
    course = lock(holder)
    if kind not in KINDS:
        raise EditingError("Jenis bagian ini tidak dapat ditambahkan. Pilih pelajaran, kuis, tugas praktik, atau kelas langsung.")
    _refuse_archived(holder)
    before = revising.outline_state(holder)
    rows = list(activities_of(holder))
    if _all_parts(holder).count() >= MOST_PARTS:
        raise EditingError(f"Satu modul memuat paling banyak {MOST_PARTS} bagian. Buat modul baru untuk selebihnya.")
    lessons = [index for index, row in enumerate(rows) if row.kind == ActivityKind.LESSON]
    place = lessons[-1] + 1 if lessons and kind == ActivityKind.LESSON else 0 if kind == ActivityKind.LESSON else len(rows)
    activity = Activity.objects.create(
        course=course,
        module=holder if isinstance(holder, Module) else None,
        kind=kind,
        code=free_code(holder, kind),
        slug=free_slug(holder, title),
        title=title,
        minutes=minutes,
        position=len(rows) + 1,
    )
    rows.insert(place, activity)
    _number(rows)
    begin(activity, by=by)
    log.record("activity.added", by=by, on=activity, code=activity.code)
    revising.keep_outline(holder, by=by, before=before)
    touch(holder, by=by)
    return activity


def begin(activity: Activity, *, by: User | None) -> None:
    """The empty draft of a new part: a lesson here, the rest by the apps that own them."""
    if activity.kind == ActivityKind.LESSON:
        Lesson.objects.create(activity=activity, updated_by=by, owner=by)
    else:
        for part in registered_parts().values():
            part.start(activity, by)


@transaction.atomic
def add_module(course: Course, *, title: str, by: User) -> Module:
    """A new, empty module after the last one, with the next free code and address. Raises EditingError."""
    course = lock(course)
    before = revising.outline_state(course)
    rows = Module.objects.filter(course=course)
    if rows.count() >= MOST_MODULES:
        raise EditingError(f"Satu kursus memuat paling banyak {MOST_MODULES} modul, termasuk yang diarsipkan.")
    last = rows.aggregate(last=Max("position"))["last"] or 0
    code, slug = free_module_code(course), free_module_slug(course, title)
    module = Module.objects.create(course=course, code=code, slug=slug, title=title, position=last + 1)
    log.record("module.added", by=by, on=module, code=module.code)
    revising.keep_outline(course, by=by, before=before)
    touch(course, by=by)
    touch(module, by=by)
    return module


# --- moving -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def place(activity: Activity, *, by: User, target: Holder, position: int | None = None) -> int:
    """Put the part into ``target`` (its own module or another of the course) at this place, from 1; None: at the end. Returns its place.

    It keeps its code and what learners did with it. Where it already is, nothing is written. Raises EditingError.
    """
    course = lock(activity.course)
    row = Activity.objects.select_related("module", "course").get(pk=activity.pk)
    source: Holder = row.module or course
    _refuse_archived(target)
    if row.archived_at:
        raise EditingError(f"{row.code} sudah diarsipkan. Kembalikan dulu sebelum memindahkannya.")
    if course_of(target).pk != course.pk:
        raise EditingError("Bagian hanya dapat dipindahkan di dalam kursusnya sendiri.")
    holders = [source] if source == target else [source, target]
    before = {one: revising.outline_state(one) for one in holders}
    rows = [one for one in activities_of(target) if one.pk != row.pk]
    if source != target and _all_parts(target).count() >= MOST_PARTS:
        raise EditingError(f"Satu modul memuat paling banyak {MOST_PARTS} bagian.")
    index = len(rows) if position is None else max(0, min(len(rows), position - 1))
    rows.insert(index, row)
    if source == target and [one.pk for one in activities_of(target)] == [one.pk for one in rows]:
        return index + 1
    if source != target:
        slug = row.slug if _is_free(target, row.slug) else free_slug(target, row.title)
        Activity.objects.filter(pk=row.pk).update(module=target if isinstance(target, Module) else None, slug=slug)
        told_to_parts(row)
        log.record("activity.moved", by=by, on=row, code=row.code, old=name_of(source), new=name_of(target))
        _number(list(activities_of(source)))
    _number(rows)
    for one in holders:
        revising.keep_outline(one, by=by, before=before[one])
        touch(one, by=by)
    return index + 1


@transaction.atomic
def step_part(activity: Activity, *, by: User, step: int) -> int:
    """Move the part up (-1) or down (1) among its neighbours; its place, from 1. At the edge nothing moves. Raises EditingError."""
    course = lock(activity.course)
    row = Activity.objects.select_related("module").get(pk=activity.pk)
    holder: Holder = row.module or course
    places = [one.pk for one in activities_of(holder)]
    return place(activity, by=by, target=holder, position=places.index(row.pk) + 1 + step if row.pk in places else None)


@transaction.atomic
def step_module(module: Module, *, by: User, step: int) -> int:
    """Move the module up (-1) or down (1) among those that are not archived; its place, from 1. At the edge nothing moves."""
    course = lock(module)
    rows = list(Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk"))
    index = next((number for number, row in enumerate(rows) if row.pk == module.pk), None)
    if index is None:
        raise EditingError("Modul ini sudah diarsipkan.")
    target = max(0, min(len(rows) - 1, index + step))
    if target != index:
        before = revising.outline_state(course)
        rows.insert(target, rows.pop(index))
        _number(rows)
        revising.keep_outline(course, by=by, before=before)
        touch(course, by=by)
    return target + 1


def told_to_parts(activity: Activity) -> None:
    """The apps that own what a part holds take it along to the module where the part stands now."""
    fresh = Activity.objects.get(pk=activity.pk)
    for part in registered_parts().values():
        part.moved(fresh)


def arrange(holder: Holder, rows: list[Activity], *, by: User) -> None:
    """Give the holder's parts these places. For verbs that hold the lock and keep the revision themselves."""
    _number(rows)
    touch(holder, by=by)


def _number(rows: Iterable[Any]) -> None:
    """The places of parts, or of modules, as they stand here."""
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            type(row).objects.filter(pk=row.pk).update(position=number)
            row.position = number


# --- names ------------------------------------------------------------------------------------------------------------
def lock(holder: Holder) -> Course:
    """The holder's course, locked for the length of the transaction. Not its key, as everywhere in this app: rows that only name the
    course or module are still written by others, who may in turn hold what is wanted here."""
    return Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course_of(holder).pk)


def name_of(holder: Holder) -> str:
    return f"Modul {holder.code}" if isinstance(holder, Module) else "kegiatan kursus"


def free_code(holder: Holder, kind: str, *, also_taken: Iterable[str] = ()) -> str:
    """M1.4 for a lesson, M1-KUIS or M1-KUIS-2 for the rest; of the course's own K1 and KUIS."""
    taken = {*Activity.objects.filter(course=course_of(holder)).values_list("code", flat=True), *also_taken}
    if kind == ActivityKind.LESSON:
        start = f"{holder.code}." if isinstance(holder, Module) else "K"
        numbers = [int(found[1]) for code in taken if (found := re.fullmatch(rf"{re.escape(start)}(\d{{1,3}})", code))]
        return f"{start}{max(numbers, default=0) + 1}"
    word = SUFFIX[ActivityKind(kind)]
    base = f"{holder.code[: 15 - len(word) - 3]}-{word}" if isinstance(holder, Module) else word
    return next(code for code in (base, *(f"{base}-{number}" for number in range(2, 1000))) if code not in taken)


def free_module_code(course: Course) -> str:
    """M5 after M4, whatever is archived."""
    taken = set(Module.objects.filter(course=course).values_list("code", flat=True))
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"M(\d{1,3})", code))]
    return f"M{max(numbers, default=0) + 1}"


def free_slug(holder: Holder, title: str) -> str:
    """An address of a part that nothing else in its module has."""
    base = markdown.slug(title)[:80].strip("-") or "bagian"
    taken = set(_all_parts(holder).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)


def free_module_slug(course: Course, title: str) -> str:
    base = markdown.slug(title)[:60].strip("-") or "modul"
    taken = set(Module.objects.filter(course=course).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)


def _is_free(holder: Holder, slug: str) -> bool:
    return not _all_parts(holder).filter(slug=slug).exists()


def _all_parts(holder: Holder) -> QuerySet[Activity]:
    return of_holder(Activity.objects.order_by("pk"), holder)


def _refuse_archived(holder: Holder) -> None:
    fresh = type(holder).objects.get(pk=holder.pk)
    if fresh.archived_at:
        raise EditingError("Modul ini diarsipkan. Kembalikan dulu." if isinstance(holder, Module) else "Kursus ini diarsipkan.")
