"""The bank's pages: doors, the list and its filters, the editor with its previews, many at once and back, categories."""

from __future__ import annotations

import re
import time

import pytest
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import arranging
from courses.models import Media
from quizzes.bank import categories, editing
from quizzes.kinds import registry
from quizzes.kinds.editors import EDITORS
from quizzes.models import Category, Question, QuestionKind, QuestionVersion, Statistics
from tests.factories import accounts
from tests.factories import quizzes as make

pytestmark = pytest.mark.django_db
SMALL = {"draw": [{"module": "M1", "count": 7}]}
KINDS = ("single", "multiple", "true_false", "scenario", "short_answer", "matching", "ordering")


@pytest.fixture
def course():
    return make.make_course(copies=1, rules=SMALL)


@pytest.fixture
def client(course):
    return accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))


def test_an_empty_question_hears_of_everything_at_once(client, course):
    answer = client.post(reverse("quizzes:bank_write", args=[course.pk, "single"]), {"act": "simpan"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in said for words in ("Isi pertanyaan.", "Tulis sekurang-kurangnya 2 pilihan.", "Pilih kunci: jawaban yang tepat."))


def test_the_empty_bank_of_a_module_asks_for_its_first_question(client, course):
    arranging.add_module(course, title="Baru", by=accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    code = course.modules.order_by("-pk").first().code
    assert "Bank modul ini masih kosong" in page(client, "bank_list", course.pk, query=f"?modul={code}")


def one(course, kind: str = "single") -> Question:
    return Question.objects.select_related("current_version").get(course=course, kind=kind)


def page(client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"quizzes:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def filled(html: str) -> dict[str, list[str]]:
    """What the editor's form on this page would send, as a browser reads it."""
    form = html[html.index('id="soal"') : html.index("</form>", html.index('id="soal"'))]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        at = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if at.get("type") in ("radio", "checkbox") and " checked" not in tag or "name" not in at or "coba-" in at["name"]:
            continue
        sent.setdefault(at["name"], []).append(at.get("value", "on" if at.get("type") == "checkbox" else ""))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s?([^<]*)</textarea>', form):
        sent[name] = [text]
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', options)[:1] or [""]
    return sent


SEES, WRITES = {"author", "reviewer", "admin"}, {"author", "admin"}


@pytest.mark.parametrize("name", ["author", "other_author", "reviewer", "admin", "trainer", "learner", "nobody"])
def test_only_those_whose_course_it_is_see_and_change_its_bank(course, name):
    people = {
        "author": lambda: accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk),
        "reviewer": lambda: accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk),
        "other_author": lambda: accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_course(copies=1, rules=SMALL).pk),
        "trainer": lambda: accounts.staff(Role.TRAINER),
        "admin": accounts.admin,
        "learner": accounts.person,
        "nobody": lambda: None,
    }
    who, question, category = accounts.client_of(people[name]()), one(course), categories.find_or_make(course, "A")
    seen = [("bank_list", course.pk), ("bank_categories", course.pk), ("bank_question", question.pk), ("bank_versions", question.pk)]
    written = [
        *(("bank_new", course.pk), ("bank_write", course.pk, "single"), ("bank_retire", question.pk), ("bank_category", category.pk)),
    ]
    for places, allowed in ((seen, SEES), (written, WRITES)):
        for place, *args in places:
            expected = 200 if name in allowed else 302 if name == "nobody" else 404
            assert who.get(reverse(f"quizzes:{place}", args=args)).status_code == expected, place
    refused = [
        *(("bank_question", question.pk), ("bank_write", course.pk, "single"), ("bank_categories", course.pk)),
        *(("bank_category", category.pk), ("bank_picked", course.pk), ("bank_category_step", category.pk)),
    ]
    for place, *args in refused:
        expected = 422 if name in WRITES else 302 if name == "nobody" else 404
        assert who.post(reverse(f"quizzes:{place}", args=args), {}).status_code == expected, place
    if name not in WRITES:
        for place, *args in (("bank_duplicate", question.pk), ("bank_category_remove", category.pk), ("bank_undo", course.pk)):
            assert who.post(reverse(f"quizzes:{place}", args=args), {}).status_code in (302, 404)
        assert Question.objects.filter(course=course).count() == 7 and Category.objects.filter(course=course).count() == 1


