"""Copies: of a part or a module inside its course (new codes), and of a whole course for the next year (the same codes).

A copy has no learners, no versions and no history of its own: it is a draft.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from linimasa import markdown

from . import arranging, companions, revising
from .editing import EditingError, touch
from .holders import Holder, activities_of, course_of
from .models import Activity, ActivityKind, Channel, Companions, Course, Lesson, Media, Module, Rendition
from .publishing import registered_parts
from .rules import MARKS, WEIGHTS

LESSON_FIELDS = ("objectives", "body", "reviewed_on", "review_again_on", "owner_id")
MODULE_FIELDS = ("title", "summary", "objectives", "discussion", "is_optional")
PART_FIELDS = ("kind", "title", "minutes", "is_required")
DEFAULT_RULES = {
    **dict.fromkeys(MARKS, 0.7),
    "each_assignment_at_least": 0.6,
    "weights": dict(zip(WEIGHTS, (40, 45, 15), strict=True)),
    "predicates": [[90, "Sangat Memuaskan"], [80, "Memuaskan"], [70, "Baik"]],
    "jp_self_paced": 10,
    "jp_scheduled": 10,
}


# --- inside a course --------------------------------------------------------------------------------------------------
@transaction.atomic
def copy_part(activity: Activity, *, by: User) -> Activity:
    """A copy right after the original, with a code and address of its own. Raises EditingError."""
    arranging.lock(activity.course)
    row = Activity.objects.select_related("module", "course", "lesson").get(pk=activity.pk)
    holder: Holder = row.module or row.course
    if row.archived_at or holder.archived_at:
        raise EditingError(f"{row.code} sudah diarsipkan. Kembalikan dulu sebelum menyalinnya.")
    before = revising.outline_state(holder)
    rows = list(activities_of(holder))
    if len(rows) >= arranging.MOST_PARTS:
        raise EditingError(f"Satu modul memuat paling banyak {arranging.MOST_PARTS} bagian.")
    title = _copied_title(row.title)
    made = _copied_part(
        row, holder, code=arranging.free_code(holder, row.kind), title=title, slug=arranging.free_slug(holder, title), by=by
    )
    _fill(row, made, by=by, codes={})
    rows.insert(next(index for index, one in enumerate(rows) if one.pk == row.pk) + 1, made)
    arranging.arrange(holder, rows, by=by)
    log.record("activity.copied", by=by, on=made, code=made.code, original=row.code)
    revising.keep_outline(holder, by=by, before=before)
    return made


@transaction.atomic
def copy_module(module: Module, *, by: User) -> Module:
    """A copy of the module with all its parts, after the last module. Its quizzes draw from the bank of the original."""
    course = arranging.lock(module)
    before = revising.outline_state(course)
    title = _copied_title(module.title)
    made = arranging.add_module(course, title=title, by=by)
    for name in MODULE_FIELDS:
        if name != "title":
            setattr(made, name, getattr(module, name))
    made.save()
    rows = list(activities_of(module))
    codes = _codes(rows, module, made)
    for position, row in enumerate(rows, start=1):
        copied = _copied_part(row, made, code=codes[row.code], title=row.title, slug=row.slug, by=by, position=position)
        _fill(row, copied, by=by, codes=codes)
    log.record("module.copied", by=by, on=made, code=made.code, original=module.code)
    revising.keep_outline(course, by=by, before=before)
    return made


def _codes(rows: list[Activity], module: Module, made: Module) -> dict[str, str]:
    """M1.3 → M5.3, M1-KUIS → M5-KUIS; what does not begin with the module's code gets a free one."""
    taken = set(Activity.objects.filter(course=module.course_id).values_list("code", flat=True))
    found: dict[str, str] = {}
    for row in rows:
        wanted = f"{made.code}{row.code[len(module.code) :]}" if row.code.startswith(module.code) else ""
        is_good = wanted and len(wanted) <= 16 and wanted not in taken
        found[row.code] = wanted if is_good else arranging.free_code(made, row.kind, also_taken=taken)
        taken.add(found[row.code])
    return found


def _copied_part(row: Activity, holder: Holder, *, code: str, title: str, slug: str, by: User, position: int = 0) -> Activity:
    course = course_of(holder)
    values = {name: getattr(row, name) for name in PART_FIELDS} | {"title": title, "code": code, "slug": slug}
    values |= {"course": course, "module": holder if isinstance(holder, Module) else None, "position": position or row.position}
    return Activity.objects.create(**values)


def _fill(row: Activity, made: Activity, *, by: User, codes: dict[str, str]) -> None:
    if row.kind == ActivityKind.LESSON:
        old = row.lesson
        Lesson.objects.create(activity=made, updated_by=by, **{name: getattr(old, name) for name in LESSON_FIELDS})
        return
    for part in registered_parts().values():
        part.copy(row, made, by, codes)


