"""The bank as its files say it: every question with its place, and what a learner reads in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        pairs = [f"{pair['left']} {pair['right']}" for pair in self.data.get("pairs", [])]
        return [*self.data.get("accepted", []), *pairs, *self.data.get("order", [])] or [self.data["text"]]

    @cached_property
    def shown(self) -> list[str]:
        """Every text that the learner sees before answering."""
        parts = [self.data.get("scenario", ""), self.data["text"], *self.choices, *self.data.get("order", [])]
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
        yield from placed(item.where, *item.shown, item.data["feedback"])


def draws(course: CourseFile) -> Iterator[tuple[Placed, dict[str, Any]]]:
    """Each layer of each quiz: the quiz's mapping, and ``{module, count}``."""
    for activity in [*course.activities, *(one for module in course.modules for one in module.activities)]:
        layers = activity.rest.get("draw")
        for layer in layers if isinstance(layers, list) else []:
            if isinstance(layer, dict) and isinstance(layer.get("module"), str) and type(layer.get("count")) is int:
                yield activity.rest, layer
