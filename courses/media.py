"""The library of pictures.

Images that people upload are sniffed, capped in pixels before decoding, re-encoded onto a new WebP, and kept under a random name.
Own drawings come only with a course's files: checked (``courses.figures``), given the portal's colours, kept under their hash.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from audit import log
from linimasa import pictures

from . import figures
from .models import Course, Media, MediaKind
from .reporting import Report

MOST_BYTES = 8_000_000
WIDEST = 1_600
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
NAME = re.compile(r"[a-z0-9]{16,40}\.webp")
STORED = re.compile(r"[a-z0-9]{16,40}\.webp|[0-9a-f]{32}\.svg")
FOLDER = "course-media"
_TEXT_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<", re.S)


class MediaError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


def add_image(course: Course, upload: UploadedFile, *, alternative_text: str, by: User | None) -> Media:
    """Re-encode the upload and add it to the course's library; the same picture is kept once. Raises MediaError."""
    if not alternative_text.strip():
        raise MediaError("Tulis teks alternatif: apa yang terlihat pada gambar ini, bagi yang tidak dapat melihatnya.")
    if upload.size is None or upload.size > MOST_BYTES:
        raise MediaError(f"Gambar ini lebih besar dari {MOST_BYTES // 1_000_000} MB. Kecilkan dahulu.")
    made, width, height = encode(upload.read(MOST_BYTES + 1))
    digest = hashlib.sha256(made).hexdigest()
    known = Media.objects.filter(course=course, sha256=digest).first()
    if known:
        return known
    media = Media(
        course=course,
        width=width,
        height=height,
        size=len(made),
        sha256=digest,
        alternative_text=alternative_text.strip(),
        original_name=_plain_name(upload.name or "gambar"),
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            media.file.save(f"{secrets.token_hex(16)}.webp", ContentFile(made), save=False)
            media.save()
            log.record("media.added", by=by, on=media, sha256=digest, size=len(made))
    except IntegrityError:  # the same picture arrived twice at once
        default_storage.delete(str(media.file.name))
        return Media.objects.get(course=course, sha256=digest)
    return media


def encode(data: bytes) -> tuple[bytes, int, int]:
    """The picture as WebP without any metadata, at most 1600 pixels wide, with its width and height. Raises MediaError."""
    image = _opened(data)
    try:
        clean = pictures.redrawn(image, box=(WIDEST, pictures.MOST_PIXELS), transparency=True)
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue(), clean.width, clean.height


def _opened(data: bytes) -> Image.Image:
    """The picture, its header read and its size accepted, not yet decoded."""
    if not data:
        raise MediaError("Berkas ini kosong. Pilih gambar lain.")
    if _TEXT_START.match(data[:200]) or b"<svg" in data[:2000].lower():
        raise MediaError("Berkas SVG dan HTML tidak diterima karena dapat memuat program. Simpan gambar sebagai PNG, JPEG, atau WebP.")
    if not pictures.kind_of(data):
        raise MediaError("Berkas ini bukan gambar PNG, JPEG, atau WebP. Simpan gambarnya dalam salah satu bentuk itu.")
    try:
        return pictures.opened(data, FORMATS)
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None


def _plain_name(name: str) -> str:
    return re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1])[-120:] or "gambar"


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
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return f"Gambar {name} tidak ditemukan atau terlalu besar."
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != row.get("sha256"):
        return f"Isi gambar {name} tidak cocok dengan sha256-nya."
    try:
        image = _opened(data)
        image.load()
    except (MediaError, OSError) as error:
        return str(error)
    if image.format != "WEBP" or {"exif", "xmp", "icc_profile"} & set(image.info):
        return f"Gambar {name} harus WebP tanpa metadata. Unggah melalui portal."
    known = Media.objects.filter(course=course, sha256=digest).first()
    original = _plain_name(str(row.get("original_name") or name))
    if known is None:
        media = Media(course=course, size=len(data), sha256=digest, alternative_text=alternative, original_name=original)
        media.width, media.height = image.size
        media.file = _put(name, data)
        media.save()
        report.created(f"gambar {name}")
    elif (known.alternative_text, known.original_name) != (alternative, original):
        Media.objects.filter(pk=known.pk).update(alternative_text=alternative, original_name=original)
        report.changed(f"gambar {name}")
    else:
        report.unchanged()
    return ""


def _stored(name: str, digest: str) -> bool:
    """Whether this very file already lies in the storage."""
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        return False
    with default_storage.open(path) as stored:
        return hashlib.sha256(stored.read()).hexdigest() == digest


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
    figure.file = _put(f"{digest[:32]}.svg", shown)
    figure.save()
    told(f"gambar {handle}")


def _put(name: str, data: bytes) -> str:
    """The file's place in the storage; written unless it lies there already."""
    if _stored(name, hashlib.sha256(data).hexdigest()):
        return f"{FOLDER}/{name}"
    return default_storage.save(f"{FOLDER}/{name}", ContentFile(data))
