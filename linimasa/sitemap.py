"""The apps' site maps, found by the first word of an address: a page costs the same however many pages stand before it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import ResolverMatch, RoutePattern

_LITERAL = re.compile(r"([^<>/]*)(?:/|$)")


class FirstWord(URLResolver):
    """Django's resolver at the root of the portal, which tries only lines that begin with the address's first word, in their order.

    Lines that begin with a converter are tried for every address, as ever.
    """

    def resolve(self, path: str) -> ResolverMatch:
        """What the line that fits says. Raises Resolver404."""
        return (self._groups.get(path.partition("/")[0]) or self._groups[None]).resolve(path)

    @cached_property
    def _groups(self) -> dict[str | None, URLResolver]:
        words = {first_word(line) for app in self._apps for line in app.url_patterns}
        return {word: self._only(word) for word in words | {None}}

    @property
    def _apps(self) -> list[URLResolver]:
        return [app for app in self.url_patterns if isinstance(app, URLResolver)]

    def _only(self, word: str | None) -> URLResolver:
        apps = []
        for app in self._apps:
            lines = [line for line in app.url_patterns if first_word(line) in (None, word)]
            if lines:
                apps.append(URLResolver(app.pattern, lines, app.default_kwargs, app.app_name, app.namespace))
        return URLResolver(self.pattern, apps)


def first_word(line: URLPattern | URLResolver) -> str | None:
    """What every address of this line begins with, up to the first slash; None where that is not fixed."""
    route = str(line.pattern)
    if not isinstance(line.pattern, RoutePattern) or isinstance(line, URLResolver) and "/" not in route:
        return None
    found = _LITERAL.match(route)
    return found[1] if found else None


def site_map(*modules: str) -> FirstWord:
    """All pages of these ``urls.py``, each at the root."""
    apps: list[Any] = [path("", include(module)) for module in modules]
    return FirstWord(RoutePattern("", is_endpoint=False), apps)
