"""Each invariant holds after real publications and fails on a broken row."""

from __future__ import annotations

import pytest

from audit.models import Entry
from courses import invariants
from courses.models import FrozenLesson, Module, Version
from tests.factories import courses as make

CHECKS = (
    invariants.pointers_stay_at_home,
    invariants.versions_are_whole,
    invariants.publications_are_audited_once,
    invariants.published_lessons_have_text,
)


@pytest.mark.django_db
@pytest.mark.parametrize("check", CHECKS)
def test_an_invariant_holds_and_finds_a_broken_row(check):
    course = make.make_published_course(modules=2, lessons=1)
    assert list(check()) == []
    first, second = course.modules.all()
    if check is invariants.pointers_stay_at_home:
        Module.objects.filter(pk=first.pk).update(current_version=second.current_version)
    elif check is invariants.versions_are_whole:
        FrozenLesson.objects.filter(version=first.current_version).delete()
    elif check is invariants.publications_are_audited_once:
        Entry.objects.filter(action="module.published").first().delete()
    else:
        FrozenLesson.objects.filter(version=first.current_version).update(html="")
    assert len(list(check())) == 1
    assert Version.objects.count() == 3


@pytest.mark.concurrency
def test_many_who_publish_at_once_make_one_version(in_parallel):
    module = make.make_module(lessons=1)
    results = in_parallel(6, lambda number: make.publish(Module.objects.get(pk=module.pk)).pk)
    assert len(set(results)) == 1
    assert Version.objects.count() == 1 and Entry.objects.filter(action="module.published").count() == 1
