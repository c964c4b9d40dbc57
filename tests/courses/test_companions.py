"""Glossary, facts that age, misconceptions and guides: loaded, refused with file and line, published, compared, written back."""

from __future__ import annotations

import pytest

from courses import comparing, dumping
from courses.loading import LoadError, load_course
from courses.models import Companions, Course, Version
from courses.publishing import freeze, has_changes
from courses.reading import read_course
from courses.reporting import Report
from tests.courses.folders import add_companions, bytes_of, change, small_course, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    root = small_course(tmp_path / "kursus")
    add_companions(root)
    return root


def test_everything_is_written_back_byte_for_byte_and_loading_again_changes_nothing(folder, tmp_path):
    load_course(folder)
    dumping.dump_course(Course.objects.get(), tmp_path / "tulis")
    assert load_course(tmp_path / "tulis").published_lines == []
    dumping.dump_course(Course.objects.get(), tmp_path / "lagi")
    written = bytes_of(tmp_path / "lagi")
    assert written == bytes_of(tmp_path / "tulis")
    for name in ("glossary.yaml", "facts.yaml", "misconceptions.yaml", "guides/sesi-a.md", "media/figures/dua-langkah.svg"):
        assert written[name] == (folder / name).read_bytes(), name


def test_the_reader_gives_plain_values_that_know_their_place(folder):
    found = read_course(folder, Report())
    assert found is not None
    assert [(row["slug"], row.where) for row in found.glossary] == [("akses-mitra", "glossary.yaml:1"), ("kunci-sandi", "glossary.yaml:4")]
    assert found.facts[0]["lessons"] == ["M1.1", "M2.2"] and list(found.misconceptions) == ["centang-pasti-resmi", "satu-admin-cukup"]
    assert (found.guides[0].slug, found.guides[0].minutes, found.guides[0].where) == ("sesi-a", 45, "guides/sesi-a.md:2")
    assert list(found.figures) == ["dua-langkah.svg"]


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "words"),
    [
        ("glossary.yaml", "slug: akses-mitra", "slug: Akses Mitra", "glossary.yaml:1", "slug"),
        ("glossary.yaml", "Cara masuk tanpa kata sandi.", "x" * 301, "glossary.yaml:4", "300"),
        ("glossary.yaml", "slug: kunci-sandi", "slug: akses-mitra", "glossary.yaml:4", "sudah dipakai di glossary.yaml:1"),
        ("glossary.yaml", "term: akses mitra", "term: zona", "glossary.yaml:4", "Urutkan"),
        ("glossary.yaml", "term: akses mitra", "term: akses mitra\n  lain: x", "glossary.yaml:1", "lain"),
        ("glossary.yaml", "  - passkey\n", "  - [1]\n", "glossary.yaml:4", "also"),
        ("glossary.yaml", "- slug: akses-mitra", "- - akses-mitra", "glossary.yaml:", ""),
        ("facts.yaml", "confidence: belum pasti", "confidence: rendah", "facts.yaml:1", "tinggi, sedang, belum pasti"),
        ("facts.yaml", "review_again_on: 2027-02-20", "review_again_on: besok", "facts.yaml:1", "tanggal"),
        ("facts.yaml", "  review_again_on: 2027-02-20\n", "", "facts.yaml:1", "tanggal"),
        ("facts.yaml", "- M2.2", "- M9.9", "facts.yaml:1", "M9.9"),
        ("facts.yaml", "lessons:\n  - M1.1\n  - M2.2\n", "lessons: []\n", "facts.yaml:1", "lessons"),
        ("misconceptions.yaml", "centang-pasti-resmi:", "Centang:", "misconceptions.yaml:1", "Tanda «Centang»"),
        ("misconceptions.yaml", "centang-pasti-resmi:", "tidak-urut:", "misconceptions.yaml:1", "Urutkan"),
        ("misconceptions.yaml", "Mengira tanda centang selalu berarti akun resmi.", "7", "misconceptions.yaml:1", "teks"),
        ("guides/sesi-a.md", "slug: sesi-a", "slug: sesi-b", "guides/sesi-a.md:2", "sesi-b.md"),
        ("guides/sesi-a.md", "minutes: 45", "minutes: lama", "guides/sesi-a.md:2", "bilangan"),
        ("guides/sesi-a.md", "minutes: 45", "menit: 45", "guides/sesi-a.md:2", "menit"),
        ("guides/sesi-a.md", "## Pembuka {tujuan 1}\n\nSapa peserta. <script>alert(1)</script>\n", "", "guides/sesi-a.md:2", "kosong"),
        ("guides/sesi-a.md", "Sapa peserta.", ">/// contoh\n#!///\n/// contoh", "guides/sesi-a.md:2", "blok ///"),
        ("guides/sesi-a.md", "Sapa peserta.", "![](/m/0123456789abcdef.webp)", "course.yaml", "teks alternatif"),
    ],
)
def test_what_cannot_be_taken_is_told_by_file_and_line_and_nothing_is_loaded(folder, file, old, new, where, words):
    change(folder / file, old, new)
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    problems = refused.value.report.problems
    assert any(place.startswith(where) and words in sentence for place, sentence in problems), problems
    assert not Course.objects.exists() and not Companions.objects.exists()


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("guides/catatan.txt", "guides/catatan.txt"),
        ("guides/Sesi A.md", "guides/Sesi A.md"),
        ("media/figures/a.png", "media/figures/a.png"),
    ],
)
def test_a_file_that_a_dump_could_not_write_is_refused(folder, name, where):
    write(folder / name, "x")
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert refused.value.report.problems[0][0] == where


