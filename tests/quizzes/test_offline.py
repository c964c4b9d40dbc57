"""Work done without a connection: kept on the device, sent when it is back, kept for the trainer when it is too late, and nobody else's."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, ScopeKind
from quizzes import attempts
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, Response
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, grant, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def attempt():
    return factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}], "time_limit": 15})


def sign_in(page, server, who):
    page.context.add_cookies([{"name": "sessionid", "value": client_of(who).cookies["sessionid"].value, "url": server.url}])


def of_kind(attempt, kind):
    return attempt.responses.select_related("question_version").get(question_version__kind=kind)


def opens(page, server, one):
    page.goto(server.url + reverse("quizzes:question", args=[one.attempt_id, one.position]))


def gives_without_a_signal(page, one):
    page.context.set_offline(True)
    page.check(f"input[name=j][value={factory.right(one)['j'][0]}]")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")  # of the signal; the dot: of this answer
    expect(page.locator("[data-dots] a").nth(one.position - 1)).to_have_class(re.compile("is-wait"))
    assert outbox(page) == 1


def outbox(page):
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('linimasa:outbox:')).length")


def is_sent(page):
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('linimasa:outbox:'))")


def test_what_the_server_closed_meanwhile_is_kept_shown_and_counts_only_by_a_reason(live_server, open_page, attempt, axe):
    page, one = open_page(390, 844), of_kind(attempt, "single")
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    gives_without_a_signal(page, one)
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=past, started_at=past - timedelta(minutes=15))
    assert attempts.close_overdue() == 1
    page.context.set_offline(False)
    page.wait_for_url("**/hasil/")
    expect(page.get_by_text(f"Jawaban untuk soal {one.position} tiba setelah percobaan ini ditutup.")).to_be_visible()
    assert outbox(page) == 0
    event = AnswerEvent.objects.get(response=one)
    assert (event.was_accepted, Response.objects.get(pk=one.pk).answer) == (False, None)

    trainer = person()
    grant(trainer, Role.TRAINER, ScopeKind.COHORT, attempt.enrolment.cohort_id)
    desk = open_page(1280, 900)
    sign_in(desk, live_server, trainer)
    desk.goto(live_server.url + reverse("quizzes:late_answers"))
    desk.locator("main tbody a").first.click()
    desk.get_by_label("Alasan menghitung jawaban ini").fill("Sinyal putus sebelum waktu habis.")
    desk.get_by_role("button", name="Hitung jawaban").click()
    expect(desk.get_by_text("Jawaban dihitung. Nilai peserta dihitung ulang.")).to_be_visible()
    assert Response.objects.get(pk=one.pk).points == 1
    desk.goto(live_server.url + reverse("quizzes:history", args=[attempt.pk]))
    late = "Tidak dihitung: tiba setelah waktu habis"
    for words in ("Sinyal putus", "Tersambung lagi", late, "Alasan: Sinyal putus sebelum waktu habis."):
        expect(desk.get_by_text(words).first).to_be_visible()
    for width, scheme in ((1280, "light"), (390, "dark")):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.emulate_media(color_scheme=scheme)
        axe(desk)
        if folder := os.environ.get("PICTURES"):
            desk.screenshot(path=f"{folder}/riwayat-{width}.png", full_page=True)


def test_signing_out_in_between_loses_nothing(live_server, open_page, attempt):
    page, one = open_page(390, 844), of_kind(attempt, "single")
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    page.context.clear_cookies()
    page.check(f"input[name=j][value={factory.right(one)['j'][0]}]")
    expect(page.locator("[data-refused]")).to_contain_text("masuk lagi")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    assert not AnswerEvent.objects.exists()
    sign_in(page, live_server, attempt.enrolment.learner)
    page.goto(live_server.url + reverse("quizzes:start", args=[attempt.quiz.activity_id]))
    is_sent(page)
    assert Response.objects.get(pk=one.pk).points is None
    assert AnswerEvent.objects.get(response=one).was_accepted


def test_another_person_on_the_same_device_neither_sends_nor_sees_it(live_server, open_page, attempt):
    page, one = open_page(390, 844), of_kind(attempt, "single")
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    gives_without_a_signal(page, one)
    page.context.clear_cookies()  # a page that is being left may still send, while it is its own person's: then nothing waits
    page.goto("about:blank")
    page.context.set_offline(False)

    other = factory.make_enrolment(attempt.enrolment.course, kind="scheduled")
    theirs = factory.start(other)
    sign_in(page, live_server, other.learner)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    opens(page, live_server, of_kind(theirs, "multiple"))
    page.locator("input[name=j]").first.check()
    expect(page.locator("[data-sync]").first).to_contain_text("Tersimpan")
    page.goto(live_server.url + reverse("quizzes:review", args=[theirs.pk]))
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert [url for url in asked if f"/kuis/{attempt.pk}/" in url] == []
    assert outbox(page) == 1

    page.context.clear_cookies()
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    is_sent(page)
    event = AnswerEvent.objects.get(response=one)
    assert event.was_accepted
    assert AnswerEvent.objects.filter(response__attempt=theirs).count() == 1


def test_the_last_minutes_are_said_once_and_the_end_waits_for_the_signal(live_server, open_page, attempt):
    page, one = open_page(390, 844), of_kind(attempt, "single")
    sign_in(page, live_server, attempt.enrolment.learner)

    def leave(seconds):
        Attempt.objects.filter(pk=attempt.pk).update(deadline_at=timezone.now() + timedelta(seconds=seconds))

    says = page.locator("[data-clock-says]")
    leave(302)
    opens(page, live_server, one)
    expect(says).to_have_text("Tinggal 5 menit.")
    page.get_by_text("Waktu", exact=True).click()  # hidden: said all the same
    expect(page.locator("[role=timer]")).to_be_hidden()
    expect(says).to_have_attribute("role", "status")
    leave(62)
    opens(page, live_server, one)
    expect(page.locator("[role=timer]")).to_be_hidden()
    expect(says).to_contain_text("Tinggal 1 menit.", timeout=10_000)
    page.wait_for_timeout(1_000)
    assert sorted(attempt.events.filter(kind="warned").values_list("number", flat=True)) == [1, 5]
    assert list(attempt.events.filter(kind="opened").values_list("number", flat=True)) == [one.position]  # three times opened, noted once

    leave(6)
    opens(page, live_server, one)
    gives_without_a_signal(page, one)
    expect(says).to_have_text("Waktu habis. Jawaban yang tersimpan terkirim.", timeout=10_000)
    page.wait_for_timeout(2_500)
    expect(page.locator("form[data-quiz]")).to_be_visible()  # not the browser's own page of an error
    page.context.set_offline(False)
    page.wait_for_url("**/hasil/", timeout=20_000)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.closed_by) == (AttemptStatus.GRADED, "clock")
    assert not AnswerEvent.objects.get(response=one).was_accepted
