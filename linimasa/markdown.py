"""Markdown to HTML that may be shown: rendered, then sanitised by an allow-list. The only place that marks HTML safe.

Render once, when a text is saved or published (about 8 ms a lesson), and keep the result with ``SANITISER_VERSION``.
Raw HTML in the text is shown as text. Besides Markdown, tables, footnotes and captions there are the own blocks of
``linimasa.blocks``; an inline check (``/// cek | kunci``) becomes an empty ``<div data-block="cek" data-key="kunci">`` that the page
replaces by its own template after sanitising; ``blocks(text)`` gives what stood inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

import markdown as python_markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions.toc import TocExtension

from .blocks import GLOSSARY, OBJECTIVES, PLACEHOLDERS, Figure, OwnBlocks, plain
from .blocks import slug as slug
from .finishing import Finish, is_own

SANITISER_VERSION = "2"
SIZES = "(min-width: 48rem) 44rem, 100vw"  # how wide a picture stands on a lesson's page

# fmt: off
_TAGS = {
    "a", "abbr", "aside", "blockquote", "br", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "section", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}
# fmt: on
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id"},
    "a": {"href", "title", "rel"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "div": {"data-block", "data-key"},
    "table": {"role"},
    "thead": {"role"},
    "tbody": {"role"},
    "tr": {"role"},
    "th": {"role", "scope"},
    "td": {"role", "data-label", "data-main"},
}
_CLASSES: dict[str, set[str]] = {
    "aside": {"situation", "callout", "fact", "fact--unsure"},
    "figure": {"kept"},
    "section": {"todo", "task", "recap", "sources"},
    "p": {"callout__title", "chat__title", "eyebrow", "fact__mark", "mail__subject", "muted", "post__who", "screen__title", "talk__who"},
    "ul": {"checklist"},
    "ol": {"pins", "talk"},
    "li": {"is-done", "is-open", "talk__in", "talk__out"},
    "dl": {"mail__head"},
    "span": {"vh", "pin", "muted"},
    "div": {"table-box", "footnote", "specimen", "post", "chat", "mail", "screen"},
    "table": {"table"},
    "a": {"footnote-ref", "footnote-backref", "term"},
}
_BLOCK = re.compile(
    r"^(?P<fence>/{3,})[ \t]*(?P<name>[a-z-]+)[ \t]*(?:\|[ \t]*(?P<key>[^\n]*?))?[ \t]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.M | re.S
)
# What a text may hold at most. The parsers below take time that grows with the square of these, and nest a call for each open block;
# the longest lesson has a tenth of each.
MOST_SIGNS = 120_000
LONGEST_PART = 8_000  # signs between two empty lines
# fmt: off
_BOUNDS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("kurung siku", 400, re.compile(r"\[")),
    ("blok ///", 160, re.compile(r"^[ \t>*+-]*/{3,}", re.M)),
    ("judul #", 200, re.compile(r"^[ \t>*+-]*#", re.M)),
    ("baris tabel atau kolom |", 4_000, re.compile(r"\|")),
    ("tanda ` * _ \\", 4_000, re.compile(r"[`*_\\]")),
    ("baris kode ~~~", 200, re.compile(r"^[ \t]*~~~", re.M)),
    ("tanda < > & :", 4_000, re.compile(r"[<>&:]")),
    ("blok /// yang tidak di awal baris", 0, re.compile(r"^(?!///)(?:[ \t>*+:.)\d-]|\[[^\]\n]*\]:)*/{3,}", re.M)),  # the parser never ends
    ("bagian", 2_000, re.compile(r"\n[ \t]*\n")),
    ("tingkat kutipan atau daftar", 0, re.compile(r"^[ \t]*(?:>[ \t]*){13}|^(?:[ ]{48}|\t{12})", re.M)),
)
# fmt: on
_PICTURE = re.compile(r'<img((?: (?!width|height)[a-z-]+="[^"]*")*)>')  # as the sanitiser writes it: every value in double quotes
_SOURCE = re.compile(r' src="([^"]*)"')
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<src>[^)\s>]*)[^)]*\)")


@dataclass(frozen=True)
class BlockData:
    """One own block of a text: its name, its key (a slug of what stands after the bar), the raw text inside, and what stands after the
    bar as it is written."""

    name: str
    key: str
    body: str
    argument: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of a text: its address («/m/…»), its text alternative and its caption, as they are written."""

    source: str
    alternative: str
    caption: str = ""


def blocks(text: str, name: str = "cek") -> list[BlockData]:
    """Every block of that name, in order, with its raw text."""
    return [
        BlockData(found["name"], slug(found["key"] or ""), found["body"].strip("\n"), (found["key"] or "").strip())
        for found in _BLOCK.finditer(_lines(text))
        if found["name"] == name
    ]


