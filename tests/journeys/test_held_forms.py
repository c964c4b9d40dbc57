"""The studio's forms lose nothing when the network fails at the save: the text stays, is kept on the device, and is sent again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import Course
from quizzes.models import Question
from tests.factories import accounts
from tests.factories import quizzes as make
from tests.portal import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course() -> Course:
    return make.make_course()


@pytest.fixture
def author(course: Course) -> Any:
    return accounts.admin()


def chip(page: Page) -> Any:
    return page.locator("[data-sync]").first


def kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('linimasa:formulir')).length")


def test_a_question_that_the_network_swallows_is_kept_and_sent_when_it_is_back(course, author, seat, live_server):
    question = Question.objects.filter(course=course, kind="single", module__code="M1").first()
    number = question.current_version.number
    page = seat(author)
    page.goto(live_server.url + reverse("quizzes:bank_question", args=[question.pk]))
    context, field = page.context, page.locator("#id_text")
    field.fill("Tanpa sinyal, apa yang disimpan?")
    context.set_offline(True)
    page.get_by_role("button", name="Simpan versi baru").last.click()
    expect(chip(page)).to_contain_text("disimpan di perangkat ini")
    expect(field).to_have_value("Tanpa sinyal, apa yang disimpan?")
    context.set_offline(False)
    expect(page.get_by_text(f"Tersimpan sebagai versi {number + 1}.")).to_be_visible()
    assert kept(page) == 0 and question.versions.count() == number + 1


def test_what_a_closed_page_could_not_send_is_in_the_form_again_to_be_looked_at_first(course, author, seat, live_server):
    page = seat(author)
    page.goto(live_server.url + reverse("courses:studio_module", args=[course.modules.get(code="M1").pk]))
    context = page.context
    page.locator("#id_summary").fill("Ringkasan yang belum terkirim.")
    context.set_offline(True)
    page.get_by_role("button", name="Simpan draf").click()
    expect(chip(page)).to_contain_text("disimpan di perangkat ini")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(live_server.url + reverse("courses:studio_course", args=[course.pk]))
    page.get_by_role("link", name="Buka dan kirim").click()
    expect(page.locator("#id_summary")).to_have_value("Ringkasan yang belum terkirim.")
    assert course.modules.get(code="M1").summary != "Ringkasan yang belum terkirim."
    page.get_by_role("button", name="Simpan draf").click()
    wait_until(lambda: course.modules.get(code="M1").summary == "Ringkasan yang belum terkirim.", 6, what="saved by hand")
    expect(page.get_by_text("belum terkirim dari perangkat ini")).to_have_count(0)
    assert kept(page) == 0


def test_what_is_refused_is_shown_by_the_server_with_the_text_that_was_sent(course, author, seat, live_server):
    page = seat(author)
    page.goto(live_server.url + reverse("courses:studio_module", args=[course.modules.get(code="M1").pk]))
    page.locator("#id_title").fill("")
    page.locator("#id_summary").fill("Tetap ada.")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.locator("#id_title")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_summary")).to_have_value("Tetap ada.")
    page.locator("#id_title").fill("Judul")
    page.get_by_role("button", name="Simpan draf").click()
    wait_until(lambda: course.modules.get(code="M1").title == "Judul", 6, what="saved after mending")
