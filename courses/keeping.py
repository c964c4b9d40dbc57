"""The rows of the history: what one part of a draft was after a change, kept by the verb that changed it.

A *state* is the whole of one aspect as plain JSON. What a lesson, module, course or outline is made of says ``revising``; here are those
of the things that lessons lean on: referral channels and what the library holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from linimasa import clock

from .models import Activity, Aspect, Channel, Course, Media, Module, Revision, RevisionOrigin

TOGETHER = timedelta(minutes=10)  # saves of one person within this time are one revision
THINGS = ("activity", "channel", "media")  # what a revision may be about beside a module or course
CHANNEL_FIELDS = ("name", "address", "purpose", "state", "note", "checked_on", "check_again_on")
MEDIA_WORDS = ("title", "alternative_text", "captions", "transcript", "crop", "focus_x", "focus_y")
MEDIA_FILE = ("sha256", "size", "width", "height", "seconds", "content_type", "original_name")
State = dict[str, Any]


def keep(
    course: Course,
    *,
    module: Module | None = None,
    activity: Activity | None = None,
    channel: Channel | None = None,
    media: Media | None = None,
    aspect: str,
    content: Mapping[str, Any],
    by: User | None,
    origin: str = RevisionOrigin.EDIT,
    before: Mapping[str, Any] | None = None,
    apart: bool = False,
) -> Revision:
    """Remember what this part of the draft is now. Called inside the transaction of the verb that changed it, under its lock.

    Saves of one person within ten minutes of the first are one revision; saving the same adds none. ``before`` is the state before the
    change: where the last revision says something else (or there is none yet) it is kept too, as nobody's, so that it can be restored
    and is not told as this person's doing.
    """
    now, wanted = clock.now(), plain(content)
    about = {"course": course, "module": module, "activity": activity, "channel": channel, "media": media, "aspect": aspect}
    last = same_part(Revision(**about)).order_by("-at", "-pk").first()
    if before is not None:
        last = _base(last, plain(before), about, now) or last
    if last is not None and last.content == wanted:
        return last
    if last is not None and not apart and _is_same_work(last, by, origin, now):
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


def previous(revision: Revision) -> Revision | None:
    """What the same part was before this revision."""
    return same_part(revision).filter(at__lt=revision.at).order_by("-at", "-pk").first()


def same_part(revision: Revision) -> QuerySet[Revision]:
    """All revisions of what this one is about."""
    for name in THINGS:  # a part that moved to another module is still the same part
        if pk := getattr(revision, f"{name}_id"):
            return Revision.objects.filter(**{name: pk}, aspect=revision.aspect)
    return Revision.objects.filter(course=revision.course_id, module=revision.module_id, aspect=revision.aspect, **dict.fromkeys(THINGS))


# --- what lessons lean on ---------------------------------------------------------------------------------------------
def channel_state(channel: Channel) -> State:
    """A referral channel with what a person found of it."""
    about = {name: getattr(channel, name) for name in CHANNEL_FIELDS}
    return plain(about | {"checked_by": channel.checked_by_id, "archived": channel.archived_at is not None})


def media_state(media: Media) -> State:
    """A thing of the library: its words, how it is cut, which file it is."""
    about = {name: getattr(media, name) for name in (*MEDIA_WORDS, *MEDIA_FILE)}
    return plain(about | {"file": str(media.file.name), "archived": media.archived_at is not None})


def keep_channel(channel: Channel, *, by: User | None, before: State, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for a channel as the database has it now."""
    fresh = Channel.objects.select_related("course").get(pk=channel.pk)
    words: dict[str, Any] = {"content": channel_state(fresh), "by": by, "before": before, "origin": origin}
    return keep(fresh.course, channel=fresh, aspect=Aspect.CHANNEL, **words)


def keep_media(media: Media, *, by: User | None, before: State, origin: str = RevisionOrigin.EDIT) -> Revision:
    """``keep`` for a thing of the library as the database has it now."""
    fresh = Media.objects.select_related("course").get(pk=media.pk)
    words: dict[str, Any] = {"content": media_state(fresh), "by": by, "before": before, "origin": origin}
    return keep(fresh.course, media=fresh, aspect=Aspect.MEDIA, **words)
