"""Promise 14, as far as rows show it: what changed has its one entry. Types are named by label: this room imports no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, Exists, OuterRef
from django.db.models.functions import Cast

from linimasa import retention
from linimasa.invariants import invariant

from .models import Entry


@dataclass(frozen=True)
class Trace:
    """Rows of this type that fulfil ``when`` were made at ``moment`` by an act that is recorded as ``action``, once for each row."""

    label: str
    action: str
    moment: str
    when: dict[str, Any] = field(default_factory=dict)


TRACES = (
    Trace("certificates.certificate", "certificate.issued", "issued_at"),
    Trace("certificates.certificate", "certificate.revoked", "ended_at", {"status": "revoked"}),
    Trace("certificates.certificate", "certificate.replaced", "ended_at", {"status": "replaced"}),
    Trace("quizzes.attempt", "attempt.submitted", "submitted_at", {"submitted_at__isnull": False}),
    Trace("accounts.rolegrant", "grant.given", "starts_at"),
)
MOST_TOLD = 50


@invariant(14, "Setiap sertifikat, pengiriman jawaban, dan pemberian peran tercatat tepat sekali dalam jejak.")
def every_act_is_recorded_once() -> list[str]:
    return [row for trace in TRACES for row in broken(trace)]


def broken(trace: Trace) -> list[str]:
    """Rows without an entry (as long as entries are kept), and rows with more than one. Two statements, whatever the number of rows."""
    model = apps.get_model(trace.label)
    entries = Entry.objects.filter(action=trace.action, object_type=trace.label)
    young = {f"{trace.moment}__gte": retention.kept_since("audit.Entry")}
    rows = model._default_manager.filter(**trace.when, **young).annotate(key=Cast("pk", CharField()))
    silent = rows.filter(~Exists(entries.filter(object_id=OuterRef("key")))).order_by("pk").values_list("pk", flat=True)[:MOST_TOLD]
    twice = (
        entries.order_by().values("object_id").annotate(times=Count("pk")).filter(times__gt=1).values_list("object_id", "times")[:MOST_TOLD]
    )
    return [
        *(f"{trace.label} {pk}: no {trace.action}." for pk in silent),
        *(f"{trace.label} {pk}: {trace.action} {times} times." for pk, times in twice),
    ]
