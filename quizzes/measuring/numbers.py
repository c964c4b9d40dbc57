"""Means, spreads, correlations and quantiles, in two passes and with exactly rounded sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, fsum, lgamma, log, sqrt
from operator import mul


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None of nothing."""
    return fsum(values) / len(values) if values else None


def variance(values: Sequence[float]) -> float | None:
    """The sample variance (divided by n − 1); None of fewer than two."""
    if len(values) < 2:
        return None
    middle = fsum(values) / len(values)
    return fsum([(one - middle) ** 2 for one in values]) / (len(values) - 1)


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's correlation, −1 to 1; None where one of the two does not vary or fewer than two pairs are there.

    For points of 0 and 1 this is the point-biserial correlation.
    """
    count = len(xs)
    if count < 2:
        return None
    mean_x, mean_y = fsum(xs) / count, fsum(ys) / count
    away_x, away_y = [one - mean_x for one in xs], [one - mean_y for one in ys]
    spread_x, spread_y = fsum(map(mul, away_x, away_x)), fsum(map(mul, away_y, away_y))
    tiny = 1e-18 * count  # what rounding leaves of values that are all the same
    if spread_x <= tiny or spread_y <= tiny:
        return None
    return max(-1.0, min(1.0, fsum(map(mul, away_x, away_y)) / (sqrt(spread_x) * sqrt(spread_y))))


def quartiles(values: Iterable[float]) -> tuple[float, float, float] | None:
    """First quartile, median and third quartile by linear interpolation (Hyndman & Fan 1996, type 7); None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = int(place)
        rest = place - below
        return ordered[below] + (rest * (ordered[below + 1] - ordered[below]) if rest else 0.0)

    return at(0.25), at(0.5), at(0.75)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (Lentz's method)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    found = d
    for m in range(1, 500):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + part * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + part / c
            c = c if abs(c) > tiny else tiny
            found *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return found


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function of x from 0 to 1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def student_t(share: float, freedom: int) -> float:
    """The quantile of Student's t distribution for ``share`` above 0.5 (0.975 for a two-sided 95 % interval), by bisection."""
    tail, low, high = 2 * (1 - share), 0.0, 1.0

    def beyond(value: float) -> float:
        return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value))

    while beyond(high) > tail:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if beyond(middle) > tail else (low, middle)
    return (low + high) / 2
