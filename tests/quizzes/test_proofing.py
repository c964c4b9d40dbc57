"""The proofing of the bank and of practical work, and ``manage.py check_content`` as its authors meet it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from courses.files import read_yaml, write_yaml
from courses.loading import load_course
from courses.proofing import RULES as OTHER_RULES
from courses.proofing import Fault, proof
from quizzes.proofing import RULES, judge
from quizzes.proofing.balance import needed
from tests.courses.test_proofing import README
from tests.factories.content import TODAY, write_course, write_workbook

ONE, TWO, TASK, SHEET = "m1-satu/questions.yaml", "m2-dua/questions.yaml", "m1-satu/assignment.yaml", "m1-satu/files/lembar.xlsx"
Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    return write_course(tmp_path_factory.mktemp("soal") / "kursus")


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "kursus"))


def judged(root: Path) -> list[Fault]:
    found = proof(root, TODAY)
    assert found.course is not None, found.faults
    return judge(root, found.course, found.pages).faults


def values(**more: Any) -> Change:
    """The first question (or the assignment) says this."""

    def change(rows: Any) -> Any:
        (rows if isinstance(rows, dict) else rows[0]).update(more)
        return rows

    return change


def without(key: str) -> Change:
    """The first question (or the activity) no longer says this."""

    def change(rows: Any) -> Any:
        (rows if isinstance(rows, dict) else rows[0]).pop(key)
        return rows

    return change


def each(kind: str, change: Callable[[dict[str, Any]], None]) -> Change:
    """Every question of this kind is changed (empty: every question)."""

    def run(rows: Any) -> Any:
        for row in rows:
            if row["kind"].startswith(kind):
                change(row)
        return rows

    return run


def keyed(letter: str) -> Callable[[dict[str, Any]], None]:
    def change(row: dict[str, Any]) -> None:
        row |= {"key": letter, "misconceptions": {one: "keliru-1" for one in "ABCD" if one != letter}}

    return change


def longest(row: dict[str, Any]) -> None:
    row["choices"] = [f"{text} hari ini" if "ABCD"[place] == row["key"] else text[:16] for place, text in enumerate(row["choices"])]


def longer_right(row: dict[str, Any]) -> None:
    row["choices"] = [f"{text} hari ini" if place in (0, 2) else text for place, text in enumerate(row["choices"])]


def sample(number: int, **more: Any) -> Change:
    def change(task: Any) -> Any:
        task["samples"][number].update(more)
        return task

    return change


def scored(number: int, **more: Any) -> Change:
    def change(task: Any) -> Any:
        task["samples"][number]["scores"][0].update(more)
        return task

    return change


def level_gone(row: dict[str, Any]) -> None:
    row["level"] = "easy" if row["level"] == "hard" else row["level"]


def second_objective(row: dict[str, Any]) -> None:
    row["objective"] = 1


def true(row: dict[str, Any]) -> None:
    row |= {"key": True, "misconceptions": {"false": "keliru-1"}}


def again(rows: Any) -> Any:
    return [*rows, {**rows[-1], "code": "M2-999"}]


CHOICES = ["laporan dari admin", "lembaran dari admin", "naskah dari admin", "arsip dari admin"]
PLANTS: list[tuple[str, str, Change]] = [
    ("question-broken", ONE, values(kind="essay")),
    ("question-broken", ONE, values(kind=["single"])),
    ("question-broken", ONE, values(key="E")),
    ("question-broken", ONE, values(level="sulit")),
    ("question-broken", ONE, values(code=7)),
    ("question-broken", ONE, values(feedback="")),
    ("question-broken", ONE, values(code="M1-001")),
    ("question-broken", ONE, values(code="M1-999")),
    ("question-place", ONE, values(lesson="M2.1")),
    ("question-place", ONE, values(lesson="M9.9")),
    ("question-place", ONE, values(objective=3)),
    ("question-place", ONE, without("objective")),
    ("question-untaught", ONE, values(choices=["zebra", "gajah", "jerapah", "kancil"], feedback="Zebra belang tinggal dekat sabana.")),
    ("misconception-missing", ONE, values(misconceptions={"B": "keliru-1", "C": "keliru-1"})),
    ("misconception-missing", ONE, each("true_false", lambda row: row.pop("misconceptions"))),
    ("misconception-unknown", ONE, values(misconceptions=dict.fromkeys("BCD", "keliru-9"))),
    ("misconception-unused", "misconceptions.yaml", values(**{"keliru-4": "Mengira hal 4 boleh dilewati."})),
    ("objective-unasked", TWO, each("", second_objective)),
    ("option-all", ONE, values(choices=[*CHOICES[:3], "Semua jawaban benar"])),
    ("option-all", ONE, values(choices=[*CHOICES[:3], "Tidak ada yang tepat"])),
    ("option-length", ONE, values(choices=[CHOICES[0], f"{CHOICES[1]} yang dibawa kembali pulang sore", *CHOICES[2:]])),
    ("stem-negation", ONE, values(text="Manakah yang bukan tugas admin di ruang menurut pedoman?")),
    ("stem-negation", ONE, values(text="Semua ini tugas admin menurut pedoman, kecuali …")),
    ("bank-size", TWO, lambda rows: rows[:-1]),
    ("bank-module", TWO, lambda rows: rows[:11]),
    ("level-balance", TWO, each("", level_gone)),
    ("key-balance", ONE, each("s", lambda row: keyed("A")(row) if row["kind"] != "short_answer" else None)),
    ("true-false-balance", ONE, each("true_false", true)),
    ("key-longest", ONE, each("s", lambda row: longest(row) if row["kind"] != "short_answer" else None)),
    ("multiple-length", ONE, each("multiple", longer_right)),
    ("question-twice", TWO, again),
    ("quiz-broken", "m1-satu/quiz.yaml", values(attempts_allowed=0)),
    ("quiz-broken", "m1-satu/quiz.yaml", values(draw=[{"module": "M9", "count": 8}])),
    ("quiz-broken", "m1-satu/quiz.yaml", without("draw")),
    ("assignment-broken", TASK, values(instructions="Pilih.")),
    ("assignment-broken", TASK, values(catatan="Pilih.")),
    ("question-broken", ONE, values(catatan="Pilih.")),
    ("template-missing", TASK, values(template={"file": "lain.xlsx", "title": "Lembar"})),
    ("template-missing", TASK, values(template={"file": "../01.md", "title": "Lembar"})),
    ("template-missing", TASK, without("template")),
    ("samples-missing", TASK, without("samples")),
    ("samples-broken", TASK, lambda task: {**task, "samples": task["samples"][:1]}),
    ("samples-broken", TASK, sample(1, kind="exemplary")),
    ("samples-broken", TASK, scored(0, level="Luar Biasa")),
    ("samples-broken", TASK, scored(0, criterion="Ketepatan")),
    ("samples-broken", TASK, sample(0, scores=None)),
    ("sample-reason", TASK, scored(0, why="Sudah baik.")),
    ("sample-order", TASK, lambda task: {**task, "samples": [{**one, "scores": task["samples"][1]["scores"]} for one in task["samples"]]}),
    ("word-banned", TASK, sample(0, body="Semua email sudah dicatat.\n")),
    ("link-host", ONE, values(feedback="Baca https://jahat.example tentang admin dan laporan.")),
]
SHEETS: list[tuple[str, Callable[[Path], Any]]] = [
    ("template-size", lambda path: write_workbook(path, xl__media_bin="x" * 200_001)),
    ("template-unsafe", lambda path: path.write_bytes(b"bukan zip")),
    ("template-unsafe", lambda path: path.write_bytes(path.read_bytes()[:-40])),
    ("template-unsafe", lambda path: write_workbook(path, xl__vbaProject_bin="makro")),
    ("template-unsafe", lambda path: write_workbook(path, xl___rels__workbook_xml_rels='<R TargetMode="External"/>')),
    ("template-unsafe", lambda path: path.write_bytes(path.read_bytes().replace(b"xl/workbook.xml", b"xl/workbook.xmm"))),
]


def spoil(root: Path, file: str, change: Change) -> None:
    (root / file).write_text(write_yaml(change(read_yaml(root / file, file))), encoding="utf-8")


def test_a_sound_course_has_no_fault(sound):
    assert judged(sound) == []


@pytest.mark.django_db
def test_a_sound_course_can_be_loaded(sound):
    assert len(load_course(sound).published_lines) == 3


@pytest.mark.parametrize(("code", "file", "change"), PLANTS, ids=[f"{code}-{number}" for number, (code, _f, _c) in enumerate(PLANTS)])
def test_each_planted_fault_is_found_where_it_is(folder, code, file, change):
    spoil(folder, file, change)
    found = [one for one in judged(folder) if one.code == code]
    assert found, f"{code} was not found"
    assert all(one.sentence.endswith(".") and len(one.sentence) > 20 for one in found)
    assert {one.file for one in found} & {file, "questions.yaml", "m2-dua/01.md"}


@pytest.mark.parametrize(("code", "change"), SHEETS, ids=[f"{code}-{number}" for number, (code, _c) in enumerate(SHEETS)])
def test_each_bad_template_is_a_fault(folder, code, change):
    change(folder / SHEET)
    assert [(one.code, one.file) for one in judged(folder)] == [(code, SHEET)]


def test_every_rule_has_a_planted_fault_and_is_written_for_authors():
    assert {code for code, *_rest in [*PLANTS, *SHEETS]} == {*RULES, "word-banned", "link-host"}
    assert not set(RULES) & set(OTHER_RULES)
    section = README.read_text(encoding="utf-8").partition("## What check_content enforces")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", section, re.M)) == {*RULES, *OTHER_RULES}


def test_a_bank_needs_what_its_quizzes_draw_and_one_remedial(sound, folder):
    assert needed(proof(sound, TODAY).course) == {"M1": 12, "M2": 12}
    draw = [{"module": "M1", "count": 6}, {"module": "M2", "count": 4}]
    spoil(folder, "m2-dua/quiz.yaml", values(draw=draw, remedial_attempts=2, purpose="post_test"))
    assert needed(proof(folder, TODAY).course) == {"M1": 8 + 6 + 6, "M2": 4 + 4}


def test_negation_in_bold_and_in_passing_is_no_fault(folder):
    spoil(folder, ONE, values(text="Manakah yang **bukan** tugas admin, padahal ia tidak hadir di ruang?"))
    assert judged(folder) == []


def run(folder: Path, *options: str) -> tuple[str, int]:
    out = StringIO()
    with time_machine.travel(f"{TODAY} 03:00:00+00:00"):
        try:
            call_command("check_content", str(folder), *options, stdout=out)
        except SystemExit as end:
            return out.getvalue(), int(str(end.code))
    return out.getvalue(), 0


def test_the_command_is_content_with_a_sound_course_and_prints_its_figures(sound):
    said, status = run(sound)
    assert status == 0 and said.endswith("Semua isi baik.\n")
    assert re.search(r"^M1\.1 +\d{3} +8,\d +\d{4} +\d{3} +\d{4} +4,\d % +15 15$", said, re.M)
    assert "Bank: 90 soal; M1 60 (easy 20, medium 20, hard 20); M2 30" in said
    assert "Kunci: A 16, B 16, C 16, dan D 15 dari 63 soal satu jawaban" in said


def test_the_command_groups_faults_by_file_and_fails(folder):
    spoil(folder, ONE, values(objective=9))
    (folder / "m1-satu" / "files" / "lembar.xlsx").unlink()
    said, status = run(folder)
    assert status == 1
    assert re.search(r"^m1-satu/questions\.yaml\n +1  question-place: Soal M1-000: .*Betulkan\.\n\n", said, re.M)
    assert re.search(r"^m1-satu/assignment\.yaml\n +\d+  template-missing: ", said, re.M)
    assert "3 pelajaran diperiksa: 2 kesalahan." in said


def test_the_command_gives_the_same_as_json(folder):
    spoil(folder, ONE, values(objective=9))
    said, status = run(folder, "--json")
    data = json.loads(said)
    assert status == 1 and [(one["code"], one["where"]) for one in data["faults"]] == [("question-place", f"{ONE}:1")]
    assert data["lessons"][0]["questions"] == [14, 15] and data["lessons"][0]["total_bytes"] < data["budget"] == 60_000
    assert data["bank"]["letters"] == {"A": 16, "B": 16, "C": 16, "D": 15}


def test_a_broken_file_is_a_fault_not_a_traceback(folder):
    (folder / ONE).write_text("- code: [\n")
    said, status = run(folder)
    assert status == 1 and "file: YAML tidak terbaca" in said
