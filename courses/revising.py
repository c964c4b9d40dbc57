"""What each part of a draft was after each change: kept by every verb that changes one, compared and restored by the history.

A *state* is the whole of one aspect as plain JSON: a lesson, the words of a module or course, the order of its parts, a quiz's rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from linimasa import clock

from .models import Activity, Aspect, Course, Module, Revision, RevisionOrigin
from .publishing import Holder, activities_of

TOGETHER = timedelta(minutes=10)  # saves of one person within this time are one revision
LESSON_FIELDS = ("objectives", "body", "reviewed_on", "review_again_on")
ACTIVITY_FIELDS = ("title", "minutes", "is_required")
MODULE_FIELDS = ("title", "summary", "objectives", "discussion", "is_optional")
COURSE_FIELDS = ("title", "full_title", "summary", "rules", "programme")
State = dict[str, Any]


def keep(
    course: Course,
    *,
    module: Module | None = None,
    activity: Activity | None = None,
    aspect: str,
    content: Mapping[str, Any],
    by: User | None,
    origin: str = RevisionOrigin.EDIT,
    before: Mapping[str, Any] | None = None,
) -> Revision:
    """Remember what this part of the draft is now. Called inside the transaction of the verb that changed it, under its lock.

    Saves of one person within ten minutes of the first are one revision; saving the same adds none. ``before`` is the state before the
    change: where the last revision says something else (or there is none yet) it is kept too, as nobody's, so that it can be restored
    and is not told as this person's doing.
    """
    now, wanted = clock.now(), plain(content)
    about = {"course": course, "module": module, "activity": activity, "aspect": aspect}
    last = same_part(Revision(**about)).order_by("-at", "-pk").first()
    if before is not None:
        last = _base(last, plain(before), about, now) or last
    if last is not None and last.content == wanted:
        return last
    if last is not None and _is_same_work(last, by, origin, now):
        Revision.objects.filter(pk=last.pk).update(content=wanted, at=now)
        last.content, last.at = wanted, now
        return last
    return Revision.objects.create(**about, content=wanted, by=by, origin=origin, started_at=now, at=now)


def _base(last: Revision | None, before: State, about: dict[str, Any], now: datetime) -> Revision | None:
    if last is not None and last.content == before:
        return None
    at = now - timedelta(milliseconds=1)
    origin = RevisionOrigin.EDIT if last is None else RevisionOrigin.FILE
    return Revision.objects.create(**about, content=before, by=None, origin=origin, started_at=at, at=at)


def _is_same_work(last: Revision, by: User | None, origin: str, now: datetime) -> bool:
    mine = by is not None and last.by_id == by.pk
    return mine and origin == last.origin == RevisionOrigin.EDIT and last.started_at > now - TOGETHER


def plain(content: Mapping[str, Any]) -> State:
    """The content as JSON gives it back: days and numbers with decimals as text."""
    return json.loads(json.dumps(dict(content), default=str))


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


def previous(revision: Revision) -> Revision | None:
    """What the same part was before this revision."""
    return same_part(revision).filter(at__lt=revision.at).order_by("-at", "-pk").first()


def same_part(revision: Revision) -> QuerySet[Revision]:
    """All revisions of what this one is about."""
    if revision.activity_id:  # a part that moved to another module is still the same part
        return Revision.objects.filter(activity=revision.activity_id, aspect=revision.aspect)
    return Revision.objects.filter(course=revision.course_id, module=revision.module_id, activity=None, aspect=revision.aspect)
