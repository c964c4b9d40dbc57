"""Signed addresses in letters: they open one person's preferences without sign-in, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

PREFERENCES = "notifications.preferences"
UNSUBSCRIBE = "notifications.unsubscribe"
VALID_FOR = timedelta(days=400)


def preferences_url(person_id: int) -> str:
    """Where a letter's reader changes what is told to them."""
    token = signing.dumps({"person": person_id}, salt=PREFERENCES)
    return settings.PUBLIC_URL + reverse("notifications:preferences_by_link", args=[token])


def unsubscribe_url(person_id: int, kind: str) -> str:
    """Where one POST mutes one kind (RFC 8058)."""
    token = signing.dumps({"person": person_id, "kind": kind}, salt=UNSUBSCRIBE)
    return settings.PUBLIC_URL + reverse("notifications:unsubscribe", args=[token])


def person_of(token: str) -> int | None:
    """Whose preferences the link opens; None for a link that is not ours or too old."""
    told = _read(token, PREFERENCES)
    return int(told["person"]) if told else None


def person_and_kind_of(token: str) -> tuple[int, str] | None:
    """Who wants to hear no more of which kind; None for a link that is not ours or too old."""
    told = _read(token, UNSUBSCRIBE)
    return (int(told["person"]), str(told["kind"])) if told else None


def _read(token: str, salt: str) -> dict[str, Any] | None:
    try:
        return signing.loads(token, salt=salt, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
