"""Pictures of lessons: each has a text alternative and a caption, is there, is clean and light, and is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..figures import figure_faults as drawing_faults
from . import sentences
from .fault import Fault
from .pages import Page, Piece, paragraphs

RULES = {
    "alt-length": "the text alternative (first paragraph of `gambar`, or `![…]`) has 40–300 characters",
    "alt-opening": "it does not begin with «Gambar», «Foto» or «Ilustrasi dari»: the screen reader says that already",
    "caption-missing": "the second paragraph of `gambar` is its caption",
    "figure-missing": "the drawing that `gambar` names is in media/figures",
    "figure-unclean": "a drawing holds only what a drawing may hold (classes instead of colours, no script, no reference)",
    "figure-size": "a drawing has at most 15,000 bytes",
    "figure-sign": "a drawing writes only signs that the booklet's font has: letters, figures, “ ” ‘ ’ – — … • − × ÷ ± ·",
    "figure-unused": "every drawing is shown by a lesson",
}
ALTERNATIVE = (40, 300)
MOST_BYTES = 15_000
_STRANGE = re.compile(r"[^\x20-\x7e\s\u00a0-\u00ff“”‘’–—…•−]")
_IMAGE = re.compile(r"!\[(?P<alternative>[^\]\n]*)\]\(")
OPENINGS = ("gambar", "foto", "ilustrasi dari")


def figure_faults(pages: Iterable[Page], figures: Mapping[str, str], pictures: Iterable[str] = ()) -> Iterator[Fault]:
    """``figures``: SVG text by file name; ``pictures``: names of other images of the course, which have no rules here."""
    used: set[str] = set()
    for page in pages:
        for piece in page.named("gambar"):
            used.add(piece.arguments[0])
            yield from _place_faults(page.at(piece.line), piece)
            if piece.arguments[0] not in {*figures, *pictures}:
                told = f"Gambar “{piece.arguments[0]}” tidak ada di media/figures. Betulkan namanya atau tambahkan berkasnya."
                yield Fault("figure-missing", page.at(piece.line), told)
        for piece in page.pieces:
            for found in _IMAGE.finditer(sentences.without_code(piece.text)):
                line = piece.text_line + piece.text.count("\n", 0, found.start())
                yield from _alternative_faults(page.at(line), found["alternative"])
    for name, svg in figures.items():
        yield from _file_faults(name, svg)
        if name not in used:
            yield Fault(
                "figure-unused", f"media/figures/{name}", "Tidak ada pelajaran yang memakai gambar ini. Pakai atau hapus berkasnya."
            )


def _place_faults(where: str, piece: Piece) -> Iterator[Fault]:
    parts = paragraphs(piece.text)
    yield from _alternative_faults(where, parts[0] if parts else "")
    if len(parts) < 2:
        yield Fault("caption-missing", where, "Gambar belum berketerangan. Tulis keterangannya sebagai paragraf kedua.")


def _alternative_faults(where: str, written: str) -> Iterator[Fault]:
    alternative = " ".join(sentences.plain(written).split())
    if not ALTERNATIVE[0] <= len(alternative) <= ALTERNATIVE[1]:
        told = f"Teks alternatif berisi {len(alternative)} karakter; seharusnya {ALTERNATIVE[0]} sampai {ALTERNATIVE[1]}."
        yield Fault("alt-length", where, told)
    if alternative.casefold().startswith(OPENINGS):
        told = f"Teks alternatif dibuka dengan “{alternative[:16]}…”. Langsung sebut yang terlihat dan maknanya."
        yield Fault("alt-opening", where, told)


def _file_faults(name: str, svg: str) -> Iterator[Fault]:
    where = f"media/figures/{name}"
    size = len(svg.encode())
    if size > MOST_BYTES:
        yield Fault("figure-size", where, f"Gambar ini {size} bita; paling besar {MOST_BYTES}. Sederhanakan bentuknya.")
        return
    for number, row in enumerate(svg.split("\n"), start=1):
        if strange := _STRANGE.search(row):
            told = f"Tanda “{strange[0]}” tidak ada dalam huruf yang dicetak. Ganti dengan kata atau gambarlah."
            yield Fault("figure-sign", f"{where}:{number}", told)
    for line, sentence in drawing_faults(svg):
        yield Fault("figure-unclean", f"{where}:{line}", sentence)
