"""The lesson editor's answers: saved as one types, merged, chosen, previewed, pasted; who is here; complete without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import marking, present, publishing, remarking
from courses.models import Activity, Lesson, Presence
from linimasa import clock
from tests.courses.test_studio import lesson_form
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
BASE = "Satu.\n\nDua.\n\nTiga.\n"


@pytest.fixture
def activity():
    module = make.make_published_course(modules=1, lessons=1).modules.get()
    activity = module.activities.filter(kind="lesson").get()
    Lesson.objects.filter(activity=activity).update(body=BASE)
    return activity


@pytest.fixture
def authors(activity):
    return [accounts.staff(Role.AUTHOR, ScopeKind.COURSE, activity.course_id) for _ in range(2)]


def address(name: str, activity: Activity) -> str:
    return reverse(f"courses:{name}", args=[activity.pk])


def test_a_save_answers_what_is_true_and_draws_what_follows(activity, authors):
    client = accounts.client_of(authors[0])
    sent = lesson_form(activity, body="## Baru\n\nTeks [klik di sini](https://a.go.id).", pratinjau="1")
    answer = client.post(address("save_lesson", activity), sent)
    told = answer.json()
    assert answer.status_code == 200 and told["saved"] and told["edit_number"] == 1 and told["at"].endswith("WIB") and "body" not in told
    assert "Teks tautan tidak menjelaskan tujuan" in told["html"]["marks"] and told["problems"] == 1
    assert '<h2 id="baru">' in told["html"]["article"] and "menit" in told["html"]["gauges"]
    assert Lesson.objects.get(activity=activity).body.startswith("## Baru")
    assert "article" not in client.post(address("save_lesson", activity), lesson_form(activity, body="Lain.")).json()["html"]


def test_a_field_that_cannot_be_taken_keeps_no_text_from_being_saved(activity, authors):
    client = accounts.client_of(authors[0])
    told = client.post(address("save_lesson", activity), lesson_form(activity, body="Tetap disimpan.", title="", minutes="x")).json()
    assert told["saved"] and set(told["fields"]) == {"title", "minutes"}
    stored = Lesson.objects.get(activity=activity)
    assert stored.body == "Tetap disimpan.\n" and Activity.objects.get(pk=activity.pk).title == activity.title
    refused = client.post(address("save_lesson", activity), lesson_form(activity, body="a\x07", edit_number=1))
    assert refused.status_code == 422 and "karakter" in refused.json()["sentence"]


def test_two_authors_are_merged_and_the_answer_carries_the_text(activity, authors):
    first, second = map(accounts.client_of, authors)
    old = lesson_form(activity)
    assert first.post(address("save_lesson", activity), old | {"body": BASE.replace("Satu", "Satu A")}).status_code == 200
    asked = second.post(address("save_lesson", activity), old | {"body": BASE.replace("Tiga", "Tiga B")})
    assert asked.status_code == 409  # without the text that it began with, everything is to be chosen
    told = second.post(address("save_lesson", activity), old | {"body": BASE.replace("Tiga", "Tiga B"), "base": BASE}).json()
    assert told["saved"] and told["body"] == "Satu A.\n\nDua.\n\nTiga B.\n" and told["by"] == authors[0].name


def test_a_collision_shows_both_texts_and_saves_the_choice(activity, authors):
    first, second = map(accounts.client_of, authors)
    old = lesson_form(activity, base=BASE)
    first.post(address("save_lesson", activity), old | {"body": BASE.replace("Satu", "Satu A")})
    mine = old | {"body": BASE.replace("Satu", "Satu B")}
    asked = second.post(address("save_lesson", activity), mine)
    assert asked.status_code == 409 and all(one in asked.json()["collision"] for one in ("Satu A.", "Satu B.", authors[0].name))
    told = second.post(address("save_lesson", activity), mine | {"pilih-1": "both", "seen": asked.json()["seen"]}).json()
    assert told["saved"] and told["body"].startswith("Satu A.\n\nSatu B.\n")


def test_without_scripts_the_same_choice_is_made_on_the_page(activity, authors):
    first, second = map(accounts.client_of, authors)
    old = lesson_form(activity, base=BASE.replace("\n", "\r\n"))  # as a browser sends it
    first.post(address("studio_lesson", activity), old | {"body": BASE.replace("Satu", "Satu A")})
    answer = second.post(address("studio_lesson", activity), old | {"body": BASE.replace("Satu", "Satu B").replace("\n", "\r\n")})
    page = answer.content.decode()
    assert page.count('<span class="collision__text">Satu ') == 2 and page.count("collision__text") == 2
    assert answer.status_code == 422 and "Dua tulisan untuk bagian yang sama" in page and 'name="pilih-1" value="both"' in page
    form = page[page.index("data-chosen") : page.index("Simpan pilihan")]
    sent = dict(re.findall(r'<textarea name="([a-z_]+)" hidden>\n(.*?)</textarea>', form, re.S))
    sent |= {"seen": re.search(r'name="seen" value="(\d+)"', form)[1], "pilih-1": "mine"}
    assert second.post(address("studio_lesson", activity), sent).status_code == 302
    assert Lesson.objects.get(activity=activity).body.startswith("Satu B.")


def test_colleagues_are_told_of_each_other_for_a_minute(activity, authors, time_machine):
    first, second = map(accounts.client_of, authors)
    assert first.post(address("lesson_beat", activity), {"nomor": 0, "menulis": "1", "baris": "Dua."}).status_code == 200
    told = second.post(address("lesson_beat", activity), {"nomor": 0}).json()
    assert authors[0].name in told["html"]["voices"] and 'data-anchor="Dua."' in told["html"]["voices"] and "body" not in told
    page = second.get(address("studio_lesson", activity)).content.decode()
    assert "ada di sini" in page and authors[0].name in page
    time_machine.move_to(clock.now() + timedelta(seconds=61), tick=False)
    assert present.others(activity, authors[1]) == []
    first.post(address("lesson_beat", activity), {"nomor": 0, "keluar": "1"})
    assert not Presence.objects.filter(person=authors[0]).exists()


def test_a_page_that_waits_hears_what_others_saved(activity, authors):
    first, second = map(accounts.client_of, authors)
    first.post(address("save_lesson", activity), lesson_form(activity, body="Baru."))
    told = second.post(address("lesson_beat", activity), {"nomor": 0}).json()
    assert (told["body"], told["edit_number"], told["by"]) == ("Baru.\n", 1, authors[0].name)


@pytest.mark.parametrize("sent", [{}, {"nomor": "x"}, {"nomor": -1}, {"nomor": 0, "baris": "a\x00"}])
def test_a_beat_that_cannot_be_read_gets_a_sentence(activity, authors, sent):
    answer = accounts.client_of(authors[0]).post(address("lesson_beat", activity), sent)
    assert answer.status_code == 422 and answer.json()["sentence"]


def test_the_preview_alone_may_stand_in_a_frame_of_ours(activity, authors):
    client = accounts.client_of(authors[0])
    frame = client.get(address("lesson_preview", activity))
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"] and "<script" not in frame.content.decode()
    assert "frame-ancestors 'none'" in client.get(address("studio_lesson", activity))["Content-Security-Policy"]


def test_the_preview_asks_checks_as_learners_meet_them(activity, authors):
    check = "/// cek | sandi\npertanyaan: Mana?\npilihan:\n- teks: Ini\n  umpan: Rahasia.\n- teks: Itu\n  umpan: Bukan.\njawaban: 1\n///\n"
    Lesson.objects.filter(activity=activity).update(body=check)
    page = accounts.client_of(authors[0]).get(address("lesson_preview", activity)).content.decode()
    assert "Mana?" in page and "Cek pemahaman 1 dari 1" in page and "Rahasia." not in page


def test_a_reviewer_reads_and_remarks_but_does_not_write(activity, authors):
    reviewer = accounts.staff(Role.REVIEWER, ScopeKind.COURSE, activity.course_id)
    remarking.remark(activity, by=reviewer, body="Sebutkan sumbernya.", quote="Dua.")
    client = accounts.client_of(reviewer)
    page = client.get(address("studio_lesson", activity)).content.decode()
    assert " readonly>" in page and "Simpan draf" not in page and "Sebutkan sumbernya." in page and 'data-anchor="Dua."' in page
    assert client.post(address("save_lesson", activity), lesson_form(activity)).status_code == 404
    assert client.post(address("lesson_beat", activity), {"nomor": 0}).status_code == 200


def test_pasting_answers_markdown_or_a_sentence(authors):
    client = accounts.client_of(authors[0])
    answer = client.post(reverse("courses:paste"), {"html": "<h1>A</h1><p>b<b>c</b></p>", "teks": "A b"})
    assert answer.json() == {"text": "## A\n\nb**c**", "told": ""}
    assert client.post(reverse("courses:paste"), {"teks": "x" * 200_000}).status_code == 422
    assert client.post(reverse("courses:paste"), {"html": "\x00", "teks": "a\x00b"}).json()["text"] == "ab"


@pytest.mark.parametrize(
    ("body", "kind", "sentence", "anchor"),
    [
        ("![](/m/x.webp)", "bad", "belum memiliki teks alternatif", "![](/m/x.webp)"),
        ("a\n\n![](surel.webp)", "bad", "belum memiliki teks alternatif", "![](surel.webp)"),
        ("a [di sini](https://a.go.id) b", "bad", "Teks tautan", "[di sini](https://a.go.id)"),
        ("/// lapangan | x\nteks\n", "bad", "belum ditutup", "/// lapangan | x"),
        ("/// entah\nteks\n///\n", "bad", "tidak dikenal", "/// entah"),
        ("## A\n\n#### B\n\nteks", "warn", "melompat", "#### B"),
        (" ".join(["kata"] * 40) + ".", "warn", "40 kata", "kata kata kata kata kata kata"),
        ("/// cek | sandi\nx\n///\n", "bad", "Cek pemahaman", "/// cek | sandi"),
        ("", "bad", "masih kosong", ""),
    ],
)
def test_each_problem_stands_at_its_words(activity, body, kind, sentence, anchor):
    found = marking.marks(activity, body, {}, publishing.drawn(body, activity.course_id, {}))
    assert any(one.kind == kind and sentence in one.sentence and one.anchor == anchor for one in found), found


def test_a_text_is_measured_in_words_minutes_and_sentences(activity):
    body = "## Judul\n\n" + "Satu dua tiga empat lima. " * 72 + "\n"
    found = marking.gauges(body, publishing.drawn(body, activity.course_id, {}), 45, {})
    assert (found.words, found.reading, found.sentence, found.judgement) == (361, 3, 5, "mudah dibaca")


def test_the_page_costs_the_same_for_one_colleague_or_three(activity, authors, django_assert_max_num_queries):
    client = accounts.client_of(authors[0])
    counts = []
    for people in (1, 2):
        for _ in range(people):
            person = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, activity.course_id)
            present.beat(activity, person)
            remarking.remark(activity, by=person, body="Catatan.", quote="Dua.")
        client.get(address("studio_lesson", activity))
        with django_assert_max_num_queries(30) as asked:
            client.get(address("studio_lesson", activity))
        counts.append(len(asked))
    assert counts[0] == counts[1]
