"""What must be true before the portal serves in production; ``manage.py check --deploy`` and ``manage.py serve`` ask the same."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError


@register(Tags.security, deploy=True)
def no_demo_accounts(**_: Any) -> list[CheckMessage]:
    """Production never opens with demo accounts: their passwords are printed in the manual."""
    if not settings.PRODUCTION:
        return []
    try:
        count = get_user_model()._default_manager.filter(is_demo=True).count()
    except DatabaseError:  # not migrated yet: no accounts either
        return []
    if not count:
        return []
    return [
        Error(
            f"Basis data ini berisi {count} akun demo.",
            hint="Pakai basis data baru untuk produksi (DATABASE_URL), lalu buat admin dengan `manage.py create_admin`.",
            id="linimasa.E001",
        )
    ]


@register(Tags.security, deploy=True)
def own_secrets(**_: Any) -> list[CheckMessage]:
    """Production signs and encrypts with two different secrets of its own."""
    if settings.PRODUCTION and settings.SECRET_KEY == settings.SECOND_FACTOR_KEY:
        return [Error("SECRET_KEY dan SECOND_FACTOR_KEY sama.", hint="Isi masing-masing dengan rahasia acak sendiri.", id="linimasa.E002")]
    return []
