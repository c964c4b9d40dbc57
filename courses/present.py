"""Who has a lesson's draft open right now, and where they write: told to each other, kept alive by beats of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from linimasa import clock, writing

from .models import Activity, Presence

ALIVE = timedelta(seconds=60)
LONGEST = 120


@dataclass(frozen=True)
class Colleague:
    """Somebody else in the same draft; ``passage`` is the line in which they write, if they do."""

    name: str
    is_writing: bool
    passage: str

    @property
    def first(self) -> str:
        """What colleagues call them."""
        return writing.short_name(self.name)


def beat(activity: Activity, person: User, *, is_writing: bool = False, passage: str = "") -> None:
    """This person has the draft open. Harmless when repeated."""
    now = {"seen_at": clock.now(), "is_writing": is_writing, "passage": passage[:LONGEST] if is_writing else ""}
    Presence.objects.update_or_create(activity=activity, person=person, defaults=now)


def leave(activity: Activity, person: User) -> None:
    """This person closed the page. Harmless when repeated."""
    Presence.objects.filter(activity=activity, person=person).delete()


def others(activity: Activity, person: User) -> list[Colleague]:
    """Who else has it open, those who write first. One statement."""
    rows = Presence.objects.filter(activity=activity, seen_at__gte=clock.now() - ALIVE).exclude(person=person)
    return [
        Colleague(row.person.name, row.is_writing, row.passage)
        for row in rows.select_related("person").order_by("-is_writing", "opened_at", "pk")[:9]
    ]
