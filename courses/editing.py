"""Changing drafts: nothing here reaches a learner before it is published."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit import log

from . import revising
from .holders import Holder, activities_of
from .models import Activity, Course, FrozenLesson, Lesson, Module, RevisionOrigin, Version
from .publishing import registered_parts


class EditingError(ValueError):
    """The draft cannot be changed this way; the message says why."""


class StaleEdit(EditingError):
    """Someone else saved in the meantime; ``stored`` is what they saved."""

    def __init__(self, stored: Lesson) -> None:
        super().__init__("Pelajaran ini disimpan orang lain sesudah Anda membukanya. Bandingkan kedua tulisan di bawah, lalu simpan lagi.")
        self.stored = stored


def touch(holder: Holder, *, by: User | None) -> None:
    """Remember that the holder's draft was changed, when and by whom."""
    type(holder).objects.filter(pk=holder.pk).update(draft_changed_at=timezone.now(), draft_changed_by=by)


@transaction.atomic
def edit_module(module: Module, *, by: User, values: dict[str, Any]) -> bool:
    """Change the module's title, summary, objectives or discussion; whether anything differed (saving the same does nothing)."""
    differing = {key: value for key, value in values.items() if getattr(module, key) != value}
    if not differing:
        return False
    before = revising.facts_state(module)
    for key, value in differing.items():
        setattr(module, key, value)
    module.save(update_fields=[*differing])
    revising.keep_facts(module, by=by, before=before)
    touch(module, by=by)
    return True


@transaction.atomic
def edit_course(course: Course, *, by: User, values: dict[str, Any]) -> bool:
    """Change the course's words, rules or programme (well-formed, see ``rules.rules_problems``); whether anything differed."""
    fresh = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    differing = {key: value for key, value in values.items() if getattr(fresh, key) != value}
    if not differing:
        return False
    before = revising.facts_state(fresh)
    for key, value in differing.items():
        setattr(fresh, key, value)
    fresh.save(update_fields=[*differing])
    revising.keep_facts(fresh, by=by, before=before)
    touch(fresh, by=by)
    return True


@transaction.atomic
def edit_activity(activity: Activity, *, by: User, values: dict[str, Any]) -> bool:
    """Change the title, minutes or necessity of a part of any kind; whether anything differed. A lesson's open editors are told."""
    holder = locked(activity)
    Lesson.objects.select_for_update().filter(activity=activity).first()  # in the order of ``save_lesson``: lesson, part, module
    fresh = Activity.objects.select_related("lesson", "module", "course").get(pk=activity.pk)
    differing = {key: value for key, value in values.items() if getattr(fresh, key) != value}
    if not differing:
        return False
    is_lesson = hasattr(fresh, "lesson")
    before = revising.lesson_state(fresh) if is_lesson else revising.activity_state(fresh)
    for key, value in differing.items():
        setattr(fresh, key, value)
    fresh.save(update_fields=[*differing])
    if is_lesson:
        Lesson.objects.filter(activity=fresh).update(edit_number=F("edit_number") + 1, updated_at=timezone.now(), updated_by=by)
        revising.keep_lesson(fresh, by=by, before=before)
    else:
        revising.keep_activity(fresh, by=by, before=before)
    touch(holder, by=by)
    return True


@transaction.atomic
def save_lesson(activity: Activity, *, by: User, edit_number: int, body: str, values: dict[str, Any], facts: dict[str, Any]) -> bool:
    """Save a lesson's draft if nobody saved since ``edit_number`` was read; whether anything differed.

    ``values`` are fields of the lesson, ``facts`` of its activity (title, minutes). Raises StaleEdit with what was stored.
    """
    lesson = Lesson.objects.select_for_update().get(activity=activity)
    before = revising.lesson_state(Activity.objects.select_related("lesson").get(pk=activity.pk))
    wanted = {"body": body, **values}
    changed = any(getattr(lesson, key) != value for key, value in wanted.items()) or any(
        getattr(activity, key) != value for key, value in facts.items()
    )
    if not changed:
        return False
    saved = Lesson.objects.filter(pk=lesson.pk, edit_number=edit_number).update(
        **wanted, edit_number=F("edit_number") + 1, updated_at=timezone.now(), updated_by=by
    )
    if not saved:
        raise StaleEdit(lesson)
    Activity.objects.filter(pk=activity.pk).update(**facts)
    revising.keep_lesson(activity, by=by, before=before)
    touch(activity.module or activity.course, by=by)
    return True


