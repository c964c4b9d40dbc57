"""Our questions as Moodle XML; texts as ``plain_text``, so that nothing in them is taken for HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..kinds.choice import LETTERS
from ..models import QuestionKind
from . import cloze, numeric, tags
from .markup import made, written
from .rows import title_of

Question = Mapping[str, Any]


def left_out(question: Question) -> str:
    """Why Moodle XML cannot say this question; empty when it can."""
    if question["kind"] not in _WRITERS:
        return "Moodle XML tidak mengenal jenis ini"
    if question["kind"] == QuestionKind.GAPS:
        return cloze.left_out(question)
    if question["kind"] == QuestionKind.SHORT_ANSWER and any("\\*" in one for one in question["accepted"]):
        return "Moodle membaca \\* dalam jawaban sebagai tanda bintang"
    if question["kind"] == QuestionKind.NUMERIC:
        return numeric.left_out(question)
    return tags.one_text_problem(question)


def write(questions: Iterable[Question]) -> bytes:
    """The file of these questions, each of which Moodle XML can say. UTF-8."""
    root = made("quiz")
    category = ""
    for question in questions:
        here = question.get("category", "")
        if here != category:
            path = f"$course$/top/{here}" if here else "$course$/top"
            root.append(made("question", made("category", made("text", path)), type="category"))
            category = here
        root.append(_question(question))
    return written(root)


def _question(question: Question) -> Any:
    kind, write_kind = _WRITERS[question["kind"]]
    code = question.get("code", "")
    text = cloze.written(question) if question["kind"] == QuestionKind.GAPS else tags.one_text(question)
    element = made(
        "question",
        made("name", made("text", code or title_of(question["text"]))),
        _text("questiontext", text),
        _text("generalfeedback", question["feedback"]),
        made("defaultgrade", "1"),
        made("penalty", "0"),
        made("hidden", "0"),
        *([made("idnumber", code)] if code else []),
        type=kind,
    )
    for one in write_kind(question):
        element.append(one)
    element.append(made("tags", *(made("tag", made("text", one)) for one in tags.written(question))))
    return element


def _text(name: str, text: str, *inside: Any, **facts: object) -> Any:
    return made(name, made("text", text), *inside, format="plain_text", **facts)


def _answer(text: str, fraction: str, feedback: str = "", *inside: Any) -> Any:
    return made("answer", made("text", text), _text("feedback", feedback), *inside, fraction=fraction, format="plain_text")


def _choices(question: Question) -> list[Any]:
    several, said = question["kind"] == QuestionKind.MULTIPLE, question.get("feedback_options", {})
    share = f"{100 / len(question['key']):.5f}".rstrip("0").rstrip(".") if several else "100"
    answers = []
    for letter, text in zip(LETTERS, question["choices"], strict=False):
        fraction = share if letter in question["key"] else f"-{share}" if several else "0"
        answers.append(_answer(text, fraction, said.get(letter, "")))
    return [made("single", str(not several).lower()), made("shuffleanswers", "true"), made("answernumbering", "ABCD"), *answers]


def _true_false(question: Question) -> list[Any]:
    said = question.get("feedback_options", {})
    return [_answer(word, "100" if question["key"] is (word == "true") else "0", said.get(word, "")) for word in ("true", "false")]


def _short_answer(question: Question) -> list[Any]:
    return [made("usecase", "0"), *(_answer(text.replace("*", "\\*"), "100") for text in question["accepted"])]


def _matching(question: Question) -> list[Any]:
    pairs = [_text("subquestion", one["left"], made("answer", made("text", one["right"]))) for one in question["pairs"]]
    return [made("shuffleanswers", "true"), *pairs]


def _ordering(question: Question) -> list[Any]:
    settings = {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0", "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST"}
    answers = [
        made("answer", made("text", text), fraction=str(place), format="plain_text") for place, text in enumerate(question["order"], 1)
    ]
    return [*(made(name, value) for name, value in settings.items()), *answers]


def _numeric(question: Question) -> list[Any]:
    answers = [
        _answer(
            numeric.point(one["value"]), numeric.fraction_of(one), one.get("feedback", ""), made("tolerance", numeric.tolerance_of(one))
        )
        for one in question["values"]
    ]
    units = [
        made("unit", made("multiplier", numeric.multiplier_of(one["factor"])), made("unit_name", one["unit"]))
        for one in question.get("units", [])
    ]
    needed = question.get("unit_needed")
    graded = [made("unitgradingtype", "1" if needed else "0"), made("unitpenalty", "1" if needed else "0"), made("showunits", "0")]
    return [*answers, *([made("units", *units), *graded] if units else [])]


_WRITERS: dict[str, tuple[str, Callable[[Question], list[Any]]]] = {
    QuestionKind.SINGLE: ("multichoice", _choices),
    QuestionKind.SCENARIO: ("multichoice", _choices),
    QuestionKind.MULTIPLE: ("multichoice", _choices),
    QuestionKind.TRUE_FALSE: ("truefalse", _true_false),
    QuestionKind.SHORT_ANSWER: ("shortanswer", _short_answer),
    QuestionKind.MATCHING: ("matching", _matching),
    QuestionKind.ORDERING: ("ordering", _ordering),
    QuestionKind.NUMERIC: ("numerical", _numeric),
    QuestionKind.GAPS: ("multianswer", lambda _question: []),
}
