"""Broken archives of a course that holds everything: each fault is told with its file and line, and nothing of the archive enters."""

from __future__ import annotations

import io
import zipfile

import pytest

from accounts.models import Role
from courses import tasks
from courses.models import Activity, Arrival, ArrivalState, Course, Media
from courses.packing import archives, arriving, zips
from tests.courses.whole import whole_course
from tests.factories import accounts

pytestmark = pytest.mark.django_db
LESSON, QUIZ, WORK, BANK = "m1-satu/01-pelajaran-1.md", "m1-satu/quiz.yaml", "m1-satu/assignment.yaml", "m1-satu/questions.yaml"
LIBRARY, FILM, CAPTIONS = "media/media.yaml", "*.mp4", "*.vtt"  # files of the library have names by chance
GONE = None  # the file is left out
# The file, what stands there, what stands there instead (all of it, where the first is empty); where the fault is told, words of it.
FAULTS: dict[str, tuple[str, str | None, str, str, str]] = {
    "a course without a programme": ("course.yaml", "programme:", "program:", "course.yaml", "programme"),
    "a tab in YAML": ("course.yaml", "  minutes: 45\n  items", "\tminutes: 45\n  items", "course.yaml:7", "YAML"),
    "a module that is not there": ("m2-dua/module.yaml", GONE, "", "m2-dua/module.yaml", "tidak ditemukan"),
    "minutes that do not add up": ("m2-dua/01-pelajaran-1.md", "minutes: 45", "minutes: 40", "course.yaml:13", "85 menit"),
    "a code twice": (LESSON, "code: M1.1", "code: M2.1", "m2-dua/01-pelajaran-1.md:2", "sudah dipakai"),
    "a day that is none": ("orientasi.md", "minutes: 45", "minutes: 45\nreviewed_on: 2026-02-31", "orientasi.md:6", "2026-02-31"),
    "no text but bytes": ("orientasi.md", "", "\udcff\udcfe", "orientasi.md", "UTF-8"),
    "an unknown kind of question": (BANK, "kind: multiple", "kind: pilihan", f"{BANK}:16", "tidak dikenal"),
    "a key that no choice has": (BANK, "  key: C", "  key: H", f"{BANK}:1", "key"),
    "a question without text": (BANK, "  text: Pernyataan M1/1.\n", "", f"{BANK}:34", "text"),
    "a question's code twice": (BANK, "code: M1-01-3", "code: M1-01-1", f"{BANK}:34", "M1-01-1"),
    "a misconception nobody listed": (BANK, "A: mengira-satu", "A: mengira-lain", f"{BANK}:1", "mengira-lain"),
    "a bank that is no list": (BANK, "", "code: satu\n", BANK, "daftar soal"),
    "a draw of less than nothing": (QUIZ, "  count: 10", "  count: -1", f"{QUIZ}:", ""),
    "a pass mark above all": (QUIZ, "pass_mark: 0.7", "pass_mark: 70", f"{QUIZ}:1", "pass_mark"),
    "feedback at no known time": (QUIZ, "feedback: after_submit", "feedback: besok", f"{QUIZ}:1", "feedback"),
    "weights that are not one hundred": (WORK, "weight: 60", "weight: 70", f"{WORK}:", "100"),
    "a worksheet that is not there": (WORK, "file: lembar-audit.xlsx", "file: hilang.xlsx", f"{WORK}:", "hilang.xlsx"),
    "a picture without words": (LIBRARY, "  alternative_text: Layar masuk\n", "", f"{LIBRARY}:1", "alternative_text"),
    "a file that is not there": (FILM, GONE, "", f"{LIBRARY}:5", ".mp4"),
    "a film that is no film": (FILM, "", "bukan film", f"{LIBRARY}:5", ""),
    "captions of another shape": (CAPTIONS, "WEBVTT", "SUBTITLE", f"{LIBRARY}:5", "WEBVTT"),
    "a checksum of another file": (LIBRARY, "sha256: 6176", "sha256: 9999", f"{LIBRARY}:5", ""),
    "a drawing that runs a script": ("media/figures/layar-masuk.svg", "</svg>", "<script/></svg>", "media/figures/layar-masuk.svg:", ""),
    "a term twice": ("glossary.yaml", "slug: kunci-sandi", "slug: akses-mitra", "glossary.yaml:", "akses-mitra"),
    "a guide without minutes": ("guides/sesi-a.md", "minutes: 45", "menit: 45", "guides/sesi-a.md:", "men"),
}


@pytest.fixture
def files(tmp_path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archives.make(whole_course(tmp_path))[0])) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def broken(files: dict[str, bytes], name: str, old: str | None, new: str) -> bytes:
    data = new.encode("utf-8", "surrogateescape")
    name = next(one for one in files if one.endswith(name[1:])) if name.startswith("*") else name
    if old:
        assert old.encode() in files[name], (name, old)
        data = files[name].replace(old.encode(), data, 1)
    return zips.pack({one: content for one, content in (files | {name: data}).items() if old is not None or one != name})


def test_every_fault_is_told_with_file_and_line_and_nothing_enters(files):
    admin, wrong = accounts.staff(Role.ADMIN), {}
    rows = [model.objects.count() for model in (Course, Activity, Media)]
    for fault, (name, old, new, where, words) in FAULTS.items():
        arrival = arriving.bring(broken(files, name, old, new), "arsip.zip", by=admin, slug="baru")
        tasks.examine_arrival(arrival.pk)
        arrival = Arrival.objects.get(pk=arrival.pk)
        problems = arrival.report.get("problems", [])
        told = [(place, sentence) for place, sentence in problems if place.startswith(where) and words in sentence]
        if arrival.state != ArrivalState.REFUSED or not told or not all(sentence.endswith(".") for _place, sentence in problems):
            wrong[fault] = (arrival.state, problems[:4])
    assert not wrong
    assert [model.objects.count() for model in (Course, Activity, Media)] == rows
