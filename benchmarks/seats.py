"""Who visits in the bench: a session as a sign-in leaves it."""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import User


def cookies(user: User, *, proven: bool = False) -> dict[str, str]:
    """The cookies of this person, with the password shown a moment ago; ``proven``: the second factor too."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": user.email}]
    if proven:
        records.append({"method": "mfa", "at": time.time(), "type": "totp", "id": 0})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key), settings.CSRF_COOKIE_NAME: secrets.token_hex(16)}
