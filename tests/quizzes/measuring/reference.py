"""The same measures once more, written the slow and plain way from their definitions, with exact fractions where they can be.

Nothing here is shared with ``quizzes.measuring``. A table is ``{attempt: {question: points or None}}``; None is a blank answer, a
question that is not there was not shown.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

Table = dict[int, dict[Any, Any]]


@cache
def exact(value: Any) -> Fraction:
    return Fraction(str(value)) if not isinstance(value, Fraction) else value


def pearson(pairs: list[tuple[Any, Any]]) -> float | None:
    xs, ys = [exact(x) for x, _ in pairs], [exact(y) for _, y in pairs]
    n = len(pairs)
    if n < 2:
        return None
    sxy = n * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)
    sxx, syy = n * sum(x * x for x in xs) - sum(xs) ** 2, n * sum(y * y for y in ys) - sum(ys) ** 2
    return float(sxy) / math.sqrt(float(sxx) * float(syy)) if sxx and syy else None


def score(row: dict[Any, Any]) -> Fraction:
    return Fraction(sum(exact(one or 0) for one in row.values()), len(row))


def facility(table: Table, question: Any) -> float | None:
    told = [exact(row[question]) for row in table.values() if row.get(question) is not None]
    return float(Fraction(sum(told), len(told))) if told else None


def item_rest(table: Table, question: Any) -> float | None:
    pairs = []
    for row in table.values():
        if row.get(question) is None or len(row) < 2:
            continue
        rest = [exact(value or 0) for key, value in row.items() if key != question]
        pairs.append((row[question], Fraction(sum(rest), len(rest))))
    return pearson(pairs)


def cronbach(table: Table) -> float:
    """The textbook formula: k ÷ (k − 1) × (1 − Σ item variances ÷ variance of the totals). The same questions for all."""
    rows = [[exact(value or 0) for value in row.values()] for row in table.values()]
    k = len(rows[0])

    def spread(values: list[Fraction]) -> Fraction:
        middle = Fraction(sum(values), len(values))
        return Fraction(sum((one - middle) ** 2 for one in values), len(values) - 1)

    parts = sum(spread([row[place] for row in rows]) for place in range(k))
    return float(Fraction(k, k - 1) * (1 - parts / spread([sum(row) for row in rows])))


def pairwise_alpha(table: Table) -> float:
    """Spearman–Brown on the mean covariance of the pairs that were shown together, pair by pair, attempt by attempt."""
    questions = sorted({key for row in table.values() for key in row})
    middle = {}
    for one in questions:
        told = [exact(row[one] or 0) for row in table.values() if one in row]
        if len(told) > 1:
            middle[one] = Fraction(sum(told), len(told))
    own, cases, common, pairs = Fraction(0), 0, Fraction(0), 0
    for row in table.values():
        for one in row:
            if one not in middle:
                continue
            own += (exact(row[one] or 0) - middle[one]) ** 2
            cases += 1
            for other in row:
                if other != one and other in middle:
                    common += (exact(row[one] or 0) - middle[one]) * (exact(row[other] or 0) - middle[other])
                    pairs += 1
    v, c, k = own / cases, common / pairs, 1 + Fraction(pairs, cases)
    return float(k * c / (v + (k - 1) * c))


def upper_lower(table: Table, question: Any, share: float = 0.27) -> tuple[float, float]:
    """Every order of those who share a border is equally good: the mean over a fair share of each."""
    marks = {key: score(row) for key, row in table.items()}
    size = Fraction(min(Fraction(len(table), 2), max(1, round(len(table) * share))))
    found = []
    for sign in (-1, 1):
        left, weights = size, {}
        for value in sorted(set(marks.values()), key=lambda one: sign * one):
            tied = [key for key, mark in marks.items() if mark == value]
            part = min(Fraction(1), max(Fraction(0), left) / len(tied))
            weights |= dict.fromkeys(tied, part)
            left -= len(tied) * part
        told = [(weights[key], exact(row[question])) for key, row in table.items() if row.get(question) is not None]
        found.append(float(sum(w * x for w, x in told) / sum(w for w, _ in told)))
    return found[0], found[1]
