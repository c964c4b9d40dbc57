"""Who works on what: a lease, so that two trainers never hold the same work.

Whoever opens work holds it for half an hour, longer while they go on saving; it is given back by a button, by judging, or by time alone.
One statement decides, so it holds for any number of parallel calls on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from linimasa import clock
from linimasa.prepared import insert

from .marking import naming
from .models import Attempt, Claim
from .models.attempt import AttemptQuerySet

LEASE = timedelta(minutes=30)


@dataclass(frozen=True)
class Held:
    """What came of a claim. ``is_ours``: it is held by whoever asked; else ``by`` (a name, or «pengajar lain») holds it until then."""

    is_ours: bool
    by: str
    until: datetime

    @property
    def sentence(self) -> str:
        """Who has it and until when, in the zone of whoever reads it."""
        by = self.by[:1].upper() + self.by[1:]
        return f"{by} sedang menilai pekerjaan ini sampai pukul {clock.time_text(self.until)}."


@transaction.atomic
def claim(attempt: Attempt, *, by: User) -> Held:
    """Take the work, or go on holding it: half an hour from now. Of any number of trainers who ask at once, one gets it.

    For work that waits for a judgement; the caller has looked whether this person may grade it.
    """
    return claim_all([attempt], by=by)[attempt.pk]


@transaction.atomic
def claim_all(attempts: Sequence[Attempt], *, by: User) -> dict[int, Held]:
    """``claim`` for a page of work: what came of each, by attempt. Three statements for any number."""
    now = timezone.now()
    keys = sorted(one.pk for one in attempts)
    free = Claim.objects.filter(attempt__in=keys)
    free.filter(by=by, until__gt=now).update(until=now + LEASE)
    free.filter(until__lte=now).update(by=by, claimed_at=now, until=now + LEASE)
    insert(*(Claim(attempt_id=key, by=by, until=now + LEASE) for key in keys), or_leave=True)
    return held(attempts, by)


def held(attempts: Iterable[Attempt], by: User) -> dict[int, Held]:
    """Who holds which of these now, by attempt; those that are free are left out. One statement."""
    known = {one.pk: one for one in attempts}
    rows = Claim.objects.filter(attempt__in=known, until__gt=timezone.now()).select_related("by")
    return {
        one.attempt_id: Held(
            one.by_id == by.pk, one.by.name if one.by_id == by.pk else naming.trainer(one.by, known[one.attempt_id]), one.until
        )
        for one in rows
    }


def give_back(attempt: Attempt, *, by: User) -> bool:
    """Let the work go before its time; False when it was not held. Nobody gives back what another holds."""
    deleted, _ = Claim.objects.filter(attempt=attempt, by=by).delete()
    return bool(deleted)


def end(attempt: Attempt) -> None:
    """The work was judged: nobody holds it any longer."""
    Claim.objects.filter(attempt=attempt).delete()


def free_for(waiting: AttemptQuerySet, by: User) -> AttemptQuerySet:
    """Of these, what no other trainer holds now."""
    others = Claim.objects.filter(until__gt=timezone.now()).exclude(by=by)
    return waiting.exclude(pk__in=others.values("attempt"))


def is_mine(by: User) -> Q:
    """What this person holds, or has begun to judge."""
    return Q(claim__by=by, claim__until__gt=timezone.now()) | Q(pk__in=by_drafts(by))


def by_drafts(by: User) -> AttemptQuerySet:
    """Attempts of which this person has a draft."""
    return Attempt.objects.filter(grading_drafts__by=by).values("pk")  # type: ignore[return-value]
