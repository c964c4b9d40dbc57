"""Mail by SMTP, step by step, so that it is known at each step whether the server has taken the letter.

The one ambiguous moment is between the end of the data and the server's answer (RFC 5321, 4.2.5 and 6.1): whatever breaks there is
``OutcomeUnknown``; whatever breaks before is certainly not sent.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from .transport import Letter, NotAccepted, OutcomeUnknown

_MAILBOX = re.compile(rb"5\.[12]\.")  # RFC 3463: bad address, bad mailbox
_OURS = re.compile(rb"5\.[3-7]\.")  # the system, the network, the protocol, the content, the policy: says nothing about the address
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Server:
    """Where mail goes. ``security`` is "none", "starttls" (``?tls=1``) or "tls" (``smtps://`` or ``?ssl=1``)."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = "none"


def server_of(url: str) -> Server:
    """Read ``smtp://user:password@host:port?tls=1``. Raises ``ValueError`` with a sentence."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("EMAIL_URL harus berbentuk smtp://user:sandi@host:porta?tls=1.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    security = "none"
    if parts.scheme == "smtps" or query.get("ssl") == "1":
        security = "tls"
    elif query.get("tls") == "1":
        security = "starttls"
    port = parts.port or {"none": 25, "starttls": 587, "tls": 465}[security]
    return Server(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), security)


def as_mail(letter: Letter) -> EmailMessage:
    """The letter as RFC 5322 text; header injection is impossible (the policy refuses line breaks)."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = letter.sender
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        mail[name] = value
    mail.set_content(letter.body)
    return mail


def _is_about_address(code: int, words: bytes, at_recipient: bool) -> bool:
    """Whether a refusal for good is about the mailbox: by its enhanced status, else by where in the dialogue it came (RFC 5321, 4.2.3)."""
    if not 550 <= code < 560:
        return False
    return bool(_MAILBOX.match(words)) or (at_recipient and not _OURS.match(words))


class SmtpTransport:
    """One connection, opened when first needed and kept for the letters that follow."""

    def __init__(self, server: Server, *, timeout: float | None = None) -> None:
        self._server = server
        self._timeout = timeout or settings.EMAIL_TIMEOUT
        self._line: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """See ``Transport``. A connection that the server has closed meanwhile is opened again."""
        content = as_mail(letter).as_bytes()
        line = self._open()
        try:
            self._expect(line.mail(parseaddr(letter.sender)[1]), {250})
            self._expect(line.rcpt(letter.to), {250, 251}, at_recipient=True)
            self._expect(line.docmd("DATA"), {354})
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise NotAccepted(f"Sambungan ke server surel putus ({type(error).__name__}).", permanent=False) from error
        self._hand_over(line, content)

    def _hand_over(self, line: smtplib.SMTP, content: bytes) -> None:
        text = _LEADING_DOT.sub(b"..", content)  # RFC 5321, 4.5.2
        if not text.endswith(b"\r\n"):
            text += b"\r\n"
        try:
            line.send(text + b".\r\n")
            answer = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise OutcomeUnknown(f"Server surel memutus sambungan sebelum menjawab ({type(error).__name__}).") from error
        if answer[0] == -1:
            self._drop()
            raise OutcomeUnknown("Server surel menjawab dengan sesuatu yang tidak dikenal.")
        self._expect(answer, {250})

    def _expect(self, answer: tuple[int, bytes], good: set[int], *, at_recipient: bool = False) -> None:
        code, words = answer
        if code in good:
            return
        self._reset()
        said = words.decode("ascii", "replace")[:150]
        raise NotAccepted(
            f"Server surel menjawab {code}: {said}", permanent=500 <= code < 600, address=_is_about_address(code, words, at_recipient)
        )

    def _open(self) -> smtplib.SMTP:
        if self._line is not None:
            try:
                if self._line.noop()[0] == 250:
                    return self._line
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        try:
            self._line = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            note = f"Server surel menolak masuk ({error.smtp_code}). Periksa EMAIL_URL."
            raise NotAccepted(note, permanent=False, reachable=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotAccepted(f"Server surel tidak terjangkau ({type(error).__name__}).", permanent=False, reachable=False) from error
        return self._line

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=ssl.create_default_context())
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            line.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if server.user:
                line.login(server.user, server.password)
        except Exception:
            line.close()
            raise
        return line

    def _reset(self) -> None:
        if self._line is not None:
            try:
                self._line.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def close(self) -> None:
        """Say goodbye; what was accepted stays accepted whatever happens here."""
        if self._line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._drop()
