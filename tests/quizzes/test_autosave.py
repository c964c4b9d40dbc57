"""In a real browser: saved as it is given, honest without a signal, sent again under the same key; every page passes the gate."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quizzes.models import AnswerEvent, Response
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def attempt():
    return factory.start(rules={"time_limit": 15})


def sign_in(page, server, attempt):
    cookie = client_of(attempt.enrolment.learner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])


def of_kind(attempt, kind):
    return attempt.responses.select_related("question_version").filter(question_version__kind=kind)[0]


def open_question(page, server, one):
    page.goto(server.url + reverse("quizzes:question", args=[one.attempt_id, one.position]))


def chip_says(page, text):
    page.wait_for_selector(f"[data-sync]:has-text('{text}')")


def test_an_answer_is_saved_within_two_seconds_without_pressing_anything(live_server, page_390, attempt):
    sign_in(page_390, live_server, attempt)
    one = of_kind(attempt, "single")
    open_question(page_390, live_server, one)
    page_390.check(f"input[name=j][value={factory.right(one)['j'][0]}]")
    page_390.wait_for_selector("[data-sync]:has-text('Tersimpan')", timeout=2_000)
    one.refresh_from_db()
    assert one.question_version.kind == "single"
    assert one.answer == "ABCD".index(one.question_version.content["key"])


def test_without_a_signal_the_answer_waits_on_the_device_and_is_sent_once(live_server, page_390, attempt):
    sign_in(page_390, live_server, attempt)
    one = of_kind(attempt, "ordering")
    open_question(page_390, live_server, one)
    page_390.context.set_offline(True)
    page_390.click("ol[data-order] li:nth-child(1) button[name=turun]")
    chip_says(page_390, "Belum tersimpan")
    assert page_390.is_visible("[data-no-signal]")
    assert not AnswerEvent.objects.exists()
    page_390.context.set_offline(False)
    chip_says(page_390, "Tersimpan")
    one.refresh_from_db()
    assert one.answer == [one.order[1], one.order[0], *one.order[2:]]
    assert AnswerEvent.objects.count() == 1
    assert not page_390.evaluate("Object.keys(localStorage).some((name) => name.startsWith('linimasa:outbox'))")


def test_what_waited_when_the_page_was_left_is_sent_by_the_next_page(live_server, page_390, attempt):
    sign_in(page_390, live_server, attempt)
    one = of_kind(attempt, "short_answer")
    open_question(page_390, live_server, one)
    page_390.route("**/kuis/*/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page_390.fill("input[name=j]", "4,5")
    chip_says(page_390, "Belum tersimpan")
    page_390.unroute_all()
    page_390.goto(live_server.url + reverse("quizzes:review", args=[attempt.pk]))
    page_390.wait_for_selector("h1:has-text('1 dari 14')")
    assert Response.objects.get(pk=one.pk).answer == "4,5"


def test_going_on_shows_the_next_question_at_its_own_address(live_server, page_1280, attempt):
    sign_in(page_1280, live_server, attempt)
    first = attempt.responses.select_related("question_version").get(position=1)
    open_question(page_1280, live_server, first)
    page_1280.click("text=Simpan dan lanjut")
    if first.question_version.kind != "ordering":  # what is shown first is an answer only there
        page_1280.click("button[name=lewati]")
    page_1280.wait_for_url("**/2/")
    assert page_1280.title() == "Soal 2 dari 14 – Kuis Modul 1 – Linimasa"
    assert page_1280.inner_text("[aria-current=step]").startswith("2")
    page_1280.go_back()
    page_1280.wait_for_selector("form[data-number='1']")


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_every_page_passes_the_gate(live_server, open_page, axe, attempt, width, dark):
    page = open_page(width, 844, dark=dark)
    sign_in(page, live_server, attempt)
    kinds = {one.question_version.kind: one for one in attempt.responses.select_related("question_version")}
    page.goto(live_server.url + reverse("quizzes:start", args=[attempt.quiz.activity_id]))
    axe(page)
    for one in kinds.values():
        open_question(page, live_server, one)
        axe(page)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("text=Simpan dan lanjut")  # one that was not answered says so, one that always has an answer goes on
    page.wait_for_load_state("networkidle")
    page.goto(live_server.url + reverse("quizzes:review", args=[attempt.pk]))
    axe(page)
    page.click("text=Kirim jawaban")
    page.click("dialog button:has-text('Kirim jawaban')")
    page.wait_for_url("**/hasil/")
    axe(page)
