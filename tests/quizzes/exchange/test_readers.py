"""What each reader makes of realistic files: questions of ours, notes on what changes, refusals by name."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from quizzes.exchange import packages, reading
from quizzes.exchange.rows import ExchangeError, Row
from quizzes.kinds import registry

SAMPLES = Path(__file__).parent / "samples"


def read(format: str, name: str) -> dict[str, Row]:
    rows = reading.read(format, (SAMPLES / name).read_bytes())
    return {row.title: row for row in rows}


def asked(question: dict[str, Any]) -> list[str]:
    kind = registry[question["kind"]]
    return kind.problems({key: question[key] for key in kind.keys if key in question})


@pytest.fixture(scope="module")
def gift() -> dict[str, Row]:
    return read("gift", "soal.gift.txt")


@pytest.fixture(scope="module")
def moodle() -> dict[str, Row]:
    return read("moodlexml", "moodle.xml")


@pytest.mark.parametrize(("format", "name"), [("gift", "soal.gift.txt"), ("moodlexml", "moodle.xml"), ("aiken", "aiken.txt")])
def test_what_has_no_problem_can_be_asked_and_has_its_place(format: str, name: str) -> None:
    rows = reading.read(format, (SAMPLES / name).read_bytes())
    assert any(not row.problems for row in rows)
    for row in rows:
        assert row.where.startswith(("baris ", "soal "))
        assert row.problems or asked(row.question) == [], row


def test_gift_reads_a_single_choice_with_code_tags_category_and_feedback(gift: dict[str, Row]) -> None:
    assert gift["Pemilik akun"].question == {
        "kind": "single",
        "level": "easy",
        "text": "Siapa pemilik akun resmi instansi?",
        "choices": ["Instansi", "Admin yang membuatnya", "Vendor"],
        "key": "A",
        "feedback_options": {"A": "Tepat.", "B": "Admin dapat pindah tugas."},
        "feedback": "Akun resmi adalah aset instansi.",
        "code": "M1-90",
        "tags": ["sandi"],
        "category": "Modul 1/Akun resmi",
    }
    assert gift["Pemilik akun"].where == "baris 5"


def test_gift_reads_weights_missing_words_ranges_and_partial_numbers(gift: dict[str, Row]) -> None:
    assert gift["Yang memperkuat"].question["key"] == ["A", "B"]
    assert gift["Yang memperkuat"].notes == []
    word = gift["Kata sandi _____ tidak pernah diberikan kepada siapa pun."]
    assert (word.question["choices"], word.question["key"]) == (["terbuka", "rahasia", "bersama"], "B")
    assert gift["Panjang"].question["values"] == [
        {"value": 12, "tolerance": 2, "feedback": "Tepat."},
        {"value": 8, "points": 0.5, "feedback": "Masih terlalu pendek."},
    ]
    assert gift["Rentang"].question["values"] == [{"value": 3, "tolerance": 2}]
    assert gift["Alat"].question["accepted"] == ["pengelola kata sandi", "password manager"]
    assert [one["right"] for one in gift["Istilah"].question["pairs"]] == ["Pesan tiruan", "Masuk tanpa sandi", "Perangkat yang masuk"]


def test_gift_reads_true_false_with_feedback_of_both_answers(gift: dict[str, Row]) -> None:
    found = gift["Kode masuk"].question
    assert (found["key"], found["feedback"], found["feedback_options"]) == (
        False,
        "Benar, jangan pernah.",
        {"true": "Petugas tidak pernah memintanya."},
    )


def test_gift_escapes_and_html(gift: dict[str, Row]) -> None:
    assert gift["Tanda"].question["text"] == "Rumus mana yang benar: {a} = #1 ~ 2?\nPilih satu."
    assert gift["Tanda"].question["choices"] == ["a = b \\ c", "a ~ b"]
    assert gift["HTML"].question["text"] == "Mana logo resmi?\n\n• satu\n• dua"
    assert gift["HTML"].notes[0] == "HTML dijadikan teks biasa; yang hilang: miring, tebal."


def test_gift_names_what_it_cannot_take(gift: dict[str, Row]) -> None:
    refused = {row.title: row.problems for row in gift.values() if row.problems}
    assert refused == {
        "Uraian": ["Soal uraian (essay) dinilai dengan rubrik di sini. Tulis sebagai tugas praktik."],
        "Bagian berikut tentang kode masuk.": ["Ini hanya teks pengantar (description), bukan soal."],
        "Sebagian": ["Nilai sebagian tidak dikenal pada satu jawaban: “Kode dari aplikasi” (50%). Jadikan 0 atau 100."],
    }


def test_moodle_reads_text_feedback_code_tags_and_says_what_stays_behind(moodle: dict[str, Row]) -> None:
    row = moodle["Pemilik akun"]
    assert row.question == {
        "kind": "single",
        "level": "hard",
        "text": "Siapa pemilik akun resmi?",
        "choices": ["Instansi", "Admin", "Vendor"],
        "key": "A",
        "feedback_options": {"A": "Tepat.", "B": "Admin dapat pindah."},
        "feedback": "Akun resmi adalah aset instansi.",
        "code": "M1-90",
        "tags": ["sandi"],
        "category": "Modul 1/Akun ∕ Sandi",
    }
    told = " ".join(row.notes)
    for word in ("HTML", "Pengurangan nilai", "Petunjuk (hint)", "Baca lagi pelajaran 1.", "Urutan pilihan", "Bobot soal"):
        assert word in told
    assert "Your answer is correct" not in told


def test_moodle_reads_every_kind_that_is_ours(moodle: dict[str, Row]) -> None:
    kinds = {row.title: row.kind for row in moodle.values() if not row.problems}
    assert kinds == {
        "Pemilik akun": "single",
        "Beberapa": "multiple",
        "Kode masuk": "true_false",
        "Alat": "short_answer",
        "Panjang": "numeric",
        "Istilah": "matching",
        "Langkah": "ordering",
        "Tersemat": "gaps",
    }
    assert moodle["Langkah"].question["order"] == ["Cabut sesi", "Ganti sandi", "Beri tahu publik"]
    assert moodle["Panjang"].question["units"] == [{"unit": "m", "factor": 1}, {"unit": "cm", "factor": 0.01}]
    assert moodle["Panjang"].question["unit_needed"] is True
    assert moodle["Panjang"].question["values"] == [
        {"value": 4.5, "tolerance": 0.05, "feedback": "Tepat."},
        {"value": 4, "points": 0.5},
    ]
    assert "Huruf besar dan kecil dianggap sama di sini." in moodle["Alat"].notes
    assert "Umpan balik per jawaban tidak ikut: “Bukan itu.”." in moodle["Alat"].notes


def test_moodle_cloze_becomes_gaps(moodle: dict[str, Row]) -> None:
    found = moodle["Tersemat"].question
    assert found["passage"] == "Simpan di {{1}}, panjang {{2}}, dari {{3}}."
    assert found["gaps"] == [
        {"ask": "text", "accepted": ["pengelola", "brankas"]},
        {"ask": "number", "value": 12, "tolerance": 2, "feedback": "Cukup"},
        {"ask": "choice", "choices": ["surel", "aplikasi"], "key": "B"},
    ]
    assert "Bobot setiap isian tidak ikut: di sini setiap isian bernilai sama." in moodle["Tersemat"].notes


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Bobot", "berbobot berbeda (70%, 30%)"),
        ("Pengecoh", "Jawaban tanpa pasangan (pengecoh)"),
        ("Tersemat lain", "MULTIRESPONSE"),
        ("Uraian", "uraian (essay)"),
        ("Seret", "seret kata ke teks (ddwtos)"),
        ("Program", "“coderunner”"),
        ("Gambar", "Gambar “layar.png”"),
    ],
)
def test_moodle_names_what_it_cannot_take(moodle: dict[str, Row], title: str, word: str) -> None:
    assert word in " ".join(moodle[title].problems)


def test_aiken_reads_choices_and_says_what_is_missing() -> None:
    rows = reading.read("aiken", (SAMPLES / "aiken.txt").read_bytes())
    assert [(row.where, row.question.get("key")) for row in rows[:2]] == [("baris 1", "B"), ("baris 7", "B")]
    assert rows[1].question["text"] == "Kode masuk diberikan\nkepada siapa?"
    assert rows[0].question["feedback"] == "Yang tepat: Instansi."
    assert [row.problems for row in rows[2:]] == [
        ["Baris “ANSWER: B” belum ada sesudah pilihannya."],
        ["Kunci “D” tidak ada di antara pilihan A, B."],
        ["Baris ANSWER ini tidak didahului pertanyaan dan pilihan."],
    ]


def test_qti_2_and_3_items_are_read() -> None:
    (two,) = reading.read("qti", (SAMPLES / "qti21.xml").read_bytes())
    assert two.question == {
        "kind": "single",
        "level": "medium",
        "text": "Akun instansi dibuat oleh seorang admin.\n\nSiapa pemiliknya?",
        "choices": ["Admin", "Instansi", "Vendor"],
        "key": "B",
        "feedback_options": {"A": "Admin dapat pindah."},
        "feedback": "Akun resmi adalah aset instansi.",
        "code": "M1-90",
    }
    assert two.notes == ["Pilihan yang tempatnya tetap tidak ikut: di sini kuis yang mengatur pengacakan."]
    (three,) = reading.read("qti", (SAMPLES / "qti30.xml").read_bytes())
    assert (three.question["kind"], three.question["key"], three.problems) == ("multiple", ["A", "B"], [])


def item(body: str, declaration: str, processing: str = "") -> bytes:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="Soal">'
        f"{declaration}<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    ).encode()


def declaration(cardinality: str, base: str, right: str) -> str:
    facts = f'identifier="R" cardinality="{cardinality}" baseType="{base}"'
    return f"<responseDeclaration {facts}><correctResponse><value>{right}</value></correctResponse></responseDeclaration>"


def test_qti_reads_a_number_with_its_tolerance_and_gaps_of_gap_match() -> None:
    declared = declaration("single", "float", "4.5")
    processed = (
        '<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.1 0.1"><variable identifier="R"/>'
        '<correct identifier="R"/></equal><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    (row,) = reading.read("qti", item('<p>Panjang <textEntryInteraction responseIdentifier="R"/> m?</p>', declared, processed))
    assert (row.question["text"], row.question["values"]) == ("Panjang _____ m?", [{"value": 4.5, "tolerance": 0.1}])
    gaps = (
        '<gapMatchInteraction responseIdentifier="R" shuffle="true"><prompt>Lengkapi.</prompt>'
        '<gapText identifier="W" matchMax="1">surel</gapText>'
        '<gapText identifier="S" matchMax="1">aplikasi</gapText><p>Kode dari <gap identifier="G1"/>.</p></gapMatchInteraction>'
    )
    declared = declaration("multiple", "directedPair", "S G1")
    (row,) = reading.read("qti", item(gaps, declared))
    assert (row.question["text"], row.question["passage"]) == ("Lengkapi.", "Kode dari {{1}}.")
    assert row.question["gaps"] == [{"ask": "choice", "choices": ["surel", "aplikasi"], "key": "B"}]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('<extendedTextInteraction responseIdentifier="R"/>', "uraian (extendedTextInteraction)"),
        ('<uploadInteraction responseIdentifier="R"/>', "unggah berkas"),
        ("<p>Hanya teks.</p>", "tidak memuat pertanyaan"),
        ('<choiceInteraction responseIdentifier="R"/><orderInteraction responseIdentifier="S"/>', "memuat 2 pertanyaan"),
    ],
)
def test_qti_names_what_it_cannot_take(body: str, word: str) -> None:
    (row,) = reading.read("qti", item(body, ""))
    assert word in " ".join(row.problems)


def test_a_package_without_a_file_that_its_manifest_names_says_which() -> None:
    manifest = b'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="soal/a.xml"/></resources></manifest>'
    (row,) = reading.read("qti", packages.pack({"imsmanifest.xml": manifest}))
    assert row.problems == ["Berkas soal/a.xml tidak ada di dalam paket."]
    with pytest.raises(ExchangeError, match="imsmanifest"):
        reading.read("qti", packages.pack({"a.xml": b"<a/>"}))


@pytest.mark.parametrize(
    ("name", "format"),
    [("soal.gift.txt", "gift"), ("moodle.xml", "moodlexml"), ("aiken.txt", "aiken"), ("qti21.xml", "qti"), ("qti30.xml", "qti")],
)
def test_the_format_is_guessed_from_what_is_in_the_file(name: str, format: str) -> None:
    assert reading.guessed("berkas", (SAMPLES / name).read_bytes()) == format


@pytest.mark.parametrize("part", ["{1:SHORTANSWER:=", "{1:SA:=\\", "{1:MC:=a~"])
def test_embedded_answers_that_never_end_cost_no_square(part: str) -> None:
    asked = f"<question type='cloze'><questiontext><text>{part * (39_000 // len(part))}</text></questiontext></question>"
    begun = time.process_time()
    (row, *_others) = reading.read("moodlexml", f"<quiz>{asked * 10}</quiz>".encode())
    assert time.process_time() - begun < 2
    assert any("tidak berpasangan" in one or "tidak memuat bagian" in one for one in row.problems)
