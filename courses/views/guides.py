"""Guides for those who teach: minute by minute, as the course published them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import access, showing


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """The guides of every course that this person teaches, runs or writes."""
    courses = access.courses_with_guides(request.user)
    groups = [(course, found) for course in courses if (found := showing.guides_of(course))]
    return render(request, "courses/guides.html", {"groups": groups})


@require_safe
def guide(request: HttpRequest, course_slug: str, slug: str) -> HttpResponse:
    """One guide, to read on the desk or print."""
    course, shown = access.guide_to_read(request.user, course_slug, slug)
    return render(request, "courses/guide.html", {"course": course, "guide": shown})
