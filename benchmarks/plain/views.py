"""The two bare views that everything is compared with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Note

SHELVES = 7  # as many queries


def hello(request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse("hello")


def plain(request: HttpRequest) -> HttpResponse:
    """A session, 7 indexed ORM queries of 8 rows each, and a template of about 19 KB."""
    request.session.get("seen")
    shelves = [list(Note.objects.filter(shelf=shelf)[:8]) for shelf in range(SHELVES)]
    return render(request, "plain/plain.html", {"shelves": shelves})
