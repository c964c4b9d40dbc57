"""HTML of other systems as the plain text that questions are written in, and back."""

from __future__ import annotations

import html
import re

_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "section"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_KNOWN = _BLOCKS | {"br", "span", "a", "font", "html", "body", "tbody", "thead", "prompt"}
_WORDS = {"b": "tebal", "strong": "tebal", "i": "miring", "em": "miring", "u": "garis bawah", "td": "tabel", "th": "tabel"}
_WORDS |= {"sub": "subskrip", "sup": "superskrip", "audio": "suara", "video": "video", "iframe": "bingkai", "math": "rumus", "svg": "SVG"}
LONGEST = 40_000
LONGEST_TAG = 2_000
MOST_SIGNS = 5
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?=[\s/>])")
_ATTRIBUTE = re.compile(r"""(?<![\w-])(src|alt|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
_GAPS = re.compile(r"\n{3,}")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class _Reader:
    """Gathers the text of tags and texts as they come."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lost: set[str] = set()
        self.images: list[tuple[str, str]] = []
        self._silent = 0
        self._is_fresh = True  # nothing but blanks on this line so far

    def start(self, tag: str, inside: str) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "img":
            facts = _attributes(inside)
            self.images.append((facts.get("src", ""), " ".join(facts.get("alt", "").split())))
        elif tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self._new_line()
            if tag == "li":
                self._add("• ")
        elif tag in {"td", "th"} and self.parts and not self.parts[-1].endswith("\n"):
            self._add(" | ")
        if tag == "a" and _attributes(inside).get("href"):
            self.lost.add("tautan")
        if tag not in _KNOWN and tag != "img" and tag not in _SILENT:
            self.lost.add(_WORDS.get(tag, "format lain"))

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "p":
            self._add("\n\n")
        elif tag in _BLOCKS:
            self._new_line()

    def text(self, text: str) -> None:
        if not self._silent:
            self._add(re.sub(r"\s+", " ", html.unescape(text).replace("\xa0", " ")))

    def _new_line(self) -> None:
        """A block begins on a line of its own."""
        if not self._is_fresh:
            self._add("\n")

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if text.strip(" "):
            self._is_fresh = text.endswith("\n")


def from_html(source: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    """The text, what formatting it lost (in words), and the pictures in it (source, alternative text).

    Not by ``html.parser``: what is never closed costs it the square of its length (76 s for 40 KB of «<a »), which a file of a
    stranger must not. Here a tag ends within ``LONGEST_TAG`` signs, or its «<» is text.
    """
    if len(source) > LONGEST:  # too long for any question, which its reader says
        return source, [], []
    reader = _Reader()
    place = start = 0
    last_comment = source.rfind("-->")
    while (place := source.find("<", place)) >= 0:
        end = _tag_end(source, place, last_comment)
        found = _TAG.match(source, place, end) if end else None
        if end and (found or source.startswith(("<!", "<?"), place)):
            reader.text(source[start:place])
            if found:
                tag = found[2].casefold()
                reader.end(tag) if found[1] else reader.start(tag, source[found.end() : end - 1])
            place = start = end
        else:
            place += 1
    reader.text(source[start:])
    return tidy("".join(reader.parts)), sorted(reader.lost), reader.images


def _tag_end(source: str, place: int, last_comment: int) -> int:
    """Where the tag (or comment) that begins here is over; 0 when it never ends."""
    if source.startswith("<!--", place):
        return source.find("-->", place + 4) + 3 if place + 4 <= last_comment else 0
    most = place + LONGEST_TAG
    end = source.find(">", place, most)
    for _more in range(MOST_SIGNS):  # a «>» within quotes ends nothing
        if end < 0 or source.count('"', place, end) % 2 == 0:
            break
        end = source.find(">", end + 1, most)
    return end + 1 if end >= 0 else 0


def _attributes(inside: str) -> dict[str, str]:
    """The attributes of a tag that say something to us."""
    return {name.casefold(): html.unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(inside)}


def tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line in a row, nothing around it."""
    lines = "\n".join(re.sub(r"[ \t]{2,}", " ", line).strip() for line in text.split("\n"))
    return _GAPS.sub("\n\n", lines).strip()


def looks_like_html(text: str) -> bool:
    return _LOOKS_LIKE_HTML.search(text) is not None
