"""What happens in an attempt beside its answers, noted for a trainer who replays it: cheaply, and never more than fits."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linimasa.prepared import Prepared, insert

from .models import AnswerEvent, Attempt, AttemptEvent, AttemptEventKind, Response

logger = structlog.get_logger(__name__)
MOST_EVENTS = 500  # of one attempt: a day of lost signal, and too little to fill a disk
MOST_TOLD = 20  # in one message of a browser
WARNINGS = (5, 1)  # minutes before the end
COOKIE = "linimasa_gawai"
HALF_A_YEAR = 60 * 60 * 24 * 180
_TOKEN = re.compile(r"[0-9a-f]{32}")
_TOLD = {one.value: one for one in (AttemptEventKind.OFFLINE, AttemptEventKind.ONLINE, AttemptEventKind.OPENED, AttemptEventKind.WARNED)}


# --- the device ---------------------------------------------------------------------------------------------------------
def keeps_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view's device has a mark: a random number in a cookie, given at the first page that asks. It tells nothing else."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = request.COOKIES.get(COOKIE, "")
        token = known if _TOKEN.fullmatch(known) else secrets.token_hex(16)
        request.device_token = token  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        if token != known:
            response.set_cookie(COOKIE, token, max_age=HALF_A_YEAR, secure=settings.PRODUCTION, httponly=True, samesite="Lax")
        return response

    return marked


def device_of(request: HttpRequest) -> str:
    """The device's own random number, for ``mark``; empty where the view does not keep it."""
    return str(getattr(request, "device_token", ""))


def mark(device: str, attempt_id: int) -> str:
    """Sixteen signs that tell the devices of one attempt apart, and not those of two."""
    return hashlib.sha256(f"{attempt_id}:{device}".encode()).hexdigest()[:16] if device else ""


# --- noting -------------------------------------------------------------------------------------------------------------
def note(attempt: Attempt, kind: AttemptEventKind, *, device: str = "", number: int | None = None, **detail: Any) -> None:
    """Note that this happened now. One statement; what has a number and is noted already stays as it is."""
    event = AttemptEvent(attempt=attempt, kind=kind, device=mark(device, attempt.pk), number=number, detail=detail)
    insert(event, or_leave=number is not None)


def resumed(attempt: Attempt, device: str) -> None:
    """Note that the learner goes on with a running attempt, unless the newest event says the same of the same device."""
    newest = AttemptEvent.objects.filter(attempt=attempt).order_by("-pk").values_list("kind", "device").first()
    if newest != (AttemptEventKind.RESUMED, mark(device, attempt.pk)) and _has_room(attempt):
        note(attempt, AttemptEventKind.RESUMED, device=device)


# --- what a browser tells -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """One event as a browser tells it: ``at`` by its own clock, only a hint."""

    kind: AttemptEventKind
    number: int | None
    at: datetime | None


def read(lines: Sequence[str]) -> list[Told]:
    """The events in these lines («offline.1764000000000», «opened.1764000000000.3»); what is none of them is left out."""
    found = []
    for line in lines[:MOST_TOLD]:
        kind, _, rest = line[:60].partition(".")
        moment, _, text = rest.partition(".")
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
        if kind in _TOLD and _has_its_number(kind, number, text):
            found.append(Told(_TOLD[kind], number, _moment(moment)))
    return found


def _has_its_number(kind: str, number: int | None, text: str) -> bool:
    match kind:
        case "opened":
            return bool(number)
        case "warned":
            return number in WARNINGS
    return not text


def _moment(text: str) -> datetime | None:
    if not (text.isascii() and text.isdecimal() and len(text) == 13):
        return None
    moment = datetime.fromtimestamp(int(text) / 1000, tz=UTC)
    return moment if 2020 <= moment.year <= 2100 else None


def tell(attempt: Attempt, told: Sequence[Told], device: str) -> int:
    """Note what a browser tells of this attempt, as long as there is room; how many it was.

    No GET notes anything: a page tells what it showed by a request of its own, and what is shown after an answer is noted with it
    (``AnswerEvent.opened``). What has a number is noted once a device.
    """
    told = [one for one in told if one.kind != AttemptEventKind.OPENED or (one.number or 0) <= attempt.rules["questions"]]
    if not told or not _has_room(attempt):
        return 0
    rows = [
        AttemptEvent(
            attempt=attempt,
            kind=one.kind,
            device=mark(device, attempt.pk),
            number=one.number,
            detail={"at": one.at.isoformat()} if one.at else {},
        )
        for one in told
    ]
    insert(*rows, or_leave=True)
    return len(rows)


def _has_room(attempt: Attempt) -> bool:
    return AttemptEvent.objects.filter(attempt=attempt).count() < MOST_EVENTS


# --- where it goes on ---------------------------------------------------------------------------------------------------
_LAST_SHOWN = Prepared(
    lambda attempt: (
        AttemptEvent.objects.filter(attempt=attempt, kind=AttemptEventKind.OPENED).order_by("-at", "-pk").values_list("number", "at")[:1]
    ),
    int,
)
_LAST_GONE_ON = Prepared(
    lambda attempt: (
        AnswerEvent.objects.filter(response__attempt=attempt, opened__isnull=False).order_by("-pk").values_list("opened", "received_at")[:1]
    ),
    int,
)
_STATES = Prepared(
    lambda attempt: Response.objects.filter(attempt=attempt).order_by("position").values_list("position", "answer", "saved_at"), int
)


def place(attempt: Attempt) -> int | None:
    """Where a running attempt goes on, on whatever device: the question that was last opened or saved if it is still blank, else
    the next blank one after it, else the first; None when nothing is blank. Three statements.
    """
    states = _STATES.rows(attempt.pk)
    touched = [(saved_at, position) for position, _answer, saved_at in states if saved_at]
    touched += [(at, number) for number, at in _LAST_SHOWN.rows(attempt.pk) + _LAST_GONE_ON.rows(attempt.pk)]
    last = max(touched)[1] if touched else 1
    blank = [position for position, answer, _saved_at in states if answer is None]
    return next((one for one in blank if one >= last), blank[0] if blank else None)
