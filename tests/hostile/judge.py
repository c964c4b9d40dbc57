"""The judge: reads an answer as a browser's parser does and tells what in it is active and not the portal's own.

Two readings of each page. First Python's own tokens, as the page stands. Then the tree of html5ever (the parser of a real browser, that
the sanitiser uses), which mends broken mark-up as browsers do; what it would build is read once more.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

from tests.hostile.strings import EVENTS, MARK, TAGS

# ruff: noqa: E501 - tables of names

NEVER = {"object", "embed", "applet", "style", "math", "frame", "frameset", "portal", "marquee", "foreignobject", "animate", "set"}
OWN_SCRIPT = re.compile(r"^/static/[\w./-]+\.js$")
OWN_STYLE = re.compile(r"^/static/[\w./-]+\.css$")
OWN_ICON = "data:image/svg+xml,%3Csvg xmlns="
PREVIEW = re.compile(r"^/kelola/modul/pelajaran/\d+/pratinjau/$")
OWN_FILE = re.compile(r"^/nilai/berkas/\d+/$")  # work that was handed in, beside its grading; the door serves it as an attachment would be
OWN_PICTURE = re.compile(r"^(?:/m/|/media/|/static/|blob:)")
ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "cite", "xlink:href", "background", "ping", "manifest", "longdesc"}
SCHEME = re.compile(r"^[\x00-\x20]*([a-z][a-z0-9+.\-\t\r\n]*):", re.I)
SAFE = {"http", "https", "mailto", "tel"}
# fmt: off
KNOWN = {
    "a", "abbr", "article", "aside", "audio", "b", "base", "blockquote", "body", "br", "button", "caption", "circle", "code", "col", "colgroup", "datalist", "dd", "defs", "del",
    "details", "dfn", "dialog", "div", "dl", "dt", "ellipse", "em", "fieldset", "figcaption", "figure", "footer", "form", "g", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "line", "lineargradient", "link", "main", "mark", "mask", "meta", "meter",
    "nav", "noscript", "ol", "optgroup", "option", "output", "p", "path", "pattern", "picture", "polygon", "polyline", "pre", "progress", "q", "rect", "s", "script", "search",
    "section", "select", "small", "source", "span", "stop", "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "text", "textarea", "tfoot",
    "th", "thead", "time", "title", "tr", "track", "ul", "use", "var", "video", "wbr",
}
# fmt: on


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside = tag if tag in ("script", "style") else ""
        if tag in NEVER or tag not in KNOWN:
            self._tell(tag, given, "does not belong on a page")
        for name, value in given.items():
            self._attribute(tag, given, name, value)
        if tag == "script" and not OWN_SCRIPT.match(given.get("src", "")):
            self._tell(tag, given, "is no script of ours")
        if tag == "link" and "stylesheet" in given.get("rel", "") and not OWN_STYLE.match(given.get("href", "")):
            self._tell(tag, given, "is no style of ours")
        if (
            tag == "iframe"
            and not OWN_FILE.match(given.get("src", ""))
            and not ("sandbox" in given and PREVIEW.match(given.get("src", "")))
        ):
            self._tell(tag, given, "is no preview of ours")
        if tag in ("img", "video", "audio", "source", "track") and given.get("src") and not OWN_PICTURE.match(given["src"]):
            self._tell(tag, given, "loads what is not ours")
        if tag == "base" and set(given) != {"target"}:
            self._tell(tag, given, "moves every address")
        if tag == "meta" and "http-equiv" in given:
            self._tell(tag, given, "steers the browser")
        if tag == "input" and given.get("type") == "image":
            self._tell(tag, given, "loads what is not ours")

    def _attribute(self, tag: str, given: dict[str, str], name: str, value: str) -> None:
        if name.startswith(("on", "hx-")) or name in ("style", "srcdoc", "ping", "is") or MARK in name:
            self._tell(tag, given, f"carries {name}")
        if name in ("srcset", "imagesrcset") and any(not OWN_PICTURE.match(one.strip()) for one in value.split(",") if one.strip()):
            self._tell(tag, given, "loads what is not ours")
        if name in ADDRESSES:
            scheme = SCHEME.match(value)
            word = re.sub(r"[\x00-\x20]", "", scheme[1]).lower() if scheme else ""
            if word and word not in SAFE and not (tag == "link" and value.startswith(OWN_ICON)):
                self._tell(tag, given, f"{name} runs {word}:")
            if name in ("action", "formaction") and not re.match(r"^(?:[?#].*|/(?!/).*|)$", value, re.S):
                self._tell(tag, given, "sends what people type elsewhere")

    def handle_data(self, data: str) -> None:
        if self.inside == "script" and data.strip():
            self.found.append(f"<script> with words of its own: {data.strip()[:80]!r}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def _tell(self, tag: str, given: dict[str, str], why: str) -> None:
        self.found.append(f"<{tag}> {why}: {str(given)[:160]}")


def _read(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


# Everything that a string could want is let through, so that what the browser's parser builds can be seen. Without "svg" and "math" as
# foreign content the sanitiser would drop what stands in them.
_LETTERS = {f"{one}" for one in "abcdefghijklmnopqrstuvwxyz"}


def as_a_browser(html: str) -> str:
    """The page as html5ever builds it, written out again: well formed, nothing hidden by broken mark-up."""
    return nh3.clean(
        html,
        tags=KNOWN | NEVER | set(TAGS),
        clean_content_tags=set(),
        attributes={
            "*": {
                "href",
                "src",
                "action",
                "formaction",
                "style",
                "srcdoc",
                "srcset",
                "rel",
                "type",
                "http-equiv",
                "content",
                "sandbox",
                *map(str.lower, EVENTS),
            }
        },
        generic_attribute_prefixes=_LETTERS,
        url_schemes={
            "http",
            "https",
            "mailto",
            "tel",
            "javascript",
            "vbscript",
            "data",
            "blob",
            "file",
            "filesystem",
            "about",
            "intent",
            "jar",
            "feed",
            "livescript",
            "view-source",
        },
        strip_comments=True,
        link_rel=None,
    )


def active(html: str) -> list[str]:
    """What in this answer is active and not the portal's own, in sentences; empty for a page that only shows text."""
    return [*_read(html), *(f"as a browser: {one}" for one in _read(as_a_browser(html)))]
