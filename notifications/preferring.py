"""What a person wants to be told. Each change is one audit entry."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from audit import log

from . import kinds
from .models import Preference

MOST_BUDGET = 7


def of(person: User) -> Preference:
    """The person's preferences; the unsaved defaults when nothing was ever chosen (a GET writes nothing)."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


@transaction.atomic
def choose(person: User, *, muted_kinds: Iterable[str], weekly_budget: int, by: User | None) -> Preference:
    """Set which reminders stay silent and how many may come in seven days (0 to 7). Without a change nothing is recorded.

    ``by`` is None when the change came by the signed link in a letter. Raises ``ValueError`` for a budget out of bounds.
    """
    if not 0 <= weekly_budget <= MOST_BUDGET:
        raise ValueError(f"A weekly budget is 0 to {MOST_BUDGET}, not {weekly_budget}.")
    preference = _locked(person)
    known = {kind.name for kind in kinds.reminders()}
    muted = sorted(set(muted_kinds) & known)
    if (muted, weekly_budget) != (sorted(preference.muted_kinds), preference.weekly_budget):
        preference.muted_kinds, preference.weekly_budget = muted, weekly_budget
        preference.save(update_fields=["muted_kinds", "weekly_budget"])
        log.record("preference.changed", by=by, on=preference, person=person.pk, muted=muted, weekly_budget=weekly_budget)
    return preference


@transaction.atomic
def mute(person: User, kind: str) -> Preference:
    """No more reminders of this kind, from the letter's own link. Safe to repeat."""
    preference = _locked(person)
    return choose(person, muted_kinds=[*preference.muted_kinds, kind], weekly_budget=preference.weekly_budget, by=None)


def _locked(person: User) -> Preference:
    Preference.objects.get_or_create(person=person)
    return Preference.objects.select_for_update().get(person=person)
