"""Nothing that was given is lost: several questions on a page, practical work, and what waits while one is on another page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cohorts import structure
from quizzes import attempts
from quizzes.models import AnswerEvent, Attempt, Response
from tests.factories import quizzes as factory
from tests.quizzes.test_offline import is_sent, of_kind, opens, outbox, sign_in
from tests.quizzes.test_two_tabs import address, answer_of, saved, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def attempt():
    return factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}]})


@pytest.fixture
def pages_of_seven():
    return factory.start(copies=1, rules={"draw": [{"module": "M1", "count": 7}], "page_size": 7})


def test_one_of_several_questions_is_not_overwritten_and_both_texts_are_shown(live_server, page_390, pages_of_seven, axe):
    """In two tabs, and by what waited without a signal; the other questions of the page go on as they are."""
    one, other, old = written(pages_of_seven), of_kind(pages_of_seven, "single"), page_390
    sign_in(old, live_server, pages_of_seven.enrolment.learner)
    old.goto(address(live_server, one))
    new = old.context.new_page()
    new.goto(address(live_server, one))
    mine = f"form[data-number='{one.position}']"
    new.fill(f"{mine} input[name=j]", "yang lebih baru")
    saved(one, "yang lebih baru")
    old.fill(f"{mine} input[name=j]", "tulisan di tab lama")
    expect(old.locator(f"{mine} [data-kept]")).to_be_focused()
    expect(old.get_by_label("Yang Anda isi di halaman ini")).to_have_value("tulisan di tab lama")
    expect(old.locator(f"{mine} input[name=j]")).to_have_value("yang lebih baru")
    expect(old.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    assert old.locator("form[data-quiz]").count() == 7
    axe(old)
    old.check(f"form[data-number='{other.position}'] input[value={factory.right(other)['j'][0]}]")
    expect(old.locator("[data-sync]").first).to_have_text("Tersimpan")
    expect(old.locator("[data-kept]")).to_be_visible()
    assert answer_of(one) == "yang lebih baru"
    assert AnswerEvent.objects.get(response=one, was_accepted=False).answer == "tulisan di tab lama"
    old.fill(f"{mine} input[name=j]", "sekarang saya tahu")  # it has seen the newer one
    saved(one, "sekarang saya tahu")

    new.context.set_offline(True)
    new.fill(f"{mine} input[name=j]", "tanpa sinyal")
    expect(new.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    expect(new.locator("[data-no-signal]")).to_be_visible()
    assert outbox(new) == 1
    new.context.set_offline(False)
    expect(new.get_by_label("Yang Anda isi di halaman ini")).to_have_value("tanpa sinyal")
    assert answer_of(one) == "sekarang saya tahu"


def test_what_waits_goes_from_any_page_as_soon_as_there_is_a_signal(live_server, page_390, attempt, axe):
    """Two answers are kept one beside the other; the dashboard and a lesson say that they wait, and send them."""
    one, other, page = written(attempt), of_kind(attempt, "single"), page_390
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    page.route("**/kuis/*/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill("input[name=j]", "menunggu")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    opens(page, live_server, other)
    page.check(f"input[name=j][value={factory.right(other)['j'][0]}]")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    assert outbox(page) == 2
    page.goto(live_server.url + reverse("cohorts:home"))
    expect(page.locator("[data-sync]").first).to_have_text("2 jawaban menunggu sinyal")
    axe(page)
    assert not AnswerEvent.objects.exists()
    page.context.set_offline(True)
    page.unroute_all()
    page.context.set_offline(False)
    expect(page.locator("[data-sync]").first).to_have_text("2 jawaban terkirim")
    is_sent(page)
    assert answer_of(one) == "menunggu"
    assert AnswerEvent.objects.filter(was_accepted=True).count() == 2

    opens(page, live_server, one)
    page.context.set_offline(True)
    page.fill("input[name=j]", "kalah cepat")
    expect(page.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    factory.save(Response.objects.get(pk=one.pk), {"j": ["dari perangkat lain"]})
    page.route("**/kuis/*/*/", lambda route: route.abort())  # the page that is being left does not send it
    page.context.set_offline(False)
    unit = structure.of(attempt.enrolment).units[0]
    page.unroute_all()
    page.goto(live_server.url + next(step.url for step in unit.steps if "/belajar/" in step.url))
    expect(page.get_by_label("Yang Anda isi di halaman ini")).to_have_value("kalah cepat")
    expect(page.get_by_role("link", name="ada di soal ini")).to_be_visible()
    axe(page)
    is_sent(page)
    assert answer_of(one) == "dari perangkat lain"


def test_a_list_as_it_was_kept_before_is_taken_over(live_server, page_390, attempt):
    one, page = written(attempt), page_390
    sign_in(page, live_server, attempt.enrolment.learner)
    opens(page, live_server, one)
    page.evaluate(
        """([attempt, number]) => localStorage.setItem("linimasa:outbox", JSON.stringify([{ key: "abcdefgh-lama", sequence: 1, attempt,
           number, url: `/kuis/${attempt}/${number}/`, fields: [["j", "dari daftar lama"]], at: Date.now(), base: 0, from: ["abcdefgh"],
           owner: document.documentElement.dataset.owner }]))""",
        [str(attempt.pk), one.position],
    )
    page.goto(live_server.url + reverse("cohorts:home"))
    saved(one, "dari daftar lama")
    is_sent(page)
    assert page.evaluate("localStorage.getItem('linimasa:outbox')") is None


@pytest.fixture
def work():
    """A learner for whom practical work is open, and its address."""
    enrolment = factory.make_enrolment(factory.make_course(assignment=True))
    quiz = factory.start(enrolment)
    factory.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    activity = factory.quiz_of(enrolment.course, "M1-TUGAS").activity_id
    return enrolment, reverse("quizzes:assignment", args=[activity]), activity


def draft_is(activity, text):
    from tests.portal import wait_until

    def stored():
        one = Attempt.objects.filter(quiz__activity=activity).last()
        return one and (one.responses.get().answer or {}).get("text") == text

    wait_until(stored, 5, what=text)


def test_a_draft_is_not_overwritten_and_waits_without_a_signal(live_server, page_390, work, axe):
    (enrolment, path, activity), old = work, page_390
    sign_in(old, live_server, enrolment.learner)
    old.goto(live_server.url + path)
    new = old.context.new_page()
    new.goto(live_server.url + path)
    for text in ("Satu.", "Satu dan dua."):
        new.fill("textarea[name=text]", text)
        draft_is(activity, text)
    expect(new.locator("[data-sync]").first).to_contain_text("Draf tersimpan")
    old.fill("textarea[name=text]", "Tulisan di tab lama.")
    expect(old.get_by_label("Yang Anda tulis di halaman ini")).to_have_value("Tulisan di tab lama.")
    expect(old.locator("textarea[name=text]")).to_have_value("Satu dan dua.")
    expect(old.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    axe(old)
    draft_is(activity, "Satu dan dua.")
    old.fill("textarea[name=text]", "Gabungan.")  # it has seen the newer one
    draft_is(activity, "Gabungan.")

    old.context.set_offline(True)
    old.fill("textarea[name=text]", "Ditulis tanpa sinyal.")
    expect(old.locator("[data-sync]").first).to_contain_text("Belum tersimpan")
    assert outbox(old) == 1
    new.close()
    old.route("**/tugas/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    old.context.set_offline(False)
    old.goto(live_server.url + path)
    expect(old.locator("textarea[name=text]")).to_have_value("Ditulis tanpa sinyal.")  # put back where it was written
    draft_is(activity, "Gabungan.")
    old.unroute_all()
    old.goto(live_server.url + reverse("cohorts:home"))
    draft_is(activity, "Ditulis tanpa sinyal.")
    is_sent(old)

    old.goto(live_server.url + path)
    old.fill("textarea[name=text]", "Siap dikirim.")
    old.get_by_role("button", name="Kirim tugas").click()  # the draft that waits goes under the same key: no newer text than itself
    expect(old.get_by_role("heading", name="Kirim tugas kepada pengajar?")).to_be_visible()
    is_sent(old)
    expect(old.locator("[data-kept]")).to_have_count(0)
    old.get_by_role("button", name="Kirim tugas").click()
    expect(old.get_by_text("Menunggu pengajar")).to_be_visible()
    one = Attempt.objects.get(quiz__activity=activity)
    assert (one.status, one.responses.get().answer) == ("submitted", {"text": "Siap dikirim."})
    assert AnswerEvent.objects.filter(response__attempt=one, was_accepted=False).count() == 1  # only what the old tab had written
