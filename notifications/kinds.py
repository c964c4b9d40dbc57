"""The kinds of message: what each room can tell people. Rooms to the right register theirs in ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Message


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    ``template``: ``messages/<name>`` (``.txt``; the first line is the subject). ``facts(message)`` adds to the template's context what
    is read from the database at the moment of sending. For reminders ``still_due(message)`` is asked in the transaction that claims
    the message, right before it leaves; False cancels it. ``why`` says in one sentence what a reminder is sent for.
    """

    name: str
    template: str = ""
    label: str = ""
    is_reminder: bool = False
    still_due: Callable[[Message], bool] | None = None
    facts: Callable[[Message], dict[str, Any]] | None = None
    why: str = ""
    is_secret: bool = False


class UnknownKind(LookupError):
    """A room tells something that it did not register in its ``ready()``."""


_registry: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises ``ValueError`` for a name that another kind has, and for a reminder without an end."""
    if _registry.get(kind.name, kind) != kind:
        raise ValueError(f"Two rooms tell under one name: {kind.name}")
    if kind.is_reminder and kind.still_due is None:
        raise ValueError(f"A reminder must say when it is no longer due: {kind.name}")
    _registry[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of that name. Raises ``UnknownKind``."""
    try:
        return _registry[name]
    except KeyError:
        raise UnknownKind(name) from None


def all_kinds() -> list[Kind]:
    """Every kind, by its label."""
    return sorted(_registry.values(), key=lambda kind: kind.label)


def reminders() -> list[Kind]:
    """The kinds that people can mute and that count against the weekly budget."""
    return [kind for kind in all_kinds() if kind.is_reminder]


def label_of(name: str) -> str:
    """The kind's label for people; the bare name for one that no longer exists."""
    kind = _registry.get(name)
    return kind.label if kind else name


def is_secret(name: str) -> bool:
    """Whether the text of such a message must not be kept; a kind that no longer exists is taken for one."""
    kind = _registry.get(name)
    return kind is None or kind.is_secret


# What Django and allauth send themselves: codes, resets, notices about the account. Holds codes, so its body is not kept.
ACCOUNT_MAIL = register(Kind("account_mail", label="Surel akun", is_secret=True))
