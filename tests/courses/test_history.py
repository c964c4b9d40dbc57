"""The pages of the history: who changed what, when, in words; filtered, paged, and any state made the draft again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging, editing
from courses.models import Lesson, Revision
from quizzes import ruling
from tests.factories import accounts, quizzes
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_published_course(modules=2, lessons=2)


@pytest.fixture
def author(course):
    return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)


def at(name, holder):
    return reverse(f"courses:{name}", args=[holder.pk])


def test_it_says_in_words_who_changed_what(course, author):
    part = course.modules.first().activities.first()
    editing.save_lesson(part, by=author, edit_number=0, body="## Isi\n\nAkun resmi milik warga.\n", values={}, facts={"minutes": 60})
    arranging.step_part(part, by=author, step=1)
    arranging.add(course.modules.first(), kind="session", title="Kelas", minutes=90, by=accounts.admin())
    client = accounts.client_of(author)
    page = client.get(at("course_history", course)).content.decode()
    assert f"Mengubah {part.code} {part.title}" in page and "Isi: 1 kata ditambah, 1 dihapus." in page
    assert "Menit belajar: «45» menjadi «60»." in page and "Mengubah susunan modul M1" in page
    assert "Menambah kegiatan M1-KELAS" in page and "M1-KELAS Kelas masuk." in page
    assert "Menambah kegiatan" not in client.get(at("part_history", part)).content.decode()
    assert client.get(at("module_history", course.modules.last())).content.decode().count("Mengubah") == 0


def test_it_is_filtered_by_person_and_kind_and_odd_words_ask_for_everything(course, author):
    part, admin = course.modules.first().activities.first(), accounts.admin()
    editing.save_lesson(part, by=author, edit_number=0, body="Satu.\n", values={}, facts={})
    arranging.step_part(part, by=admin, step=1)
    client = accounts.client_of(author)
    only = client.get(at("course_history", course), {"siapa": admin.pk}).content.decode()
    assert "Mengubah susunan" in only and "kata ditambah" not in only
    only = client.get(at("course_history", course), {"perbuatan": "tulisan"}).content.decode()
    assert "Mengubah susunan" not in only and "kata ditambah" in only
    for words in ({"siapa": "9" * 40}, {"siapa": "-1", "perbuatan": "entah"}, {"hal": "9999"}):
        assert client.get(at("course_history", course), words).status_code == 200


def test_a_state_is_seen_restored_and_that_is_undone(course, author):
    part, client = course.modules.first().activities.first(), accounts.client_of(author)
    old = Lesson.objects.get(activity=part).body
    editing.save_lesson(part, by=author, edit_number=0, body="Baru <b>.\n", values={}, facts={})
    latest, first = Revision.objects.filter(activity=part)
    page = client.get(at("revision", latest)).content.decode()
    assert "Inilah keadaan draf sekarang." in page and "Baru &lt;b&gt;." in page and "<ins>" in page
    assert "Pulihkan keadaan ini" in client.get(at("revision", first)).content.decode()
    for _ in range(2):
        assert client.post(at("revision", first)).status_code == 302
    assert Lesson.objects.get(activity=part).body == old and Revision.objects.filter(activity=part).count() == 3
    client.post(at("revision", latest))
    assert Lesson.objects.get(activity=part).body == "Baru <b>.\n"


def test_questions_and_quiz_rules_are_told_too():
    course = quizzes.make_course()
    admin = accounts.admin()
    quiz = quizzes.quiz_of(course)
    ruling.save(quiz, {"attempts_allowed": 5}, shown=ruling.stamp(quiz), by=admin)
    question = course.questions.filter(module__code="M1").first()
    from quizzes.bank import editing as bank

    bank.save_version(question, {**question.current_version.content, "feedback": "Lain."}, by=admin)
    page = accounts.client_of(admin).get(at("course_history", course)).content.decode()
    assert "jumlah kesempatan berubah." in page and f"Mengubah soal {question.code}, versi 2" in page
    assert f"soal {question.code}" in accounts.client_of(admin).get(at("module_history", question.module)).content.decode()


@pytest.mark.parametrize("who", ["author", "reviewer", "foreign", "learner"])
def test_only_those_of_the_course_see_it_and_only_writers_restore(course, author, who):
    editing.edit_course(course, by=author, values={"title": "Lain"})
    revision = Revision.objects.first()
    people = {
        "author": lambda: author,
        "reviewer": lambda: accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk),
        "foreign": lambda: accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_course().pk),
        "learner": accounts.person,
    }
    client = accounts.client_of(people[who]())
    sees = who in {"author", "reviewer"}
    for name, holder in (("course_history", course), ("module_history", course.modules.first()), ("revision", revision)):
        assert client.get(at(name, holder)).status_code == (200 if sees else 404)
    assert client.post(at("revision", revision)).status_code == (302 if who == "author" else 404)


def test_the_history_costs_the_same_for_any_number_of_rows(course, author, django_assert_max_num_queries):
    client = accounts.client_of(author)
    parts = [part for module in course.modules.all() for part in module.activities.all()]
    editing.save_lesson(parts[0], by=author, edit_number=0, body="Isi.\n", values={}, facts={})
    arranging.step_part(parts[0], by=author, step=1)
    arranging.add(course.modules.first(), kind="lesson", title="x", minutes=5, by=author)
    with django_assert_max_num_queries(40) as first:
        client.get(at("course_history", course))
    for part in parts[1:]:
        editing.save_lesson(part, by=author, edit_number=0, body="Isi.\n", values={}, facts={})
    arranging.add(course.modules.last(), kind="session", title="x", minutes=5, by=author)
    with django_assert_max_num_queries(40) as second:
        client.get(at("course_history", course))
    assert len(first) == len(second)
