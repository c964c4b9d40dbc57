"""The measures agree with published worked examples and with an independent slow computation to 1e-9, and keep their ranges."""

from __future__ import annotations

import math
import random
import statistics

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quizzes.measuring import gain, items, numbers, reliability
from quizzes.measuring.sheet import Column, Sheet

from . import reference

NEAR = 1e-9
# K. L. Wuensch, "The Kuder-Richardson 20" (East Carolina University, core.ecu.edu/wuenschk/StatHelp/KR20.txt): ten students, ten items.
WUENSCH = [
    *("1111110110", "1011011101", "1111011001", "0010001000", "0000010010"),
    *("1110111111", "1101110111", "1111111101", "0101111101", "1101101110"),
]
# Student (1908), "The probable error of a mean": hours of sleep gained with two drugs (R's data set ``sleep``).
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)


def table_of(rows):
    return {number: {place: float(mark) for place, mark in enumerate(row)} for number, row in enumerate(rows)}


def sheet_of(table):
    sheet = Sheet()
    for row in table.values():
        who = sheet.open_attempt()
        for question, points in row.items():
            sheet.add(question, who, points or 0.0, blank=points is None, said=-1 if points is None else int(points * 4))
    return sheet


def random_table(seed, *, people=40, bank=8, shown=8, blank=0.0):
    chance = random.Random(seed)
    table = {}
    for person in range(people):
        ability = chance.gauss(0, 1)
        row = {}
        for question in sorted(chance.sample(range(bank), shown)):
            right = chance.random() < 1 / (1 + math.exp(-(ability - (question - bank / 2) / 4)))
            row[question] = None if chance.random() < blank else chance.choice([0.0, 0.25, 0.5]) if not right else 1.0
        table[person] = row
    return table


# --- published ----------------------------------------------------------------------------------------------------------
def test_kr20_and_the_items_of_a_published_example():
    sheet = sheet_of(table_of(WUENSCH))
    assert [round(items.facility(one), 9) for one in sheet.columns.values()] == [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
    assert sum(total * total for total in sheet.total) / 10 - (sum(sheet.total) / 10) ** 2 == pytest.approx(5.84, abs=NEAR)
    pq = 0.21 + 0.21 + 0.24 + 0.21 + 0.24 + 0.16 + 0.21 + 0.21 + 0.25 + 0.24  # the example's own row of p × q
    assert reliability.alpha(sheet) == pytest.approx(10 / 9 * (1 - pq / 5.84), abs=NEAR)


def test_the_standard_error_of_measurement_follows_its_formula():
    sheet = sheet_of(table_of(WUENSCH))
    deviation = math.sqrt(5.84 * 10 / 9) / 10  # of the scores from 0 to 1
    assert reliability.error_of_measurement(sheet) == pytest.approx(deviation * math.sqrt(1 - reliability.alpha(sheet)), abs=NEAR)


def test_the_paired_interval_of_students_sleep_data():
    """R: ``t.test(extra ~ group, paired = TRUE)`` gives 1.58, from 0.7001142 to 2.4598858."""
    found = gain.gain(*SLEEP)
    assert found.gain == pytest.approx(1.58, abs=NEAR)
    assert (round(found.low, 7), round(found.high, 7)) == (0.7001142, 2.4598858)


def test_the_effect_size_of_bonetts_example():
    """statpsych, ``ci.stdmean.ps(.05, 110.4, 102.1, 15.3, 14.6, .75, 25)``, unweighted standardizer."""
    found = gain.paired_effect(102.1, 110.4, 14.6**2, 15.3**2, 0.75, 25)
    assert [round(one, 7) for one in found] == [0.5550319, 0.2394905, 0.8705732]


@pytest.mark.parametrize(
    ("freedom", "known"),
    [(1, 12.706204736174698), (2, 4.302652729749462), (9, 2.262157162798205), (30, 2.042272456301238), (1000, 1.9623390808264074)],
)
def test_quantiles_of_students_t_are_those_of_the_tables(freedom, known):
    assert numbers.student_t(0.975, freedom) == pytest.approx(known, abs=NEAR)


def test_the_normalised_gain_of_hakes_definition():
    found = gain.gain([0.4, 0.5, 0.6], [0.7, 0.75, 0.8])
    assert found.normalised == pytest.approx(0.25 / 0.5, abs=NEAR)


@pytest.mark.parametrize("item", range(10))
def test_discrimination_is_the_correlation_of_each_item_with_the_rest_of_the_published_example(item):
    sheet = sheet_of(table_of(WUENSCH))
    own = [float(row[item]) for row in WUENSCH]
    rest = [sum(map(int, row)) - one for row, one in zip(WUENSCH, own, strict=True)]
    assert items.discrimination(sheet, sheet.columns[item]) == pytest.approx(statistics.correlation(own, rest), abs=NEAR)


@pytest.mark.parametrize("seed", range(4))
def test_a_gain_agrees_with_its_formulas_written_anew(seed):
    """Student's paired interval, and Bonett's (2008, eq. 18) for d with the mean of both variances, by the standard library."""
    chance = random.Random(seed)
    before = [chance.random() for _ in range(25)]
    after = [min(1.0, one + chance.random() / 2) for one in before]
    found, count = gain.gain(before, after), len(before)
    apart = [two - one for one, two in zip(before, after, strict=True)]
    half = 2.0638985616280205 * statistics.stdev(apart) / math.sqrt(count)  # t of 24 degrees of freedom, 97.5 %
    assert (found.gain, found.low, found.high) == pytest.approx(
        (statistics.fmean(apart), statistics.fmean(apart) - half, statistics.fmean(apart) + half), abs=NEAR
    )
    one, two = statistics.variance(before), statistics.variance(after)
    joint, r, df = (one + two) / 2, statistics.correlation(before, after), count - 1
    d = statistics.fmean(apart) / math.sqrt(joint)
    spread = d**2 * (one**2 + two**2 + 2 * r**2 * one * two) / (8 * df * joint**2) + statistics.variance(apart) / (df * joint)
    wide = 1.959963984540054 * math.sqrt(spread)
    assert (found.d, found.d_low, found.d_high) == pytest.approx((d, d - wide, d + wide), abs=NEAR)


def test_the_upper_and_lower_27_percent_by_hand():
    """A hundred people in the order of their score: the upper 27 are right in 20 cases, the lower 27 in 10."""
    sheet, column = Sheet(), Column()
    right = {*range(10), *range(80, 100)}
    for person in range(100):
        who = sheet.open_attempt()
        sheet.add("rest", who, person / 100)
        column.add(who, float(person in right))
    found = items.extremes(column, items.groups(sheet.scores()))
    assert (found.upper, found.lower, found.index) == pytest.approx((20 / 27, 10 / 27, 10 / 27), abs=NEAR)


def test_quartiles_are_those_of_type_7():
    """R: ``quantile(c(1, 2, 3, 4, 10), c(.25, .5, .75))`` and of ``1:4``."""
    assert numbers.quartiles([10, 3, 1, 4, 2]) == (2, 3, 4)
    assert numbers.quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)


