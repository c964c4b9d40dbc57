"""What every kind of question can do.

Two languages meet here. *Stored* answers name the parts of a question by their place in its content (0, 1, 2 …), so that they can be
graded again and compared. What a learner's browser sees and sends names them by their place **on the page** (a, b, c … or 1, 2, 3 …),
because the place in the content may be the key itself (ordering, matching). ``order`` is the bridge: ``order[shown] = stored``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from .editor import Editor

Raw = Mapping[str, Sequence[str]]  # what a form posts: every value a list
Content = Mapping[str, Any]
ONE, NOTHING = Decimal(1), Decimal(0)
FIFTH = Decimal("0.00001")
MOST_TEXT = 4_000
MOST_PARTS = 20


class AnswerError(ValueError):
    """This input is no answer to this question; the message is a sentence for the learner."""


def letter(place: int) -> str:
    """0 → "a", 1 → "b" …"""
    return chr(ord("a") + place)


def part(count: int, whole: int) -> Decimal:
    """``count / whole`` as points, 0 to 1, five decimals."""
    return (Decimal(count) / Decimal(whole)).quantize(FIFTH, ROUND_HALF_UP)


def is_text(value: Any, longest: int = MOST_TEXT) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= longest and "\x00" not in value


def text_problems(content: Content, *names: str) -> list[str]:
    """A sentence for each of these keys that does not hold a text."""
    return [f"“{name}” harus berisi teks (paling panjang {MOST_TEXT} huruf)." for name in names if not is_text(content.get(name))]


def list_problems(values: Any, name: str, *, least: int) -> list[str]:
    """A sentence when this is not a list of at least ``least`` different texts."""
    if not isinstance(values, list) or not least <= len(values) <= MOST_PARTS or not all(is_text(value) for value in values):
        return [f"“{name}” harus berupa daftar {least} sampai {MOST_PARTS} teks."]
    if len({value.strip().casefold() for value in values}) != len(values):
        return [f"“{name}” memuat isi yang sama lebih dari sekali."]
    return []


class EditorOf:
    """``kind.editor`` is the form that authors fill in: found when it is asked for, so that kinds need no Django to judge an answer."""

    def __get__(self, one: Kind | None, kind: type[Kind]) -> type[Editor]:
        from .editors import EDITORS  # noqa: PLC0415

        return EDITORS[kind.code]


class Kind:
    """One question of this kind with its content (never changed). Subclasses say the rest."""

    code: ClassVar[str]
    label: ClassVar[str]  # above the question: "Satu jawaban"
    template: ClassVar[str]  # draws the fields of one question
    keys: ClassVar[tuple[str, ...]]  # the content's keys, in the order of the files
    missing: ClassVar[str] = "Pilih satu jawaban, atau lewati dulu"
    target: ClassVar[str] = "j-1"  # where the error summary leads: the first field
    graded_by_person: ClassVar[bool] = False
    editor = EditorOf()

    def __init__(self, content: Content) -> None:
        self.content = content

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        """What is wrong with this content, in sentences; empty when it can be asked."""
        raise NotImplementedError

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        """The order in which the parts are shown: the same for the same seed.

        ``free`` False keeps the author's order where that tells nothing.
        """
        return []

    def clean(self, raw: Raw, order: Sequence[int]) -> Any:
        """The stored answer in what the learner sent; None when it is blank. Raises AnswerError."""
        raise NotImplementedError

    def points(self, answer: Any) -> Decimal | None:
        """0 to 1 by the curriculum's rule; None when a person has to judge it. A blank answer scores 0."""
        raise NotImplementedError

    def correct(self) -> Any:
        """A stored answer that is wholly right; None where only a person can say what is (practical work)."""
        raise NotImplementedError

    def is_whole(self, answer: Any) -> bool:
        """Whether nothing of the answer is left blank."""
        return answer is not None

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        """What the page may show before feedback: the question and the learner's own answer, **never the key**."""
        return {"text": self.content.get("text", ""), "scenario": self.content.get("scenario", "")}

    def review(self, answer: Any, points: Decimal | None) -> dict[str, Any]:
        """What the page may show **with** feedback: ``rows`` of {term, texts, ordered}, ``said`` (one sentence), ``why``, and ``told``:
        what the author says to this very answer, a list of {name, text}."""
        return {"rows": self.rows(answer, points), "said": self.said(answer, points), "why": self.content.get("feedback", ""), "told": []}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        raise NotImplementedError

    def said(self, answer: Any, points: Decimal | None) -> str:
        """The headline of the feedback on an answer that is not wholly right."""
        return "Soal ini tidak dijawab." if answer is None else ""


def dice(seed: str) -> random.Random:
    """Chance that repeats itself for the same seed. The seed never leaves the server."""
    return random.Random(seed)  # noqa: S311


def row(term: str, *texts: str, ordered: bool = False) -> dict[str, Any]:
    return {"term": term, "texts": list(texts), "ordered": ordered}
