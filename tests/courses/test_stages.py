"""How far each part of a course has come, as every page of the studio says it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courses import arranging, editing, stages
from courses.models import Lesson, Proposal, ProposalStatus
from courses.stages import Stage
from linimasa import clock
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_published_course(modules=2, lessons=2)


def save(activity, by, body="Baru.\n"):
    number = Lesson.objects.get(activity=activity).edit_number
    editing.save_lesson(activity, by=by, edit_number=number, body=body, values={}, facts={})


def test_what_is_published_word_for_word_is_terbit(course):
    found = stages.of_course(course)
    assert {one.stage for one in found.activities.values()} == {Stage.PUBLISHED} == {one.stage for one in found.modules.values()}
    assert found.own.stage is Stage.PUBLISHED


def test_a_change_is_a_draft_until_it_is_sent_and_approved(course):
    author, reviewer = accounts.person(), accounts.person()
    module = course.modules.first()
    first, second = module.activities.all()
    save(first, author)
    found = stages.of_course(course)
    assert (found.of(first).stage, found.of(first).by, found.of(second).stage) == (Stage.DRAFT, author, Stage.PUBLISHED)
    assert found.of_module(module).stage is Stage.DRAFT
    proposal = Proposal.objects.create(course=course, module=module, digest="x", sent_by=author, sent_at=clock.now())
    assert stages.of_course(course).of(first).stage is Stage.IN_REVIEW
    Proposal.objects.update(status=ProposalStatus.APPROVED, decided_by=reviewer, decided_at=clock.now())
    found = stages.of_course(course)
    assert (found.of(first).stage, found.of(first).by, found.of_module(module).stage) == (Stage.APPROVED, reviewer, Stage.APPROVED)
    Proposal.objects.filter(pk=proposal.pk).update(sent_at=clock.now() - timedelta(hours=1))
    save(first, author, "Sesudah dikirim.\n")
    assert stages.of_course(course).of(first).stage is Stage.DRAFT


def test_a_change_taken_back_is_terbit_again_and_a_new_part_is_new(course):
    author, module = accounts.person(), course.modules.first()
    first, old = module.activities.first(), module.activities.first().lesson.body
    save(first, author)
    save(first, author, old)
    added = arranging.add(module, kind="lesson", by=author, title="Tambahan", minutes=45)
    found = stages.of_course(course)
    assert found.of(first).stage is Stage.PUBLISHED
    assert found.of(added).is_new and found.of(added).stage is Stage.DRAFT


def test_a_lesson_past_its_day_is_due(course):
    first = course.modules.first().activities.first()
    Lesson.objects.filter(activity=first).update(review_again_on=clock.now().date() - timedelta(days=3))
    found = stages.of_course(course).of(first)
    assert found.is_due and not found.is_ready and found.stage is Stage.PUBLISHED


def test_it_costs_the_same_for_any_number_of_parts(course, django_assert_max_num_queries):
    author = accounts.person()
    save(course.modules.first().activities.first(), author)
    with django_assert_max_num_queries(14) as first:
        stages.of_course(course)
    for _ in range(2):
        module = make.make_module(course, lessons=2)
        make.publish(module)
        save(module.activities.first(), author)
    with django_assert_max_num_queries(14) as second:
        stages.of_course(course)
    assert len(first) == len(second)
