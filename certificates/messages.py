"""What certificates tell people. These are no reminders: they go at once."""

from __future__ import annotations

from notifications.kinds import Kind, register


def register_kinds() -> None:
    """Called once from ``ready()``."""
    register(Kind("certificate_issued", template="messages/certificate_issued", label="Sertifikat terbit", is_reminder=False))
    register(Kind("certificate_revoked", template="messages/certificate_revoked", label="Sertifikat dicabut", is_reminder=False))
