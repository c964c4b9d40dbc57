"""How long each table is kept: ``docs/retention.yaml`` is both the policy people read and what the nightly job executes.

Legal ground: UU 27/2022 (PDP) on storage limitation; grades, attendance and certificates are records (UU 43/2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import yaml
from django.apps import apps
from django.db import models, transaction

from . import clock
from .environment import ROOT

POLICY = ROOT / "docs" / "retention.yaml"
BATCH = 500


@dataclass(frozen=True)
class Rule:
    """One table's policy. ``days`` of None: kept as long as the portal runs. ``wipe``: columns emptied instead of the row deleted."""

    model: type[models.Model]
    why: str
    days: int | None
    since: str
    only: dict[str, Any]
    wipe: tuple[str, ...]
    columns: frozenset[str]


@cache
def rules() -> tuple[Rule, ...]:
    """The policy of every table, in the file's order, read once. Raises LookupError for a table that does not exist."""
    told = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    return tuple(
        Rule(
            model=apps.get_model(label),
            why=row["why"],
            days=row.get("days"),
            since=row.get("since", ""),
            only=row.get("only", {}),
            wipe=tuple(row.get("wipe", ())),
            columns=frozenset(row["personal"]) | frozenset(row["other"]),
        )
        for label, row in told.items()
    )


def kept_since(label: str) -> datetime:
    """Before this moment rows of the table (``audit.Entry``) may be gone by the policy, so nothing may expect them."""
    days = next(rule.days for rule in rules() if rule.model._meta.label == label)
    return clock.now() - timedelta(days=days) if days is not None else datetime.min.replace(tzinfo=UTC)


def execute(at: datetime | None = None) -> dict[str, int]:
    """Delete or wipe what is past its time, in batches; returns rows touched per table. Running it again changes nothing more."""
    at = at or clock.now()
    return {rule.model._meta.label: sum(_batches(rule, at)) for rule in rules() if rule.days is not None}


def _batches(rule: Rule, at: datetime) -> Iterator[int]:
    due = rule.model._default_manager.filter(**{f"{rule.since}__lt": at - timedelta(days=rule.days or 0)}, **rule.only)
    if rule.wipe:
        due = due.exclude(**{f"{rule.wipe[0]}": ""})
    while keys := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            chosen = rule.model._default_manager.filter(pk__in=keys)
            if rule.wipe:
                chosen.update(**dict.fromkeys(rule.wipe, ""))
            else:
                chosen.delete()
        yield len(keys)
