"""The demo's finished cohort: its people, its two questions, and that chance falls the same every time."""

from __future__ import annotations

from quizzes import demo_cohort, demo_words
from quizzes.kinds import registry


def test_everybody_has_an_address_of_their_own():
    shorts = [short for short, *_ in demo_words.CLASS]
    assert len(shorts) == len(set(shorts)) == 36


def test_the_two_questions_can_be_asked():
    for content in (demo_words.WRONG_KEY, demo_words.DOUBTFUL):
        assert registry["single"].problems(content) == []
        assert demo_words.HELD[content["text"]] != content["key"]


def test_chance_falls_the_same_for_the_same_words():
    assert demo_cohort.chance("ability", 3).random() == demo_cohort.chance("ability", 3).random()
    assert demo_cohort.chance("ability", 3).random() != demo_cohort.chance("ability", 4).random()
