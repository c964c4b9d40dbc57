"""From a file to rows: the format guessed or named, the file bounded, every text of every row readable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linimasa import writing

from ..kinds.kind import MOST_TEXT
from . import aiken, gift, moodlexml, packages, qti, tables
from .rows import LONGEST_CATEGORY, MOST_BYTES, MOST_CATEGORY_DEPTH, ExchangeError, Row, decoded, is_readable, title_of

NAMES = {
    "gift": "GIFT",
    "moodlexml": "Moodle XML",
    "aiken": "Aiken",
    "csv": "CSV dari templat",
    "xlsx": "XLSX dari templat",
    "qti": "QTI 2.1 atau 3.0",
}
TABLES = ("csv", "xlsx")  # written by hand after our template
_READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "gift": gift.read,
    "moodlexml": moodlexml.read,
    "aiken": aiken.read,
    "csv": tables.read_csv,
    "xlsx": tables.read_xlsx,
    "qti": qti.read,
}
LONGEST = 40_000  # signs of one text; what a kind takes is less, and said by it


def guessed(name: str, data: bytes) -> str:
    """The format of this file by what is in it, and by its name where that does not tell."""
    if packages.is_packed(data):
        return "xlsx" if any(one.startswith("xl/") for one in packages.names_of(data)) else "qti"
    start = data[:4_000].decode("utf-8", "replace").lstrip("\ufeff \n\r\t")
    if start.startswith("<"):
        return "qti" if "assessmentItem" in start or "qti-assessment-item" in start else "moodlexml"
    head = start.split("\n", 1)[0].casefold()
    if "jenis" in head and "pertanyaan" in head:
        return "csv"
    text = data.decode("utf-8", "replace")
    if "{" in text:
        return "gift"
    if "ANSWER:" in text.upper():
        return "aiken"
    ending = name.rsplit(".", 1)[-1].casefold()
    return {"csv": "csv", "tsv": "csv", "gift": "gift", "xml": "moodlexml"}.get(ending, "gift")


def read(format: str, data: bytes) -> list[Row]:
    """Every question of the file, good or not, in its order. ``format``: of NAMES. Raises ExchangeError when it cannot be read at all."""
    if not data.strip():
        raise ExchangeError("Berkas ini kosong. Pilih berkas lain.")
    if len(data) > MOST_BYTES:
        raise ExchangeError(f"Berkas ini lebih besar dari {writing.size(MOST_BYTES)}. Pecah menjadi beberapa berkas.")
    if format == "csv" and packages.is_packed(data):
        format = "xlsx"
    if format not in ("xlsx", "qti") and packages.is_packed(data):
        raise ExchangeError(f"Ini berkas ZIP, bukan {NAMES[format]}. Pilih bentuk yang sesuai.")
    if format not in ("xlsx", "qti", "moodlexml"):
        decoded(data)
    rows = _READERS[format](data)
    if not rows:
        raise ExchangeError(f"Tidak ada soal di berkas ini. Pastikan bentuknya {NAMES[format]}.")
    for row in rows:
        _tidy(row)
    return rows


def _tidy(row: Row) -> None:
    """Titles on one line, no text that cannot be read or is endless, a category that is a path."""
    row.where, row.title, row.kind = title_of(row.where), title_of(row.title), row.kind[:40]
    texts = list(texts_of(row.question))
    if not all(is_readable(text) for text in [*texts, row.title, row.where]):
        row.refuse("Ada karakter kendali yang tidak terbaca. Ketik ulang bagiannya, atau tempel sebagai teks biasa.")
        row.question, row.title, row.where = {}, _bare(row.title), _bare(row.where)
        row.problems, row.notes = [_bare(one) for one in row.problems], [_bare(one) for one in row.notes]
    if any(len(text) > LONGEST for text in texts):
        row.refuse(f"Ada teks yang terlalu panjang. Paling banyak {writing.decimal(MOST_TEXT)} huruf.")
        row.question = {}
    if row.html is not None and row.question:
        row.notes.insert(0, "HTML dijadikan teks biasa" + (f"; yang hilang: {', '.join(sorted(row.html))}." if row.html else "."))
    row.problems, row.notes = [_bare(one)[:500] for one in row.problems], [_bare(one)[:500] for one in row.notes]
    if path := row.question.pop("category", ""):
        names = [" ".join(one.split()) for one in path.split("/") if one.strip()]
        if len(names) > MOST_CATEGORY_DEPTH or any(len(one) > LONGEST_CATEGORY for one in names):
            row.note(f"Kategori “{title_of(path)}” terlalu dalam atau namanya terlalu panjang, jadi tidak ikut.")
        elif names:
            row.question["category"] = "/".join(names)


def _bare(text: str) -> str:
    return "".join(sign if is_readable(sign) else "\ufffd" for sign in text)


def texts_of(value: Any) -> list[str]:
    """Every text in nested content."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in [str(key), *texts_of(one)]]
    return [text for one in value for text in texts_of(one)] if isinstance(value, list) else []
