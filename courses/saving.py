"""Saving a lesson's draft while others write in it too: what does not touch is merged, what does is shown to choose. Nothing is lost.

Three texts make a merge: the *base* that one began with, what is *stored* now, and *mine*. The unit is the paragraph (what stands
between empty lines). Without a base every difference is shown to choose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User
from linimasa import matching

from . import editing
from .models import Activity, Lesson

MINE, STORED, BOTH = "mine", "stored", "both"
CHOICES = (MINE, STORED, BOTH)
LABELS = {
    "title": "Judul",
    "minutes": "Menit belajar",
    "objectives": "Tujuan pelajaran",
    "owner": "Penanggung jawab",
    "reviewed_on": "Ditinjau pada",
    "review_again_on": "Tinjau lagi pada",
}
_PARAGRAPHS = re.compile(r"(\n(?:[ \t]*\n)+)")


class Collision(editing.EditingError):
    """Both changed the same passage since one began; ``merge`` holds both texts, ``stored`` the lesson as it is now."""

    def __init__(self, merge: Merge, stored: Lesson) -> None:
        who = stored.updated_by.name if stored.updated_by else "Orang lain"
        super().__init__(f"{who} menyimpan bagian yang sama sesudah Anda membukanya. Pilih tulisan untuk setiap bagian di bawah.")
        self.merge, self.stored = merge, stored


@dataclass(frozen=True)
class Passage:
    """A run of paragraphs: ``kind`` is "same", "mine", "stored" (changed on that side only) or "conflict"."""

    kind: str
    mine: str
    stored: str
    label: str = ""  # a conflict in a field beside the text
    number: int = 0  # of conflicts, from 1

    def chosen(self, choice: str) -> str:
        """The text of this passage when ``choice`` is made (one of CHOICES); both: what is stored first."""
        if self.kind != "conflict":
            return self.stored if self.kind == "stored" else self.mine
        if choice == BOTH:
            return _joined([self.stored, self.mine])
        return self.mine if choice == MINE else self.stored

    @property
    def name(self) -> str:
        """Of the field that chooses."""
        return f"pilih-{self.number}"


@dataclass
class Merge:
    """The passages of the text in order, and the fields beside it: ``values`` that are settled, ``fields`` that are to be chosen."""

    passages: list[Passage]
    values: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # name: (mine, stored)

    @property
    def conflicts(self) -> list[Passage]:
        """Everything to be chosen, numbered from 1; fields after passages."""
        found = [one for one in self.passages if one.kind == "conflict"]
        shown = [
            Passage("conflict", _shown(mine), _shown(stored), label=LABELS.get(name, name), number=number)
            for number, (name, (mine, stored)) in enumerate(self.fields.items(), start=len(found) + 1)
        ]
        return [*found, *shown]

    def text(self, choices: Mapping[int, str] | None = None) -> str:
        """The merged text. Raises KeyError when a conflict has no choice."""
        choices = choices or {}
        parts = [one.chosen(choices[one.number] if one.kind == "conflict" else "") for one in self.passages]
        return _ended(_joined(parts))

    def settled(self, choices: Mapping[int, str] | None = None) -> dict[str, Any]:
        """The fields beside the text. Raises KeyError when a conflict has no choice."""
        first = sum(one.kind == "conflict" for one in self.passages) + 1
        chosen = {
            name: stored if (choices or {})[number] == STORED else mine
            for number, (name, (mine, stored)) in enumerate(self.fields.items(), start=first)
        }
        return self.values | chosen


@dataclass(frozen=True)
class Saved:
    """What is stored now. ``merged``: the text holds what somebody else wrote since; ``by`` says who."""

    number: int
    body: str
    changed: bool
    merged: bool = False
    by: str = ""


@transaction.atomic
def save(
    activity: Activity,
    *,
    by: User,
    number: int,
    body: str,
    values: dict[str, Any],
    facts: dict[str, Any],
    base: str | None = None,
    base_values: Mapping[str, Any] | None = None,
    choices: Mapping[int, str] | None = None,
    seen: int | None = None,
) -> Saved:
    """Save the draft that was begun on edit ``number``, whose text was ``base`` and whose other fields ``base_values`` (as JSON).

    Where somebody saved since, what does not touch is merged. Raises Collision where both touched the same, unless ``choices`` (number
    of the conflict: one of CHOICES) were made on looking at edit ``seen`` and that is still what is stored.
    """
    try:
        changed = editing.save_lesson(activity, by=by, edit_number=number, body=body, values=values, facts=facts)
        return Saved(Lesson.objects.values_list("edit_number", flat=True).get(activity=activity), body, changed)
    except editing.StaleEdit:
        pass
    stored = Lesson.objects.select_for_update(of=("self",)).select_related("updated_by").get(activity=activity)
    activity.refresh_from_db(fields=[*facts])
    now = {**{key: getattr(stored, key) for key in values}, **{key: getattr(activity, key) for key in facts}}
    merge = Merge(passages(base, stored.body, body))
    merge.values, merge.fields = _fields({**values, **facts}, now, base_values)
    made = choices if choices and seen == stored.edit_number else None
    try:
        text, settled = merge.text(made), merge.settled(made)
    except KeyError:
        raise Collision(merge, stored) from None
    who = stored.updated_by.name if stored.updated_by and stored.updated_by != by else ""
    changed = editing.save_lesson(
        activity,
        by=by,
        edit_number=stored.edit_number,
        body=text,
        values={key: settled[key] for key in values},
        facts={key: settled[key] for key in facts},
    )
    return Saved(stored.edit_number + changed, text, changed, merged=text != body, by=who)


def passages(base: str | None, stored: str, mine: str) -> list[Passage]:
    """How ``stored`` and ``mine`` come together, paragraph by paragraph."""
    theirs, ours = _paragraphs(stored), _paragraphs(mine)
    regions = _two_way(theirs, ours) if base is None else _three_way(_paragraphs(base), theirs, ours)
    found: list[Passage] = []
    number = 0
    for kind, left, right in regions:
        if not left and not right:
            continue
        number += kind == "conflict"
        found.append(Passage(kind, _joined(right), _joined(left), number=number if kind == "conflict" else 0))
    return found


Region = tuple[str, list[str], list[str]]  # kind, stored, mine


def _two_way(theirs: list[str], ours: list[str]) -> Iterator[Region]:
    for tag, a, b, c, d in matching.opcodes(theirs, ours):
        yield "same" if tag == "equal" else "conflict", theirs[a:b], ours[c:d]


def _three_way(base: list[str], theirs: list[str], ours: list[str]) -> Iterator[Region]:
    """As diff3, but edits of neighbouring paragraphs do not touch each other: only the same paragraph changed twice is a conflict."""
    at = 0
    for low, high, left, right in _groups(_edits(base, theirs), _edits(base, ours)):
        yield "same", base[at:low], base[at:low]
        yield from _region(base, low, high, left, right)
        at = high
    yield "same", base[at:], base[at:]


@dataclass(frozen=True)
class _Edit:
    """Paragraphs ``low`` to ``high`` of the base (from 0, without the last) become ``text``."""

    low: int
    high: int
    text: tuple[str, ...]


def _edits(base: list[str], new: list[str]) -> list[_Edit]:
    found = []
    for tag, a, b, c, d in matching.opcodes(base, new):
        if tag == "replace" and b - a == d - c:
            found += [_Edit(a + step, a + step + 1, (new[c + step],)) for step in range(b - a)]
        elif tag != "equal":
            found.append(_Edit(a, b, tuple(new[c:d])))
    return found


def _groups(left: list[_Edit], right: list[_Edit]) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Edits of both sides in the base's order; those that touch the same paragraph, or add at the same place, together."""
    both = sorted([*((one, 0) for one in left), *((one, 1) for one in right)], key=lambda pair: (pair[0].low, pair[0].high, pair[1]))
    sides: tuple[list[_Edit], list[_Edit]] = ([], [])
    low, high = 0, -1
    for edit, side in both:
        adds_here = edit.low == edit.high == low == high
        if edit.low < high or adds_here:
            high = max(high, edit.high)
        else:
            if sides[0] or sides[1]:
                yield low, high, *sides
            sides, low, high = ([], []), edit.low, edit.high
        sides[side].append(edit)
    if sides[0] or sides[1]:
        yield low, high, *sides


