"""Who did what, for admins."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from linimasa import clock
from linimasa.forms import answer
from linimasa.paging import page_of

from .. import log, reading
from ..forms import HistoryFilter


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """The trail in sentences, newest first, filtered and paged."""
    form = HistoryFilter(request.GET)
    conditions = form.conditions()
    page = page_of(request, reading.entries(**conditions))
    query = request.GET.copy()
    query.pop("hal", None)
    context = {"page": page, "lines": reading.lines(page.object_list), "filtered": any(conditions.values()), "query": query.urlencode()}
    return answer(request, "audit/history.html", context, form)


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """GET shows what would be exported; POST gives the file and is itself an entry."""
    form = HistoryFilter(request.GET)
    if not form.is_valid() or request.method != "POST":
        rows = min(reading.entries(**form.conditions()).count(), reading.MOST_EXPORTED)
        return answer(request, "audit/export.html", {"rows": rows, "query": request.GET.urlencode()}, form)
    with transaction.atomic():
        found = reading.entries(**form.conditions())
        newest = found.values_list("pk", flat=True).first() or 0
        log.record("audit.exported", by=request.user, on=request.user, rows=min(found.count(), reading.MOST_EXPORTED))
    file = StreamingHttpResponse(reading.csv_lines(found.filter(pk__lte=newest)), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="jejak-{clock.local(clock.now()):%Y-%m-%d}.csv"'
    return file
