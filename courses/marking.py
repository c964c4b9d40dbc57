"""What the editor says beside a text: how long, how heavy, how readable it is, and what is to be mended, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from linimasa import blocks, writing

from . import publishing
from .models import Activity, Lesson
from .publishing import Library

WORDS_A_MINUTE = 180  # Indonesian words are longer than English ones (238 a minute: Brysbaert 2019)
EASY, HARD = 14, 20  # words a sentence, on average
LONGEST_SENTENCE = 30
MOST_MARKS = 60
_FENCE = re.compile(r"^(?P<fence>/{3,})[ \t]*(?P<name>[a-z-]*)[^\n]*$", re.M)
_HEADING = re.compile(r"^(#{1,6})[ \t]+[^\n]*$", re.M)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\n]{0,200})\]\((?P<address>[^)\s]{1,600})\)")
_EMPTY_LINKS = {"klik", "klik di sini", "di sini", "disini", "sini", "tautan", "link", "tautan ini", "selengkapnya", ""}
_NAMED = re.compile(r"«([^»]{1,200})»|(/m/[\w.-]+)|(https?://[^\s»]+[\w/])|(?<=ambar |audio |video |erkas )([\w.-]+\.\w{3,5})")
_TAGS = re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"[^.!?]+[.!?]+(?=\s|$)|[^.!?]+$")
_OWN = {block.NAME for block in blocks.ALL} | {"caption", "figure-caption", "table-caption", "details", "admonition"}


@dataclass(frozen=True)
class Mark:
    """One thing to mend. ``kind``: "bad" stands in the way of publishing, "warn" is advice. ``anchor``: the words it stands beside, as
    they are written in the text; empty where it is about the whole."""

    kind: str
    sentence: str
    anchor: str = ""


@dataclass(frozen=True)
class Gauges:
    """A text in numbers: ``size`` in bytes as a phone loads it, ``reading`` in minutes, ``sentence`` in words on average."""

    words: int
    reading: int
    sentence: float
    size: int
    minutes: int

    @property
    def most(self) -> int:
        return publishing.MOST_BYTES

    @property
    def thousands(self) -> int:
        """The size in KB, never below one."""
        return max(1, round(self.size / 1000))

    @property
    def sentence_words(self) -> str:
        return writing.decimal(self.sentence, 0)

    @property
    def judgement(self) -> str:
        """How the average sentence reads, in words."""
        if not self.words:
            return "belum ada kalimat"
        return "mudah dibaca" if self.sentence <= EASY else "agak panjang" if self.sentence <= HARD else "terlalu panjang, pecahlah"


def gauges(body: str, html: str, minutes: int, pictures: Library) -> Gauges:
    """Of this text, whose rendered HTML is ``html``; ``minutes`` are those that the lesson takes."""
    shown = _read(html)
    sentences = [len(one.split()) for one in _sentences(shown)]
    words = len(shown.split())
    return Gauges(
        words=words,
        reading=-(-words // WORDS_A_MINUTE),
        sentence=sum(sentences) / len(sentences) if sentences else 0,
        size=publishing.compressed_size(body, html, pictures),
        minutes=minutes,
    )


def marks(activity: Activity, body: str, pictures: Library, html: SafeString) -> list[Mark]:
    """What is to be mended in this text: what stands in the way of publishing first, each group in the order of the text."""
    draft = Activity(pk=activity.pk, code=activity.code, title=activity.title, course_id=activity.course_id, minutes=activity.minutes)
    draft.lesson = Lesson(body=body)
    found = [
        Mark("bad", _own_words(problem.sentence, activity), _anchor(problem.sentence, body))
        for problem in publishing.lesson_problems(draft, pictures)
    ]
    found += [*_open_blocks(body), *_links(body), *_headings(body), *_long_sentences(body, html)]
    unique = {(mark.sentence, mark.anchor): mark for mark in found}
    placed = sorted(unique.values(), key=lambda mark: (mark.kind != "bad", body.find(mark.anchor)))
    return placed[:MOST_MARKS]


def _own_words(sentence: str, activity: Activity) -> str:
    """Without the lesson's name, which stands above the text already."""
    rest = sentence.removeprefix(f"{activity.code} {activity.title}: ")
    return rest[:1].upper() + rest[1:]


def _anchor(sentence: str, body: str) -> str:
    """The words of the text that a problem names: a picture with all its mark-up, an address, a name between quotes."""
    for named in _NAMED.finditer(sentence):
        word = next(filter(None, named.groups()))
        if named[2] or named[4]:
            source = re.escape(word)
            handle = re.escape(word.removeprefix("/m/"))
            picture = re.search(rf"!\[[^\]]*\]\([^)\s]*{source}[^)]*\)|^/{{3,}}[ \t]*gambar[ \t]*\|[ \t]*{handle}[ \t]*$", body, re.M)
            if picture:
                return picture[0]
        block = re.search(rf"^/{{3,}}[ \t]*[a-z-]+[ \t]*\|[ \t]*{re.escape(word)}[^\n]*$", body, re.M | re.I)
        if block:
            return block[0]
        if word in body:
            return word
    return ""


def _open_blocks(body: str) -> Iterator[Mark]:
    """Own blocks that are never closed, or whose name nobody knows: both are shown to learners as plain text."""
    opened: list[re.Match[str]] = []
    for line in _FENCE.finditer(body):
        if line["name"]:
            opened.append(line)
            if line["name"] not in _OWN:
                yield Mark("bad", f"Blok «{line['name']}» tidak dikenal. Pilih blok dari Sisipkan.", line[0])
        elif opened:
            opened.pop()
    for line in opened:
        yield Mark("bad", "Blok ini belum ditutup. Tulis /// pada baris tersendiri di akhirnya.", line[0])


def _links(body: str) -> Iterator[Mark]:
    for link in _LINK.finditer(body):
        if link["text"].strip(" .*_").lower() in _EMPTY_LINKS:
            yield Mark("bad", "Teks tautan tidak menjelaskan tujuan. Tulis nama layanannya.", link[0])
        if link["address"] in {"https://", "http://"}:
            yield Mark("bad", "Tautan ini belum memiliki alamat.", link[0])


def _headings(body: str) -> Iterator[Mark]:
    level = 1
    for heading in _HEADING.finditer(body):
        here = len(heading[1])
        if here == 1:
            yield Mark("warn", "Judul pelajaran sudah ada di atas. Pakai ## untuk judul bagian.", heading[0])
        elif here > level + 1:
            yield Mark("warn", f"Judul ini melompat. Pakai {'#' * (level + 1)} supaya urutannya benar.", heading[0])
        level = max(here, 2) if here > 1 else level


def _long_sentences(body: str, html: str) -> Iterator[Mark]:
    for sentence in _sentences(_read(html)):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:6])
            yield Mark("warn", f"Kalimat ini {count} kata. Pecahlah menjadi dua.", start if start in body else "")


def _read(html: str) -> str:
    """The words that are read, block by block: tags gone, the ends of blocks as line ends."""
    return re.sub(r"[ \t]+", " ", _TAGS.sub(" ", re.sub(r"</(?:p|li|h[1-6]|td|th|dt|dd|figcaption|div|tr)>", "\n", html)))


def _sentences(text: str) -> Iterator[str]:
    """Sentences of at least three words; headings and cells of tables are none."""
    for line in text.split("\n"):
        for found in _SENTENCE.finditer(line.strip()):
            if len(found[0].split()) >= 3:
                yield found[0].strip()
