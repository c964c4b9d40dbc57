"""The shape of a lesson: its blocks and their order, its length, its headings and objectives, its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from linimasa.writing import decimal

from . import sentences
from .fault import Fault
from .pages import Page, Piece

RULES = {
    "block-open": "every /// block is closed and its name is known",
    "lesson-start": "`situasi` comes first, no text before it",
    "lesson-order": "`daftar-periksa`, `kegiatan`, `ringkasan`, `sumber` in this order, `sumber` last",
    "lesson-counts": "one of each of these and `situasi`; a worked example, a `gambar`; 2–3 `cek`; at most one `lapangan`",
    "situation-length": "`situasi` has 60–120 words",
    "words": "700–1,200 words, without `cek` and `sumber`",
    "sentence-length": "at most 20 words a sentence on average",
    "heading-count": "3–8 headings of the second level",
    "heading-vague": "a heading says what its section tells (no «Pendahuluan», «Materi», «Kesimpulan»)",
    "objective-untaught": "each objective is taught by a section: `{tujuan n}`",
    "objective-unknown": "a section's mark names objectives of the lesson",
    "summary-length": "`ringkasan` has 2–5 lines and nothing else",
    "checklist-length": "`daftar-periksa` has 5–9 items",
    "sources-date": "`sumber` has a date: not in the future, not more than 180 days before `reviewed_on`",
    "sources-empty": "`sumber` lists at least one source",
    "review-dates": "`reviewed_on` is there, not in the future, before `review_again_on`",
    "review-late": "`review_again_on` at most 120 days later, and not after the earliest fact's date",
}
ONCE = ("situasi", "daftar-periksa", "kegiatan", "ringkasan", "sumber")
EXAMPLES = ("contoh", "unggahan", "obrolan", "surel", "layar")
LAST = ("daftar-periksa", "kegiatan", "ringkasan", "sumber")
BLOCKS = frozenset({*ONCE, *EXAMPLES, "gambar", "audio", "video", "berkas", "fakta", "lapangan", "cek", "caption", "details", "admonition"})
WORDS = (700, 1_200)
SITUATION = (60, 120)
LONGEST_SENTENCE = 20
HEADINGS = (3, 8)
CHECKS = (2, 3)
SUMMARY = (2, 5)
CHECKLIST = (5, 9)
OLDEST_SOURCE = timedelta(days=180)
LATEST_REVIEW = timedelta(days=120)
VAGUE = frozenset(
    {
        *("pendahuluan", "pengantar", "pembuka", "pembukaan", "latar belakang", "materi", "isi", "pembahasan", "penjelasan"),
        *("penutup", "kesimpulan", "simpulan", "rangkuman", "ringkasan", "lain-lain", "umum", "definisi", "tujuan"),
        *("contoh", "latihan", "tips", "langkah", "langkah-langkah"),
    }
)
_ITEM = re.compile(r"^- \S", re.M)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CHECKED = re.compile(r"\(diperiksa ([^)\n]*)\)")


def lesson_faults(page: Page, today: date) -> Iterator[Fault]:
    """Everything that one lesson of a module can show by itself."""
    yield from block_faults(page)
    yield from _order_faults(page)
    yield from _count_faults(page)
    yield from _length_faults(page)
    yield from _heading_faults(page)
    yield from _objective_faults(page)
    yield from _list_faults(page)
    yield from _source_faults(page, today)
    yield from review_faults(page, today)


def block_faults(page: Page) -> Iterator[Fault]:
    """Blocks that are not closed, and blocks nobody knows; for the course's own lessons too."""
    for piece in page.pieces:
        if piece.name and piece.name not in BLOCKS:
            yield Fault("block-open", page.at(piece.line), f"Blok “{piece.name}” tidak dikenal. Pakai: {', '.join(sorted(BLOCKS))}.")
        for number, line in enumerate(piece.text.split("\n"), piece.text_line):
            if re.match(r"///(?!/)", line):
                yield Fault("block-open", page.at(number), f"Garis “{line[:40]}” membuka atau menutup blok tanpa pasangannya. Lengkapi.")


