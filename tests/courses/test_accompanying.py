"""Terms, facts that age, misconceptions and guides written in the studio: the rules of the files, other people's saves, what leans on
them, the way back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Entry
from courses import accompanying, companions, history, leaning, restoring
from courses.companion_forms import FORMS
from courses.dumping import dump_course
from courses.models import Companions, Course, Lesson, Revision
from courses.reading import read_course
from courses.reporting import Report
from tests.factories import accounts, quizzes
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db
PAGES = {
    "glossary": ("terms", "new_term", "term"),
    "facts": ("facts", "new_fact", "fact"),
    "misconceptions": ("misconceptions", "new_misconception", "misconception"),
    "guides": ("trainer_guides", "new_trainer_guide", "trainer_guide"),
}
SENT = {
    "glossary": {"term": "Dua langkah", "definition": "Sandi dan kode.", "also": "2FA\r\nverifikasi dua langkah"},
    "facts": {
        "fact_key": "jendela-24-jam",
        "fact": "Balasan bebas 24 jam.",
        "confidence": "tinggi",
        "origin": "Meta.",
        "lessons": "m1.1",
        "review_again_on": "2027-02-20",
    },
    "misconceptions": {"tag": "biru-pasti-benar", "sentence": "Tanda biru berarti isinya benar."},
    "guides": {"title": "Sesi satu", "minutes": "90", "summary": "Menit demi menit.", "body": "## Pembuka\r\n\r\nSapa peserta."},
}
KEYS = {"glossary": "dua-langkah", "facts": "jendela-24-jam", "misconceptions": "biru-pasti-benar", "guides": "sesi-satu"}
OTHER = {
    "glossary": ("definition", "Sandi lalu kode dari ponsel."),
    "facts": ("origin", "Laman resmi Meta."),
    "misconceptions": ("sentence", "Tanda biru menjamin isinya."),
    "guides": ("body", "## Pembuka\n\nMulai dari [[akun resmi]].\n"),
}
KINDS = pytest.mark.parametrize("name", [*PAGES])


@pytest.fixture
def desk():
    return make_desk()


def sent(desk, name, **other):
    data = dict(SENT[name])
    if name == "facts":
        data["lessons"] = desk.lesson.code
    return data | other


def address(desk, page, *more):
    return reverse(f"courses:{page}", args=[desk.module.course_id, *more])


def added(desk, name):
    """Added by the real page; the author's client."""
    client = accounts.client_of(desk.author)
    answer = client.post(address(desk, PAGES[name][1]), sent(desk, name))
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == address(desk, PAGES[name][2], KEYS[name])
    return client


def text(answer) -> str:
    return answer.content.decode()


def fields(desk, name, **other):
    """What the page of the row would send, as it was opened, with other words."""
    row = accompanying.row_of(desk.module.course, name, KEYS[name])
    shown = {key: "\n".join(value) if isinstance(value, list) else value for key, value in FORMS[name].initial_of(row).items()}
    return shown | {"seen": accompanying.mark(row)} | other


@KINDS
def test_a_row_is_added_once_and_what_is_wrong_is_said_at_its_field(desk, name):
    client, page = accounts.client_of(desk.author), address(desk, PAGES[name][1])
    empty = client.post(page, dict.fromkeys(SENT[name], ""))
    assert empty.status_code == 422 and not Companions.objects.exists() and "<title>Galat: " in text(empty)
    added(desk, name)
    assert [companions.row_problems(name, row) for row in accompanying.rows_of(desk.module.course, name)] == [[]]
    again = client.post(page, sent(desk, name))
    assert again.status_code == 422 and "sudah ada pada kursus ini" in text(again)
    desk.module.course.refresh_from_db()
    assert desk.module.course.draft_changed_by == desk.author
    assert Entry.objects.get(action="companion.added").details["what"].startswith(companions.IN_WORDS[name][0].lower())


@KINDS
def test_a_save_changes_that_row_and_meets_what_somebody_else_saved(desk, name):
    client = added(desk, name)
    field, words = OTHER[name]
    page, opened = address(desk, PAGES[name][2], KEYS[name]), fields(desk, name)
    assert client.post(page, opened | {field: words}).status_code == 302
    assert accompanying.row_of(desk.module.course, name, KEYS[name])[field] == words
    assert client.post(page, fields(desk, name)).status_code == 302 and Entry.objects.filter(action="companion.changed").count() == 1
    late = accounts.client_of(desk.admin).post(page, opened | {field: "Yang lain lagi.\n"})
    assert late.status_code == 422 and "Yang tersimpan sekarang" in text(late) and "Yang lain lagi." in text(late)
    assert accompanying.row_of(desk.module.course, name, KEYS[name])[field] == words
    seen = late.context["form"]["seen"].value()
    assert accounts.client_of(desk.admin).post(page, opened | {field: "Yang lain lagi.\n", "seen": seen}).status_code == 302
    assert "Yang lain lagi." in accompanying.row_of(desk.module.course, name, KEYS[name])[field]


@KINDS
def test_what_was_taken_out_comes_back_from_the_history(desk, name):
    client, course = added(desk, name), desk.module.course
    opened, page = fields(desk, name), address(desk, PAGES[name][2], KEYS[name])
    remove = address(desk, "remove_companion", name, KEYS[name])
    assert accounts.client_of(desk.reviewer).post(remove).status_code == 404
    for _ in range(2):  # harmless when repeated
        assert client.post(remove)["Location"] == address(desk, PAGES[name][0])
    assert accompanying.rows_of(course, name) == [] and client.get(page).status_code == 404
    gone = client.post(page, opened)
    assert gone.status_code == 422 and "mengeluarkannya" in text(gone)
    there, taken = Revision.objects.filter(aspect="companions", by=desk.author).order_by("at", "pk")
    told = [change.sentence for change in history.changes(taken, there.content)]
    assert any(one.endswith("dikeluarkan.") for one in told)
    assert restoring.restore(there, by=desk.author)
    assert accompanying.row_of(course, name, KEYS[name]) is not None


