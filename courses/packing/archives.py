"""A whole course as one archive: the files of ``dump_course``, packed; and an archive's files, read as ``load_course`` reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from ..dumping import dump_course
from ..models import Course, Module
from ..reading import read_course
from ..reporting import Report
from . import zips


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder of this portal's own that is gone afterwards."""
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="arsip-") as folder:
        yield Path(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file under the folder by its name in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def make(course: Course) -> tuple[bytes, list[str]]:
    """The archive of the course's drafts, and in sentences what of it could not come back in as it is."""
    with workplace() as folder:
        dump_course(course, folder)
        report = Report()
        read_course(folder, report)
        told = [f"{where}: {sentence}" for where, sentence in report.problems]
        named = {stage["module"] for stage in course.programme if "module" in stage}
        outside = Module.objects.filter(course=course, archived_at__isnull=True).exclude(code__in=named).order_by("position", "pk")
        told += [f"Modul {one.code} {one.title} belum ada dalam program kursus, jadi tidak ikut masuk kembali." for one in outside]
        return zips.pack(files_of(folder)), told


def as_file(course: Course, path: Path) -> int:
    """Write the course's archive to ``path``; how many files it holds."""
    with workplace() as folder:
        written = dump_course(course, folder)
        zips.pack_folder(folder, path)
    return len(written)


@contextmanager
def opened(data: bytes | Path) -> Iterator[Path]:
    """The archive's files in a folder that is gone afterwards. Raises ZipError."""
    with workplace() as folder:
        zips.unpack(data, folder)
        yield folder
