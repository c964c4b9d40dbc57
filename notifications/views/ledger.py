"""The admin's ledger of what was told to whom, and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from linimasa.forms import answer
from linimasa.paging import page_of

from .. import access
from ..forms import LedgerFilter
from ..models import MessageStatus


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Filter by state and kind, search by person; how many wait. Never the text of a message."""
    form = LedgerFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    words, kind = asked.get("cari", ""), asked.get("jenis", "")
    counts = access.counts_by_status(access.ledger(words=words, kind=kind))
    rows = access.ledger(words=words, status=asked.get("status", ""), kind=kind)
    context = {
        "page": page_of(request, rows),
        "counts": [(label, counts[value]) for value, label in MessageStatus.choices],
        "waiting": counts[MessageStatus.QUEUED],
        "filtered": any(asked.values()),
    }
    return answer(request, "notifications/ledger.html", context, form)
