"""Typed numbers and gaps in a text as QTI has them: text entries and inline choices within sentences, gap match, ``equal``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..kinds.choice import LETTERS
from ..kinds.gaps import CHOICE, MARK, NUMBER, TEXT
from ..models import QuestionKind
from . import making
from .gift import as_text
from .making import Answer
from .markup import attribute, below, children, first, inner, made, name_of, text_of
from .numeric import Written, number_of, plain_number, point, read_numeric
from .qti_items import Declaration, Item, number, told_of
from .qti_parts import CHOSEN, Parts, declaration, lines, outcome, paragraphs, put, said, value, variable
from .rows import title_of

ASKED = "Isi bagian yang kosong."
_BRANCHES = ("responseIf", "responseElseIf")


# --- reading ----------------------------------------------------------------------------------------------------------------
def read_numeric_entry(item: Item, asked: str, entry: Any) -> None:
    """A number: its values stand in the processing (``equal``), in the mapping, or only as what is correct."""
    response = attribute(entry, "responseIdentifier")
    key = item.answer_of(entry)
    found = list(_equals(item, response, key))
    if not found:
        best = max(key.mapping.values(), default=0.0)
        fractions = {name: share / best * making.FULL for name, share in key.mapping.items()} if best > 0 else {}
        fractions = dict.fromkeys(key.correct, making.FULL) | fractions
        found = [(Written(Answer(text, fraction), number_of(text), Decimal(0)), None) for text, fraction in fractions.items()]
    read_numeric(item.row, asked, [one for one, _percent in found], feedback=item.feedback)
    for place, (_one, percent) in enumerate(found):
        if percent is not None and len(item.row.question["values"]) == len(found):
            item.row.question["values"][place]["percent"] = plain_number(percent)


def _equals(item: Item, response: str, key: Declaration) -> Iterator[tuple[Written, Decimal | None]]:
    """Each value that this response is compared with, in the order of the processing, and its tolerance in percent."""
    for branch in below(item.element, *_BRANCHES):
        equal = first(branch, "equal")
        if equal is None or response not in [attribute(one, "identifier") for one in children(equal, "variable")]:
            continue
        base = first(equal, "baseValue")
        text = text_of(base).strip() if base is not None else (key.correct or [""])[0]
        points = {attribute(one, "identifier"): text_of(first(one, "baseValue")).strip() for one in children(branch, "setOutcomeValue")}
        mode, tolerance = attribute(equal, "toleranceMode", "exact"), (attribute(equal, "tolerance").split() or ["0"])[0]
        amount = number_of(tolerance)
        fraction = number(points.get("SCORE", "1")) * making.FULL
        answer = Answer(text, fraction, told_of(item, points.get(CHOSEN, "")))
        if mode == "relative":
            yield Written(answer, number_of(text), Decimal(0)), amount
        else:
            yield Written(answer, number_of(text), amount if mode == "absolute" else Decimal(0)), None


def ask_of(body: Any) -> Any:
    """The block that says what is asked of a text with gaps, as we write it; None in other systems' items."""
    return next((one for one in children(body, "div") if attribute(one, "class") == "ask"), None)


def read_gaps(item: Item, body: Any, found: list[Any]) -> None:
    """Entries and choices within sentences. A block of the class «ask» before them is what is asked."""
    ask = ask_of(body)
    making.start(item.row, QuestionKind.GAPS, item.text(ask) if ask is not None else ASKED)
    gaps = [_entry(item, place, one) for place, one in enumerate(found, 1)]
    marks = {id(one): f"{{{{{place}}}}}" for place, one in enumerate(found, 1)}
    item.row.question["passage"] = _passage(item, body, marks, ask)
    item.row.question["gaps"] = gaps
    making.explain(item.row, item.feedback, [])


