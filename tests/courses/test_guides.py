"""Guides for trainers: who reads them, what is published of them, and what they cost."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses.models import Companions, Course
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    course = make.make_published_course(modules=1, lessons=1)
    make.add_guide(
        course, "sesi-a", title="Akun aman", body="## Pembuka\n\nSapa peserta. <script>x</script>\n\n/// lapangan | Ingat\nSenyum.\n///\n"
    )
    make.publish(course)
    return course


def address(course: Course, slug: str = "sesi-a") -> str:
    return reverse("courses:guide", args=[course.slug, slug])


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ORGANISER, Role.AUTHOR, Role.REVIEWER, Role.ADMIN])
def test_whoever_teaches_runs_or_writes_reads_the_published_guide(course, role):
    client = accounts.client_of(accounts.staff(role))
    listed = client.get(reverse("courses:guides")).content.decode()
    assert address(course) in listed and "45 menit" in listed
    page = client.get(address(course)).content.decode()
    assert '<h2 id="pembuka">' in page and "<script>x" not in page and "Senyum." in page and "style=" not in page


@pytest.mark.parametrize("name", ["learner", "coordinator", "nobody"])
def test_others_do_not_know_that_there_are_guides(course, name):
    who = {"learner": accounts.person, "coordinator": lambda: accounts.staff(Role.COORDINATOR)}.get(name, lambda: None)()
    client = accounts.client_of(who)
    for path in (reverse("courses:guides"), address(course)):
        assert client.get(path).status_code == (302 if name == "nobody" else 404)


def test_a_guide_of_a_foreign_or_unpublished_course_is_absent(course):
    elsewhere = make.make_published_course(modules=1, lessons=1)
    author = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, elsewhere.pk))
    assert author.get(address(course)).status_code == 404
    assert "Belum ada panduan" in author.get(reverse("courses:guides")).content.decode()
    own = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    assert own.get(address(course)).status_code == 200 and own.get(address(course, "sesi-b")).status_code == 404
    trainer = accounts.client_of(accounts.staff(Role.TRAINER, ScopeKind.COHORT, 77))
    assert trainer.get(address(course)).status_code == 200
    Course.objects.filter(pk=course.pk).update(current_version=None)
    assert trainer.get(address(course)).status_code == 404


def test_a_draft_of_a_guide_reaches_nobody(course):
    Companions.objects.update(guides=[{"slug": "sesi-a", "title": "Draf", "minutes": 1, "summary": "", "body": "Rahasia draf.\n"}])
    client = accounts.client_of(accounts.staff(Role.TRAINER))
    assert "Rahasia draf" not in client.get(address(course)).content.decode()
    assert "Draf" not in client.get(reverse("courses:guides")).content.decode()


def test_the_pages_cost_the_same_for_any_number_of_guides(course, django_assert_max_num_queries):
    client = accounts.client_of(accounts.staff(Role.TRAINER))
    costs = []
    for number in (1, 3):
        for more in range(number - 1):
            make.add_guide(course, f"sesi-{more}-lagi")
        make.publish(course)
        caches["local"].clear()
        for path in (reverse("courses:guides"), address(course)):
            client.get(path)
            with django_assert_max_num_queries(8) as asked:
                client.get(path)
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
