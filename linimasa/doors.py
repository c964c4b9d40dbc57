"""Who may open each page. ``page()`` makes one line of a site map: address, view, name and **who**.

Closed by default: an address that is not made by ``page()`` fails ``tests/test_doors.py``.
The door looks only at the *kind* of person (roles held in any scope); whether this very object is theirs is decided in the
app's ``access.py``, where foreign equals absent equals 404.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path


class Who(StrEnum):
    PUBLIC = "public"  # anyone, signed in or not
    SIGNED_IN = "signed_in"  # any account; the page shows only the person's own things
    LEARNER = "learner"  # the owner of the enrolment in question (checked in access.py)
    AUTHOR = "author"
    REVIEWER = "reviewer"
    ORGANISER = "organiser"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


STAFF = frozenset({Who.AUTHOR, Who.REVIEWER, Who.ORGANISER, Who.TRAINER, Who.COORDINATOR, Who.ADMIN})
View = Callable[..., HttpResponseBase]


def page(route: str, view: View, *, name: str, who: Who | set[Who] | frozenset[Who], fresh_proof: bool = False) -> URLPattern:
    """One address. ``fresh_proof`` asks for the password or second factor again when the last proof is older than 5 minutes."""
    allowed = frozenset({who}) if isinstance(who, Who) else frozenset(who)
    if fresh_proof:
        view = reauthentication_required(view)
    if allowed <= STAFF:
        view = _roles_only(view, allowed)
    view = _copy(view)
    view.login_required = Who.PUBLIC not in allowed  # type: ignore[attr-defined]  # read by LoginRequiredMiddleware
    view.who = allowed  # type: ignore[attr-defined]  # read by tests/test_doors.py
    return path(route, view, name=name)


def _copy(view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return opened


def _roles_only(view: View, allowed: frozenset[Who]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not allowed & {str(role) for role in request.user.roles()}:  # type: ignore[union-attr]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
