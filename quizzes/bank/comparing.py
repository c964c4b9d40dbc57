"""Two versions of a question beside each other: which parts differ, word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from courses.comparing import Piece, word_pieces

from ..comparing import CONTENT_WORDS

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One part that differs: «pertanyaan», with the words added and removed."""

    word: str
    pieces: list[Piece]


def differences(old: Data, new: Data) -> list[Difference]:
    """What ``new`` changes against ``old``, part by part in the order of the files; empty when they say the same."""
    keys = [key for key in CONTENT_WORDS if key in old or key in new]
    keys += [key for key in sorted({*old, *new}) if key not in CONTENT_WORDS]
    return [
        Difference(CONTENT_WORDS.get(key, key), word_pieces(plain(old.get(key)), plain(new.get(key))))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def plain(value: Any) -> str:
    """Anything that a content may hold, as lines of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Benar" if value else "Salah"
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_inline(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "\n".join(_inline(one) for one in value)
    return str(value)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return " = ".join(_inline(one) for one in value.values())
    if isinstance(value, list):
        return ", ".join(_inline(one) for one in value)
    return plain(value)
