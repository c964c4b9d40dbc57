"""One QTI item while it is read: its declarations, its texts, what is asked and what is said about answers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..models import QuestionKind
from .gift import as_text
from .markup import attribute, below, children, first, inner, name_of, text_of
from .qti_parts import CHOSEN
from .rows import Row, title_of

BLANK = "_____"
INLINE = ("textEntryInteraction", "inlineChoiceInteraction")  # stand within a sentence


@dataclass
class Declaration:
    """What counts as right for one response."""

    cardinality: str = "single"
    base: str = "identifier"
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, float] = field(default_factory=dict)
    by_case: bool = False


@dataclass
class Item:
    """One item while it is read: ``files`` of its package by address relative to the item."""

    element: Any
    row: Row
    answers: dict[str, Declaration]
    files: Mapping[str, bytes] = field(default_factory=dict)
    feedback: str = ""

    def text(self, element: Any) -> str:
        return as_text(self.row, inner(element), is_native=True)

    def answer_of(self, interaction: Any) -> Declaration:
        return self.answers.get(attribute(interaction, "responseIdentifier"), Declaration())


def declarations(element: Any) -> dict[str, Declaration]:
    found = {}
    for one in children(element, "responseDeclaration"):
        mapping = first(one, "mapping")
        entries = list(children(mapping, "mapEntry"))
        found[attribute(one, "identifier")] = Declaration(
            cardinality=attribute(one, "cardinality", "single"),
            base=attribute(one, "baseType", "identifier"),
            correct=[text_of(value).strip() for value in children(first(one, "correctResponse"), "value")],
            mapping={attribute(entry, "mapKey"): number(attribute(entry, "mappedValue")) for entry in entries},
            by_case=any(attribute(entry, "caseSensitive", "false") in {"true", "1"} for entry in entries),
        )
    return found


def number(said: str) -> float:
    """A number of an attribute; 0 for anything else."""
    try:
        value = float(said)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def general_feedback(item: Item) -> str:
    """The one feedback that everybody gets, or else the first; the others are noted."""
    found = [
        (attribute(one, "identifier"), said)
        for one in below(item.element, "modalFeedback", "feedbackBlock")
        if attribute(one, "outcomeIdentifier") != CHOSEN and (said := item.text(one))
    ]
    general = next((said for name, said in found if name == "general"), found[0][1] if found else "")
    if left := [said for _name, said in found if said != general]:
        item.row.note(f"Umpan balik lain tidak ikut: “{title_of(left[0])}”.")
    return general


def told_of(item: Item, name: str) -> str:
    """What is said about one choice, value or gap."""
    found = [one for one in below(item.element, "modalFeedback") if attribute(one, "outcomeIdentifier") == CHOSEN]
    return next((item.text(one) for one in found if name and attribute(one, "identifier") == name), "")


def stem(item: Item, body: Any, *, blank: str = "") -> str:
    """What is asked: the body's text and the prompt; ``blank`` stands where the answer is typed."""
    return as_text(item.row, _asked(body, blank), is_native=True).removesuffix(f"\n\n{BLANK}").strip()


def _asked(element: Any, blank: str) -> str:
    """The body as HTML without interactions (but their prompts), feedback and the block that holds a scenario."""
    out = [_text(element.text)]
    for one in element:
        name = name_of(one)
        if name.endswith("Interaction"):
            prompt = first(one, "prompt")
            out.append(blank if name in INLINE else f"<p>{inner(prompt)}</p>" if prompt is not None else "")
        elif name not in {"feedbackBlock", "feedbackInline", "rubricBlock", ""} and attribute(one, "class") != "scenario":
            tag = name if re.fullmatch(r"[A-Za-z0-9]{1,20}", name) else "span"
            facts = f' src="{_text(attribute(one, "src")).replace(chr(34), "")}"' if name == "img" else ""
            out.append(f"<{tag}{facts}>{_asked(one, blank)}</{tag}>")
        out.append(_text(one.tail))
    return "".join(out)


def _text(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def divide(item: Item, body: Any) -> None:
    """A block of the class «scenario» before a single choice is its scenario."""
    scenario = next((one for one in children(body, "div") if attribute(one, "class") == "scenario"), None)
    if scenario is not None:
        said = item.text(scenario)
        if item.row.question["kind"] == QuestionKind.SINGLE:
            item.row.kind = QuestionKind.SCENARIO.value
            item.row.question |= {"kind": QuestionKind.SCENARIO.value, "scenario": said}
        elif said:
            item.row.question["text"] = f"{said}\n\n{item.row.question['text']}"
