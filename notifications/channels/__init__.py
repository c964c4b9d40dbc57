"""The ways out: how a message leaves the portal."""

from __future__ import annotations

from django.conf import settings

from .demo import DemoTransport
from .smtp import SmtpTransport, server_of
from .transport import Transport


def transport() -> Transport:
    """The way out for surel: SMTP with ``EMAIL_URL``, else (in the demo only) the demo's mailbox."""
    if settings.EMAIL_URL:
        return SmtpTransport(server_of(settings.EMAIL_URL))
    return DemoTransport()
