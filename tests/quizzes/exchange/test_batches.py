"""An import is shown first, applied once and whole, recognises what is there, and can be taken back within a day."""

from __future__ import annotations

import copy
import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from audit.models import Entry
from courses import media
from courses.models import Course, Media
from quizzes import picturing
from quizzes.bank import categories, editing
from quizzes.exchange import batches, checking, examples, exporting, tables, writing
from quizzes.exchange.rows import ExchangeError
from quizzes.kinds import registry
from quizzes.models import Category, ImportBatch, ImportStatus, Question
from tests.factories import courses, quizzes
from tests.factories.accounts import staff

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
APPLY, UNDO = 23, 11
ALL_KINDS = set(registry) - {"practical"}  # practical work is written with its assignment
GOOD = "::Satu::Bumi bulat. {T####Terlihat dari bayangannya.}\n\n::Dua::Berapa dua tambah dua? {#4####Empat.}\n"
MIXED = GOOD + "\n::Tiga::Jelaskan. {}\n"


@pytest.fixture
def course() -> Course:
    return quizzes.make_course()


@pytest.fixture
def author() -> Any:
    return staff("author")


def preview(course: Course, text: str | bytes, format: str = "gift", **words: Any) -> ImportBatch:
    data = text.encode() if isinstance(text, str) else text
    words = {"module": None, "category": None, "by": None, "file_name": f"soal.{format}"} | words
    return batches.preview(course, data=data, format=format, **words)


def test_a_preview_changes_nothing_and_applying_brings_all_in_once(course: Course, author: Any) -> None:
    before = Question.objects.count()
    module = course.modules.get(code="M1")
    batch = preview(course, "$CATEGORY: Bagian/Bumi\n\n" + GOOD, module=module, by=author)
    assert (Question.objects.count(), Category.objects.count()) == (before, 0)
    assert batches.counts(batch) == {"all": 2, "new": 2, "already": 0, "bad": 0}

    done = batches.apply(batch, by=author)
    made = list(Question.objects.filter(code__in=done.codes).order_by("code"))
    assert [(one.kind, one.module, one.category.name) for one in made] == [("true_false", module, "Bumi"), ("numeric", module, "Bumi")]  # type: ignore[union-attr]
    assert made[0].current_version.content["feedback"] == "Terlihat dari bayangannya."  # type: ignore[union-attr]
    assert made[0].current_version.created_by == author  # type: ignore[union-attr]
    again = batches.apply(ImportBatch.objects.get(pk=batch.pk), by=author)
    assert (again.codes, again.again, Question.objects.count()) == (done.codes, True, before + 2)
    assert Entry.objects.filter(action="questions.imported").count() == 1
    assert Entry.objects.filter(action="question.created").count() == 2


def test_a_question_made_with_many_is_the_same_as_one_made_alone(course: Course, author: Any) -> None:
    lesson, category = course.activities.filter(kind="lesson").first(), categories.find_or_make(course, "Akun")
    facts = {"level": "hard", "lesson": lesson, "objective": 1, "category": category, "tags": ["  a  b", "a b", "c"]}
    content = {"text": "Bumi bulat.", "key": True, "feedback": "Ya."}
    alone = editing.create(course, None, "true_false", content, by=author, facts=facts, code="SENDIRI")
    two, three = editing.create_many(
        course, None, [editing.Draft("true_false", content, facts, "SENDIRI"), editing.Draft("true_false", content, facts)], by=author
    )
    assert (two.code, three.code) == ("K-01", "K-02")
    facts_of = [
        (one.kind, one.level, one.lesson, one.objective, one.category, one.tags, one.module, one.current_version.content)
        for one in Question.objects.filter(code__in=[alone.code, two.code, three.code])
    ]
    assert facts_of[0] == facts_of[1] == facts_of[2] and facts_of[0][5] == ["a b", "c"]
    entries = Entry.objects.filter(action="question.created").values_list("object_type", "actor", "details__code")
    assert [one[:2] for one in entries] == [("quizzes.question", author.pk)] * 3
    with pytest.raises(editing.EditingError, match="baris 2: "):
        editing.create_many(
            course, None, [editing.Draft("true_false", content), editing.Draft("true_false", {}, where="baris 2")], by=author
        )
    assert Question.objects.filter(code__startswith="K-").count() == 2


