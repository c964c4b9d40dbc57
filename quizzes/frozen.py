"""What learners meet: the rules and the bank that a module's (or the course's) version froze. Immutable, kept in the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches

from cohorts.structure import Structure
from courses import outline
from courses.models import Version

from .models import QuestionVersion

PART = "quizzes"


@dataclass(frozen=True)
class BankItem:
    """One question that can be drawn, at the version that was published."""

    question: int
    version: int
    code: str
    kind: str
    level: str
    lesson: int | None
    objective: int | None = None  # the number of the lesson's objective; absent in versions of questions without one
    tags: tuple[str, ...] = ()  # free words; absent without any
    category: str = ""  # its folder's path, «Keamanan akun/Kata sandi»; absent without one


@dataclass(frozen=True)
class FrozenPart:
    """``rules`` by activity id (see ``quizzes.part.freeze``) and the ``bank`` of the module."""

    rules: dict[int, dict[str, Any]]
    bank: tuple[BankItem, ...]


def part_of(version_id: int) -> FrozenPart:
    """What this version froze of quizzes; empty when it froze nothing. One query the first time, none afterwards."""
    return outline.kept(f"quizzes:part:{version_id}", lambda: _read(Version.objects.values_list("parts", flat=True).get(pk=version_id)))


def _read(parts: dict[str, Any]) -> FrozenPart:
    data = parts.get(PART) or {}
    return FrozenPart(
        rules={int(activity): rules for activity, rules in data.get("rules", {}).items()},
        bank=tuple(_item(item) for item in data.get("bank", [])),
    )


def _item(item: Mapping[str, Any]) -> BankItem:
    return BankItem(**{**item, "tags": tuple(item.get("tags", ()))})


def rules_for(plan: Structure, activity_id: int) -> dict[str, Any] | None:
    """The rules of this quiz or assignment that the cohort's learners meet; None when it is not published to them."""
    step = plan.by_activity.get(activity_id)
    version_id = plan.units[step.unit].version_id if step else None
    return part_of(version_id).rules.get(activity_id) if version_id else None


def banks_for(plan: Structure) -> dict[str, tuple[BankItem, ...]]:
    """The bank of each module by its code, at the versions that the cohort shows."""
    return {unit.code: part_of(unit.version_id).bank for unit in plan.modules if unit.version_id}


def one_question(banks: Mapping[str, Sequence[BankItem]], code: str) -> QuestionVersion | None:
    """The question of this code at its published version; None when no bank has it."""
    item = next((one for bank in banks.values() for one in bank if one.code == code), None)
    return questions([item.version])[item.version] if item else None


def questions(version_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    """These question versions by id; from the process where it has them (they never change), else in one statement."""
    keys = {f"quizzes:question:{one}": one for one in version_ids}
    found = {one.pk: one for one in caches["local"].get_many(keys).values()}
    if missing := QuestionVersion.objects.in_bulk([one for one in version_ids if one not in found]) if len(found) < len(keys) else {}:
        caches["local"].set_many({f"quizzes:question:{pk}": one for pk, one in missing.items()}, None)
    return found | missing
