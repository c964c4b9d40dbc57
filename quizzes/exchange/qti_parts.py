"""The pieces that every QTI item of ours is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .markup import made

TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
CHOSEN = "CHOSEN"  # the outcome that shows what is said about one choice, value or gap


@dataclass
class Parts:
    """What a kind puts into its item."""

    declarations: list[Any]
    body: list[Any]
    processing: Any
    outcomes: list[Any] = field(default_factory=list)
    feedback: list[Any] = field(default_factory=list)


def paragraphs(text: str) -> list[Any]:
    """The text as paragraphs, line breaks kept."""
    return [made("p", *lines(one)) for one in text.split("\n\n")]


def lines(text: str) -> list[Any]:
    """The text with its line breaks."""
    first, *others = text.split("\n")
    return [first, *(part for one in others for part in (made("br"), one))]


def declaration(correct: Iterable[str], mapping: Mapping[str, str] | None = None, *, cardinality: str, base: str, **facts: str) -> Any:
    """What counts as right; ``facts`` are the mapping's bounds."""
    inside = [made("correctResponse", *(made("value", one) for one in correct))]
    if mapping:
        entries = [made("mapEntry", mapKey=key, mappedValue=value) for key, value in mapping.items()]
        inside.append(made("mapping", *entries, defaultValue="0", **facts))
    return made("responseDeclaration", *inside, identifier="RESPONSE", cardinality=cardinality, baseType=base)


def template(name: str) -> Any:
    return made("responseProcessing", template=TEMPLATES + name)


def share_of(count: int) -> str:
    return f"{1 / count:.7f}".rstrip("0").rstrip(".")


def outcome(name: str, *defaults: str, cardinality: str = "single", base: str = "identifier") -> Any:
    """A variable that processing sets."""
    inside = [made("defaultValue", *(made("value", one) for one in defaults))] if defaults else []
    return made("outcomeDeclaration", *inside, identifier=name, cardinality=cardinality, baseType=base)


def said(text: str, name: str, *, of: str) -> Any:
    """Feedback that is shown while the outcome ``of`` holds this name."""
    return made("modalFeedback", *paragraphs(text), outcomeIdentifier=of, identifier=name, showHide="show")


def variable(name: str) -> Any:
    return made("variable", identifier=name)


def value(text: str, base: str) -> Any:
    return made("baseValue", text, baseType=base)


def put(name: str, what: Any) -> Any:
    return made("setOutcomeValue", what, identifier=name)


def scored(key: Any, body: list[Any], name: str, *, is_told: bool) -> Parts:
    """With the template of this name; written out where options have feedback of their own (``is_told``), which no template sets."""
    if not is_told:
        return Parts([key], body, template(name))
    chosen = put(CHOSEN, variable("RESPONSE"))
    if name == "map_response":
        processing = made("responseProcessing", put("SCORE", made("mapResponse", identifier="RESPONSE")), chosen)
    else:
        right = made("match", variable("RESPONSE"), made("correct", identifier="RESPONSE"))
        points = [put("SCORE", value(one, "float")) for one in ("1", "0")]
        condition = made("responseCondition", made("responseIf", right, points[0]), made("responseElse", points[1]))
        processing = made("responseProcessing", condition, chosen)
    return Parts([key], body, processing, [outcome(CHOSEN, cardinality=key.get("cardinality"))])