@pytest.mark.parametrize("rows", [3, 40])
def test_applying_and_taking_back_ask_as_often_for_any_number(course: Course, author: Any, rows: int) -> None:
    """So that two thousand (the most a file may hold) enter within a second, in the page's own transaction."""
    text = "".join(f"::{n}::Bumi nomor {n} bulat. {{T####Ya.}}\n\n" for n in range(rows))
    batch = preview(course, text, module=course.modules.get(code="M1"), by=author)
    with CaptureQueriesContext(connection) as found:
        batches.apply(batch, by=author)
    with CaptureQueriesContext(connection) as back:
        assert batches.undo(batch, by=author) == rows
    assert (len(found), len(back)) == (APPLY, UNDO)
    assert Entry.objects.filter(action="question.retired").count() == rows


def test_an_import_that_a_quiz_uses_is_not_taken_back(course: Course, author: Any) -> None:
    batch = preview(course, GOOD, module=course.modules.get(code="M1"), by=author)
    codes = batches.apply(batch, by=author).codes
    quiz = quizzes.quiz_of(course)
    quiz.draw = [{"question": codes[1]}]
    quiz.save()
    with pytest.raises(ExchangeError, match=f"memakai soal {codes[1]} sebagai soal tetap"):
        batches.undo(ImportBatch.objects.get(pk=batch.pk), by=author)
    assert Question.objects.filter(code__in=codes, retired_at__isnull=True).count() == 2
    assert ImportBatch.objects.get().status == ImportStatus.APPLIED


def test_nothing_enters_while_a_row_fails_unless_it_is_left_out(course: Course, author: Any) -> None:
    before = Question.objects.count()
    batch = preview(course, MIXED)
    with pytest.raises(ExchangeError, match="1 soal bermasalah"):
        batches.apply(batch, by=author)
    assert (Question.objects.count(), ImportBatch.objects.get().status) == (before, ImportStatus.PREVIEWED)
    done = batches.apply(batch, by=author, skip_bad=True)
    assert (len(done.codes), done.left_out, Question.objects.count()) == (2, 1, before + 2)


def test_what_the_bank_has_is_named_and_not_taken_again(course: Course, author: Any) -> None:
    first = batches.apply(preview(course, GOOD), by=author)
    batch = preview(course, GOOD + "\n" + GOOD.replace("Dua::Berapa", "Lain::Berapa sih"))
    known = [f"soal {code}" for code in first.codes]
    assert [one["already"] for one in batch.rows] == [*known, known[0], ""]
    twice = preview(course, "Air basah {T####Ya.}\n\nAir basah {T####Ya.}\n")
    assert [one["already"] for one in twice.rows] == ["", "baris 1 berkas ini"]
    assert batches.counts(batch) == {"all": 4, "new": 1, "already": 3, "bad": 0}
    assert len(batches.apply(batch, by=author).codes) == 1


def test_a_question_that_came_into_the_bank_meanwhile_is_not_taken_twice(course: Course, author: Any) -> None:
    one, two = preview(course, GOOD), preview(course, GOOD)
    batches.apply(one, by=author)
    done = batches.apply(two, by=author)
    assert (done.codes, done.already) == ([], 2)


def test_a_code_is_kept_when_it_is_free_and_another_is_found_when_not(course: Course, author: Any) -> None:
    taken = Question.objects.filter(module__code="M1").first()
    assert taken is not None
    text = f"// [id:M1-Z9]\n::a::Bumi bulat {{T####Ya.}}\n\n// [id:{taken.code}]\n::b::Bumi datar {{F####Tidak.}}\n"
    batch = preview(course, text)
    assert batch.rows[1]["notes"] == [f"Kode {taken.code} sudah dipakai soal lain, jadi soal ini mendapat kode baru."]
    codes = batches.apply(batch, by=author).codes
    assert codes[0] == "M1-Z9"
    assert codes[1] not in (taken.code, "M1-Z9")