@transaction.atomic
def archive_activity(activity: Activity, *, by: User) -> None:
    """Leave the activity out of the next version; what learners did with it stays. Harmless when repeated."""
    holder = locked(activity)
    before = revising.outline_state(holder)
    changed = Activity.objects.filter(pk=activity.pk, archived_at__isnull=True).update(
        archived_at=timezone.now(), slug=f"{activity.slug[:80]}-arsip-{activity.pk}"
    )
    if changed:
        log.record("activity.archived", by=by, on=activity, code=activity.code)
        revising.keep_outline(holder, by=by, before=before)
        touch(holder, by=by)


@transaction.atomic
def restore_version(version: Version, *, by: User) -> tuple[Module, list[str]]:
    """Make the module's draft what an older version was: its lessons, order, words, questions and quiz rules. Nothing is published by this.

    Gives the module, and in sentences what could not come back.
    """
    module = version.module
    if module is None:
        raise EditingError("Hanya versi modul yang dapat dijadikan draf.")
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=module.course_id)
    list(Lesson.objects.select_for_update().filter(activity__in=[item["activity"] for item in version.outline]).order_by("pk").values("pk"))
    Module.objects.select_for_update(of=("self",), no_key=True).get(pk=module.pk)
    facts, words = version.facts, revising.facts_state(module)
    names = ("title", "summary", "objectives", "discussion", "is_optional")
    Module.objects.filter(pk=module.pk).update(**{name: facts[name] for name in names})
    module.refresh_from_db()
    revising.keep_facts(module, by=by, before=words, origin=RevisionOrigin.RESTORE)
    _take_parts(module, version, by)
    log.record("module.draft_restored", by=by, on=module, version=version.pk, number=version.number)
    left = [sentence for name, part in registered_parts().items() for sentence in part.revert(module, version.parts.get(name) or {}, by)]
    return module, left


def _take_parts(module: Module, version: Version, by: User) -> None:
    """The outline and lessons of the version; what came later is archived, what had gone to another module comes from there."""
    frozen = {lesson.activity_id: lesson for lesson in version.lessons.all()}
    wanted = [item["activity"] for item in version.outline]
    for activity in activities_of(module).exclude(pk__in=wanted):
        archive_activity(activity, by=by)
    moved = Activity.objects.filter(pk__in=wanted, archived_at__isnull=True).exclude(module=module).select_related("module", "course")
    holders: list[Holder] = [module, *dict.fromkeys(row.module or row.course for row in moved)]
    before = [revising.outline_state(one) for one in holders]
    Activity.objects.filter(pk__in=wanted).update(slug=F("code"))
    for item in version.outline:
        _restore_item(module, item, frozen.get(item["activity"]), by)
    for one, state in zip(holders, before, strict=True):
        revising.keep_outline(one, by=by, before=state, origin=RevisionOrigin.RESTORE if one == module else RevisionOrigin.EDIT)
        touch(one, by=by)


def _restore_item(module: Module, item: dict[str, Any], lesson: FrozenLesson | None, by: User) -> None:
    before = revising.lesson_state(Activity.objects.select_related("lesson").get(pk=item["activity"])) if lesson else None
    Activity.objects.filter(pk=item["activity"]).update(
        module=module,
        slug=item["slug"],
        title=item["title"],
        minutes=item["minutes"],
        is_required=item["required"],
        position=item["position"],
        archived_at=None,
    )
    if lesson is not None:
        Lesson.objects.filter(activity=item["activity"]).update(
            body=lesson.body,
            objectives=lesson.objectives,
            reviewed_on=lesson.reviewed_on,
            edit_number=F("edit_number") + 1,
            updated_at=timezone.now(),
            updated_by=by,
        )
        revising.keep_lesson(lesson.activity, by=by, before=before, origin=RevisionOrigin.RESTORE)


def locked(activity: Activity) -> Holder:
    """The activity's module or course as it is now. The course is locked for the length of the transaction, so that nobody else moves,
    adds or archives any of its parts meanwhile."""
    course = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.course_id)
    fresh = Activity.objects.select_related("module").get(pk=activity.pk)
    return fresh.module or course
