"""Courses as something that a role can be scoped to."""

from __future__ import annotations

from accounts import scopes
from accounts.models import ScopeKind

from .models import Course


def register() -> None:
    scopes.register(ScopeKind.COURSE, scopes.Kind(_search, _names))


def _search(words: str) -> list[scopes.Found]:
    return [scopes.Found(str(one.pk), one.title) for one in Course.objects.filter(title__icontains=words)[: scopes.MOST_FOUND]]


def _names(ids: set[str]) -> dict[str, str]:
    return {str(one.pk): one.title for one in Course.objects.filter(pk__in=scopes.numbers(ids))}
