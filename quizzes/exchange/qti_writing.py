"""Our questions as a QTI package: an item each, 2.1 or 3.0, and a manifest that carries tags as keywords."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..kinds.choice import LETTERS
from ..models import QuestionKind
from . import packages, qti_gaps, qti_spots, tags
from .markup import made, written
from .qti import MANIFEST
from .qti_parts import CHOSEN, TEMPLATES, Parts, declaration, lines, outcome, paragraphs, said, scored, share_of, template
from .rows import title_of

Question = Mapping[str, Any]
SPACES = {"2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1", "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
TYPES = {"2.1": "imsqti_item_xmlv2p1", "3.0": "imsqti_item_xmlv3p0"}
CONTENT_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
METADATA = "http://ltsc.ieee.org/xsd/LOM"
_PLAIN_HTML = frozenset({"p", "br", "div", "img", "object", "span", "strong", "em"})
_QTI3_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"


def left_out(question: Question) -> str:
    """Why QTI cannot say this question; empty when it can."""
    if question["kind"] not in WRITERS:
        return "QTI tidak mengenal jenis ini"
    return "QTI tidak mengenal satuan" if question.get("units") else ""


def write(questions: Iterable[Question], version: str = "2.1", pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The package of these questions, each of which QTI can say. ``pictures``: those that hot spots stand on, by file name."""
    files: dict[str, bytes] = {}
    resources = []
    for number, question in enumerate(questions, 1):
        name = f"item-{number:04d}.xml"
        content = item(question, version)
        words = [f"kategori:{question['category']}"] if question.get("category") else []
        keywords = [made("keyword", made("string", one, language="id")) for one in [*words, *_tags(question)]]
        general = made("lom", made("general", *keywords), xmlns=METADATA)
        picture = question.get("picture", {}).get("file", "")
        used = [picture] if picture in (pictures or {}) else []
        resource = made("resource", identifier=f"R{number}", type=TYPES[version], href=name)
        if keywords:
            resource.append(made("metadata", general))
        for file in [name, *used]:
            resource.append(made("file", href=file))
        resources.append(resource)
        files[name] = content
        files |= {one: (pictures or {})[one] for one in used}
    manifest = made(
        "manifest",
        made("metadata", made("schema", "QTIv3.0 Package" if version == "3.0" else "QTIv2.1 Package"), made("schemaversion", "1.0.0")),
        made("organizations"),
        made("resources", *resources),
        xmlns=CONTENT_PACKAGE,
        identifier="linimasa-soal",
    )
    return packages.pack({MANIFEST: written(manifest), **files})


def _tags(question: Question) -> list[str]:
    """A scenario has its own block here, so it needs no tag."""
    return [one for one in tags.written(question) if one != f"jenis:{QuestionKind.SCENARIO.value}"]


def item(question: Question, version: str = "2.1") -> bytes:
    """One item. UTF-8."""
    parts = WRITERS[question["kind"]](question)
    code = question.get("code", "")
    outcomes = [outcome("SCORE", base="float"), *parts.outcomes, outcome("FEEDBACK", "general")]
    scenario = [made("div", *paragraphs(question["scenario"]), class_="scenario")] if question.get("scenario") else []
    root = made(
        "assessmentItem",
        *parts.declarations,
        *outcomes,
        made("itemBody", *scenario, *parts.body),
        parts.processing,
        said(question["feedback"], "general", of="FEEDBACK"),
        *parts.feedback,
        identifier="i-" + (re.sub(r"[^A-Za-z0-9._-]", "-", code) or "soal"),
        title=title_of(code or question["text"]),
        adaptive="false",
        timeDependent="false",
        **({"label": code} if code else {}),
    )
    if version == "3.0":
        _as_version_3(root)
    root.set("xmlns", SPACES[version])
    return written(root, indent=False)


def _as_version_3(element: Any) -> None:
    """QTI 3 says «qti-simple-choice response-identifier» where QTI 2 says «simpleChoice responseIdentifier»."""
    for one in element.iter():
        if one.tag not in _PLAIN_HTML:
            one.tag = "qti-" + _dashed(one.tag)
            for name in list(one.attrib):
                one.set(_dashed(name), one.attrib.pop(name).replace(TEMPLATES, _QTI3_TEMPLATES))


