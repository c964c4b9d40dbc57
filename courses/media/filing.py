"""Bringing the library of a course's folder into the portal."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from .. import figures
from ..models import Course, Media, MediaKind
from ..reporting import Report
from .images import opened
from .naming import NAME, MediaError, plain_name, put


def load_media(course: Course, folder: Path, rows: list[Any], report: Report) -> None:
    """Bring the images of a course's folder into its library as they are, if they are what the portal itself would store."""
    for row in rows:
        problem = _load_one(course, folder, row, report)
        if problem:
            report.problem(row, problem)


def _load_one(course: Course, folder: Path, row: Any, report: Report) -> str:
    name, alternative = row.get("file"), row.get("alternative_text")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return "Nama gambar harus 16 sampai 40 huruf kecil atau angka, berakhiran .webp."
    if not isinstance(alternative, str) or not 0 < len(alternative.strip()) <= 300:
        return "Isian «alternative_text» harus berisi 1 sampai 300 karakter."
    path = folder / name
    if path.is_symlink() or not path.is_file() or path.stat().st_size > settings.MEDIA_MOST_BYTES[MediaKind.IMAGE]:
        return f"Gambar {name} tidak ditemukan atau terlalu besar."
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != row.get("sha256"):
        return f"Isi gambar {name} tidak cocok dengan sha256-nya."
    try:
        image = opened(data)
        image.load()
    except (MediaError, OSError) as error:
        return str(error)
    if image.format != "WEBP" or {"exif", "xmp", "icc_profile"} & set(image.info):
        return f"Gambar {name} harus WebP tanpa metadata. Unggah melalui portal."
    known = Media.objects.filter(course=course, sha256=digest).first()
    original = plain_name(str(row.get("original_name") or name), "gambar")
    if known is None:
        media = Media(course=course, size=len(data), sha256=digest, alternative_text=alternative, original_name=original)
        media.width, media.height = image.size
        media.file = put(name, data)
        media.save()
        report.created(f"gambar {name}")
    elif (known.alternative_text, known.original_name) != (alternative, original):
        Media.objects.filter(pk=known.pk).update(alternative_text=alternative, original_name=original)
        report.changed(f"gambar {name}")
    else:
        report.unchanged()
    return ""


def load_figures(course: Course, drawings: Mapping[str, str], report: Report) -> None:
    """Bring the drawings of a course's folder into its library: a changed one under a new address, the old one kept for older
    versions; what is no longer in the folder is archived and said."""
    known = {figure.sha256: figure for figure in Media.objects.filter(course=course).figures()}
    wanted: dict[str, tuple[str, str]] = {}  # hash of what is shown → handle, source
    for handle, source in drawings.items():
        where = f"media/figures/{handle}"
        faults = figures.figure_faults(source)
        for line, sentence in faults:
            report.problem(f"{where}:{line}", sentence)
        if faults:
            continue
        digest = hashlib.sha256(figures.styled(source).encode()).hexdigest()
        if digest in wanted:
            report.problem(f"{where}:1", f"Gambar ini sama persis dengan {wanted[digest][0]}. Pakai satu berkas saja.")
        wanted[digest] = (handle, source)
    _archive_figures([one for digest, one in known.items() if wanted.get(digest, ("",))[0] != one.handle], drawings, report)
    for digest, (handle, source) in wanted.items():
        _load_figure(course, known.get(digest), digest, handle, source, report)


def _archive_figures(gone: list[Media], drawings: Mapping[str, str], report: Report) -> None:
    """Before others take their handles."""
    for one in gone:
        if one.archived_at is None:
            Media.objects.filter(pk=one.pk).update(archived_at=timezone.now())
            if one.handle not in drawings:
                report.archived(f"gambar {one.handle}: tidak ada lagi dalam berkas")


def _load_figure(course: Course, known: Media | None, digest: str, handle: str, source: str, report: Report) -> None:
    if known is not None and (known.handle, known.source, known.archived_at) == (handle, source, None):
        report.unchanged()
        return
    figure = known or Media(course=course, kind=MediaKind.FIGURE, sha256=digest)
    told = report.changed if Media.objects.filter(course=course, handle=handle).exists() else report.created
    figure.handle, figure.source, figure.archived_at = handle, source, None
    figure.original_name, figure.alternative_text = handle, figures.title_of(source)
    figure.width, figure.height = figures.size_of(source)
    shown = figures.styled(source).encode()
    figure.size = len(gzip.compress(shown, 6))
    figure.file = put(f"{digest[:32]}.svg", shown)
    figure.save()
    told(f"gambar {handle}")
