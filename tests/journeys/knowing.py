"""Someone who has read the course: finds the right answer, or a wrong one, by the words that stand on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from courses.checks import read_checks
from quizzes.demo_words import DOUBTFUL, WRONG_KEY
from tests.journeys.reading import Question

CONTENT = Path(__file__).resolve().parents[2] / "content" / "lini-masa"
ALL_KINDS = {"single", "multiple", "true_false", "scenario", "short_answer", "matching", "ordering"}
Answer = dict[str, list[str]]


def _bank() -> list[dict[str, Any]]:
    """The curriculum's questions, and the two that the demo's author added to it."""
    files = sorted(CONTENT.glob("*/questions.yaml"))
    own = [{"code": "", "kind": "single", **one} for one in (WRONG_KEY, DOUBTFUL)]
    return [one for file in files for one in yaml.safe_load(file.read_text())] + own


BANK = _bank()


def first_check(file: str) -> tuple[str, str, str]:
    """The first inline check of a lesson in the files: its key, the words of its right option and of a wrong one."""
    check = read_checks((CONTENT / file).read_text())[0]
    right = check["choices"][check["answer"]]["text"]
    return check["key"], right, next(one["text"] for one in check["choices"] if one["text"] != right)


def _words(text: str) -> str:
    return " ".join(str(text).split())


def source(shown: Question) -> dict[str, Any]:
    """The question in the curriculum that these words belong to."""
    found = [one for one in BANK if _words(one["text"]) == shown.text]
    if len(found) > 1:
        found = [one for one in found if set(map(_words, one.get("choices", []))) == set(shown.choices.values())]
    assert len(found) == 1, (shown, found)
    return found[0]


def right(shown: Question) -> Answer:
    """What the page's form carries when this question is answered rightly. Steps come in the order in which they belong."""
    known = source(shown)
    match known["kind"]:
        case "short_answer":
            return {"j": [str(known["accepted"][0])]}
        case "matching":
            pairs = {_words(one["left"]): _words(one["right"]) for one in known["pairs"]}
            letters = {text: letter for letter, text in shown.examples.items()}
            return {name: [letters[pairs[text]]] for name, text in shown.rows.items()}
        case "ordering":
            values = {text: value for value, text in shown.steps}
            return {"urut": [values[_words(one)] for one in known["order"]]}
        case "true_false":
            return {"j": [value for value, text in shown.choices.items() if (text == "Benar") == known["key"]]}
    keys = known["key"] if isinstance(known["key"], list) else [known["key"]]
    wanted = {_words(known["choices"]["ABCDEFGH".index(key)]) for key in keys}
    return {"j": [value for value, text in shown.choices.items() if text in wanted]}


def wrong(shown: Question) -> Answer:
    """Chooses what is not right where there are choices; what is written, matched or ordered stays right."""
    good = right(shown)
    if not shown.choices:
        return good
    return {"j": [next(value for value in shown.choices if value not in good["j"])]}
