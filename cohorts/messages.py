"""The letters of this room, by kind. Templates: ``templates/messages/<kind>.txt`` (first line: the subject)."""

from notifications.kinds import Kind, register


def register_kinds() -> None:
    """Called once from ``ready()``."""
    register(Kind("joined", template="messages/joined", label="Bergabung dengan angkatan", is_reminder=False, still_due=None))
    register(Kind("invited", template="messages/invited", label="Undangan angkatan", is_reminder=False, still_due=None))
    register(Kind("join_requested", template="messages/join_requested", label="Permintaan bergabung", is_reminder=False, still_due=None))
    register(Kind("join_approved", template="messages/join_approved", label="Permintaan disetujui", is_reminder=False, still_due=None))
    register(
        Kind("join_declined", template="messages/join_declined", label="Permintaan tidak disetujui", is_reminder=False, still_due=None)
    )
