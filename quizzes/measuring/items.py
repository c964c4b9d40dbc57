"""How one question behaves: how many get it right, whether it tells strong from weak, what the wrong ones chose."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from .numbers import correlation
from .sheet import Column, Sheet

EXTREME = 0.27  # Kelley (1939): the share that tells groups apart best
LEAST = 5  # no number about fewer people than this
FIFTHS = 5


@dataclass(frozen=True)
class Groups:
    """How much of each attempt counts in the upper and in the lower group (0 to 1: those at the border share the places left), and
    in which fifth of the scores it lies (0 the lowest)."""

    upper: array[float]
    lower: array[float]
    fifth: array[int]


def groups(scores: Sequence[float], share: float = EXTREME) -> Groups:
    """Upper and lower groups of ``share`` of the attempts each (rounded, at least one; never more than half), and fifths.

    Attempts of the same score are treated the same, so the order of the rows changes nothing.
    """
    count = len(scores)
    scores = [round(one, 9) for one in scores]  # what only rounding tells apart is the same
    size = min(count / 2, max(1, round(count * share)))
    upper, lower, fifth = array("d", bytes(8 * count)), array("d", bytes(8 * count)), array("l", [0]) * count
    order = sorted(range(count), key=scores.__getitem__)
    start = 0
    while start < count:
        end = start
        while end < count and scores[order[end]] == scores[order[start]]:
            end += 1
        ties = end - start
        in_lower = min(1.0, max(0.0, size - start) / ties)
        in_upper = min(1.0, max(0.0, end - (count - size)) / ties)
        middle = (start + end - 1) / 2  # the rank that ties share, from 0
        place = min(FIFTHS - 1, int(FIFTHS * (middle + 0.5) / count))
        for one in order[start:end]:
            upper[one], lower[one], fifth[one] = in_upper, in_lower, place
        start = end
    return Groups(upper, lower, fifth)


def facility(column: Column) -> float | None:
    """The mean points of those who answered, 0 to 1; blank is not wrong and does not count here. None when nobody answered."""
    points = column.answered()[1]
    return fsum(points) / len(points) if points else None


def facility_of_shown(column: Column) -> float | None:
    """The mean points of all to whom it was shown, blank as 0: what the question gave to the scores."""
    return fsum(column.points) / len(column) if len(column) else None


def blank_share(column: Column) -> float | None:
    """The share of those shown the question who handed in without an answer to it."""
    return sum(column.blank) / len(column) if len(column) else None


def discrimination(sheet: Sheet, column: Column) -> float | None:
    """The corrected point-biserial correlation: between the points of those who answered and their mean points on the other
    questions that they were shown (Henrysson 1963). None where it is not defined."""
    total, count = sheet.total, sheet.count
    xs, rest = list[float](), list[float]()
    for one, points in zip(*column.answered(), strict=True):
        others = count[one] - 1
        if others:
            xs.append(points)
            rest.append((total[one] - points) / others)
    return correlation(xs, rest)


@dataclass(frozen=True)
class Extremes:
    """Mean points of the answers in the upper and in the lower group; ``index`` is their difference, −1 to 1."""

    upper: float
    lower: float

    @property
    def index(self) -> float:
        return self.upper - self.lower


def extremes(column: Column, parts: Groups, least: float = LEAST) -> Extremes | None:
    """The upper and lower group's mean points on this question (Kelley 1939; Ebel & Frisbie 1991), among those who answered.

    None while either group holds fewer than ``least`` people.
    """
    who, points = column.answered()
    found = []
    for weights in (parts.upper, parts.lower):
        weight = [weights[one] for one in who]
        total = fsum(weight)
        if total < least or not total:
            return None
        found.append(fsum([one * value for one, value in zip(weight, points, strict=True)]) / total)
    return Extremes(*found)


def by_fifth(column: Column, parts: Groups, least: int = LEAST) -> list[float | None]:
    """Mean points in each fifth of the scores, the lowest first; None for a fifth with fewer than ``least`` who answered."""
    sums, counts = [0.0] * FIFTHS, [0] * FIFTHS
    for one, points in zip(*column.answered(), strict=True):
        sums[parts.fifth[one]] += points
        counts[parts.fifth[one]] += 1
    return [total / count if count >= max(1, least) else None for total, count in zip(sums, counts, strict=True)]


@dataclass(frozen=True)
class Spread:
    """How often an answer was chosen: shares of all who were shown the question, and of the upper and the lower group."""

    count: int
    all: float
    upper: float | None
    lower: float | None


def spread(column: Column, parts: Groups, belongs: Sequence[frozenset[int]], least: float = LEAST) -> list[Spread]:
    """For each option the share that chose it. ``belongs[option]`` names the different answers (``said``) that hold the option;
    −1 stands for a blank one. Group shares are None while a group holds fewer than ``least`` people."""
    said, who = column.said, column.who
    counts: dict[int, int] = {}
    upper: dict[int, float] = {}
    lower: dict[int, float] = {}
    for answer, one in zip(said, who, strict=True):
        counts[answer] = counts.get(answer, 0) + 1
        if parts.upper[one]:
            upper[answer] = upper.get(answer, 0.0) + parts.upper[one]
        if parts.lower[one]:
            lower[answer] = lower.get(answer, 0.0) + parts.lower[one]
    all_upper, all_lower = fsum(upper.values()), fsum(lower.values())

    def share(weights: dict[int, float], total: float, mine: frozenset[int]) -> float | None:
        return min(1.0, fsum(weights.get(answer, 0.0) for answer in mine) / total) if total and total >= least else None

    found = []
    for mine in belongs:
        chosen = sum(counts.get(answer, 0) for answer in mine)
        whole = chosen / len(column) if len(column) else 0.0
        found.append(Spread(chosen, whole, share(upper, all_upper, mine), share(lower, all_lower, mine)))
    return found
