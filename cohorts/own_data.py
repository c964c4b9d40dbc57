"""What this room knows about a person: told in their export, gone with their erasure."""

from __future__ import annotations

from typing import Any

from accounts import erasure, exporting, registration
from accounts.models import User

from . import joining
from .models import Enrolment, Invitation, Progress


def register() -> None:
    """Called once from ``ready()``."""
    exporting.register("keikutsertaan", enrolments_of)
    erasure.register(forget)


def enrolments_of(person: User) -> dict[str, Any]:
    """Each enrolment with where the person stands in each activity, and the invitations to their addresses."""
    progress: dict[int, list[dict[str, Any]]] = {}
    for row in Progress.objects.filter(enrolment__learner=person).select_related("activity").order_by("activity__position", "pk"):
        progress.setdefault(row.enrolment_id, []).append(
            {
                "kegiatan": f"{row.activity.code} {row.activity.title}",
                "keadaan": row.get_state_display(),
                "nilai": None if row.points is None else float(row.points),
                "mulai": row.started_at.isoformat() if row.started_at else None,
                "selesai": row.completed_at.isoformat() if row.completed_at else None,
            }
        )
    rows = Enrolment.objects.filter(learner=person).select_related("cohort", "course", "agency").order_by("pk")
    invited = Invitation.objects.filter(email__in=registration.verified_addresses(person)).select_related("cohort")
    return {
        "angkatan": [
            {
                "kursus": row.course.title,
                "angkatan": row.cohort.name,
                "instansi": str(row.agency or ""),
                "keadaan": row.get_status_display(),
                "diminta": row.requested_at.isoformat(),
                "bergabung": row.joined_at.isoformat() if row.joined_at else None,
                "selesai": row.completed_at.isoformat() if row.completed_at else None,
                "terakhir_aktif": row.last_seen_at.isoformat() if row.last_seen_at else None,
                "alasan": row.reason,
                "kemajuan": progress.get(row.pk, []),
            }
            for row in rows
        ],
        "undangan": [{"angkatan": one.cohort.name, "surel": one.email, "diundang": one.invited_at.isoformat()} for one in invited],
    }


def forget(person: User) -> None:
    """What runs ends, and invitations to the person's addresses go; marks stay with the enrolment, which names nobody any more."""
    for enrolment in Enrolment.objects.running().filter(learner=person):
        joining.withdraw(enrolment, by=person, reason="Data peserta dihapus atas permintaannya.")
    Enrolment.objects.filter(learner=person).update(reason="")
    Invitation.objects.filter(email__in={person.email, *registration.verified_addresses(person)}).delete()
