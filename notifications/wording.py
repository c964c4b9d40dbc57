"""From a message row to the letter that leaves: in the recipient's zone, with the way back to the portal and to the preferences."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from linimasa import clock

from . import kinds, links
from .channels.transport import Letter
from .models import Message

SIGNATURE = "-- \nLinimasa, portal pembelajaran Bimtek Satgas Medsos Pemda\n{portal}\n"


def text_of(message: Message) -> tuple[str, str]:
    """Subject and body without the footer. Mail that Django wrote is kept as it came; everything else is rendered now.

    The template's context: ``person``, ``message``, ``portal`` (the public address), what ``enqueue`` was given, what the kind's
    ``facts`` read, and ``url`` when a ``path`` was given. Times are in the recipient's zone. Raises whatever the template raises.
    """
    kind = kinds.get(message.kind)
    if not kind.template:
        return message.subject, message.body
    person = message.recipient
    context: dict[str, Any] = {"person": person, "message": message, "portal": settings.PUBLIC_URL, **message.context}
    with timezone.override(clock.zone(person.time_zone if person else None)):
        if kind.facts:
            context.update(kind.facts(message))
        if str(context.get("path", "")).startswith("/"):
            context["url"] = settings.PUBLIC_URL + context["path"]
        text = get_template(f"{kind.template}.txt").template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    subject, _, body = text.strip().partition("\n")
    if not subject.strip() or not body.strip():
        raise ValueError(f"The template of {kind.name} gives no subject or no body.")
    return " ".join(subject.split())[:300], body.strip() + "\n"


def letter_of(message: Message, subject: str, body: str) -> Letter:
    """The letter as it leaves: footer, and for reminders the way to hear no more (RFC 2369, RFC 8058)."""
    kind = kinds.get(message.kind)
    headers: dict[str, str] = {}
    text = body.rstrip() + "\n\n"
    if kind.is_reminder and message.recipient_id:
        headers["List-Unsubscribe"] = f"<{links.unsubscribe_url(message.recipient_id, kind.name)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        text += f"Mengapa saya menerima ini? {kind.why or 'Anda mengikuti bimtek di Linimasa.'}\n"
        text += f"Atur atau hentikan pengingat: {links.preferences_url(message.recipient_id)}\n\n"
    if kind.template:
        text += SIGNATURE.format(portal=settings.PUBLIC_URL)
    return Letter(f"{message.message_id}@linimasa", settings.DEFAULT_FROM_EMAIL, message.address, subject, text, headers)
