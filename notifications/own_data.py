"""What this room knows about a person: told in their export, gone with their erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts import erasure, exporting, requesting
from accounts.models import DataRequest, DataRequestKind, Role, RoleGrant, User

from . import kinds, outbox, preferring
from .kinds import Kind
from .models import DemoMail, Message, MessageStatus, Preference


def _due(message: Message) -> dict[str, Any]:
    return {"due": datetime.fromisoformat(message.context["due_at"])}


ASKED = kinds.register(Kind("data_request_asked", "messages/data_request_asked", "Permintaan atas data pribadi", facts=_due))
DECIDED = kinds.register(Kind("data_request_decided", "messages/data_request_decided", "Putusan permintaan data"))


def register() -> None:
    """Called once from ``ready()``."""
    exporting.register("pemberitahuan", told_to)
    erasure.register(forget)
    requesting.listen(tell)


def told_to(person: User) -> dict[str, Any]:
    """Every message to the person, and what they want to be told. The text of codes is not kept, and never part of it."""
    preference = preferring.of(person)
    return {
        "pengaturan": {"dimatikan": preference.muted_kinds, "jatah_pekanan": preference.weekly_budget},
        "pesan": [
            {
                "jenis": kinds.label_of(one.kind),
                "alamat": one.address,
                "perihal": "" if kinds.is_secret(one.kind) else one.subject,
                "isi": "" if kinds.is_secret(one.kind) else one.body,
                "keadaan": one.get_status_display(),
                "dibuat": one.created_at.isoformat(),
                "terkirim": one.sent_at.isoformat() if one.sent_at else None,
            }
            for one in Message.objects.filter(recipient=person).order_by("pk").iterator()
        ],
    }


def forget(person: User) -> None:
    """Nothing more is sent; the ledger keeps that something was told, without address and words."""
    own = Message.objects.filter(recipient=person)
    DemoMail.objects.filter(to=person.email).delete()
    own.filter(status=MessageStatus.QUEUED).update(status=MessageStatus.CANCELLED, note="Data penerima dihapus.")
    own.update(address="", subject="", body="", context={})
    Preference.objects.filter(person=person).delete()


def tell(request: DataRequest) -> None:
    """The admins of a new request; the person of the decision, unless their data is what was erased."""
    context = {"kind": request.get_kind_display(), "due_at": request.due_at.isoformat(), "reason": request.reason}
    if request.is_open:
        admins = User.objects.filter(grants__in=RoleGrant.objects.in_force().filter(role=Role.ADMIN)).distinct()
        for one in admins:
            path = reverse("accounts:data_requests")
            outbox.enqueue(ASKED.name, to=one, dedupe_key=f"data-request-asked:{request.pk}:{one.pk}", context={**context, "path": path})
    elif request.person.is_active and not (request.kind == DataRequestKind.ERASURE and request.state == "done"):
        context |= {"state": request.get_state_display(), "path": reverse("accounts:own_data")}
        outbox.enqueue(DECIDED.name, to=request.person, dedupe_key=f"data-request-decided:{request.pk}", context=context)