def test_lessons_and_labels_of_another_course_are_left_out_and_said(course: Course) -> None:
    text = "// [tag:pelajaran:X9.9] [tag:tujuan:2] [tag:tingkat:hard]\n::a::Bumi datar {F####Tidak.}\n"
    (row,) = preview(course, text).rows
    assert row["problems"] == []
    assert any("Pelajaran X9.9" in one for one in row["notes"])
    assert (row["question"]["level"], row["question"].get("lesson")) == ("hard", None)
    table = "jenis,pertanyaan,kunci,pelajaran,umpan balik\nbenar salah,Bumi datar,salah,X9.9,Tidak.\n"
    (row,) = preview(course, table, "csv").rows
    assert row["problems"] == ["Pelajaran X9.9 tidak ada pada kursus ini. Betulkan atau kosongkan."]


def test_a_dropped_import_is_not_applied(course: Course, author: Any) -> None:
    batch = preview(course, GOOD)
    assert batches.drop(batch, by=author) is True
    assert batches.drop(batch, by=author) is False
    with pytest.raises(ExchangeError, match="dibatalkan"):
        batches.apply(ImportBatch.objects.get(), by=author)


def test_an_import_is_taken_back_within_a_day_and_not_later(course: Course, author: Any) -> None:
    before = Question.objects.filter(retired_at__isnull=True).count()
    batch, late = preview(course, GOOD), preview(course, GOOD.replace("B", "Sebuah b"))
    batches.apply(batch, by=author)
    batches.apply(late, by=author)
    ImportBatch.objects.filter(pk=late.pk).update(applied_at=timezone.now() - timedelta(hours=25))
    assert batches.undo(ImportBatch.objects.get(pk=batch.pk), by=author) == 2
    with pytest.raises(ExchangeError, match="24 jam"):
        batches.undo(ImportBatch.objects.get(pk=batch.pk), by=author)
    with pytest.raises(ExchangeError, match="24 jam"):
        batches.undo(ImportBatch.objects.get(pk=late.pk), by=author)
    assert Question.objects.filter(retired_at__isnull=True).count() == before + 2


def test_the_file_to_mend_holds_the_broken_rows_and_can_be_imported_after_mending(course: Course) -> None:
    table = "jenis,pertanyaan,isi 1,isi 2,kunci,umpan balik\npilihan tunggal,Mana?,Ya,Tidak,C,Sebab.\nbenar salah,Bumi bulat,,,benar,Ya.\n"
    batch = preview(course, table, "csv")
    mended = batches_to_mend(batch)
    assert mended[0]["masalah"].startswith("Kolom “kunci” harus huruf pilihan")
    assert (mended[0]["pertanyaan"], mended[0]["isi 2"], len(mended)) == ("Mana?", "Tidak", 1)
    mended[0]["kunci"] = "A"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(mended[0]))
    writer.writeheader()
    writer.writerows(mended)
    assert batches.counts(preview(course, out.getvalue(), "csv"))["new"] == 1


def batches_to_mend(batch: ImportBatch) -> list[dict[str, str]]:
    data = tables.to_mend([one for one in batch.rows if one["problems"]]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data)))


def picture_bytes() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 40).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_a_packed_picture_goes_into_the_library_and_a_broken_one_is_refused_by_name(course: Course, author: Any) -> None:
    question = examples.EXAMPLES[-1] | {"picture": examples.EXAMPLES[-1]["picture"] | {"address": "/m/a", "width": 200, "height": 200}}
    name = question["picture"]["file"]
    plan = writing.planned("qti", [question])
    (row,) = preview(course, writing.write(plan, {name: b"<svg/>"}), "qti").rows
    assert row["problems"][0].startswith(f"Gambar {name}: Berkas SVG dan HTML tidak diterima")
    (row,) = preview(course, writing.write(plan, {}), "qti").rows
    assert row["problems"][0] == f"Gambar “{name}” tidak ada di dalam paket."

    batch = preview(course, writing.write(plan, {name: picture_bytes()}), "qti")
    assert Media.objects.filter(course=course).count() == 0
    (code,) = batches.apply(batch, by=author).codes
    kept = Media.objects.get(course=course)
    content = Question.objects.get(code=code).current_version.content  # type: ignore[union-attr]
    assert content["picture"] == picturing.library(course)[kept.name] | {"alt": question["picture"]["alt"]}
    assert "images" not in ImportBatch.objects.get(pk=batch.pk).rows[0]


