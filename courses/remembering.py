"""A whole course as the history sees it, before and after its files were brought in: what differs becomes revisions, in few statements.

One change in the studio keeps its own revision (``revising``). A load may change everything at once, so it is compared as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from linimasa import clock

from . import companions, keeping, revising
from .holders import outlined
from .keeping import THINGS, State
from .models import Activity, ActivityKind, Aspect, Channel, Course, Module, Revision, RevisionOrigin
from .publishing import registered_parts

Place = tuple[str, str, int]  # aspect, what it is of ("course", "module", "activity", "channel"), its id


def everything(course: Course) -> dict[Place, State]:
    """Every state of the course's draft that the history knows of. The same few statements for any number of parts."""
    activities = list(outlined().filter(course=course).select_related("lesson", "module"))
    modules = list(Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk"))
    fresh = Course.objects.get(pk=course.pk)
    found: dict[Place, State] = {(Aspect.FACTS, "course", course.pk): revising.facts_state(fresh)}
    found[Aspect.OUTLINE, "course", course.pk] = _outline(activities, None) | {"modules": _modules(modules)}
    found[Aspect.COMPANIONS, "course", course.pk] = companions.state(fresh)
    for module in modules:
        found[Aspect.FACTS, "module", module.pk] = revising.facts_state(module)
        found[Aspect.OUTLINE, "module", module.pk] = _outline(activities, module.pk)
    for one in activities:
        if one.kind == ActivityKind.LESSON and hasattr(one, "lesson"):
            found[Aspect.LESSON, "activity", one.pk] = revising.lesson_state(one)
        else:
            found[Aspect.FACTS, "activity", one.pk] = revising.activity_state(one)
    for part in registered_parts().values():
        found |= {(Aspect.QUIZ, "activity", pk): keeping.plain(state) for pk, state in part.states(course).items()}
    for channel in Channel.objects.filter(course=course):
        found[Aspect.CHANNEL, "channel", channel.pk] = keeping.channel_state(channel)
    return found


def _outline(activities: Iterable[Activity], module: int | None) -> State:
    rows = [one for one in activities if one.module_id == module]
    return {"items": [{"activity": one.pk, "code": one.code, "kind": one.kind, "title": one.title} for one in rows]}


def _modules(modules: Iterable[Module]) -> list[dict[str, Any]]:
    return [{"module": one.pk, "code": one.code, "title": one.title} for one in modules]


def keep_changes(course: Course, before: Mapping[Place, State], *, by: User | None) -> int:
    """Keep a revision, told as from files, of every part that is not what it was; how many. Inside the transaction of the load.

    Where the history says something else of a part than ``before`` (or nothing yet) that is kept too, as nobody's, so that it can be
    restored. What is new in the course begins its history with the first change. Four statements for the revisions.
    """
    changed = {place: state for place, state in everything(course).items() if place in before and before[place] != state}
    if not changed:
        return 0
    last, now = _last(course, changed), clock.now()
    modules = dict(Activity.objects.filter(pk__in=_ids(changed, "activity")).values_list("pk", "module"))
    rows = []
    for place, state in changed.items():
        about = _about(course, place, modules)
        if last.get(place) != before[place]:
            at = now - timedelta(milliseconds=1)
            origin = RevisionOrigin.FILE if place in last else RevisionOrigin.EDIT
            rows.append(Revision(**about, content=before[place], by=None, origin=origin, started_at=at, at=at))
        rows.append(Revision(**about, content=state, by=by, origin=RevisionOrigin.FILE, started_at=now, at=now))
    Revision.objects.bulk_create(rows, batch_size=100)
    return len(changed)


def _ids(places: Iterable[Place], wanted: str) -> list[int]:
    return [pk for _aspect, what, pk in places if what == wanted]


def _about(course: Course, place: Place, modules: Mapping[int, int | None]) -> dict[str, Any]:
    aspect, what, pk = place
    about: dict[str, Any] = {"course": course, "aspect": aspect}
    if what == "activity":
        about["module_id"] = modules.get(pk)
    return about if what == "course" else about | {f"{what}_id": pk}


def _last(course: Course, places: Iterable[Place]) -> dict[Place, State]:
    """What the history says of these places now. Two statements; the long texts only of those asked for."""
    places = set(places)
    concerned = Q(activity__in=_ids(places, "activity")) | Q(channel__in=_ids(places, "channel"))
    concerned |= Q(course=course) & Q(**{f"{name}__isnull": True for name in THINGS})
    rows = Revision.objects.filter(concerned).order_by("at", "pk")
    newest: dict[Place, int] = {}
    for pk, aspect, activity, channel, module in rows.values_list("pk", "aspect", "activity", "channel", "module"):
        place = _place(aspect, course.pk, activity=activity, channel=channel, module=module)
        if place in places:
            newest[place] = pk
    contents = dict(Revision.objects.filter(pk__in=newest.values()).values_list("pk", "content"))
    return {place: contents[pk] for place, pk in newest.items()}


def _place(aspect: str, course: int, *, activity: int | None, channel: int | None, module: int | None) -> Place:
    if activity:
        return aspect, "activity", activity
    if channel:
        return aspect, "channel", channel
    return (aspect, "module", module) if module else (aspect, "course", course)
