"""How a module's booklet is sent: to those who write the module here, to learners by ``cohorts.views.papers``."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from linimasa.work import hint

from .. import access, outline, tasks
from ..models import Booklet


@require_safe
def booklet(request: HttpRequest, version_id: int) -> HttpResponse:
    """The booklet of one published version of a module."""
    version = access.version_to_see(request.user, version_id)
    if version.module_id is None:
        raise Http404
    return booklet_answer(request, version.pk)


def booklet_answer(request: HttpRequest, version_id: int) -> HttpResponse:
    """The kept PDF as a download; while no worker has drawn it, a page that says so (404), and a hint to the workers."""
    kept = Booklet.objects.filter(version=version_id).values_list("sha256", flat=True).first()
    if kept is None:
        hint(tasks.make_booklet, version_id)
        return render(request, "courses/no_booklet_yet.html", {"facts": outline.of_version(version_id).facts}, status=404)
    response = get_conditional_response(request, etag=f'"{kept}"') or _download(version_id)
    response["ETag"] = response.get("ETag") or f'"{kept}"'
    response["Cache-Control"] = "private, no-cache"  # kept by the browser, asked about each time
    return response


def _download(version_id: int) -> HttpResponse:
    data = Booklet.objects.values_list("data", flat=True).get(version=version_id)
    shown = outline.of_version(version_id)
    name = "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in (shown.facts["code"], shown.facts["slug"]))
    response = HttpResponse(bytes(data), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="linimasa-{name}-v{shown.number}.pdf"'
    return response
