"""Whoever goes the plain way meets no question twice while a core module's bank holds 26; levels in balance where they can be."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import attempts
from quizzes.drawing import NEW, DrawError, draw
from quizzes.frozen import BankItem
from quizzes.models import Response
from tests.factories import cohorts, courses
from tests.factories import quizzes as factory

MODULES = ("M1", "M2", "M3")
LAYERS = [{"module": module, "count": 6} for module in MODULES]
QUIZZES = {module: ([{"module": module, "count": 8}], True) for module in MODULES}
TESTS = {"pre": (LAYERS, False), "post": (LAYERS, True), "remedial": (LAYERS, True)}
WAY = QUIZZES | TESTS
LEVELS = ("easy", "medium", "hard")


def bank(module: str, levels: list[str]) -> list[BankItem]:
    first = MODULES.index(module) * 1000
    made = [
        BankItem(question=first + n, version=n, code=f"{module}-{n:02d}", kind="single", level=level, lesson=None)
        for n, level in enumerate(levels)
    ]
    return [*made, BankItem(question=first + 900, version=900, code=f"{module}-TUGAS-1", kind="practical", level="medium", lesson=None)]


class Learner:
    """Draws one attempt after another and remembers, as ``attempts._seen`` does, what was met."""

    def __init__(self, banks: dict[str, list[BankItem]], seed: str) -> None:
        self.banks, self.seed = banks, seed
        self.met: dict[int, tuple[int, int]] = {}

    def takes(self, name: str) -> list[BankItem]:
        layers, shows_key = WAY[name]
        drawn = draw({"draw": layers}, self.banks, seen=self.met, seed=f"{self.seed}:{name}:{len(self.met)}")
        for item in drawn:
            with_key, times = self.met.get(item.question, NEW)
            self.met[item.question] = (with_key + shows_key, times + 1)
        return drawn


@given(
    levels=st.lists(st.lists(st.sampled_from(LEVELS), min_size=26, max_size=30), min_size=3, max_size=3),
    order=st.permutations(list(WAY)),
    seed=st.text(max_size=8),
)
def test_three_quizzes_both_tests_and_a_remedial_ask_nothing_twice(levels, order, seed):
    """In any order: quiz first or pre-test first, whatever the levels are mixed like."""
    learner = Learner({module: bank(module, mix) for module, mix in zip(MODULES, levels, strict=True)}, seed)
    asked = [item.question for name in order for item in learner.takes(name)]
    assert len(asked) == 3 * 8 + 3 * 18
    assert len(set(asked)) == len(asked)


@given(
    mix=st.lists(st.sampled_from(LEVELS), min_size=26, max_size=30),
    order=st.permutations(["M1", "pre", "post", "remedial"]),
    seed=st.text(max_size=8),
)
def test_each_layer_is_as_level_as_what_is_new_to_the_learner_allows(mix, order, seed):
    """Within a layer the levels differ by at most one, but for a level of which nothing new is left."""
    learner = Learner({module: bank(module, mix) for module in MODULES}, seed)
    for name in order:
        new = Counter(item.level for item in learner.banks["M1"] if item.kind == "single" and item.question not in learner.met)
        got = Counter(item.level for item in learner.takes(name) if item.code.startswith("M1"))
        most = max(got.values())
        assert all(got[level] >= most - 1 or got[level] == new[level] for level in LEVELS)


@given(seed=st.text(max_size=8), mix=st.lists(st.sampled_from(LEVELS), min_size=14, max_size=14))
def test_from_a_bank_that_is_used_up_those_come_back_first_whose_key_was_never_shown(seed, mix):
    learner = Learner({module: bank(module, mix) for module in MODULES}, seed)
    before = {item.question for item in learner.takes("pre") if item.question < 900}
    quiz = {item.question for item in learner.takes("M1")}
    assert not before & quiz  # 6 and 8 of 14
    again = {item.question for item in learner.takes("post") if item.question < 900}
    assert again == before


def test_a_bank_that_is_too_small_is_told():
    with pytest.raises(DrawError, match="belum cukup"):
        draw({"draw": [{"module": "M1", "count": 8}]}, {"M1": bank("M1", ["easy"] * 7)}, seen={}, seed="x")


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["TES-AWAL", "M1-KUIS"])
def test_a_learner_who_goes_the_plain_way_meets_26_questions_once(first):
    """By the real verbs, from a bank of 26: pre-test 6, quiz 8, post-test 6, remedial 6."""
    course = factory.make_course(copies=4, rules={"draw": [{"module": "M1", "count": 8}]})
    module = course.modules.get(code="M1")
    factory.load(module, {"M1-KUIS": factory.QUIZ | {"draw": [{"module": "M1", "count": 8}]}}, factory.make_questions(copies=4)[:26])
    courses.publish(module)
    tests = {"TES-AWAL": ("pre_test", "never", 0), "TES-AKHIR": ("post_test", "after_close", 2)}
    rules = {}
    for code, (purpose, feedback, remedial) in tests.items():
        courses.make_activity(None, course=course, kind="quiz", code=code, slug=code.lower(), title=code)
        rules[code] = factory.QUIZ | {
            "purpose": purpose,
            "feedback": feedback,
            "draw": [{"module": "M1", "count": 6}],
            "attempts_allowed": 1,
            "remedial_attempts": remedial,
            "pass_mark": None if feedback == "never" else 0.7,
        }
    factory.load(course, rules, [])
    stages = [{"title": "Awal", "minutes": 0, "items": ["TES-AWAL"]}, {"title": "Modul 1", "minutes": 45, "module": "M1"}]
    stages = stages if first == "TES-AWAL" else stages[::-1]
    course.programme = [*stages, {"title": "Akhir", "minutes": 0, "items": ["TES-AKHIR"]}]
    course.save()
    courses.publish(course)
    enrolment = factory.make_enrolment(course)
    for lesson in course.activities.filter(kind="lesson", module__code="M2"):
        cohorts.make_progress(enrolment, lesson)
    second = {"TES-AWAL": "M1-KUIS", "M1-KUIS": "TES-AWAL"}[first]
    for code in (first, second, "TES-AKHIR", "TES-AKHIR"):
        attempt = factory.start(enrolment, code)
        if code == "TES-AKHIR":
            factory.answer_all(attempt, factory.wrong, but=("short_answer",))
        else:
            factory.answer_all(attempt)
        attempts.submit(attempt, by=enrolment.learner)
    asked = list(Response.objects.filter(attempt__enrolment=enrolment).values_list("question_version__question", flat=True))
    assert (len(asked), len(set(asked))) == (26, 26)


@pytest.mark.django_db
def test_what_was_met_is_one_statement(django_assert_num_queries):
    enrolment = factory.make_enrolment()
    factory.start(enrolment)
    with django_assert_num_queries(1):
        assert set(attempts._seen(enrolment).values()) == {(1, 1)}
