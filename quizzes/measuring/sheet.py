"""The answers of one quiz as columns: compact enough for hundreds of thousands, and all that the measures need."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from dataclasses import dataclass, field
from math import nan


@dataclass
class Column:
    """What all those who were shown one question did with it, each place one attempt.

    ``who`` the attempt's number in the sheet, ``points`` 0 to 1, ``blank`` 1 where nothing was answered (points 0), ``said`` which of the
    different answers it was (−1 where blank), ``seconds`` spent on it (NaN where unknown).
    """

    who: array[int] = field(default_factory=lambda: array("l"))
    points: array[float] = field(default_factory=lambda: array("d"))
    blank: bytearray = field(default_factory=bytearray)
    said: array[int] = field(default_factory=lambda: array("l"))
    seconds: array[float] = field(default_factory=lambda: array("d"))
    _answered: tuple[int, list[int], list[float]] | None = None  # for that many rows; every measure asks for it

    def __len__(self) -> int:
        return len(self.who)

    def add(self, who: int, points: float, *, blank: bool = False, said: int = -1, seconds: float = nan) -> None:
        self.who.append(who)
        self.points.append(points)
        self.blank.append(blank)
        self.said.append(said)
        self.seconds.append(seconds)

    def answered(self) -> tuple[list[int], list[float]]:
        """The attempts that answered, and their points: one that left it blank is neither right nor wrong."""
        if self._answered is None or self._answered[0] != len(self.who):
            kept = [place for place, blank in enumerate(self.blank) if not blank]
            self._answered = (len(self.who), [self.who[place] for place in kept], [self.points[place] for place in kept])
        return self._answered[1:]


@dataclass
class Sheet:
    """``total`` and ``count``: each attempt's points in all and how many questions it was shown; ``columns`` by question."""

    total: array[float] = field(default_factory=lambda: array("d"))
    count: array[int] = field(default_factory=lambda: array("l"))
    columns: dict[Hashable, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.total)

    def open_attempt(self) -> int:
        """The number of one more attempt."""
        self.total.append(0.0)
        self.count.append(0)
        return len(self.total) - 1

    def add(self, question: Hashable, who: int, points: float, *, blank: bool = False, said: int = -1, seconds: float = nan) -> None:
        """One question of one attempt."""
        column = self.columns.get(question)
        if column is None:
            column = self.columns[question] = Column()
        column.add(who, points, blank=blank, said=said, seconds=seconds)
        self.total[who] += points
        self.count[who] += 1

    def scores(self) -> list[float]:
        """Each attempt's score: the mean of its points, 0 to 1."""
        return [total / count if count else 0.0 for total, count in zip(self.total, self.count, strict=True)]
