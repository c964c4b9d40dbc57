"""Notes at a passage of a written answer: anchored by their place in the text and by the words themselves.

The learner's text never changes after it was handed in, so a place stays true. Nothing here draws HTML: a page gets plain pieces of text,
with the numbers of the notes on them, and escapes them like all else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User

from ..models import Attempt, AttemptStatus, PassageNote, Response

LONGEST_QUOTE, LONGEST_NOTE = 300, 1_000
MOST_NOTES = 50


class NoteError(ValueError):
    """The note cannot be kept; the message is a sentence for the trainer."""


@dataclass(frozen=True)
class Piece:
    """Some words on one line: from ``at`` of the text, under the notes ``numbers``; ``ends`` are those that end with it."""

    at: int
    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass
class Paragraph:
    """Lines of pieces; paragraphs are parted by empty lines."""

    lines: list[list[Piece]] = field(default_factory=list)


def text_of(response: Response) -> str:
    """The written answer of practical work; empty without one."""
    return (response.answer or {}).get("text", "") if isinstance(response.answer, dict) else ""


@transaction.atomic
def add(response: Response, *, by: User, quote: str, text: str, near: int | None = None) -> PassageNote:
    """Note ``text`` at the passage ``quote``: at the place nearest to ``near`` when the words stand there more than once.

    Blanks and line breaks in the quote need not be the same as in the text. Raises NoteError.
    """
    quote, text = " ".join(quote.split()), text.strip()
    if not quote:
        raise NoteError("Kutip dulu bagian jawaban yang Anda maksud.")
    if not text:
        raise NoteError("Tulis catatan untuk bagian itu.")
    if len(text) > LONGEST_NOTE:
        raise NoteError(f"Catatan paling banyak {LONGEST_NOTE} huruf. Anda menulis {len(text)}.")
    if len(quote) > LONGEST_QUOTE:
        raise NoteError(f"Kutip paling banyak {LONGEST_QUOTE} huruf. Pilih awal kalimatnya saja.")
    place = find(text_of(response), quote, near)
    if place is None:
        raise NoteError("Kutipan itu tidak ada dalam jawaban peserta. Salin kalimatnya persis seperti tertulis.")
    Attempt.objects.select_for_update(no_key=True).get(pk=response.attempt_id)
    if response.passage_notes.count() >= MOST_NOTES:
        raise NoteError(f"Paling banyak {MOST_NOTES} catatan untuk satu pekerjaan.")
    return PassageNote.objects.create(response=response, by=by, start=place[0], end=place[1], quote=quote, text=text)


def find(text: str, quote: str, near: int | None = None) -> tuple[int, int] | None:
    """Where the words of ``quote`` stand in the text: the place nearest to ``near``, else the first. None when nowhere."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    found = [match.span() for match in pattern.finditer(text)]
    if not found:
        return None
    return min(found, key=lambda span: abs(span[0] - near)) if near is not None else found[0]


def remove(attempt: Attempt, note_id: int) -> bool:
    """Take a note away while the work waits; whoever holds the work may. False when there is none (any more)."""
    notes = PassageNote.objects.filter(pk=note_id, response__attempt=attempt, response__attempt__status=AttemptStatus.SUBMITTED)
    deleted, _ = notes.delete()
    return bool(deleted)


def numbered(response: Response) -> list[dict[str, Any]]:
    """The notes in the text's order, numbered from 1. One statement."""
    notes = PassageNote.objects.filter(response=response).order_by("start", "pk")
    return [{"number": number, "note": one, "quote": _shortened(one.quote), "text": one.text} for number, one in enumerate(notes, 1)]


def marked(text: str, notes: Sequence[dict[str, Any]]) -> list[Paragraph]:
    """The text in pieces: cut where a note begins or ends, and at line breaks. No SQL, no HTML."""
    spans = [(one["number"], one["note"].start, min(one["note"].end, len(text))) for one in notes if one["note"].start < len(text)]
    cuts = sorted({0, len(text), *(edge for _, start, end in spans for edge in (start, end))})
    paragraphs, line = [Paragraph([[]])], None
    for start, end in zip(cuts, cuts[1:], strict=False):
        numbers = tuple(number for number, first, last in spans if first <= start and end <= last)
        at = start
        parts = re.split(r"(\n)", text[start:end])
        for part in parts:
            if part == "\n":
                line = paragraphs[-1].lines[-1]
                if not line and len(paragraphs[-1].lines) > 1:  # an empty line: a new paragraph begins
                    paragraphs[-1].lines.pop()
                    paragraphs.append(Paragraph([[]]))
                elif line or paragraphs[-1].lines != [[]]:
                    paragraphs[-1].lines.append([])
            elif part:
                paragraphs[-1].lines[-1].append(Piece(at, part, numbers))
            at += len(part)
        _end_notes(paragraphs, tuple(number for number, _, last in spans if last == end))
    return [one for one in paragraphs if any(one.lines)]


def _end_notes(paragraphs: list[Paragraph], ending: tuple[int, ...]) -> None:
    """Put the numbers of the notes that end here behind the last piece."""
    if not ending:
        return
    for paragraph in reversed(paragraphs):
        for line in reversed(paragraph.lines):
            if line:
                line[-1] = Piece(line[-1].at, line[-1].text, line[-1].numbers, line[-1].ends + ending)
                return


def _shortened(quote: str) -> str:
    return quote if len(quote) <= 60 else f"{quote[:59].rsplit(' ', 1)[0]} …"