def _order_faults(page: Page) -> Iterator[Fault]:
    pieces = page.pieces
    if not pieces or pieces[0].name != "situasi":
        where = page.at(pieces[0].line if pieces else page.first_line)
        yield Fault("lesson-start", where, "Pelajaran tidak dibuka dengan blok situasi. Pindahkan situasi ke awal, tanpa teks sebelumnya.")
    order = [piece for piece in pieces if piece.name in LAST]
    places = [LAST.index(piece.name) for piece in order]
    wrong = next((piece for piece, before, place in zip(order[1:], places, places[1:], strict=False) if place < before), None)
    if wrong is None and places and pieces[-1].name != "sumber":
        wrong = pieces[-1]
    if wrong is not None:
        found = f"“{wrong.name or 'teks'}”"
        yield Fault("lesson-order", page.at(wrong.line), f"{found} tidak pada tempatnya. Urutan akhir pelajaran: {', '.join(LAST)}.")


def _count_faults(page: Page) -> Iterator[Fault]:
    asked = [((name,), (1, 1)) for name in ONCE]
    for names, (least, most) in [*asked, (EXAMPLES, (1, 99)), (("gambar",), (1, 99)), (("cek",), CHECKS), (("lapangan",), (0, 1))]:
        count = len(page.named(*names))
        if not least <= count <= most:
            wanted = f"tepat {least}" if least == most else f"{least} sampai {most}" if most < 99 else f"paling sedikit {least}"
            blocks = " atau ".join(names)
            yield Fault(
                "lesson-counts", page.at(page.first_line), f"Ada {count} blok {blocks}; seharusnya {wanted}. Lengkapi atau gabungkan."
            )


def _length_faults(page: Page) -> Iterator[Fault]:
    reading = page.reading()
    count, average = len(sentences.words(reading)), sentences.average_length(sentences.sentences(reading))
    if not WORDS[0] <= count <= WORDS[1]:
        how = "Tambah penjelasan atau contoh" if count < WORDS[0] else "Pangkas yang tidak perlu"
        yield Fault("words", page.at(page.first_line), f"Pelajaran berisi {count} kata; seharusnya {WORDS[0]} sampai {WORDS[1]}. {how}.")
    if average > LONGEST_SENTENCE:
        told = f"Rata-rata kalimat {decimal(average, 1)} kata; paling banyak {LONGEST_SENTENCE}. Pecah kalimat yang panjang."
        yield Fault("sentence-length", page.at(page.first_line), told)
    for piece in page.named("situasi"):
        count = len(sentences.words(sentences.plain(piece.text)))
        if not SITUATION[0] <= count <= SITUATION[1]:
            told = f"Situasi berisi {count} kata; seharusnya {SITUATION[0]} sampai {SITUATION[1]}."
            yield Fault("situation-length", page.at(piece.line), told)


def _heading_faults(page: Page) -> Iterator[Fault]:
    headings = list(page.headings())
    count = sum(heading.level == 2 for heading in headings)
    if not HEADINGS[0] <= count <= HEADINGS[1]:
        told = f"Ada {count} judul bagian (##); seharusnya {HEADINGS[0]} sampai {HEADINGS[1]}. Bagi atau gabungkan bagiannya."
        yield Fault("heading-count", page.at(page.first_line), told)
    for heading in headings:
        if sentences.plain(heading.text).strip(" .:!").casefold() in VAGUE:
            told = f"Judul “{heading.text}” tidak memberi tahu isi. Tulis pokok bagian itu, misalnya “Mengapa SMS lebih lemah”."
            yield Fault("heading-vague", page.at(heading.line), told)


