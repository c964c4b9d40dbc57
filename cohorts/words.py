"""What was said to a learner about work that came back. Apps to the right register who knows it; cohorts never ask which app it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from .models import Enrolment

LONGEST = 280


@dataclass(frozen=True, slots=True)
class Words:
    """What was written, at most ``LONGEST`` characters of it, and by whom (empty when that person's account is gone)."""

    text: str
    by: str


Source = Callable[[Enrolment, Collection[int]], dict[int, tuple[str, str]]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add one who knows: ``source(enrolment, activity_ids)`` gives {activity id: (text, name of who wrote it)}. Once each."""
    if source not in _sources:
        _sources.append(source)


def about(enrolment: Enrolment, activity_ids: Collection[int]) -> dict[int, Words]:
    """The last words about each of these activities. Asks nobody for no activities."""
    if not activity_ids:
        return {}
    told = {key: pair for source in _sources for key, pair in source(enrolment, activity_ids).items()}
    return {key: Words(_shortened(text), by) for key, (text, by) in told.items() if text.strip()}


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]} …"
