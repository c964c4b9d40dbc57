"""What each part of a draft was after each change: kept by every verb that changes one, compared and restored by the history.

A *state* is the whole of one aspect as plain JSON: a lesson, the words of a module or course, the order of its parts, a quiz's rules.
"""

from __future__ import annotations

from typing import Any

from accounts.models import User

from .holders import Holder, activities_of
from .keeping import State, keep, plain, previous, same_part
from .models import Activity, Aspect, Course, Module, Revision, RevisionOrigin

__all__ = ["State", "keep", "plain", "previous", "same_part"]
LESSON_FIELDS = ("objectives", "body", "reviewed_on", "review_again_on")
ACTIVITY_FIELDS = ("title", "minutes", "is_required")
MODULE_FIELDS = ("title", "summary", "objectives", "discussion", "is_optional")
COURSE_FIELDS = ("title", "full_title", "summary", "rules", "programme")


# --- states -----------------------------------------------------------------------------------------------------------
def lesson_state(activity: Activity) -> State:
    """A lesson with its title and minutes; ``activity.lesson`` must be loaded and fresh."""
    lesson = activity.lesson
    return plain(
        {name: getattr(activity, name) for name in ACTIVITY_FIELDS}
        | {name: getattr(lesson, name) for name in LESSON_FIELDS}
        | {"owner": lesson.owner_id}
    )


def activity_state(activity: Activity) -> State:
    """What is said of a part that is no lesson: title, minutes, whether it is required."""
    return plain({name: getattr(activity, name) for name in ACTIVITY_FIELDS})


def facts_state(holder: Holder) -> State:
    """The words of a module, or those of a course with its rules and programme."""
    fields = MODULE_FIELDS if isinstance(holder, Module) else COURSE_FIELDS
    return plain({name: getattr(holder, name) for name in fields})


def outline_state(holder: Holder) -> State:
    """The parts of a module or course in order; a course's modules too. One or two statements."""
    items = activities_of(holder).select_related(None).values_list("pk", "code", "kind", "title")
    state: State = {"items": [dict(zip(("activity", "code", "kind", "title"), row, strict=True)) for row in items]}
    if isinstance(holder, Course):
        rows = Module.objects.filter(course=holder, archived_at__isnull=True).order_by("position", "pk")
        state["modules"] = [dict(zip(("module", "code", "title"), row, strict=True)) for row in rows.values_list("pk", "code", "title")]
    return state


# --- shorter words for the verbs --------------------------------------------------------------------------------------
def keep_lesson(activity: Activity, *, by: User | None, before: State | None = None, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for a lesson as the database has it now."""
    fresh = Activity.objects.select_related("lesson", "module", "course").get(pk=activity.pk)
    words: dict[str, Any] = {"aspect": Aspect.LESSON, "content": lesson_state(fresh), "by": by, "origin": origin, "before": before}
    return keep(fresh.course, module=fresh.module, activity=fresh, **words)


def keep_activity(activity: Activity, *, by: User | None, before: State | None = None, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for the title, minutes and necessity of a part that is no lesson."""
    words: dict[str, Any] = {"aspect": Aspect.FACTS, "content": activity_state(activity), "by": by, "origin": origin, "before": before}
    return keep(activity.course, module=activity.module, activity=activity, **words)


def keep_facts(holder: Holder, *, by: User | None, before: State | None = None, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for the words (and rules) of a module or course, as the instance has them now."""
    return keep(**_of(holder), aspect=Aspect.FACTS, content=facts_state(holder), by=by, origin=origin, before=before)


def keep_outline(holder: Holder, *, by: User | None, before: State | None = None, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for the order of a module's or course's parts, as the database has it now."""
    return keep(**_of(holder), aspect=Aspect.OUTLINE, content=outline_state(holder), by=by, origin=origin, before=before)


def _of(holder: Holder) -> dict[str, Any]:
    return {"course": holder.course, "module": holder} if isinstance(holder, Module) else {"course": holder}
