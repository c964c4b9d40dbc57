"""What people chose: the answers of a question sorted by its options, its parts, or (typed answers) by what was typed most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..kinds import kind_of
from ..kinds.choice import LETTERS, Choices, TrueFalse
from ..kinds.matching import Matching
from ..kinds.ordering import Ordering
from ..kinds.short_answer import normalised
from ..models import QuestionVersion
from . import items
from .items import LEAST
from .sheet import Column

ONE_OF, SOME_OF, PART, TYPED = "one", "some", "part", "typed"  # the role of a row
MOST_TYPED = 8


def told(version: QuestionVersion, answers: Mapping[int, Any], column: Column, parts: items.Groups) -> list[dict[str, Any]]:
    """One row for each option, part or frequent answer, and last the share that left it blank.

    ``answers``: the different stored answers by number. A row: ``{role, place, letter, is_key, count, all, upper, lower}``; ``text``
    where it was typed. Typed answers that fewer than five gave are left out: they may say who wrote them.
    """
    rows = _rows(version, answers, column)
    found = items.spread(column, parts, [*(mine for _, mine in rows), frozenset({-1})])
    made = [row | _shares(one) for (row, _), one in zip(rows, found, strict=False)]
    return [*made, {"role": "blank", "place": -1, "letter": "", "is_key": False} | _shares(found[-1])]


def _shares(one: items.Spread) -> dict[str, Any]:
    return {"count": one.count, "all": one.all, "upper": one.upper, "lower": one.lower}


def _rows(version: QuestionVersion, answers: Mapping[int, Any], column: Column) -> list[tuple[dict[str, Any], frozenset[int]]]:
    kind = kind_of(version)
    if isinstance(kind, Choices):
        right = kind.right()  # type: ignore[attr-defined]  # every kind with choices has it
        keys = set(right) if isinstance(right, list) else {right}
        role = SOME_OF if kind.several else ONE_OF
        names = ("Benar", "Salah") if isinstance(kind, TrueFalse) else LETTERS
        return [_row(role, place, names[place], place in keys, answers, partial(_holds, place)) for place in range(len(kind.texts()))]
    if isinstance(kind, Matching | Ordering):
        size = len(kind.content["pairs" if isinstance(kind, Matching) else "order"])
        return [_row(PART, place, str(place + 1), True, answers, partial(_at, place)) for place in range(size)]
    return _typed(version, answers, column)


def _holds(place: int, given: Any) -> bool:
    """Whether this option was chosen, alone or among others."""
    return place in given if isinstance(given, list) else bool(given == place)


def _at(place: int, given: Any) -> bool:
    """Whether the part at ``place`` is where it belongs."""
    return isinstance(given, list) and place < len(given) and given[place] == place


def _row(
    role: str, place: int, letter: str, is_key: bool, answers: Mapping[int, Any], holds: Callable[[Any], bool]
) -> tuple[dict[str, Any], frozenset[int]]:
    mine = frozenset(number for number, given in answers.items() if holds(given))
    return {"role": role, "place": place, "letter": letter, "is_key": is_key}, mine


def _typed(version: QuestionVersion, answers: Mapping[int, Any], column: Column) -> list[tuple[dict[str, Any], frozenset[int]]]:
    """The answers that were typed most, alike ones together, if they are plain texts or numbers."""
    alike: dict[str, set[int]] = {}
    for number, given in answers.items():
        if isinstance(given, str | int | float) and not isinstance(given, bool):
            alike.setdefault(normalised(str(given)), set()).add(number)
    numbers = {number: text for text, mine in alike.items() for number in mine}
    counts = dict.fromkeys(alike, 0)
    points: dict[str, float] = {}
    for said, given in zip(column.said, column.points, strict=True):
        if said in numbers:
            counts[numbers[said]] += 1
            points[numbers[said]] = max(given, points.get(numbers[said], 0.0))
    most = sorted((text for text, count in counts.items() if count >= LEAST), key=lambda text: (-counts[text], text))[:MOST_TYPED]
    return [
        ({"role": TYPED, "place": place, "letter": "", "is_key": points[text] == 1, "text": text}, frozenset(alike[text]))
        for place, text in enumerate(most)
    ]
