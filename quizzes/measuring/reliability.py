"""How far a score can be trusted: Cronbach's alpha and the standard error of measurement."""

from __future__ import annotations

from array import array
from math import fsum, sqrt

from .numbers import mean, variance
from .sheet import Sheet


def alpha(sheet: Sheet) -> float | None:
    """Cronbach's alpha of an attempt's score (1951), also where each learner was shown a different draw of the questions.

    ``k·c ÷ (v + (k − 1)·c)``: v the mean variance of a question, c the mean covariance of two questions that the same learner was shown,
    k the questions of an attempt. With the same questions for all this *is* Cronbach's alpha; else it is the Spearman–Brown form for
    a test of k such questions, estimated from the cases at hand. A blank answer counts 0, as in the score. None where it is not defined.
    """
    away, squares, shown = array("d", bytes(8 * len(sheet))), list[float](), array("l", [0]) * len(sheet)
    for column in sheet.columns.values():
        if len(column) < 2:  # no variance to be had
            continue
        middle = fsum(column.points) / len(column)
        apart = [points - middle for points in column.points]
        squares.append(fsum([one * one for one in apart]))
        for one, value in zip(column.who, apart, strict=True):
            away[one] += value
            shown[one] += 1
    cases, pairs = sum(shown), sum(count * (count - 1) for count in shown)
    if not cases or not pairs:
        return None
    inside = fsum(squares)
    own = inside / cases
    common = (fsum([one * one for one in away]) - inside) / pairs
    # The mean of the attempts' numbers of questions, each attempt as often as it has questions to pair.
    length = 1 + pairs / cases
    whole = own + (length - 1) * common
    return length * common / whole if whole > 1e-15 else None


def error_of_measurement(sheet: Sheet) -> float | None:
    """The standard error of measurement of a score of 0 to 1: its standard deviation times √(1 − alpha)."""
    reliability, spread = alpha(sheet), variance(sheet.scores())
    if reliability is None or spread is None:
        return None
    return sqrt(spread) * sqrt(max(0.0, 1 - reliability))


def histogram(scores: list[float], bars: int = 10) -> list[int]:
    """How many scores lie in each of ``bars`` equal parts of 0 to 1; the last one holds 1 too."""
    counts = [0] * bars
    for one in scores:
        counts[min(bars - 1, max(0, int(one * bars + 1e-9)))] += 1
    return counts


def middle(scores: list[float]) -> tuple[float | None, float | None]:
    """Mean and standard deviation."""
    spread = variance(scores)
    return mean(scores), None if spread is None else sqrt(spread)
