"""What goes with the lessons: ageing facts as registered, terms of the glossary known and used, guides for the trainers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linimasa import blocks

from ..reading import CourseFile
from .fault import Fault
from .language import Passage
from .pages import Page, Piece
from .sentences import without_code

RULES = {
    "fact-unknown": "a `fakta` block names a fact of facts.yaml that is registered for this lesson",
    "fact-differs": "its date and confidence equal the register's",
    "fact-missing": "each registered fact is in each lesson that the register names",
    "fact-unhedged": "a fact «belum pasti» says so (belum pasti, belum terkonfirmasi, periksa)",
    "term-unknown": "`[[istilah]]` is a term of the glossary",
    "terms-unused": "at most 15 terms of the glossary are linked from nowhere",
    "glossary-size": "the glossary has 55–75 terms",
    "guides-missing": "the course has guides for its trainers",
}
TERMS = (55, 75)
MOST_UNUSED = 15
HEDGES = ("belum pasti", "belum terkonfirmasi", "periksa")


def companion_faults(course: CourseFile, pages: list[Page], passages: Iterable[Passage]) -> Iterator[Fault]:
    """The faults of facts, terms and guides; ``passages``: every text in which a term may be linked."""
    yield from _fact_faults(course, pages)
    yield from _term_faults(course, passages)
    if not course.guides:
        yield Fault("guides-missing", "guides", "Kursus ini belum memiliki panduan pengajar. Tulis guides/….md untuk sesi langsungnya.")


def _fact_faults(course: CourseFile, pages: list[Page]) -> Iterator[Fault]:
    register = {row["key"]: row for row in course.facts}
    shown: set[tuple[str, str]] = set()
    for page in pages:
        for piece in page.named("fakta"):
            row = register.get(piece.arguments[0])
            shown.add((piece.arguments[0], page.code))
            if row is None or page.code not in row["lessons"]:
                told = f"Fakta «{piece.arguments[0]}» tidak terdaftar untuk {page.code} di facts.yaml. Daftarkan atau betulkan kuncinya."
                yield Fault("fact-unknown", page.at(piece.line), told)
            else:
                yield from _block_faults(page.at(piece.line), piece, row)
    for key, row in register.items():
        for lesson in row["lessons"]:
            if (key, lesson) not in shown:
                told = f"Fakta «{key}» belum ada di {lesson}. Tulis blok fakta di pelajaran itu atau hapus dari daftarnya."
                yield Fault("fact-missing", row.where, told)


def _block_faults(where: str, piece: Piece, row: dict[str, Any]) -> Iterator[Fault]:
    written = [*piece.arguments[1:], "", ""][:2]
    wanted = [str(row["review_again_on"]), row["confidence"]]
    if written != wanted:
        told = f"Blok fakta menulis “{' | '.join(written)}”, daftarnya “{' | '.join(wanted)}”. Samakan dengan facts.yaml."
        yield Fault("fact-differs", where, told)
    if row["confidence"] == "belum pasti" and not any(hedge in piece.text.casefold() for hedge in HEDGES):
        yield Fault("fact-unhedged", where, f"Fakta ini belum pasti, tetapi teksnya tidak berkata begitu. Pakai: {', '.join(HEDGES)}.")


def _term_faults(course: CourseFile, passages: Iterable[Passage]) -> Iterator[Fault]:
    known = {row["slug"]: row for row in course.glossary}
    used: set[str] = set()
    for passage in passages:
        for number, line in enumerate(without_code(passage.text).split("\n"), passage.first_line):
            for slug in blocks.terms(line):
                used.add(slug)
                if slug not in known:
                    told = f"Istilah «{slug}» tidak ada di glossary.yaml. Tambahkan, atau tulis tanpa [[ ]]."
                    yield Fault("term-unknown", f"{passage.file}:{number}", told)
    if not TERMS[0] <= len(known) <= TERMS[1]:
        yield Fault("glossary-size", "glossary.yaml", f"Glosarium berisi {len(known)} istilah; seharusnya {TERMS[0]} sampai {TERMS[1]}.")
    idle = [row["term"] for slug, row in known.items() if slug not in used]
    if len(idle) > MOST_UNUSED:
        told = f"{len(idle)} istilah tidak ditautkan dari pelajaran mana pun; paling banyak {MOST_UNUSED}: {', '.join(idle)}."
        yield Fault("terms-unused", "glossary.yaml", told)