def _entry(item: Item, place: int, entry: Any) -> dict[str, Any]:
    key, why = item.answer_of(entry), told_of(item, f"g{place}")
    more = {"feedback": why} if why else {}
    if name_of(entry) == "inlineChoiceInteraction":
        options = {attribute(one, "identifier"): item.text(one) for one in children(entry, "inlineChoice")}
        right = [at for at, name in enumerate(options) if name in key.correct[:1]]
        if not right or right[0] >= len(LETTERS):
            item.row.refuse(f"Isian {place}: kunci jawaban (correctResponse) belum ada.")
        return {
            "ask": CHOICE,
            "choices": list(options.values()),
            "key": LETTERS[right[0]] if right and right[0] < len(LETTERS) else "",
        } | more
    if key.base in {"integer", "float"}:
        equal = next(_equals(item, attribute(entry, "responseIdentifier"), key), None)
        amount = number_of(equal[0].answer.text if equal else (key.correct or [""])[0])
        if amount is None:
            item.row.refuse(f"Isian {place}: kuncinya bukan angka.")
            return {"ask": NUMBER} | more
        made_gap: dict[str, Any] = {"ask": NUMBER, "value": plain_number(amount)}
        if equal and equal[1] is not None:
            made_gap["percent"] = plain_number(equal[1])
        elif equal and equal[0].tolerance:
            made_gap["tolerance"] = plain_number(equal[0].tolerance)
        return made_gap | more
    best = max(key.mapping.values(), default=0.0)
    if partial := [title_of(name) for name, share in key.mapping.items() if 0 < share < best]:
        item.row.refuse(f"Isian {place}: nilai sebagian tidak dikenal (“{partial[0]}”).")
    accepted = [*key.correct[:1], *(name for name, share in key.mapping.items() if share == best > 0)]
    return {"ask": TEXT, "accepted": list(dict.fromkeys(one for one in accepted if one))} | more


def _passage(item: Item, body: Any, marks: Mapping[int, str], ask: Any) -> str:
    """The body's text with a mark in place of each gap."""

    def told(element: Any) -> str:
        out = [_plain(element.text)]
        for one in element:
            if id(one) in marks:
                out.append(marks[id(one)])
            elif (
                one is not ask
                and name_of(one)
                and name_of(one) not in {"feedbackBlock", "feedbackInline", "rubricBlock", "gapText", "prompt"}
            ):
                is_known = name_of(one) in {"p", "br", "li", "ul", "ol", "img", "td", "tr", "table"}
                tag = name_of(one) if is_known else "div" if name_of(one) in {"div", "blockquote"} else "span"
                source = f' src="{_plain(attribute(one, "src")).replace(chr(34), "")}"' if tag == "img" else ""
                out.append(f"<{tag}{source}>{told(one)}</{tag}>")
            out.append(_plain(one.tail))
        return "".join(out)

    return as_text(item.row, told(body), is_native=True)


