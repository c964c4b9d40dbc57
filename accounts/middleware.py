"""The door that every staff request passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import second_factor

ALWAYS = frozenset({"account_logout", "linimasa:healthz", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
TO_SET_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "account_reauthenticate"})


class SecondFactorMiddleware:
    """Who needs a second factor and has not proven one in this session reaches only the pages to set one up or to prove it.

    Somebody who has a factor may only prove it: with the password alone nobody adds a second one. Costs no statement but
    for staff in such a session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALWAYS or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not user.needs_second_factor or second_factor.proven(request):
            return None
        if second_factor.has_factor(user):
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _back_to(request)})}")
        return None if name in TO_SET_UP else HttpResponseRedirect(reverse("mfa_index"))


def _back_to(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
