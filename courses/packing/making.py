"""Packages that people ask for: made by a worker, kept for a while, downloaded by whoever sees the course in the studio."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit import log
from linimasa import clock, writing
from linimasa.middleware import LARGEST_REQUEST

from ..models import Course, Module, Package, PackageKind, WorkState
from . import archives, cartridge, scorm
from .contents import NotPublishedError

logger = structlog.get_logger(__name__)

GIVEN_UP = timedelta(minutes=15)  # a worker that has not finished by then is dead
MOST_BYTES = 120_000_000
OF_A_MODULE = (PackageKind.SCORM12, PackageKind.SCORM2004, PackageKind.CARTRIDGE)
OF_A_COURSE = (PackageKind.ARCHIVE, PackageKind.CARTRIDGE)
ENDINGS = {
    PackageKind.ARCHIVE: ".zip",
    PackageKind.CARTRIDGE: ".imscc",
    PackageKind.SCORM12: "-scorm12.zip",
    PackageKind.SCORM2004: "-scorm2004.zip",
}


class PackingError(ValueError):
    """The package cannot be asked for, or not be made; a sentence."""


def ask_problems(course: Course, module: Module | None, kind: str) -> list[str]:
    """Why this package cannot be made now, in sentences; empty when it can."""
    if kind not in (OF_A_MODULE if module else OF_A_COURSE):
        return ["Pilih salah satu bentuk yang tersedia di sini."]
    if kind == PackageKind.ARCHIVE:
        return []
    if module is not None and module.current_version_id is None:
        return [f"Modul {module.code} belum pernah terbit. Yang dibawa keluar adalah versi terbit, jadi terbitkan dulu."]
    if module is None and not Module.objects.filter(course=course, archived_at__isnull=True, current_version__isnull=False).exists():
        return ["Belum ada modul kursus ini yang terbit. Yang dibawa keluar adalah versi terbit, jadi terbitkan dulu satu modul."]
    return []


@transaction.atomic
def ask(course: Course, *, kind: str, by: User, module: Module | None = None) -> Package:
    """Ask for a package; one that this person already waits for is given back. Raises PackingError."""
    if problems := ask_problems(course, module, kind):
        raise PackingError(" ".join(problems))
    Course.objects.select_for_update().get(pk=course.pk)  # two presses at once: one package
    version = module.current_version if module and kind != PackageKind.ARCHIVE else None
    mine = Package.objects.filter(course=course, module=module, version=version, kind=kind, asked_by=by).defer("data")
    waiting = mine.filter(state__in=(WorkState.WAITING, WorkState.WORKING)).first()
    if waiting is not None:
        return waiting
    package = Package.objects.create(course=course, module=module, version=version, kind=kind, asked_by=by, asked_at=clock.now())
    log.record("package.asked", by=by, on=module or course, kind=kind, package=package.pk)
    return package


def make(package_id: int) -> bool:
    """Make one package that waits, once; whether this call did. A second worker, or a second delivery, does nothing."""
    now = clock.now()
    dead = Q(state=WorkState.WORKING, claimed_at__lt=now - GIVEN_UP)
    if not Package.objects.filter(Q(state=WorkState.WAITING) | dead, pk=package_id).update(state=WorkState.WORKING, claimed_at=now):
        return False
    mine = Package.objects.filter(pk=package_id, state=WorkState.WORKING, claimed_at=now)
    package = mine.defer("data").select_related("course", "module", "version").first()
    if package is None:
        return False
    try:
        data, told = _made(package)
    except (PackingError, NotPublishedError) as error:
        mine.update(state=WorkState.FAILED, report=[str(error)], made_at=clock.now())
    except Exception:
        logger.exception("package.failed", package=package_id)
        sentence = "Paket ini belum dapat dibuat karena gangguan pada portal. Coba sekali lagi; bila tetap begini, hubungi pengelola."
        mine.update(state=WorkState.FAILED, report=[sentence], made_at=clock.now())
    else:
        digest = hashlib.sha256(data).hexdigest()
        mine.update(state=WorkState.READY, data=data, size=len(data), sha256=digest, report=told, made_at=clock.now())
    return True


def _made(package: Package) -> tuple[bytes, list[str]]:
    if package.kind == PackageKind.ARCHIVE:
        data, told = archives.make(package.course)
        if len(data) > LARGEST_REQUEST:
            most = writing.size(LARGEST_REQUEST)
            told.append(f"Arsip ini lebih besar dari {most}, jadi memasukkannya hanya dapat dengan perintah load_course.")
    elif package.kind == PackageKind.CARTRIDGE:
        data, told = cartridge.make(package.course, package.version)
    else:
        if package.version is None:
            raise NotPublishedError("Versi yang diminta tidak ada lagi. Minta paketnya sekali lagi.")
        data, told = scorm.make(package.version, package.kind)
    if len(data) > MOST_BYTES:
        raise PackingError(f"Paket ini lebih besar dari {writing.size(MOST_BYTES)}. Kecilkan video atau dokumen dalam pustaka.")
    return data, told


@transaction.atomic
def drop(package: Package, *, by: User) -> bool:
    """The person who asked does not want it any more: gone, unless it is ready. Whether it is. A worker's result finds nobody."""
    unready = (WorkState.WAITING, WorkState.WORKING, WorkState.FAILED)
    deleted, _rows = Package.objects.filter(pk=package.pk, asked_by=by, state__in=unready).delete()
    if deleted:
        log.record("package.dropped", by=by, on=package.module or package.course, kind=package.kind, package=package.pk)
    return bool(deleted)


def waiting() -> list[int]:
    """The packages that no worker makes: for the sweeper."""
    dead = Q(state=WorkState.WORKING, claimed_at__lt=clock.now() - GIVEN_UP)
    return list(Package.objects.filter(Q(state=WorkState.WAITING) | dead).order_by("asked_at", "pk").values_list("pk", flat=True)[:20])


def file_name(package: Package) -> str:
    """What the file is called on the reader's disk."""
    stem = package.course.slug
    if package.module is not None:
        stem = f"{package.course.slug}-{package.module.code.lower()}-{package.module.slug}"
    number = f"-v{package.version.number}" if package.version else ""
    return f"{stem[:90]}{number}{ENDINGS[PackageKind(package.kind)]}"
