"""CSV and XLSX from our template: one question a row, columns by their names, as many «isi n» as the question needs.

The columns are described in ``docs/exchange.md``; ``template`` makes an example of each kind.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from linimasa import spreadsheets

from ..models import Level, QuestionKind
from . import packages, table_kinds
from .rows import MOST_QUESTIONS, ExchangeError, Row, decoded, enough, is_readable, title_of

FACTS = ("kode", "jenis", "tingkat", "pelajaran", "tujuan", "kategori", "tag")
TEXTS = ("skenario", "pertanyaan", "kunci", "satuan", "gambar", "umpan balik")
GROUPS = ("isi", "pasangan", "alasan", "salah paham")
TROUBLE = "masalah"  # of a file to mend: written for people, never read
MOST_ROWS = MOST_QUESTIONS + 1
MOST_COLUMNS = 160
SHOWN = 4  # numbered columns of an empty template
_NUMBERED = re.compile(rf"({'|'.join(GROUPS)}) ?([1-9]|1\d|20)")
_QUOTED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
LEVELS = {"mudah": Level.EASY, "sedang": Level.MEDIUM, "sulit": Level.HARD}
_LEVEL_WORDS = {level.value: word for word, level in LEVELS.items()}
FORMULA = "\ufdd9"  # what stands for a formula, which is never read


def read_csv(data: bytes) -> list[Row]:
    """Every row of a CSV file, with comma, semicolon or tab between cells. Raises ExchangeError."""
    text = decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)

    def lines() -> Iterator[tuple[int, Sequence[Any]]]:
        start = 1
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1

    try:
        return _rows(lines())
    except csv.Error:
        raise ExchangeError(f"CSV tidak terbaca di baris {reader.line_num}. Periksa tanda kutipnya, atau simpan sebagai XLSX.") from None


def read_xlsx(data: bytes) -> list[Row]:
    """Every row of a workbook's first sheet; formulas are never run. Raises ExchangeError."""
    if not packages.is_packed(data):
        raise ExchangeError("Ini bukan buku kerja XLSX. Simpan ulang sebagai .xlsx.")
    packages.names_of(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return _rows(
            (number, [_value(cell) for cell in cells])
            for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), 1)
        )
    except ExchangeError:
        raise
    except Exception:
        raise ExchangeError("Buku kerja ini tidak terbaca. Buka di pengolah lembar sebar, lalu simpan ulang sebagai .xlsx.") from None


def _value(cell: Any) -> str:
    """A cell as people read it: 3.0 is «3», a formula is a mark."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, bool):
        return "benar" if value else "salah"
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",") if value == value and abs(value) < 1e30 else str(value)
    return str(value)


def _rows(lines: Iterable[tuple[int, Sequence[Any]]]) -> list[Row]:
    places: dict[str, int] | None = None
    rows: list[Row] = []
    for number, cells in lines:
        if not any(str(cell).strip() for cell in cells):
            continue
        if places is None:
            places = _head(cells)
            continue
        named = {name: _plain(str(cells[place])) for name, place in places.items() if place < len(cells) and name != TROUBLE}
        rows.append(_row(number, {name: text for name, text in named.items() if text}))
        enough(len(rows))
    if places is None:
        raise ExchangeError("Berkas ini kosong. Unduh templatnya, lalu isi satu soal setiap baris.")
    return rows


def _head(cells: Sequence[Any]) -> dict[str, int]:
    """Where each column stands. Raises ExchangeError for names that are not ours."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        name = " ".join(str(cell).replace("_", " ").casefold().split())
        found = _NUMBERED.fullmatch(name)
        name = f"{found[1]} {found[2]}" if found else name
        if not name:
            continue
        if not found and name not in (*FACTS, *TEXTS, TROUBLE):
            unknown.append(title_of(name))
        elif name in places:
            raise ExchangeError(f"Kolom “{name}” ada dua kali. Hapus salah satunya.")
        places[name] = place
    if "jenis" not in places or "pertanyaan" not in places:
        raise ExchangeError("Baris pertama harus berisi nama kolom, sekurang-kurangnya “jenis” dan “pertanyaan”. Unduh templatnya.")
    if unknown:
        raise ExchangeError(f"Kolom ini tidak dikenal: {', '.join(unknown[:5])}. Samakan dengan templat.")
    return places