def _region(base: list[str], low: int, high: int, left: list[_Edit], right: list[_Edit]) -> Iterator[Region]:
    stored, mine = _applied(base, low, high, left), _applied(base, low, high, right)
    if stored == mine:
        yield "same", stored, mine
    elif not left:
        yield "mine", stored, mine
    elif not right:
        yield "stored", stored, mine
    elif low == high:  # both added something at the same place: neither touched the other's
        yield "stored", stored, []
        yield "mine", [], mine
    else:
        yield "conflict", stored, mine


def _applied(base: list[str], low: int, high: int, edits: list[_Edit]) -> list[str]:
    found: list[str] = []
    at = low
    for edit in edits:
        found += [*base[at : edit.low], *edit.text]
        at = edit.high
    return [*found, *base[at:high]]


def _fields(mine: dict[str, Any], stored: dict[str, Any], base: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Each field by itself: whoever changed it wins; both, and it is to be chosen."""
    settled: dict[str, Any] = {}
    open_: dict[str, Any] = {}
    for name, value in mine.items():
        was = (base or {}).get(name, ...)
        if value == stored[name] or _plain(stored[name]) == was:
            settled[name] = value
        elif _plain(value) == was:
            settled[name] = stored[name]
        else:
            open_[name] = (value, stored[name])
    return settled, open_


def as_json(value: Any) -> str:
    """Fields beside the text as they travel in ``base_values``."""
    return json.dumps(value, default=lambda one: one.pk if hasattr(one, "pk") else str(one), ensure_ascii=False)


def _plain(value: Any) -> Any:
    return json.loads(as_json(value))


def _shown(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _paragraphs(text: str) -> list[str]:
    """Each paragraph with the empty lines after it made one, so that a paragraph at the end equals the same one inside."""
    return [part.rstrip() for part in _PARAGRAPHS.split(text.strip("\n"))[::2] if part.strip()]


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _ended(text: str) -> str:
    return f"{text}\n" if text else ""
