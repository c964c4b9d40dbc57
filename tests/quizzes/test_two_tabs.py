"""A page that is out of date cannot overwrite, in another tab or on another device: it shows the newer answer and keeps its own to copy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from quizzes.models import AnswerEvent, Response
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of
from tests.portal import wait_until
from tests.quizzes import typing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def attempt():
    return factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}]})


def sign_in(page, server, person):
    page.context.add_cookies([{"name": "sessionid", "value": client_of(person).cookies["sessionid"].value, "url": server.url}])


def written(attempt):
    return attempt.responses.select_related("question_version").get(question_version__kind="short_answer")


def address(server, one):
    return server.url + reverse("quizzes:question", args=[one.attempt_id, one.position])


def answer_of(one):
    return Response.objects.get(pk=one.pk).answer


def saved(one, text):
    wait_until(lambda: answer_of(one) == text, 5, what=text)


@pytest.mark.parametrize("apart", ["two tabs", "two devices"])
def test_the_older_page_shows_the_newer_answer_and_keeps_its_own(live_server, open_page, attempt, apart, axe):
    one = written(attempt)
    old = open_page(390, 844)
    sign_in(old, live_server, attempt.enrolment.learner)
    old.goto(address(live_server, one))
    for number in range(1, 6):
        old.locator("input[name=j]").press_sequentially(str(number))
    saved(one, "12345")
    if apart == "two tabs":
        new = old.context.new_page()
    else:
        new = open_page(1280, 900)
        sign_in(new, live_server, attempt.enrolment.learner)
    new.goto(address(live_server, one))
    expect(new.locator("input[name=j]")).to_have_value("12345")
    new.fill("input[name=j]", "yang lebih baru")
    saved(one, "yang lebih baru")

    # a page that counts far ahead has still not seen the newer answer
    old.evaluate("document.querySelector('[name=urutan]').value = 501")
    old.fill("input[name=j]", "tulisan di tab lama")
    expect(old.locator("[data-kept]")).to_contain_text("ada jawaban yang lebih baru")
    expect(old.locator("[data-kept]")).to_be_focused()
    expect(old.get_by_label("Yang Anda isi di halaman ini")).to_have_value("tulisan di tab lama")
    expect(old.locator("input[name=j]")).to_have_value("yang lebih baru")
    expect(old.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    axe(old)
    assert answer_of(one) == "yang lebih baru"
    kept = AnswerEvent.objects.get(response=one, was_accepted=False)
    assert kept.answer == "tulisan di tab lama"
    assert kept.sequence == 501 > Response.objects.get(pk=one.pk).sequence  # it counted higher, and did not win

    old.fill("input[name=j]", "sekarang saya tahu")  # it has seen the newer answer, so it may go on
    saved(one, "sekarang saya tahu")
    new.fill("input[name=j]", "dan sebaliknya")
    expect(new.locator("[data-kept]")).to_be_visible()
    assert answer_of(one) == "sekarang saya tahu"


def test_going_on_from_the_older_page_stays_and_shows_the_newer_answer(live_server, open_page, attempt):
    one = written(attempt)
    old = open_page(390, 844)
    sign_in(old, live_server, attempt.enrolment.learner)
    old.goto(address(live_server, one))
    factory.save(one, {"j": ["dari perangkat lain"]})
    old.evaluate("() => { document.querySelector('input[name=j]').value = 'diisi lalu lanjut'; }")
    old.get_by_role("button", name="Simpan dan lanjut").click()
    expect(old.get_by_label("Yang Anda isi di halaman ini")).to_have_value("diisi lalu lanjut")
    expect(old.locator("form[data-quiz]")).to_have_attribute("data-number", str(one.position))
    assert answer_of(one) == "dari perangkat lain"


def test_without_a_script_the_older_page_is_told_too(live_server, page_without_scripts, attempt):
    one, page = written(attempt), page_without_scripts
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(address(live_server, one))
    factory.save(one, {"j": ["dari perangkat lain"]})
    page.fill("input[name=j]", "diisi tanpa skrip")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_label("Yang Anda isi di halaman ini")).to_have_value("diisi tanpa skrip")
    expect(page.locator("input[name=j]")).to_have_value("dari perangkat lain")
    assert answer_of(one) == "dari perangkat lain"


def test_what_waited_on_one_device_does_not_overwrite_what_another_saved(live_server, open_page, attempt):
    one = written(attempt)
    away, there = open_page(390, 844), open_page(1280, 900)
    for page in (away, there):
        sign_in(page, live_server, attempt.enrolment.learner)
        page.goto(address(live_server, one))
    away.context.set_offline(True)
    away.fill("input[name=j]", "ditulis tanpa sinyal")
    expect(away.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    there.fill("input[name=j]", "ditulis kemudian")
    saved(one, "ditulis kemudian")
    away.context.set_offline(False)
    expect(away.get_by_label("Yang Anda isi di halaman ini")).to_have_value("ditulis tanpa sinyal")
    assert answer_of(one) == "ditulis kemudian"


def test_a_lost_acknowledgement_is_no_other_device(live_server, page_390, attempt):
    """What the server has taken but could not say, and what was typed after it, come from one page: the last of it is stored."""
    one, page = written(attempt), page_390
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(address(live_server, one))

    def swallow(route):
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/kuis/*/*/", swallow)
    page.fill("input[name=j]", "pertama")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    saved(one, "pertama")
    page.unroute_all()
    page.fill("input[name=j]", "kedua")
    saved(one, "kedua")
    expect(page.locator("[data-sync]").first).to_contain_text("Tersimpan")
    assert not AnswerEvent.objects.filter(was_accepted=False).exists()
    page.route("**/kuis/*/*/", swallow)
    page.fill("input[name=j]", "ketiga")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    saved(one, "ketiga")
    page.unroute_all()
    page.reload()  # a new page goes on for the one that wrote this
    expect(page.locator("input[name=j]")).to_have_value("ketiga")
    page.fill("input[name=j]", "keempat")
    saved(one, "keempat")
    assert not AnswerEvent.objects.filter(was_accepted=False).exists()


def test_it_goes_on_at_the_same_place_on_another_device(live_server, open_page, attempt):
    first, other = open_page(390, 844), open_page(1280, 900)
    for page in (first, other):
        sign_in(page, live_server, attempt.enrolment.learner)
    first.goto(live_server.url + reverse("quizzes:question", args=[attempt.pk, 1]))
    for one in attempt.responses.select_related("question_version").filter(position__lte=3):
        expect(first.locator("form[data-quiz]")).to_have_attribute("data-number", str(one.position))
        if one.position != 2:  # the second stays blank: the same place is not the first blank one
            typing.answer(first, factory.right(one))
        first.get_by_role("button", name="Simpan dan lanjut").click()
        if one.position == 2 and one.question_version.kind != "ordering":
            first.get_by_role("button", name="Lewati dulu").click()
    expect(first.locator("form[data-quiz]")).to_have_attribute("data-number", "4")
    other.goto(live_server.url + reverse("quizzes:start", args=[attempt.quiz.activity_id]))
    other.get_by_role("button", name="Lanjutkan kuis").click()
    expect(other.locator("form[data-quiz]")).to_have_attribute("data-number", "4")
    devices = attempt.events.filter(kind="resumed").values_list("device", flat=True)
    assert [len(one) for one in devices] == [16]
    assert AnswerEvent.objects.filter(response__attempt=attempt).exclude(device=devices[0]).exists()
