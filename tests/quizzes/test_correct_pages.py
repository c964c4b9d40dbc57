"""The pages that put a key right: nothing changes before the effect was seen, and only for those who write the course."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quizzes.correcting import applying
from quizzes.kinds.editors import EDITORS
from quizzes.models import Correction, GradeEvent, QuestionVersion
from tests.factories import accounts
from tests.factories import quizzes as factory

from .test_bank_pages import filled
from .test_correcting import REASON, course_of_all, finish, question
from .test_correcting import mended as of_seven
from .test_correcting_kinds import new_key

pytestmark = pytest.mark.django_db


def fields_of(asked, content, **more):
    """What the page sends for this content."""
    form = EDITORS[asked.kind](content=content)
    sent = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", [], False):
            sent[bound.html_name] = bound.field.prepare_value(value) if hasattr(bound.field, "prepare_value") else value
    return sent | {"choice": "new_key", "reason": REASON} | more


def pages(asked):
    return reverse("quizzes:correct", args=[asked.pk]), reverse("quizzes:correct_impact", args=[asked.pk])


MORE = ("numeric", "gaps", "hotspot")


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "scenario", "short_answer", "matching", "ordering", *MORE])
def test_from_the_right_key_over_its_effect_to_the_deed(kind):
    course = factory.make_course_of_more() if kind in MORE else course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked = question(kind, course)
    mended = new_key if kind in MORE else of_seven
    browser = accounts.client_of(accounts.staff("author"))
    form, effect = pages(asked)
    assert browser.get(form).status_code == 200
    assert browser.get(effect)["Location"] == form  # nothing was filled in yet
    answer = browser.post(form, fields_of(asked, mended(asked)))
    assert answer.status_code == 302 and answer["Location"] == effect, answer.content.decode()[:3000]
    assert QuestionVersion.objects.filter(question=asked).count() == 1 and not Correction.objects.exists()
    shown = browser.get(effect).content.decode()
    assert REASON in shown and "Kurang dari 5 peserta" in shown and attempt.enrolment.learner.name not in shown
    done = browser.post(effect)
    made = Correction.objects.get()
    assert done["Location"] == reverse("quizzes:correction", args=[made.pk])
    assert "Muat ulang" in browser.get(done["Location"]).content.decode()
    assert browser.post(effect)["Location"] == form  # pressed twice: the second finds nothing to do
    applying.apply(made.pk)
    shown = browser.get(done["Location"]).content.decode()
    assert "1 dari 1 jawaban diperiksa, 1 nilai berubah" in shown and "Selesai" in shown
    assert REASON in browser.get(form).content.decode()
    assert GradeEvent.objects.filter(correction=made).count() == 1


def test_an_admin_sees_who_it_is():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked = question("single", course)
    browser = accounts.client_of(accounts.admin())
    browser.post(pages(asked)[0], fields_of(asked, of_seven(asked)))
    assert attempt.enrolment.learner.name in browser.get(pages(asked)[1]).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": ""}, "Isi alasan."),
        ({"choice": ""}, "Pilih nilai yang sudah ada."),
        ({"reason": "a\x00b"}, "karakter yang tidak dapat dibaca"),
        ({"reason": "x" * 1_000_000}, "Paling banyak 300 karakter"),
        ({"key": "3"}, "Kunci baru sama dengan yang lama"),
        ({"choice_4": ""}, "pilihan"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(change, sentence):
    asked = question("single", course_of_all())
    browser = accounts.client_of(accounts.staff("author"))
    answer = browser.post(pages(asked)[0], fields_of(asked, of_seven(asked)) | change)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Correction.objects.exists()


def test_somebody_else_saved_the_question_meanwhile():
    from quizzes.bank import editing

    course = course_of_all()
    asked = question("single", course)
    browser = accounts.client_of(accounts.staff("author"))
    browser.post(pages(asked)[0], fields_of(asked, of_seven(asked)))
    editing.save_version(asked, asked.current_version.content | {"text": "Ditulis orang lain?"}, by=accounts.staff("author"))
    assert browser.post(pages(asked)[1])["Location"] == pages(asked)[0]
    assert not Correction.objects.exists()


@pytest.mark.parametrize("role", ["trainer", "organiser", "reviewer"])
def test_those_who_do_not_write_the_course_correct_nothing(role):
    asked = question("single", course_of_all())
    browser = accounts.client_of(accounts.staff(role))
    for address in pages(asked):
        assert browser.get(address).status_code == 404
        assert browser.post(address, fields_of(asked, of_seven(asked))).status_code == 404


def test_an_author_of_another_course_finds_nothing():
    asked = question("single", course_of_all())
    browser = accounts.client_of(accounts.staff("author", "course", 999))
    assert [browser.get(address).status_code for address in pages(asked)] == [404, 404]


def test_doing_it_asks_for_a_fresh_proof():
    asked = question("single", course_of_all())
    browser = accounts.client_of(accounts.staff("author"), proof_age=3_600)
    assert browser.get(pages(asked)[0]).status_code == 200
    answer = browser.post(pages(asked)[1])
    assert answer.status_code == 302 and reverse("account_reauthenticate") in answer["Location"] or "mfa" in answer["Location"]


def test_a_trainer_doubts_a_key_and_the_author_gets_the_link():
    from notifications.models import Message

    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    writer, asked = accounts.staff("author"), question("single", course)
    browser = accounts.client_of(accounts.staff("trainer", "cohort", attempt.enrolment.cohort_id))
    address = reverse("quizzes:doubt_key", args=[attempt.pk])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"question": asked.pk, "text": ""}).status_code == 422
    assert browser.post(address, {"question": 10**9, "text": "A juga benar."}).status_code == 422
    assert browser.post(address, {"question": asked.pk, "text": "A juga benar."}).status_code == 302
    letter = Message.objects.get(kind="key_doubted")
    assert (letter.recipient, letter.context["path"]) == (writer, pages(asked)[0])
    stranger = accounts.client_of(accounts.staff("trainer", "cohort", 10**6))
    assert stranger.get(address).status_code == 404


def test_the_result_page_explains_with_the_right_key():
    course = course_of_all()
    attempt = finish(factory.make_enrolment(course))
    asked = question("single", course)
    browser = accounts.client_of(accounts.staff("author"))
    browser.post(pages(asked)[0], fields_of(asked, of_seven(asked)))
    browser.post(pages(asked)[1])
    applying.apply(Correction.objects.get().pk)
    shown = accounts.client_of(attempt.enrolment.learner).get(reverse("quizzes:result", args=[attempt.pk])).content.decode()
    assert "Kunci soal ini sudah dikoreksi" in shown and REASON in shown
    assert "Yang tepat" in shown


@pytest.mark.parametrize(("kind", "part"), [("single", "Pilihan"), ("multiple", "Pilihan"), ("scenario", "Pilihan"), ("true_false", "")])
def test_a_misconception_on_what_becomes_the_key_is_dropped_and_told(kind, part):
    course = course_of_all()
    finish(factory.make_enrolment(course))
    asked = question(kind, course)
    content = dict(asked.current_version.content)
    wrong = (
        "true"
        if content["key"] is False
        else "false"
        if content["key"] is True
        else next(one for one in "ABCD" if one not in content["key"])
    )
    content["misconceptions"] = {wrong: "mengira-dua"}
    QuestionVersion.objects.filter(pk=asked.current_version_id).update(content=content)
    asked.refresh_from_db()
    key = "ABCD".index(wrong) + 1 if part else wrong
    sent = fields_of(asked, content) | {"key": [str(key)] if kind == "multiple" else str(key)}
    browser = accounts.client_of(accounts.staff("author"))
    form, effect = pages(asked)
    answer = browser.post(form, sent)
    assert answer.status_code == 302 and answer["Location"] == effect, answer.content.decode()[:3000]
    told = f"{part} {wrong}".strip() if part else {"true": "Benar", "false": "Salah"}[wrong]
    assert f"{told} sekarang kunci, jadi label salah pahamnya “mengira-dua” dilepas." in browser.get(effect).content.decode()
    browser.post(effect)
    assert "misconceptions" not in Correction.objects.get().new_version.content


def test_a_misconception_that_is_written_for_a_key_is_refused():
    asked = question("single", course_of_all())
    content = asked.current_version.content
    number = "ABCD".index(content["key"]) + 1
    browser = accounts.client_of(accounts.staff("author"))
    answer = browser.post(reverse("quizzes:bank_question", args=[asked.pk]), fields_of(asked, content) | {f"tag_{number}": "mengira-apa"})
    assert answer.status_code == 422 and "Kunci tidak mewakili salah paham" in answer.content.decode()


def test_saving_another_key_in_the_bank_drops_its_misconception_and_tells_it():
    asked = question("single", course_of_all())
    content = dict(asked.current_version.content)
    wrong = next(one for one in "ABCD" if one != content["key"])
    QuestionVersion.objects.filter(pk=asked.current_version_id).update(content=content | {"misconceptions": {wrong: "mengira-dua"}})
    asked.refresh_from_db()
    browser = accounts.client_of(accounts.staff("author"))
    address = reverse("quizzes:bank_question", args=[asked.pk])
    sent = filled(browser.get(address).content.decode()) | {"key": str("ABCD".index(wrong) + 1), "act": "simpan"}
    answer = browser.post(address, sent, follow=True)
    assert answer.status_code == 200 and "label salah pahamnya “mengira-dua” dilepas" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.current_version.content["key"] == wrong and "misconceptions" not in asked.current_version.content
