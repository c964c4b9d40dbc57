"""A lesson's sanitised HTML as a tree of plain values, for whatever draws it other than a browser.

Blocks are dictionaries: ``t`` says what (``p h ul ol dl table figure box quote pre rule check``), ``k`` is the class, ``c`` what is inside.
A paragraph, a heading, a term holds inline parts: strings, and dictionaries ``{t: b i code a term pin sub sup del br, c, …}``.
What is not known is drawn as what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]
Inline = list[str | Node]

# fmt: off
INLINE = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "dfn": "i", "cite": "i", "code": "code", "kbd": "code", "samp": "code", "a": "a",
    "sub": "sub", "sup": "sup", "del": "del", "s": "del", "br": "br", "q": "q",
    "abbr": "", "span": "", "mark": "", "ins": "", "small": "", "time": "", "label": "",
}
# fmt: on
BOXES = {"aside", "section", "details", "div", "article"}
VOID = {"br", "hr", "img"}
HIDDEN = "vh"  # said to screen readers only
BREAK: Node = {"t": "br"}


@dataclass
class Element:
    """An element of the HTML, as it is written."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def css(self) -> str:
        return self.attributes.get("class", "")

    def elements(self, *tags: str) -> Iterator[Element]:
        """The children that are elements (of these names)."""
        return (child for child in self.children if isinstance(child, Element) and (not tags or child.tag in tags))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def of(html: str) -> list[Node]:
    """The blocks of this HTML (as ``linimasa.markdown`` writes it), in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _blocks(reader.root.children)


def pictures(html: str) -> list[str]:
    """The addresses of the pictures in this HTML, in order, each once."""
    return list(dict.fromkeys(node["src"] for node in _walk(of(html)) if node.get("t") == "figure" and node["src"]))


def terms(html: str) -> list[str]:
    """The slugs of the glossary terms that this HTML links to, in order, each once."""
    return list(dict.fromkeys(node["slug"] for node in _walk(of(html)) if node.get("t") == "term"))


def _walk(found: Any) -> Iterator[Node]:
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for part in found:
            yield from _walk(part)


# --- blocks -----------------------------------------------------------------------------------------------------------
def _blocks(children: Iterable[Element | str]) -> list[Node]:
    made: list[Node] = []
    loose: list[Element | str] = []

    def close() -> None:
        words = _trimmed(_inline(loose))
        loose.clear()
        if words:
            made.append({"t": "p", "k": "", "c": words})

    for child in children:
        if isinstance(child, str) or (child.tag in INLINE and not _holds_blocks(child)):
            loose.append(child)
            continue
        close()
        made += _block(child)
    close()
    return made


def _holds_blocks(element: Element) -> bool:
    return any(child.tag not in INLINE or _holds_blocks(child) for child in element.elements())


def _block(element: Element) -> list[Node]:
    tag, css = element.tag, element.css
    if re.fullmatch("h[1-6]", tag):
        return _worded({"t": "h", "l": int(tag[1])}, element)
    if tag == "p":
        return _paragraph(element)
    if tag in {"ul", "ol"}:
        return [_list(element)]
    if tag == "dl":
        return [{"t": "dl", "k": css, "c": _pairs(element)}]
    if tag == "table":
        return [_table(element)]
    if tag == "figure":
        return _figure(element)
    if tag == "img":
        return [_picture(element)]
    if tag == "pre":
        return [{"t": "pre", "x": _text(element).strip("\n")}]
    if tag == "hr":
        return [{"t": "rule"}]
    if tag == "blockquote":
        return [{"t": "quote", "c": _blocks(element.children)}]
    if element.attributes.get("data-block") in {"audio", "video", "berkas"}:
        return []
    if "data-block" in element.attributes:
        return [{"t": "check", "key": element.attributes.get("data-key", "")}]
    if tag in BOXES and css and css != "table-box":
        return [{"t": "box", "k": css, "c": _blocks(element.children)}]
    if tag == "summary":
        return _worded({"t": "p", "k": "callout__title"}, element)
    return _blocks(element.children)


def _worded(node: Node, element: Element) -> list[Node]:
    words = _trimmed(_inline(element.children))
    return [{**node, "c": words}] if words else []


def _paragraph(element: Element) -> list[Node]:
    """The paragraph; pictures inside it come after its words."""
    shown = [_picture(child) for child in _images(element)]
    return _worded({"t": "p", "k": element.css}, element) + shown


def _images(element: Element) -> Iterator[Element]:
    for child in element.elements():
        if child.tag == "img":
            yield child
        yield from _images(child)


def _picture(element: Element) -> Node:
    return {"t": "figure", "src": element.attributes.get("src", ""), "alt": element.attributes.get("alt", ""), "c": []}


def _figure(element: Element) -> list[Node]:
    """A picture with its caption; a worked example with its caption under it."""
    if "kept" in element.css.split():
        return _kept(element)
    caption = next((_trimmed(_inline(child.children)) for child in element.elements("figcaption")), [])
    inside = _blocks(child for child in element.children if not (isinstance(child, Element) and child.tag == "figcaption"))
    if len(inside) == 1 and inside[0]["t"] == "figure":
        return [{**inside[0], "c": caption}]
    said: list[Node] = [{"t": "p", "k": "caption", "c": caption}] if caption else []
    if len(inside) == 1 and inside[0]["t"] == "box":
        return [{**inside[0], "c": inside[0]["c"] + said}]
    return inside + said


def _kept(element: Element) -> list[Node]:
    """Sound, film or a document: paper says its name and size, and prints what is spoken in it."""
    made: list[Node] = []
    for child in element.elements("p", "figcaption", "details"):
        words = _trimmed(_inline(child.children))
        if child.tag == "details":
            inside = _blocks(part for part in child.children if not (isinstance(part, Element) and part.tag == "summary"))
            made += [{"t": "p", "k": "", "c": [{"t": "b", "c": ["Transkrip."]}]}, *inside]
        elif words and not (child.css == "kept__file" and any(child.css == "kept__about" for child in element.elements("p"))):
            made.append({"t": "p", "k": "caption" if child.tag == "figcaption" else "", "c": words})
    return made


def _list(element: Element) -> Node:
    items = [{"k": item.css, "c": _blocks(item.children)} for item in element.elements("li")]
    start = element.attributes.get("start", "1")
    return {"t": element.tag, "k": element.css, "start": int(start) if re.fullmatch(r"\d{1,6}", start) else 1, "items": items}


def _pairs(element: Element) -> list[Node]:
    pairs: list[Node] = []
    for child in element.elements("dt", "dd"):
        if child.tag == "dt" or not pairs:
            pairs.append({"term": _trimmed(_inline(child.children)) if child.tag == "dt" else [], "c": []})
        if child.tag == "dd":
            pairs[-1]["c"] += _blocks(child.children)
    return pairs


def _table(element: Element) -> Node:
    """Rows of cells of equal number; those of the table's head come first."""
    head: list[list[list[Node]]] = []
    rows: list[list[list[Node]]] = []
    for row in _rows(element):
        cells = [_blocks(cell.children) for cell in row.elements("th", "td")]
        is_head = not rows and all(cell.tag == "th" for cell in row.elements("th", "td"))
        (head if is_head else rows).append(cells)
    columns = max((len(row) for row in head + rows), default=0)
    even = [[row + [[]] * (columns - len(row)) for row in part] for part in (head, rows)]
    return {"t": "table", "columns": columns, "head": even[0], "rows": even[1]}


