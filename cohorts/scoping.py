"""Cohorts as something that a role can be scoped to."""

from __future__ import annotations

from accounts import scopes
from accounts.models import ScopeKind

from .models import Cohort


def register() -> None:
    scopes.register(ScopeKind.COHORT, scopes.Kind(_search, _names))


def _search(words: str) -> list[scopes.Found]:
    rows = Cohort.objects.filter(name__icontains=words).select_related("course")[: scopes.MOST_FOUND]
    return [scopes.Found(str(row.pk), f"{row.name}, {row.course.title}") for row in rows]


def _names(ids: set[str]) -> dict[str, str]:
    rows = Cohort.objects.filter(pk__in=scopes.numbers(ids)).select_related("course")
    return {str(row.pk): f"{row.name}, {row.course.title}" for row in rows}
