"""A lesson's file as its parts in order, each with its line: what the other rules look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..files import Placed
from ..models import ActivityKind
from ..reading import ActivityFile, CourseFile
from . import sentences

_BLOCK = re.compile(r"^(?P<bar>/{3,})[ \t]*(?P<name>[a-z-]+)[ \t]*(?:\|(?P<rest>[^\n]*))?\n(?P<text>.*?)^(?P=bar)[ \t]*$", re.M | re.S)
_HEADING = re.compile(r"^(?P<level>#{2,6})[ \t]+(?P<text>.*?)[ \t]*(?:\{tujuan (?P<marks>[^}\n]*)\})?[ \t]*$", re.M)
UNREAD = ("cek", "sumber")  # not part of what is counted as the lesson's text


@dataclass(frozen=True)
class Piece:
    """A block, or (``name`` empty) the text between two; ``line`` is that of its first sign, ``text_line`` that of ``text``."""

    name: str
    arguments: tuple[str, ...]
    text: str
    line: int
    text_line: int


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    marks: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Page:
    """One lesson: ``file`` is its name in the course's folder, ``module`` the code of its module (empty: the course's own)."""

    file: str
    module: str
    code: str
    title: str
    front: Placed
    body: str
    first_line: int

    @cached_property
    def pieces(self) -> list[Piece]:
        made, begin = [], 0
        for found in _BLOCK.finditer(self.body):
            made.append(self._between(begin, found.start()))
            arguments = tuple(part.strip() for part in (found["rest"] or "").split("|"))
            made.append(Piece(found["name"], arguments, found["text"], self._line(found.start()), self._line(found.start("text"))))
            begin = found.end()
        return [piece for piece in (*made, self._between(begin, len(self.body))) if piece.name or piece.text.strip()]

    @property
    def objectives(self) -> list[str]:
        return list(self.front.get("objectives") or [])

    def named(self, *names: str) -> list[Piece]:
        return [piece for piece in self.pieces if piece.name in names]

    def headings(self) -> Iterator[Heading]:
        """The headings between the blocks, in order."""
        for piece in self.pieces:
            for found in _HEADING.finditer("" if piece.name else piece.text):
                marks = tuple(part.strip() for part in found["marks"].split(",")) if found["marks"] is not None else ()
                line = piece.line + piece.text.count("\n", 0, found.start())
                yield Heading(len(found["level"]), found["text"].strip(), marks, line)

    def at(self, line: int = 1) -> str:
        return f"{self.file}:{line}"

    def reading(self) -> str:
        """The plain text that is read: without checks, sources and the text alternatives of figures."""
        return "\n\n".join(sentences.plain(_read(piece)) for piece in self.pieces if piece.name not in UNREAD)

    def _between(self, begin: int, end: int) -> Piece:
        text = self.body[begin:end]
        begin += len(text) - len(text.lstrip("\n"))
        return Piece("", (), text.strip("\n"), self._line(begin), self._line(begin))

    def _line(self, offset: int) -> int:
        return self.first_line + self.body.count("\n", 0, offset)


def title_of(piece: Piece) -> str:
    """The words of a block's first line; empty where they are a key, a file or a date."""
    return "" if piece.name in {"cek", "gambar", "audio", "video", "berkas", "fakta", "sumber"} else " ".join(piece.arguments)


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def pages(folder: Path, course: CourseFile) -> list[Page]:
    """Every lesson of the course in its order, the course's own among them."""
    found = [_page(folder, "", activity) for activity in course.activities if activity.kind == ActivityKind.LESSON]
    for module in course.modules:
        found += [_page(folder, module.code, activity) for activity in module.activities if activity.kind == ActivityKind.LESSON]
    return found


def first_line(path: Path, body: str) -> int:
    """The line of the file at which the text after its front matter begins."""
    whole = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return whole.count("\n", 0, whole.index(body.strip("\n"), whole.index("\n---\n") + 4)) + 1


def _page(folder: Path, module: str, activity: ActivityFile) -> Page:
    file = activity.where.partition(":")[0]
    return Page(file, module, activity.code, activity.title, activity.rest, activity.body, first_line(folder / file, activity.body))


def _read(piece: Piece) -> str:
    text = "\n\n".join(paragraphs(piece.text)[1:]) if piece.name == "gambar" else piece.text
    return f"# {title_of(piece)}\n\n{text}"  # as a heading: no sentence
