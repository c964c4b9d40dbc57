"""Is it true? Looking up what a stranger holds in hand: a link, a code, a file, or a number with the holder's name.

An answer shows only what is printed. What does not exist and what does not fit get the same answer by the same work.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from accounts.limits import Limit
from linimasa.prepared import Prepared

from .issuing import CODE_LENGTH
from .models import Certificate
from .snapshots import code_text

# Misses only: what was found is given back, so that a class behind one address can look up all its certificates.
TYPED = Limit("certificate-typed", most=30, minutes=10)
APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´ʻ"), "'")
NOBODY = "-"


class State(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    NO_LINK = "no_link"
    NO_CODE = "no_code"
    NO_NUMBER = "no_number"
    NOT_ISSUED_HERE = "not_issued_here"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True)
class Finding:
    """What the check says. ``asked`` repeats what was typed; ``by_file``: the very bytes were compared."""

    state: State
    certificate: Certificate | None = None
    asked: str = ""
    by_file: bool = False

    @property
    def status(self) -> int:
        if self.state == State.TOO_OFTEN:
            return 429
        return 200 if self.certificate else 404


def by_token(token: str) -> Finding:
    """By link or QR: 128 random bits, never limited. One statement."""
    return _finding(_one(_BY_TOKEN.objects(token)), "token", token, State.NO_LINK)


def by_code(code: str) -> Finding:
    """By the code as typed: spaces, hyphens and case do not matter. One statement."""
    signs = plain_code(code)
    return _finding(_one(_BY_CODE.objects(signs)), "code", signs, State.NO_CODE, asked=code_text(signs[:CODE_LENGTH]))


def by_fingerprint(sha256: str) -> Finding:
    """By the SHA-256 of a file: only the bytes that were issued are found. One statement."""
    found = _one(_BY_FINGERPRINT.objects(sha256))
    if found is None:
        return Finding(State.NOT_ISSUED_HERE)
    return Finding(State(found.status), found, by_file=True)


def by_number(number: str, name: str) -> Finding:
    """By the printed number, only together with the holder's name as it is printed, with or without titles.

    An unknown number and a wrong name get the same answer after the same comparisons.
    """
    wanted = re.sub(r"\s+", "", number).upper()
    found = _one(_rows(number__iexact=wanted))
    holder = found.snapshot["holder"] if found else {"full_name": NOBODY, "name": NOBODY}
    typed = comparable(name).encode()
    fits = [hmac.compare_digest(comparable(holder[key]).encode(), typed) for key in ("full_name", "name")]
    if found is None or not any(fits):
        return Finding(State.NO_NUMBER, asked=number)
    return Finding(State(found.status), found)


def plain_code(text: str) -> str:
    """«7kq4-m2xd 9rtb» as it is stored: «7KQ4M2XD9RTB»"""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def comparable(name: str) -> str:
    """A name for comparison: case, kinds of apostrophe, blanks and dots do not matter."""
    folded = unicodedata.normalize("NFKC", name).translate(APOSTROPHES).casefold()
    return " ".join(folded.replace(".", " ").replace(",", " ").split())


def network_of(address: str) -> str:
    """Whom a limit counts: one IPv4 address, or the /64 that a household has of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


# What the page reads, and no more.
READ = (
    *("status", "number", "token", "code", "snapshot", "reason", "ended_at"),
    *("file__sha256", "file__size"),
    *("replacement__number", "replacement__token", "replacement__issued_at"),
)


def _rows(**condition: str) -> QuerySet[Certificate]:
    return Certificate.objects.filter(**condition).select_related("file", "replacement").only(*READ).order_by()[:1]


_BY_TOKEN = Prepared(lambda token: _rows(token=token), str)
_BY_CODE = Prepared(lambda code: _rows(code=code), str)
_BY_FINGERPRINT = Prepared(lambda sha256: _rows(file__sha256=sha256), str)


def _one(found: Iterable[Certificate]) -> Certificate | None:
    return next(iter(found), None)


def _finding(found: Certificate | None, field: str, secret: str, missing: State, *, asked: str = "") -> Finding:
    kept = getattr(found, field) if found else NOBODY
    if not hmac.compare_digest(kept.encode(), secret.encode()) or found is None:
        return Finding(missing, asked=asked)
    return Finding(State(found.status), found)