def _rows(element: Element) -> Iterator[Element]:
    for child in element.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.elements("tr")


# --- inside a paragraph -----------------------------------------------------------------------------------------------
def _inline(children: Iterable[Element | str]) -> Inline:
    made: Inline = []
    for child in children:
        made += [child] if isinstance(child, str) else _part(child)
    return made


def _part(element: Element) -> Inline:
    inside = _inline(element.children)
    if element.tag == "br":
        return [dict(BREAK)]
    if HIDDEN in element.css.split() or element.tag == "img":
        return []
    if "pin" in element.css.split():
        return [{"t": "pin", "x": _text(element).strip()}]
    if element.tag == "q":
        return ["“", *inside, "”"]
    kind = INLINE.get(element.tag, "")
    if kind == "a":
        return _link(element, inside)
    if not kind and "muted" in element.css.split():
        return [{"t": "muted", "c": inside}]
    return [{"t": kind, "c": inside}] if kind and inside else inside


def _link(element: Element, inside: Inline) -> Inline:
    address, css = element.attributes.get("href", ""), element.css.split()
    if "term" in css:
        return [{"t": "term", "slug": address.rpartition("#")[2], "c": inside}]
    if "footnote-backref" in css:
        return []
    if address.startswith(("https://", "http://", "mailto:", "tel:")) or (address.startswith("/") and not address.startswith("//")):
        return [{"t": "a", "u": address, "c": inside}]
    return inside


def _text(element: Element) -> str:
    return "".join(child if isinstance(child, str) else "\n" if child.tag == "br" else _text(child) for child in element.children)


def _trimmed(parts: Inline) -> Inline:
    """White space as a browser shows it: runs become one blank, none at either end."""
    words, _blank = _collapsed(parts, blank_before=True)
    _strip_end(words)
    return words


def _collapsed(parts: Inline, *, blank_before: bool) -> tuple[Inline, bool]:
    made: Inline = []
    for part in parts:
        if isinstance(part, str):
            text = re.sub(r"[ \t\n\r\f]+", " ", part)
            text = text.removeprefix(" ") if blank_before else text
            if text:
                made.append(text)
                blank_before = text.endswith(" ")
        elif "c" in part:
            inside, blank_before = _collapsed(part["c"], blank_before=blank_before)
            if inside:
                made.append({**part, "c": inside})
        else:
            made.append(part)
            blank_before = part["t"] == "br"
    return made, blank_before


def _strip_end(words: Inline) -> None:
    while words:
        last = words[-1]
        if isinstance(last, str):
            words[-1] = last.rstrip(" ")
            if words[-1]:
                return
        elif last["t"] == "br":
            pass
        elif "c" in last:
            _strip_end(last["c"])
            if last["c"]:
                return
        else:
            return
        words.pop()
