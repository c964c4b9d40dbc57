"""What people learned between two tests: the same learners before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from .numbers import correlation, mean, student_t, variance

CERTAINTY = 0.95


@dataclass(frozen=True)
class Gain:
    """All of scores from 0 to 1. ``low`` and ``high`` enclose the mean gain, ``d_low`` and ``d_high`` the effect size, with 95 %."""

    pairs: int
    before: float
    after: float
    gain: float
    low: float
    high: float
    normalised: float | None
    d: float | None
    d_low: float | None
    d_high: float | None


def gain(before: Sequence[float], after: Sequence[float]) -> Gain | None:
    """The paired gain; None of fewer than two pairs.

    ``normalised``: the mean gain as a share of what could be gained at most (Hake 1998); None where nothing could be. ``d`` is Cohen's
    d with the root of the mean of both variances (d_av; Cumming 2012, Lakens 2013), its interval by Bonett (2008), equation for a
    paired design; the interval of the mean gain is Student's for paired differences.
    """
    count = len(before)
    if count < 2 or count != len(after):
        return None
    apart = [later - earlier for earlier, later in zip(before, after, strict=True)]
    first, second, change = mean(before) or 0.0, mean(after) or 0.0, mean(apart) or 0.0
    half = student_t(1 - (1 - CERTAINTY) / 2, count - 1) * sqrt((variance(apart) or 0.0) / count)
    effect = paired_effect(first, second, variance(before) or 0.0, variance(after) or 0.0, correlation(before, after) or 0.0, count)
    return Gain(
        pairs=count,
        before=first,
        after=second,
        gain=change,
        low=change - half,
        high=change + half,
        normalised=change / (1 - first) if first < 1 - 1e-12 else None,
        d=effect[0] if effect else None,
        d_low=effect[1] if effect else None,
        d_high=effect[2] if effect else None,
    )


def paired_effect(
    before: float, after: float, var_before: float, var_after: float, together: float, count: int
) -> tuple[float, float, float] | None:
    """Cohen's d_av of a paired design and its 95 % interval, from means, variances and their correlation. None without any spread."""
    joint = (var_before + var_after) / 2
    freedom = count - 1
    if joint <= 1e-15 or freedom < 1:
        return None
    d = (after - before) / sqrt(joint)
    of_difference = var_before + var_after - 2 * together * sqrt(var_before * var_after)
    spread = d**2 * (var_before**2 + var_after**2 + 2 * together**2 * var_before * var_after) / (8 * freedom * joint**2)
    half = NormalDist().inv_cdf(1 - (1 - CERTAINTY) / 2) * sqrt(spread + max(0.0, of_difference) / (freedom * joint))
    return d, d - half, d + half
