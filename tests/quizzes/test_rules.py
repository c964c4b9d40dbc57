"""The rules of a quiz: in files, versions and words; the blueprint over the bank; and what is drawn by it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Module
from quizzes import frozen
from quizzes.drawing import DrawError, draw, matching, shortages
from quizzes.frozen import BankItem
from quizzes.models import Question, Quiz, Response
from quizzes.part import QuizzesPart
from tests.factories import quizzes as factory

PART = QuizzesPart()
FULL = {
    "shuffle_groups": True,
    "page_size": 3,
    "grade_method": "average",
    "waiting_minutes": 60,
    "conditions": [{"activity": "M2.1", "at_least": 0.7}, {"activity": "M2.2"}],
    "names_hidden": True,
    "release": "held",
    "second_marking": 0.2,
}


@pytest.fixture
def module(db):
    return Module.objects.get(course=factory.make_course(), code="M1")


def lesson_of(module):
    return module.activities.get(kind="lesson")


def loaded(module, rules, questions=None):
    """The report of loading these rules."""
    report = factory.Report()
    questions = factory.make_questions(lesson=lesson_of(module).code) if questions is None else questions
    PART.load(module, {"activities": {"M1-KUIS": factory.QUIZ | rules}, "questions": questions}, report)
    return report


# --- files and versions --------------------------------------------------------------------------------------------------
def test_every_rule_comes_back_as_the_file_had_it(module):
    rules = FULL | {
        "draw": [
            {
                "module": "M1",
                "lesson": lesson_of(module).code,
                "objective": 2,
                "level": "hard",
                "tag": "sandi",
                "category": "Akun/Kunci",
                "count": 1,
            },
            {"question": "M1-01-1"},
        ]
    }
    assert loaded(module, rules).told("problem") == []
    dumped = PART.dump(module)["activities"]["M1-KUIS"]
    assert dumped == factory.QUIZ | rules
    assert list(dumped) == [*factory.QUIZ, *FULL]
    assert [list(one) for one in dumped["draw"]] == [list(one) for one in rules["draw"]]
    assert {word for word, _ in loaded(module, rules).lines if word != "unchanged"} == set()


def test_what_is_as_by_default_is_written_nowhere(module):
    assert set(PART.dump(module)["activities"]["M1-KUIS"]) == set(factory.QUIZ)
    rules = PART.freeze(module)["rules"][str(module.activities.get(kind="quiz").pk)]
    assert set(rules) == {*factory.QUIZ, "questions"}
    assert set(PART.freeze(module)["bank"][0]) <= {"question", "version", "code", "kind", "level", "lesson", "objective"}


def test_naming_a_default_in_the_file_changes_nothing(module):
    report = loaded(module, {"page_size": 1, "conditions": [], "second_marking": 0, "release": "at_once"})
    assert report.told("changed") == [] and report.told("problem") == []


def test_a_version_keeps_the_lesson_by_its_lasting_identity(module):
    loaded(module, {"draw": [{"module": "M1", "lesson": lesson_of(module).code, "count": 3}]})
    rules = next(iter(PART.freeze(module)["rules"].values()))
    assert rules["draw"] == [{"module": "M1", "lesson": lesson_of(module).pk, "count": 3}]


def test_categories_and_tags_of_questions_come_back(module):
    questions = factory.make_questions(lesson=lesson_of(module).code)
    questions[0] = dict(itertools.islice(questions[0].items(), 5)) | {"category": "Akun/Sandi", "tags": ["mfa", "sandi"]} | questions[0]
    assert loaded(module, {}, questions).told("problem") == []
    assert PART.dump(module)["questions"] == questions
    assert [list(one) for one in PART.dump(module)["questions"]] == [list(one) for one in questions]
    item = PART.freeze(module)["bank"][0]
    assert (item["tags"], item["category"]) == (["mfa", "sandi"], "Akun/Sandi")
    assert frozen._item(item).tags == ("mfa", "sandi")


BROKEN = [
    ({"page_size": 0}, "page_size"),
    ({"page_size": True}, "page_size"),
    ({"waiting_minutes": -1}, "waiting_minutes"),
    ({"grade_method": "best"}, "grade_method"),
    ({"release": "later"}, "release"),
    ({"second_marking": 2}, "second_marking"),
    ({"names_hidden": "ya"}, "names_hidden"),
    ({"conditions": [{"at_least": 1}]}, "conditions"),
    ({"conditions": [{"activity": "A", "at_least": 70}]}, "conditions"),
    ({"conditions": [{"activity": "A"}, {"activity": "A"}]}, "dua kali"),
    ({"feedback": "during", "page_size": 2}, "satu soal per halaman"),
    ({"feedback": "during", "release": "held"}, "menahan nilai"),
    ({"draw": []}, "daftar"),
    ({"draw": [{"module": "M1", "count": 1, "colour": "red"}]}, "nomor 1.*colour"),
    ({"draw": [{"module": "M1", "count": 1}, {"question": "X", "count": 2}]}, "nomor 2.*soal tetap"),
    ({"draw": [{"question": "X"}, {"question": "X"}]}, "dua kali"),
    ({"draw": [{"module": "M1", "count": 1, "objective": 2}]}, "isi juga “lesson”"),
    ({"draw": [{"module": "M1", "count": 1, "level": "sulit"}]}, "level"),
    ({"draw": [{"module": "M1", "count": 1, "tag": ""}]}, "tag"),
    ({"draw": "M1"}, "daftar"),
    ({"draw": [7]}, "nomor 1"),
]


@pytest.mark.parametrize(("rules", "word"), BROKEN)
def test_what_is_wrong_in_the_file_is_a_sentence(module, rules, word):
    told = loaded(module, rules).told("problem")
    assert len(told) == 1
    assert told[0].startswith("M1-KUIS: ")
    assert __import__("re").search(word, told[0]), told


def test_a_change_is_told_in_words(module):
    before = PART.freeze(module)
    loaded(module, FULL)
    assert PART.diff(before, PART.freeze(module)) == [
        "Kuis Modul 1: pengacakan dalam kelompok, jumlah soal per halaman, nilai yang dipakai, jeda antarpercobaan, syarat, "
        "penyembunyian nama, pengumuman nilai, penilaian oleh dua pengajar berubah."
    ]


# --- publishing -----------------------------------------------------------------------------------------------------------
def problems(module, **rules):
    Quiz.objects.filter(activity__module=module, activity__kind="quiz").update(**rules)
    return [one.sentence for one in PART.problems(module.course, [module])[module]]


def test_a_cell_that_the_bank_cannot_fill_is_named_with_what_is_missing(module):
    loaded(module, {})
    code = lesson_of(module).code
    Question.objects.filter(module=module, code="M1-01-1").update(tags=["sandi"])
    cell = {"module": "M1", "lesson": code, "objective": 2, "level": "hard", "tag": "sandi", "count": 3}
    there = Question.objects.filter(code="M1-01-1", objective=2, level="hard").count()
    assert problems(module, draw=[cell]) == [
        f"Kuis Modul 1: memerlukan 3 soal dari bank M1, pelajaran {code}, tujuan 2, tingkat sulit, tag “sandi”, yang ada {there}. "
        "Tambah soal atau kurangi jumlahnya."
    ]


def test_cells_that_share_questions_are_told_so(module):
    loaded(module, {})
    total = Question.objects.filter(module=module).count()
    told = problems(module, draw=[{"module": "M1", "count": total}, {"module": "M1", "level": "easy", "count": 2}])
    assert len(told) == 1 and "sudah dipakai baris lain. Tambah 2 soal." in told[0]


def test_one_remedial_needs_new_questions_too(module):
    loaded(module, {})
    assert problems(module, draw=[{"module": "M1", "count": 8}], remedial_attempts=0) == []
    (told,) = problems(module, draw=[{"module": "M1", "count": 8}], remedial_attempts=1)
    assert told == (
        "Kuis Modul 1: satu remedial dengan soal baru memerlukan 16 soal dari bank M1, yang ada 14. "
        "Tambah 2 soal, kurangi jumlahnya, atau hapus kesempatan remedial."
    )


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"draw": [{"question": "TIDAK-ADA"}]}, "soal TIDAK-ADA tidak ada"),
        ({"draw": [{"module": "M1", "lesson": "M9.9", "count": 1}]}, "pelajaran M9.9 tidak ada"),
        ({"conditions": [{"activity": "M9-KUIS"}]}, "syarat M9-KUIS tidak ada"),
        ({"conditions": [{"activity": "M1-KUIS"}]}, "bagi dirinya sendiri"),
    ],
)
def test_what_is_not_there_keeps_the_quiz_from_publishing(module, rules, word):
    loaded(module, {})
    assert any(word in one for one in problems(module, **rules))


# --- drawing --------------------------------------------------------------------------------------------------------------
LEVELS = ("easy", "medium", "hard")


def item(
    number: int, level: str, *, lesson: int | None = None, objective: int | None = None, tags: tuple[str, ...] = (), category: str = ""
):
    return BankItem(number, number, f"M1-{number:02d}", "single", level, lesson, objective, tags, category)


def test_every_filter_holds():
    bank = [
        item(n, LEVELS[n % 3], lesson=n % 2, objective=n % 4, tags=("mfa",) if n % 5 == 0 else (), category=("A", "A/B", "AB")[n % 3])
        for n in range(60)
    ]
    for layer, fits in (
        ({"level": "hard"}, lambda one: one.level == "hard"),
        ({"lesson": 1, "objective": 3}, lambda one: (one.lesson, one.objective) == (1, 3)),
        ({"tag": "mfa"}, lambda one: "mfa" in one.tags),
        ({"category": "A"}, lambda one: one.category in ("A", "A/B")),
    ):
        layer = {"module": "M1", "count": 4, **layer}
        drawn = draw({"draw": [layer]}, {"M1": bank}, seen={}, seed="x")
        assert len(drawn) == 4 and all(fits(one) for one in drawn)
        assert matching(layer, {"M1": bank}) == sorted(filter(fits, bank), key=lambda one: one.code)


def test_fixed_questions_are_always_asked_and_never_drawn_again():
    bank = [item(n, LEVELS[n % 3]) for n in range(10)]
    rules = {"draw": [{"question": "M1-03"}, {"module": "M1", "count": 9}]}
    for seed in "abcdef":
        assert {one.code for one in draw(rules, {"M1": bank}, seen={}, seed=seed)} == {one.code for one in bank}


def test_groups_keep_their_order_and_are_mixed_inside():
    bank = [item(n, LEVELS[n % 3]) for n in range(30)]
    rules = {"draw": [{"module": "M1", "level": level, "count": 5} for level in LEVELS], "shuffle_groups": True}
    orders = set()
    for seed in range(20):
        drawn = draw(rules, {"M1": bank}, seen={}, seed=str(seed))
        assert [one.level for one in drawn] == [level for level in LEVELS for _ in range(5)]
        orders.add(tuple(one.code for one in drawn))
    assert len(orders) > 15


@given(
    levels=st.lists(st.sampled_from(LEVELS), min_size=4, max_size=14),
    counts=st.lists(st.tuples(st.sampled_from((*LEVELS, None)), st.integers(1, 5)), min_size=1, max_size=4),
    seed=st.text(max_size=4),
)
def test_a_blueprint_is_drawn_whenever_it_can_be(levels, counts, seed):
    """Against Hall's theorem: it can be filled if and only if every set of layers has questions enough between them."""
    bank = [item(n, level) for n, level in enumerate(levels)]
    layers = [{"module": "M1", "count": count, **({"level": level} if level else {})} for level, count in counts]
    banks = {"M1": bank}
    can = all(
        sum(layer["count"] for layer in some) <= len({one.question for layer in some for one in matching(layer, banks)})
        for size in range(1, len(layers) + 1)
        for some in itertools.combinations(layers, size)
    )
    assert (not shortages(layers, banks)) == can
    if not can:
        with pytest.raises(DrawError):
            draw({"draw": layers}, banks, seen={}, seed=seed)
        return
    drawn = draw({"draw": layers, "shuffle": False}, banks, seen={}, seed=seed)
    assert len({one.question for one in drawn}) == len(drawn) == sum(layer["count"] for layer in layers)
    place = 0
    for layer in layers:
        own = drawn[place : place + layer["count"]]
        assert all("level" not in layer or one.level == layer["level"] for one in own)
        place += layer["count"]


def test_a_remedial_draws_what_was_not_met():
    bank = [item(n, LEVELS[n % 3], tags=("a",) if n % 2 else ()) for n in range(24)]
    rules = {"draw": [{"module": "M1", "count": 6}, {"module": "M1", "tag": "a", "count": 6}]}
    first = draw(rules, {"M1": bank}, seen={}, seed="1")
    again = draw(rules, {"M1": bank}, seen={one.question: (1, 1) for one in first}, seed="2")
    assert {one.question for one in first} & {one.question for one in again} == set()


def test_an_attempt_asks_by_the_blueprint(db):
    course = factory.make_course(
        copies=3, rules={"draw": [{"question": "M1-01-1"}, {"module": "M1", "level": "hard", "count": 4}], "shuffle_groups": True}
    )
    attempt = factory.start(factory.make_enrolment(course))
    asked = list(
        Response.objects.filter(attempt=attempt)
        .order_by("position")
        .values_list("question_version__question__code", "question_version__question__level")
    )
    assert asked[0][0] == "M1-01-1"
    assert [level for _, level in asked[1:]] == ["hard"] * 4
    assert len(set(asked)) == 5
