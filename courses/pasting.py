"""What is pasted from a word processor, a page or a spreadsheet, as Markdown that an author would have typed.

The HTML of the clipboard goes through the sanitiser first (nothing active, no comments), then becomes a tree in which the habits of Word,
LibreOffice and Google Docs are undone, then Markdown. The result is text for the editor, never HTML for a page.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import nh3
from bs4 import BeautifulSoup, NavigableString, Tag
from markdownify import MarkdownConverter

MOST_SIGNS = 1_000_000  # of the clipboard's HTML
MOST_ROWS, MOST_COLUMNS = 100, 12
DEEPEST = 60
MOST_TAGS, MOST_ENTITIES = 12_000, 20_000
DEEPEST_SENT = 300  # with what the sanitiser takes out
# fmt: off
_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s",
    "span", "strong", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}
# fmt: on
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}, "*": {"style", "class"}}
_DRAWN = re.compile(r"<!\[(if !supportLists|endif)\]>", re.I)  # around the drawn bullet of Word's list paragraphs
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:]*)", re.I)
_LONELY = {"p", "li", "td", "th", "tr", "br", "hr", "img", "col", "meta", "link", "input", "option", "dt", "dd", "wbr"}  # need no end
_SILENT = {"script", "style", "head", "title", "xml"}
_WORD_LIST = re.compile(r"mso-list:\s*l(\d+)\s+level(\d+)", re.I)
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.I)
_LIGHT = re.compile(r"font-weight:\s*(?:normal|[1-5]00)", re.I)
_ITALIC = re.compile(r"font-style:\s*italic", re.I)
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s+", re.I)
_BULLETED = re.compile(r"^\s*[·•▪◦o§\-–]\s+")
_BLOCKS = {"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "li"}


@dataclass(frozen=True)
class Pasted:
    """The text to insert, and a sentence about what could not come along (or nothing)."""

    text: str
    told: str = ""


def to_markdown(html: str, plain: str) -> Pasted:
    """Markdown of what the clipboard holds. Cells of a spreadsheet become a table; where the HTML says nothing, the plain text stays.

    Never raises for any text; takes at most MOST_SIGNS of HTML.
    """
    if _is_sheet(html, plain):
        return table(_cells(plain))
    if not html.strip() or len(html) > MOST_SIGNS:
        return Pasted(_tidy(plain))
    pictures = len(re.findall(r"<img\b|<v:imagedata\b", html, re.I))
    copied = _without_bullets(_fragment(html))
    if not _is_handy(copied, DEEPEST_SENT):
        return Pasted(_tidy(plain))
    clean = nh3.clean(
        copied,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_SILENT,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    if not _is_handy(clean, DEEPEST):
        return Pasted(_tidy(plain))
    tree = BeautifulSoup(clean, "html.parser")
    _undo_habits(tree)
    text = _tidy(
        _Converter(heading_style="ATX", bullets="-", strong_em_symbol="*", escape_misc=False, escape_underscores=False).convert_soup(tree)
    )
    told = f"{pictures} gambar tidak ikut tertempel. Seret berkasnya ke naskah satu per satu." if pictures and text else ""
    return Pasted(text or _tidy(plain), told)


def table(rows: list[list[str]]) -> Pasted:
    """A Markdown table whose first row is the head. Rows and columns beyond the bounds are left out, and that is said."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    width = max((len(row) for row in rows), default=0)
    cut = [[_cell(cell) for cell in [*row, *[""] * (width - len(row))][:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
    if not cut:
        return Pasted("")
    lines = [_row(cut[0]), _row(["---"] * len(cut[0])), *map(_row, cut[1:])]
    told = ""
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        told = f"Hanya {len(cut)} baris dan {len(cut[0])} kolom pertama yang tertempel. Tabel yang lebih besar sukar dibaca di ponsel."
    return Pasted("\n".join(lines) + "\n", told)


def _is_sheet(html: str, plain: str) -> bool:
    """Cells of a spreadsheet: tabs in the plain text, and no other HTML than one table."""
    if "\t" not in plain.strip():
        return False
    if not html.strip():
        return len({len(row) for row in _cells(plain) if row}) == 1
    starts = [one.start() for one in re.finditer(r"<table\b", html, re.I)]
    if len(starts) != 1 or len(html) > MOST_SIGNS:
        return False
    end = html.lower().find("</table>", starts[0])
    outside = html[: starts[0]] + (html[end:] if end >= 0 else html[starts[0] :])
    if not _is_handy(outside, DEEPEST_SENT):
        return False
    words = nh3.clean(outside, tags=set(), clean_content_tags=_SILENT).replace("&nbsp;", "")
    return not words.strip()


def _fragment(html: str) -> str:
    """What was copied; browsers and Word mark it within the whole document."""
    _before, mark, after = html.partition("<!--StartFragment-->")
    return after.partition("<!--EndFragment-->")[0] if mark else html


def _without_bullets(html: str) -> str:
    kept, at, is_drawn = [], 0, False
    for mark in _DRAWN.finditer(html):
        starts = mark[1].lower() != "endif"
        if starts != is_drawn:
            kept += [] if is_drawn else [html[at : mark.start()]]
            at, is_drawn = mark.end() if is_drawn else mark.start(), starts
    return "".join([*kept, html[at:]])


def _is_handy(html: str, deepest: int) -> bool:
    """Whether there are few enough tags, and none too deep in others, to be read while a person waits (the sanitiser takes minutes for
    a hundred thousand nested ones)."""
    if html.count("&") > MOST_ENTITIES:
        return False
    open_: Counter[str] = Counter()
    depth = 0
    for count, tag in enumerate(_TAG.finditer(html), start=1):
        name = tag[2].lower()
        if count > 2 * MOST_TAGS or depth > deepest:
            return False
        if name in _LONELY or (tag[1] and not open_[name]):
            continue
        step = -1 if tag[1] else 1
        open_[name] += step
        depth += step
    return True


def _cells(plain: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(plain.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")), delimiter="\t"))
    except csv.Error:
        return [line.split("\t") for line in plain.splitlines()]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _undo_habits(tree: BeautifulSoup) -> None:
    for element in tree.find_all(["b", "strong"]):
        if _LIGHT.search(_style(element)):  # Google Docs wraps the whole clipboard in such a <b>
            element.unwrap()
    for element in tree.find_all("span"):
        style = _style(element)
        inside = element.parent is not None and element.find_parent(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"]) is not None
        if _BOLD.search(style) and not inside and element.get_text(strip=True):
            element.name = "strong"
        elif _ITALIC.search(style) and element.get_text(strip=True):
            element.name = "em"
        else:
            element.unwrap()
    _titles(tree)
    _word_lists(tree)
    for element in tree.find_all(["b", "strong", "i", "em"]):
        if not element.get_text(strip=True):
            element.unwrap()
    for element in tree.find_all(["h1", "h2", "h3", "h4", "h5", "h6"]):
        for inner in element.find_all(["b", "strong"]):
            inner.unwrap()
    tree.smooth()
    for element in tree.find_all("li"):
        for inner in element.find_all("p", recursive=False):
            inner.unwrap()


def _style(element: Tag) -> str:
    return str(element.get("style") or "")


def _titles(tree: BeautifulSoup) -> None:
    """Headings start at the second level, as in a lesson; Word's title styles are headings too."""
    for element in tree.find_all("p"):
        if re.search(r"\bMso(?:Title|Heading)\b", " ".join(element.get("class") or [])):
            element.name = "h1"
    found = tree.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    highest = min((int(element.name[1]) for element in found), default=2)
    for element in found:
        element.name = f"h{min(4, int(element.name[1]) - highest + 2)}"


def _word_lists(tree: BeautifulSoup) -> None:
    """Word writes a list as paragraphs that say their level in a style: made lists again, nested."""
    run: list[tuple[Tag, int]] = []
    for element in [*tree.find_all("p"), None]:
        found = _WORD_LIST.search(_style(element)) if element is not None else None
        follows = bool(run) and element is not None and _next_tag(run[-1][0]) is element
        if run and not (found and follows):
            _make_list(tree, run)
            run = []
        if found and element is not None:
            run.append((element, min(6, int(found[2]))))


def _next_tag(element: Tag) -> Tag | None:
    return next((one for one in element.next_siblings if isinstance(one, Tag)), None)


def _make_list(tree: BeautifulSoup, run: list[tuple[Tag, int]]) -> None:
    open_: list[Tag] = []
    for paragraph, level in run:
        text = paragraph.get_text()
        kind = "ol" if _NUMBERED.match(text) else "ul"
        del open_[level:]
        while len(open_) < level:
            made = tree.new_tag(kind)
            items = open_[-1].find_all("li", recursive=False) if open_ else []
            if items:
                items[-1].append(made)
            elif open_:
                open_[-1].append(made)
            else:
                run[0][0].insert_before(made)
            open_.append(made)
        item = tree.new_tag("li")
        for child in list(paragraph.children):
            item.append(child.extract())
        _strip_sign(item)
        open_[-1].append(item)
    for paragraph, _level in run:
        paragraph.decompose()


def _strip_sign(item: Tag) -> None:
    """Without the bullet or number that Word drew as text."""
    for text in item.find_all(string=True):
        if not str(text).strip():
            continue
        bare = _BULLETED.sub("", _NUMBERED.sub("", str(text).replace("\xa0", " "), count=1), count=1)
        text.replace_with(NavigableString(bare))
        return


class _Converter(MarkdownConverter):
    """The library's converter with the few things that a lesson writes in another way."""

    def convert_u(self, el: Tag, text: str, **_words: Any) -> str:
        return text

    def convert_li(self, el: Tag, text: str, **_words: Any) -> str:
        """What is nested stands four blanks in, as the portal's Markdown wants it."""
        items = el.parent.find_all("li", recursive=False) if el.parent is not None else [el]
        start = str(el.parent.get("start") or "1") if el.parent is not None else "1"
        first = int(start) if start.isdecimal() and len(start) < 5 else 1
        sign = f"{first + [id(one) for one in items].index(id(el))}." if el.parent is not None and el.parent.name == "ol" else "-"
        lines = (text or "").strip().split("\n")
        return "\n".join([f"{sign} {lines[0]}", *(f"    {line}" if line else "" for line in lines[1:])]) + "\n"

    def convert_a(self, el: Tag, text: str, **_words: Any) -> str:
        """Own words as a link; an address that is its own text stays bare of brackets."""
        href, words = str(el.get("href") or ""), text.strip()
        if not href or not words or "\n" in words:
            return text
        return f"[{words}]({href.replace(' ', '%20').replace(')', '%29').replace('(', '%28')})"

    def convert_table(self, el: Tag, text: str, **_words: Any) -> str:
        rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"], recursive=False)] for row in el.find_all("tr")]
        if max((len(row) for row in rows), default=0) < 2:  # a frame, not a table
            return "\n\n" + "\n\n".join(cell for row in rows for cell in row if cell) + "\n\n"
        return "\n\n" + table(rows).text + "\n\n"


def _tidy(text: str) -> str:
    """Plain blanks and line ends, no signs that the editor refuses, at most one empty line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", "", text)
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
