"""Answers for the demo and for tests: what a form posts to answer a question rightly or wrongly, in the names of its page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from . import attempts
from .kinds import correct_answer, kind_of, letter
from .models import Attempt, Response

LETTERS = "ABCDEFGH"
Posted = dict[str, list[str]]


def right(response: Response) -> Posted:
    """Answers this question rightly."""
    content, order = response.question_version.content, list(response.order)
    match response.question_version.kind:
        case "single" | "scenario":
            return {"j": [letter(order.index(LETTERS.index(content["key"])))]}
        case "multiple":
            return {"j": [letter(order.index(LETTERS.index(one))) for one in content["key"]]}
        case "true_false":
            return {"j": ["a" if content["key"] else "b"]}
        case "short_answer":
            return {"j": [content["accepted"][0]]}
        case "matching":
            return {f"p{number}": [letter(order.index(number - 1))] for number in range(1, len(order) + 1)}
        case "ordering":
            return {"urut": [str(order.index(stored) + 1) for stored in range(len(order))]}
        case "numeric":
            return {"j": [correct_answer("numeric", content)]}
        case "gaps":
            return _filled(kind_of(response.question_version), correct_answer("gaps", content), order)
        case "hotspot":
            return {"j": [letter(order.index(one)) for one in correct_answer("hotspot", content)]}
        case kind:
            raise ValueError(f"no right answer to {kind}")


def wrong(response: Response) -> Posted:
    """Answers this question with 0 points (a short answer waits for a person instead)."""
    content, order = response.question_version.content, list(response.order)
    match response.question_version.kind:
        case "single" | "scenario":
            key = LETTERS.index(content["key"])
            return {"j": [letter(next(place for place, stored in enumerate(order) if stored != key))]}
        case "multiple":
            keys = [LETTERS.index(one) for one in content["key"]]
            return {"j": [letter(next(place for place, stored in enumerate(order) if stored not in keys))]}
        case "true_false":
            return {"j": ["b" if content["key"] else "a"]}
        case "short_answer":
            return {"j": ["sama sekali lain"]}
        case "matching":
            return {f"p{number}": [letter(order.index(number % len(order)))] for number in range(1, len(order) + 1)}
        case "ordering":
            return {"urut": [str(order.index(stored) + 1) for stored in reversed(range(len(order)))]}
        case "numeric":
            return {"j": [f"-987654,321 {content['units'][0]['unit'] if 'units' in content else ''}".strip()]}
        case "gaps":
            gaps, right_ones = content["gaps"], correct_answer("gaps", content)
            others = [(right_ones[at] + 1) % len(one["choices"]) if "choices" in one else "-987654,321" for at, one in enumerate(gaps)]
            return _filled(kind_of(response.question_version), others, order)
        case "hotspot":
            keys = correct_answer("hotspot", content)
            return {"j": [letter(next(place for place, stored in enumerate(order) if stored not in keys))]}
        case kind:
            raise ValueError(f"no wrong answer to {kind}")


def _filled(kind: Any, answer: list[Any], order: list[int]) -> Posted:
    """The form's fields for these stored answers of a text's gaps."""
    orders = kind.orders(order)
    given = [letter(orders[at].index(one)) if isinstance(one, int) else one for at, one in enumerate(answer)]
    return {f"g{number}": [one] for number, one in enumerate(given, 1)}


def save(response: Response, raw: Posted, *, sequence: int | None = None, key: str = "", **words: Any) -> attempts.Saved:
    """Save by the real verb as the attempt's own learner; the next sequence and a new key unless told otherwise."""
    response.refresh_from_db()
    return attempts.save_answer(
        response.attempt.enrolment.learner,
        response.attempt_id,
        response.position,
        raw,
        sequence=response.sequence + 1 if sequence is None else sequence,
        key=key or uuid.uuid4().hex,
        **words,
    )


def answer_all(attempt: Attempt, how: Callable[[Response], Posted] = right, *, but: tuple[str, ...] = ()) -> None:
    """Answer every question (``right`` or ``wrong``), leaving out kinds in ``but``."""
    for response in attempt.responses.select_related("question_version", "attempt__enrolment__learner"):
        if response.question_version.kind not in but:
            save(response, how(response))
