"""Whatever bytes come, a reader answers with rows or with one sentence; never with another exception, and never without a bound."""

from __future__ import annotations

import random
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange import aiken, checking, examples, markup, packages, previewing, reading, rows, tables, writing
from quizzes.exchange.rows import ExchangeError

SAMPLES = Path(__file__).parent / "samples"
FUZZ = settings(max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
SECONDS = 10  # of the slowest machine that runs the tests
TEXT_FORMATS = ("aiken", "csv", "gift", "moodlexml", "qti")
PIECES = [
    *"{}=~#:%\\\n[]<>&\"',;|*A)1.",
    *("->", "####", "::", "\n\n", "%50%", "{#", "T}", "ANSWER: A", "A) a", "$CATEGORY:", "<quiz>", "</quiz>", "]]>", "<![CDATA["),
    *(
        '<question type="multichoice">',
        "</question>",
        '<answer fraction="x">',
        "{1:SA:=a}",
        "jenis,pertanyaan\n",
        "..",
        "\x00",
        "\ud7ff",
        "é",
    ),
]


def swallowed(format: str, data: bytes) -> list[rows.Row]:
    """The rows, checked as the preview checks them; empty when the file is refused with a sentence."""
    try:
        found = reading.read(format, data)
    except ExchangeError as error:
        assert str(error).strip().endswith((".", "?", ")")), str(error)
        return []
    bank = checking.Bank(course=None)  # type: ignore[arg-type]  # of a course without anything
    already = checking.check(found, bank, by_hand=format in reading.TABLES)
    for place, row in enumerate(found):
        assert row.where
        assert all(rows.is_readable(text) for text in [row.title, row.where, *row.problems, *row.notes, *reading.texts_of(row.question)])
        entry = {"where": row.where, "title": row.title, "kind": row.kind, "problems": row.problems, "notes": row.notes}
        entry |= {"question": row.question, "already": already.get(place, "")}
        assert previewing.shown(entry)["where"]
        tables.to_mend([entry])
    return found


@pytest.mark.parametrize("format", [*TEXT_FORMATS, "xlsx"])
@FUZZ
@given(
    data=st.one_of(
        st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(lambda one: "".join(one).encode("utf-8", "replace"))
    )
)
def test_any_bytes_end_in_rows_or_a_sentence(format: str, data: bytes) -> None:
    swallowed(format, data)


def good_files() -> dict[str, tuple[str, bytes]]:
    found = {
        "soal.gift.txt": "gift",
        "moodle.xml": "moodlexml",
        "aiken.txt": "aiken",
        "qti21.xml": "qti",
        "qti30.xml": "qti",
    }
    files = {name: (format, (SAMPLES / name).read_bytes()) for name, format in found.items()}
    for format in ("csv", "xlsx", "qti", "qti3"):
        plan = writing.planned(format, [one for one in examples.EXAMPLES if one["kind"] != "hotspot"])
        files[format] = ({"qti3": "qti"}.get(format, format), writing.write(plan))
    return files


FILES = good_files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_good_file_that_was_damaged_ends_in_rows_or_a_sentence(name: str) -> None:
    format, good = FILES[name]
    chance = random.Random(name)
    for _time in range(60 if format == "xlsx" else 120):
        data = bytearray(good)
        for _more in range(chance.randint(1, 6)):
            place, act = chance.randrange(len(data)), chance.randrange(4)
            if act == 0:
                data[place] = chance.randrange(256)
            elif act == 1:
                del data[place : place + chance.randint(1, 60)]
            elif act == 2:
                data[place:place] = chance.choice(PIECES).encode("utf-8", "replace")
            else:
                data[place:place] = data[place : place + chance.randint(1, 80)]
            if not data:
                break
        swallowed(format, bytes(data))


def refused(format: str, data: bytes) -> str:
    with pytest.raises(ExchangeError) as error:
        reading.read(format, data)
    return str(error.value)


def test_a_file_that_is_too_large_or_empty_is_refused() -> None:
    assert "5 MB" in refused("gift", b"a" * (rows.MOST_BYTES + 1))
    assert refused("gift", b" \n ") == "Berkas ini kosong. Pilih berkas lain."
    assert "UTF-8" in refused("gift", b"Siapa\xff? {T}")


def test_more_questions_than_are_taken_at_once_are_refused() -> None:
    assert "2.000 soal" in refused("gift", b"Benar {T}\n\n" * (rows.MOST_QUESTIONS + 1))
    assert "2.000 soal" in refused("aiken", b"Soal\nA) a\nB) b\nANSWER: A\n" * (rows.MOST_QUESTIONS + 1))
    assert "2.000 soal" in refused("csv", b"jenis,pertanyaan\n" + b"benar salah,Ya\n" * (rows.MOST_QUESTIONS + 1))
    many = b'<question type="essay"><name><text>a</text></name></question>' * (rows.MOST_QUESTIONS + 1)
    assert "2.000 soal" in refused("moodlexml", b"<quiz>" + many + b"</quiz>")


def test_xml_is_bounded_in_depth_and_elements_and_knows_no_entities() -> None:
    assert "tingkat" in refused("moodlexml", b"<quiz>" + b"<a>" * 100_000)
    assert "terlalu banyak" in refused("moodlexml", b"<quiz>" + b"<a/>" * (markup.MOST_ELEMENTS + 1) + b"</quiz>")
    laughs = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>'
    assert "DOCTYPE" in refused("moodlexml", laughs)
    assert "DOCTYPE" in refused("qti", b'<!DOCTYPE a SYSTEM "http://contoh.go.id/a.dtd"><assessmentItem/>')
    assert "baris 2" in refused("moodlexml", b"<quiz>\n<a></quiz>")


def test_packages_are_bounded_in_entries_and_in_what_they_unpack_to() -> None:
    bomb = packages.pack({"imsmanifest.xml": b"0" * (rows.MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert "setelah dibuka" in refused("qti", bomb)
    assert "setelah dibuka" in refused("xlsx", bomb)
    assert "berkas" in refused("qti", packages.pack({f"{number}.xml": b"" for number in range(rows.MOST_ENTRIES + 1)}))


def test_text_of_many_signs_is_refused_in_its_own_row() -> None:
    (row,) = reading.read("gift", b"Siapa? {=" + b"a" * 100_000 + b" ~b}")
    assert row.problems == ["Ada teks yang terlalu panjang. Paling banyak 4.000 huruf."]


@pytest.mark.parametrize(
    "text",
    [
        "{" * 20_000,
        "<" * 20_000,
        "=~" * 20_000 + "{=a",
        "a {" + "%5" * 20_000 + "}",
        "//[tag:" + "\\" * 20_000,
        "<!" * 10_000,
        "<div> " * 20_000,
    ],
)
def test_no_text_takes_more_than_a_moment(text: str) -> None:
    for format in ("gift", "aiken", "csv"):
        swallowed(format, text.encode())
    swallowed("gift", f"[html]{text} {{=a ~b}}".encode())
    swallowed("moodlexml", _moodle(text))


def _moodle(text: str) -> bytes:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<quiz><question type="multianswer"><questiontext format="html"><text>{escaped}</text></questiontext></question></quiz>'.encode()
    )


def test_a_formula_is_never_read() -> None:
    made: Any = tables.write_csv([examples.EXAMPLES[0] | {"text": "=HYPERLINK(1)"}])
    assert b"'=HYPERLINK(1)" in made
    (row,) = reading.read("csv", made)
    assert row.question["text"] == "=HYPERLINK(1)"
    assert aiken.left_out(examples.EXAMPLES[1])


# --- files that mean harm --------------------------------------------------------------------------------------------------
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(**members: str) -> bytes:
    """A workbook of ours with these members in place of its own."""
    files = packages.unpacked(tables.write_xlsx(examples.EXAMPLES[:1]))
    return packages.pack(files | {name: text.encode() for name, text in members.items()})


def shared(texts: str) -> bytes:
    """A workbook whose cells stand in a list of texts."""
    kept = packages.unpacked(workbook())["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = kept.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    sheet = f'<worksheet {SHEET}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    return workbook(**{"[Content_Types].xml": types, "xl/sharedStrings.xml": texts, "xl/worksheets/sheet1.xml": sheet})


def numeric(number: str, fraction: str = "100", tolerance: str = "0") -> bytes:
    answer = f'<answer fraction="{fraction}"><text>{number}</text><tolerance>{tolerance}</tolerance></answer>'
    return f'<quiz><question type="numerical"><questiontext><text>Berapa?</text></questiontext>{answer}</question></quiz>'.encode()


def bomb_picture() -> bytes:
    """A picture of 30,000 × 30,000 points in some hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")


def spotted(picture: bytes) -> bytes:
    hotspot = next(one for one in examples.EXAMPLES if one["kind"] == "hotspot")
    hotspot = hotspot | {"picture": hotspot["picture"] | {"address": "/m/0.webp", "width": 200, "height": 200}}
    return writing.write(writing.planned("qti", [hotspot]), {hotspot["picture"]["file"]: picture})


CELL = '<c r="XFD1048576" t="str"><v>a</v></c>'
FAR = f'<worksheet {SHEET}><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">{CELL}</row></sheetData></worksheet>'
WIDE = f'<worksheet {SHEET}><sheetData><row r="1">{"<c><v>1</v></c>" * 300_000}</row></sheetData></worksheet>'
TALL = f"<worksheet {SHEET}><sheetData>{'<row/>' * 500_000}</sheetData></worksheet>"
HOSTILE: dict[str, tuple[str, Any]] = {
    "xlsx entities in a sheet": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": f"{LAUGHS}<worksheet {SHEET}>&i;</worksheet>"})),
    "xlsx entities in the texts": ("xlsx", lambda: shared(f"{LAUGHS}<sst {SHEET}><si><t>&i;</t></si></sst>")),
    "xlsx entities in the book": ("xlsx", lambda: workbook(**{"xl/workbook.xml": f"{LAUGHS}<workbook {SHEET}>&i;</workbook>"})),
    "xlsx entities in its relations": (
        "xlsx",
        lambda: workbook(**{"xl/_rels/workbook.xml.rels": f"{LAUGHS}<Relationships>&i;</Relationships>"}),
    ),
    "xlsx a cell far away": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": FAR})),
    "xlsx a wide row": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": WIDE})),
    "xlsx many rows": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": TALL})),
    "xlsx deep": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": f"<worksheet {SHEET}>" + "<a>" * 100_000})),
    "xlsx another sheet": ("xlsx", lambda: workbook(**{"xl/worksheets/sheet1.xml": "<html/>"})),
    "xlsx in xlsx": ("xlsx", lambda: packages.pack({"a.xlsx": workbook()})),
    "csv a wide row": ("csv", lambda: b"jenis,pertanyaan" + b",a" * 1_000_000),
    "csv an endless cell": ("csv", lambda: b'jenis,pertanyaan\nbenar salah,"' + b"a" * 4_000_000),
    "csv many empty rows": ("csv", lambda: b"jenis,pertanyaan\n" + b"\n" * 4_000_000),
    "csv many commas": ("csv", lambda: b"jenis,pertanyaan\n" + (b"," * 2_000 + b"\n") * 2_000),
    "csv high numbers": ("csv", lambda: b"jenis,pertanyaan,isi 99999999999999999999\nisian angka,a,1e999999999\n"),
    "gift a high power": ("gift", lambda: b"Berapa? {#1e999999999:1e-999999999}"),
    "gift many figures": ("gift", lambda: b"Berapa? {#" + b"9" * 1_000_000 + b"}"),
    "gift a deep category": ("gift", lambda: b"$CATEGORY: " + b"a/" * 100_000 + b"\n\nBenar {T}"),
    "gift many answers": ("gift", lambda: b"Mana? {=a " + b"~b " * 500_000 + b"}"),
    "aiken many choices": ("aiken", lambda: b"Mana?\n" + b"A) a\n" * 500_000 + b"ANSWER: A\n"),
    "aiken one line": ("aiken", lambda: b"a" * 4_900_000),
    "moodle a high power": ("moodlexml", lambda: numeric("1e999999999", "1e400", "1e-999999999")),
    "moodle no number": ("moodlexml", lambda: numeric("nan", "inf", "-inf")),
    "moodle many figures": ("moodlexml", lambda: numeric("9" * 1_000_000)),
    "moodle entities in UTF-16": ("moodlexml", lambda: f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<quiz>&i;</quiz>'.encode("utf-16")),
    "moodle another encoding": ("moodlexml", lambda: b'<?xml version="1.0" encoding="UTF-7"?><quiz/>'),
    "moodle an encoding of none": ("moodlexml", lambda: b'<?xml version="1.0" encoding="zip"?><quiz/>'),
    "moodle many attributes": ("moodlexml", lambda: b"<quiz " + b" ".join(b"a%d=''" % one for one in range(300_000)) + b"/>"),
    "moodle a file that is none": (
        "moodlexml",
        lambda: b'<quiz><question type="essay"><file encoding="base64">' + b"!" * 1_000_000 + b"</file></question></quiz>",
    ),
    "qti entities in the manifest": ("qti", lambda: packages.pack({"imsmanifest.xml": f"{LAUGHS}<manifest>&i;</manifest>".encode()})),
    "qti names that climb": ("qti", lambda: packages.pack({"imsmanifest.xml": b"<manifest/>", "../../etc/item.xml": b"<assessmentItem/>"})),
    "qti in qti": ("qti", lambda: packages.pack({"a.zip": packages.pack({"b.zip": packages.pack({"a.xml": b"<assessmentItem/>"})})})),
    "qti many items": ("qti", lambda: packages.pack({f"{one}.xml": b"<assessmentItem/>" for one in range(2_001)})),
    "qti a picture of a billion points": ("qti", lambda: spotted(bomb_picture())),
    "qti a picture that is none": ("qti", lambda: spotted(b"GIF89a" + b"\xff" * 1_000)),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_file_that_means_harm_ends_in_a_sentence_within_seconds(name: str) -> None:
    format, make = HOSTILE[name]
    data = make()
    began = time.process_time()
    for row in swallowed(format, data):
        assert row.problems or name in ("gift a deep category",), row
    assert time.process_time() - began < SECONDS
