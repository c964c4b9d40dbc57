"""What a trainer has filled in and not given yet: saved by itself, found again on any device, kept when the claim is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from linimasa.prepared import insert

from ..models import Attempt, GradingDraft

HIGHEST = 1_000_000
MOST_FIELDS = 60
LONGEST = 5_000
KEPT = ("c", "r", "comment", "due")  # the form's fields that a draft holds, by their first letters


@dataclass(frozen=True)
class Kept:
    """What became of one save. ``accepted``: the draft holds this or something newer of the same page."""

    accepted: bool
    sequence: int
    saved_at: datetime


def fields_of(posted: Mapping[str, str]) -> dict[str, str]:
    """What of a posted form a draft keeps: levels, verdicts, words and the deadline, bounded, without signs that no one can see."""
    found = {
        name: "".join(sign for sign in value[:LONGEST] if sign >= " " or sign in "\r\n\t")
        for name, value in posted.items()
        if name in ("comment", "due") or (name[:1] in ("c", "r") and name[1:].isascii() and name[1:].isdecimal())
    }
    return dict(list(found.items())[:MOST_FIELDS])


@transaction.atomic
def save(attempt: Attempt, *, by: User, data: Mapping[str, str], sequence: int) -> Kept:
    """Keep this draft unless a newer page saved already (a ``sequence`` that is not higher changes nothing). Two statements."""
    now = timezone.now()
    insert(GradingDraft(attempt=attempt, by=by), or_leave=True)
    changed = GradingDraft.objects.filter(attempt=attempt, by=by, sequence__lt=min(sequence, HIGHEST)).update(
        data=dict(data), sequence=min(sequence, HIGHEST), saved_at=now
    )
    kept = GradingDraft.objects.get(attempt=attempt, by=by)
    return Kept(bool(changed) or kept.data == dict(data), kept.sequence, kept.saved_at)


def of(attempt: Attempt, by: User) -> GradingDraft | None:
    """This trainer's draft of this work, if there is one."""
    return GradingDraft.objects.filter(attempt=attempt, by=by).first()


def forget_due(attempt: Attempt) -> None:
    """The judgement was taken back, and its deadline with it; all else that was filled in stays."""
    for draft in GradingDraft.objects.filter(attempt=attempt):
        if draft.data.pop("returned_due", None) is not None:
            draft.save(update_fields=["data"])


def keep_due(attempt: Attempt, *, by: User, due_at: datetime | None) -> None:
    """Remember until when returned work is to be sent again; it takes effect with the judgement."""
    draft, _ = GradingDraft.objects.get_or_create(attempt=attempt, by=by)
    draft.data = draft.data | {"returned_due": due_at.isoformat() if due_at else ""}
    draft.save(update_fields=["data", "saved_at"])
