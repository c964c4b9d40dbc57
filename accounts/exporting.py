"""All that the portal knows about a person, for that person. Apps to the right add their part in their ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from audit import log
from audit.models import Entry
from linimasa import clock

from .models import User

Part = Callable[[User], Any]
_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Add what an app knows about a person, as JSON values, under this name. Registering again replaces."""
    _parts[name] = part


@transaction.atomic
def all_data(person: User) -> dict[str, Any]:
    """Everything, as JSON values; times in UTC. Writes one audit entry."""
    log.record("person.data_downloaded", by=person, on=person)
    return {"dibuat": clock.now().isoformat(), **{name: part(person) for name, part in sorted(_parts.items())}}


def _account(person: User) -> dict[str, Any]:
    return {
        "surel": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "gelar_depan": person.prefix_titles,
        "nama": person.name,
        "gelar_belakang": person.suffix_titles,
        "status_kepegawaian": person.employment_status,
        "nip": person.nip,
        "instansi": str(person.agency or ""),
        "jabatan": person.position,
        "whatsapp": person.whatsapp,
        "zona_waktu": person.time_zone,
        "terdaftar": person.date_joined.isoformat(),
        "peran": [
            {
                "peran": grant.get_role_display(),
                "lingkup": f"{grant.scope_kind}:{grant.scope_id}",
                "mulai": grant.starts_at.isoformat(),
                "berakhir": grant.ends_at.isoformat() if grant.ends_at else None,
            }
            for grant in person.grants.all()
        ],
        "sesi": [
            {"mulai": one.created_at.isoformat(), "ip": one.ip, "peramban": one.user_agent}
            for one in UserSession.objects.filter(user=person)
        ],
        "permintaan": [
            {
                "jenis": one.get_kind_display(),
                "isi": one.text,
                "diminta": one.asked_at.isoformat(),
                "tenggat": one.due_at.isoformat(),
                "keadaan": one.get_state_display(),
                "alasan": one.reason,
            }
            for one in person.data_requests.all()
        ],
        "jejak": [
            {"saat": at.isoformat(), "perbuatan": action}
            for at, action in Entry.objects.filter(actor=person).order_by("at").values_list("at", "action")
        ],
    }


register("akun", _account)
