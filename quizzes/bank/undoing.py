"""What is done with many questions at once, and how it is taken back: for ten minutes, and only where nobody changed them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Course

from ..models import Category, Question
from . import editing

MOVE, RETIRE, RESTORE = "pindah", "pensiun", "pulih"
FOR = timedelta(minutes=10)


@dataclass
class Done:
    """What an act did. ``before``: (question id, category id before) of those that changed; ``refused``: sentences about the others."""

    act: str
    sentence: str
    before: list[tuple[int, int | None]]
    target: int | None = None
    refused: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.before)

    def kept(self, course: Course) -> dict[str, Any]:
        """What the session remembers, so that it can be undone."""
        until = (timezone.now() + FOR).timestamp()
        return {"act": self.act, "said": self.sentence, "rows": self.before, "target": self.target, "course": course.pk, "until": until}


@transaction.atomic
def act(name: str, questions: Sequence[Question], category: Category | None, *, by: User) -> Done:
    """Move these questions, retire or restore them; each with its audit entry. What cannot be is told and left as it is."""
    if name == MOVE:
        moved = editing.move(questions, category, by=by)
        where = f"ke kategori “{category.name}”" if category else "keluar dari kategorinya"
        return Done(name, f"{len(moved)} soal dipindahkan {where}.", moved, category.pk if category else None)
    changed: list[tuple[int, int | None]] = []
    refused: list[str] = []
    verb = editing.retire if name == RETIRE else editing.restore
    for one in questions:
        try:
            if verb(one, by=by):
                changed.append((one.pk, None))
        except editing.EditingError as error:
            refused.append(str(error))
    told = f"{len(changed)} soal pensiun" if name == RETIRE else f"{len(changed)} soal kembali ke bank"
    return Done(name, f"{told}. Peserta mengalaminya sesudah modul diterbitkan.", changed, refused=refused)


def shown(kept: Mapping[str, Any] | None, course: Course) -> Mapping[str, Any] | None:
    """What can be undone in this course now; None when nothing, or no longer."""
    return kept if kept and kept.get("course") == course.pk and kept.get("until", 0) > timezone.now().timestamp() else None


@transaction.atomic
def undo(kept: Mapping[str, Any], course: Course, *, by: User) -> int:
    """Take it back; how many questions changed. Those that somebody changed since keep what they have."""
    before = {int(pk): category for pk, category in kept["rows"]}
    rows = list(Question.objects.filter(course=course, pk__in=before).order_by("pk"))
    if kept["act"] != MOVE:
        verb = editing.restore if kept["act"] == RETIRE else editing.retire
        return sum(verb(one, by=by) for one in rows)
    there = [one for one in rows if one.category_id == kept["target"]]
    homes = {one.pk: one for one in Category.objects.filter(course=course, pk__in=[one for one in before.values() if one])}
    count = 0
    for home in {before[one.pk] for one in there}:
        if home is None or home in homes:
            count += len(editing.move([one for one in there if before[one.pk] == home], homes.get(home or 0), by=by))
    return count