def test_what_a_text_or_a_question_leans_on_stays(desk):
    course = desk.module.course
    for name in ("glossary", "facts"):
        added(desk, name)
    body = "## Isi\n\nPakai [[dua langkah]].\n\n/// fakta | jendela-24-jam | 2026-11-01 | tinggi\nDua puluh empat jam.\n///\n"
    Lesson.objects.filter(activity=desk.lesson).update(body=body)
    client = accounts.client_of(desk.author)
    for name in ("glossary", "facts"):
        answer = client.post(address(desk, "remove_companion", name, KEYS[name]), follow=True)
        assert f"masih dipakai di {desk.lesson.code}" in text(answer) and "Keluarkan dari draf" not in text(answer)
        assert accompanying.row_of(course, name, KEYS[name])
    assert "menulis «2026-11-01 | tinggi»" in text(client.get(address(desk, "fact", KEYS["facts"])))
    Lesson.objects.filter(activity=desk.lesson).update(body="## Isi\n\nTanpa keduanya.\n")
    for name in ("glossary", "facts"):
        client.post(address(desk, "remove_companion", name, KEYS[name]))
        assert accompanying.rows_of(course, name) == []


def test_a_misconception_that_a_question_carries_stays_and_one_without_a_sentence_is_named():
    course = quizzes.make_course()
    question = course.questions.filter(kind="single").first()
    version = question.current_version
    type(version).objects.filter(pk=version.pk).update(content={**version.content, "misconceptions": {"B": "biru-pasti-benar"}})
    admin = accounts.client_of(accounts.admin())
    page = reverse("courses:misconceptions", args=[course.pk])
    shown = text(admin.get(page))
    assert "Dipakai soal, belum ada di sini" in shown and "?untuk=biru-pasti-benar" in shown
    admin.post(reverse("courses:new_misconception", args=[course.pk]), SENT["misconceptions"])
    shown = text(admin.get(page))
    assert "?untuk=biru-pasti-benar" not in shown and f"soal {question.code}" in shown
    with pytest.raises(accompanying.CompanionError, match=f"soal {question.code}"):
        accompanying.remove(course, "misconceptions", "biru-pasti-benar", by=accounts.admin())
    assert [one.label for one in leaning.uses(course, "misconceptions")["biru-pasti-benar"]] == [f"soal {question.code}"]


def test_a_guide_is_looked_at_before_it_is_saved(desk):
    client = accounts.client_of(desk.author)
    page = address(desk, "new_trainer_guide")
    looked = client.post(page, sent(desk, "guides", body="## Lima menit\n\nSapa **semua**.", act="lihat"))
    assert looked.status_code == 200 and "<strong>semua</strong>" in text(looked) and "belum disimpan" in text(looked)
    assert not Companions.objects.exists()
    assert client.post(page, sent(desk, "guides", body=">" * 5000)).status_code == 422


@KINDS
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_any_length(desk, name, rows, django_assert_num_queries):
    client, course = added(desk, name), desk.module.course
    first, key = accompanying.rows_of(course, name)[0], companions.IN_WORDS[name][1]
    for number in range(1, rows):
        accompanying.add(course, name, {**first, key: f"lain-{number}"}, by=desk.author)
    page = address(desk, PAGES[name][0])
    client.get(page)
    with django_assert_num_queries(COSTS[name]):
        assert text(client.get(page)).count('<tr role="row"><td') == rows
    assert text(client.get(page, {"q": "lain-2"})).count('<tr role="row"><td') == (rows == 3)


COSTS = {"glossary": 8, "facts": 7, "misconceptions": 7, "guides": 6}


def test_what_the_studio_wrote_is_what_a_file_may_hold(desk, tmp_path):
    course: Course = desk.module.course
    for name in PAGES:
        added(desk, name)
    client = accounts.client_of(desk.author)
    client.post(address(desk, "new_term"), {"term": "Akun resmi", "definition": "Milik instansi."})
    client.post(address(desk, "new_misconception"), {"tag": "awal", "sentence": "Yang pertama."})
    assert [row["slug"] for row in accompanying.rows_of(course, "glossary")] == ["akun-resmi", "dua-langkah"]
    dump_course(course, tmp_path)
    report = Report()
    found = read_course(tmp_path, report)
    ours = [line for line in report.problems if line[0].startswith(("glossary", "facts", "misconceptions", "guides"))]
    assert ours == []
    if found is not None:
        kept = companions.of_course(course)
        assert companions.values_of(found) == {name: getattr(kept, name) for name in PAGES}


@KINDS
def test_others_see_but_do_not_write(desk, name):
    added(desk, name)
    reviewer, stranger = accounts.client_of(desk.reviewer), accounts.client_of(make_desk().author)
    page = address(desk, PAGES[name][2], KEYS[name])
    assert "Simpan draf" not in text(reviewer.get(page)) and reviewer.post(page, fields(desk, name)).status_code == 404
    assert stranger.get(page).status_code == stranger.get(address(desk, PAGES[name][0])).status_code == 404
    assert accounts.client_of(desk.author).get(address(desk, PAGES[name][1])).status_code == 200
