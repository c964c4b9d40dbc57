"""What a module's booklet says, and how it is drawn: one well-set PDF to be read on paper, a pure function of what was published.

Only for worker processes (see ``linimasa.typesetting``); ``courses.booklets`` keeps what is drawn.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from linimasa import clock, typesetting, writing

from . import trees
from .glossary import Term
from .models import ActivityKind, FrozenLesson, Version
from .trees import Node

DRAWING = "1"  # raise it with every change of what is drawn
TEMPLATE = Path(__file__).resolve().parent / "booklet.typ"
MOST_BYTES = 2_000_000
SIZES = ((1400, 82), (1100, 70), (800, 55), (560, 40))  # pictures: widest in pixels, quality; the first that keeps the booklet small
MOST_TRIES = 40
UNKNOWN = "□"  # stands for a sign that no font here draws
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200d\ufe0e\ufe0f]")  # control characters, and what only joins emoji
LONG_WORD = re.compile(r"\S{34}(?=\S)")
AFTER_MARK = re.compile(r"(?<=[^\w\s])(?=\w)")  # where an address or a password may be broken
UNIT = "Linimasa"
SHORT = 3_000  # signs of a block's JSON text that surely fit on half a page

Glossary = Mapping[str, Term]  # by slug
Pictures = Mapping[str, Image.Image | str]  # by address: a picture, or the SVG text of an own drawing


# --- what is printed --------------------------------------------------------------------------------------------------
def contents(version: Version, lessons: Sequence[FrozenLesson], glossary: Glossary, portal: str) -> dict[str, Any]:
    """Everything that the booklet of this module version says, as plain values.

    ``lessons`` in the order of the outline; ``glossary`` the course's terms (only those that the lessons use are printed); ``portal``
    the address of the front page.
    """
    facts, published = version.facts, clock.local(version.published_at, clock.DEFAULT_ZONE)
    printed = [_lesson(place, lesson, version, portal) for place, lesson in enumerate(lessons, start=1)]
    terms = _terms(lessons, glossary)
    number = re.fullmatch(r"M(\d+)", facts["code"])
    name = f"Modul {number[1] if number else facts['code']}"
    minutes = sum(item["minutes"] for item in version.outline)
    return {
        "title": f"{name}: {facts['title']}",
        "running": f"Linimasa · {name}",
        "unit": UNIT,
        "course": version.course.full_title or version.course.title,
        "amount": f"{len(lessons)} pelajaran, {writing.decimal(minutes)} menit ({writing.jp(minutes)} JP)",
        "version": f"Versi {version.number}, terbit {clock.plain_date_text(published)} pukul {clock.time_text(published)}",
        "address": f"{portal}/modul/{version.course.slug}/{facts['slug']}/",
        "site": portal.partition("://")[2] or portal,
        "module": {
            "code": facts["code"],
            "eyebrow": name,
            "title": facts["title"],
            "summary": facts.get("summary") or "",
            "objectives": list(facts.get("objectives") or []),
            "discussion": list(facts.get("discussion") or []),
        },
        "items": [
            {"title": item["title"], "kind": str(ActivityKind(item["kind"]).label), "minutes": writing.decimal(item["minutes"]) or "–"}
            for item in version.outline
        ],
        "lessons": [{key: one[key] for key in ("title", "about", "objectives", "body")} for one in printed],
        "glossary": terms,
        "terms": [term["slug"] for term in terms],
        "key": [{"title": f"{one['number']}. {one['title']}", "checks": one["checks"]} for one in printed if one["checks"]],
    }


def _lesson(place: int, lesson: FrozenLesson, version: Version, portal: str) -> dict[str, Any]:
    item: Mapping[str, Any] = next((one for one in version.outline if one["activity"] == lesson.activity_id), {})
    checks = {check["key"]: _check(place, number, check) for number, check in enumerate(lesson.checks, start=1)}
    about = [f"{item['minutes']} menit"] if item.get("minutes") else []
    about += [item["code"]] if item.get("code") else []
    about += [f"ditinjau {clock.day_text(lesson.reviewed_on)}"] if lesson.reviewed_on else []
    return {
        "number": place,
        "title": lesson.title,
        "about": " · ".join(about),
        "objectives": list(lesson.objectives),
        "body": _Paper(checks, portal).blocks(trees.of(lesson.html)),
        "checks": list(checks.values()),
    }


def _check(place: int, number: int, check: Mapping[str, Any]) -> dict[str, Any]:
    """A check with its options. In versions published before each option had its own feedback, there is one for all."""
    choices = [choice if isinstance(choice, Mapping) else {"text": choice} for choice in check["choices"]]
    return {
        "number": number,
        "key": f"kunci-{place}-{number}",
        "prompt": check["prompt"],
        "choices": [
            {
                "text": choice["text"],
                "right": position == check["answer"],
                "feedback": choice.get("feedback") or (check.get("feedback") or "" if position == check["answer"] else ""),
            }
            for position, choice in enumerate(choices)
        ],
    }


def _terms(lessons: Iterable[FrozenLesson], glossary: Glossary) -> list[dict[str, str]]:
    used = {slug for lesson in lessons for slug in trees.terms(lesson.html)}
    rows = sorted((term for slug, term in glossary.items() if slug in used), key=lambda term: term.term.casefold())
    return [{"slug": row.slug, "term": row.term, "definition": row.definition, "also": writing.listed(row.also)} for row in rows]


class _Paper:
    """A lesson's tree as paper needs it: checks in their places, addresses that can be read, headings without gaps, columns' widths."""

    SECTIONS = {"todo", "task"}  # their headings are not in the table of contents; checklists have a list of their own
    QUIET = {"Ringkasan", "Sumber"}

    def __init__(self, checks: Mapping[str, dict[str, Any]], portal: str) -> None:
        self.checks = checks
        self.portal = portal
        self.level = 1
        self.section = ""

    def blocks(self, nodes: list[Node]) -> list[Node]:
        return [made for node in nodes for made in self.block(node)]

    def block(self, node: Node) -> list[Node]:
        kind = node["t"]
        if kind == "check":
            return [_whole({"t": "check", **self.checks[node["key"]]})] if node["key"] in self.checks else []
        if kind == "h":
            self.level = min(node["l"], self.level + 1)
            listed = not self.section and _plain(node["c"]) not in self.QUIET
            return [{"t": "h", "l": self.level, "c": self.words(node["c"]), "listed": listed, "todo": self.section == "todo"}]
        if kind in {"ul", "ol"}:
            return [{**node, "items": [self.item(item, node["k"]) for item in node["items"]]}]
        if kind == "table":
            parts = {part: [[self.blocks(cell) for cell in row] for row in node[part]] for part in ("head", "rows")}
            return [{**node, **parts, "widths": _widths(node)}]
        if kind == "dl":
            return [{**node, "c": [{"term": self.words(pair["term"]), "c": self.blocks(pair["c"])} for pair in node["c"]]}]
        if kind in {"box", "quote"}:
            return [self.box(node)]
        return [{**node, "c": self.words(node["c"])}] if "c" in node else [node]

    def box(self, node: Node) -> Node:
        before, self.section = self.section, node["k"] if node.get("k") in self.SECTIONS else self.section
        made = _whole({**node, "c": self.blocks(node["c"])})
        self.section = before
        return made

    def item(self, item: Node, css: str) -> Node:
        """A line of a list; of explained pins the number stands apart."""
        if css != "pins":
            return {**item, "c": self.blocks(item["c"])}
        first: Node = next((node for node in item["c"] if node["t"] == "p"), {"c": []})
        pin = next((part["x"] for part in first["c"] if isinstance(part, dict) and part["t"] == "pin"), "")
        rest = [node for node in item["c"] if node is not first or len(first["c"]) > 1]
        if rest and rest[0] is first:
            rest[0] = {**first, "c": [part for part in first["c"] if not (isinstance(part, dict) and part["t"] == "pin")]}
        return {**item, "pin": pin, "c": self.blocks(rest)}

    def words(self, parts: trees.Inline) -> trees.Inline:
        """The parts as paper needs them; a pin stays on the line of the word that it stands beside."""
        made = [self.part(part) for part in parts]
        for place, after in enumerate(made[1:]):
            before = made[place]
            if isinstance(before, str) and isinstance(after, dict) and after["t"] == "pin":
                made[place] = f"{before.rstrip(' ')}\u00a0"
        return made

    def part(self, part: str | Node) -> str | Node:
        if isinstance(part, str) or "c" not in part:
            return part
        made = {**part, "c": self.words(part["c"])}
        if part["t"] == "code":
            made["c"] = [AFTER_MARK.sub("\u200b", inside) if isinstance(inside, str) else inside for inside in made["c"]]
        if part["t"] == "a":
            address = self.portal + part["u"] if part["u"].startswith("/") else part["u"]
            bare = re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/")
            made |= {"u": address, "shown": "" if bare in _plain(part["c"]) else address}
        return made


def _whole(node: Node) -> Node:
    """With the word whether it is short enough to stay on one page."""
    return {**node, "whole": len(json.dumps(node, ensure_ascii=False)) < SHORT}


def _plain(parts: trees.Inline) -> str:
    return "".join(part if isinstance(part, str) else _plain(part.get("c", [])) for part in parts)


def _widths(table: Node) -> list[float]:
    """For each column its share of the width; 0 for one that is narrow by itself. At least one column takes what is left."""
    shares = [0.0] * table["columns"]
    for row in [*table["head"], *table["rows"]]:
        for column, cell in enumerate(row):
            for text in (_plain(node["c"]) for node in cell if node["t"] == "p"):
                longest_word = max(len(word) for word in re.split(r"[\s\u200b]", text))
                share = 0.0 if len(text) <= 12 else max(min(len(text), 90) ** 0.6, 0.8 * longest_word)
                shares[column] = max(shares[column], round(share, 1))
    return shares if any(shares) else [*shares[:-1], 1.0]


# --- drawing ----------------------------------------------------------------------------------------------------------
def render(printed: Mapping[str, Any], pictures: Pictures, version: Version) -> bytes:
    """The booklet as tagged PDF (PDF/A-3a and PDF/UA-1), at most ``MOST_BYTES``: its photographs are made smaller until it is.

    Byte-identical for the same arguments. A sign that no font draws is printed as ``UNKNOWN``. Only for worker processes. Raises
    ``ValueError`` when it stays too large.
    """
    text = json.dumps(_breakable(printed), ensure_ascii=False, sort_keys=True)
    for widest, quality in SIZES:
        drawn = {address: _picture(picture, widest, quality) for address, picture in sorted(pictures.items())}
        data = _set(text, json.dumps(drawn, ensure_ascii=False, sort_keys=True), version)
        if len(data) <= MOST_BYTES:
            return data
    raise ValueError(f"the booklet of version {version.pk} has {len(data)} bytes")


def _set(text: str, drawn: str, version: Version) -> bytes:
    for _ in range(MOST_TRIES):
        try:
            return typesetting.to_pdf(TEMPLATE, {"data": text, "pictures": drawn}, moment=version.published_at)
        except typesetting.UnprintableError as error:
            for sign in error.signs:
                text, drawn = text.replace(sign, UNKNOWN), drawn.replace(sign, UNKNOWN)
    raise ValueError(f"version {version.pk} has too many signs that no font draws")


def _breakable(value: Any) -> Any:
    """Every word with places where it may be broken when it is longer than a line; nothing that cannot be seen."""
    if isinstance(value, str):
        value = UNSEEN.sub("", value)
        return value if value.startswith(("http://", "https://", "/m/")) else LONG_WORD.sub(lambda found: found[0] + "\u200b", value)
    if isinstance(value, Mapping):
        return {key: _breakable(inside) for key, inside in value.items()}
    return [_breakable(inside) for inside in value] if isinstance(value, list | tuple) else value


def _picture(picture: Image.Image | str, widest: int, quality: int) -> dict[str, Any]:
    if isinstance(picture, str):
        return {"kind": "svg", "data": picture}
    shown = picture.convert("RGBA")
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A"))
    ground.thumbnail((widest, widest * 2))
    made = io.BytesIO()
    ground.save(made, "JPEG", quality=quality)
    return {"kind": "jpg", "data": list(made.getvalue()), "width": picture.width}
