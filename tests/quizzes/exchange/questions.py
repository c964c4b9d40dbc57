"""Questions of every kind as hypothesis makes them: whatever the kinds accept, with the signs that formats give a meaning."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizzes.kinds import registry
from quizzes.kinds.choice import LETTERS
from quizzes.kinds.gaps import MARK
from quizzes.kinds.short_answer import normalised

SIGNS = "abcXYZ éñ字0123 .,:;=~#{}[]<>&\\\"'%*/|+-@$_?!→ \n"
WORD = st.text("abcdefgh", min_size=1, max_size=6)


def texts(signs: str = SIGNS, longest: int = 30) -> st.SearchStrategy[str]:
    """A text without blanks around it, lines included."""
    return st.text(signs, min_size=1, max_size=longest).map(_tidy).filter(bool)


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


# fmt: off
TRICKS = (
    "<b>tebal</b>", "a &amp; b", "[html]a", "[markdown] b", "%50%x", "=a", "~b", "T", "TRUE", "// x", "::a::b", "$CATEGORY: x", "\\n",
    "a -> b", "'=1", "''", "+1", "@x", "#1", "A) x", "ANSWER: A", "{1:SA:=x}", "*", "a*b", "\\*", "12", "1.500", "true", "{{1}}",
    "_____", "• satu", "---",
    "@@PLUGINFILE@@/a.png", "<img src=a.png>", "\ufeffa", "x | y", "wajib: m", "]]>", "<!-- a -->", "&#x41;",
)
# fmt: on
LINE = st.one_of(texts(SIGNS.replace("\n", "")), st.sampled_from(TRICKS))
TEXT = st.one_of(texts(), st.sampled_from(TRICKS))
TAG = st.text("abc-", min_size=1, max_size=8).map(lambda one: one.strip("-")).filter(lambda one: one and "--" not in one)
NUMBER = st.one_of(st.integers(-9_999, 9_999), st.decimals(-99, 99, places=2).map(float)).map(
    lambda one: int(one) if one == int(one) else one
)


def different(one: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(one, min_size=least, max_size=most, unique_by=lambda text: text.strip().casefold())


@st.composite
def choices(draw: Any, kind: str) -> dict[str, Any]:
    options = draw(different(TEXT, 2, 5))
    letters = LETTERS[: len(options)]
    content: dict[str, Any] = {"text": draw(TEXT), "choices": options, "feedback": draw(TEXT)}
    if kind == "multiple":
        content["key"] = sorted(draw(st.sets(st.sampled_from(letters), min_size=1)))
    else:
        content["key"] = draw(st.sampled_from(letters))
    if kind == "scenario":
        content["scenario"] = draw(TEXT)
    wrong = [one for one in letters if one not in content["key"]]
    return content | draw(options_of(list(letters), wrong))


@st.composite
def options_of(draw: Any, letters: list[str], wrong: list[str]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if said := draw(st.dictionaries(st.sampled_from(letters), TEXT, max_size=3)):
        content["feedback_options"] = {one: said[one] for one in sorted(said, key=letters.index)}
    if wrong and (beliefs := draw(st.dictionaries(st.sampled_from(wrong), TAG, max_size=3))):
        content["misconceptions"] = {one: beliefs[one] for one in sorted(beliefs)}
    return content


@st.composite
def true_false(draw: Any) -> dict[str, Any]:
    key = draw(st.booleans())
    return {"text": draw(TEXT), "key": key, "feedback": draw(TEXT)} | draw(options_of(["true", "false"], [str(not key).lower()]))


SHORT = LINE.filter(lambda one: bool(normalised(one)))


@st.composite
def numeric(draw: Any) -> dict[str, Any]:
    values = [{"value": draw(NUMBER)} | draw(tolerance())]
    for _more in range(draw(st.integers(0, 2))):
        one = {"value": draw(NUMBER)} | draw(tolerance())
        one |= draw(st.sampled_from([{}, {"points": 0.5}, {"points": 0.25}]))
        one |= {"feedback": draw(TEXT)} if draw(st.booleans()) else {}
        values.append(one)
    units = draw(st.sampled_from([[], [("m", 1)], [("m", 1), ("cm", 0.01), ("km", 1000)]]))
    content: dict[str, Any] = {"text": draw(TEXT), "values": values, "feedback": draw(TEXT)}
    if units:
        content["units"] = [{"unit": name, "factor": factor} for name, factor in units]
        content |= {"unit_needed": True} if draw(st.booleans()) else {}
    return content


@st.composite
def tolerance(draw: Any) -> dict[str, Any]:
    return draw(st.sampled_from([{}, {"tolerance": 0.5}, {"tolerance": 2}, {"percent": 5}, {"percent": 2.5}]))


@st.composite
def gaps(draw: Any) -> dict[str, Any]:
    made = []
    for _one in range(draw(st.integers(1, 3))):
        ask = draw(st.sampled_from(["text", "number", "choice"]))
        gap: dict[str, Any] = {"ask": ask}
        if ask == "text":
            gap["accepted"] = draw(different(SHORT, 1, 3))
        elif ask == "number":
            gap |= {"value": draw(NUMBER)} | draw(tolerance())
        else:
            options = draw(different(LINE, 2, 4))
            gap |= {"choices": options, "key": draw(st.sampled_from(LETTERS[: len(options)]))}
        gap |= {"feedback": draw(TEXT)} if draw(st.booleans()) else {}
        made.append(gap)
    around = [draw(WORD) for _one in range(len(made) + 1)]
    passage = "".join(f"{word} {{{{{number}}}}} " for number, word in enumerate(around[:-1], 1)) + around[-1]
    return {"text": draw(TEXT.filter(lambda text: not MARK.search(text))), "passage": passage, "gaps": made, "feedback": draw(TEXT)}


@st.composite
def hotspot(draw: Any) -> dict[str, Any]:
    names = draw(different(LINE, 3, 4))
    shapes = [
        {"shape": "rectangle", "at": [5, 10, 20.5, 30]},
        {"shape": "circle", "at": [50, 50, 12.5]},
        {"shape": "polygon", "at": [0, 0, 25, 0, 25, 40]},
        {"shape": "rectangle", "at": [0, 0, 1, 1]},
    ]
    letters = LETTERS[: len(names)]
    key = draw(st.sampled_from(["A", "B", ["A"], ["A", "B"]]))
    picture = {"file": "layar.webp", "alt": draw(WORD), "address": "/m/0.webp", "width": 200, "height": 200}
    regions = [{"name": name, **shape} for name, shape in zip(names, shapes, strict=False)]
    content = {"text": draw(TEXT), "picture": picture, "regions": regions, "key": key, "feedback": draw(TEXT)}
    return content | draw(options_of(list(letters), [one for one in letters if one not in key]))


CONTENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "single": choices("single"),
    "multiple": choices("multiple"),
    "scenario": choices("scenario"),
    "true_false": true_false(),
    "short_answer": st.fixed_dictionaries({"text": TEXT, "accepted": different(SHORT, 1, 4), "feedback": TEXT}),
    "matching": st.tuples(different(TEXT, 3, 4), different(TEXT, 4, 4), TEXT, TEXT).map(
        lambda made: {
            "text": made[2],
            "pairs": [{"left": left, "right": right} for left, right in zip(made[0], made[1], strict=False)],
            "feedback": made[3],
        }
    ),
    "ordering": st.fixed_dictionaries({"text": TEXT, "order": different(TEXT, 3, 5), "feedback": TEXT}),
    "numeric": numeric(),
    "gaps": gaps(),
    "hotspot": hotspot(),
}


@st.composite
def questions(draw: Any) -> dict[str, Any]:
    """A question of any kind that its kind accepts, with its facts."""
    kind = draw(st.sampled_from(sorted(CONTENTS)))
    content = draw(CONTENTS[kind].filter(lambda content: not registry[kind].problems(content)))
    question: dict[str, Any] = {"kind": kind, "level": draw(st.sampled_from(["easy", "medium", "hard"])), **content}
    if draw(st.booleans()):
        question |= {"code": draw(st.sampled_from(["M1-01", "K-7"])), "lesson": "M1.1", "objective": 2}
    question |= {"category": "Modul 1/Akun = resmi"} if draw(st.booleans()) else {}
    question |= {"tags": ["sandi", "kode [2]: masuk"]} if draw(st.booleans()) else {}
    return question
