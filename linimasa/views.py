"""The shell's own pages: help, accessibility, privacy, the component board, the theme, and what is said when things go wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from . import context
from .addresses import own_path
from .context import THEME_COOKIE, THEMES

ONE_YEAR = 60 * 60 * 24 * 365


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "linimasa/help.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "linimasa/accessibility.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "linimasa/privacy.html")


@require_GET
def workroom(request: HttpRequest) -> HttpResponse:
    """The door from learning to work: the first page of the person's roles. Without a role it does not exist."""
    places = context.Shell(request).staff_items
    if not places:
        raise Http404
    return redirect(places[0].url)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie: the server writes it into the page, so nothing flashes."""
    response = HttpResponseRedirect(own_path(request, request.POST.get("kembali", "")) or "/")
    chosen = request.POST.get("tampilan", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=ONE_YEAR, secure=settings.PRODUCTION, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent without its proof: usually a page left open for too long."""
    return render(request, "403.html", {"form_expired": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the database, the person or the navigation: the cause may be any of them."""
    return render(None, "500.html", status=500)
