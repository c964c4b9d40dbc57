"""Statistics as they are asked for, computed from real attempts, shown to those who may see them, and written to files."""

from __future__ import annotations

import copy
import csv
import html
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from quizzes import tasks
from quizzes.bank import editing
from quizzes.correcting import applying, deciding
from quizzes.measuring import definitions, flags, reports
from quizzes.models import Question, QuestionVersion, Response, Statistics
from tests.factories import cohorts, quizzes, statistics
from tests.factories.accounts import client_of, grant, person
from tests.factories.statistics import crowd
from tests.quizzes.measuring import reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A cohort of forty who took the quiz once; their table of points."""
    return crowd(40)


def computed(scene, cohort=None):
    key = reports.ask(scene.quiz, cohort).pk
    assert reports.compute(key)
    return Statistics.objects.get(pk=key)


def page_of(scene, who, name="quizzes:statistics_quiz", **query):
    return client_of(who).get(reverse(name, args=[scene.quiz.activity_id]), query)


def trainer_of(cohort):
    found = person()
    grant(found, Role.TRAINER, scope_kind="cohort", scope_id=str(cohort.pk))
    return found


def author():
    found = person()
    grant(found, Role.AUTHOR)
    return found


# --- computing ------------------------------------------------------------------------------------------------------------
def test_what_is_kept_agrees_with_the_independent_computation(scene):
    told = computed(scene).data["first"]
    assert told["summary"]["n"] == 40
    assert told["summary"]["alpha"] == pytest.approx(reference.pairwise_alpha(scene.table), abs=1e-9)
    assert len(told["items"]) == len({one for row in scene.table.values() for one in row})
    for item in told["items"]:
        one, question = reports.main(item), item["question"]
        assert one["facility"] == pytest.approx(reference.facility(scene.table, question), abs=1e-9)
        slow = reference.item_rest(scene.table, question)
        assert one["discrimination"] == (None if slow is None else pytest.approx(slow, abs=1e-9))


def test_the_options_of_a_question_are_counted_by_what_was_stored(scene):
    told = computed(scene).data["first"]["items"]
    item = next(one for one in told if one["question"] == scene.single.question_id)
    rows = {row["letter"]: row for row in reports.main(item)["options"]}
    assert {letter: row["count"] for letter, row in rows.items()} == {"": 0} | scene.chosen
    assert rows["C"]["is_key"] and not rows["A"]["is_key"]
    assert sum(row["all"] for row in rows.values()) == pytest.approx(1)


def test_a_key_that_the_strong_do_not_choose_is_flagged():
    scene = crowd(80, wrong_key=True)
    item = next(one for one in computed(scene).data["first"]["items"] if one["question"] == scene.single.question_id)
    assert ["wrong_key", "B"] in reports.main(item)["flags"]
    shown = page_of(scene, author()).content.decode()
    assert "mungkin salah kunci" in shown and "peserta kuat memilih B" in shown
    correct = reverse("quizzes:correct", args=[scene.single.question_id])  # saving a version alone would leave the old answers as they are
    assert correct in shown
    assert correct not in page_of(scene, trainer_of(scene.cohort)).content.decode()


@pytest.mark.parametrize("people", [10, 30])
def test_it_takes_the_same_few_statements_for_any_number(people):
    scene = crowd(people)
    key = reports.ask(scene.quiz, None).pk
    with CaptureQueriesContext(connection) as seen:
        reports.compute(key)
    assert len(seen) == 7


def test_computing_twice_and_late_gives_the_same(scene):
    found = computed(scene)
    assert tasks.compute_statistics(found.pk) is True
    again = Statistics.objects.get(pk=found.pk)
    assert again.data == found.data and again.attempts == 40
    assert tasks.compute_statistics(0) is False


def test_an_older_computation_never_replaces_a_newer_one(scene):
    found = computed(scene)
    Statistics.objects.filter(pk=found.pk).update(computed_at=timezone.now() + timedelta(minutes=1), attempts=7)
    assert reports.compute(found.pk) is False
    assert Statistics.objects.get(pk=found.pk).attempts == 7


def test_fewer_than_five_are_not_told():
    scene = crowd(4)
    assert computed(scene).data["first"]["summary"] == {}
    assert computed(scene).data["first"]["items"] == []
    shown = page_of(scene, author()).content.decode()
    assert "sedikitnya 5 peserta" in shown


def test_first_and_latest_attempts_are_apart(scene):
    again = scene.enrolments[:10]
    crowd_more = scene.more_attempts(again)
    data = computed(scene).data
    assert data["first"]["summary"]["n"] == data["latest"]["summary"]["n"] == 40
    assert data["first"]["summary"]["mean"] != data["latest"]["summary"]["mean"]
    assert crowd_more == 10
    first, latest = (page_of(scene, author(), percobaan=word).content for word in ("", "terakhir"))
    assert first != latest


def test_a_new_version_has_numbers_of_its_own(scene):
    old = scene.single
    new = QuestionVersion.objects.create(question=old.question, number=2, kind=old.kind, content=old.content | {"key": "A"})
    scene.move_to_version(old, new, count=20)
    item = next(one for one in computed(scene).data["first"]["items"] if one["question"] == old.question_id)
    assert [(one["number"], one["n"]) for one in item["versions"]] == [(2, 20), (1, 20)]
    shown = client_of(author()).get(reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, old.question_id]), {"versi": "1"})
    assert "versi 1" in shown.content.decode() and "Setiap versi sendiri" in shown.content.decode()


@pytest.mark.parametrize(
    ("choice", "keys"), [("new_key", ["A"]), ("both", ["A", "C"]), ("leave", ["A"]), ("full_credit", ["A"])], ids=lambda one: str(one)
)
def test_a_corrected_version_shows_the_key_that_judges(scene, choice, keys):
    old = scene.single
    moved = [old.content["choices"][one] for one in (3, 0, 1, 2)]  # the choices change places too: A is B now
    tags = {"A": "mengira-empat", "C": "mengira-dua", "D": "mengira-tiga"}
    content = old.content | {"choices": moved, "key": "B", "misconceptions": tags}
    made = deciding.correct(old.question, choice, content, by=author(), reason="Kunci lama keliru.")
    applying.apply(made.pk)
    item = next(one for one in computed(scene).data["first"]["items"] if one["question"] == old.question_id)
    rows = {row["letter"]: row for row in reports.main(item)["options"] if row["role"] == "one"}
    assert [letter for letter, row in rows.items() if row["is_key"]] == keys
    assert rows["D"]["tag"] == "mengira-empat" and "tag" not in rows["A"]
    assert {letter: row["count"] for letter, row in rows.items()} == {one: scene.chosen[one] for one in "ABCD"}
    address = reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, old.question_id])
    assert "mengira empat" in client_of(author()).get(address).content.decode()


@pytest.mark.parametrize("kind", ["true_false", "multiple", "matching", "ordering", "short_answer"])
def test_every_kind_of_a_corrected_version_is_sorted_by_the_new_key(scene, kind):
    old = next(one for one in scene.versions if one.kind == kind)
    content = copy.deepcopy(old.content)
    content.pop("misconceptions", None)
    match kind:
        case "true_false":
            content["key"] = not content["key"]
        case "multiple":
            content["key"] = ["C"]
        case "matching":
            rights = [one["right"] for one in content["pairs"]]
            content["pairs"] = [
                one | {"right": right} for one, right in zip(content["pairs"], [rights[1], rights[0], *rights[2:]], strict=True)
            ]
        case "ordering":
            content["order"].reverse()
        case "short_answer":
            content["accepted"] = ["lain"]
    made = deciding.correct(old.question, "new_key", content, by=author(), reason="Kunci lama keliru.")
    applying.apply(made.pk)
    told = next(one for one in computed(scene).data["first"]["items"] if one["question"] == old.question_id)
    rows = reports.main(told)["options"][:-1]
    answers = list(Response.objects.filter(question_version=old).values_list("answer", flat=True))
    match kind:
        case "true_false":
            assert [row["is_key"] for row in rows] == [content["key"], not content["key"]]
        case "multiple":
            assert [row["is_key"] for row in rows] == [False, False, True, False, False]
        case "matching":  # the first is right with what the second was paired with
            assert rows[0]["count"] == sum(bool(one) and one[0] == 1 for one in answers)
            assert rows[0]["text"] == f"{content['pairs'][0]['left']} → {content['pairs'][0]['right']}"
        case "ordering":  # the first step is the one that was the last
            assert [row["text"] for row in rows] == content["order"]
            assert rows[0]["count"] == sum(bool(one) and one[0] == len(content["order"]) - 1 for one in answers)
        case "short_answer":
            assert {row["text"]: row["is_key"] for row in rows}["lain"] is True
            assert {row["is_key"] for row in rows if row["text"] != "lain"} <= {False}


# --- asking ---------------------------------------------------------------------------------------------------------------
def test_a_look_asks_for_nothing_and_the_button_asks_once(scene):
    who = author()
    page_of(scene, who)
    assert not Statistics.objects.exists()
    address = reverse("quizzes:compute_statistics", args=[scene.quiz.activity_id])
    assert client_of(who).post(address).status_code == 302
    first = Statistics.objects.get()
    assert "Sedang dihitung" in page_of(scene, who).content.decode()
    client_of(who).post(address)
    assert Statistics.objects.get().asked_at == first.asked_at
    assert tasks.compute_asked_statistics() == 1
    assert tasks.compute_asked_statistics() == 0
    assert "Sedang dihitung" not in page_of(scene, who).content.decode()


def test_what_was_judged_since_is_asked_for_by_itself(scene):
    assert tasks.ask_stale_statistics() == 2  # of the cohort, and of all
    assert tasks.compute_asked_statistics() == 2
    assert tasks.ask_stale_statistics() == 0
    scene.more_attempts(scene.enrolments[:1])
    assert tasks.ask_stale_statistics() == 2


# --- who ------------------------------------------------------------------------------------------------------------------
def test_a_trainer_sees_the_own_cohort_and_nothing_of_all(scene):
    other = quizzes.make_enrolment(scene.quiz.activity.course).cohort
    who = trainer_of(scene.cohort)
    assert page_of(scene, who).status_code == 200
    assert page_of(scene, who, angkatan=str(scene.cohort.pk)).status_code == 200
    for word in ("semua", str(other.pk), "0", "apa", "9" * 30, "٣"):
        assert page_of(scene, who, angkatan=word).status_code == 404


def test_an_author_sees_all_together_and_no_cohort(scene):
    who = author()
    assert page_of(scene, who).status_code == 200
    assert page_of(scene, who, angkatan=str(scene.cohort.pk)).status_code == 404


def test_an_author_of_another_course_sees_nothing(scene):
    who = person()
    grant(who, Role.AUTHOR, scope_kind="course", scope_id=str(quizzes.make_course().pk))
    assert page_of(scene, who).status_code == 404
    shown = client_of(who).get(reverse("quizzes:statistics")).content.decode()
    assert f"/nilai/statistik/{scene.quiz.activity_id}/" not in shown


def test_practical_work_and_foreign_questions_are_not_there(scene):
    other = quizzes.make_course(assignment=True)
    work, foreign = other.activities.get(code="M1-TUGAS"), Question.objects.filter(course=other).first()
    client = client_of(author())
    assert client.get(reverse("quizzes:statistics_quiz", args=[work.pk])).status_code == 404
    assert client.get(reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, foreign.pk])).status_code == 404


def test_a_trainer_sees_no_draft_and_no_question_that_the_quiz_never_asked(scene):
    """The bank is not theirs: its keys before publication, and questions of other quizzes, are read by those who write and review."""
    old = scene.single
    draft = editing.create(old.question.course, old.question.module, old.kind, old.content | {"text": "Belum terbit?"}, by=author())
    editing.save_version(old.question, old.content | {"text": "Naskah baru?"}, by=author())

    def page(who, question):
        return client_of(who).get(reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, question.pk]))

    trainer, writer = trainer_of(scene.cohort), author()
    assert page(trainer, draft).status_code == 404 and page(writer, draft).status_code == 200
    assert "Naskah baru?" in page(writer, old.question).content.decode()
    shown = page(trainer, old.question)
    assert shown.status_code == 200 and old.content["text"] in shown.content.decode() and "Naskah baru?" not in shown.content.decode()


# --- pages and files --------------------------------------------------------------------------------------------------------
def test_the_pages_show_numbers_charts_and_definitions(scene):
    computed(scene)
    client = client_of(author())
    shown = page_of(scene, author()).content.decode()
    for words in ("Ringkasan", "<svg", "Tabel sebaran nilai", "Henrysson", "Cronbach", "Kelley", "27%"):
        assert words in shown
    one = client.get(reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, scene.single.question_id])).content.decode()
    for words in ("Seperti yang dilihat peserta", "Jawaban menurut kelompok", "Tidak dihitung keliru", "mengira dua", "Kunci"):
        assert words in one
    assert client.get(reverse("quizzes:statistics")).status_code == 200


def test_every_definition_stands_on_its_page_with_its_source(scene):
    computed(scene)
    course = scene.quiz.activity.course_id
    pages = {
        definitions.OF_QUIZ + definitions.OF_QUESTION: ("quizzes:statistics_quiz", [scene.quiz.activity_id]),
        definitions.OF_QUESTION: ("quizzes:statistics_question", [scene.quiz.activity_id, scene.single.question_id]),
        definitions.OF_GAIN: ("quizzes:statistics_gain", [course]),
    }
    client = client_of(author())
    for defined, (name, words) in pages.items():
        shown = html.unescape(client.get(reverse(name, args=words)).content.decode())
        for one in defined:
            assert one.source and all(part in shown for part in one), (name, one.term)


def test_every_flag_is_explained_by_its_own_limits():
    told = next(one.text for one in definitions.OF_QUESTION if one.term == "Tanda").casefold()
    for flag, word in flags.WORDS.items():
        first = {"blank": "banyak dilewati", "dead": "pengecoh mati"}.get(flag, word.casefold())
        assert first in told, flag
    for limit in (flags.EASY, flags.HARD, flags.MANY_BLANK):
        assert f"{limit:.0%}" in told
    assert f"{flags.WEAK:.1f}".replace(".", ",") in told and f"{flags.SLOW_MORE:.0f} detik" in told


def test_the_file_of_options_names_their_misconceptions(scene):
    computed(scene)
    rows = csv.DictReader(io.StringIO(page_of(scene, author(), "quizzes:download_statistics", isi="pilihan").content.decode("utf-8-sig")))
    code = scene.single.question.code
    assert {row["Pilihan"]: row["Miskonsepsi"] for row in rows if row["Soal"] == code} == {
        "A": "mengira-satu",
        "B": "mengira-dua",
        "C": "",
        "D": "mengira-empat",
        "": "",
    }


@pytest.mark.parametrize("sort", ["", "kode", "tepat", "beda", "waktu", "lewat", "'; DROP TABLE"])
def test_questions_are_sorted_only_by_known_names(scene, sort):
    computed(scene)
    assert page_of(scene, author(), urut=sort).status_code == 200


@pytest.mark.parametrize("people", [6, 12])
def test_the_pages_cost_the_same_for_any_number(people, django_assert_max_num_queries):
    scene = crowd(people)
    computed(scene)
    client = client_of(author())
    with django_assert_max_num_queries(16):
        client.get(reverse("quizzes:statistics_quiz", args=[scene.quiz.activity_id]))


def test_csv_holds_a_line_a_question_and_runs_nothing(scene):
    scene.single.content["choices"][1] = "=1+1"
    QuestionVersion.objects.filter(pk=scene.single.pk).update(content=scene.single.content)
    computed(scene)
    rows = list(csv.reader(io.StringIO(page_of(scene, author(), "quizzes:download_statistics").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 14
    assert rows[0][:3] == ["Soal", "Versi", "Jenis"]
    told = page_of(scene, author(), "quizzes:download_statistics", isi="pilihan").content.decode("utf-8-sig")
    assert ",'=1+1," in told


def test_xlsx_holds_numbers_as_numbers(scene):
    found = computed(scene)
    answer = page_of(scene, author(), "quizzes:download_statistics", bentuk="xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Ringkasan", "Soal", "Pilihan"]
    assert dict(book["Ringkasan"].values)["Keandalan (alfa Cronbach)"] == pytest.approx(found.data["first"]["summary"]["alpha"])
    assert book["Soal"].max_row == 15


def test_files_of_what_is_not_computed_are_empty(scene):
    assert page_of(scene, author(), "quizzes:download_statistics").status_code == 200
    assert page_of(scene, author(), "quizzes:download_statistics", bentuk="xlsx").status_code == 200


# --- before and after ---------------------------------------------------------------------------------------------------------
def test_the_gain_of_a_cohort_is_that_of_its_pairs():
    scene = crowd(30, tests=True)
    data = computed(scene, scene.cohort).data["first"]["gain"]
    assert data["pairs"] == 30
    before, after = scene.before, scene.after
    assert data["gain"] == pytest.approx(sum(after) / 30 - sum(before) / 30, abs=1e-9)
    shown = client_of(trainer_of(scene.cohort)).get(reverse("quizzes:statistics_gain", args=[scene.quiz.activity.course_id]))
    assert scene.cohort.name in shown.content.decode() and "Besar efek" in shown.content.decode()
    assert "Semua angkatan" not in shown.content.decode()


def test_without_both_tests_there_is_no_gain(scene):
    computed(scene)
    shown = client_of(author()).get(reverse("quizzes:statistics_gain", args=[scene.quiz.activity.course_id])).content.decode()
    assert "tidak memiliki tes awal dan tes akhir" in shown


def test_numbers_gaps_and_hot_spots_are_measured_too():
    course = quizzes.make_course_of_more()
    cohort = cohorts.make_cohort(course)
    versions = list(QuestionVersion.objects.filter(question__course=course).select_related("question").order_by("question__code"))
    scene = statistics.Scene(quizzes.quiz_of(course), cohort, versions, statistics.learners(course, cohort, 24))
    scene.more_attempts(scene.enrolments)
    items = {reports.main(one)["kind"]: reports.main(one) for one in computed(scene).data["first"]["items"]}
    assert {kind: one["facility"] for kind, one in items.items()} == {"numeric": 1, "gaps": 1, "hotspot": 1}
    assert [row["all"] for row in items["numeric"]["options"]] == [1, 0]  # the one number that all typed, and blank
    assert {row["all"] for row in items["gaps"]["options"]} == {1, 0} and len(items["gaps"]["options"]) > 2  # each gap, and blank
    for version in versions:
        address = reverse("quizzes:statistics_question", args=[scene.quiz.activity_id, version.question_id])
        assert client_of(author()).get(address).status_code == 200
