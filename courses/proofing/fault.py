"""What a proofing finds: a fault has a code, a place and a sentence that says how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """``code`` names the rule (a key of the RULES of its module), ``where`` is «file:line», the sentence is Indonesian."""

    code: str
    where: str
    sentence: str

    @property
    def file(self) -> str:
        return self.where.partition(":")[0]

    @property
    def line(self) -> int:
        """0 when the fault is of the file as a whole."""
        line = self.where.rpartition(":")[2]
        return int(line) if line.isdigit() else 0
