"""The bank as its files say it: every question with its place, and what a learner reads in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courses.files import Placed
from courses.proofing import Passage, placed
from courses.reading import CourseFile

from ..kinds import registry
from ..kinds.choice import LETTERS
from ..loading import QUESTION_KEYS
from ..models import Level, QuestionKind

WITH_LETTERS = frozenset({QuestionKind.SINGLE, QuestionKind.SCENARIO, QuestionKind.MULTIPLE})
ONE_LETTER = frozenset({QuestionKind.SINGLE, QuestionKind.SCENARIO})


def _right_values(data: Mapping[str, Any]) -> list[str]:
    """What a number's question holds right: its values and units say nothing in words."""
    return [f"{one['value']}" for one in data["values"] if one.get("points", 1) == 1]


def _right_gaps(data: Mapping[str, Any]) -> list[str]:
    """The text with its gaps filled rightly, and everything else that a gap accepts."""
    right = registry[QuestionKind.GAPS](data).correct()
    words = [gap["choices"][one] if "choices" in gap else str(one) for gap, one in zip(data["gaps"], right, strict=True)]
    return [data["passage"], *words, *(text for gap in data["gaps"] for text in gap.get("accepted", []))]


def _right_regions(data: Mapping[str, Any]) -> list[str]:
    return [data["regions"][LETTERS.index(one)]["name"] for one in data["key"]]


WITH_KEYED_PARTS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    QuestionKind.NUMERIC: _right_values,
    QuestionKind.GAPS: _right_gaps,
    QuestionKind.HOTSPOT: _right_regions,
}


def told_by_answer(data: Mapping[str, Any]) -> list[str]:
    """What is said to those who gave a certain answer."""
    parts = [*data.get("values", []), *data.get("gaps", [])]
    return [*data.get("feedback_options", {}).values(), *(one["feedback"] for one in parts if "feedback" in one)]


@dataclass(frozen=True)
class Item:
    """One question of a module's bank that can be read as its kind asks (``item_problems`` found nothing)."""

    module: str
    data: Placed

    @property
    def code(self) -> str:
        return self.data["code"]

    @property
    def where(self) -> str:
        return self.data.where

    @property
    def kind(self) -> str:
        return self.data["kind"]

    @property
    def level(self) -> str:
        return self.data["level"]

    @property
    def choices(self) -> list[str]:
        """The texts of the lettered options; empty for other kinds."""
        return list(self.data["choices"]) if self.kind in WITH_LETTERS else []

    @property
    def right(self) -> list[int]:
        """The places of the right ones among ``choices``."""
        return [LETTERS.index(letter) for letter in self.data["key"]] if self.kind in WITH_LETTERS else []

    @property
    def answers(self) -> list[str]:
        """What is right, in words, of whatever kind."""
        if self.kind in WITH_LETTERS:
            return [self.choices[place] for place in self.right]
        if self.kind in WITH_KEYED_PARTS:
            return WITH_KEYED_PARTS[self.kind](self.data)
        pairs = [f"{pair['left']} {pair['right']}" for pair in self.data.get("pairs", [])]
        return [*self.data.get("accepted", []), *pairs, *self.data.get("order", [])] or [self.data["text"]]

    @cached_property
    def shown(self) -> list[str]:
        """Every text that the learner sees before answering."""
        parts = [self.data.get("scenario", ""), self.data["text"], self.data.get("passage", ""), *self.choices, *self.data.get("order", [])]
        parts += [text for gap in self.data.get("gaps", []) for text in gap.get("choices", [])]
        parts += [region["name"] for region in self.data.get("regions", [])]
        return [one for one in [*parts, *(side for pair in self.data.get("pairs", []) for side in pair.values())] if one]


def items(course: CourseFile) -> Iterator[tuple[str, Placed]]:
    """Each question as written, with the code of its module."""
    for module in course.modules:
        yield from ((module.code, question) for question in module.questions)


def item_problems(question: Placed) -> list[str]:
    """Why this mapping is no question, in sentences."""
    kind, code = question.get("kind"), question.get("code")
    if not isinstance(code, str) or not code:
        return ["Soal ini tidak memiliki kode."]
    if not isinstance(kind, str) or kind not in registry or kind == QuestionKind.PRACTICAL:
        return [f"Jenis soal {kind!r} tidak dikenal."]
    found = registry[kind].problems(question)
    if question.get("level") not in Level.values:
        found = [*found, f"Tingkat {question.get('level')!r} tidak dikenal; pilih {', '.join(Level.values)}."]
    unknown = sorted(set(question) - {*QUESTION_KEYS, *registry[kind].keys})
    return [*found, *(f"Kunci “{key}” tidak dikenal. Hapus atau betulkan." for key in unknown)]


def item_passages(found: Iterable[Item]) -> Iterator[Passage]:
    """What is read in the questions, before and after the answer."""
    for item in found:
        yield from placed(item.where, *item.shown, item.data["feedback"], *told_by_answer(item.data))


def draws(course: CourseFile) -> Iterator[tuple[Placed, dict[str, Any]]]:
    """Each layer of each quiz: the quiz's mapping, and ``{module, count}``."""
    for activity in [*course.activities, *(one for module in course.modules for one in module.activities)]:
        layers = activity.rest.get("draw")
        for layer in layers if isinstance(layers, list) else []:
            if isinstance(layer, dict) and isinstance(layer.get("module"), str) and type(layer.get("count")) is int:
                yield activity.rest, layer
