"""A person asks to have their data corrected or erased; an admin decides within 3 × 24 hours (UU 27/2022)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import log

from .models import DataRequest, DataRequestKind, DataRequestState, User

TIME_TO_ANSWER = timedelta(hours=72)
Listener = Callable[[DataRequest], None]
_listeners: list[Listener] = []


class RequestingError(Exception):
    """The request cannot be made or decided; the message is a sentence."""


def listen(listener: Listener) -> None:
    """Tell this one of each request that is asked or decided, in the same transaction. Once each."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def ask(person: User, kind: str, *, text: str) -> DataRequest:
    """Ask for a correction or for erasure, one of each kind at a time. Raises RequestingError with a sentence."""
    now = timezone.now()
    if kind not in DataRequestKind.values:
        raise RequestingError("Pilih perbaikan atau penghapusan.")
    if kind == DataRequestKind.CORRECTION and not text.strip():
        raise RequestingError("Tulis data mana yang salah dan bagaimana seharusnya.")
    try:
        with transaction.atomic():
            made = DataRequest.objects.create(person=person, kind=kind, text=text.strip(), asked_at=now, due_at=now + TIME_TO_ANSWER)
    except IntegrityError as error:
        raise RequestingError("Permintaan seperti ini sudah menunggu putusan.") from error
    log.record("data_request.asked", by=person, on=made, kind=made.get_kind_display().lower())
    _tell(made)
    return made


@transaction.atomic
def settle(request: DataRequest, *, by: User, reason: str) -> DataRequest:
    """The correction was made; ``reason`` says what. An erasure is settled by ``erasure.erase`` alone. Raises RequestingError."""
    if request.kind == DataRequestKind.ERASURE:
        raise RequestingError("Penghapusan dipenuhi dengan menghapus data orangnya.")
    return decide(request, DataRequestState.DONE, by=by, reason=reason)


@transaction.atomic
def decline(request: DataRequest, *, by: User, reason: str) -> DataRequest:
    """Not granted, with the reason that the person reads. Raises RequestingError."""
    if not reason.strip():
        raise RequestingError("Tulis alasannya. Orang yang meminta membacanya.")
    return decide(request, DataRequestState.DECLINED, by=by, reason=reason)


@transaction.atomic
def decide(request: DataRequest, state: str, *, by: User, reason: str) -> DataRequest:
    """Move an open request on, once: of two admins who press together one decides. Raises RequestingError for the other."""
    changed = DataRequest.objects.filter(pk=request.pk, state=DataRequestState.OPEN).update(
        state=state, decided_at=timezone.now(), decided_by=by, reason=reason.strip()[:300]
    )
    if not changed:
        raise RequestingError("Permintaan ini sudah diputuskan. Muat ulang halaman.")
    request.refresh_from_db()
    if state == DataRequestState.DONE:
        log.record("data_request.done", by=by, on=request, reason=request.reason)
    else:
        log.record("data_request.declined", by=by, on=request, reason=request.reason)
    _tell(request)
    return request


def _tell(request: DataRequest) -> None:
    for listener in _listeners:
        listener(request)
