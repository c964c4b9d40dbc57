"""Any kept revision made the draft again: itself a new revision, which can be undone the same way. Nothing is published by this."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit import log

from . import arranging, channels, companions, editing, revising
from . import media as library
from .holders import Holder, activities_of
from .media import changing
from .models import Activity, Aspect, Channel, Companions, Course, Lesson, Media, Module, Revision, RevisionOrigin
from .publishing import registered_parts

RESTORE = RevisionOrigin.RESTORE


@transaction.atomic
def restore(revision: Revision, *, by: User) -> bool:
    """Make this part of the draft what the revision says; whether anything differed. Raises EditingError with a sentence."""
    course = arranging.lock(revision.course)
    changed = _VERBS[Aspect(revision.aspect)](revision, course, by)
    if changed:
        log.record("draft.restored", by=by, on=_about(revision), aspect=revision.aspect, revision=revision.pk)
    return changed


def _about(revision: Revision) -> Activity | Channel | Media | Module | Course:
    return revision.activity or revision.channel or revision.media or revision.module or revision.course


def _activity(revision: Revision) -> Activity:
    row = Activity.objects.select_related("lesson", "module", "course").get(pk=revision.activity_id or 0)
    if row.archived_at:
        raise editing.EditingError(f"{row.code} sudah diarsipkan. Kembalikan dulu, lalu pulihkan tulisannya.")
    return row


def _lesson(revision: Revision, course: Course, by: User) -> bool:
    row = _activity(revision)
    before, kept = revising.lesson_state(row), revision.content
    if before == kept:
        return False
    values: dict[str, Any] = {name: kept[name] for name in ("objectives", "body") if name in kept}
    values |= {name: _day(kept[name]) for name in ("reviewed_on", "review_again_on") if name in kept}
    if "owner" in kept:
        values["owner"] = User.objects.filter(pk=kept["owner"]).first() if kept["owner"] else None
    Lesson.objects.filter(activity=row).update(**values, edit_number=F("edit_number") + 1, updated_at=timezone.now(), updated_by=by)
    Activity.objects.filter(pk=row.pk).update(**{name: kept[name] for name in revising.ACTIVITY_FIELDS if name in kept})
    revising.keep_lesson(row, by=by, before=before, origin=RESTORE)
    editing.touch(row.module or course, by=by)
    return True


def _facts(revision: Revision, course: Course, by: User) -> bool:
    if revision.activity_id:
        row = _activity(revision)
        return _set(row, revision.content, revising.ACTIVITY_FIELDS, revising.activity_state(row), row.module or course, by)
    if revision.module_id:
        module = Module.objects.get(pk=revision.module_id)
        return _set(module, revision.content, revising.MODULE_FIELDS, revising.facts_state(module), module, by)
    return _set(course, revision.content, revising.COURSE_FIELDS, revising.facts_state(course), course, by)


def _set(row: Any, kept: dict[str, Any], names: tuple[str, ...], before: dict[str, Any], holder: Holder, by: User) -> bool:
    if before == kept:
        return False
    for name in names:
        if name in kept:
            setattr(row, name, kept[name])
    row.save(update_fields=[name for name in names if name in kept])
    keep = revising.keep_activity if isinstance(row, Activity) else revising.keep_facts
    keep(row, by=by, before=before, origin=RESTORE)
    editing.touch(holder, by=by)
    return True


def _outline(revision: Revision, course: Course, by: User) -> bool:
    """The parts that were there then, in their order; those that came later are archived, those that left come back."""
    holder: Holder = Module.objects.select_related("course").get(pk=revision.module_id) if revision.module_id else course
    before = revising.outline_state(holder)
    wanted = [item["activity"] for item in revision.content["items"]]
    if "modules" in revision.content:
        _modules(course, [item["module"] for item in revision.content["modules"]])
    rows = Activity.objects.filter(course=course).in_bulk(wanted)
    for gone in activities_of(holder).exclude(pk__in=rows):
        Activity.objects.filter(pk=gone.pk).update(archived_at=timezone.now(), slug=f"{gone.slug[:80]}-arsip-{gone.pk}")
    module = holder if isinstance(holder, Module) else None
    left: dict[int | None, Holder] = {}
    states: dict[int | None, dict[str, Any]] = {}
    for row in rows.values():
        if row.module_id != (module.pk if module else None):
            source = Module.objects.select_related("course").get(pk=row.module_id) if row.module_id else course
            left.setdefault(row.module_id, source)
            states.setdefault(row.module_id, revising.outline_state(source))
        if row.archived_at or row.module_id != (module.pk if module else None):
            slug = arranging.free_slug(holder, row.title)
            Activity.objects.filter(pk=row.pk).update(module=module, archived_at=None, slug=slug)
            arranging.told_to_parts(row)
    for position, pk in enumerate((pk for pk in wanted if pk in rows), start=1):
        Activity.objects.filter(pk=pk).update(position=position)
    if revising.outline_state(holder) == before:
        return False
    revising.keep_outline(holder, by=by, before=before, origin=RESTORE)
    for key, source in left.items():
        revising.keep_outline(source, by=by, before=states[key])
        editing.touch(source, by=by)
    editing.touch(holder, by=by)
    return True


def _modules(course: Course, wanted: list[int]) -> None:
    """The order of then; a module that came later stays after them, one that was archived comes back."""
    rows = Module.objects.filter(course=course).in_bulk(wanted)
    later = Module.objects.filter(course=course, archived_at__isnull=True).exclude(pk__in=rows).order_by("position", "pk")
    for position, pk in enumerate([*(pk for pk in wanted if pk in rows), *later.values_list("pk", flat=True)], start=1):
        Module.objects.filter(pk=pk).update(position=position)
    for row in rows.values():
        if row.archived_at:
            Module.objects.filter(pk=row.pk).update(archived_at=None, slug=arranging.free_module_slug(course, row.title))


def _quiz(revision: Revision, _course: Course, by: User) -> bool:
    row = _activity(revision)
    return any(part.restore(row, revision.content, by) for part in registered_parts().values() if part.state(row) is not None)


def _companions(revision: Revision, course: Course, by: User) -> bool:
    before = companions.state(course)
    if before == revision.content:
        return False
    values = {name: revision.content[name] for name in companions.IN_WORDS if name in revision.content}
    Companions.objects.update_or_create(course=course, defaults=values)
    words: dict[str, Any] = {"aspect": Aspect.COMPANIONS, "by": by, "before": before, "origin": RESTORE}
    revising.keep(course, content={**before, **values}, **words)
    editing.touch(course, by=by)
    return True


def _channel(revision: Revision, _course: Course, by: User) -> bool:
    assert revision.channel is not None  # noqa: S101  # of this aspect
    try:
        return channels.restore(revision.channel, revision.content, by=by)
    except channels.ChannelError as error:
        raise editing.EditingError(str(error)) from error


def _media(revision: Revision, _course: Course, by: User) -> bool:
    assert revision.media is not None  # noqa: S101  # of this aspect
    try:
        return changing.restore(revision.media, revision.content, by=by)
    except library.MediaError as error:
        raise editing.EditingError(str(error)) from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_VERBS = {
    Aspect.LESSON: _lesson,
    Aspect.FACTS: _facts,
    Aspect.OUTLINE: _outline,
    Aspect.QUIZ: _quiz,
    Aspect.COMPANIONS: _companions,
    Aspect.CHANNEL: _channel,
    Aspect.MEDIA: _media,
}
