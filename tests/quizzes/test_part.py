"""Bank, rules and assignments: in from files, out again, frozen, compared; problems in sentences."""

from __future__ import annotations

import copy
import re

import pytest

from courses.files import write_yaml as files_text
from courses.models import Companions, Module
from courses.publishing import PublishingError
from linimasa import invariants
from quizzes.models import Question, QuestionVersion, Quiz
from quizzes.part import QuizzesPart, running_attempts_keep_theirs
from tests.factories import courses
from tests.factories import quizzes as factory

pytestmark = pytest.mark.django_db
PART = QuizzesPart()


@pytest.fixture
def module():
    return Module.objects.get(course=factory.make_course(assignment=True), code="M1")


def files(module):
    lesson = module.activities.get(kind="lesson").code
    return {"M1-KUIS": factory.QUIZ, "M1-TUGAS": factory.ASSIGNMENT}, factory.make_questions(lesson=lesson)


def test_what_was_loaded_is_dumped(module):
    activities, questions = files(module)
    dumped = PART.dump(module)
    assert dumped["questions"] == questions
    assert [list(one) for one in dumped["questions"]] == [list(one) for one in questions]
    assert dumped["activities"] == activities
    assert list(dumped["activities"]["M1-KUIS"]) == list(factory.QUIZ)
    assert list(dumped["activities"]["M1-TUGAS"]) == list(factory.ASSIGNMENT)


def test_loading_again_changes_nothing(module):
    versions = QuestionVersion.objects.count()
    report = factory.load(module, *files(module))
    assert {word for word, _ in report.lines} == {"unchanged"}
    assert QuestionVersion.objects.count() == versions
    assert PART.freeze(module) == module.current_version.parts["quizzes"]


def test_a_changed_question_gets_a_version_and_a_missing_one_is_retired(module):
    activities, questions = copy.deepcopy(files(module))
    questions[0]["text"] += " Sekarang?"
    questions[1]["level"] = {"easy": "hard", "medium": "easy", "hard": "medium"}[questions[1]["level"]]
    gone = questions.pop()
    activities["M1-KUIS"] = activities["M1-KUIS"] | {"pass_mark": 0.8, "draw": [{"module": "M1", "count": 8}]}
    report = factory.load(module, activities, questions)
    assert sorted(report.told("changed")) == ["aturan M1-KUIS", f"soal {questions[0]['code']}", f"soal {questions[1]['code']}"]
    assert report.told("archived") == [f"soal {gone['code']}"]
    assert Question.objects.get(code=questions[0]["code"]).versions.count() == 2
    assert Question.objects.get(code=questions[1]["code"]).versions.count() == 1
    told = PART.diff(module.current_version.parts["quizzes"], PART.freeze(module))
    assert f"Soal {gone['code']} dikeluarkan." in told
    assert f"Soal {questions[0]['code']}: pertanyaan berubah." in told
    assert f"Soal {questions[1]['code']}: tingkat berubah." in told
    assert "Kuis Modul 1: pengambilan soal, batas lulus, jumlah soal berubah." in told
    back = factory.load(module, *files(module))
    assert f"soal {gone['code']}" in back.told("changed")
    assert Question.objects.get(code=gone["code"]).retired_at is None


BROKEN = [
    ("questions", 0, {"key": "Z"}, "key"),
    ("questions", 0, {"kind": "essay"}, "tidak dikenal"),
    ("questions", 0, {"level": "mudah"}, "level"),
    ("questions", 0, {"lesson": "M9.9"}, "M9.9"),
    ("questions", 0, {"hint": "x"}, "hint"),
    ("questions", 0, {"objective": 0}, "objective"),
    ("questions", 0, {"objective": 21}, "objective"),
    ("questions", 0, {"objective": "2"}, "objective"),
    ("questions", 0, {"objective": True}, "objective"),
    ("questions", 0, {"lesson": None}, "isi juga “lesson”"),
    ("questions", 0, {"misconceptions": {"C": "mengira-tiga"}}, "bukan C"),
    ("questions", 0, {"misconceptions": {"E": "mengira-lima"}}, "bukan E"),
    ("questions", 0, {"misconceptions": {"A": "Mengira satu"}}, "label 'Mengira satu'"),
    ("questions", 0, {"misconceptions": {"B": "dua", "A": "satu"}}, "urutkan"),
    ("questions", 0, {"misconceptions": {}}, "misconceptions"),
    ("questions", 1, {"misconceptions": {"A": "satu"}}, "bukan A"),
    ("questions", 2, {"misconceptions": {"false": "salah"}}, "bukan false"),
    ("questions", 4, {"misconceptions": {"A": "satu"}}, "misconceptions"),
    ("M1-KUIS", None, {"drow": []}, "drow"),
    ("M1-TUGAS", None, {"sample": []}, "sample"),
    ("questions", 1, {"code": "M1-01-1"}, "dua kali"),
    ("questions", 0, {"code": "Z"}, "Urutkan"),
    ("M1-KUIS", None, {"pass_mark": 70}, "pass_mark"),
    ("M1-KUIS", None, {"attempts_allowed": 0}, "attempts_allowed"),
    ("M1-KUIS", None, {"time_limit": "15"}, "time_limit"),
    ("M1-KUIS", None, {"draw": [{"module": "M1"}]}, "draw"),
    ("M1-KUIS", None, {"feedback": "always"}, "feedback"),
    ("M1-KUIS", None, {"purpose": "assignment"}, "purpose"),
    ("M1-TUGAS", None, {"rubric": factory.RUBRIC[:1]}, "100"),
    ("M1-TUGAS", None, {"files": {}}, "files"),
]


