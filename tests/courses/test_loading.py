"""Loading and dumping a course's files."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from audit.models import Entry
from courses import arranging, dumping, editing, media
from courses.files import FileProblem, parse_yaml, read_text, write_yaml
from courses.loading import LoadError, load_course
from courses.models import Activity, ActivityKind, Course, Lesson, Module, Version
from tests.courses.folders import bytes_of, change, small_course
from tests.courses.pictures import png
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_course(tmp_path / "kursus")


def test_loading_twice_changes_nothing(folder):
    first = load_course(folder)
    assert len(first.published_lines) == 3
    entries = Entry.objects.count()
    second = load_course(folder)
    assert (second.created_lines, second.changed_lines, second.archived_lines, second.published_lines) == ([], [], [], [])
    assert Entry.objects.count() == entries


def test_one_changed_lesson_publishes_one_new_version(folder):
    load_course(folder)
    before = {activity.code: activity.pk for activity in Activity.objects.all()}
    change(folder / "m2-dua" / "02.md", "Teks.", "Teks baru.")
    report = load_course(folder)
    assert report.changed_lines == ["M2.2 Pelajaran M2.2"]
    assert report.published_lines == ["Modul dua versi 2"]
    assert {activity.code: activity.pk for activity in Activity.objects.all()} == before


def test_a_draft_of_the_studio_is_not_overwritten_unless_it_is_said(folder):
    load_course(folder)
    module = Module.objects.get(code="M2")
    Lesson.objects.filter(activity__code="M2.1").update(body="## Dari studio")
    editing.touch(module, by=None)
    change(folder / "m2-dua" / "02.md", "Teks.", "Teks baru.")
    err = StringIO()
    with pytest.raises(CommandError, match="Tidak ada yang dimuat"):
        call_command("load_course", str(folder), stderr=err)
    assert "modul M2" in err.getvalue() and "--overwrite-drafts" in err.getvalue() and "modul M1" not in err.getvalue()
    assert Lesson.objects.get(activity__code="M2.1").body == "## Dari studio"
    call_command("load_course", str(folder), "--overwrite-drafts", verbosity=0)
    module.refresh_from_db()
    assert Lesson.objects.get(activity__code="M2.1").body != "## Dari studio" and module.draft_changed_at is None
    call_command("load_course", str(folder), verbosity=0)


def test_what_is_left_out_is_archived_and_said_and_comes_back(folder):
    load_course(folder)
    kept = Activity.objects.get(code="M2.2").pk
    change(folder / "m2-dua" / "module.yaml", "[01.md, 02.md]", "[01.md]")
    change(folder / "course.yaml", "minutes: 90", "minutes: 45")
    report = load_course(folder)
    assert report.archived_lines == ["kegiatan M2.2 Pelajaran M2.2: tidak ada lagi dalam berkas"]
    gone = Activity.objects.get(pk=kept)
    assert gone.archived_at and gone.slug.endswith(f"-arsip-{kept}")
    change(folder / "m2-dua" / "module.yaml", "[01.md]", "[01.md, 02.md]")
    change(folder / "course.yaml", "minutes: 45\n- module", "minutes: 45\n- module")
    text = (folder / "course.yaml").read_text().replace("  title: Modul 2\n  minutes: 45", "  title: Modul 2\n  minutes: 90")
    (folder / "course.yaml").write_text(text)
    load_course(folder)
    back = Activity.objects.get(pk=kept)
    assert back.archived_at is None and back.slug == "pelajaran-2"


def test_a_module_left_out_is_archived_too(folder):
    load_course(folder)
    text = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(text.replace("- module: m2-dua\n  title: Modul 2\n  minutes: 90\n", ""))
    report = load_course(folder)
    assert len(report.archived_lines) == 3 and Module.objects.get(code="M2").archived_at


def test_two_lessons_may_swap_their_addresses(folder):
    load_course(folder)
    change(folder / "m2-dua" / "01.md", "slug: pelajaran-1", "slug: sementara")
    change(folder / "m2-dua" / "02.md", "slug: pelajaran-2", "slug: pelajaran-1")
    change(folder / "m2-dua" / "01.md", "slug: sementara", "slug: pelajaran-2")
    load_course(folder)
    assert dict(Activity.objects.filter(module__code="M2").values_list("code", "slug")) == {"M2.1": "pelajaran-2", "M2.2": "pelajaran-1"}


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "words"),
    [
        ("course.yaml", "title: Kursus Kecil", "title: [1]", "course.yaml:1", "title"),
        ("course.yaml", "slug: kecil", "slug: Kecil Sekali", "course.yaml:1", "slug"),
        ("course.yaml", "post_test_at_least: 0.7", "post_test_at_least: 7", "course.yaml:", "0 sampai 1"),
        ("course.yaml", "predicates: [[70, Baik]]", "predicates: [[70, Baik], [90, Memuaskan]]", "course.yaml:", "tertinggi"),
        ("course.yaml", "rules:\n", "bonus: 1\nrules:\n", "course.yaml:1", "bonus"),
        ("course.yaml", "predicates: [[70, Baik]]", "predicates: [[70, Baik]]\n  jp_lain: 3", "course.yaml:", "jp_lain"),
        ("course.yaml", "minutes: 90", "minutes: 91", "course.yaml:10", "isinya 90"),
        ("course.yaml", "m2-dua", "../m1-satu", "course.yaml:10", "module"),
        ("course.yaml", "orientasi.md", "../../etc/passwd", "course.yaml:4", "Nama berkas"),
        ("m1-satu/module.yaml", "slug: satu", "slug: satu\nbonus: 1", "m1-satu/module.yaml:1", "bonus"),
        ("m1-satu/module.yaml", "code: M1", "code: M1\ncode: M1", "m1-satu/module.yaml:2", "dua kali"),
        ("m1-satu/module.yaml", "[01.md]", "[hilang.md]", "m1-satu/hilang.md", "tidak ditemukan"),
        ("m1-satu/01.md", "minutes: 45", "minutes: banyak", "m1-satu/01.md:2", "bilangan"),
        ("m1-satu/01.md", "minutes: 45", "minutes: 46", "course.yaml:7", "46 menit"),
        ("m1-satu/01.md", "code: M1.1", "code: M2.1", "m2-dua/01.md:2", "sudah dipakai"),
        ("m1-satu/01.md", "---\ncode", "code", "m1-satu/01.md:1", "kepala YAML"),
        ("m1-satu/01.md", "code: M1.1", "code: &a M1.1", "m1-satu/01.md:2", "Jangkar"),
        ("m1-satu/01.md", "code: M1.1", "code: !!python/name:os.system x", "m1-satu/01.md:2", ""),
        ("m1-satu/01.md", "Teks.", "", "m1-satu/module.yaml:1", ""),
        ("m1-satu/01.md", "minutes: 45", "minutes: 45\nsources: [a]", "m1-satu/01.md:2", "«sources» tidak dikenal"),
        ("m1-satu/01.md", "Teks.", "Teks.\x07", "m1-satu/01.md:10", "karakter kendali"),
        ("m1-satu/01.md", "## Isi\n\nTeks.", "![](/m/0123456789abcdef.webp)", "m1-satu/module.yaml:1", "teks alternatif"),
    ],
)
def test_bad_files_are_told_by_file_and_line_and_nothing_is_loaded(folder, file, old, new, where, words):
    change(folder / file, old, new)
    if (file, new) == ("m1-satu/01.md", ""):
        change(folder / file, "## Isi\n\n", "")
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    problems = refused.value.report.problems
    assert any(place.startswith(where) and words in sentence for place, sentence in problems), problems
    assert not Course.objects.exists() and not Version.objects.exists()


@pytest.mark.parametrize("rules", ["[1]", "teks", "7", "null", "{}", "{weights: 3, predicates: {a: 1}}"])
def test_rules_of_another_shape_are_told_not_raised(folder, rules):
    text = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(f"{text[: text.index('rules:')]}rules: {rules}\n")
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert refused.value.report.problems and not Course.objects.exists()


def test_a_code_keeps_its_kind(folder):
    load_course(folder)
    Activity.objects.filter(code="M1.1").update(kind=ActivityKind.QUIZ)
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert "kode lain" in refused.value.report.problems[0][1]


def test_images_travel_with_their_course(folder, tmp_path):
    load_course(folder)
    course = Course.objects.get()
    image = media.add_image(course, SimpleUploadedFile("a.png", png()), alternative_text="Layar", by=None)
    activity = Activity.objects.get(code="M1.1")
    activity.lesson.body = f"Lihat.\n\n![Layar]({image.url})\n"
    activity.lesson.save()
    dumping.dump_course(course, tmp_path / "tulis")
    image.delete()
    report = load_course(tmp_path / "tulis")
    assert report.created_lines == [f"gambar {image.name}"]
    assert course.media.get().sha256 == image.sha256
    dumping.dump_course(course, tmp_path / "lagi")
    assert bytes_of(tmp_path / "lagi") == bytes_of(tmp_path / "tulis")
    shutil.copy(tmp_path / "tulis" / "course.yaml", tmp_path / "tulis" / "media" / image.name)
    with pytest.raises(LoadError, match="1 masalah"):
        load_course(tmp_path / "tulis")


def test_the_commands_report_in_words(folder, tmp_path):
    out, err = StringIO(), StringIO()
    call_command("load_course", str(folder), stdout=out)
    assert "diterbitkan" in out.getvalue() and "Jumlah:" in out.getvalue()
    call_command("dump_course", "kecil", str(tmp_path / "tulis"), stdout=out)
    with pytest.raises(CommandError, match="sudah berisi"):
        call_command("dump_course", "kecil", str(tmp_path / "tulis"), stdout=out)
    with pytest.raises(CommandError, match="tidak ada"):
        call_command("dump_course", "lain", str(tmp_path / "x"), stdout=out)
    (folder / "course.yaml").write_text("slug: [")
    with pytest.raises(CommandError, match="Tidak ada yang dimuat"):
        call_command("load_course", str(folder), stdout=out, stderr=err)
    assert "course.yaml:" in err.getvalue()


@pytest.mark.parametrize("text", ["[" * 50 + "]" * 50, "a: &x [1]\nb: *x", "{a: 1, a: 2}", "? [1]\n: 2", "a: !buatan x", "\t- a", "'"])
def test_yaml_tricks_are_refused(text):
    with pytest.raises(FileProblem):
        parse_yaml(text, "uji.yaml")


def test_yaml_is_bounded_in_bytes(tmp_path):
    (tmp_path / "besar.yaml").write_text("a" * 1_000_001)
    with pytest.raises(FileProblem, match="lebih besar"):
        read_text(tmp_path / "besar.yaml", "besar.yaml")
    (tmp_path / "biner.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileProblem, match="UTF-8"):
        read_text(tmp_path / "biner.yaml", "biner.yaml")


def test_yaml_reads_back_what_it_writes():
    value = {"a": ["x: y", "baris\ndua\n", "", "– panjang " * 40, None, True, 0.75, 3], "b": {"c": "'"}}
    assert parse_yaml(write_yaml(value), "uji") == value


def test_rules_are_written_in_the_order_of_the_files_whatever_order_the_database_keeps(folder, tmp_path):
    load_course(folder)
    course = Course.objects.get()
    text = dumping.course_files(course)["course.yaml"]
    course.rules = {"weights": dict(reversed(course.rules["weights"].items())), **dict(reversed(course.rules.items()))}
    course.rules["certificate"] = {"place": "Jakarta", "institution": "Kementerian", "signatory": {"nip": "1", "name": "A"}}
    again = str(dumping.course_files(course)["course.yaml"])
    assert again.startswith(str(text))
    assert again.removeprefix(str(text)) == (
        "  certificate:\n    institution: Kementerian\n    place: Jakarta\n    signatory:\n      name: A\n      nip: '1'\n"
    )


@pytest.mark.parametrize("text", ['a: !!int ""', "a: !!bool x", "a: !!timestamp x", 'a: !!float ""', "a: !!binary Zg==", "a: !!omap x"])
def test_yaml_never_calls_a_reader_that_breaks(text):
    with pytest.raises(FileProblem, match="Tanda jenis YAML"):
        parse_yaml(text, "uji.yaml")


def test_yaml_counts_no_endless_number():
    for text in ("a: 1" + ":1" * 300_000, "a: " + "9" * 5_000, "a: 0x" + "f" * 5_000, "a: 1" + ":1" * 400 + ".5"):
        with pytest.raises(FileProblem, match="terlalu panjang"):
            parse_yaml(text, "uji.yaml")
    assert parse_yaml("a: '1:1:1'\nb: 2026-11-22\nc: 0.25", "uji.yaml")["a"] == "1:1:1"


def test_a_lesson_that_no_reader_of_markdown_could_finish_is_named_and_not_read(folder):
    path = next(folder.rglob("*.md"))
    path.write_text(path.read_text() + "\n- /// cek | a\n" + "> " * 20 + "a\n")
    with pytest.raises(LoadError) as told:
        load_course(folder)
    assert any(path.name in where and "blok ///" in sentence for where, sentence in told.value.report.problems)


@pytest.mark.parametrize("more", [1, 2])
def test_a_live_class_of_the_studio_goes_out_and_comes_in_as_the_same_files(folder, tmp_path, more):
    load_course(folder)
    module = Module.objects.get(code="M1")
    for number in range(more):
        arranging.add(module, kind=ActivityKind.SESSION, title=f"Kelas {number}", minutes=90, by=accounts.admin())
    course = Course.objects.get()
    for stage in course.programme:
        stage["minutes"] += 90 * more if stage.get("module") == "M1" else 0
    course.save(update_fields=["programme"])
    dumping.dump_course(course, tmp_path / "keluar")
    slug = Course.objects.get().slug
    assert load_course(tmp_path / "keluar", overwrite_drafts=True, publish=False).problems == []
    again = load_course(tmp_path / "keluar", overwrite_drafts=True, publish=False, slug=f"{slug}-lain")
    dumping.dump_course(course, tmp_path / "lagi")
    assert again.problems == [] and bytes_of(tmp_path / "keluar") == bytes_of(tmp_path / "lagi")
    assert Activity.objects.filter(kind=ActivityKind.SESSION, course__slug=f"{slug}-lain").count() == more


def test_a_live_class_says_no_more_than_every_part_does(folder):
    (folder / "m1-satu" / "session.yaml").write_text("kind: session\ncode: M1-KELAS\nslug: kelas\ntitle: Kelas\nminutes: 90\nintro: x\n")
    change(folder / "m1-satu" / "module.yaml", "[01.md]", "[01.md, session.yaml]")
    with pytest.raises(LoadError) as caught:
        load_course(folder)
    assert any("session.yaml" in line and "intro" in line for line in caught.value.report.lines())