def test_a_reviewer_reads_and_tries_but_has_no_button_to_save(course):
    reviewer = accounts.client_of(accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk))
    html = page(reviewer, "bank_question", one(course).pk)
    assert "<fieldset" in html and "disabled" in html and "Simpan versi baru" not in html and "Nilai jawaban ini" in html
    assert "Penjelasan rahasia" in page(reviewer, "bank_question", one(course).pk, query="?coba-j=a&act=coba")


@pytest.mark.parametrize(
    "query, kinds",
    [
        ("", set(KINDS)),
        ("?cari=jodohkan", {"matching"}),
        ("?cari=SUREL+21.10", {"scenario"}),
        ("?cari=M1-01-7", {"ordering"}),
        ("?cari=%25", set()),
        ("?jenis=multiple", {"multiple"}),
        ("?modul=M2", set()),
        ("?modul=tanpa", set()),
        ("?tag=sandi", {"single"}),
        ("?tag=kata+kunci", {"single"}),
        ("?tag=sand", set()),
        ("?kategori=tanpa", set(KINDS) - {"single"}),
        ("?keadaan=pensiun", {"true_false"}),
        ("?jenis=apa&tingkat=z&tujuan=x&hal=9999", set(KINDS)),
    ],
)
def test_the_list_finds_what_is_asked_for(course, client, query, kinds):
    by = accounts.admin()
    question = one(course)
    category = categories.find_or_make(course, "A/B")
    editing.save_version(question, question.current_version.content, by=by, facts={"tags": ["sandi", "kata kunci"], "category": category})
    editing.retire(one(course, "true_false"), by=by)
    html = page(client, "bank_list", course.pk, query=query)
    found = {one.kind for one in Question.objects.filter(course=course) if f">{one.code}</a>" in html}
    assert found == kinds - ({"true_false"} if "pensiun" not in query else set())


def test_a_category_holds_what_lies_below_it(course, client):
    below = categories.find_or_make(course, "A/B")
    editing.move([one(course)], below, by=None)
    html = page(client, "bank_list", course.pk, query=f"?kategori={below.parent.pk}")
    assert "<strong>1 soal</strong>" in html and one(course).code in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_length(course, client, count, django_assert_max_num_queries):
    keep = list(Question.objects.filter(course=course).values_list("pk", flat=True)[:count])
    Question.objects.filter(course=course).exclude(pk__in=keep).update(retired_at="2026-01-01T00:00:00Z")
    page(client, "bank_list", course.pk)
    with django_assert_max_num_queries(15) as spent:
        html = page(client, "bank_list", course.pk)
    assert f"<strong>{count} soal</strong>" in html
    costs.setdefault("list", len(spent))
    assert len(spent) == costs["list"]


