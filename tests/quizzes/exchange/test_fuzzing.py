"""Whatever bytes come, a reader answers with rows or with one sentence; never with another exception, and never without a bound."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange import aiken, checking, examples, markup, packages, previewing, reading, rows, tables, writing
from quizzes.exchange.rows import ExchangeError

SAMPLES = Path(__file__).parent / "samples"
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
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
