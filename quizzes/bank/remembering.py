"""What is said of a question beside its content – module, lesson, level, category, tags: who changed it, in words, and back again.

Content has versions. These facts are kept by the audit entry of the change, with what they were and what they became.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from audit.models import Entry
from courses.models import Activity, Module

from ..models import Category, Level, Question
from . import editing

MOST = 20  # shown on the question's page of versions, newest first
WORDS = {
    "module": "Modul",
    "lesson": "Pelajaran",
    "objective": "Tujuan pelajaran",
    "level": "Tingkat",
    "category": "Kategori",
    "tags": "Tag",
}
ROWS: dict[str, type[Module] | type[Activity] | type[Category]] = {"module": Module, "lesson": Activity, "category": Category}
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of facts in words; ``is_now``: the facts are today what they were before it."""

    entry: Entry
    sentences: tuple[str, ...]
    is_now: bool

    @property
    def who(self) -> str:
        return (self.entry.actor.name or self.entry.actor.email) if self.entry.actor else "Sistem"


def plain(question: Question, names: Iterable[str]) -> dict[str, Any]:
    """These facts of the question as JSON: rows by their id."""
    return {name: getattr(question, f"{name}_id") if name in ROWS else getattr(question, name) for name in names}


def changes(question: Question) -> list[Change]:
    """The newest changes of the question's facts. Four statements at most, for any number of changes."""
    entries = list(_entries(question).select_related("actor")[:MOST])
    names = _names(one.details[side] for one in entries for side in ("was", "now"))
    return [
        Change(one, tuple(_sentences(one.details, names)), plain(question, one.details["was"]) == one.details["was"]) for one in entries
    ]


def _entries(question: Question) -> Any:
    rows = Entry.objects.filter(object_type=question._meta.label_lower, object_id=str(question.pk), action="question.changed")
    return rows.filter(details__has_key="was").order_by("-at", "-pk")


def _names(sides: Iterable[Facts]) -> dict[tuple[str, int], str]:
    sides, found = list(sides), dict[tuple[str, int], str]()
    for name, model in ROWS.items():
        wanted = {side[name] for side in sides if side.get(name)}
        field = "name" if model is Category else "code"
        if wanted:
            found |= {(name, pk): label for pk, label in model._default_manager.filter(pk__in=wanted).values_list("pk", field)}
    return found


def _sentences(details: Facts, names: Mapping[tuple[str, int], str]) -> Iterable[str]:
    for name, old in details["was"].items():
        yield f"{WORDS[name]}: {_told(name, old, names)} menjadi {_told(name, details['now'].get(name), names)}."


def _told(name: str, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if value in (None, "", []):
        return "kosong"
    if name in ROWS:
        return names.get((name, value), "yang sudah dihapus")
    if name == "level":
        return str(Level(value).label).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


def restore(question: Question, entry_id: int, *, by: User) -> bool:
    """Make the facts that this change touched what they were before it; whether anything differed. Raises EditingError with a sentence
    for a change that is not this question's, and for a lesson, module or category that is gone."""
    entry = _entries(question).filter(pk=entry_id).first()
    if entry is None or question.current_version is None:
        raise editing.EditingError("Perubahan ini tidak tercatat pada soal ini. Muat ulang halaman.")
    facts = dict(entry.details["was"])
    for name, model in ROWS.items():
        if facts.get(name):
            facts[name] = model._default_manager.filter(pk=facts[name], course=question.course_id).first()
            if facts[name] is None:
                raise editing.EditingError(f"{WORDS[name]} yang dahulu sudah tidak ada. Pilih yang lain di halaman soal.")
    before = plain(question, facts)
    editing.save_version(question, question.current_version.content, by=by, facts=facts)
    return plain(question, facts) != before
