"""HTML of other systems as the plain text that questions are written in, and back."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "section"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_KNOWN = _BLOCKS | {"br", "span", "a", "font", "html", "body", "tbody", "thead", "prompt"}
_WORDS = {"b": "tebal", "strong": "tebal", "i": "miring", "em": "miring", "u": "garis bawah", "td": "tabel", "th": "tabel"}
_WORDS |= {"sub": "subskrip", "sup": "superskrip", "audio": "suara", "video": "video", "iframe": "bingkai", "math": "rumus", "svg": "SVG"}
_GAPS = re.compile(r"\n{3,}")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lost: set[str] = set()
        self.images: list[tuple[str, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag == "img":
            self.images.append((facts.get("src") or "", " ".join((facts.get("alt") or "").split())))
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._new_line()
            self.parts += ["• "] if tag == "li" else []
        elif tag in {"td", "th"} and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append(" | ")
        if tag == "a" and facts.get("href"):
            self.lost.add("tautan")
        if tag not in _KNOWN and tag != "img" and tag not in _SILENT:
            self.lost.add(_WORDS.get(tag, "format lain"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "p":
            self.parts.append("\n\n")
        elif tag in _BLOCKS:
            self._new_line()

    def _new_line(self) -> None:
        """A block begins on a line of its own."""
        last = next((part for part in reversed(self.parts) if part.strip(" ")), "\n")
        if not last.endswith("\n"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data.replace("\xa0", " ")))


def from_html(source: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    """The text, what formatting it lost (in words), and the pictures in it (source, alternative text)."""
    reader = _Reader()
    try:
        reader.feed(source)
        reader.close()
    except (AssertionError, ValueError):  # what html.parser raises on broken declarations
        return tidy(re.sub(r"<[^<>]*>", " ", source)), ["format lain"], []
    return tidy("".join(reader.parts)), sorted(reader.lost), reader.images


def tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line in a row, nothing around it."""
    lines = "\n".join(re.sub(r"[ \t]{2,}", " ", line).strip() for line in text.split("\n"))
    return _GAPS.sub("\n\n", lines).strip()


def looks_like_html(text: str) -> bool:
    return _LOOKS_LIKE_HTML.search(text) is not None


def to_html(text: str) -> str:
    """The text as paragraphs; ``from_html`` gives back the same for a text that is tidy."""
    paragraphs = html.escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in paragraphs)
