"""What sign-in tells us: a verified address may carry invitations."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from . import joining


@receiver(email_confirmed, dispatch_uid="cohorts.join_invited")
def join_invited(email_address: EmailAddress, **_: Any) -> None:
    """Whoever verifies an invited address joins at once (or finds the invitation on the dashboard until the profile is complete)."""
    joining.join_invited(email_address.user)