def render(text: str, *, id_prefix: str = "") -> SafeString:
    """HTML of the text, safe to show as it is: headings from h2 on, ids under ``id_prefix``, pictures only from our own media.

    A pure function of its arguments and ``SANITISER_VERSION``; never raises for any text. One with a ``problem`` is shown as plain text.
    """
    if problem(text):
        return mark_safe(f"<pre>{escape(_lines(text))}</pre>")  # escaped in the same line
    engine = python_markdown.Markdown(
        extensions=[
            "tables",
            "footnotes",
            "sane_lists",
            "fenced_code",
            "def_list",
            "pymdownx.blocks.caption",
            "pymdownx.blocks.details",
            "pymdownx.blocks.admonition",
            TocExtension(slugify=lambda value, _separator: slug(value)),
            OwnBlocks(),
            Finish(id_prefix),
        ],
        extension_configs={"footnotes": {"BACKLINK_TITLE": "Kembali ke tulisan, catatan {}"}},
        output_format="html",
    )
    return mark_safe(_sanitise(engine.convert(_emptied(_lines(text)))))  # sanitised in the same line


def pictures(text: str) -> list[Picture]:
    """Every picture of a text: ``/// gambar`` blocks first, then ``![…](/m/…)``."""
    found = []
    for block in blocks(text, Figure.NAME):
        alternative, _blank, caption = block.body.partition("\n\n")
        found.append(Picture(f"/m/{block.argument}", plain(alternative), plain(caption)))
    return found + [Picture(image["src"], image["alt"].strip()) for image in _IMAGE.finditer(_lines(text))]


def taught(text: str) -> set[int]:
    """The numbers of the objectives that the text's sections say they teach (``## Judul {tujuan 1, 3}``)."""
    return {int(number) for mark in OBJECTIVES.finditer(_lines(text)) for number in mark["numbers"].split(",")}


def problem(text: str) -> str:
    """Why this text is too long or too intricate to be read as Markdown, as a sentence; empty when it is not. Linear in its length."""
    if len(text) > MOST_SIGNS:
        return f"Tulisan ini terlalu panjang. Paling banyak {MOST_SIGNS // 1000}.000 karakter."
    lines = _lines(text)
    if any(len(part) > LONGEST_PART for part in re.split(r"\n[ \t]*\n", lines)):
        return f"Satu paragraf paling panjang {LONGEST_PART // 1000}.000 karakter. Pisahkan dengan baris kosong."
    for name, most, sign in _BOUNDS:
        if sum(1 for _ in sign.finditer(lines)) > most:
            return f"Terlalu banyak {name} dalam satu tulisan. Bagilah menjadi beberapa pelajaran."
    return ""


def replace_blocks(html: str, draw: Callable[[str], str], *, name: str = "cek") -> SafeString:
    """The rendered HTML with each placeholder replaced by what ``draw(key)`` gives (already safe, from a template)."""
    pattern = re.compile(rf'<div data-block="{re.escape(name)}" data-key="([a-z0-9-]*)"></div>')
    return mark_safe(pattern.sub(lambda found: draw(found[1]), html))  # both parts come from render() and templates


class Drawn(NamedTuple):
    """Where a picture is kept, its size in pixels, and the addresses of its other widths."""

    address: str
    width: int
    height: int
    widths: tuple[tuple[str, int], ...] = ()


def with_pictures(html: str, known: Mapping[str, Drawn | tuple[str, int, int]]) -> SafeString:
    """The rendered HTML, each picture at the address where it is kept, with width and height in pixels, so that nothing moves later, and
    with its other widths, of which the reader's device takes one.

    ``known`` gives ``Drawn`` by the address written in the text; pictures that it does not name, or names with 0,
    stay as they are.
    """

    def placed(found: re.Match[str]) -> str:
        source = _SOURCE.search(found[1])
        address, width, height, widths = Drawn(*known.get(unescape(source[1]), ("", 0, 0))) if source else Drawn("", 0, 0)
        if not (source and width and height and is_own(address)):
            return found[0]
        there = found[1].replace(source[0], f' src="{escape(address)}"')
        others = ", ".join(f"{escape(other)} {int(wide)}w" for other, wide in widths if is_own(other))
        choice = f' srcset="{others}" sizes="{SIZES}"' if len(widths) > 1 else ""
        return f'<img{there}{choice} width="{int(width)}" height="{int(height)}">'

    return mark_safe(_PICTURE.sub(placed, html))  # render()'s own HTML with an address of our own and two numbers


def with_terms(html: str, known: Collection[str]) -> SafeString:
    """The rendered HTML, each link to one of these glossary terms leading to its explanation on the same page («#istilah-…»)."""

    def near(found: re.Match[str]) -> str:
        return f'href="#istilah-{found[1]}"' if found[1] in known else found[0]

    return mark_safe(re.sub(rf'href="{re.escape(GLOSSARY)}#([a-z0-9-]+)"', near, html))  # render()'s own HTML with a slug it held


def standing_alone(html: str) -> SafeString:
    """Rendered HTML as ``courses.packing.rewriting.alone`` rewrote it: the same elements, fewer attributes, other addresses."""
    return mark_safe(html)  # render()'s own HTML; what the rewriting puts into an attribute it escapes


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _emptied(text: str) -> str:
    """Placeholders without what stands inside them: that never reaches the page through here."""

    def empty(found: re.Match[str]) -> str:
        if found["name"] not in PLACEHOLDERS:
            return found[0]
        return f"/// {found['name']} | {slug(found['key'] or '')}\n///"

    return _BLOCK.sub(empty, text)


def _sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=_own_media_only,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        clean_content_tags={"script", "style", "iframe", "object", "noscript"},
    )


def _own_media_only(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if is_own(value) else None
    if attribute == "data-key":
        return slug(value)
    return value
