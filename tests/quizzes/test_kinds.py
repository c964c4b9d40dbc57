"""The kinds: points by the curriculum's rules, orders that tell nothing, input that is no answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import AnswerError, kind_of, letter, normalised, registry
from quizzes.models import QuestionVersion, Response
from tests.factories import quizzes as factory

CONTENTS = {
    one["kind"]: {key: value for key, value in one.items() if key in registry[one["kind"]].keys}
    for one in [*factory.make_questions(copies=1), *factory.more_questions()]
}
GOOD = [("text", "Z"), ("feedback", "Z"), ("scenario", "Z"), ("accepted", ["x"])]
SEEDS = st.text(min_size=1, max_size=12)


def kind(code, **changes):
    return kind_of(QuestionVersion(kind=code, content=CONTENTS[code] | changes))


def test_every_kind_but_the_practical_one_is_in_the_factory():
    assert set(CONTENTS) | {"practical"} == set(registry)


@pytest.mark.parametrize("code", sorted(CONTENTS))
def test_good_content_has_no_problems_and_broken_content_has(code):
    assert registry[code].problems(CONTENTS[code]) == []
    for key in registry[code].keys:
        for value in (None, "", 3, [], {}, {"A": ["x"]}, ["x"], [["x"]], "Z", "x" * 5_000, ["a", "a", "a"]):
            if (key, value) in GOOD:
                continue
            assert registry[code].problems(CONTENTS[code] | {key: value}) != [], (key, value)


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        ([0, 1, 3], "1"),
        ([0, 1], "0.66667"),
        ([0], "0.33333"),
        ([0, 1, 2], "0.33333"),
        ([0, 2], "0"),
        ([2, 4], "0"),
        ([0, 1, 2, 3, 4], "0.33333"),
        (None, "0"),
    ],
)
def test_multiple_scores_right_minus_wrong_by_the_number_of_keys(chosen, points):
    assert kind("multiple").points(chosen) == Decimal(points)


@pytest.mark.parametrize(
    ("answer", "points"), [([0, 1, 2, 3], "1"), ([0, 1, 3, 2], "0.5"), ([1, 1, 1, 1], "0.25"), ([None, None, 2, None], "0.25"), (None, "0")]
)
def test_matching_scores_the_proportion_of_right_pairs(answer, points):
    assert kind("matching").points(answer) == Decimal(points)


@pytest.mark.parametrize(
    ("answer", "points"),
    [([0, 1, 2, 3, 4], "1"), ([0, 1, 2, 4, 3], "0.5"), ([1, 2, 3, 4, 0], "0.75"), ([4, 3, 2, 1, 0], "0"), (None, "0")],
)
def test_ordering_scores_the_proportion_of_neighbours_in_order(answer, points):
    assert kind("ordering").points(answer) == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "points"),
    [("4,5", 1), ("4.5", 1), (" 4,5 % ", 1), ("4,50", 1), ("EMPAT   Setengah", 1), ("４,５", 1), ("45", None), ("empat", None)],
)
def test_short_answers_are_tidied_before_they_are_compared(typed, points):
    assert kind("short_answer").points(typed) == (None if points is None else Decimal(points))


def test_a_blank_short_answer_scores_nothing_and_waits_for_nobody():
    assert kind("short_answer").points(None) == 0


@given(st.text(max_size=60))
def test_tidying_is_done_after_one_time(text):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("code", sorted(CONTENTS))
@given(seed=SEEDS)
def test_the_same_seed_gives_the_same_order_of_all_parts(code, seed):
    order = kind(code).shuffle(seed)
    assert order == kind(code).shuffle(seed)
    assert sorted(order) == list(range(len(order)))


@given(seed=SEEDS, count=st.integers(3, 20))
def test_ordering_is_never_first_shown_as_its_key(seed, count):
    order = kind("ordering", order=[f"Langkah {number}" for number in range(count)]).shuffle(seed, free=False)
    assert order != list(range(count))


@pytest.mark.parametrize("code", sorted(CONTENTS))
@given(seed=SEEDS)
def test_the_right_answer_as_the_page_names_it_scores_one_in_every_order(code, seed):
    one = kind(code)
    version = QuestionVersion(kind=code, content=one.content)
    order = one.shuffle(seed)
    response = Response(question_version=version, order=order)
    assert one.points(one.clean(factory.right(response), order)) == 1
    assert one.points(one.clean(factory.wrong(response), order)) in {Decimal(0), None}


@pytest.mark.parametrize("code", sorted(CONTENTS))
@given(
    raw=st.dictionaries(
        st.sampled_from(["j", "p1", "p2", "urut", "naik", "turun", "x", "g1", "g2", "g3"]), st.lists(st.text(max_size=8), max_size=6)
    ),
    seed=SEEDS,
)
def test_whatever_is_posted_is_an_answer_a_blank_or_a_sentence(code, raw, seed):
    one = kind(code)
    order = one.shuffle(seed)
    try:
        answer = one.clean(raw, order)
    except AnswerError as error:
        assert str(error).endswith(".")
        return
    points = one.points(answer)
    assert points is None or 0 <= points <= 1
    assert one.points(None) == 0
    one.public(order, answer)
    one.review(answer, points)


@given(chosen=st.sets(st.integers(0, 4)))
def test_multiple_never_leaves_0_to_1(chosen):
    assert 0 <= kind("multiple").points(sorted(chosen) or None) <= 1


@pytest.mark.parametrize("code", sorted(CONTENTS))
@given(seed=SEEDS)
def test_what_the_page_may_show_is_the_same_whatever_the_key_is(code, seed):
    """The public view is a function of what is shown: moving the key leaves it as it was."""
    one = kind(code)
    order = one.shuffle(seed)
    other_key = {
        "single": {"key": "A", "misconceptions": {"B": "lain"}},
        "scenario": {"key": "A", "misconceptions": {"B": "lain"}},
        "multiple": {"key": ["C", "E"], "misconceptions": {"A": "lain"}},
        "true_false": {"key": True, "misconceptions": {"false": "lain"}},
        "short_answer": {"accepted": ["lain"]},
        "matching": {},
        "ordering": {},
        "numeric": {"values": [{"value": 7, "tolerance": 1}], "units": [{"unit": "kg", "factor": 1}]},
        "gaps": {
            "gaps": [{"ask": "text", "accepted": ["lain"]}, {"ask": "number", "value": 1}, CONTENTS["gaps"]["gaps"][2] | {"key": "A"}]
        },
        "hotspot": {"key": "A", "misconceptions": {"B": "lain"}, "feedback_options": {"C": "Lain."}},
    }[code]
    other = kind(code, **other_key, feedback="Lain.")
    assert one.public(order) == other.public(order)


@given(seed=SEEDS, moved=st.permutations(range(5)))
def test_an_ordering_page_is_the_same_for_any_key_that_is_shown_alike(seed, moved):
    """Two questions with the same steps in another right order, shown in the same order, cannot be told apart."""
    one = kind("ordering")
    order = one.shuffle(seed)
    texts = one.content["order"]
    other = kind("ordering", order=[texts[place] for place in moved])
    assert one.public(order) == other.public([list(moved).index(stored) for stored in order])


@given(seed=SEEDS, moved=st.permutations(range(4)))
def test_a_matching_page_is_the_same_for_any_key_that_is_shown_alike(seed, moved):
    one = kind("matching")
    order = one.shuffle(seed)
    pairs = one.content["pairs"]
    other = kind("matching", pairs=[{"left": pairs[place]["left"], "right": pairs[moved[place]]["right"]} for place in range(4)])
    assert one.public(order) == other.public([list(moved).index(stored) for stored in order])


def test_the_arrows_move_one_step_and_stop_at_the_ends():
    one, order = kind("ordering"), [2, 0, 1, 4, 3]
    shown = {"urut": ["1", "2", "3", "4", "5"]}
    assert one.clean(shown | {"turun": ["1"]}, order) == [0, 2, 1, 4, 3]
    assert one.clean(shown | {"naik": ["5"]}, order) == [2, 0, 1, 3, 4]
    assert one.clean(shown | {"naik": ["1"]}, order) == order
    with pytest.raises(AnswerError):
        one.clean(shown | {"naik": ["9"]}, order)


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "x" * 301])
def test_a_short_answer_is_one_readable_line(text):
    with pytest.raises(AnswerError):
        kind("short_answer").clean({"j": [text]}, [])


def test_a_rubric_weighs_its_criteria():
    practical = registry["practical"]({key: factory.ASSIGNMENT[key] for key in registry["practical"].keys if key in factory.ASSIGNMENT})
    assert practical.problems(practical.content) == []
    assert practical.by_rubric([0, 0]) == 1
    assert practical.by_rubric([1, 3]) == Decimal("0.55")
    for levels in ([0], [0, 4], [-1, 0]):
        with pytest.raises(AnswerError):
            practical.by_rubric(levels)


def test_letters_name_places():
    assert [letter(place) for place in range(3)] == ["a", "b", "c"]
