"""The own blocks of a text: what an author writes between ``/// name | argument`` and ``///``, and the HTML it becomes.

Each block is one class; ``ALL`` is the list that ``linimasa.markdown`` reads. What they build is still sanitised afterwards. The page
for authors (``courses.writing_guide``) has a live sample of every one of them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as etree  # builds trees, parses nothing

import markdown as python_markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from . import clock

OWN_SIDE = frozenset({"admin", "bot", "dinas", "instansi", "layanan", "pengajar", "petugas", "satgas"})
CONFIDENCE = {
    "tinggi": "Dapat berubah.",
    "sedang": "Dapat berubah, dan baru diketahui dari sumber kedua.",
    "belum pasti": "Belum pasti: periksa sebelum dipakai.",
}
GLOSSARY = "/glosarium/"
TITLE = "block__title"  # becomes a heading in the last walk
OBJECTIVES = re.compile(r"^(?P<heading>#{1,6}[ \t].*?)[ \t]*\{tujuan[ \t]+(?P<numbers>\d{1,2}(?:[ \t]*,[ \t]*\d{1,2})*)\}[ \t]*$", re.M)
_PIN = r"\{#(\d{1,2})\}"
_TERM = r"\[\[([^\[\]|\n]{1,80})(?:\|([^\[\]\n]{1,120}))?\]\]"
_KNOWN = "|".join(sorted({*OWN_SIDE, "warga"}))
_SPEAKER = re.compile(
    rf"(?P<who>[^:\n]{{1,50}}, (?:pukul )?\d{{1,2}}\.\d\d (?:WIB|WITA|WIT)|(?i:{_KNOWN})\b[^:\n.?!]{{0,30}}): +(?P<said>.+)", re.S
)
_CHECKED = re.compile(r"\(diperiksa (\d{4}-\d\d-\d\d)\)")
_MARKUP = re.compile(r"[*_`]+")


def day_words(text: str) -> str:
    """«20 Februari 2027» for an ISO date; anything else stays as it is written."""
    try:
        return clock.day_text(date.fromisoformat(text.strip()))
    except ValueError:
        return text.strip()


def plain(text: str) -> str:
    """A paragraph without its emphasis marks and line ends: what a text alternative says."""
    return " ".join(_MARKUP.sub("", text).split())


def _sub(parent: etree.Element, tag: str, css: str = "", text: str = "") -> etree.Element:
    element = etree.SubElement(parent, tag, {"class": css} if css else {})
    if text:
        element.text = text
    return element


class _Own(Block):
    """A block with an optional argument; parts of the argument stand between bars."""

    ARGUMENT: bool | None = None

    def parts(self, most: int) -> list[str]:
        """The argument's parts, exactly ``most`` of them, empty where none is written."""
        found = [part.strip() for part in (self.argument or "").split("|", most - 1)]
        return found + [""] * (most - len(found))

    def on_create(self, parent: etree.Element) -> etree.Element:
        raise NotImplementedError


class _Aside(_Own):
    CSS = ""

    def on_create(self, parent: etree.Element) -> etree.Element:
        aside = _sub(parent, "aside", self.CSS)
        if self.argument:
            _sub(aside, "p", "callout__title", self.argument)
        return aside


class Situation(_Aside):
    NAME, CSS = "situasi", "situation"


class Callout(_Aside):
    NAME, CSS = "lapangan", "callout"


class Fact(_Own):
    """A fact that ages: its key, the day by which it is looked at again, how sure it is."""

    NAME, ARGUMENT = "fakta", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        _key, again, confidence = self.parts(3)
        aside = _sub(parent, "aside", "fact fact--unsure" if confidence == "belum pasti" else "fact")
        mark = CONFIDENCE.get(confidence, CONFIDENCE["tinggi"])
        _sub(aside, "p", "fact__mark", f"{mark} Ditinjau lagi paling lambat {day_words(again)}." if again else mark)
        return aside


class Specimen(_Own):
    NAME = "contoh"

    def on_create(self, parent: etree.Element) -> etree.Element:
        box = _sub(parent, "div", "specimen")
        if self.argument:
            _sub(box, "p", "callout__title", self.argument)
        return box


