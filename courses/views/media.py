"""The library of a course: seen by its studio, filled by those who write."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from linimasa import writing

from .. import access
from .. import media as library
from ..media.forms import KINDS, AddForm, PickForm
from ..models import Media

REFUSED = 422


@require_safe
def pick(request: HttpRequest, course_id: int) -> HttpResponse:
    """A page of the library for the editor's menu: HTML to put into a dialog, or JSON when that is asked for."""
    course = access.course_to_see(request.user, course_id)
    form = PickForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "jenis": ""}
    page = library.pick(course, asked["q"], asked["jenis"], request.GET.get("hal", "1"))
    if _wants_json(request):
        found = [_told(one) for one in page]
        return JsonResponse({"found": found, "page": page.number, "pages": page.paginator.num_pages, "count": page.paginator.count})
    return render(request, "courses/media/_pick.html", {"course": course, "page": page, "asked": asked, "kinds": KINDS})


@require_POST
def add(request: HttpRequest, course_id: int) -> HttpResponse:
    """A file that was dropped or pasted into the editor: answers what to insert, or a sentence and the field that is missing (422)."""
    course = access.course_to_write(request.user, course_id)
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        return _refused(request, field, str(errors[0]))
    try:
        made = library.add(course, form.cleaned_data.pop("file"), by=request.user, **form.cleaned_data)
    except library.MediaError as error:
        return _refused(request, error.field, str(error))
    if _wants_json(request):
        return JsonResponse(_told(made), status=201)
    return render(request, "courses/media/_picked.html", {"media": made}, status=201)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _refused(request: HttpRequest, field: str, sentence: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"field": field, "error": sentence}, status=REFUSED)
    return render(request, "courses/media/_refused.html", {"field": field, "sentence": sentence}, status=REFUSED)


def _told(media: Media) -> dict[str, Any]:
    return {
        "kind": media.kind,
        "name": media.shown_name,
        "alternative_text": media.alternative_text,
        "written": media.written,
        "line": media.line,
        "thumbnail": media.thumbnail,
        "size": writing.size(media.size),
        "width": media.width,
        "height": media.height,
        "seconds": media.seconds,
    }
