"""Django's own ``send_mail`` goes into the outbox like everything else that is told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.models import User
from linimasa.work import hint
from notifications import kinds, tasks
from notifications.models import Message


class OutboxBackend(BaseEmailBackend):
    """Django's e-mail backend: each recipient of each mail becomes one row, in the caller's transaction. Nothing is sent here.

    For codes, resets and notices of the account. The text is wiped after it has been sent, because it may hold a code.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many mails were taken. Attachments and HTML alternatives are not carried: our mails are plain text."""
        with transaction.atomic():
            for mail in email_messages:
                for address in mail.recipients():
                    self._take(mail, address)
        return len(email_messages)

    def _take(self, mail: EmailMessage, address: str) -> Message:
        row = Message.objects.create(
            dedupe_key=f"mail:{uuid.uuid4()}",
            kind=kinds.ACCOUNT_MAIL.name,
            recipient=User.objects.filter(email=address.strip().lower()).first(),
            address=address.strip(),
            subject=" ".join(str(mail.subject).split())[:300],
            body=str(mail.body),
        )
        hint(tasks.deliver, row.pk)
        return row
