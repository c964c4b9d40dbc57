"""Numbers and lists as people here write them."""

from decimal import Decimal

import pytest

from linimasa import writing


@pytest.mark.parametrize(
    ("value", "places", "text"), [(1204, 2, "1.204"), (98.5, 2, "98,5"), ("0.005", 2, "0,01"), (Decimal("2.50"), 1, "2,5"), (12, 0, "12")]
)
def test_decimal_comma_and_no_needless_zeros(value, places, text):
    assert writing.decimal(value, places) == text


@pytest.mark.parametrize(("points", "text"), [("0.6996", "69,9"), ("0.7", "70"), (1, "100"), (0, "0"), ("0.825", "82,5"), (None, "")])
def test_a_mark_is_never_rounded_up(points, text):
    assert writing.mark(points) == text


@pytest.mark.parametrize(("minutes", "text"), [(45, "1"), (30, "0,67"), (810, "18")])
def test_lesson_hours(minutes, text):
    assert writing.jp(minutes) == text


@pytest.mark.parametrize(("count", "text"), [(800, "800 B"), (84_200, "84 KB"), (1_240_000, "1,2 MB"), (2_000_000, "2 MB")])
def test_sizes(count, text):
    assert writing.size(count) == text


@pytest.mark.parametrize(("things", "text"), [([], ""), ([3], "3"), ([3, 7], "3 dan 7"), ([1, 3, 7], "1, 3, dan 7")])
def test_lists(things, text):
    assert writing.listed(things) == text
    assert writing.listed(["PDF", "JPG", "PNG"], "atau") == "PDF, JPG, atau PNG"


def test_small_numbers_are_words():
    assert [writing.number_word(number) for number in (0, 6, 10, 11)] == ["nol", "enam", "sepuluh", "11"]


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ratna Dewi", "Ratna"), ("I Made Putra", "I Made"), ("Moh. Ridwan Saleh", "Moh. Ridwan"), ("Siti", "Siti"), ("", "")],
)
def test_colleagues_are_called_by_a_short_name(name, short):
    assert writing.short_name(name) == short
