"""What learners meet: the rules and the bank that a module's (or the course's) version froze. Immutable, kept in the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches

from cohorts.models import Cohort, CohortModule
from courses.models import Activity, Module, Version

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


@dataclass(frozen=True)
class FrozenPart:
    """``rules`` by activity id (see ``quizzes.part.freeze``) and the ``bank`` of the module."""

    rules: dict[int, dict[str, Any]]
    bank: tuple[BankItem, ...]


def part_of(version_id: int) -> FrozenPart:
    """What this version froze of quizzes; empty when it froze nothing. One query the first time, none afterwards."""
    key = f"quizzes:part:{version_id}"
    found = caches["local"].get(key)
    if found is None:
        data = Version.objects.values_list("parts", flat=True).get(pk=version_id).get(PART) or {}
        found = FrozenPart(
            rules={int(activity): rules for activity, rules in data.get("rules", {}).items()},
            bank=tuple(BankItem(**item) for item in data.get("bank", [])),
        )
        caches["local"].set(key, found, None)
    return found


def version_id_for(cohort: Cohort, module: Module | None) -> int | None:
    """The version of this module (of the course itself for None) that this cohort shows; None when it shows none."""
    if module is None:
        return cohort.course_version_id or cohort.course.current_version_id
    pinned = CohortModule.objects.filter(cohort=cohort, module=module, follows_latest=False).values_list("version_id", flat=True).first()
    return pinned or module.current_version_id


def rules_for(cohort: Cohort, activity: Activity) -> dict[str, Any] | None:
    """The rules of this quiz or assignment that this cohort's learners meet; None when it is not published to them."""
    version_id = version_id_for(cohort, activity.module)
    return part_of(version_id).rules.get(activity.pk) if version_id else None


def banks_for(cohort: Cohort) -> dict[str, tuple[BankItem, ...]]:
    """The bank of each module by its code, at the versions that this cohort shows (two queries, parts from the process)."""
    pinned = dict(CohortModule.objects.filter(cohort=cohort, follows_latest=False).values_list("module_id", "version_id"))
    modules = Module.objects.filter(course_id=cohort.course_id, archived_at__isnull=True).values_list("pk", "code", "current_version_id")
    shown = {code: pinned.get(pk) or current for pk, code, current in modules}
    return {code: part_of(version_id).bank for code, version_id in shown.items() if version_id}
