"""The rules of a quiz, its trial, exceptions and a page of several questions pass the gate in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role, ScopeKind
from quizzes.models import Quiz, Response
from tests.factories import accounts
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of
from tests.portal import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHONE, DESK = (390, 844), (1280, 900)


def sign_in(page, server, person):
    page.context.add_cookies([{"name": "sessionid", "value": client_of(person).cookies["sessionid"].value, "url": server.url}])


def keep(page, name):
    """A picture, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_each_question_of_a_page_is_saved_as_it_is_answered(live_server, open_page, axe):
    attempt = factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}], "page_size": 4})
    page = open_page(*PHONE)
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(live_server.url + reverse("quizzes:question", args=[attempt.pk, 1]))
    expect(page.locator("form[data-quiz]")).to_have_count(4)
    axe(page)
    keep(page, "halaman-390")
    rows = list(attempt.responses.select_related("question_version").order_by("position")[:4])
    for one in rows:
        form = page.locator(f'form[data-number="{one.position}"]')
        kind = one.question_version.kind
        if kind == "short_answer":
            form.locator("input[type=text]").press_sequentially("4,5")
        elif kind == "matching":
            form.locator("select").first.select_option(index=1)
        elif kind == "ordering":
            form.get_by_role("button", name="Turunkan").first.click()
        else:
            form.locator(".choice").first.click()
        wait_until(lambda one=one: Response.objects.get(pk=one.pk).answer is not None, 5, what=kind)
    expect(page.locator("[data-sync]").first).to_contain_text("Tersimpan")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page).to_have_url(live_server.url + reverse("quizzes:question", args=[attempt.pk, 5]))


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_rules_and_a_trial_pass_the_gate(live_server, open_page, axe, size):
    quiz = factory.quiz_of(factory.make_course(rules={"time_limit": 30}))
    Quiz.objects.filter(pk=quiz.pk).update(
        draw=[{"module": "M1", "level": "hard", "count": 9}, {"question": "M1-01-1"}], feedback="during", grade_method="average"
    )
    page = open_page(*size)
    sign_in(page, live_server, accounts.staff(Role.AUTHOR))
    page.goto(live_server.url + reverse("quizzes:rules", args=[quiz.activity_id]))
    expect(page.get_by_text("kurang")).not_to_have_count(0)
    axe(page)
    keep(page, f"aturan-{size[0]}")
    Quiz.objects.filter(pk=quiz.pk).update(draw=[{"question": "M1-01-1"}, {"question": "M1-01-3"}])
    page.goto(live_server.url + reverse("quizzes:trial", args=[quiz.activity_id]))
    axe(page)
    keep(page, f"coba-{size[0]}")
    page.get_by_role("button", name="Mulai kuis").click()
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_text("sudah diperiksa dan terkunci")).to_be_visible()
    axe(page)
    keep(page, f"coba-soal-{size[0]}")
    page.goto(live_server.url + reverse("quizzes:trial_result", args=[quiz.activity_id]))
    axe(page)
    keep(page, f"coba-hasil-{size[0]}")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_cohorts_quizzes_and_exceptions_pass_the_gate(live_server, open_page, axe, size):
    enrolment = factory.make_enrolment(factory.make_course(rules={"time_limit": 30}))
    quiz = factory.quiz_of(enrolment.course)
    page = open_page(*size)
    sign_in(page, live_server, accounts.staff(Role.TRAINER, ScopeKind.COHORT, enrolment.cohort_id))
    page.goto(live_server.url + reverse("quizzes:cohort_quizzes", args=[enrolment.cohort_id]))
    axe(page)
    keep(page, f"angkatan-kuis-{size[0]}")
    page.goto(live_server.url + reverse("quizzes:give_exception", args=[enrolment.cohort_id, quiz.activity_id]))
    page.get_by_label("Menit tambahan").fill("15")
    page.get_by_label("Alasan").fill("Listrik padam di ruang kelas.")
    page.get_by_role("button", name="Lanjut").click()
    axe(page)
    keep(page, f"beri-{size[0]}")
    page.get_by_role("button", name="Ya, berikan").click()
    expect(page.get_by_text("Pengecualian diberikan.")).to_be_visible()
    axe(page)
    keep(page, f"kuis-angkatan-{size[0]}")
    page.get_by_role("link", name="Akhiri").click()
    axe(page)
    keep(page, f"akhiri-{size[0]}")