def test_a_drawing_that_another_course_would_refuse_is_named_before_the_file_is_made() -> None:
    plan = writing.planned("qti", exporting.questions_of(quizzes.make_course_of_more()))
    assert [words for name, words in plan.lost if "SVG" in words and name.startswith("M1-92")]


def test_hot_spots_in_a_table_name_pictures_of_the_library(course: Course, author: Any) -> None:
    upload = checking.uploaded("a.png", picture_bytes())
    kept = media.add_image(course, upload, alternative_text="Layar masuk", by=author)
    question = examples.EXAMPLES[-1] | {"picture": {"file": kept.name, "alt": "Layar"}}
    batch = preview(course, writing.write(writing.planned("csv", [question])), "csv")
    assert batches.counts(batch)["new"] == 1
    assert len(batches.apply(batch, by=author).codes) == 1


@pytest.mark.parametrize("format", [one for one in writing.FORMATS if one != "aiken"])
def test_a_course_that_is_exported_and_imported_again_is_all_there_already(course: Course, author: Any, format: str) -> None:
    plan = writing.planned(format, exporting.questions_of(course))
    assert plan.lost == []
    data = exporting.file_of(course, plan, by=author)
    batch = preview(course, data, {"qti3": "qti"}.get(format, format))
    assert batches.counts(batch) == {"all": len(plan.taken), "new": 0, "already": len(plan.taken), "bad": 0}


# What each format can say; all else is named before the file is made, and stays behind.
SAYS = {
    "csv": ALL_KINDS,
    "xlsx": ALL_KINDS,
    "qti": ALL_KINDS,
    "qti3": ALL_KINDS,
    "moodlexml": ALL_KINDS - {"hotspot"},
    "gift": ALL_KINDS - {"hotspot", "gaps", "ordering"},
    "aiken": {"single"},
}


def full_bank() -> tuple[Course, dict[str, Question]]:
    """A course with one question of each kind that can be exported, each with all that a question may carry."""
    course = quizzes.make_course_of_more()
    module = course.modules.get(code="M1")
    lesson = module.activities.get(kind="lesson")
    for one in quizzes.make_questions(lesson=lesson.code, copies=1):
        facts = {"level": one["level"], "lesson": lesson, "objective": 1}
        content = {key: value for key, value in one.items() if key in registry[one["kind"]].keys}
        editing.create(course, module, one["kind"], content, by=None, facts=facts, code=one["code"])
    found = {one.kind: one for one in Question.objects.filter(course=course).exclude(kind="practical").select_related("current_version")}
    category = categories.find_or_make(course, "Akun dan sandi/Kata sandi")
    for number, one in enumerate(found.values()):
        assert one.current_version is not None
        content = dict(one.current_version.content)
        if "misconceptions" in content:
            told = dict.fromkeys(("true", "false") if one.kind == "true_false" else "ABC", "Alasan pilihan ini.")
            content["feedback_options"] = told
        tags = ["umum", f"sulit dan panjang {number}"]
        editing.save_version(one, content, by=None, facts={"category": category, "tags": tags})
        one.refresh_from_db()
    assert set(found) == ALL_KINDS
    return course, found


SQUARES = ([0, 0, 20, 10], [20, 0, 80, 10], [0, 50, 50, 50])


def plainly(bank: dict[str, Question]) -> None:
    """Without what only tables say: units, tolerances in percent, places between a picture's points. The plan would name them."""
    numeric, gaps, spot = (copy.deepcopy(bank[kind].current_version.content) for kind in ("numeric", "gaps", "hotspot"))  # type: ignore[union-attr]
    numeric = {key: value for key, value in numeric.items() if key[:4] != "unit"}
    for one in [*numeric["values"], *gaps["gaps"]]:
        if one.pop("percent", None) is not None:
            one["tolerance"] = 0.25
    course = bank["hotspot"].course
    kept = media.add_image(course, checking.uploaded("a.png", picture_bytes()), alternative_text="Layar masuk", by=None)
    spot["picture"] = {"file": kept.name, "alt": "Layar masuk"}
    spot["regions"] = [one | {"shape": "rectangle", "at": at} for one, at in zip(spot["regions"], SQUARES, strict=True)]
    for kind, content in (("numeric", numeric), ("gaps", gaps), ("hotspot", spot)):
        editing.save_version(bank[kind], content, by=None)


