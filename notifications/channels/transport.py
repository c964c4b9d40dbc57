"""What every way out promises: a message was accepted, or one of three sentences why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A message ready to leave. ``message_id`` is the same at every try, so that a receiver can drop a second copy."""

    message_id: str
    sender: str
    to: str
    subject: str
    body: str
    headers: dict[str, str] = field(default_factory=dict)


class NotAccepted(Exception):
    """The letter certainly did not leave. ``permanent``: trying again is useless. ``reachable``: the other side did answer.

    ``address``: it is the recipient's address that was refused for good, not this letter and not us.
    """

    def __init__(self, note: str, *, permanent: bool, reachable: bool = True, address: bool = False) -> None:
        super().__init__(note)
        self.note = note
        self.permanent = permanent
        self.reachable = reachable
        self.address = address


class OutcomeUnknown(Exception):
    """The letter was handed over, but the line broke before the answer: it may or may not have been accepted."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class Transport(Protocol):
    """Returns when the letter was accepted; raises ``NotAccepted`` or ``OutcomeUnknown``."""

    def send(self, letter: Letter) -> None: ...

    def close(self) -> None: ...
