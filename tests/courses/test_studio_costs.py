"""Every page of the studio asks the database as often for three of everything as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging, channels, editing, media, proposing, remarking
from courses.models import Course, Lesson, Revision
from linimasa import clock
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make
from tests.factories.cohorts import make_cohort, make_enrolment

pytestmark = pytest.mark.django_db


def filled(n: int) -> Course:
    """A published course with ``n`` of everything that a page of the studio lists: modules that changed, each with ``n`` of everything."""
    course = make.make_published_course(modules=n, lessons=n, slug=f"isi-{n}")
    people = [accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk, name=f"Penulis {number}") for number in range(n)]
    reviewer = accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk)
    today = clock.local(clock.now()).date()
    make_enrolment(make_cohort(course))
    for number, author in enumerate(people):
        make.add_guide(course, f"panduan-{number}")
        channels.add(course, by=author, values={"name": f"Kanal {number}", "address": f"kanal{number}.id", "purpose": ""})
        media.add(course, SimpleUploadedFile(f"{number}.png", png(1000 + number, 500)), by=author, alternative_text="Layar.")
        make_enrolment(make_cohort(course))
    for module, author in zip(course.modules.order_by("position"), people, strict=True):
        for one in module.activities.all():
            editing.save_lesson(one, by=author, edit_number=0, body="Akun [resmi](https://a.example/) diubah.\n", values={}, facts={})
            remarking.remark(one, by=reviewer, body="Sumbernya?", quote="diubah")
            Lesson.objects.filter(activity=one).update(review_again_on=today - timedelta(days=3), owner=author)
        for number in range(n):
            for kind in ("quiz", "assignment", "session"):
                arranging.add(module, kind=kind, title=f"Baru {number}", minutes=5, by=author)
            editing.archive_activity(arranging.add(module, kind="lesson", title=f"Lama {number}", minutes=5, by=author), by=author)
        proposing.propose(module, by=author)
    return course


def addresses(course: Course) -> dict[str, str]:
    module = course.modules.order_by("position").first()
    lesson = module.activities.filter(kind="lesson", archived_at=None).order_by("position").first()
    revision = Revision.objects.filter(course=course, activity=lesson).latest("pk")
    of_course = ("studio_course", "course_settings", "course_history", "archive_list", "channels", "library", "media_pick", "packages")
    of_module = ("studio_module", "module_history", "versions", "compare", "review_module", "publish_module", "archive_module")
    of_lesson = ("studio_lesson", "lesson_preview", "lesson_freshness", "part", "part_history")
    wanted = {"studio": [], "freshness": [], "help": [], "version": [module.current_version_id], "revision": [revision.pk]}
    wanted |= {"channel": [course.channels.first().pk], "media_item": [course.media.first().pk]}
    wanted |= {name: [course.pk] for name in (*of_course, "review_course")} | {name: [module.pk] for name in of_module}
    wanted |= {name: [lesson.pk] for name in of_lesson}
    return {name: reverse(f"courses:{name}", args=args) for name, args in wanted.items()}


def costs(n: int) -> dict[str, int]:
    client, found = accounts.client_of(accounts.admin()), {}
    for name, address in addresses(filled(n)).items():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, name
        found[name] = len(asked)
    return found


def test_no_page_of_the_studio_asks_more_often_for_three_of_everything_than_for_one():
    one = costs(1)
    Course.objects.update(archived_at=clock.now())
    three = costs(3)
    assert {name: (one[name], three[name]) for name in one if three[name] > one[name]} == {}
