"""The practice module: made, made anew and removed by one button each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from .. import practising


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The person's own practice course, made when it is not there yet."""
    course = practising.begin(request.user)
    messages.success(request, "Modul latihan siap. Hanya Anda yang melihatnya; ubah apa saja.")
    return redirect("courses:studio_course", course.pk)


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """As on the first day."""
    course = practising.reset(request.user)
    messages.success(request, "Modul latihan dimulai lagi dari awal.")
    return redirect("courses:studio_course", course.pk)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Gone, with all that was made in it. Twice is harmless."""
    practising.remove(request.user)
    messages.success(request, "Modul latihan dihapus. Anda dapat membuatnya lagi kapan saja.")
    return redirect("courses:studio")
