"""Parts of pages that are the same for everyone who stands at the same place, kept ready in the process under versioned keys.

A key carries everything that the fragment shows (the structure's stamp, the activity, the states shown), so nothing ever needs to be
called back. The one thing of the person inside is the form token: fragments are drawn with ``TOKEN`` in its place, and ``answer`` puts
the real one in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

from linimasa.views import THEME_COOKIE, THEMES

MOST_KEPT = 2000
TOKEN = uuid.uuid4().hex  # of this process only, so that no text can be written to carry it
_stores: list[dict[Any, Any]] = []
_generation = ""


def store() -> dict[Any, Any]:
    """A dictionary of this process that is emptied together with the process's cache of versions."""
    _stores.append({})
    return _stores[-1]


_kept = store()


def forget_if_emptied() -> None:
    """Whoever empties the cache ``local`` empties what is kept here too."""
    global _generation
    if not _generation or caches["local"].get("cohorts.generation") != _generation:
        for kept in _stores:
            kept.clear()
        _generation = uuid.uuid4().hex
        caches["local"].set("cohorts.generation", _generation, None)


def get(template: str, key: Hashable) -> SafeString | None:
    """What is kept under this key, or None: for callers whose context is dear to make."""
    return _kept.get((template, key))


def draw(template: str, key: Hashable, **context: Any) -> SafeString:
    """The template with this context, drawn once for each key. The key must tell apart everything that the context can show."""
    found = _kept.get((template, key))
    if found is None:
        forget_if_emptied()
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[template, key] = render_to_string(template, {**context, "csrf_token": TOKEN})
    return found


def page(request: HttpRequest, template: str, key: Hashable, make: Callable[[], dict[str, Any]]) -> HttpResponse:
    """A whole page that everyone at the same place sees alike, but for the form token: drawn once for each key and theme.

    ``make()`` gives its context only when it must be drawn. A page with something to say to this person (a message) is never kept.
    """
    if len(get_messages(request)):
        return answer(request, template, make())
    theme = request.COOKIES.get(THEME_COOKIE, "")
    whole = (template, key, theme if theme in THEMES else "")
    found = _kept.get(whole)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[whole] = get_template(template).render(make(), request)
    return HttpResponse(found.replace(TOKEN, get_token(request)) if TOKEN in found else found)


def answer(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, with the person's form token in every kept fragment."""
    html = get_template(template).render(context, request)
    return HttpResponse(html.replace(TOKEN, get_token(request)) if TOKEN in html else html, status=status)
