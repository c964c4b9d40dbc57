"""The guide for writers: every block with its source and what it becomes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import access, writing_guide
from ..models import Media


@require_safe
def guide_for_writers(request: HttpRequest) -> HttpResponse:
    """How a lesson is written: every block with its source and what it becomes."""
    picture = (
        Media.objects.filter(course__in=access.courses_in_studio(request.user)).in_use().defer("source").order_by("handle", "pk").last()
    )
    samples = [(sample, writing_guide.shown(sample, picture)) for sample in (writing_guide.INLINE, *writing_guide.SAMPLES)]
    return render(request, "courses/writing_guide.html", {"samples": samples})
