"""What a lesson weighs on its way to a phone, beside the page's shell: its HTML and its drawings, compressed."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from linimasa import markdown

from ..figures import figure_faults, styled
from . import sentences
from .checks import page_checks
from .fault import Fault
from .pages import Page

RULES = {"lesson-size": "a lesson's text and drawings have at most 60,000 bytes compressed"}
MOST_BYTES = 60_000


@dataclass(frozen=True)
class Measures:
    """One lesson in figures. Bytes are compressed; ``sentence`` is the average number of words in a sentence."""

    code: str
    file: str
    words: int
    sentence: float
    text_bytes: int
    figure_bytes: int

    @property
    def total_bytes(self) -> int:
        return self.text_bytes + self.figure_bytes


def measure(page: Page, figures: Mapping[str, str]) -> Measures:
    """Words and bytes of a lesson; ``figures``: SVG text by file name, as it is kept in the course's folder."""
    reading = page.reading()
    shown = dict.fromkeys(piece.arguments[0] for piece in page.named("gambar"))
    return Measures(
        code=page.code,
        file=page.file,
        words=len(sentences.words(reading)),
        sentence=sentences.average_length(sentences.sentences(reading)),
        text_bytes=_compressed(markdown.render(page.body) + _checks_text(page)),
        figure_bytes=sum(_compressed(_sent(figures[name])) for name in shown if name in figures),
    )


def size_faults(measured: Iterable[Measures]) -> Iterator[Fault]:
    for one in measured:
        if one.total_bytes > MOST_BYTES:
            told = f"Pelajaran ini {one.total_bytes} bita terkompresi; paling besar {MOST_BYTES}. Kecilkan gambar atau pecah pelajarannya."
            yield Fault("lesson-size", one.file, told)


def _sent(svg: str) -> str:
    """The drawing as it goes out; one that cannot be drawn as it is."""
    return svg if figure_faults(svg) else styled(svg)


def _checks_text(page: Page) -> str:
    """The words of the checks, which the page puts in afterwards."""
    return "".join(
        check["prompt"] + "".join(choice["text"] + choice["feedback"] for choice in check["choices"]) for check in page_checks(page)
    )


def _compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), 6, mtime=0))
