"""Four eyes: whoever sent or changed a draft does not approve it, whatever their role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from linimasa.problems import Problem

from .models import OPEN_PROPOSALS, Lesson, Module, Proposal, Revision
from .publishing import Holder, activities_of, of_holder

Authors = Callable[[Holder, datetime | None], set[int]]
_authors: list[Authors] = []


def register_authors(tell: Authors) -> None:
    """``tell(holder, since)`` gives the ids of the people who wrote, after ``since`` (None: ever), what an app to the right keeps of
    this draft. Called in ``ready()``."""
    if tell not in _authors:
        _authors.append(tell)


def authors_of(holder: Holder) -> set[int]:
    """The ids of everybody who changed this draft after its latest version, or sent it to be reviewed."""
    since = holder.current_version.published_at if holder.current_version else None
    kept = of_holder(Revision.objects.all(), holder)
    lessons = Lesson.objects.filter(activity__in=activities_of(holder))
    sent = of_holder(Proposal.objects.filter(status__in=OPEN_PROPOSALS), holder)
    if since is not None:
        kept, lessons = kept.filter(at__gt=since), lessons.filter(updated_at__gt=since)
    found = {holder.draft_changed_by_id}
    found |= set(kept.order_by().values_list("by", flat=True).distinct())
    found |= set(lessons.order_by().values_list("updated_by", flat=True).distinct())
    found |= set(sent.values_list("sent_by", flat=True))
    for tell in _authors:
        found |= tell(holder, since)
    return {pk for pk in found if pk is not None}


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
