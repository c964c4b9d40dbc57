"""What every reader makes of one question of a file, and how much of a file is read at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from linimasa import writing

MOST_BYTES = 5_000_000  # of the file
MOST_UNPACKED = 20_000_000  # of what lies packed in it
MOST_ENTRIES = 4_200  # of a package: an item and a picture for every question, and the manifest
MOST_QUESTIONS = 2_000
MOST_IMAGES = 100
MOST_TITLE = 120
MOST_TAGS = 20
LONGEST_TAG = 60
LONGEST_CATEGORY = 120  # of one name in a path
MOST_CATEGORY_DEPTH = 8
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


class ExchangeError(ValueError):
    """The file cannot be read at all; the message says why and what to do."""


@dataclass
class Row:
    """One question of a file. ``problems`` keep it out, ``notes`` say what changes on the way in.

    ``question`` is our own form (``kind``, ``level``, ``text`` …, as in ``questions.yaml``, with ``category`` as a path "A/B" and
    ``tags``); empty when it cannot be expressed. ``kind`` is ours, or the other system's name of what we cannot take.
    ``html``: what its texts lost when they were HTML (None: they were not). ``images``: its pictures, file name → bytes.
    """

    where: str
    title: str = ""
    kind: str = ""
    question: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    html: set[str] | None = None
    images: dict[str, bytes] = field(default_factory=dict)

    def note(self, sentence: str) -> None:
        """Said once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def refuse(self, sentence: str) -> Row:
        """One more reason why it cannot enter, said once; returns itself."""
        if sentence not in self.problems:
            self.problems.append(sentence)
        return self


def title_of(text: str) -> str:
    """The beginning of a text, on one line."""
    words = " ".join(str(text).split())
    return words if len(words) <= MOST_TITLE else words[: MOST_TITLE - 1].rstrip() + "…"


def placed(unit: str, number: int, title: str = "") -> str:
    """«soal 3 “Judul”»."""
    return f"{unit} {number} “{title_of(title)}”" if title.strip() else f"{unit} {number}"


def is_readable(text: str) -> bool:
    """Whether no control character is in it."""
    return _CONTROL.search(text) is None


def decoded(data: bytes) -> str:
    """The text of a file, line breaks as ``\\n``. Raises ExchangeError."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise ExchangeError("Berkas ini bukan teks UTF-8. Buka di penyunting teks, lalu simpan ulang sebagai UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def enough(count: int) -> None:
    """Raises ExchangeError when a file holds more questions than are taken at once."""
    if count > MOST_QUESTIONS:
        limit = writing.decimal(MOST_QUESTIONS)
        raise ExchangeError(f"Berkas ini berisi lebih dari {limit} soal. Pecah menjadi beberapa berkas, lalu impor satu per satu.")
