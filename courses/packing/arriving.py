"""Archives that people bring: looked at by a worker, shown, and entered when they say so. Nothing enters while a line is wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import log
from linimasa import clock, writing
from linimasa.middleware import LARGEST_REQUEST

from ..loading import LoadError
from ..media.naming import plain_name
from ..models import Arrival, ArrivalState, Course
from ..reading import read_course
from ..reporting import Report
from . import archives, entering
from .zips import ZipError

logger = structlog.get_logger(__name__)

MOST_BYTES = LARGEST_REQUEST - 1_000_000  # the form itself comes along
GIVEN_UP = timedelta(minutes=15)
MOST_LINES = 400  # of a report that are kept
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TROUBLE = "Arsip ini belum dapat diperiksa karena gangguan pada portal. Coba sekali lagi; bila tetap begini, hubungi pengelola."


class ArrivingError(ValueError):
    """The archive cannot be taken or entered; a sentence. ``field``: which input is to be mended."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def slug_problem(slug: str) -> str:
    """Why a new course cannot have this address, as a sentence; empty when it can."""
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        return "Alamat kursus hanya huruf kecil, angka, dan tanda hubung, paling panjang 60 karakter, misalnya lini-masa-2028."
    if Course.objects.filter(slug=slug).exists():
        return f"Alamat «{slug}» sudah dipakai kursus lain. Pilih alamat lain, atau bawa arsip ini masuk dari halaman kursus itu."
    return ""


@transaction.atomic
def bring(data: bytes, name: str, *, by: User, course: Course | None = None, slug: str = "") -> Arrival:
    """Keep an archive to be looked at: for ``course``, or for a new course of the address ``slug``. Raises ArrivingError."""
    if len(data) > MOST_BYTES:
        raise ArrivingError(f"Arsip paling besar {writing.size(MOST_BYTES)}. Yang lebih besar dimuat dengan perintah load_course.", "file")
    if not data.startswith(b"PK"):
        raise ArrivingError("Berkas ini bukan ZIP. Unggah arsip kursus yang dibawa keluar dari portal seperti ini.", "file")
    if course is None and (problem := slug_problem(slug)):
        raise ArrivingError(problem, "slug")
    report = {"slug": course.slug if course else slug}
    arrival = Arrival.objects.create(
        course=course, name=plain_name(name, "arsip.zip"), data=data, brought_by=by, brought_at=clock.now(), report=report
    )
    log.record("arrival.brought", by=by, on=course or arrival, arrival=arrival.pk, slug=report["slug"])
    return arrival


def examine(arrival_id: int) -> bool:
    """Look at one archive that waits; whether this call did. Run again, or by two workers: the same end state."""
    mine = _claim(arrival_id, ArrivalState.WAITING, ArrivalState.WORKING)
    if mine is None:
        return False
    row, arrival = mine
    slug = arrival.report["slug"]
    state, report = ArrivalState.REFUSED, {"slug": slug}
    try:
        with archives.opened(bytes(arrival.data)) as folder:
            found = read_course(folder, Report())
            trial = entering.attempt(folder, slug=slug, by=arrival.brought_by)
    except ZipError as error:
        report["problems"] = [["", str(error)]]
    except LoadError as error:
        report |= _told(error.report)
    except Exception:
        logger.exception("arrival.failed", arrival=arrival_id)
        report["problems"] = [["", TROUBLE]]
    else:
        state = ArrivalState.READY
        report |= _told(trial.report) | {"drafts": trial.drafts, "title": found.title if found else "", "from": found.slug if found else ""}
        report["fingerprint"] = entering.fingerprint(Course.objects.filter(slug=slug).first())
    row.update(state=state, report=report)
    return True


def apply_problems(arrival: Arrival, *, over_drafts: bool) -> list[str]:
    """Why the archive cannot enter now, in sentences; empty when it can."""
    if arrival.state != ArrivalState.READY:
        return [f"Arsip ini tidak sedang menunggu persetujuan ({arrival.get_state_display().lower()}). Muat ulang halaman."]
    if arrival.report.get("drafts") and not over_drafts:
        return ["Arsip ini menggantikan draf yang belum terbit. Centang persetujuannya, atau terbitkan dulu draf itu."]
    return []


@transaction.atomic
def agree(arrival: Arrival, *, by: User, over_drafts: bool = False) -> None:
    """Say that the archive is to enter; a worker does it. Raises ArrivingError."""
    if problems := apply_problems(arrival, over_drafts=over_drafts):
        raise ArrivingError(" ".join(problems), "over_drafts" if arrival.state == ArrivalState.READY else "")
    changed = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.READY).update(state=ArrivalState.APPLYING, claimed_at=None)
    if not changed:
        raise ArrivingError("Arsip ini sudah disetujui. Muat ulang halaman untuk melihat keadaannya.")
    log.record("arrival.agreed", by=by, on=arrival.course or arrival, arrival=arrival.pk, slug=arrival.report["slug"])