def _plain(text: str) -> str:
    """The cell's text, without the apostrophe that keeps a spreadsheet from running it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text[1:] if text.startswith("'") and text[1:2] in _QUOTED and text[1:] else text).strip()


def _row(number: int, cells: dict[str, str]) -> Row:
    row = Row(f"baris {number}", title_of(cells.get("pertanyaan", "")), cells.get("jenis", "")[:40])
    if any(FORMULA in text for text in cells.values()):
        return row.refuse("Ada rumus di baris ini. Rumus tidak dijalankan: tempel sebagai nilai.")
    if not all(is_readable(text) for text in cells.values()):
        return row.refuse("Ada karakter kendali yang tidak terbaca di baris ini. Ketik ulang isinya.")
    kind = table_kinds.WORDS.get(" ".join(cells.get("jenis", "").casefold().replace("_", " ").split()))
    if kind is None:
        return row.refuse(f"Jenis “{row.kind or 'kosong'}” tidak dikenal. Pilih: {', '.join(table_kinds.NAMES.values())}.")
    row.kind = kind.value
    row.question |= {"kind": kind.value, "level": Level.MEDIUM.value, "text": cells.get("pertanyaan", "")}
    used = table_kinds.READERS[kind](row, table_kinds.Cells(cells))
    _facts(row, cells)
    if row.question.get("feedback", "") == "":
        table_kinds.explain(row, cells.get("umpan balik", ""))
    for name in cells:
        if name not in (*FACTS, "pertanyaan", "umpan balik") and name not in used:
            row.refuse(f"Kolom “{name}” tidak dipakai oleh jenis {table_kinds.NAMES[kind]}. Kosongkan.")
    return row


def _facts(row: Row, cells: Mapping[str, str]) -> None:
    question = row.question
    if level := cells.get("tingkat"):
        found = LEVELS.get(level.casefold(), level if level in Level.values else None)
        if found is None:
            row.refuse(f"Tingkat “{title_of(level)}” tidak dikenal. Pilih mudah, sedang, atau sulit.")
        else:
            question["level"] = str(found)
    question |= {
        name: cells[column] for name, column in (("code", "kode"), ("lesson", "pelajaran"), ("category", "kategori")) if column in cells
    }
    if objective := cells.get("tujuan"):
        if objective.isascii() and objective.isdecimal() and len(objective) < 4:
            question["objective"] = int(objective)
        else:
            row.refuse(f"Tujuan “{title_of(objective)}” harus nomor tujuan pelajaran.")
    if found_tags := [tidy for one in cells.get("tag", "").split(";") if (tidy := " ".join(one.split()))]:
        question["tags"] = list(dict.fromkeys(found_tags))


# --- writing ----------------------------------------------------------------------------------------------------------------
def left_out(question: Mapping[str, Any]) -> str:
    """Why a row of the table cannot say this question; empty when it can."""
    if question["kind"] not in table_kinds.WRITERS:
        return "tabel tidak mengenal jenis ini"
    if any(";" in tag for tag in question.get("tags", [])):
        return "tag-nya memuat titik koma"
    return ""


def cells_of(question: Mapping[str, Any]) -> dict[str, str]:
    """The question by columns."""
    found = {
        "kode": question.get("code", ""),
        "jenis": table_kinds.NAMES[QuestionKind(question["kind"])],
        "tingkat": _LEVEL_WORDS[question.get("level", Level.MEDIUM.value)],
        "pelajaran": question.get("lesson") or "",
        "tujuan": str(question.get("objective") or ""),
        "kategori": question.get("category", ""),
        "tag": "; ".join(question.get("tags", [])),
        "pertanyaan": question["text"],
        "umpan balik": question.get("feedback", ""),
    }
    found |= table_kinds.WRITERS[question["kind"]](question)
    return {name: text for name, text in found.items() if text}


def to_mend(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The broken rows of an import after our template, as CSV, with what is wrong beside each; what cannot be said keeps its title."""
    rows = []
    for entry in entries:
        question = entry.get("question") or {}
        try:
            cells = cells_of({"level": Level.MEDIUM.value} | question)
        except (KeyError, ValueError, IndexError, TypeError, AttributeError):  # too broken for its columns
            cells = {"jenis": str(entry.get("kind", "")), "pertanyaan": str(question.get("text") or entry.get("title", ""))}
        rows.append({name: text for name, text in cells.items() if isinstance(text, str)} | {TROUBLE: " ".join(entry["problems"])})
    return _csv(rows, [TROUBLE, *columns_of([{name: "" for name in row if name != TROUBLE} for row in rows])])


def columns_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The head of a table that holds these rows."""
    most = SHOWN
    for row in rows:
        most = max([most, *(int(name.rsplit(" ", 1)[1]) for name in row if name not in (*FACTS, *TEXTS))])
    return [*FACTS, *TEXTS, *(f"{group} {number}" for number in range(1, most + 1) for group in GROUPS)]


def quoted(text: str) -> str:
    """The text as a cell that no spreadsheet runs, and that ``_plain`` reads back as it was."""
    made = spreadsheets.cell(text)
    return f"'{text}" if made == text and text.startswith("'") and text[1:2] in _QUOTED and text[1:] else made


def write_csv(questions: Iterable[Mapping[str, Any]]) -> bytes:
    """The file of these questions: UTF-8 with a mark that spreadsheets understand."""
    rows = [cells_of(one) for one in questions]
    return _csv(rows, columns_of(rows))


def _csv(rows: Iterable[Mapping[str, str]], head: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([quoted(row.get(name, "")) for name in head] for row in rows)
    return (spreadsheets.BYTE_ORDER_MARK + out.getvalue()).encode()


def write_xlsx(questions: Iterable[Mapping[str, Any]]) -> bytes:
    """The workbook of these questions, every cell a text."""
    rows = [cells_of(one) for one in questions]
    head = columns_of(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Soal")
    sheet.freeze_panes = "C2"

    def text_cell(text: str, *, is_head: bool = False) -> Any:
        cell = WriteOnlyCell(sheet, value=text or None)
        if text:
            cell.data_type = "s"
        cell.font, cell.alignment = Font(bold=is_head), Alignment(wrap_text=True, vertical="top")
        return cell

    sheet.append([text_cell(name, is_head=True) for name in head])
    for row in rows:
        sheet.append([text_cell(quoted(row.get(name, ""))) for name in head])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
