"""Several questions on one page (``page_size``): which they are, what a page posts of each, and what is drawn.

The page of a question has the address of its first one. Each question keeps its own sequence, key and base, under names that begin with
its prefix (``s3-``), so that one POST without a script saves them all, and a script saves each by itself at its own address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from accounts.models import User

from . import access, showing
from .models import Attempt, Response


def size(attempt: Attempt) -> int:
    """How many questions a page of this attempt holds."""
    return int(attempt.rules.get("page_size", 1))


def first_of(attempt: Attempt, position: int) -> int:
    """The first question of the page that holds this one."""
    return (position - 1) // size(attempt) * size(attempt) + 1


def places(attempt: Attempt, position: int) -> range:
    """The questions of the page that begins with this one."""
    return range(position, min(position + size(attempt), attempt.rules["questions"] + 1))


def prefix(position: int) -> str:
    return f"s{position}-"


def posted(post: QueryDict, position: int) -> QueryDict:
    """What the page posted for one question, with the names that one question alone has."""
    start, found = prefix(position), QueryDict(mutable=True)
    for name, values in post.lists():
        if name.startswith(start):
            found.setlist(name[len(start) :], values)
    if "saat" in post:
        found.setlist("saat", post.getlist("saat"))
    return found


def page_of(responses: Sequence[Response], errors: Mapping[int, str], kept: Mapping[int, str]) -> dict[str, Any]:
    """All that a page of several questions draws (see ``showing.question`` for each part). ``errors`` and ``kept`` by position."""
    attempt, start = responses[0].attempt, responses[0].position
    parts = [part_of(one, error=errors.get(one.position, ""), kept=kept.get(one.position, "")) for one in responses]
    total, last = attempt.rules["questions"], responses[-1].position
    return {
        "parts": parts,
        "first": start,
        "last": last,
        "total": total,
        "number": start,
        "previous": start - 1,
        "previous_first": start - size(attempt),
        "is_last": last == total,
        "next_number": last + 1,
        "clock": showing.clock_of(attempt),
        "errors": [(part, part["error"]) for part in parts if part["error"]],
        "has_errors": bool(errors),
    }


def part_of(response: Response, *, error: str = "", kept: str = "") -> dict[str, Any]:
    """One question as a part of its page."""
    return showing.question(response, error=error) | {"prefix": prefix(response.position), "under": True, "kept": kept}


def own_page(user: User, attempt_id: int, position: int) -> list[Response]:
    """The questions of the page that begins here, of this person's own attempt; otherwise 404."""
    head = access.own_question(user, attempt_id, position)
    rest = [access.own_question(user, attempt_id, number) for number in places(head.attempt, position)[1:]]
    for one in rest:
        one.attempt = head.attempt
    return [head, *rest]