def _copied_title(title: str) -> str:
    return title if len(title) > 190 else f"{title} (salinan)"


# --- a whole course ---------------------------------------------------------------------------------------------------
@transaction.atomic
def create_course(*, title: str, full_title: str = "", summary: str = "", by: User) -> Course:
    """A new course without modules, with rules that can be kept and changed. Nobody sees it before it is published."""
    course = Course.objects.create(slug=free_course_slug(title), title=title, full_title=full_title, summary=summary, rules=DEFAULT_RULES)
    log.record("course.created", by=by, on=course)
    touch(course, by=by)
    return course


@transaction.atomic
def copy_course(course: Course, *, title: str, by: User) -> Course:
    """Everything that is written, for the next year: words, rules, programme, modules, lessons, questions, quizzes, media, glossary,
    channels, under the same codes and addresses. No versions, cohorts, learners, attempts; what is archived stays behind."""
    course = arranging.lock(course)
    words = {name: getattr(course, name) for name in ("full_title", "summary", "rules", "programme", "is_practice", "practised_by")}
    made = Course.objects.create(slug=free_course_slug(title), title=title, copied_from=course, **words)
    modules = _copied_modules(course, made)
    activities = _copied_activities(course, made, modules, by)
    _copy_companions(course, made)
    _copy_media(course, made, by)
    _copy_channels(course, made)
    for part in registered_parts().values():
        part.copy_course(course, made, modules, activities, by)
    log.record("course.copied", by=by, on=made, original=course.title)
    touch(made, by=by)
    return made


def _copied_modules(course: Course, made: Course) -> dict[int, Module]:
    rows = list(Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk"))
    names = (*MODULE_FIELDS, "code", "slug", "position")
    copies = Module.objects.bulk_create([Module(course=made, **{name: getattr(row, name) for name in names}) for row in rows])
    return {row.pk: copy for row, copy in zip(rows, copies, strict=True)}


def _copied_activities(course: Course, made: Course, modules: dict[int, Module], by: User) -> dict[int, Activity]:
    found = Activity.objects.filter(course=course, archived_at__isnull=True).select_related("lesson").order_by("pk")
    rows = [row for row in found if row.module_id is None or row.module_id in modules]
    names = (*PART_FIELDS, "code", "slug", "position")
    copies = Activity.objects.bulk_create(
        [
            Activity(course=made, module=modules[row.module_id] if row.module_id else None, **{name: getattr(row, name) for name in names})
            for row in rows
        ]
    )
    made_of = {row.pk: copy for row, copy in zip(rows, copies, strict=True)}
    now = timezone.now()
    Lesson.objects.bulk_create(
        [
            Lesson(activity=made_of[row.pk], updated_by=by, updated_at=now, **{name: getattr(row.lesson, name) for name in LESSON_FIELDS})
            for row in rows
            if row.kind == ActivityKind.LESSON and hasattr(row, "lesson")
        ]
    )
    return made_of


def _copy_companions(course: Course, made: Course) -> None:
    kept = companions.of_course(course)
    if kept.is_written:
        names = ("glossary", "facts", "misconceptions", "guides")
        Companions.objects.create(course=made, **{name: getattr(kept, name) for name in names})


def _copy_media(course: Course, made: Course, by: User) -> None:
    """Rows of their own that show the same files: a file never changes what it shows."""
    rows = list(Media.objects.filter(course=course).in_use().order_by("pk").prefetch_related("renditions"))
    left_out = {"id", "course", "uploaded_at", "uploaded_by"}
    names = [field.attname for field in Media._meta.concrete_fields if field.name not in left_out]
    copies = Media.objects.bulk_create([Media(course=made, uploaded_by=by, **{name: getattr(row, name) for name in names}) for row in rows])
    drawn = [field.attname for field in Rendition._meta.concrete_fields if field.name not in {"id", "media"}]
    Rendition.objects.bulk_create(
        [
            Rendition(media=copy, **{name: getattr(one, name) for name in drawn})
            for row, copy in zip(rows, copies, strict=True)
            for one in row.renditions.all()
            if one.replaced_at is None
        ]
    )


def _copy_channels(course: Course, made: Course) -> None:
    left_out = {"id", "course"}
    names = [field.attname for field in Channel._meta.concrete_fields if field.name not in left_out]
    rows = Channel.objects.filter(course=course, archived_at__isnull=True).order_by("pk")
    Channel.objects.bulk_create([Channel(course=made, **{name: getattr(row, name) for name in names}) for row in rows])


def free_course_slug(title: str) -> str:
    """An address of a course that no other course has."""
    base = markdown.slug(title)[:50].strip("-") or "kursus"
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken)