@pytest.mark.parametrize(("name", "text"), [("glossary.yaml", "a: 1\n"), ("facts.yaml", "teks\n"), ("misconceptions.yaml", "- a\n")])
def test_a_file_of_another_shape_is_told(folder, name, text):
    write(folder / name, text)
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert refused.value.report.problems[0][0] == f"{name}:1"


def test_a_version_of_the_course_holds_them_with_guides_drawn_and_sanitised(folder):
    load_course(folder)
    facts = Course.objects.get().current_version.facts
    assert [row["term"] for row in facts["glossary"]] == ["akses mitra", "kunci sandi"]
    assert facts["facts"][0]["review_again_on"] == "2027-02-20"
    guide = facts["guides"][0]
    assert '<h2 id="pembuka">Pembuka</h2>' in guide["html"] and "<script" not in guide["html"] and guide["sanitiser"]


def test_a_course_without_any_publishes_nothing_of_them(tmp_path):
    load_course(small_course(tmp_path / "kursus"))
    assert not {"glossary", "facts", "misconceptions", "guides"} & set(Course.objects.get().current_version.facts)
    assert not Companions.objects.exists()


def test_a_change_is_told_in_words_and_makes_one_new_version_of_the_course(folder):
    load_course(folder)
    first = Course.objects.get().current_version
    change(folder / "glossary.yaml", "tanpa kata sandi", "tanpa mengetik kata sandi")
    change(folder / "facts.yaml", "belum pasti", "sedang")
    write(folder / "misconceptions.yaml", "satu-admin-cukup: Mengira satu admin sudah cukup.\n")
    (folder / "guides" / "sesi-a.md").rename(folder / "guides" / "sesi-b.md")
    change(folder / "guides" / "sesi-b.md", "slug: sesi-a\ntitle: Akun aman, warga tenang", "slug: sesi-b\ntitle: Dari siaran")
    report = load_course(folder)
    assert report.published_lines == ["Kursus Kecil versi 2"]
    second = Version.objects.get(module=None, number=2)
    assert comparing.diff(first, second).sentences == [
        "Istilah «kunci sandi» berubah.",
        "Fakta yang mudah berubah «lima-tagar» berubah.",
        "Salah paham «centang-pasti-resmi» dikeluarkan.",
        "Panduan pengajar «Dari siaran» ditambahkan.",
        "Panduan pengajar «Akun aman, warga tenang» dikeluarkan.",
    ]


def test_a_changed_draft_counts_as_changed_and_files_left_out_empty_it(folder):
    load_course(folder)
    course = Course.objects.get()
    assert not has_changes(course)
    Companions.objects.update(glossary=[])
    assert has_changes(course) and "glossary" not in freeze(course).facts
    for name in ("glossary.yaml", "facts.yaml", "misconceptions.yaml", "guides/sesi-a.md"):
        (folder / name).unlink()
    assert load_course(folder).published_lines == ["Kursus Kecil versi 2"]
    assert Companions.objects.get().guides == [] and "guides" not in Version.objects.get(module=None, number=2).facts
