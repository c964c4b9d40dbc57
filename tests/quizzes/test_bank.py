"""The bank's verbs: versions that never change, tabs that overwrite nothing, codes, categories, retirement, where a question is used."""

from __future__ import annotations

import pytest

from accounts.models import Role
from audit.models import Entry
from courses.models import Module
from quizzes.bank import categories, editing, using
from quizzes.models import Category, Question, QuestionVersion
from quizzes.part import QuizzesPart
from tests.factories import accounts
from tests.factories import quizzes as make

SMALL = {"draw": [{"module": "M1", "count": 7}]}
pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course(copies=1, rules=SMALL)


@pytest.fixture
def author():
    return accounts.staff(Role.AUTHOR)


@pytest.fixture
def question(course):
    return Question.objects.get(course=course, kind="single")


def acts(action: str) -> int:
    return Entry.objects.filter(action=action).count()


def test_saving_makes_a_new_version_and_leaves_the_old_one(question, author):
    before = question.current_version
    content = before.content | {"text": "Pertanyaan baru?"}
    made = editing.save_version(question, content, by=author, facts={"tags": ["x"]}, edit_number=1)
    assert (made.number, made.created_by, made.content["text"]) == (2, author, "Pertanyaan baru?")
    assert QuestionVersion.objects.get(pk=before.pk).content == before.content != made.content
    question.refresh_from_db()
    assert (question.current_version, question.tags) == (made, ["x"])
    assert acts("question.changed") == 1 and Module.objects.get(pk=question.module_id).draft_changed_by == author


def test_saving_the_same_does_nothing(question, author):
    assert editing.save_version(question, question.current_version.content, by=author, facts={"level": question.level}).number == 1
    assert question.versions.count() == 1 and acts("question.changed") == 0
    assert Module.objects.get(pk=question.module_id).draft_changed_at is None


def test_facts_alone_make_no_version(question, author):
    assert (
        editing.save_version(question, question.current_version.content, by=author, facts={"tags": ["mfa", " mfa ", "sandi"]}).number == 1
    )
    question.refresh_from_db()
    assert question.tags == ["mfa", "sandi"] and acts("question.changed") == 1


def test_a_stale_tab_overwrites_nothing_and_shows_what_is_stored(question, author):
    content = question.current_version.content
    stored = editing.save_version(question, content | {"text": "Kata Ani?"}, by=author, edit_number=1)
    with pytest.raises(editing.StaleEdit) as stale:
        editing.save_version(question, content | {"text": "Kata Budi?"}, by=author, facts={"tags": ["x"]}, edit_number=1)
    assert stale.value.stored == stored
    question.refresh_from_db()
    assert question.current_version == stored and question.versions.count() == 2 and question.tags == []
    assert editing.save_version(question, content | {"text": "Kata Ani?"}, by=author, edit_number=1) == stored  # what is stored anyway
    assert editing.save_version(question, content | {"text": "Kata Budi?"}, by=author, edit_number=2).number == 3


def test_what_cannot_be_asked_is_not_saved(question, author):
    with pytest.raises(editing.EditingError, match="key"):
        editing.save_version(question, question.current_version.content | {"key": "Z"}, by=author)
    with pytest.raises(editing.EditingError, match="tidak dikenal"):
        editing.save_version(question, question.current_version.content, by=author, facts={"code": "X"})
    assert question.versions.count() == 1


def test_a_fact_of_another_course_is_refused(question, author):
    other = make.make_course(copies=1, rules=SMALL)
    category = categories.find_or_make(other, "Lain")
    lesson = other.activities.filter(kind="lesson").first()
    for facts in ({"category": category}, {"lesson": lesson}, {"module": other.modules.first()}, {"objective": 21}, {"level": "x"}):
        with pytest.raises(editing.EditingError):
            editing.save_version(question, question.current_version.content, by=author, facts=facts)


def test_a_new_question_finds_the_next_code(course, question, author):
    content = question.current_version.content
    codes = [editing.create(course, question.module, "single", content, by=author).code for _ in range(2)]
    assert codes == ["M1-01", "M1-02"]
    assert editing.create(course, question.module, "single", content, by=author, code="M1-29").code == "M1-29"
    assert editing.create(course, question.module, "single", content, by=author, code="M1-29").code == "M1-30"
    assert editing.create(course, None, "single", content, by=author).code == "K-01"
    assert acts("question.created") == 5
    with pytest.raises(editing.EditingError):
        editing.create(course, question.module, "practical", {}, by=author)


def test_a_copy_says_the_same_under_its_own_code(question, author):
    copy = editing.duplicate(question, by=author)
    assert copy.code != question.code and copy.current_version.content == question.current_version.content
    assert (copy.level, copy.lesson, copy.objective, copy.current_version.number) == (
        question.level,
        question.lesson,
        question.objective,
        1,
    )
    assert acts("question.duplicated") == 1 and acts("question.created") == 0