def _plain(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_gap_match(item: Item, body: Any, found: list[Any]) -> None:
    """Texts dragged into gaps: each gap chooses among all texts."""
    interaction = found[0]
    prompt = first(interaction, "prompt")
    making.start(item.row, QuestionKind.GAPS, as_text(item.row, inner(prompt), is_native=True) if prompt is not None else ASKED)
    texts = {attribute(one, "identifier"): item.text(one) for one in children(interaction, "gapText")}
    if any(children(interaction, "gapImg")):
        item.row.refuse("Gambar untuk diseret (gapImg) tidak dikenal di sini. Tulis sebagai teks.")
    holes = below(interaction, "gap")
    key = item.answer_of(interaction)
    right = {pair[1]: pair[0] for one in key.correct or list(key.mapping) if len(pair := one.split()) == 2}
    names = list(texts)
    gaps = []
    for place, hole in enumerate(holes, 1):
        chosen = right.get(attribute(hole, "identifier"), "")
        if chosen not in names or names.index(chosen) >= len(LETTERS):
            item.row.refuse(f"Isian {place}: kunci jawaban (correctResponse) belum ada.")
        letter = LETTERS[names.index(chosen)] if chosen in names[: len(LETTERS)] else ""
        gaps.append({"ask": CHOICE, "choices": list(texts.values()), "key": letter})
    marks = {id(one): f"{{{{{place}}}}}" for place, one in enumerate(holes, 1)}
    item.row.question["passage"] = _passage(item, body, marks, None)
    item.row.question["gaps"] = gaps
    item.row.note("Teks yang diseret menjadi pilihan di setiap isian.")
    making.explain(item.row, item.feedback, [])


# --- writing ----------------------------------------------------------------------------------------------------------------
def _equal(response: str, one: Mapping[str, Any]) -> Any:
    facts = {"toleranceMode": "exact"}
    if one.get("percent"):
        facts = {"toleranceMode": "relative", "tolerance": f"{point(one['percent'])} {point(one['percent'])}"}
    elif one.get("tolerance"):
        facts = {"toleranceMode": "absolute", "tolerance": f"{point(one['tolerance'])} {point(one['tolerance'])}"}
    return made("equal", variable(response), value(point(one["value"]), "float"), **facts)


def numeric_parts(question: Mapping[str, Any]) -> Parts:
    """A typed number; a branch for each value, the one of the most points first where they overlap is the author's order."""
    branches, feedback = [], []
    for place, one in enumerate(question["values"], 1):
        acts = [put("SCORE", value(point(one.get("points", 1)), "float"))]
        if one.get("feedback"):
            acts.append(put(CHOSEN, value(f"v{place}", "identifier")))
            feedback.append(said(one["feedback"], f"v{place}", of=CHOSEN))
        branches.append(made("responseIf" if place == 1 else "responseElseIf", _equal("RESPONSE", one), *acts))
    best = next(one for one in question["values"] if one.get("points", 1) == 1)
    key = declaration([point(best["value"])], cardinality="single", base="float")
    body = [*paragraphs(question["text"]), made("p", made("textEntryInteraction", responseIdentifier="RESPONSE"))]
    outcomes = [outcome(CHOSEN)] if feedback else []
    return Parts([key], body, made("responseProcessing", made("responseCondition", *branches)), outcomes, feedback)


def gaps_parts(question: Mapping[str, Any]) -> Parts:
    """A text with entries and choices in it; each right one adds its share."""
    gaps = question["gaps"]
    share = f"{1 / len(gaps):.7f}"
    declarations, conditions, feedback = [], [], []
    for place, gap in enumerate(gaps, 1):
        key, right = _gap_key(f"RESPONSE{place}", gap)
        more = made("sum", variable("SCORE"), value(share, "float"))
        declarations.append(key)
        conditions.append(made("responseCondition", made("responseIf", right, put("SCORE", more))))
        if gap.get("feedback"):
            feedback.append(said(gap["feedback"], f"g{place}", of=CHOSEN))
    names = [attribute(one, "identifier") for one in feedback]
    outcomes = [outcome(CHOSEN, *names, cardinality="multiple")] if names else []
    body = [made("div", *paragraphs(question["text"]), class_="ask"), *_written_passage(question)]
    return Parts(declarations, body, made("responseProcessing", *conditions), outcomes, feedback)


def _gap_key(name: str, gap: Mapping[str, Any]) -> tuple[Any, Any]:
    """The declaration of a gap, and when it is right."""
    if gap["ask"] == NUMBER:
        key = declaration([point(gap["value"])], cardinality="single", base="float")
        right = _equal(name, gap)
    elif gap["ask"] == CHOICE:
        key = declaration([gap["key"]], cardinality="single", base="identifier")
        right = made("match", variable(name), made("correct", identifier=name))
    else:
        key = declaration(gap["accepted"][:1], dict.fromkeys(gap["accepted"], "1"), cardinality="single", base="string")
        right = made("gt", made("mapResponse", identifier=name), value("0", "float"))
    key.set("identifier", name)
    return key, right


def _written_passage(question: Mapping[str, Any]) -> list[Any]:
    found = []
    for paragraph in question["passage"].split("\n\n"):
        inside: list[Any] = []
        for place, text in enumerate(MARK.split(paragraph)):
            inside += lines(text) if place % 2 == 0 else [_hole(int(text), question["gaps"][int(text) - 1])]
        found.append(made("p", *inside))
    return found


def _hole(place: int, gap: Mapping[str, Any]) -> Any:
    name = f"RESPONSE{place}"
    if gap["ask"] != CHOICE:
        return made("textEntryInteraction", responseIdentifier=name)
    options = [made("inlineChoice", text, identifier=letter) for letter, text in zip(LETTERS, gap["choices"], strict=False)]
    return made("inlineChoiceInteraction", *options, responseIdentifier=name, shuffle="true")