# --- the independent computation ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "shape",
    [{}, {"blank": 0.15}, {"bank": 20, "shown": 6}, {"bank": 20, "shown": 6, "blank": 0.1}, {"people": 7, "bank": 4, "shown": 4}],
    ids=["everyone the same", "with blanks", "random draws", "draws and blanks", "few"],
)
@pytest.mark.parametrize("seed", range(2))
def test_all_measures_agree_with_the_slow_ones(shape, seed):
    table = random_table(seed, **shape)
    sheet = sheet_of(table)
    assert reliability.alpha(sheet) == pytest.approx(reference.pairwise_alpha(table), abs=NEAR)
    parts = items.groups(sheet.scores())
    for question, column in sheet.columns.items():
        assert items.facility(column) == pytest.approx(reference.facility(table, question), abs=NEAR)
        slow = reference.item_rest(table, question)
        assert items.discrimination(sheet, column) == (None if slow is None else pytest.approx(slow, abs=NEAR))
        found = items.extremes(column, parts, least=0)
        if found is not None:
            assert (found.upper, found.lower) == pytest.approx(reference.upper_lower(table, question), abs=NEAR)


@pytest.mark.parametrize("seed", range(3))
def test_with_the_same_questions_for_all_it_is_cronbachs_alpha(seed):
    table = random_table(seed, blank=0.1)
    assert reliability.alpha(sheet_of(table)) == pytest.approx(reference.cronbach(table), abs=NEAR)


def test_alpha_of_random_draws_comes_near_that_of_a_whole_test_as_long():
    """Spearman–Brown from all 40 questions to the 10 that each learner is shown."""
    whole, draws = (random_table(5, people=1500, bank=40, shown=shown) for shown in (40, 10))
    long = reference.cronbach(whole)
    expected = 0.25 * long / (1 - 0.75 * long)
    assert reliability.alpha(sheet_of(draws)) == pytest.approx(expected, abs=0.05)