@pytest.mark.parametrize("format", sorted(SAYS))
def test_a_bank_moves_to_another_course_whole(format: str, author: Any, settings: Any, tmp_path: Path) -> None:
    """Every kind with its feedback, reasons, misconceptions, key, level, lesson, tags, category and picture, or named as left behind."""
    settings.MEDIA_ROOT = tmp_path
    course, bank = full_bank()
    if format not in ("csv", "xlsx"):
        plainly(bank)
    plan = writing.planned(format, exporting.questions_of(course))
    assert {one["kind"] for one in plan.taken} == SAYS[format]
    assert len(plan.left) == len(bank) - len(SAYS[format]) and all(why for _name, why in plan.left)
    assert bool(plan.lost) is (format == "aiken")
    data = exporting.file_of(course, plan, by=author)

    target = courses.make_course()
    module = courses.make_module(target, lessons=1)
    if format in ("csv", "xlsx"):  # a table names pictures, it does not bring them
        quizzes.make_figure(target)
    batch = preview(target, data, {"qti3": "qti"}.get(format, format), module=module, by=author)
    assert [(one["title"], one["problems"]) for one in batch.rows if one["problems"]] == []
    batches.apply(batch, by=author)
    made = {one.kind: one for one in Question.objects.filter(course=target).select_related("current_version", "category__parent", "lesson")}
    assert set(made) == SAYS[format]
    for kind, one in made.items():
        was = Question.objects.select_related("current_version", "lesson").get(pk=bank[kind].pk)
        if format == "aiken":
            assert one.current_version.content["choices"] == was.current_version.content["choices"]
            assert one.current_version.content["key"] == was.current_version.content["key"]
            continue
        assert facts_of(one) == facts_of(was), kind
        assert (one.category.parent.name, one.category.name) == ("Akun dan sandi", "Kata sandi")
        content, before = (picturing.as_written(each.current_version.content) for each in (one, was))
        if kind == "hotspot":  # the library gave it another name
            content["picture"], before["picture"] = content["picture"]["alt"], before["picture"]["alt"]
        assert content == before, kind


def facts_of(one: Question) -> tuple[Any, ...]:
    return (one.code, one.kind, one.level, one.lesson and one.lesson.code, one.objective, one.tags)


