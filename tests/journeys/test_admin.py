"""A lesson is changed, approved by a second person and published while learners are in the middle of it: no page and no progress breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role, ScopeKind
from cohorts.models import CohortKind, Enrolment, Progress, ProgressState
from courses.models import Activity, Course
from tests.factories import accounts, cohorts
from tests.factories import courses as make
from tests.journeys.conftest import Gate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "Periksa daftar orang setiap tiga bulan, tepat pada tanggal satu."


@pytest.fixture
def course() -> Course:
    return make.make_published_course(modules=1, lessons=2)


def address(lesson: Activity) -> str:
    """Where a learner reads it."""
    words = {"course_slug": lesson.course.slug, "module_slug": lesson.module.slug, "lesson_slug": lesson.slug}
    return reverse("cohorts:lesson", kwargs=words)


def enrolled(cohort: Any) -> Enrolment:
    """A learner who has finished the orientation, so that the module is open."""
    enrolment = cohorts.make_enrolment(cohort)
    cohorts.make_progress(enrolment, "ORIENTASI")
    return enrolment


def steps_done(page: Page) -> int:
    return int(page.locator("progress").first.get_attribute("value") or 0)


def reads(page: Page, url: str, lesson: Activity) -> Page:
    page.goto(url + address(lesson))
    expect(page.get_by_role("heading", level=1)).to_contain_text(lesson.title)
    return page


def test_publishes_while_a_learner_is_reading(course, seat: Callable[..., Page], live_server: Any, gate: Gate) -> None:
    lesson, following = course.modules.get().activities.filter(kind="lesson").order_by("position")
    running = cohorts.pin(cohorts.make_cohort(course, kind=CohortKind.SCHEDULED))
    moving, staying = enrolled(cohorts.make_cohort(course, kind=CohortKind.SELF_PACED)), enrolled(running)
    phones = {one: reads(seat(one.learner, 390, 844), live_server.url, lesson) for one in (moving, staying)}
    before = {one: steps_done(page) for one, page in phones.items()}
    author = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)
    desk = sends(seat(author), live_server.url, lesson, gate)
    desk.context.close()
    publishes(seat(accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk)), live_server.url, lesson, running.name, gate)

    for enrolment, has_it in ((moving, True), (staying, False)):
        page = phones[enrolment]  # opened before the publication, and used after it
        page.get_by_role("button", name="Selesai, lanjutkan").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(following.title)
        reads(page, live_server.url, lesson)
        expect(page.get_by_text("Sudah selesai").first).to_be_visible()
        assert (page.get_by_text(NEW).count() == 1) is has_it
        assert steps_done(page) == before[enrolment] + 1
        assert Progress.objects.get(enrolment=enrolment, activity=lesson).state == ProgressState.COMPLETED
    late = enrolled(cohorts.pin(cohorts.make_cohort(course, kind=CohortKind.SCHEDULED)))
    expect(reads(seat(late.learner, 390, 844), live_server.url, lesson).get_by_text(NEW)).to_be_visible()
    is_in_the_trail(seat(accounts.admin()), live_server.url, lesson, gate)


def sends(desk: Page, url: str, lesson: Activity, gate: Gate) -> Page:
    """The author writes one sentence more and sends the draft."""
    desk.goto(url + reverse("courses:studio_lesson", args=[lesson.pk]))
    text = desk.locator("#id_body")
    text.fill(f"{text.input_value()}\n\n{NEW}\n")
    expect(desk.locator(".saved")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d WIB$"))
    gate(desk, "studio-pelajaran", dark=True)
    desk.get_by_role("link", name="Kirim untuk ditinjau").click()
    desk.get_by_role("button", name="Kirim untuk ditinjau").click()
    expect(desk.get_by_role("status").filter(has_text="Draf terkirim")).to_be_visible()
    return desk


def publishes(desk: Page, url: str, lesson: Activity, running: str, gate: Gate) -> None:
    """A second person sees the sentence and whom it reaches, approves, and publishes."""
    desk.goto(url + reverse("courses:review_module", args=[lesson.module_id]))
    expect(desk.locator("main")).to_contain_text(NEW)
    expect(desk.get_by_role("row").filter(has_text=running)).to_contain_text("Tetap di versi 1")
    gate(desk, "studio-tinjau", dark=True)
    desk.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("versi 2")
    gate(desk, "studio-terbit")
    desk.get_by_role("button", name="Terbitkan versi 2").click()
    expect(desk.get_by_role("status").filter(has_text="Versi 2 terbit")).to_be_visible()
    gate(desk, "studio-versi")


def is_in_the_trail(desk: Page, url: str, lesson: Activity, gate: Gate) -> None:
    desk.goto(url + reverse("audit:history"))
    expect(desk.locator("main")).to_contain_text(lesson.module.title)
    gate(desk, "jejak")