def _dashed(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def _choices(question: Question) -> Parts:
    several, told = question["kind"] == QuestionKind.MULTIPLE, question.get("feedback_options", {})
    options = [
        _option("simpleChoice", letter, text, told.get(letter, "")) for letter, text in zip(LETTERS, question["choices"], strict=False)
    ]
    body = [*paragraphs(question["text"]), made("choiceInteraction", *options, **_choice_facts(several))]
    if not several:
        return scored(declaration([question["key"]], cardinality="single", base="identifier"), body, "match_correct", is_told=bool(told))
    share = share_of(len(question["key"]))
    mapping = {letter: share if letter in question["key"] else f"-{share}" for letter in LETTERS[: len(options)]}
    right = declaration(question["key"], mapping, cardinality="multiple", base="identifier", lowerBound="0")
    return scored(right, body, "map_response", is_told=bool(told))


def _choice_facts(several: bool) -> dict[str, str]:
    return {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "0" if several else "1"}


def _option(tag: str, name: str, text: str, why: str = "", **facts: str) -> Any:
    inside = [made("feedbackInline", *lines(why), outcomeIdentifier=CHOSEN, identifier=name, showHide="show")] if why else []
    return made(tag, *lines(text), *inside, identifier=name, **facts)


def _true_false(question: Question) -> Parts:
    told = question.get("feedback_options", {})
    options = [_option("simpleChoice", name, text, told.get(name, "")) for name, text in (("true", "Benar"), ("false", "Salah"))]
    facts = _choice_facts(several=False) | {"shuffle": "false"}
    body = [*paragraphs(question["text"]), made("choiceInteraction", *options, **facts)]
    key = declaration([str(question["key"]).lower()], cardinality="single", base="identifier")
    return scored(key, body, "match_correct", is_told=bool(told))


def _short_answer(question: Question) -> Parts:
    accepted = question["accepted"]
    key = declaration(accepted[:1], dict.fromkeys(accepted, "1"), cardinality="single", base="string")
    body = [*paragraphs(question["text"]), made("p", made("textEntryInteraction", responseIdentifier="RESPONSE"))]
    return Parts([key], body, template("map_response"))


def _matching(question: Question) -> Parts:
    pairs = question["pairs"]
    left = [_option("simpleAssociableChoice", f"L{place}", one["left"], matchMax="1") for place, one in enumerate(pairs, 1)]
    right = [_option("simpleAssociableChoice", f"R{place}", one["right"], matchMax="1") for place, one in enumerate(pairs, 1)]
    correct = [f"L{place} R{place}" for place in range(1, len(pairs) + 1)]
    share = share_of(len(pairs))
    key = declaration(correct, dict.fromkeys(correct, share), cardinality="multiple", base="directedPair", upperBound="1")
    sets = [made("simpleMatchSet", *one) for one in (left, right)]
    interaction = made("matchInteraction", *sets, responseIdentifier="RESPONSE", shuffle="true", maxAssociations=str(len(pairs)))
    return Parts([key], [*paragraphs(question["text"]), interaction], template("map_response"))


def _ordering(question: Question) -> Parts:
    names = [f"S{place}" for place in range(1, len(question["order"]) + 1)]
    options = [_option("simpleChoice", name, text) for name, text in zip(names, question["order"], strict=True)]
    interaction = made("orderInteraction", *options, responseIdentifier="RESPONSE", shuffle="true")
    key = declaration(names, cardinality="ordered", base="identifier")
    return Parts([key], [*paragraphs(question["text"]), interaction], template("match_correct"))


WRITERS: dict[str, Callable[[Question], Parts]] = {
    QuestionKind.SINGLE: _choices,
    QuestionKind.SCENARIO: _choices,
    QuestionKind.MULTIPLE: _choices,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT_ANSWER: _short_answer,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.NUMERIC: qti_gaps.numeric_parts,
    QuestionKind.GAPS: qti_gaps.gaps_parts,
    QuestionKind.HOTSPOT: qti_spots.parts,
}
