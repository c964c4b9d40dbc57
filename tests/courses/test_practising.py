"""The practice module: one's own, with everything that the studio can do, and nothing of it reaches anybody else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from cohorts.access import creatable_courses
from courses import access, media, practising, proposing
from courses.holders import activities_of
from courses.models import Course, Lesson, Media, Module
from notifications.models import Message
from quizzes.models import Question
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_published_course(modules=1).pk)


@pytest.fixture
def practice(author):
    return practising.begin(author)


def rest(practice: Course) -> list[int]:
    """How much there is of everything beside the practice course."""
    return [model.objects.exclude(**{where: practice.pk}).count() for model, where in COUNTED]


COUNTED = ((Course, "pk"), (Module, "course"), (Lesson, "activity__course"), (Question, "course"), (Media, "course"))


def test_one_click_makes_it_and_a_second_finds_it(author):
    client = accounts.client_of(author)
    for _ in range(2):
        assert client.post(reverse("courses:practice_begin")).status_code == 302
    course = Course.objects.get(is_practice=True)
    assert course.practised_by == author and Entry.objects.filter(action="practice.begun").count() == 1
    assert [one.kind for one in activities_of(course.modules.get())] == ["lesson", "lesson", "quiz", "assignment"]
    assert "Modul latihan" in client.get(reverse("courses:studio")).content.decode()


def test_nobody_else_sees_it_not_even_an_admin(author, practice):
    others = [accounts.admin(), accounts.staff(Role.AUTHOR), accounts.staff(Role.REVIEWER)]
    assert [practice in access.courses_in_studio(one) for one in (author, *others)] == [True, False, False, False]
    module = practice.modules.get()
    for one in others:
        client = accounts.client_of(one)
        assert client.get(reverse("courses:studio_course", args=[practice.pk])).status_code == 404
        assert client.get(reverse("courses:publish_module", args=[module.pk])).status_code == 404
    assert accounts.client_of(accounts.person()).get(reverse("courses:studio_course", args=[practice.pk])).status_code == 404


def test_an_author_publishes_only_what_they_practise_on(author, practice):
    client = accounts.client_of(author)
    real = Module.objects.exclude(course=practice).get()
    assert client.get(reverse("courses:publish_module", args=[real.pk])).status_code == 404
    assert client.get(reverse("courses:publish_module", args=[practice.modules.get().pk])).status_code == 200


def published(author, practice) -> Module:
    """The practice module's lessons, sent, approved and published by the same person."""
    module = practice.modules.get()
    module.activities.exclude(kind="lesson").delete()
    Question.objects.filter(course=practice).update(retired_at="2026-01-01T00:00Z")
    proposal = proposing.propose(module, by=author)
    proposing.approve(proposal, by=author, seen=proposing.digest(module))
    proposing.publish(proposal, by=author)
    module.refresh_from_db()
    return module


def test_a_published_practice_module_reaches_no_learner_and_nobody_hears_of_it(author, practice, client):
    accounts.staff(Role.REVIEWER)
    module = published(author, practice)
    assert module.current_version.number == 1 and not Message.objects.exists()
    assert client.get(reverse("courses:module_page", args=[practice.slug, module.slug])).status_code == 404
    assert module.title not in client.get(reverse("courses:catalogue")).content.decode()
    assert practice not in creatable_courses(accounts.staff(Role.ORGANISER)) and practice not in access.courses_with_guides(
        accounts.admin()
    )


def test_reset_and_remove_take_everything_of_it_and_nothing_else(author, practice):
    media.add_image(practice, SimpleUploadedFile("layar.png", png(), "image/png"), alternative_text="Layar", by=author)
    published(author, practice)
    before, client = rest(practice), accounts.client_of(author)
    assert client.post(reverse("courses:practice_reset")).status_code == 302
    again = practising.of(author)
    assert again.pk != practice.pk and again.modules.get().current_version is None and rest(again) == before
    for _ in range(2):
        assert client.post(reverse("courses:practice_remove")).status_code == 302
    assert practising.of(author) is None and rest(again) == before and not Media.objects.exists()
    assert list(Entry.objects.filter(action__startswith="practice.").order_by("pk").values_list("action", flat=True)) == [
        "practice.begun",
        "practice.removed",
        "practice.begun",
        "practice.removed",
    ]
