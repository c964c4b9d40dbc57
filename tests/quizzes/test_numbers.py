"""Numbers as people type them, units, tolerances; gaps; regions: read, judged and bounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linimasa.writing import decimal
from quizzes.kinds import AnswerError, registry
from quizzes.kinds.hotspot import drawn, shape_problem
from quizzes.kinds.numbers import is_within, read
from tests.factories import quizzes as factory

NUMERIC, GAPS, HOTSPOT = (
    {key: value for key, value in one.items() if key in registry[one["kind"]].keys} for one in factory.more_questions()
)
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
PERCENTS = st.floats(0, 100).map(lambda one: round(one, 3))


def numeric(**changes):
    return registry["numeric"](NUMERIC | changes)


@pytest.mark.parametrize(
    ("typed", "readings", "unit"),
    [
        ("4,5", ["4.5"], ""),
        ("4.5", ["4.5"], ""),
        (" －４，５ ", ["-4.5"], ""),
        ("1.500", ["1500", "1.5"], ""),
        ("0.125", ["0.125"], ""),
        ("1.500.000", ["1500000"], ""),
        ("1,500,000", ["1500000"], ""),
        ("1 500 000,25", ["1500000.25"], ""),
        ("1.234,5", ["1234.5"], ""),
        ("1,234.5", ["1234.5"], ""),
        ("Rp5.000,-", ["5000", "5"], "Rp"),
        ("Rp. 1.500.000,00", ["1500000"], "Rp."),
        ("25 %", ["25"], "%"),
        ("3 m²", ["3"], "m2"),
        ("1,5 × 10^3 kg", ["1500"], "kg"),
        ("2e-2", ["0.02"], ""),
        (",5", ["0.5"], ""),
        ("4,", ["4"], ""),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed, readings, unit):
    found = read(typed)
    assert [Decimal(one) for one in readings] == list(found.readings)
    assert found.unit == unit


@pytest.mark.parametrize(
    "typed", ["", "empat", "4 5", "3/4", "5-6", "1.50.000", "1,2,3", "4,5,", "1e999", "9" * 26, "5 kg 3", "a 5 b", "--5", "1 + 1", "\x00"]
)
def test_what_is_no_single_number_is_not_read(typed):
    assert read(typed) is None


@given(NUMBERS)
def test_however_a_number_is_written_it_is_the_same(value):
    plain = f"{value:f}"
    whole, _, fraction = f"{abs(value):,f}".partition(".")
    sign = "-" if value < 0 else ""
    for typed in (
        plain.replace(".", ","),
        f"{sign}{whole.replace(',', '.')},{fraction}",
        f"{sign}{whole}.{fraction}",
        f"{plain.replace('.', ',')} m",
    ):
        assert read(typed).readings[0] == value, typed
    assert value in read(plain).readings
    assert read(decimal(value, 4)).readings[0] == value


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    found = read(text)
    assert found is None or (1 <= len(found.readings) <= 2 and all(one.is_finite() for one in found.readings))


@given(NUMBERS, st.decimals(min_value=0, max_value=1000, places=4))
def test_the_edges_of_a_tolerance_are_within_it(wanted, tolerance):
    step = Decimal("0.00001")
    for side in (1, -1):
        assert is_within(wanted + side * tolerance, wanted, tolerance=tolerance)
        assert not is_within(wanted + side * (tolerance + step), wanted, tolerance=tolerance)
    assert is_within(wanted + abs(wanted) / 20, wanted, percent=Decimal(5))
    assert not is_within(wanted + abs(wanted) / 20 + step, wanted, percent=Decimal(5))


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("4,25 m", "1"),
        ("4.30 M", "1"),
        ("425 cm", "1"),
        ("430 cm", "1"),
        ("430,1 cm", "0"),
        ("4,2m", "1"),
        ("4,19 m", "0.5"),
        ("3,8 m", "0.5"),
        ("3,79 m", "0"),
        ("425 m", "0"),
        ("4,25 kg", "0"),
        (None, "0"),
    ],
)
def test_values_score_by_the_best_that_is_hit_in_any_unit(typed, points):
    one = numeric()
    answer = one.clean({"j": [typed or ""]}, [])
    assert (answer, one.points(answer)) == (typed, Decimal(points))


@given(NUMBERS, st.sampled_from([("cm", 0.01), ("m", 1), ("km", 1000), ("inci", 0.0254)]))
def test_the_same_length_scores_the_same_in_every_unit(value, unit):
    name, factor = unit
    units = [{"unit": "m", "factor": 1}, *([{"unit": name, "factor": factor}] if name != "m" else [])]
    metres = Decimal(str(factor)) * value
    if abs(metres) > 10**15 or (metres and abs(metres) < Decimal("1e-15")):
        return
    one = registry["numeric"](
        NUMERIC | {"values": [{"value": float(metres), "tolerance": 0.001 + abs(float(metres)) * 1e-12}], "units": units}
    )
    assert one.points(f"{value:f} {name}".replace(".", ",")) == 1
    assert one.points(f"{value + 10**9:f} {name}".replace(".", ",")) == 0


def test_without_units_a_unit_is_not_judged_and_with_them_it_may_be_needed():
    free = registry["numeric"]({key: value for key, value in NUMERIC.items() if key not in ("units", "unit_needed")})
    assert free.points("4,25 apa saja") == 1
    with pytest.raises(AnswerError, match="satuannya"):
        numeric().clean({"j": ["4,25"]}, [])
    with pytest.raises(AnswerError, match="satu angka"):
        numeric().clean({"j": ["empat"]}, [])
    assert numeric(unit_needed=False).points("4,25") == 1


def test_one_dot_may_group_or_divide_whichever_is_right():
    assert [numeric(values=[{"value": value}], unit_needed=False).points("1.500") for value in (1500, 1.5, 15)] == [1, 1, 0]


def test_what_is_told_belongs_to_the_value_that_was_hit():
    told = [[one["text"] for one in numeric().review(typed, Decimal(0))["told"]] for typed in ("4,25 m", "4 m", "425 m", "9 m", None)]
    assert told == [[], ["Rahasia hampir."], ["Rahasia satuan."], [], []]


@pytest.mark.parametrize(
    ("given", "points"),
    [
        (["Pengelola  KATA sandi", "12,5", 2], "1"),
        (["password manager", "12.75 huruf", 0], "0.66667"),
        ([None, "12,2", None], "0"),
        ([None, "12,25", None], "0.33333"),
        (None, "0"),
    ],
)
def test_gaps_score_the_share_that_is_right(given, points):
    assert registry["gaps"](GAPS).points(given) == Decimal(points)


@pytest.mark.parametrize(
    "passage", ["{{1}} {{2}}", "{{1}} {{3}} {{2}}", "{{1}} {{2}} {{3}} {{3}}", "{{1}} {{2}} {{4}}", "{1} {2} {3}", "{{01}} {{2}} {{3}}"]
)
def test_every_gap_has_its_place_in_the_text_once_and_in_order(passage):
    assert registry["gaps"].problems(GAPS | {"passage": passage}) != []


@given(
    st.lists(st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs", "Cc"]), max_size=20), min_size=4, max_size=4),
    st.text(min_size=1),
)
def test_a_passage_is_shown_as_written_with_a_field_in_each_gap(texts, seed):
    passage = f"{texts[0]}{{{{1}}}}{texts[1]}{{{{2}}}}{texts[2]}{{{{3}}}}{texts[3]}"
    one = registry["gaps"](GAPS | {"passage": passage})
    pieces = one.public(one.shuffle(seed))["pieces"]
    assert [piece["text"] for piece in pieces if "text" in piece] == texts
    assert [piece["name"] for piece in pieces if "name" in piece] == ["g1", "g2", "g3"]


def test_what_cannot_be_read_in_a_gap_names_the_gap():
    one = registry["gaps"](GAPS)
    for raw, word in (
        ({"g2": ["dua"]}, "Isian 2: Tulis satu angka"),
        ({"g3": ["z"]}, "Isian 3: pilihan"),
        ({"g1": ["x" * 101]}, "Isian 1: Jawaban"),
    ):
        with pytest.raises(AnswerError, match=word):
            one.clean(raw, [0, 1, 2])
    assert one.clean({"g1": [" "], "g2": [""]}, [0, 1, 2]) is None
    assert one.clean({"g3": ["a"]}, [2, 0, 1]) == [None, None, 2]
    assert not one.is_whole([None, None, 2])


def test_several_regions_score_like_several_choices():
    one = registry["hotspot"](HOTSPOT | {"key": ["A", "B"], "misconceptions": {"C": "lain"}})
    assert [one.points(answer) for answer in ([0, 1], [0], [0, 2], [0, 1, 2], None)] == [1, Decimal("0.5"), 0, Decimal("0.5"), 0]
    single = registry["hotspot"](HOTSPOT)
    assert [single.points(answer) for answer in ([1], [0], None)] == [1, 0, 0]
    with pytest.raises(AnswerError, match="satu bagian"):
        single.clean({"j": ["a", "b"]}, [0, 1, 2])


@given(PERCENTS, PERCENTS, PERCENTS, PERCENTS)
def test_a_rectangle_is_taken_exactly_when_it_lies_in_the_picture(left, top, wide, high):
    is_inside = wide > 0 and high > 0 and left + wide <= 100 and top + high <= 100
    is_readable = all(one == 0 or one >= 1e-15 for one in (left, top, wide, high))
    assert (shape_problem("rectangle", [left, top, wide, high]) == "") is (is_inside and is_readable)


@given(PERCENTS, PERCENTS, PERCENTS, st.integers(1, 4000), st.integers(1, 4000))
def test_a_region_that_is_taken_is_drawn_with_its_own_proportions(x, y, radius, width, height):
    if shape_problem("circle", [x, y, radius]):
        assert radius == 0 or radius > x or x + radius > 100
        return
    box = drawn({"shape": "circle", "at": [x, y, radius]}, width, height)
    assert box["wide"] == box["high"]
    assert float(box["x"]) >= -0.1 and float(box["x"]) + float(box["wide"]) <= width + 0.2
    assert "," not in box["x"]


@pytest.mark.parametrize(
    ("shape", "at"),
    [
        ("rectangle", [0, 0, 100]),
        ("rectangle", [0, 0, 0, 10]),
        ("rectangle", [-1, 0, 10, 10]),
        ("rectangle", [0, 0, 100.1, 10]),
        ("rectangle", [0, 0, float("nan"), 10]),
        ("rectangle", [0, 0, True, 10]),
        ("circle", [50, 50, 51]),
        ("circle", [0, 50, 1]),
        ("polygon", [0, 0, 10, 10]),
        ("polygon", [0, 0, 10, 10, 20, 20]),
        ("polygon", [0, 0, 10, 0, 10]),
        ("polygon", list(range(42))),
        ("star", [1, 2, 3, 4]),
        (["rectangle"], [1, 2, 3, 4]),
        ("rectangle", "1 2 3 4"),
    ],
)
def test_what_is_no_region_is_told(shape, at):
    assert shape_problem(shape, at).endswith(".")


def test_what_the_page_gets_of_the_new_kinds_holds_nothing_of_their_key():
    for content in (NUMERIC, GAPS, HOTSPOT):
        kind = next(
            one for one in registry.values() if one.keys[0] == "text" and set(content) <= set(one.keys) and not one.problems(content)
        )
        said = str(kind(content).public(kind(content).shuffle("x")))
        assert not any(
            word in said
            for word in ("ahasia", "mengira", "factor", "tolerance", "percent", "4.25", "12.5", "pengelola", "'key'", "points': 0")
        )