class _Drawn(_Own):
    """A worked example that looks like the thing. Numbered pins in it are explained by the ordered list at its end."""

    CSS = CAPTION = ""

    def on_create(self, parent: etree.Element) -> etree.Element:
        self.figure = _sub(parent, "figure")
        self.box = _sub(self.figure, "div", "specimen")
        self.thing = _sub(self.box, "div", self.CSS)
        _sub(self.figure, "figcaption", "", self.CAPTION)
        self.head()
        return self.figure

    def on_add(self, block: etree.Element) -> etree.Element:
        return self.thing

    def head(self) -> None:
        raise NotImplementedError

    def on_end(self, block: etree.Element) -> None:
        last = next(reversed(list(self.thing)), None)
        if last is None or last.tag != "ol" or "{#" not in "".join(self.thing.itertext()):
            return
        self.thing.remove(last)
        pins = _sub(self.box, "ol", "pins")
        for number, item in enumerate(last, start=1):
            line = _sub(pins, "li")
            _sub(line, "span", "pin", str(number))
            words = _sub(line, "div")
            words.text = item.text
            words.extend(list(item))


class Post(_Drawn):
    NAME, ARGUMENT, CSS, CAPTION = "unggahan", True, "post", "Contoh buatan untuk latihan, bukan unggahan sungguhan."

    def head(self) -> None:
        name, about = self.parts(2)
        who = _sub(self.thing, "p", "post__who")
        _sub(who, "strong", "", name)
        if about:
            _sub(who, "span", "muted", about)


class Mail(_Drawn):
    NAME, ARGUMENT, CSS, CAPTION = "surel", True, "mail", "Contoh buatan untuk latihan, bukan surel sungguhan."

    def head(self) -> None:
        _sub(self.thing, "p", "mail__subject", self.argument)

    def on_end(self, block: etree.Element) -> None:
        first = next((child for child in self.thing if child.get("class") != "mail__subject"), None)
        lines = [line.partition(":") for line in (first.text or "").splitlines()] if first is not None and first.tag == "p" else []
        if first is not None and lines and all(mark and len(name) < 20 for name, mark, _value in lines):
            names = etree.Element("dl", {"class": "mail__head"})
            for name, _mark, value in lines:
                _sub(names, "dt", "", name.strip())
                _sub(names, "dd", "", value.strip())
            self.thing.insert(list(self.thing).index(first), names)
            self.thing.remove(first)
        super().on_end(block)


class Screen(_Drawn):
    NAME, ARGUMENT, CSS, CAPTION = "layar", True, "screen", "Gambaran layar untuk latihan; tampilan di gawai Anda dapat berbeda."

    def head(self) -> None:
        _sub(self.thing, "p", "screen__title", self.argument)


class Talk(_Drawn):
    """A chat: each paragraph «Warga, 09.12 WITA: …» is a message; one without a speaker goes on with the last message."""

    NAME, CSS, CAPTION = "obrolan", "chat", "Contoh buatan untuk latihan, bukan percakapan sungguhan."

    def head(self) -> None:
        if self.argument:
            _sub(self.thing, "p", "chat__title", self.argument)

    def on_end(self, block: etree.Element) -> None:
        super().on_end(block)
        talk = etree.Element("ol", {"class": "talk"})
        message: etree.Element | None = None
        for part in [child for child in self.thing if child.get("class") != "chat__title"]:
            self.thing.remove(part)
            found = _SPEAKER.fullmatch(part.text or "") if part.tag == "p" else None
            if found or message is None:
                who = found["who"] if found else ""
                side = "talk__out" if re.split(r"[\s,]", who.lower(), maxsplit=1)[0] in OWN_SIDE else "talk__in"
                message = _sub(talk, "li", side)
                if who:
                    _sub(message, "p", "talk__who", who)
            if found:
                part.text = found["said"]
            message.append(part)
        self.thing.append(talk)


class Figure(_Own):
    """A picture of the library: the first paragraph is its text alternative, the second its caption."""

    NAME, ARGUMENT = "gambar", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        return _sub(parent, "figure")

    def on_end(self, block: etree.Element) -> None:
        paragraphs = [child for child in block if child.tag == "p"]
        alternative = plain(paragraphs[0].text or "") if paragraphs else ""
        for child in list(block):
            block.remove(child)
        etree.SubElement(block, "img", {"src": f"/m/{self.argument}", "alt": alternative})
        if len(paragraphs) > 1:
            _sub(block, "figcaption", "", paragraphs[1].text or "")


