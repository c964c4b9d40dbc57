"""Agreement of two markers, against figures that others published."""

from __future__ import annotations

import random

import pytest

from quizzes.marking import agreement

# Cohen (1968), table 1: shares of 200 cases (personality disorder, neurosis, psychosis) and weights of disagreement.
COHEN = [[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]]
COHEN_WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
UNWEIGHTED = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def pairs_of(first: list[int], second: list[int]) -> list[tuple[int, int]]:
    return list(zip(first, second, strict=True))


def test_the_example_of_cohen_1968() -> None:
    assert agreement.weighted_kappa(COHEN, COHEN_WEIGHTS) == pytest.approx(0.348, abs=5e-4)
    assert agreement.weighted_kappa(COHEN, UNWEIGHTED) == pytest.approx(0.492, abs=5e-4)


def test_quadratic_weights_as_other_programs_compute_them() -> None:
    """scikit-learn's own test of ``cohen_kappa_score``: 0.9412 with linear weights, 0.9541 with quadratic ones."""
    pairs = pairs_of([0] * 46 + [1] * 44 + [2] * 10, [0] * 50 + [1] * 40 + [2] * 10)
    table = agreement.table_of(pairs, 3)
    linear = [[abs(row - column) / 2 for column in range(3)] for row in range(3)]
    assert agreement.weighted_kappa(table, linear) == pytest.approx(0.9412, abs=5e-5)
    assert agreement.weighted_kappa(table) == pytest.approx(0.9541, abs=5e-5)


def test_quadratic_kappa_is_an_intraclass_correlation() -> None:
    """Fleiss & Cohen (1973): 1 - mean squared difference over what is expected of independent markers."""
    dice = random.Random(7)
    for _ in range(50):
        pairs = [(dice.randrange(4), dice.randrange(4)) for _ in range(30)]
        first, second = zip(*pairs, strict=True)
        count = len(pairs)
        observed = sum((a - b) ** 2 for a, b in pairs) / count
        expected = sum((a - b) ** 2 for a in first for b in second) / count**2
        assert agreement.weighted_kappa(agreement.table_of(pairs, 4)) == pytest.approx(1 - observed / expected, abs=1e-9)


def test_shares_count_the_same_level_and_one_beside_it() -> None:
    found = agreement.of_pairs([(0, 0), (1, 2), (3, 0), (2, 2), (1, 1)], 4)
    assert found is not None
    assert (found.pairs, found.exact, found.adjacent) == (5, 0.6, 0.8)


def test_few_pairs_tell_nothing_and_one_level_has_no_kappa() -> None:
    assert agreement.of_pairs([(0, 0)] * 4, 4) is None
    found = agreement.of_pairs([(0, 0)] * 5, 4)
    assert found is not None and found.kappa is None and found.words == "tidak dapat dihitung"
    assert agreement.weighted_kappa([[0, 0], [0, 0]]) is None
    with pytest.raises(ValueError, match="level"):
        agreement.table_of([(4, 0)], 4)
