"""Reminders to whoever answers for lessons: once a week, one letter about everything of theirs whose day comes or is past (promise 10).

Planning only finds people and queues a letter each; whether it may leave (still due, daytime, budget, not muted) is decided again in the
moment of sending. So planning may run late, twice or on two machines.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from linimasa import clock, writing
from notifications import outbox
from notifications.daytime import next_daytime
from notifications.kinds import Kind, register
from notifications.models import Channel as Way
from notifications.models import Message

from . import access, freshness
from .models import Course, Lesson

KIND = "lessons_due"
AHEAD = timedelta(days=14)
MOST_NAMED = 12


def register_kinds() -> None:
    """Called once from ``ready()``."""
    register(
        Kind(
            KIND,
            template=f"messages/{KIND}",
            label="Pelajaran dan fakta perlu ditinjau lagi",
            is_reminder=True,
            still_due=still_due,
            facts=facts,
            why="Anda penanggung jawab pelajaran atau fakta yang tanggal peninjauannya dekat atau lewat.",
        )
    )


def plan() -> int:
    """Queue this week's letter for everyone whose lessons or facts are due. How many were new. A few statements and the outbox's."""
    now = clock.now()
    year, week, _day = clock.today().isocalendar()
    due = Q(pk__in=_due().values("owner")) | Q(pk__in=freshness.owners_of_facts(clock.today() + AHEAD))
    people = User.objects.filter(due, is_active=True, suspended_at__isnull=True).order_by("pk")
    return outbox.enqueue_many(
        outbox.Draft(KIND, person, f"remind:{KIND}:{person.pk}:{year}-{week:02d}:{Way.EMAIL}", next_daytime(now, person.time_zone))
        for person in people
    )


def _due() -> QuerySet[Lesson]:
    """Lessons with an owner whose day comes within two weeks or is past."""
    live = Q(activity__module__isnull=True) | Q(activity__module__archived_at__isnull=True)
    rows = Lesson.objects.filter(live, owner__isnull=False, review_again_on__lte=clock.today() + AHEAD, activity__archived_at__isnull=True)
    return rows.filter(activity__course__archived_at__isnull=True, activity__course__is_practice=False)


def _of(person: User) -> list[freshness.Item]:
    """What the letter names: the person's own lessons and facts that are near or past, in courses that they still work on."""
    courses: QuerySet[Course] = access.courses_in_studio(person).filter(archived_at__isnull=True, is_practice=False)
    found = freshness.items(list(courses))
    return [one for one in found if one.owner == person and one.days is not None and one.days <= AHEAD.days]


def still_due(message: Message) -> bool:
    """Something of theirs is still to be looked at."""
    return message.recipient is not None and bool(_of(message.recipient))


def facts(message: Message) -> dict[str, Any]:
    """What is due, most urgent first, and where it is."""
    found = _of(message.recipient) if message.recipient else []
    lessons = [one for one in found if one.kind == "lesson"]
    count = len(lessons) or len(found)
    return {
        "items": found[:MOST_NAMED],
        "more": max(len(found) - MOST_NAMED, 0),
        "count": count,
        "count_word": writing.number_word(count).capitalize(),
        "what": "pelajaran" if lessons else "fakta",
        "path": f"{reverse('courses:freshness')}?milik=saya",
    }
