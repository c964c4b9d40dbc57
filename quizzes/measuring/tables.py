"""Statistics as files for a spreadsheet: CSV, and XLSX with a sheet a table. Cells are never run as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from linimasa import spreadsheets

from ..kinds import registry
from . import flags

QUESTIONS = (
    *("Soal", "Versi", "Jenis", "Mendapat soal", "Menjawab", "Dilewati", "Tepat (yang menjawab)", "Tepat (dilewati dihitung 0)"),
    *("Daya beda", "Kelompok atas", "Kelompok bawah", "Indeks D", "Waktu kuartil 1 (detik)", "Waktu median (detik)"),
    *("Waktu kuartil 3 (detik)", "Tanda"),
)
OPTIONS = ("Soal", "Versi", "Pilihan", "Isi", "Kunci", "Banyaknya", "Semua", "Kelompok atas", "Kelompok bawah", "Miskonsepsi")
SUMMARY = (
    ("Peserta", "n"),
    ("Rata-rata nilai (0–1)", "mean"),
    ("Simpangan baku (0–1)", "sd"),
    ("Keandalan (alfa Cronbach)", "alpha"),
    ("Galat baku pengukuran (0–1)", "sem"),
)


def question_rows(items: Iterable[dict[str, Any]]) -> Iterable[Sequence[Any]]:
    """A line for each version of each question; of fewer than five people only its name. Takes items with ``code`` and ``versions``."""
    for item in items:
        for one in item["versions"]:
            kind = registry[one["kind"]].label if one["kind"] in registry else one["kind"]
            if "n" not in one:
                yield item["code"], one["number"], kind, "kurang dari 5"
                continue
            ends, times = one["extremes"] or {}, one["time"] or (None, None, None)
            said = " ".join(flags.sentence(flags.Flag(flag), letters) for flag, letters in one["flags"])
            counts = (one["n"], one["answered"], one["blank"], one["facility"], one["facility_shown"], one["discrimination"])
            yield item["code"], one["number"], kind, *counts, ends.get("upper"), ends.get("lower"), ends.get("index"), *times, said


def option_rows(items: Iterable[dict[str, Any]], text_of: Any) -> Iterable[Sequence[Any]]:
    """A line for each option; ``text_of(version id, row)`` gives its words."""
    for item in items:
        for one in item["versions"]:
            for row in one.get("options", []):
                words = "Tidak dijawab" if row["role"] == "blank" else text_of(one["version"], row)
                facts = (
                    row["letter"],
                    words,
                    "ya" if row["is_key"] else "",
                    row["count"],
                    row["all"],
                    row["upper"],
                    row["lower"],
                    row.get("tag", ""),
                )
                yield item["code"], one["number"], *facts


def safe(value: Any) -> Any:
    """Numbers stay numbers; text may not begin like a formula, None is empty."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return spreadsheets.cell(value)
    return value


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark that spreadsheets understand."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([[safe(value) for value in row] for row in rows])
    return (spreadsheets.BYTE_ORDER_MARK + out.getvalue()).encode()


def as_xlsx(summary: dict[str, Any], sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """A workbook: the summary first, then each table under its name."""
    book = Workbook(write_only=True)
    first = book.create_sheet("Ringkasan")
    for name, key in SUMMARY:
        first.append([name, safe(summary.get(key))])
    for name, head, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.append(list(head))
        for row in rows:
            sheet.append([safe(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
