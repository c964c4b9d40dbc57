"""The demo's mailbox: nothing leaves the machine. As honest as SMTP: a second copy with the same Message-ID is one mail."""

from __future__ import annotations

from django.db import DatabaseError

from notifications.models import DemoMail

from .transport import Letter, NotAccepted


class DemoTransport:
    def send(self, letter: Letter) -> None:
        """See ``Transport``."""
        try:
            DemoMail.objects.get_or_create(
                message_id=letter.message_id, defaults={"to": letter.to[:300], "subject": letter.subject[:300], "body": letter.body}
            )
        except DatabaseError as error:
            raise NotAccepted("Kotak surat demo tidak dapat ditulisi.", permanent=False) from error

    def close(self) -> None:
        """Nothing is open."""
