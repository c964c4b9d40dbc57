"""What a browser sends with an answer, read and bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from .kinds import AnswerError, Raw

WRITERS = re.compile(r"[a-z0-9]{8}(,[a-z0-9]{8}){0,7}")
KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
HIGHEST = 1_000_000
RELOAD = "Halaman ini tidak lengkap. Muat ulang halaman, lalu jawab lagi."


@dataclass(frozen=True)
class Sent:
    """``raw`` the answer's own fields; ``step``: an arrow was pressed; ``skip``: the learner goes on without answering; ``checks``:
    the answer is to be locked and explained.

    ``base`` and ``writers`` as ``attempts.save_answer`` takes them.
    """

    raw: Raw
    sequence: int
    key: str
    given_at: datetime | None
    flag: bool = False
    step: bool = False
    skip: bool = False
    checks: bool = False
    base: int | None = None
    writers: frozenset[str] = frozenset()


def read(post: QueryDict) -> Sent:
    """What was posted for one question. Raises AnswerError with a sentence when the page's own fields are damaged."""
    sequence, key = _number(post.get("urutan", "")), post.get("kunci", "")
    if not sequence or not KEY.fullmatch(key):
        raise AnswerError(RELOAD)
    base, writers = post.get("dasar"), post.get("asal", "")
    if base is not None and _number(base) is None or writers and not WRITERS.fullmatch(writers):
        raise AnswerError(RELOAD)
    return Sent(
        raw=dict(post.lists()),
        sequence=sequence,
        key=key,
        given_at=moment(post.get("saat", "")),
        flag="tandai" in post,
        step="naik" in post or "turun" in post,
        skip="lewati" in post,
        checks="periksa" in post,
        base=None if base is None else _number(base),
        writers=writers_of(key, writers),
    )


def writers_of(key: str, others: str) -> frozenset[str]:
    """The pages that a save goes on for: the one that made its key, and those it names."""
    return frozenset({*others.split(","), key.partition("-")[0]} - {""})


def _number(text: str) -> int | None:
    """A count of saves, 0 and above; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 7 and int(text) <= HIGHEST else None


def moment(text: str) -> datetime | None:
    """When the device says the answer was given: only a hint, so anything else is nothing."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return None if found is None or timezone.is_naive(found) or not 2020 <= found.year <= 2100 else found
