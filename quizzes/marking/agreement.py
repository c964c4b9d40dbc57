"""How far two markers agree: weighted kappa and shares. Pure: numbers in, numbers out.

Weighted kappa is that of J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit",
Psychological Bulletin 70 (1968) 213–220: one minus observed over expected weighted disagreement. With quadratic weights it equals an
intraclass correlation (Fleiss & Cohen, Educational and Psychological Measurement 33 (1973) 613–619), so larger distances count more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_PAIRS = 5  # fewer say nothing, and would tell whose they are
BANDS = ((0.81, "hampir sempurna"), (0.61, "kuat"), (0.41, "sedang"), (0.21, "lemah"), (0.0, "sangat lemah"))


@dataclass(frozen=True)
class Agreement:
    """``kappa`` is None where both used one level only: then nothing can be told beyond chance. Shares are 0 to 1."""

    pairs: int
    kappa: float | None
    exact: float
    adjacent: float

    @property
    def words(self) -> str:
        """Landis and Koch (Biometrics 33 (1977) 159–174)."""
        if self.kappa is None:
            return "tidak dapat dihitung"
        return next((word for least, word in BANDS if round(self.kappa, 2) >= least), "lebih buruk daripada kebetulan")


def quadratic(levels: int) -> list[list[float]]:
    """The weight of each disagreement: the square of its distance, 1 between the ends."""
    width = max(levels - 1, 1)
    return [[((row - column) / width) ** 2 for column in range(levels)] for row in range(levels)]


def table_of(pairs: Sequence[tuple[int, int]], levels: int) -> list[list[int]]:
    """How often the first marker gave the row's level and the second the column's. Raises ValueError for a level that is none."""
    table = [[0] * levels for _ in range(levels)]
    for first, second in pairs:
        if not (0 <= first < levels and 0 <= second < levels):
            raise ValueError(f"level {first} or {second} is not one of {levels}")
        table[first][second] += 1
    return table


def weighted_kappa(table: Sequence[Sequence[float]], weights: Sequence[Sequence[float]] | None = None) -> float | None:
    """Cohen's weighted kappa of a square table of counts or shares; quadratic weights of disagreement unless others are given.

    None where no disagreement is expected (one level only, or an empty table).
    """
    size = len(table)
    weights = weights or quadratic(size)
    total = float(sum(map(sum, table)))
    if not total:
        return None
    rows = [sum(row) / total for row in table]
    columns = [sum(row[place] for row in table) / total for place in range(size)]
    places = [(row, column) for row in range(size) for column in range(size)]
    observed = sum(weights[row][column] * table[row][column] / total for row, column in places)
    expected = sum(weights[row][column] * rows[row] * columns[column] for row, column in places)
    return 1 - observed / expected if expected else None


def of_pairs(pairs: Sequence[tuple[int, int]], levels: int) -> Agreement | None:
    """The agreement of two markers on one criterion; None below ``LEAST_PAIRS``."""
    if len(pairs) < LEAST_PAIRS:
        return None
    count = len(pairs)
    return Agreement(
        pairs=count,
        kappa=weighted_kappa(table_of(pairs, levels)),
        exact=sum(first == second for first, second in pairs) / count,
        adjacent=sum(abs(first - second) <= 1 for first, second in pairs) / count,
    )
