"""What a load of files did: created, changed, unchanged, archived, published; and what stood in its way, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """Filled by the load and by every part; ``problems`` undo the whole load."""

    created_lines: list[str] = field(default_factory=list)
    changed_lines: list[str] = field(default_factory=list)
    archived_lines: list[str] = field(default_factory=list)
    published_lines: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    advice: list[tuple[str, str]] = field(default_factory=list)  # what stands in the way of publishing what was loaded as a draft
    unchanged_count: int = 0

    def created(self, text: str) -> None:
        self.created_lines.append(text)

    def changed(self, text: str) -> None:
        self.changed_lines.append(text)

    def unchanged(self, text: str = "") -> None:
        self.unchanged_count += 1

    def archived(self, text: str) -> None:
        self.archived_lines.append(text)

    def published(self, text: str) -> None:
        self.published_lines.append(text)

    def problem(self, where: Any, sentence: str) -> None:
        """``where`` is «file:line» or a mapping that came from a file."""
        self.problems.append((_place(where), sentence))

    def advise(self, where: Any, sentence: str) -> None:
        """What does not stand in the way of loading, only of publishing."""
        self.advice.append((_place(where), sentence))

    def lines(self) -> Iterator[str]:
        """The report for people, a line each."""
        for word, rows in (
            ("dibuat", self.created_lines),
            ("diubah", self.changed_lines),
            ("diarsipkan", self.archived_lines),
            ("diterbitkan", self.published_lines),
        ):
            yield from (f"{word:<12} {row}" for row in rows)
        yield from (f"masalah      {where}: {sentence}" for where, sentence in self.problems)
        yield (
            f"Jumlah: {len(self.created_lines)} dibuat, {len(self.changed_lines)} diubah, {self.unchanged_count} tetap, "
            f"{len(self.archived_lines)} diarsipkan, {len(self.published_lines)} diterbitkan, {len(self.problems)} masalah."
        )


def _place(where: Any) -> str:
    return where if isinstance(where, str) else getattr(where, "where", "") or "?"
