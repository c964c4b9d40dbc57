"""The promises that rows can show, re-checked on live data (nightly, and by ``manage.py check_invariants``).

Each app declares its own in ``<app>/invariants.py``::

    @invariant(1, "Paling banyak satu percobaan terbuka per peserta dan kuis.")
    def one_open_attempt() -> list[str]:
        return [f"Attempt {pk}: …" for pk in …]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

Check = Callable[[], Iterable[str]]
MOST_ROWS_TOLD = 50


@dataclass(frozen=True)
class Invariant:
    number: int
    sentence: str
    check: Check

    @property
    def name(self) -> str:
        return f"{self.check.__module__}.{self.check.__name__}"


_registry: dict[str, Invariant] = {}


def invariant(number: int, sentence: str) -> Callable[[Check], Check]:
    """Register a check of promise ``number``; it returns one description (ids only, no names) for each broken row."""

    def register(check: Check) -> Check:
        made = Invariant(number, sentence, check)
        _registry[made.name] = made
        return check

    return register


def registered() -> list[Invariant]:
    """Every invariant of every app, by number and name."""
    autodiscover_modules("invariants")
    return sorted(_registry.values(), key=lambda one: (one.number, one.name))


def broken() -> list[tuple[Invariant, list[str]]]:
    """The invariants that do not hold now, each with its broken rows. Reads only."""
    found = [(one, list(one.check())) for one in registered()]
    return [(one, rows) for one, rows in found if rows]