def _objective_faults(page: Page) -> Iterator[Fault]:
    count, taught = len(page.objectives), set()
    for heading in page.headings():
        for mark in heading.marks:
            if mark.isdigit() and 1 <= int(mark) <= count:
                taught.add(int(mark))
            else:
                told = f"Tanda tujuan “{mark}” tidak ada; pelajaran ini memiliki tujuan 1 sampai {count}. Betulkan nomornya."
                yield Fault("objective-unknown", page.at(heading.line), told)
    for number in range(1, count + 1):
        if number not in taught:
            told = f"Tujuan {number} (“{page.objectives[number - 1]}”) belum diajarkan. Tandai bagiannya dengan {{tujuan {number}}}."
            yield Fault("objective-untaught", page.at(), told)


def _list_faults(page: Page) -> Iterator[Fault]:
    for name, code, (least, most) in (("ringkasan", "summary-length", SUMMARY), ("daftar-periksa", "checklist-length", CHECKLIST)):
        for piece in page.named(name):
            count = len(_ITEM.findall(piece.text))
            if not least <= count <= most:
                yield Fault(code, page.at(piece.line), f"Blok {name} berisi {count} butir “- …”; seharusnya {least} sampai {most}.")
            elif name == "ringkasan" and len(sentences.units(piece.text)) > count:
                yield Fault(code, page.at(piece.line), "Blok ringkasan hanya berisi butir “- …”. Hapus teks lainnya.")


def _source_faults(page: Page, today: date) -> Iterator[Fault]:
    for piece in page.named("sumber"):
        if not _ITEM.search(piece.text):
            yield Fault("sources-empty", page.at(piece.line), "Blok sumber tidak memuat satu sumber pun. Tulis sebagai butir “- …”.")
        for line, written in _source_days(piece):
            yield from _source_day_faults(page, line, written, today)


def _source_days(piece: Piece) -> Iterator[tuple[int, str]]:
    yield piece.line, piece.arguments[0]
    for found in _CHECKED.finditer(piece.text):
        yield piece.text_line + piece.text.count("\n", 0, found.start()), found[1]


def _source_day_faults(page: Page, line: int, written: str, today: date) -> Iterator[Fault]:
    day, reviewed = day_of(written), page.front.get("reviewed_on")
    told = ""
    if day is None:
        told = f"Tanggal pemeriksaan sumber “{written}” tidak terbaca. Tulis seperti 2026-11-22."
    elif day > today:
        told = f"Sumber diperiksa pada {day}, padahal hari ini {today}. Tulis tanggal pemeriksaan yang sebenarnya."
    elif isinstance(reviewed, date) and reviewed - day > OLDEST_SOURCE:
        age = (reviewed - day).days
        told = f"Sumber terakhir diperiksa {age} hari sebelum pelajaran ditinjau; paling lama {OLDEST_SOURCE.days}. Periksa lagi."
    if told:
        yield Fault("sources-date", page.at(line), told)


def day_of(written: str) -> date | None:
    """The date in «2026-11-22»; None when it is none."""
    try:
        return date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        return None


def review_faults(page: Page, today: date) -> Iterator[Fault]:
    """When it was reviewed, and by when it is looked at again; for the course's own lessons too."""
    reviewed, again = page.front.get("reviewed_on"), page.front.get("review_again_on")
    if not isinstance(reviewed, date) or not isinstance(again, date):
        yield Fault("review-dates", page.at(), "Tanggal reviewed_on dan review_again_on belum lengkap. Isi keduanya, misalnya 2026-11-22.")
        return
    if reviewed > today or again <= reviewed:
        told = f"reviewed_on {reviewed} harus paling lambat hari ini ({today}) dan sebelum review_again_on {again}."
        yield Fault("review-dates", page.at(), told)
    days = [day for piece in page.named("fakta") if len(piece.arguments) > 1 and (day := day_of(piece.arguments[1]))]
    latest = min([reviewed + LATEST_REVIEW, *days])
    if again > latest:
        told = f"review_again_on {again} terlalu jauh; paling lambat {latest} (120 hari, atau tanggal faktanya yang paling awal)."
        yield Fault("review-late", page.at(), told)
