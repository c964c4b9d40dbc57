"""The letters of this room, by kind. Templates: ``templates/messages/<kind>.txt`` (first line: the subject)."""

from notifications.kinds import Kind, register

KINDS = {
    "proposal_sent": "Draf menunggu peninjauan",
    "proposal_approved": "Draf disetujui",
    "proposal_returned": "Draf dikembalikan dengan catatan",
    "proposal_published": "Draf terbit",
    "proposal_hindered": "Penerbitan terjadwal terhalang",
    "remarked": "Catatan pada draf",
    "remark_answered": "Jawaban atas catatan",
}


def register_kinds() -> None:
    """Called once from ``ready()``."""
    for name, label in KINDS.items():
        register(Kind(name, template=f"messages/{name}", label=label))