costs: dict[str, int] = {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_edited_by_its_form_and_saved_unchanged_as_nothing(course, client, kind):
    question = one(course, kind)
    html = page(client, "bank_question", question.pk)
    answer = client.post(reverse("quizzes:bank_question", args=[question.pk]), filled(html) | {"act": "simpan"}, follow=True)
    assert answer.status_code == 200 and "Tidak ada yang berubah." in answer.content.decode()
    assert question.versions.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_becomes_a_version_and_learners_are_told_to_wait(course, client, kind):
    question = one(course, kind)
    sent = filled(page(client, "bank_question", question.pk)) | {"feedback": "Penjelasan baru.", "act": "simpan"}
    html = client.post(reverse("quizzes:bank_question", args=[question.pk]), sent, follow=True).content.decode()
    assert "Tersimpan sebagai versi 2" in html and "Versi 2 berlaku sesudah diterbitkan" in html
    question.refresh_from_db()
    before = question.versions.get(number=1).content
    assert question.current_version.content == before | {"feedback": "Penjelasan baru."}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_is_tried_without_its_key_and_then_judged(course, client, kind):
    question = one(course, kind)
    html = page(client, "bank_question", question.pk)
    assert "feedback--" not in html[html.index('class="try"') :]
    answer = client.post(reverse("quizzes:bank_question", args=[question.pk]), filled(html) | {"act": "coba"})
    shown = answer.content.decode()
    assert answer.status_code == 200 and "Nilai: " in shown and "Penjelasan rahasia" in shown
    assert question.versions.count() == 1


def test_any_option_shows_its_feedback_and_points(course, client):
    question = one(course)
    sent = filled(page(client, "bank_question", question.pk))
    sent |= {"why_1": "Satu itu keliru karena kurang.", "act": "coba"}
    marks = set()
    for letter in "abcd":
        html = client.post(reverse("quizzes:bank_question", args=[question.pk]), sent | {"coba-j": letter}).content.decode()
        marks.add(re.search(r"Nilai: ([^<]+)<", html)[1])
        assert "Pratinjau tulisan di formulir" in html and html.count("Satu itu keliru karena kurang.") >= 2
    assert marks == {"0 dari 1", "1 dari 1"}


def test_a_stale_tab_shows_both_and_saving_again_makes_the_next_version(course, client):
    question, address = one(course), reverse("quizzes:bank_question", args=[one(course).pk])
    stale = filled(page(client, "bank_question", question.pk))
    fresh = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    fresh.post(address, stale | {"text": "Tulisan Ani?", "act": "simpan"})
    answer = client.post(address, stale | {"text": "Tulisan Budi?", "act": "simpan"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "disimpan orang lain" in html and "Ani?" in html and "Budi?" in html
    assert question.versions.count() == 2
    client.post(address, filled(html) | {"act": "simpan"})
    assert [one.content["text"] for one in question.versions.order_by("number")][1:] == ["Tulisan Ani?", "Tulisan Budi?"]


def test_a_stale_tab_puts_no_older_fact_back(course, client):
    question, address = one(course), reverse("quizzes:bank_question", args=[one(course).pk])
    stale = filled(page(client, "bank_question", question.pk))
    editing.save_version(question, question.current_version.content, by=None, facts={"tags": ["baru"]})
    client.post(address, stale | {"level": "easy", "act": "simpan"})
    question.refresh_from_db()
    assert (question.level, question.tags) == ("easy", ["baru"])


def test_rows_are_moved_dropped_and_added_by_buttons_alone(course, client):
    question, address = one(course), reverse("quizzes:bank_question", args=[one(course).pk])
    sent = filled(page(client, "bank_question", question.pk))
    texts = [sent[f"choice_{number}"][0] for number in range(1, 5)]
    moved = filled(client.post(address, sent | {"act": "baris-naik:3"}).content.decode())
    assert [moved[f"choice_{number}"][0] for number in range(1, 5)] == [texts[0], texts[2], texts[1], texts[3]]
    assert (sent["key"], moved["key"]) == (["3"], ["2"])
    dropped = filled(client.post(address, moved | {"act": "baris-hapus:1"}).content.decode())
    assert [dropped[f"choice_{number}"][0] for number in range(1, 4)] == [texts[2], texts[1], texts[3]] and dropped["key"] == ["1"]
    longer = filled(client.post(address, dropped | {"tambah": "1"}).content.decode())
    assert "choice_5" in longer and "choice_4" not in dropped
    client.post(address, longer | {"act": "simpan"})
    question.refresh_from_db()
    assert question.current_version.content["choices"] == [texts[2], texts[1], texts[3]]
    assert (question.current_version.content["key"], question.current_version.number) == ("A", 2)


@pytest.mark.parametrize("act", ["baris-naik:0", "baris-turun:99", "baris-hapus:x", "baris-naik:", "apa"])
def test_a_button_that_is_not_there_breaks_nothing(course, client, act):
    question = one(course)
    sent = filled(page(client, "bank_question", question.pk))
    answer = client.post(reverse("quizzes:bank_question", args=[question.pk]), sent | {"act": act, "baris": "4"})
    assert answer.status_code in (200, 302) and question.versions.count() == 1


def test_a_refused_form_says_so_and_keeps_what_was_typed(course, client):
    question = one(course)
    sent = filled(page(client, "bank_question", question.pk)) | {"text": "", "choice_2": "Tulisan saya", "objective": "19", "act": "simpan"}
    answer = client.post(reverse("quizzes:bank_question", args=[question.pk]), sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and "<title>Galat: " in html and "Tulisan saya" in html and "memiliki 1 tujuan" in html
    for text in ("\x00", "x" * 10**6):
        assert client.post(reverse("quizzes:bank_question", args=[question.pk]), sent | {"text": text}).status_code in (413, 422)


def test_every_kind_but_practical_work_can_be_new(course, client):
    html = page(client, "bank_new", course.pk, query="?modul=M1")
    offered = re.findall(r"/baru/([a-z_]+)/\?modul=M1", html)
    assert set(offered) >= set(KINDS) and QuestionKind.PRACTICAL not in offered
    for kind in EDITORS:
        page(client, "bank_write", course.pk, kind, status=200 if kind in offered else 404)
    page(client, "bank_write", course.pk, "apa", status=404)


def test_a_new_question_is_written(course, client):
    sent = filled(page(client, "bank_write", course.pk, "short_answer", query="?modul=M1"))
    sent |= {"text": "Berapa faktor?", "accepted": "dua\n2", "feedback": "Dua faktor.", "tags": "mfa, sandi", "act": "simpan"}
    answer = client.post(reverse("quizzes:bank_write", args=[course.pk, "short_answer"]) + "?modul=M1", sent)
    made = Question.objects.get(course=course, code="M1-01")
    assert answer.url == reverse("quizzes:bank_question", args=[made.pk])
    assert (made.module.code, made.tags, made.current_version.content["accepted"]) == ("M1", ["mfa", "sandi"], ["dua", "2"])


def test_many_are_moved_and_moved_back(course, client):
    target = categories.find_or_make(course, "Akun")
    picked = [one(course, kind).pk for kind in KINDS[:3]]
    sent = {"soal": picked, "act": "pindah", "kategori": target.pk, "saringan": "jenis=single"}
    answer = client.post(reverse("quizzes:bank_picked", args=[course.pk]), sent, follow=True)
    html = answer.content.decode()
    assert "3 soal dipindahkan ke kategori “Akun”." in html and answer.redirect_chain[0][0].endswith("?jenis=single")
    assert Question.objects.filter(category=target).count() == 3
    editing.move([one(course, KINDS[0])], categories.find_or_make(course, "Lain"), by=None)
    key = re.search(r'name="kunci" value="([0-9a-f]+)"', html)[1]
    undone = client.post(reverse("quizzes:bank_undo", args=[course.pk]), {"kunci": key}, follow=True).content.decode()
    assert "2 soal dikembalikan" in undone and one(course, KINDS[0]).category.name == "Lain"
    assert "Tidak ada lagi" in client.post(reverse("quizzes:bank_undo", args=[course.pk]), {"kunci": key}, follow=True).content.decode()


def test_many_retire_but_for_those_that_a_quiz_names(course, client):
    quiz = make.quiz_of(course)
    quiz.draw = [{"question": one(course).code}]
    quiz.save()
    sent = {"soal": [one(course, kind).pk for kind in KINDS], "act": "pensiun"}
    html = client.post(reverse("quizzes:bank_picked", args=[course.pk]), sent, follow=True).content.decode()
    assert "6 soal pensiun" in html and "sebagai soal tetap" in html
    assert Question.objects.filter(course=course, retired_at__isnull=True).get() == one(course)
    key = re.search(r'name="kunci" value="([0-9a-f]+)"', html)[1]
    client.post(reverse("quizzes:bank_undo", args=[course.pk]), {"kunci": key})
    assert not Question.objects.filter(course=course, retired_at__isnull=False).exists()


@pytest.mark.parametrize("soal", [[], ["x"], ["0"] * 200, ["9" * 40], ["\x00"]])
def test_bad_picks_are_refused_in_words(course, client, soal):
    answer = client.post(reverse("quizzes:bank_picked", args=[course.pk]), {"soal": soal, "act": "pensiun"})
    assert answer.status_code in (302, 422) and not Question.objects.filter(retired_at__isnull=False).exists()


def test_questions_of_another_course_are_not_picked(course, client):
    other = one(make.make_course(copies=1, rules=SMALL))
    client.post(reverse("quizzes:bank_picked", args=[course.pk]), {"soal": [other.pk], "act": "pensiun"})
    other.refresh_from_db()
    assert other.retired_at is None


def test_retiring_asks_first_and_comes_back(course, client):
    question = one(course)
    html = page(client, "bank_retire", question.pk)
    assert "Kuis Modul 1" in html and "Ya, pensiunkan soal ini" in html and "menyisakan 6 soal" in html
    address = reverse("quizzes:bank_retire", args=[question.pk])
    client.post(address, {})
    assert one(course).retired_at is None
    client.post(address, {"act": "pensiun"})
    assert one(course).retired_at is not None and "Ya, kembalikan" in page(client, "bank_retire", question.pk)
    client.post(address, {"act": "pensiun"})  # pressed twice: not the other way round
    assert one(course).retired_at is not None
    client.post(address, {"act": "pulih"})
    assert one(course).retired_at is None


def test_versions_tell_what_changed_and_an_older_one_is_used_again(course, client):
    question = one(course)
    first = question.current_version.content
    editing.save_version(
        question, first | {"text": "Pilih dua M1/1?", "key": "A", "misconceptions": {"B": "mengira-dua"}}, by=accounts.admin()
    )
    html = page(client, "bank_versions", question.pk)
    assert "<h3>Pertanyaan</h3>" in html and "<ins>" in html and "<del>" in html and "Versi pertama" in html
    client.post(reverse("quizzes:bank_versions", args=[question.pk]), {"nomor": "1"})
    question.refresh_from_db()
    assert (question.current_version.number, question.current_version.content) == (3, first)
    for number in ("9", "x", "", "9" * 30):
        assert client.post(reverse("quizzes:bank_versions", args=[question.pk]), {"nomor": number}).status_code == 404


def test_categories_are_added_renamed_moved_ordered_and_deleted(course, client):
    address = reverse("quizzes:bank_categories", args=[course.pk])
    for name in ("Akun", "Lain"):
        client.post(address, {"name": name, "parent": ""})
    akun, lain = Category.objects.order_by("pk")
    assert client.post(address, {"name": "Akun", "parent": ""}).status_code == 422
    assert client.post(address, {"name": "A/B", "parent": ""}).status_code == 422
    client.post(reverse("quizzes:bank_category", args=[lain.pk]), {"name": "Sandi", "parent": akun.pk})
    assert [one.path for one in categories.tree(course)] == ["Akun", "Akun/Sandi"]
    assert client.post(reverse("quizzes:bank_category_remove", args=[akun.pk])).status_code == 422
    assert client.post(reverse("quizzes:bank_category", args=[akun.pk]), {"name": "Akun", "parent": lain.pk}).status_code == 422
    client.post(reverse("quizzes:bank_category", args=[lain.pk]), {"name": "Sandi", "parent": ""})
    client.post(reverse("quizzes:bank_category_step", args=[lain.pk]), {"step": "-1"})
    assert [one.path for one in categories.tree(course)] == ["Sandi", "Akun"]
    client.post(reverse("quizzes:bank_category_remove", args=[akun.pk]))
    assert [one.path for one in categories.tree(course)] == ["Sandi"]


def test_the_studio_leads_to_the_modules_bank(course, client):
    module = course.modules.get(code="M1")
    html = client.get(reverse("courses:studio_module", args=[module.pk])).content.decode()
    assert f"{reverse('quizzes:bank_list', args=[course.pk])}?modul=M1" in html and "Bank soal (7)" in html


@pytest.mark.soak
def test_a_bank_of_ten_thousand_is_listed_searched_and_written_within_few_statements(django_assert_max_num_queries):
    course = make.bank_of(10_000)
    client = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    category = categories.tree(course)[0].category
    for query in (
        "",
        "?hal=400",
        "?cari=langkah+9997",
        "?tag=tag-3&tingkat=hard",
        f"?kategori={category.pk}",
        "?keadaan=semua&jenis=single",
    ):
        with django_assert_max_num_queries(20):
            began = time.perf_counter()
            page(client, "bank_list", course.pk, query=query)
            assert time.perf_counter() - began < 2
    with django_assert_max_num_queries(30):
        page(client, "bank_question", Question.objects.filter(course=course).last().pk)


def test_a_hundred_questions_are_listed_like_a_bank_of_any_size():
    course = make.bank_of(60)
    client = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    html = page(client, "bank_list", course.pk, query="?tag=tag-3&hal=1")
    assert html.count('name="soal"') == 9 and "M1-B00003" in html
    assert "Halaman 3 dari 3" in page(client, "bank_list", course.pk, query="?hal=3")


def test_what_learners_got_is_shown_where_statistics_know_it(course, client):
    question = one(course)
    item = {"question": question.pk, "versions": [{"n": 9, "answered": 8, "facility": 0.625}]}
    few = {"question": one(course, "matching").pk, "versions": [{"version": 1}]}
    data = {"first": {"items": [item, few]}}
    Statistics.objects.create(quiz=make.quiz_of(course), data=data, computed_at="2026-11-01T00:00:00Z")
    html = page(client, "bank_list", course.pk)
    assert re.findall(r"(\d+%)", html) == ["63%"]


@pytest.mark.parametrize("kind", ["numeric", "gaps", "hotspot"])
def test_the_newer_kinds_are_edited_and_tried_too(course, client, kind):
    (content,) = [one for one in make.more_questions() if one["kind"] == kind]
    stands = {"course": course, "module": course.modules.get(code="M1"), "code": f"M1-{kind}", "kind": kind}
    question = Question.objects.create(**stands)
    content = {key: content[key] for key in registry[kind].keys if key in content}
    question.current_version = QuestionVersion.objects.create(question=question, number=1, kind=kind, content=content)
    question.save()
    if kind == "hotspot":
        Media.objects.create(course=course, handle="layar-masuk.svg", file="course-media/0.svg", width=360, height=240, sha256="0" * 64)
    html = page(client, "bank_question", question.pk)
    answer = client.post(reverse("quizzes:bank_question", args=[question.pk]), filled(html) | {"act": "coba"})
    assert answer.status_code == 200 and "Nilai: 0 dari 1" in answer.content.decode()
    sent = filled(html) | {"feedback": "Penjelasan baru.", "act": "simpan"}
    assert client.post(reverse("quizzes:bank_question", args=[question.pk]), sent).status_code == 302
    question.refresh_from_db()
    assert question.current_version.number == 2
    kept, first = question.current_version.content, content | {"feedback": "Penjelasan baru."}
    assert {key: kept[key] for key in kept if key != "picture"} == {key: first[key] for key in first if key != "picture"}


def test_the_criteria_of_new_practical_work_are_written_in_its_form(course, client):
    author = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)
    made = arranging.add(course.modules.get(code="M1"), kind="assignment", title="Rapikan satu kanal", minutes=30, by=author)
    question = Question.objects.get(course=course, code=made.quiz.draw[0]["question"])
    sent = filled(page(client, "bank_question", question.pk)) | {"instructions": "Daftar akses.", "deliverables": "Daftar"}
    sent |= {
        "criterion_1": "Kelengkapan",
        "weight_1": "100",
        "levels_1": "Lengkap | 1 | Semua ada.\nBelum | 0 | Belum ada.",
        "act": "simpan",
    }
    assert client.post(reverse("quizzes:bank_question", args=[question.pk]), sent).status_code == 302
    question.refresh_from_db()
    assert [one["criterion"] for one in question.current_version.content["rubric"]] == ["Kelengkapan"]
