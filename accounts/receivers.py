"""What allauth tells us."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from . import second_factor


@receiver(authenticator_added, dispatch_uid="accounts.second_factor_set_up")
def second_factor_set_up(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """A factor that was set up in this session is proven in this session."""
    if authenticator.type in second_factor.FACTORS:
        second_factor.record_set_up(request, authenticator)
