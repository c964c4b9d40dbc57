"""What the flags say of numbers that call for them, and that they keep quiet otherwise."""

from __future__ import annotations

import pytest

from quizzes.measuring.flags import Choice, Flag, Measures, flags, sentence, strength

FINE = {"answered": 100, "shown": 100, "facility": 0.7, "discrimination": 0.4, "blank": 0.0, "time": 30.0, "middle_time": 30.0}


def options(*shares, key="A"):
    """(letter, all, upper, lower) each."""
    return [Choice(letter, letter == key, *more) for letter, *more in shares]


GOOD = options(("A", 0.7, 0.9, 0.5), ("B", 0.2, 0.05, 0.3), ("C", 0.1, 0.05, 0.2))


def of(**other):
    return [flag for flag, _ in flags(Measures(**{**FINE, "options": GOOD, **other}))]


def test_a_good_question_has_none():
    assert of() == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"facility": 0.97}, [Flag.TOO_EASY]),
        ({"facility": 0.97, "discrimination": 0.05}, [Flag.TOO_EASY]),
        ({"facility": 0.08}, [Flag.TOO_HARD]),
        ({"discrimination": 0.1}, [Flag.FLAT]),
        ({"discrimination": -0.2}, [Flag.INVERTED]),
        ({"blank": 0.2}, [Flag.BLANK]),
        ({"time": 90.0}, [Flag.SLOW]),
        ({"time": 50.0, "middle_time": 10.0}, [Flag.SLOW]),
        ({"time": 35.0, "middle_time": 10.0}, []),
    ],
)
def test_each_number_calls_for_its_flag(other, expected):
    assert of(**other) == expected


def test_a_wrong_option_that_the_strong_prefer_points_at_the_key():
    shown = options(("A", 0.3, 0.2, 0.4), ("B", 0.6, 0.75, 0.4), ("C", 0.1, 0.05, 0.2))
    found = flags(Measures(**{**FINE, "discrimination": -0.3, "options": shown}))
    assert found == [(Flag.WRONG_KEY, "B")]
    assert sentence(*found[0]) == "Kunci mungkin keliru: peserta kuat memilih B."


def test_an_option_that_draws_most_people_but_not_the_strong_confuses():
    shown = options(("A", 0.3, 0.5, 0.2), ("B", 0.6, 0.45, 0.7), ("C", 0.1, 0.05, 0.1))
    assert flags(Measures(**{**FINE, "options": shown})) == [(Flag.CONFUSING, "B")]


def test_options_that_nobody_chose_are_named():
    shown = options(("A", 0.8, 0.9, 0.6), ("B", 0.2, 0.1, 0.4), ("C", 0.0, 0.0, 0.0), ("D", 0.0, 0.0, 0.0))
    ((flag, letters),) = flags(Measures(**{**FINE, "options": shown}))
    assert (flag, sentence(flag, letters)) == (Flag.DEAD, "Pengecoh C dan D tidak pernah dipilih.")


def test_the_other_half_of_true_or_false_is_no_dead_distractor():
    assert of(options=options(("Benar", 1.0, 1.0, 1.0), ("Salah", 0.0, 0.0, 0.0), key="Benar")) == []


def test_few_answers_call_for_nothing():
    assert of(answered=19, shown=19, facility=1.0, discrimination=-1.0) == []


def test_few_answers_among_many_shown_call_only_for_the_blank_ones():
    assert of(answered=10, blank=0.9, facility=1.0) == [Flag.BLANK]


@pytest.mark.parametrize(
    ("value", "word"),
    [(None, "Belum dapat dihitung"), (-0.01, "Terbalik"), (0.08, "Sangat lemah"), (0.29, "Lemah"), (0.3, "Cukup"), (0.4, "Kuat")],
)
def test_discrimination_in_words(value, word):
    assert strength(value) == word