def test_an_import_costs_the_same_statements_to_preview_for_any_length(course: Course, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(5):
        preview(course, "Bumi bulat {T####Ya.}\n")
    with django_assert_num_queries(5):
        preview(course, "\n".join(f"Bumi bulat {number} {{T####Ya.}}\n" for number in range(50)))


# --- commands ---------------------------------------------------------------------------------------------------------------
def run(*arguments: str, capsys: Any) -> tuple[int, str, str]:
    """The exit status and what was told."""
    status = 0
    try:
        call_command(*arguments)
    except SystemExit as error:
        status = int(error.code or 0)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_command_imports_into_a_category_that_it_makes(course: Course, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "soal.txt"
    file.write_text(GOOD)
    arguments = ("import_questions", str(file), "--format", "gift", "--category", "Modul 1/Akun")
    assert run(*arguments, "--dry-run", capsys=capsys)[:2] == (
        0,
        "Uji coba: 2 soal dapat masuk, 0 sudah ada, 0 bermasalah. Tidak ada yang diubah.\n",
    )
    assert (Category.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert run(*arguments, capsys=capsys) == (0, "2 soal masuk, 0 sudah ada, 0 ditinggalkan.\n", "")
    assert set(Question.objects.filter(category__name="Akun", category__parent__name="Modul 1").values_list("kind", flat=True)) == {
        "true_false",
        "numeric",
    }
    assert run(*arguments, capsys=capsys) == (0, "0 soal masuk, 2 sudah ada, 0 ditinggalkan.\n", "")


def test_the_command_tells_each_question_that_it_cannot_take_and_ends_with_1(course: Course, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "soal.txt"
    file.write_text(MIXED)
    arguments = ("import_questions", str(file), "--format", "gift", "--category", "A", "--module", "M1", "--course", course.slug)
    before = Question.objects.count()
    status, out, err = run(*arguments, capsys=capsys)
    assert (status, err) == (1, "baris 5 “Tiga”: Soal uraian (essay) dinilai dengan rubrik di sini. Tulis sebagai tugas praktik.\n")
    assert (out, Question.objects.count()) == ("2 soal dapat masuk, 0 sudah ada, 1 bermasalah. Tidak ada yang diubah.\n", before)
    status, out, _err = run(*arguments, "--skip-bad", capsys=capsys)
    assert (status, out, Question.objects.count()) == (1, "2 soal masuk, 0 sudah ada, 1 ditinggalkan.\n", before + 2)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--course", "lain"], "Kursus “lain” tidak ada"),
        (["--module", "M9"], "Modul “M9” tidak ada"),
        (["--category", "/"], "Kategori ditulis seperti"),
    ],
)
def test_the_command_says_what_it_does_not_find(course: Course, tmp_path: Path, more: list[str], sentence: str) -> None:
    file = tmp_path / "soal.txt"
    file.write_text(GOOD)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_questions", str(file), "--format", "gift", "--category", "A", *more)
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("import_questions", str(tmp_path / "tidak-ada"), "--format", "gift", "--category", "A")


def test_the_only_course_is_meant_and_among_several_one_must_be_named(course: Course, tmp_path: Path) -> None:
    file = tmp_path / "soal.txt"
    file.write_text(GOOD)
    Course.objects.create(slug="lain", title="Lain")
    with pytest.raises(CommandError, match="--course"):
        call_command("import_questions", str(file), "--format", "gift", "--category", "A")


@pytest.mark.parametrize("format", ["csv", "gift", "moodlexml", "qti"])
def test_the_commands_bring_a_category_out_and_in_again(course: Course, author: Any, tmp_path: Path, capsys: Any, format: str) -> None:
    batches.apply(preview(course, "$CATEGORY: A/B\n\n" + GOOD), by=author)
    file = tmp_path / f"soal.{format}"
    assert run("export_questions", str(file), "--format", format, "--category", "A", capsys=capsys)[0] == 0
    for one in Question.objects.filter(category__name="B"):
        editing.retire(one, by=author)
    assert run("import_questions", str(file), "--format", format, "--category", "A/B", capsys=capsys)[1].startswith("2 soal masuk")


def test_the_export_names_what_the_format_cannot_say_and_ends_with_1(course: Course, author: Any, tmp_path: Path, capsys: Any) -> None:
    codes = batches.apply(preview(course, "$CATEGORY: A\n\n" + GOOD + "\n::P::Mana? {=Ya ~Tidak####Sebab.}\n"), by=author).codes
    file = tmp_path / "soal.txt"
    status, out, err = run("export_questions", str(file), "--format", "aiken", "--category", "A", capsys=capsys)
    assert (status, len(err.splitlines())) == (1, 2)
    assert err.startswith(f"{codes[0]}, benar atau salah: Aiken hanya mengenal")
    assert out.startswith(f"1 soal ditulis ke {file}")
    assert file.read_text() == "Mana?\nA) Ya\nB) Tidak\nANSWER: A\n"
    with pytest.raises(CommandError, match="Kategori “Z” tidak ada"):
        call_command("export_questions", str(file), "--format", "aiken", "--category", "Z")


def test_realistic_files_enter_with_what_is_bad_left_out(course: Course, author: Any) -> None:
    for name, format in (("soal.gift.txt", "gift"), ("moodle.xml", "moodlexml"), ("aiken.txt", "aiken"), ("qti21.xml", "qti")):
        batch = preview(course, (SAMPLES / name).read_bytes(), format)
        assert len(batches.apply(batch, by=author, skip_bad=True).codes) == batches.counts(batch)["new"] > 0, name