@pytest.mark.parametrize(("where", "number", "change", "word"), BROKEN)
def test_what_is_wrong_in_a_file_is_a_sentence(module, where, number, change, word):
    activities, questions = copy.deepcopy(files(module))
    if where == "questions":
        questions[number] |= change
    else:
        activities[where] = activities[where] | change
    report = factory.Report()
    PART.load(module, {"activities": activities, "questions": questions}, report)
    assert any(re.search(word, sentence) for sentence in report.told("problem")), report.told("problem")


def test_a_tag_must_be_in_the_courses_register_when_it_keeps_one(module):
    activities, questions = files(module)
    Companions.objects.create(course=module.course, misconceptions={"mengira-satu": "Mengira satu cukup."})
    problems = PART.problems(module.course, [module])[module]
    assert any(problem.code == "bad_question" and "mengira-dua" in problem.sentence for problem in problems)
    report = factory.Report()
    PART.load(module, {"activities": activities, "questions": questions}, report)
    told = report.told("problem")
    assert "Soal M1-01-1: salah paham “mengira-dua” tidak ada dalam misconceptions.yaml." in told
    assert not any("“mengira-satu”" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"objective": 9}, "tujuan pelajaran"),
        ({"misconceptions": {"A": "mengira-lain"}}, "label salah paham"),
        ({"key": "A", "misconceptions": {"B": "mengira-dua"}}, "kunci, label salah paham"),
    ],
)
def test_changed_tags_are_told_in_words(module, change, told):
    activities, questions = copy.deepcopy(files(module))
    questions[0] |= change
    factory.load(module, activities, questions)
    assert PART.diff(module.current_version.parts["quizzes"], PART.freeze(module)) == [f"Soal M1-01-1: {told} berubah."]


def test_a_version_holds_the_objective_and_never_a_tag(module):
    frozen = PART.freeze(module)
    assert {one["code"]: one.get("objective") for one in frozen["bank"]}["M1-01-1"] == 3
    assert "mengira" not in str(frozen)


def test_nested_keys_are_dumped_in_the_files_order_whatever_the_database_made_of_them(module):
    """PostgreSQL gives JSON back with its keys in an order of its own."""

    def mixed(value):
        if isinstance(value, dict):
            return {key: mixed(value[key]) for key in sorted(value, reverse=True)}
        return [mixed(one) for one in value] if isinstance(value, list) else value

    for version in QuestionVersion.objects.all():
        QuestionVersion.objects.filter(pk=version.pk).update(content=mixed(version.content))
    for quiz in Quiz.objects.all():
        Quiz.objects.filter(pk=quiz.pk).update(draw=mixed(quiz.draw))
    activities, questions = files(module)
    dumped = PART.dump(module)
    assert files_text(dumped["questions"]) == files_text(questions)
    assert files_text(dumped["activities"]) == files_text(activities)


def test_a_bank_that_is_too_small_cannot_be_published(module):
    activities, questions = files(module)
    factory.load(module, activities, questions[:5])
    with pytest.raises(PublishingError, match="memerlukan 14 soal dari bank M1, yang ada 5"):
        courses.publish(module)


def test_a_quiz_without_rules_cannot_be_published(module):
    Quiz.objects.filter(activity__code="M1-KUIS").delete()
    assert [one.code for one in PART.problems(module.course, [module])[module]] == ["bad_quiz"]


def test_publishing_says_whom_it_does_not_reach(module):
    assert running_attempts_keep_theirs(module) == []
    factory.start(factory.make_enrolment(module.course))
    assert running_attempts_keep_theirs(module) == ["1 percobaan yang sedang berjalan tetap memakai soal dan aturan saat dimulai."]
    assert invariants.broken() == []


def test_a_test_of_the_course_draws_from_its_modules(module):
    course = module.course
    courses.make_activity(None, course=course, kind="quiz", code="TES-AWAL", slug="tes-awal", title="Tes awal")
    rules = factory.QUIZ | {"purpose": "pre_test", "draw": [{"module": "M1", "count": 6}], "feedback": "never", "pass_mark": None}
    factory.load(course, {"TES-AWAL": rules}, [])
    course.programme = [{"title": "Awal", "minutes": 0, "items": ["TES-AWAL"]}, {"title": "Modul 1", "minutes": 45, "module": "M1"}]
    course.save()
    courses.publish(course)
    enrolment = factory.make_enrolment(course)
    attempt = factory.start(enrolment, "TES-AWAL")
    assert attempt.responses.count() == 6
    assert set(attempt.responses.values_list("question_version__question__module", flat=True)) == {module.pk}
