"""Every kind of question on a phone: by the keyboard alone, saved within two seconds of the last key; and with JavaScript off."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from quizzes.kinds import kind_of
from quizzes.models import AttemptStatus, Response
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of
from tests.portal import wait_until
from tests.quizzes import typing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SOON = 2.0  # seconds from the last key to the row
SEVEN = {"single", "multiple", "true_false", "scenario", "short_answer", "matching", "ordering"}
MORE = {"numeric", "gaps", "hotspot"}
EVERY = pytest.mark.parametrize("kinds", [SEVEN, MORE], ids=["seven", "more"])


@pytest.fixture
def attempt(kinds):
    if kinds == MORE:
        return factory.start(factory.make_enrolment(factory.make_course_of_more(time_limit=30)))
    return factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}], "time_limit": 30})


def sign_in(page, server, person):
    page.context.add_cookies([{"name": "sessionid", "value": client_of(person).cookies["sessionid"].value, "url": server.url}])


def questions(attempt):
    return list(attempt.responses.select_related("question_version").order_by("position"))


def send(page, attempt):
    """From the list before sending to the result, by keys."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Semua")
    typing.reach(page, "main button[data-dialog], main .quiz__foot--send button")
    page.keyboard.press("Enter")


@EVERY
def test_every_kind_by_the_keyboard_is_saved_within_two_seconds_of_the_last_key(live_server, open_page, attempt, kinds):
    page = open_page(390, 844)
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(live_server.url + reverse("quizzes:question", args=[attempt.pk, 1]))
    seen, slowest = set(), 0.0
    for one in questions(attempt):
        expect(page.locator("form[data-quiz]")).to_have_attribute("data-number", str(one.position))
        raw = factory.right(one)
        last = typing.answer(page, raw)
        wanted = one.question_version
        stored = wait_until(
            lambda one=one, raw=raw: (row := Response.objects.get(pk=one.pk)) and _is(one, row, raw) and row,
            5,
            what=f"{wanted.kind} in the database",
        )
        slowest = max(slowest, stored.saved_at.timestamp() - last)
        assert stored.saved_at.timestamp() - last <= SOON, wanted.kind
        expect(page.locator("[data-sync]").first).to_contain_text("Tersimpan")
        seen.add(wanted.kind)
        typing.reach(page, "form[data-quiz] button.button--next")
        page.keyboard.press("Enter")
    assert seen == kinds
    page.wait_for_url("**/tinjau/")
    send(page, attempt)
    typing.reach(page, "dialog[open] button.button--next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hasil/")
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (AttemptStatus.GRADED, 1)
    print(f"slowest save {slowest:.2f} s")


def _is(one, row, raw):
    return row.answer == kind_of(one.question_version).clean(raw, one.order)


@EVERY
def test_every_kind_with_javascript_off(live_server, page_without_scripts, attempt, kinds):
    page = page_without_scripts
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(live_server.url + reverse("quizzes:start", args=[attempt.quiz.activity_id]))
    typing.reach(page, "main form button.button--next")
    page.keyboard.press("Enter")
    seen = set()
    for one in questions(attempt):
        expect(page.locator("form[data-quiz]")).to_have_attribute("data-number", str(one.position))
        typing.answer(page, factory.right(one))
        typing.reach_either_way(page, "form[data-quiz] button.button--next[type=submit]")
        page.keyboard.press("Enter")
        seen.add(one.question_version.kind)
    assert seen == kinds
    send(page, attempt)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kirim jawaban kuis?")
    typing.reach(page, "main .quiz__foot--send button.button--next")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hasil/")
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (AttemptStatus.GRADED, 1)