def test_retiring_is_harmless_twice_and_leaves_the_draft_bank(question, author):
    assert editing.retire(question, by=author) and not editing.retire(question, by=author)
    assert question.code not in {one["code"] for one in QuizzesPart().freeze(question.module)["bank"]}
    assert editing.restore(question, by=author) and not editing.restore(question, by=author)
    assert question.code in {one["code"] for one in QuizzesPart().freeze(question.module)["bank"]}
    assert (acts("question.retired"), acts("question.restored")) == (1, 1)


def test_a_question_that_a_quiz_names_cannot_be_retired(course, question, author):
    quiz = make.quiz_of(course)
    quiz.draw = [{"question": question.code}]
    quiz.save()
    with pytest.raises(editing.EditingError, match="Kuis Modul 1 memakai soal"):
        editing.retire(question, by=author)
    assert Question.objects.get(pk=question.pk).retired_at is None


def test_the_tree_is_made_by_paths_once(course, author):
    deep = categories.find_or_make(course, "Modul 1 / Akun/Sandi", by=author)
    assert categories.find_or_make(course, "Modul 1/Akun/Sandi") == deep and Category.objects.count() == 3
    assert [(one.path, one.depth) for one in categories.tree(course)] == [("Modul 1", 0), ("Modul 1/Akun", 1), ("Modul 1/Akun/Sandi", 2)]
    assert acts("category.added") == 3
    for path in ("", "/", "a/" * 9, "x" * 121):
        with pytest.raises(categories.CategoryError):
            categories.find_or_make(course, path)


def test_a_category_is_renamed_moved_and_removed_only_when_it_may(course, question, author):
    akun, sandi = categories.find_or_make(course, "Akun"), categories.find_or_make(course, "Akun/Sandi")
    lain = categories.add(course, "Lain", by=author)
    with pytest.raises(categories.CategoryError, match="dirinya sendiri"):
        categories.place(akun, sandi, by=author)
    with pytest.raises(categories.CategoryError, match="sudah ada"):
        categories.rename(lain, "Akun", by=author)
    assert categories.place(sandi, lain, by=author) and not categories.place(sandi, lain, by=author)
    assert categories.rename(sandi, "Kata sandi", by=author) and not categories.rename(sandi, "Kata sandi", by=author)
    editing.move([question], sandi, by=author)
    with pytest.raises(categories.CategoryError, match="1 soal"):
        categories.remove(sandi, by=author)
    with pytest.raises(categories.CategoryError, match="kategori lain"):
        categories.remove(lain, by=author)
    editing.move([question], None, by=author)
    categories.remove(sandi, by=author)
    assert [one.path for one in categories.tree(course)] == ["Akun", "Lain"]
    assert categories.step(lain, by=author, down=False) == 1 and [one.path for one in categories.tree(course)] == ["Lain", "Akun"]


def test_moving_questions_tells_where_they_were(course, author):
    first, second = categories.find_or_make(course, "A"), categories.find_or_make(course, "B")
    rows = list(Question.objects.filter(course=course).order_by("pk")[:3])
    editing.move(rows[:1], first, by=author)
    assert editing.move(rows, second, by=author) == [(rows[0].pk, first.pk), (rows[1].pk, None), (rows[2].pk, None)]
    assert editing.move(rows, second, by=author) == []
    assert acts("question.moved") == 4
    with pytest.raises(editing.EditingError):
        editing.move(rows, categories.find_or_make(make.make_course(copies=1, rules=SMALL), "C"), by=author)


def test_where_used_names_quizzes_versions_and_attempts(course, question, author):
    question = Question.objects.select_related("module", "course", "lesson", "category", "current_version").get(pk=question.pk)
    use = using.where_used(question)
    assert [(one.title, one.is_fixed) for one in use.drawn] == [("Kuis Modul 1", False)]
    assert use.current and use.current.question_version == 1 and using.changed_since(question, use) == [] and use.attempts == 0
    make.start(make.make_enrolment(course))
    editing.save_version(question, question.current_version.content | {"text": "Lain?"}, by=author)
    use = using.where_used(question)
    assert (use.attempts, using.asked([question.pk])) == (1, {question.pk: 1})
    assert "Peserta memakai versi 1" in using.changed_since(question, use)[0]


@pytest.mark.parametrize(
    "layer, meets",
    [
        ({"module": "M1", "count": 2}, True),
        ({"module": "M2", "count": 2}, False),
        ({"module": "M1", "count": 2, "level": "hard"}, False),
        ({"module": "M1", "count": 2, "tag": "mfa"}, True),
        ({"module": "M1", "count": 2, "tag": "lain"}, False),
        ({"module": "M1", "count": 2, "category": "Akun"}, True),
        ({"module": "M1", "count": 2, "category": "Akun/Sandi"}, True),
        ({"module": "M1", "count": 2, "category": "Sandi"}, False),
    ],
)
def test_a_layer_meets_what_it_names(course, question, author, layer, meets):
    category = categories.find_or_make(course, "Akun/Sandi")
    facts = {"tags": ["mfa"], "category": category, "level": "easy"}
    editing.save_version(question, question.current_version.content, by=author, facts=facts)
    assert using.meets(layer, Question.objects.select_related("module", "category__parent").get(pk=question.pk)) is meets
