"""Two trainers in two browsers on one piece of work: one holds it, the other hears who and goes on with something else.

What the first fills in saves itself, a note finds its passage, a file is looked at on the page, and a judgement is taken back in time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from cohorts.models import Enrolment
from quizzes import attempts, uploads
from quizzes.models import Attempt, AttemptStatus, Claim, GradingDraft, PassageNote
from tests import browser_gate
from tests.factories import quizzes as make
from tests.factories.accounts import client_of, person
from tests.portal import wait_until
from tests.quizzes.test_grading import trainer_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Tema pekan: imunisasi kejar.\n\nCapaian imunisasi naik 12 persen dari tahun lalu. Warga mengirim pertanyaan."
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def handed_in(first: Attempt | None = None) -> Attempt:
    """Practical work with a text and a PDF; of the same cohort as ``first``."""
    course = first.enrolment.course if first else make.make_course(assignment=True)
    enrolment = make.make_enrolment(course, learner=person())
    if first:
        Enrolment.objects.filter(pk=enrolment.pk).update(cohort=first.enrolment.cohort)
        enrolment.refresh_from_db()
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work = make.start(enrolment, "M1-TUGAS")
    uploads.receive(work.responses.select_related("question_version").get(), SimpleUploadedFile("rencana.pdf", PDF))
    make.save(work.responses.select_related("question_version", "attempt__enrolment__learner").get(), {"text": [TEXT]})
    attempts.submit(work, by=enrolment.learner)
    return Attempt.objects.select_related("enrolment__learner", "enrolment__course", "quiz__activity").get(pk=work.pk)


@pytest.fixture
def as_person(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Page]:
    """``as_person(trainer, 1280, 900)``: a browser of its own in which this person is signed in."""

    def opened(who: Any, *size: int, **more: Any) -> Page:
        page = open_page(*size, **more)
        cookies = client_of(who).cookies
        page.context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies.items()])
        return page

    return opened


def test_one_holds_the_work_and_the_other_goes_on(as_person: Callable[..., Page], live_server: Any) -> None:
    work = handed_in()
    more = handed_in(work)
    first, second = trainer_of(work), trainer_of(work)
    mine, theirs = as_person(first, 1280, 900), as_person(second, 390, 844)
    address = f"{live_server.url}/nilai/{work.pk}/"

    mine.goto(address)
    expect(mine.locator("[data-claimed]")).to_contain_text("Anda memegang pekerjaan ini sampai pukul")
    theirs.goto(address)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Sedang dinilai pengajar lain")
    expect(theirs.get_by_text(f"{first.name} sedang menilai pekerjaan ini")).to_be_visible()
    assert browser_gate.problems(theirs) == []
    theirs.get_by_role("button", name=f"Nilai {more.enrolment.learner.name}").click()
    expect(theirs.locator("[data-claimed]")).to_contain_text("Anda memegang")
    assert dict(Claim.objects.values_list("attempt_id", "by_id")) == {work.pk: first.pk, more.pk: second.pk}

    fills_in(mine)
    notes(mine)
    looks_at_the_file(mine)
    assert browser_gate.problems(mine) == []
    takes_back(mine, live_server, work)


def fills_in(page: Page) -> None:
    """Levels by number, words; all of it is there again after a reload, and the switch of the shortcuts too."""
    for criterion in page.locator("fieldset.rubric").all():
        criterion.locator("input").first.focus()
        page.keyboard.press("4")
    page.get_by_label("Umpan balik", exact=False).first.fill("Sasarannya tepat.")
    expect(page.locator("[data-draft-chip]")).to_contain_text(re.compile(r"Draf tersimpan \d\d\.\d\d"))
    wait_until(lambda: GradingDraft.objects.get().data["comment"] == "Sasarannya tepat.", 5)
    page.get_by_role("button", name="Simpan umpan balik ini sebagai kalimat").click()
    expect(page.locator("#id_comment")).to_have_value("Sasarannya tepat.")
    page.get_by_role("button", name="Sasarannya tepat.", exact=True).click()
    expect(page.locator("#id_comment")).to_have_value(re.compile("Sasarannya tepat. Sasarannya tepat."))
    page.get_by_role("button", name="Pintasan").click()
    page.get_by_label("Aktifkan pintasan").uncheck()
    page.reload()
    expect(page.locator("[data-score]")).to_have_text("100")
    page.locator("fieldset.rubric input").first.focus()
    page.keyboard.press("1")
    expect(page.locator("[data-score]")).to_have_text("100")
    page.get_by_role("button", name="Pintasan").click()
    page.get_by_label("Aktifkan pintasan").check()
    page.keyboard.press("Escape")


def notes(page: Page) -> None:
    """Words selected in the text, Alt C, the note, and its mark in the text."""
    page.evaluate(
        """() => {
          const passages = [...document.querySelectorAll("[data-passages] [data-at]")];
          const node = passages.find((one) => one.textContent.includes("naik 12")).firstChild;
          const range = document.createRange();
          range.setStart(node, node.data.indexOf("naik 12")); range.setEnd(node, node.data.indexOf("naik 12") + 14);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("Alt+c")
    expect(page.get_by_label("Catatan untuk bagian itu")).to_be_focused()
    page.keyboard.type("Sumber datanya belum disebut.")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator("#catatan-1")).to_contain_text("Sumber datanya belum disebut.")
    expect(page.locator("[data-passages] mark")).to_have_text("naik 12 persen")
    assert (PassageNote.objects.get().quote, TEXT[PassageNote.objects.get().start :][:14]) == ("naik 12 persen", "naik 12 persen")


def looks_at_the_file(page: Page) -> None:
    """The PDF opens in the page itself; nothing else is loaded, nothing leaves the bench."""
    with page.expect_response(re.compile("/nilai/berkas/")) as told:
        page.locator("details.file summary").click()
    assert (told.value.status, told.value.headers["content-type"]) == (200, "application/pdf")
    expect(page.locator("iframe.file__page")).to_be_visible()


def takes_back(page: Page, live_server: Any, work: Attempt) -> None:
    page.keyboard.press("Escape")
    page.locator("#id_comment").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
    work.refresh_from_db()
    assert (work.status, work.takes_effect_at is not None) == (AttemptStatus.GRADED, True)
    page.get_by_role("button", name="Urungkan").click()
    expect(page).to_have_url(re.compile(rf"/nilai/{work.pk}/"))
    expect(page.locator("#id_comment")).to_have_value(re.compile("Sasarannya tepat"))
    work.refresh_from_db()
    assert work.status == AttemptStatus.SUBMITTED


def test_the_bench_works_without_scripts(as_person: Callable[..., Page], live_server: Any) -> None:
    work = handed_in()
    page = as_person(trainer_of(work), 390, 844, scripts=False)
    page.goto(f"{live_server.url}/nilai/")
    page.get_by_role("button", name="Nilai yang terlama").click()
    expect(page.locator("[data-claimed]")).to_contain_text("Anda memegang")
    for criterion in page.locator("fieldset.rubric").all():
        criterion.locator("input").last.check(force=True)
    page.locator("details.note-new summary").click()
    page.get_by_label("Kutip bagian jawaban").fill("naik 12 persen")
    page.get_by_label("Catatan untuk bagian itu").fill("Dari mana?")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator("#catatan-1")).to_contain_text("Dari mana?")
    expect(page.locator("fieldset.rubric").first.locator("input").last).to_be_checked()
    page.get_by_role("button", name=re.compile("Simpan & berikutnya")).click()
    expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
