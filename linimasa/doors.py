"""Who may open each page. ``page()`` makes one line of a site map: address, view, name and **who**.

Closed by default: an address that is not made by ``page()`` (or declared in ``THIRD_PARTY``) fails ``tests/test_doors.py``.
The door looks only at the *kind* of person (roles held in any scope); whether this very object is theirs is decided in the
app's ``access.py``, where foreign equals absent equals 404.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_not_required
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
    if Who.PUBLIC in allowed:
        view = login_not_required(_copy(view))
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


# allauth's own pages keep allauth's names (see accounts/sign_in_urls.py); who may open each is declared here.
THIRD_PARTY: dict[str, Who] = {
    "account_login": Who.PUBLIC,
    "account_logout": Who.PUBLIC,
    "account_inactive": Who.PUBLIC,
    "account_signup": Who.PUBLIC,
    "account_email_verification_sent": Who.PUBLIC,
    "account_reset_password": Who.PUBLIC,
    "account_confirm_password_reset_code": Who.PUBLIC,
    "account_complete_password_reset": Who.PUBLIC,
    "account_password_reset_completed": Who.PUBLIC,
    "account_request_login_code": Who.PUBLIC,
    "account_confirm_login_code": Who.PUBLIC,
    "mfa_authenticate": Who.PUBLIC,
    "mfa_login_webauthn": Who.PUBLIC,
    "account_reauthenticate": Who.SIGNED_IN,
    "account_email": Who.SIGNED_IN,
    "account_change_password": Who.SIGNED_IN,
    "account_set_password": Who.SIGNED_IN,
    "mfa_index": Who.SIGNED_IN,
    "mfa_reauthenticate": Who.SIGNED_IN,
    "mfa_activate_totp": Who.SIGNED_IN,
    "mfa_deactivate_totp": Who.SIGNED_IN,
    "mfa_view_recovery_codes": Who.SIGNED_IN,
    "mfa_generate_recovery_codes": Who.SIGNED_IN,
    "mfa_download_recovery_codes": Who.SIGNED_IN,
    "mfa_list_webauthn": Who.SIGNED_IN,
    "mfa_add_webauthn": Who.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Who.SIGNED_IN,
    "mfa_remove_webauthn": Who.SIGNED_IN,
    "mfa_edit_webauthn": Who.SIGNED_IN,
    "usersessions_list": Who.SIGNED_IN,
}
