"""The letters of this room, by kind. Templates: ``templates/messages/<kind>.txt`` (first line: the subject)."""

from notifications.kinds import Kind, register

KINDS = {
    "joined": "Bergabung dengan angkatan",
    "invited": "Undangan angkatan",
    "join_requested": "Permintaan bergabung",
    "join_approved": "Permintaan bergabung disetujui",
    "module_moved": "Materi angkatan diperbarui",
    "join_declined": "Permintaan bergabung tidak disetujui",
}


def register_kinds() -> None:
    """Called once from ``ready()``."""
    for name, label in KINDS.items():
        register(Kind(name, template=f"messages/{name}", label=label))
