"""Sound, film and documents of lessons: each is in the library, says what it is, and can be read by those who do not hear or see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .fault import Fault
from .pages import Page, Piece, paragraphs

RULES = {
    "media-missing": "the file that `audio`, `video` or `berkas` names is in media/media.yaml, as that kind",
    "media-words": "such a block holds words: what it is and why one listens, looks or opens",
    "transcript-missing": "sound and film have a transcript",
    "captions-missing": "film has captions (WebVTT)",
    "media-unused": "every sound, film and document of media.yaml is shown by a lesson",
}
KINDS = {"audio": "audio", "video": "video", "berkas": "document"}


def recording_faults(pages: Iterable[Page], media: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """``media``: the rows of media.yaml."""
    known = {str(row.get("handle") or row.get("file")): row for row in media}
    used: set[str] = set()
    for page in pages:
        for piece in page.named(*KINDS):
            used.add(piece.arguments[0])
            yield from _place_faults(page.at(piece.line), piece, known.get(piece.arguments[0]))
    for name, row in known.items():
        if row.get("kind") in KINDS.values() and name not in used:
            told = f"Tidak ada pelajaran yang memakai {name}. Pakai atau hapus berkasnya."
            yield Fault("media-unused", getattr(row, "where", "media/media.yaml:1"), told)


def _place_faults(where: str, piece: Piece, row: Mapping[str, Any] | None) -> Iterator[Fault]:
    name = piece.arguments[0]
    if not paragraphs(piece.text):
        yield Fault("media-words", where, f"Blok {piece.name} belum berisi keterangan. Tulis apa isinya dan mengapa perlu.")
    if row is None or row.get("kind") != KINDS[piece.name]:
        told = f"Berkas “{name}” tidak ada di media/media.yaml sebagai {KINDS[piece.name]}. Betulkan namanya atau tambahkan berkasnya."
        yield Fault("media-missing", where, told)
        return
    beside = getattr(row, "where", "media/media.yaml:1")  # where it is mended
    if piece.name != "berkas" and not row.get("transcript"):
        yield Fault("transcript-missing", beside, f"{piece.name.capitalize()} “{name}” belum memiliki transkrip. Tambahkan di media/.")
    if piece.name == "video" and not row.get("captions"):
        yield Fault("captions-missing", beside, f"Video “{name}” belum memiliki takarir WebVTT. Tambahkan di media/.")
