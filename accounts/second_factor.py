"""The second factor: who needs one, and whether this session has proven it."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from .models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(user: User) -> bool:
    """Whether this person has set up an authenticator app or a passkey (one query)."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def proven(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor (code, passkey or recovery code) of the person signed in. No query."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def record_set_up(request: HttpRequest, authenticator: Authenticator) -> None:
    """Setting one up shows it: the code or the touch was checked a moment ago."""
    record_authentication(request, request.user, "mfa", id=authenticator.pk, type=authenticator.type)


def cipher() -> Fernet:
    """What the secrets are kept with: SECOND_FACTOR_KEY, apart from the signing key."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.SECOND_FACTOR_KEY.encode()).digest()))
