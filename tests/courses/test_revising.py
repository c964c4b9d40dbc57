"""What drafts were: who changed what and when, merged by person and time, and never told of the wrong one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courses import arranging, editing, revising
from courses.models import Aspect, Lesson, Revision, RevisionOrigin
from linimasa import clock
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    course = make.make_published_course(modules=1, lessons=2)
    return course.modules.get().activities.first()


def save(activity, by, body):
    number = Lesson.objects.get(activity=activity).edit_number
    return editing.save_lesson(activity, by=by, edit_number=number, body=body, values={}, facts={})


def bodies(activity):
    return [(one.by, one.content["body"]) for one in Revision.objects.filter(activity=activity).order_by("at", "pk")]


def test_the_first_save_keeps_what_was_there_before(lesson):
    author, old = accounts.person(), lesson.lesson.body
    save(lesson, author, "Satu.\n")
    assert bodies(lesson) == [(None, old), (author, "Satu.\n")]


def test_saves_of_one_person_within_ten_minutes_are_one(lesson):
    author, other = accounts.person(), accounts.person()
    for body in ("Satu.\n", "Satu dua.\n", "Satu dua.\n"):
        save(lesson, author, body)
    save(lesson, other, "Tiga.\n")
    save(lesson, author, "Empat.\n")
    assert [text for _by, text in bodies(lesson)][1:] == ["Satu dua.\n", "Tiga.\n", "Empat.\n"]
    past = clock.now() - timedelta(minutes=11)
    Revision.objects.filter(content__body="Empat.\n").update(started_at=past)
    save(lesson, author, "Lima.\n")
    assert [by for by, _text in bodies(lesson)][1:] == [author, other, author, author]


def test_what_came_from_elsewhere_is_not_told_as_the_next_persons(lesson):
    author, other = accounts.person(), accounts.person()
    save(lesson, author, "Satu.\n")
    Lesson.objects.filter(activity=lesson).update(body="Dari berkas.\n")
    save(lesson, other, "Dua.\n")
    assert bodies(lesson)[1:] == [(author, "Satu.\n"), (None, "Dari berkas.\n"), (other, "Dua.\n")]
    assert Revision.objects.filter(activity=lesson, origin=RevisionOrigin.FILE).count() == 1


def test_words_and_order_of_a_module_are_kept(lesson):
    author, module = accounts.person(), lesson.module
    editing.edit_module(module, by=author, values={"title": "Judul baru"})
    arranging.step_part(lesson, by=author, step=1)
    facts = Revision.objects.filter(module=module, activity=None, aspect=Aspect.FACTS).first()
    order = Revision.objects.filter(module=module, activity=None, aspect=Aspect.OUTLINE).order_by("at", "pk")
    assert facts.content["title"] == "Judul baru" and revising.previous(facts).content["title"] != "Judul baru"
    first, second = [[item["activity"] for item in one.content["items"]] for one in order]
    assert second == first[::-1]


def test_a_restored_version_says_so(lesson):
    author, module = accounts.person(), lesson.module
    first, old = module.current_version, lesson.lesson.body
    save(lesson, author, "Baru.\n")
    editing.restore_version(first, by=author)
    last = Revision.objects.filter(activity=lesson).first()
    assert (last.origin, last.content["body"], last.by) == (RevisionOrigin.RESTORE, old, author)
