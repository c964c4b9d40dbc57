"""The demo's mailbox: what would have left the machine, readable by whoever tries the portal. 404 in production."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linimasa.paging import page_of

from .. import access


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """All mail, newest first; ``?kepada=`` narrows it to one address."""
    to = request.GET.get("kepada", "").replace("\0", "")[:254].strip()
    rows = access.demo_mails().defer("body")
    if to:
        rows = rows.filter(to__icontains=to)
    return render(request, "notifications/demo_mails.html", {"page": page_of(request, rows), "to": to})


@never_cache
@require_safe
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail as it would have been read."""
    return render(request, "notifications/demo_mail.html", {"mail": access.demo_mail(mail_id)})
