"""Archiving and bringing back: a part, a module, a course. Nothing is deleted; what learners did with it stays.

What was published stays published for those who learn it now: only the next version is without it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log

from . import arranging, revising
from .editing import EditingError, touch
from .holders import activities_of
from .models import Activity, Course, Module


@transaction.atomic
def bring_back(activity: Activity, *, by: User) -> bool:
    """Put an archived part back at the end of its module. Whether anything changed (harmless when repeated). Raises EditingError."""
    arranging.lock(activity.course)
    row = Activity.objects.select_related("module", "course").get(pk=activity.pk)
    if row.archived_at is None:
        return False
    holder = row.module or row.course
    if holder.archived_at:
        raise EditingError(f"{arranging.name_of(holder)} diarsipkan. Kembalikan dulu modulnya.")
    before = revising.outline_state(holder)
    last = activities_of(holder).order_by("-position").first()
    slug = arranging.free_slug(holder, row.title)
    Activity.objects.filter(pk=row.pk).update(archived_at=None, slug=slug, position=(last.position if last else 0) + 1)
    log.record("activity.brought_back", by=by, on=row, code=row.code)
    revising.keep_outline(holder, by=by, before=before)
    touch(holder, by=by)
    return True


@transaction.atomic
def archive_module(module: Module, *, by: User) -> bool:
    """Leave the module out of what is offered from now on. Cohorts that have it keep their version. Whether anything changed."""
    course = arranging.lock(module)
    before = revising.outline_state(course)
    ending = f"-arsip-{module.pk}"
    changed = Module.objects.filter(pk=module.pk, archived_at__isnull=True).update(
        archived_at=timezone.now(), slug=f"{module.slug[: 80 - len(ending)]}{ending}"
    )
    if not changed:
        return False
    log.record("module.archived", by=by, on=module, code=module.code)
    revising.keep_outline(course, by=by, before=before)
    touch(course, by=by)
    return True


@transaction.atomic
def bring_module_back(module: Module, *, by: User) -> bool:
    """Offer an archived module again, after the others. Whether anything changed."""
    course = arranging.lock(module)
    before = revising.outline_state(course)
    last = Module.objects.filter(course=course, archived_at__isnull=True).order_by("-position").first()
    changed = Module.objects.filter(pk=module.pk, archived_at__isnull=False).update(
        archived_at=None, slug=arranging.free_module_slug(course, module.title), position=(last.position if last else 0) + 1
    )
    if not changed:
        return False
    log.record("module.brought_back", by=by, on=module, code=module.code)
    revising.keep_outline(course, by=by, before=before)
    touch(course, by=by)
    return True


@transaction.atomic
def archive_course(course: Course, *, by: User) -> bool:
    """No longer offered in the catalogue or to new cohorts; cohorts that run it end as they began. Whether anything changed."""
    changed = Course.objects.filter(pk=course.pk, archived_at__isnull=True).update(archived_at=timezone.now())
    if changed:
        log.record("course.archived", by=by, on=course)
    return bool(changed)


@transaction.atomic
def bring_course_back(course: Course, *, by: User) -> bool:
    """Offer an archived course again. Whether anything changed."""
    changed = Course.objects.filter(pk=course.pk, archived_at__isnull=False).update(archived_at=None)
    if changed:
        log.record("course.brought_back", by=by, on=course)
    return bool(changed)
