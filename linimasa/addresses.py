"""Addresses that a form or a link gives back: only paths of this portal are followed."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, given: str) -> str:
    """``given`` if it is a path of this portal (never another host, a view's name or something unprintable), else an empty string."""
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return given if is_ours and given.startswith("/") and given.isprintable() else ""
