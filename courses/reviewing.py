"""Four eyes: whoever sent or changed a draft does not approve it, whatever their role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from linimasa.problems import Problem

from . import companions
from .holders import Holder, activities_of, course_of, of_holder
from .media.using import written_word
from .models import OPEN_PROPOSALS, Lesson, Media, Module, Proposal, Revision, Version

Authors = Callable[[Holder, datetime | None], set[int]]
_authors: list[Authors] = []
MEDIA_CHANGES = ("media.replaced", "media.cut", "media.described", "draft.restored")


def register_authors(tell: Authors) -> None:
    """``tell(holder, since)`` gives the ids of the people who wrote, after ``since`` (None: ever), what an app to the right keeps of
    this draft. Called in ``ready()``."""
    if tell not in _authors:
        _authors.append(tell)


def authors_of(holder: Holder) -> set[int]:
    """The ids of everybody who changed this draft after its latest version, or sent it to be reviewed: its words, its order, its
    questions, the media that it shows. Of a part that came from elsewhere after that version: whoever ever wrote it. Nobody in a
    practice course, where one person plays every part."""
    if course_of(holder).is_practice:
        return set()
    version = holder.current_version
    since = version.published_at if version else None
    activities = {one.pk: one for one in activities_of(holder)}
    own = of_holder(Revision.objects.filter(channel=None, media=None), holder)  # of the library: only what these texts show, see below
    kept = Revision.objects.filter(Q(pk__in=own) | Q(activity__in=activities))
    lessons = Lesson.objects.filter(activity__in=activities)
    sent = of_holder(Proposal.objects.filter(status__in=OPEN_PROPOSALS), holder)
    if version is not None:
        came = Q(activity__in=set(activities) - {item["activity"] for item in version.outline})
        kept, lessons = kept.filter(Q(at__gt=since) | came), lessons.filter(Q(updated_at__gt=since) | came)
    bodies = [one.lesson.body for one in activities.values() if hasattr(one, "lesson")]
    bodies += [] if isinstance(holder, Module) else [guide["body"] for guide in companions.of_course(holder).guides]
    found = {holder.draft_changed_by_id} | _media_changers(holder, since, bodies)
    found |= set(kept.order_by().values_list("by", flat=True).distinct())
    found |= set(lessons.order_by().values_list("updated_by", flat=True).distinct())
    found |= set(sent.values_list("sent_by", flat=True))
    for tell in _authors:
        found |= tell(holder, since)
    return {pk for pk in found if pk is not None}


def _media_changers(holder: Holder, since: datetime | None, bodies: list[str]) -> set[int | None]:
    """Who replaced, cut or described what these texts show, after ``since``."""
    course = holder.course_id if isinstance(holder, Module) else holder.pk
    rows = Entry.objects.filter(object_type="courses.media", action__in=MEDIA_CHANGES, actor__isnull=False)
    acts = list((rows if since is None else rows.filter(at__gt=since)).order_by().values_list("object_id", "actor"))
    if not acts:
        return set()
    text = "\n".join(bodies)
    shown = {str(one.pk) for one in Media.objects.filter(course=course, pk__in={pk for pk, _ in acts}) if written_word(one) in text}
    return {actor for pk, actor in acts if pk in shown}


def review_problems(holder: Holder, *, by: User) -> list[Problem]:
    """Why this person may not be the one who approves this draft; empty for whoever left it alone since its latest version."""
    if by.pk in authors_of(holder):
        return [Problem("own_change", "Anda ikut menulis draf ini. Orang lain yang menyetujuinya: mintalah peninjau lain.")]
    return []


def address_of(holder: Holder) -> str:
    """Where this draft is reviewed."""
    return reverse("courses:review_module" if isinstance(holder, Module) else "courses:review_course", args=[holder.pk])


def address_of_publication(holder: Holder) -> str:
    """Where this draft is published, once it was approved."""
    return reverse("courses:publish_module" if isinstance(holder, Module) else "courses:publish_course", args=[holder.pk])


def address_of_version(version: Version) -> str:
    """Where a published version is told."""
    return reverse("courses:version", args=[version.pk])