def apply(arrival_id: int) -> bool:
    """Enter one archive that was agreed to, whole and once; whether this call did.

    Where the drafts are not those any more that the preview was made of, nothing enters and the archive is looked at again.
    """
    try:
        with transaction.atomic():
            return _apply(arrival_id)
    except (LoadError, ZipError) as error:
        told = _told(error.report) if isinstance(error, LoadError) else {"problems": [["", str(error)]]}
        return _settle(arrival_id, told)
    except Exception:
        logger.exception("arrival.apply_failed", arrival=arrival_id)
        return _settle(arrival_id, {"problems": [["", TROUBLE]]})


def _apply(arrival_id: int) -> bool:
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id, state=ArrivalState.APPLYING).first()
    if arrival is None:
        return False
    slug = arrival.report["slug"]
    course = Course.objects.select_for_update().filter(slug=slug).first()
    if entering.fingerprint(course) != arrival.report.get("fingerprint", ""):
        report = {"slug": slug, "again": "Draf kursus berubah sesudah arsip diperiksa, jadi arsipnya diperiksa sekali lagi."}
        Arrival.objects.filter(pk=arrival_id).update(state=ArrivalState.WAITING, report=report, claimed_at=None)
        return True
    with archives.opened(bytes(arrival.data)) as folder:
        course, report_of_load = entering.enter(folder, slug=slug, by=arrival.brought_by)
    report = {**arrival.report, **_told(report_of_load)}
    done = {"state": ArrivalState.APPLIED, "applied_at": clock.now(), "course": course, "report": report}
    Arrival.objects.filter(pk=arrival_id, state=ArrivalState.APPLYING).update(**done)
    return True


def _settle(arrival_id: int, told: dict[str, Any]) -> bool:
    arrival = Arrival.objects.filter(pk=arrival_id, state=ArrivalState.APPLYING).defer("data").first()
    if arrival is None:
        return False
    report = {"slug": arrival.report["slug"], **told}
    return bool(Arrival.objects.filter(pk=arrival_id, state=ArrivalState.APPLYING).update(state=ArrivalState.REFUSED, report=report))


@transaction.atomic
def drop(arrival: Arrival, *, by: User) -> bool:
    """Not wanted: the archive and its bytes are gone, also while it is looked at, unless it has entered or is entering. Whether it is."""
    gone = (ArrivalState.WAITING, ArrivalState.WORKING, ArrivalState.READY, ArrivalState.REFUSED)
    deleted, _rows = Arrival.objects.filter(pk=arrival.pk, state__in=gone).delete()
    if deleted:
        log.record("arrival.dropped", by=by, on=arrival.course or arrival, arrival=arrival.pk, slug=arrival.report["slug"])
    return bool(deleted)


def waiting() -> list[tuple[int, bool]]:
    """The archives that no worker looks at or enters, each with whether it was agreed to: for the sweeper."""
    dead = Q(state=ArrivalState.WORKING, claimed_at__lt=clock.now() - GIVEN_UP)
    rows = Arrival.objects.filter(Q(state__in=(ArrivalState.WAITING, ArrivalState.APPLYING)) | dead).order_by("brought_at", "pk")
    return [(pk, state == ArrivalState.APPLYING) for pk, state in rows.values_list("pk", "state")[:20]]


def _claim(arrival_id: int, before: str, after: str) -> tuple[Any, Arrival] | None:
    """The row as this worker's own, and what it holds; None when it is another's or nobody's any more."""
    now = clock.now()
    dead = Q(state=after, claimed_at__lt=now - GIVEN_UP)
    if not Arrival.objects.filter(Q(state=before) | dead, pk=arrival_id).update(state=after, claimed_at=now):
        return None
    row = Arrival.objects.filter(pk=arrival_id, state=after, claimed_at=now)
    arrival = row.select_related("brought_by").first()
    return (row, arrival) if arrival else None


def _told(report: Report) -> dict[str, Any]:
    """The report as it is kept: at most so many lines of each."""
    lines = {"created": report.created_lines, "changed": report.changed_lines, "archived": report.archived_lines}
    kept: dict[str, Any] = {name: rows[:MOST_LINES] for name, rows in lines.items()}
    kept |= {"counts": {name: len(rows) for name, rows in lines.items()} | {"unchanged": report.unchanged_count}}
    placed = {"problems": report.problems, "advice": report.advice}
    return kept | {name: [list(one) for one in rows[:MOST_LINES]] for name, rows in placed.items()}