# --- properties -----------------------------------------------------------------------------------------------------------
points = st.sampled_from([0.0, 0.25, 0.33333, 0.5, 1.0])
tables = st.integers(2, 6).flatmap(
    lambda questions: st.lists(st.lists(st.one_of(st.none(), points), min_size=questions, max_size=questions), min_size=2, max_size=25)
)
quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(tables)
def test_every_number_stays_in_its_range(rows):
    sheet = sheet_of({number: dict(enumerate(row)) for number, row in enumerate(rows)})
    reliable, error = reliability.alpha(sheet), reliability.error_of_measurement(sheet)
    assert reliable is None or reliable <= 1 + NEAR
    assert error is None or 0 <= error <= 1
    assert sum(reliability.histogram(sheet.scores())) == len(rows)
    parts = items.groups(sheet.scores())
    size = min(len(rows) / 2, max(1, round(len(rows) * 0.27)))
    assert (sum(parts.upper), sum(parts.lower)) == pytest.approx((size, size), abs=NEAR)
    for column in sheet.columns.values():
        for share in (items.facility(column), items.facility_of_shown(column), items.blank_share(column)):
            assert share is None or 0 <= share <= 1
        told = items.discrimination(sheet, column)
        assert told is None or -1 <= told <= 1
        found = items.extremes(column, parts, least=0)
        assert found is None or -1 <= found.index <= 1
        shares = items.spread(column, parts, [frozenset({number}) for number in range(-1, 5)], least=0)
        assert sum(one.all for one in shares) == pytest.approx(1, abs=NEAR)
        assert all(0 <= value <= 1 for one in shares for value in (one.all, one.upper, one.lower) if value is not None)


@quick
@given(tables, st.randoms(use_true_random=False))
def test_names_and_order_of_people_and_questions_change_nothing(rows, chance):
    people, questions = list(range(len(rows))), list(range(len(rows[0])))
    chance.shuffle(people)
    chance.shuffle(questions)
    plain = sheet_of({number: dict(enumerate(row)) for number, row in enumerate(rows)})
    mixed = sheet_of({number: {f"q{one}": rows[number][one] for one in questions} for number in people})
    assert almost(reliability.alpha(plain), reliability.alpha(mixed))
    plain_parts, mixed_parts = items.groups(plain.scores()), items.groups(mixed.scores())
    for question, column in plain.columns.items():
        other = mixed.columns[f"q{question}"]
        assert almost(items.facility(column), items.facility(other))
        assert almost(items.discrimination(plain, column), items.discrimination(mixed, other))
        one, two = items.extremes(column, plain_parts, least=0), items.extremes(other, mixed_parts, least=0)
        assert (one is None) == (two is None)
        assert one is None or almost(one.index, two.index)


def almost(one, other):
    return one is None and other is None or (one is not None and other is not None and abs(one - other) < 1e-7)


@quick
@given(st.lists(st.tuples(points, points), min_size=2, max_size=30))
def test_a_gain_turns_around_with_its_tests(pairs):
    before, after = [one for one, _ in pairs], [two for _, two in pairs]
    there, back = gain.gain(before, after), gain.gain(after, before)
    assert there.gain == pytest.approx(-back.gain, abs=NEAR)
    assert there.low - NEAR <= there.gain <= there.high + NEAR
    assert there.normalised is None or there.normalised <= 1 + NEAR
    assume(there.d is not None)
    assert there.d == pytest.approx(-back.d, abs=NEAR)
    assert there.d_low - NEAR <= there.d <= there.d_high + NEAR


# --- what is left out -------------------------------------------------------------------------------------------------------
def test_a_blank_answer_is_not_a_wrong_one():
    column = Column()
    for who, points_ in enumerate([1.0, 1.0, 0.0]):
        column.add(who, points_)
    before = items.facility(column)
    column.add(3, 0.0, blank=True)
    assert items.facility(column) == before == pytest.approx(2 / 3)
    assert items.facility_of_shown(column) == 0.5
    assert items.blank_share(column) == 0.25


def test_groups_of_fewer_than_five_are_not_told():
    sheet, column = Sheet(), Column()
    for person in range(18):  # 27 % of 18 are 5 people, 27 % of 16 are 4
        who = sheet.open_attempt()
        sheet.add("rest", who, person / 18)
        column.add(who, float(person > 9))
    assert items.extremes(column, items.groups(sheet.scores())) is not None
    small = Sheet()
    few = Column()
    for person in range(16):
        who = small.open_attempt()
        small.add("rest", who, person / 16)
        few.add(who, float(person > 9))
    assert items.extremes(few, items.groups(small.scores())) is None
    assert items.spread(few, items.groups(small.scores()), [frozenset({-1})])[0].upper is None
    assert items.by_fifth(few, items.groups(small.scores())) == [None] * 5


@pytest.mark.parametrize("rows", [["1111"], ["11", "11", "11"], ["1", "0"]], ids=["one learner", "no spread", "one question"])
def test_what_is_not_defined_is_not_told(rows):
    sheet = sheet_of(table_of(rows))
    assert reliability.alpha(sheet) is None
    assert all(items.discrimination(sheet, column) is None for column in sheet.columns.values())
