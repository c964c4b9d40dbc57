"""Remarks hang on words and are found again after edits; answered, settled, told."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from audit.models import Entry
from courses import remarking
from courses.models import Activity, Remark
from notifications.models import Message
from tests.factories import accounts
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db
TEXT = "Surel dari Meta datang setiap hari.\n\nKode OTP jangan dibagikan.\n\nSurel dari Meta juga dapat dipalsukan.\n"


@pytest.fixture
def desk():
    desk = make_desk()
    desk.write(TEXT)
    return desk


def found(text: str, quote: str, before: str = "", after: str = "") -> str | None:
    place = remarking.locate(text, quote, before, after)
    return text[place.start : place.end] if place else None


def test_a_passage_is_found_word_for_word_by_its_surroundings():
    last = TEXT.rindex("Surel")
    assert remarking.locate(TEXT, "Surel dari Meta").start == 0
    assert remarking.locate(TEXT, "Surel dari Meta", TEXT[last - 20 : last], " juga dapat").start == last


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("Pembuka baru.\n\n" + TEXT, "Kode OTP jangan dibagikan."),
        (TEXT.replace("Kode OTP jangan", "Kode   OTP\njangan"), "Kode   OTP\njangan dibagikan."),
        (TEXT.replace("Kode OTP jangan dibagikan.", "Kode apa pun tidak pernah diberikan."), "Kode apa pun tidak pernah diberikan."),
        (TEXT.replace("jangan dibagikan", "jangan pernah dibagikan").replace("Surel", "Pesan"), "Kode OTP jangan pernah dibagikan."),
        ("Semua lain.\n", None),
        ("", None),
    ],
)
def test_a_passage_is_found_again_after_edits_or_told_as_gone(now, words):
    quote = "Kode OTP jangan dibagikan."
    start = TEXT.index(quote)
    assert found(now, quote, TEXT[:start], TEXT[start + len(quote) :][:80]) == words


def test_remarks_that_fit_nearly_everywhere_keep_nobody_waiting():
    text = "## Isi\n\n" + ("a " * 3_900 + "\n\n") * 14
    began = time.perf_counter()
    for number in range(20):  # a page shows up to a hundred; each of these took half a second, or one and a half
        assert not remarking.locate(text, "a " * 190 + f"b{number}").is_exact
        assert remarking.locate(text, "a").is_exact
    assert time.perf_counter() - began < 5
    assert found("satu dua\n\ntiga  empat", "ua tiga em") == "ua\n\ntiga  em"


def test_a_remark_tells_those_who_wrote_and_is_kept_once(desk):
    for _ in range(2):
        remarking.remark(desk.lesson, by=desk.reviewer, body="Sumbernya?", quote="Kode OTP jangan dibagikan.")
    one = Remark.objects.get()
    letter = Message.objects.get(kind="remarked")
    assert letter.recipient == desk.author and letter.context["quote"] == one.quote
    assert letter.context["path"] == reverse("courses:review_module", args=[desk.module.pk]) + f"#catatan-{one.pk}"
    with pytest.raises(remarking.RemarkingError):
        remarking.remark(desk.lesson, by=desk.reviewer, body="  ")


def test_a_thread_is_answered_settled_and_opened_again(desk):
    one = remarking.remark(desk.lesson, by=desk.reviewer, body="Sumbernya?")
    remarking.answer(one, by=desk.author, body="Sudah ditambahkan.")
    remarking.answer(one, by=desk.author, body="Sudah ditambahkan.")
    assert [letter.recipient for letter in Message.objects.filter(kind="remark_answered")] == [desk.reviewer]
    (thread,) = remarking.of(desk.lesson)
    assert [answer.body for answer in thread.answers] == ["Sudah ditambahkan."] and thread.is_open
    for _ in range(2):
        remarking.resolve(one, by=desk.author)
    assert [thread.is_open for thread in remarking.of(desk.lesson)] == [False]
    remarking.reopen(one, by=desk.reviewer)
    assert [thread.is_open for thread in remarking.of(desk.lesson)] == [True]
    assert list(Entry.objects.filter(action__startswith="remark.").order_by("pk").values_list("action", flat=True)) == [
        "remark.settled", "remark.reopened",
    ]  # fmt: skip


@pytest.mark.parametrize("n", [1, 3])
def test_threads_cost_the_same_for_any_number(desk, n, django_assert_num_queries):
    for number in range(n):
        one = remarking.remark(desk.lesson, by=desk.reviewer, body=f"Catatan {number}", quote="Kode OTP")
        remarking.answer(one, by=desk.author, body="Baik.")
    activity = Activity.objects.select_related("lesson").get(pk=desk.lesson.pk)
    with django_assert_num_queries(2):
        threads = remarking.of(activity)
    assert len(threads) == n and all(thread.place and thread.place.is_exact for thread in threads)


# --- pages ------------------------------------------------------------------------------------------------------------
def test_the_margin_gets_a_fragment_and_a_page_without_script_comes_back(desk):
    client, address = accounts.client_of(desk.reviewer), reverse("courses:remarks", args=[desk.lesson.pk])
    script = {"HTTP_X_REQUESTED_WITH": "fragment"}
    answer = client.post(address, {"body": "Periksa <b>ini</b>.", "quote": "Kode OTP"}, **script)
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in page and "Periksa &lt;b&gt;ini&lt;/b&gt;." in page and "data-start=" in page
    one = Remark.objects.get()
    assert one.before.endswith("setiap hari.\n\n") and one.after.startswith(" jangan dibagikan.")
    assert client.post(address, {"body": ""}, **script).status_code == 422
    back = client.post(address, {"body": "Tanpa skrip"})
    assert back.status_code == 302 and back["Location"].endswith("/tinjau/#catatan")
    assert client.post(address, {"body": ""}).status_code == 422
    assert client.post(address, {"body": "x" * 10**6}).status_code == 422 and client.post(address, {"body": "a\x00b"}).status_code == 422
    settle = reverse("courses:settle_remark", args=[one.pk])
    assert client.post(settle, {"kembali": "https://jahat.example/"})["Location"].startswith("/kelola/modul/")
    assert client.post(settle, {"act": "buka", "kembali": "/kelola/modul/"})["Location"] == "/kelola/modul/"


def test_remarks_of_another_course_do_not_exist(desk):
    one = remarking.remark(desk.lesson, by=desk.reviewer, body="Sumbernya?")
    stranger = accounts.client_of(make_desk().reviewer)
    for name, key in (("answer_remark", one.pk), ("settle_remark", one.pk), ("remarks", desk.lesson.pk)):
        assert stranger.post(reverse(f"courses:{name}", args=[key]), {"body": "Halo"}).status_code == 404
    assert Remark.objects.count() == 1
