"""The last walk over a text's tree before it is sanitised: levels of headings, ids, links, tables as cards, check lists, callouts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as etree  # builds trees, parses nothing

import markdown as python_markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from .blocks import TITLE, slug

OWN_MEDIA = ("/media/", "/m/")
_TASK = re.compile(r"^\s*\[([ xX])\][ \t]+")


def is_own(source: str) -> bool:
    """Whether this address is a file of the portal."""
    return source.startswith(OWN_MEDIA) and ".." not in source


class Finish(Extension):
    """The portal's own tree: no raw HTML, headings from the second level, every id behind ``id_prefix``."""

    def __init__(self, id_prefix: str) -> None:
        super().__init__()
        self.id_prefix = id_prefix

    def extendMarkdown(self, md: python_markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Levels(md), "levels", 8)  # before the ids are made
        md.treeprocessors.register(_Walk(md, self.id_prefix), "walk", 1)


class _Levels(Treeprocessor):
    """The page has the h1: the highest heading of the text becomes h2, the others keep their distance."""

    def run(self, root: etree.Element) -> None:
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        if headings:
            shift = 2 - min(int(element.tag[1]) for element in headings)
            for element in headings:
                element.tag = f"h{min(6, int(element.tag[1]) + shift)}"


class _Walk(Treeprocessor):
    def __init__(self, md: python_markdown.Markdown, id_prefix: str) -> None:
        super().__init__(md)
        self.id_prefix = id_prefix

    def run(self, root: etree.Element) -> None:
        for parent in list(root.iter()):
            self._names(parent)
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    box = etree.Element("div", {"class": "table-box"})
                    box.tail, child.tail = child.tail, None
                    parent.remove(child)
                    parent.insert(index, box)
                    box.append(child)
                    _label_cells(child)
                elif child.tag in {"ul", "ol"}:
                    _check_list(child)
                elif child.tag == "div" and "admonition" in child.get("class", ""):
                    _callout(child)
                elif child.get("class") == TITLE:
                    self._title(child)

    def _title(self, element: etree.Element) -> None:
        """A section's title becomes a heading that the page can lead to."""
        element.tag = "h2"
        element.attrib.clear()
        element.set("id", slug(_text(element)) or "bagian")  # the walk comes by it later and puts the prefix before it

    def _names(self, element: etree.Element) -> None:
        if "id" in element.attrib:
            element.set("id", self.id_prefix + element.get("id", ""))
        if element.tag == "a":
            href = element.get("href", "")
            if href.startswith("#"):
                element.set("href", "#" + self.id_prefix + href[1:])
            elif re.match(r"(?:[a-z]+:)?//", href, re.I):
                element.set("rel", "noopener noreferrer")
        elif element.tag == "img":
            if not is_own(element.get("src", "")):
                element.tag, element.text = "span", element.get("alt", "")
                element.attrib.clear()
            else:
                element.set("loading", "lazy")
                element.set("decoding", "async")


def _text(element: etree.Element) -> str:
    return "".join(element.itertext()).strip()


def _label_cells(table: etree.Element) -> None:
    """Roles and labels, so that a narrow table may become a list of cards and stay a table for screen readers."""
    table.set("class", "table")
    table.set("role", "table")
    labels = [_text(cell) for cell in table.iter("th")]
    for part in table:
        part.set("role", "rowgroup")
        for row in part:
            row.set("role", "row")
            for index, cell in enumerate(row):
                if cell.tag == "th":
                    cell.set("role", "columnheader")
                    cell.set("scope", "col")
                else:
                    cell.set("role", "cell")
                    if index == 0:
                        cell.set("data-main", "")
                    elif index < len(labels):
                        cell.set("data-label", labels[index])
                        _gather(cell)


def _gather(cell: etree.Element) -> None:
    """Words and marks of a cell in one box: beside its label on a narrow screen they would be columns."""
    if not len(cell):
        return
    box = etree.Element("div")
    box.text, cell.text = cell.text, None
    for child in list(cell):
        cell.remove(child)
        box.append(child)
    cell.append(box)


def _check_list(items: etree.Element) -> None:
    """``- [x]`` and ``- [ ]`` as a list whose state is also in words; nothing that looks operable."""
    for holder, item in _first_texts(items):
        found = _TASK.match(holder.text or "")
        if not found:
            continue
        done = found[1] != " "
        items.tag = "ul"
        items.set("class", "checklist")
        item.set("class", "is-done" if done else "is-open")
        rest = (holder.text or "")[found.end() :]
        holder.text = ""
        state = etree.Element("span", {"class": "vh"})
        state.text, state.tail = ("Sudah: " if done else "Belum: "), rest
        holder.insert(0, state)


def _first_texts(items: etree.Element) -> Iterator[tuple[etree.Element, etree.Element]]:
    for item in items:
        first = next(iter(item), None)
        if (item.text or "").strip() or first is None:
            yield item, item
        elif first.tag == "p":
            yield first, item


def _callout(element: etree.Element) -> None:
    element.tag = "aside"
    element.set("class", "callout")
    for child in element:
        if "admonition-title" in child.get("class", ""):
            child.set("class", "callout__title")
