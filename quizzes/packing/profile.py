"""Questions in the QTI 1.2.1 profile of Common Cartridge 1.3: choices, true or false, several answers, a line to fill in.

What the profile cannot say (numbers with tolerances, gaps, pairs, orders, hot spots, practical work) is left out and named. The profile
knows no drawing by chance either: an assessment asks what one draw of the quiz would ask, and the bank holds them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from courses.packing.contents import Question, Quiz
from courses.packing.xml import Element, element, written

from ..kinds import registry
from ..models import QuestionKind

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PROFILES = {
    QuestionKind.SINGLE: "cc.multiple_choice.v0p1",
    QuestionKind.SCENARIO: "cc.multiple_choice.v0p1",
    QuestionKind.TRUE_FALSE: "cc.true_false.v0p1",
    QuestionKind.MULTIPLE: "cc.multiple_response.v0p1",
    QuestionKind.SHORT_ANSWER: "cc.fib.v0p1",
}


def assessment(quiz: Quiz) -> tuple[bytes | None, list[str]]:
    """The quiz with the questions of one draw; None (and told) when the profile can say none of them."""
    known = {one.code: one for one in quiz.questions if one.kind in PROFILES}
    left = [one for one in quiz.questions if one.kind not in PROFILES]
    told = []
    if left:
        kinds = sorted({registry[one.kind].label.lower() for one in left})
        told.append(
            f"{quiz.code} {quiz.title}: {len(left)} soal tidak dapat dikatakan dalam Common Cartridge "
            f"({', '.join(kinds)}) dan tidak ikut: {', '.join(one.code for one in left)}."
        )
    drawn = _drawn(quiz, known)
    wanted = sum(layer["count"] for layer in quiz.layers)
    if not drawn:
        return None, [*told, f"{quiz.code} {quiz.title}: kuis ini tidak ikut, karena tidak satu pun soalnya dapat dibawa."]
    if len(known) > len(drawn):
        kept = f"Kuisnya memuat {len(drawn)} soal tetap; {len(known)} soal ada di bank."
        told.append(f"{quiz.code}: Common Cartridge tidak mengenal soal acak. {kept}")
    if len(drawn) < wanted:
        told.append(f"{quiz.code}: di portal kuis ini berisi {wanted} soal, di sini {len(drawn)}.")
    facts = [
        ("cc_profile", "cc.exam.v0p1"),
        ("qmd_assessmenttype", "Examination"),
        ("qmd_scoretype", "Percentage"),
        ("qmd_feedbackpermitted", "Yes"),
        ("qmd_hintspermitted", "No"),
        ("qmd_solutionspermitted", "Yes"),
        ("cc_maxattempts", "unlimited"),
    ]
    section = element("section", *(_item(known[code], quiz.ident) for code in drawn), ident="root_section")
    rubric = [element("rubric", element("material", _text(quiz.intro)))] if quiz.intro else []
    body = element("assessment", _metadata(facts), *rubric, section, ident=quiz.ident, title=quiz.title)
    return _document(body), told


def bank(ident: str, questions: Iterable[Question]) -> bytes | None:
    """A question bank of all that the profile can say; None when that is nothing."""
    rows = [_item(one, "bank") for one in questions if one.kind in PROFILES]
    return _document(element("objectbank", *rows, ident=ident)) if rows else None


def _drawn(quiz: Quiz, known: Mapping[str, Question]) -> list[str]:
    """What one draw asks: of each layer the first by code that none before it took."""
    taken: list[str] = []
    for layer in quiz.layers:
        free = [code for code in layer["from"] if code in known and code not in taken]
        taken += free[: layer["count"]]
    return taken


def _document(body: Element) -> bytes:
    return written(element("questestinterop", body, xmlns=QTI))


def _metadata(facts: Iterable[tuple[str, str]]) -> Element:
    rows = [element("qtimetadatafield", element("fieldlabel", name), element("fieldentry", value)) for name, value in facts]
    return element("qtimetadata", *rows)


def _text(text: str) -> Element:
    return element("mattext", text, texttype="text/plain")


def _item(question: Question, within: str) -> Element:
    content = question.content
    text = "\n\n".join(filter(None, (content.get("scenario", ""), content["text"])))
    is_choice = question.kind != QuestionKind.SHORT_ANSWER
    parts = _choice_parts(question) if is_choice else _typed_parts(question)
    facts = [("cc_profile", PROFILES[QuestionKind(question.kind)]), ("cc_question_category", question.code)]
    return element(
        "item",
        element("itemmetadata", _metadata(facts)),
        element("presentation", element("material", _text(text)), parts[0]),
        element("resprocessing", _outcomes(), *parts[1]),
        *parts[2],
        ident=f"{within}-{question.code}",
        title=question.code,
    )


def _outcomes() -> Element:
    return element("outcomes", element("decvar", varname="SCORE", vartype="Decimal", minvalue="0", maxvalue="100"))


def _choice_parts(question: Question) -> tuple[Element, list[Element], list[Element]]:
    one: Any = registry[question.kind](question.content)
    right = one.correct()
    right = right if isinstance(right, list) else [right]
    labels = [element("response_label", element("material", _text(text)), ident=f"C{place}") for place, text in enumerate(one.texts(), 1)]
    response = element(
        "response_lid",
        element("render_choice", *labels),
        ident="RESPONSE",
        rcardinality="Multiple" if one.several else "Single",
    )
    told = question.content.get("feedback_options", {})
    names = one.options(question.content)
    conditions, feedback = [_always()], [_feedback("general_fb", str(question.content.get("feedback", "")))]
    for name, why in told.items():
        place = names.index(name) + 1
        condition = element("conditionvar", _is(f"C{place}"))
        conditions.append(element("respcondition", condition, _shows(f"C{place}_fb"), **{"continue": "Yes"}))
        feedback.append(_feedback(f"C{place}_fb", str(why)))
    if one.several:
        every = [_is(f"C{place + 1}") if place in right else element("not", _is(f"C{place + 1}")) for place in range(len(labels))]
        variable = element("conditionvar", element("and", *every))
    else:
        variable = element("conditionvar", _is(f"C{right[0] + 1}"))
    conditions.append(element("respcondition", variable, element("setvar", "100", action="Set", varname="SCORE"), **{"continue": "No"}))
    return response, conditions, feedback


def _typed_parts(question: Question) -> tuple[Element, list[Element], list[Element]]:
    blank = element("render_fib", prompt="Dashline")
    response = element("response_str", blank, ident="RESPONSE", rcardinality="Single")
    rows = [element("varequal", text, respident="RESPONSE", case="No") for text in question.content["accepted"]]
    score = element("setvar", "100", action="Set", varname="SCORE")
    right = element("respcondition", element("conditionvar", *rows), score, **{"continue": "No"})
    feedback = [_feedback("general_fb", str(question.content.get("feedback", "")))]
    return response, [_always(), right], feedback


def _is(name: str) -> Element:
    return element("varequal", name, respident="RESPONSE")


def _always() -> Element:
    return element("respcondition", element("conditionvar", element("other")), _shows("general_fb"), **{"continue": "Yes"})


def _shows(name: str) -> Element:
    return element("displayfeedback", feedbacktype="Response", linkrefid=name)


def _feedback(ident: str, text: str) -> Element:
    return element("itemfeedback", element("flow_mat", element("material", _text(text or "-"))), ident=ident)
