"""What people chose: the answers of a question sorted by its options, its parts, or (typed answers) by what was typed most.

The key is the one that judges: where a version was corrected, its options are marked by the corrected key (``correcting.judging``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..correcting import carrying
from ..correcting.judging import Judge
from ..kinds import kind_of
from ..kinds.choice import LETTERS, Choices, TrueFalse
from ..kinds.gaps import Gaps
from ..kinds.matching import Matching
from ..kinds.ordering import Ordering
from ..kinds.short_answer import normalised
from ..models import CorrectionChoice, QuestionKind, QuestionVersion
from . import items
from .items import LEAST
from .sheet import Column

ONE_OF, SOME_OF, PART, TYPED = "one", "some", "part", "typed"  # the role of a row
MOST_TYPED = 8
PARTS_IN: dict[str, str] = {QuestionKind.MATCHING: "pairs", QuestionKind.ORDERING: "order", QuestionKind.GAPS: "gaps"}


def told(
    version: QuestionVersion, answers: Mapping[int, Any], column: Column, parts: items.Groups, judge: Judge | None = None
) -> list[dict[str, Any]]:
    """One row for each option, part or frequent answer, and last the share that left it blank.

    ``answers``: the different stored answers by number; ``judge``: how they are judged now. A row: ``{role, place, letter, is_key, count,
    all, upper, lower}``; ``text`` where it was typed, ``tag`` where an option stands for a misconception. Typed answers that fewer than
    five gave are left out: they may say who wrote them.
    """
    rows = _rows(version, answers, column, judge or Judge({}))
    found = items.spread(column, parts, [*(mine for _, mine in rows), frozenset({-1})])
    made = [row | _shares(one) for (row, _), one in zip(rows, found, strict=False)]
    return [*made, {"role": "blank", "place": -1, "letter": "", "is_key": False} | _shares(found[-1])]


def _shares(one: items.Spread) -> dict[str, Any]:
    return {"count": one.count, "all": one.all, "upper": one.upper, "lower": one.lower}


def _rows(
    version: QuestionVersion, answers: Mapping[int, Any], column: Column, judge: Judge
) -> list[tuple[dict[str, Any], frozenset[int]]]:
    kind = kind_of(version)
    if isinstance(kind, Choices):
        keys, tags = keys_of(version, judge), _tags(version, judge)
        role = SOME_OF if kind.several else ONE_OF
        names = ("Benar", "Salah") if isinstance(kind, TrueFalse) else LETTERS
        made = [_row(role, place, names[place], place in keys, answers, partial(_holds, place)) for place in range(len(kind.texts()))]
        return [(row if row["is_key"] or place not in tags else row | {"tag": tags[place]}, mine) for place, (row, mine) in enumerate(made)]
    if isinstance(kind, Matching | Ordering | Gaps):
        return _part_rows(version, answers, judge)
    return _typed(version, answers, column, judge)


def keys_of(version: QuestionVersion, judge: Judge) -> set[int]:
    """The places of the options of ``version`` that are right now: a correction replaces the key, or adds to it where both are right."""
    keys, kind = _right(version), kind_of(version)
    assert isinstance(kind, Choices)  # noqa: S101 - asked for options only
    for choice, new, through in _corrections(version, judge):
        found = {place for place in range(len(kind.texts())) if _carried(version, place, new, through) in _right(new)}
        keys = keys | found if choice == CorrectionChoice.BOTH else found
    return keys


def _corrections(version: QuestionVersion, judge: Judge) -> Iterator[tuple[str, QuestionVersion, list[QuestionVersion]]]:
    """What corrections made of the version, oldest first, each with those before it."""
    through = list[QuestionVersion]()
    for rule in judge.rules.get(version.pk, ()):
        if rule.new is not None:
            yield rule.choice, rule.new, list(through)
            through.append(rule.new)


def _right(version: QuestionVersion) -> set[int]:
    right = kind_of(version).right()  # type: ignore[attr-defined]  # every kind with choices has it
    return set(right) if isinstance(right, list) else {right}


def _carried(version: QuestionVersion, place: int, new: QuestionVersion, through: Sequence[QuestionVersion]) -> int:
    """Where the option, step, pair or gap at this place of ``version`` stands in ``new``."""
    if version.kind in (QuestionKind.TRUE_FALSE, QuestionKind.GAPS):
        return place
    if version.kind == QuestionKind.MATCHING:
        alone = [0 if place == one else None for one in range(len(version.content["pairs"]))]
        carried = carrying.carried(version.kind, version, alone, new, through)
        return next(there for there, right in enumerate(carried) if right is not None)
    return int(carrying.carried(version.kind, version, [place], new, through)[0])


def _tags(version: QuestionVersion, judge: Judge) -> dict[int, str]:
    """The misconception that each option stands for, as the version says that judges."""
    new, kind = judge.version(version), kind_of(version)
    assert isinstance(kind, Choices)  # noqa: S101 - asked for options only
    tags = new.content.get("misconceptions", {})
    names, through = kind.options(new.content), judge.through(version)[:-1]
    places = {place: place if new is version else _carried(version, place, new, through) for place in range(len(kind.texts()))}
    return {place: tags[names[there]] for place, there in places.items() if names[there] in tags}


def _part_rows(version: QuestionVersion, answers: Mapping[int, Any], judge: Judge) -> list[tuple[dict[str, Any], frozenset[int]]]:
    """A row for each pair, step or gap: who had it where it belongs, in the order and words of the version that judges."""
    new, through = judge.version(version), judge.through(version)[:-1]
    size = len(version.content[PARTS_IN[version.kind]])
    right = {number: _right_parts(version, given, size, judge) for number, given in answers.items()}
    made = []
    for place in range(size):
        there = place if new is version else _carried(version, place, new, through)
        row = {"role": PART, "place": place, "letter": str(there + 1), "is_key": True}
        if new is not version and version.kind != QuestionKind.GAPS:
            row["text"] = _part_text(new, there)
        made.append((there, row, frozenset(number for number, places in right.items() if place in places)))
    return [(row, mine) for _, row, mine in sorted(made, key=lambda one: one[0])]


def _part_text(version: QuestionVersion, place: int) -> str:
    part = version.content[PARTS_IN[version.kind]][place]
    return f"{part['left']} → {part['right']}" if isinstance(part, dict) else str(part)


def _right_parts(version: QuestionVersion, given: Any, size: int, judge: Judge) -> set[int]:
    """The parts of this answer (by their places in ``version``) that are right by the key that judges; where a correction let both keys be
    right, by either."""
    found = _places(version, given, size)
    for choice, new, through in _corrections(version, judge):
        there = _places(new, carrying.carried(version.kind, version, given, new, through), size)
        mine = {place for place in range(size) if _carried(version, place, new, through) in there}
        found = found | mine if choice == CorrectionChoice.BOTH else mine
    return found


def _places(version: QuestionVersion, given: Any, size: int) -> set[int]:
    """The parts of an answer that are right by this version's own key."""
    kind = kind_of(version)
    if isinstance(kind, Gaps):
        return {place for place, is_right in enumerate(kind.right(given)) if is_right}
    return {place for place in range(size) if _at(place, given)}


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


def _typed(
    version: QuestionVersion, answers: Mapping[int, Any], column: Column, judge: Judge
) -> list[tuple[dict[str, Any], frozenset[int]]]:
    """The answers that were typed most, alike ones together, if they are plain texts or numbers. Accepted is what the key that judges
    knows; an answer that only a person can judge, by the points that it got."""
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

    def is_taken(text: str) -> bool:
        judged = judge.points(version, answers[min(alike[text])]) if version.pk in judge.rules else None
        return (points[text] if judged is None else judged) == 1

    most = sorted((text for text, count in counts.items() if count >= LEAST), key=lambda text: (-counts[text], text))[:MOST_TYPED]
    return [
        ({"role": TYPED, "place": place, "letter": "", "is_key": is_taken(text), "text": text}, frozenset(alike[text]))
        for place, text in enumerate(most)
    ]