class _Kept(_Own):
    """A file of the library that is no picture: an empty place that the library fills after sanitising, and words about it."""

    ARGUMENT = True

    def on_create(self, parent: etree.Element) -> etree.Element:
        figure = _sub(parent, "figure", "kept")
        etree.SubElement(figure, "div", {"data-block": self.NAME, "data-key": slug(self.argument)})
        return figure

    def on_end(self, block: etree.Element) -> None:
        words = [child for child in block if not child.get("data-block")]
        for child in words:
            block.remove(child)
        if words:
            caption = _sub(block, "figcaption")
            caption.text = words[0].text if words[0].tag == "p" else ""
            caption.extend(list(words[0]) if words[0].tag == "p" else words[:1])
            caption.extend(words[1:])


class Audio(_Kept):
    NAME = "audio"


class Video(_Kept):
    NAME = "video"


class File(_Kept):
    NAME = "berkas"


class Check(_Own):
    """An inline check: an empty place that the page fills after sanitising."""

    NAME, ARGUMENT = "cek", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        return etree.SubElement(parent, "div", {"data-block": self.NAME, "data-key": slug(self.argument)})


class _Section(_Own):
    CSS = EYEBROW = DEFAULT = ""

    def on_create(self, parent: etree.Element) -> etree.Element:
        section = _sub(parent, "section", self.CSS)
        if self.EYEBROW and self.argument:
            _sub(section, "p", "eyebrow", self.EYEBROW)
        _sub(section, "p", TITLE, self.argument or self.DEFAULT)
        return section


class Checklist(_Section):
    NAME, CSS, EYEBROW, DEFAULT = "daftar-periksa", "todo", "Daftar periksa", "Daftar periksa"

    def on_end(self, block: etree.Element) -> None:
        for items in block.findall("ul"):
            items.set("class", "checklist")


class Activity(_Section):
    NAME, CSS, EYEBROW, DEFAULT = "kegiatan", "task", "Kegiatan", "Kegiatan"


class Summary(_Own):
    NAME = "ringkasan"

    def on_create(self, parent: etree.Element) -> etree.Element:
        section = _sub(parent, "section", "recap")
        _sub(section, "p", TITLE, self.argument or "Ringkasan")
        return section


class Sources(_Own):
    """Where it comes from, and the day on which all of it was last checked."""

    NAME, ARGUMENT = "sumber", True

    def on_create(self, parent: etree.Element) -> etree.Element:
        section = _sub(parent, "section", "sources")
        _sub(section, "p", TITLE, "Sumber")
        _sub(section, "p", "muted", f"Terakhir diperiksa {day_words(self.argument)}.")
        return section

    def on_end(self, block: etree.Element) -> None:
        for element in block.iter():
            if element.text:
                element.text = _CHECKED.sub(lambda found: f"(diperiksa {day_words(found[1])})", element.text)


ALL: tuple[type[Block], ...] = (
    Situation,
    Specimen,
    Post,
    Talk,
    Mail,
    Screen,
    Figure,
    Audio,
    Video,
    File,
    Fact,
    Callout,
    Checklist,
    Check,
    Activity,
    Summary,
    Sources,
)
PLACEHOLDERS = (Check.NAME,)
KEPT = (Audio.NAME, Video.NAME, File.NAME)


class OwnBlocks(BlocksExtension):
    def extendMarkdown(self, md: python_markdown.Markdown) -> None:
        super().extendMarkdown(md)
        md.preprocessors.register(_Marks(md), "objectives", 26)
        md.inlinePatterns.register(_Pin(_PIN, md), "pin", 176)
        md.inlinePatterns.register(_Term(_TERM, md), "term", 175)

    def extendMarkdownBlocks(self, md: python_markdown.Markdown, block_mgr: Any) -> None:
        for block in ALL:
            block_mgr.register(block, self.getConfigs())


class _Marks(Preprocessor):
    """«{tujuan 1, 3}» after a heading says which objectives the section teaches; readers do not see it."""

    def run(self, lines: list[str]) -> list[str]:
        return [OBJECTIVES.sub(r"\g<heading>", line) for line in lines]


class _Pin(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]  # narrower
        pin = etree.Element("span", {"class": "pin"})
        pin.text = m[1]
        return pin, m.start(0), m.end(0)


class _Term(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]  # narrower
        link = etree.Element("a", {"class": "term", "href": f"{GLOSSARY}#{slug(m[1])}"})
        link.text = m[2] or m[1]
        return link, m.start(0), m.end(0)


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def terms(text: str) -> list[str]:
    """The slugs of the glossary terms that the text links to, in order, each once."""
    return list(dict.fromkeys(slug(found[1]) for found in re.finditer(_TERM, text)))
