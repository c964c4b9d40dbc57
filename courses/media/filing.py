"""Bringing the library of a course's folder into the portal."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from linimasa import pictures

from .. import figures
from ..files import FileProblem, read_text
from ..models import Course, Media, MediaKind
from ..reporting import Report
from . import captions, changing, renditions
from .adding import WORDS, fits
from .images import press
from .naming import FILE, FOLDER, MediaError, plain_name, put
from .sniffing import Found, scrubbed, sniff

KEYS = ("file", "kind", "alternative_text", "original_name", "sha256", "handle", "title", "captions", "transcript", "crop", "focus")


def entry(media: Media) -> dict[str, Any]:
    """The line of media.yaml that says what this is; what is not set is left out."""
    stem = media.name.rpartition(".")[0]
    found: dict[str, Any] = {"file": media.name}
    if media.kind != MediaKind.IMAGE:
        found["kind"] = str(media.kind)
    if media.alternative_text:
        found["alternative_text"] = media.alternative_text
    found |= {"original_name": media.original_name, "sha256": media.sha256}
    found |= {key: getattr(media, key) for key in ("handle", "title") if getattr(media, key)}
    found |= {"captions": f"{stem}.vtt"} if media.captions else {}
    found |= {"transcript": f"{stem}.transcript.txt"} if media.transcript else {}
    found |= {"crop": media.crop} if media.crop else {}
    if (media.focus_x, media.focus_y) != (0.5, 0.5):
        found["focus"] = {"x": media.focus_x, "y": media.focus_y}
    return found


def texts(media: Media) -> dict[str, str]:
    """Captions and transcript by their file's name."""
    told = entry(media)
    return {told[key]: getattr(media, key) for key in ("captions", "transcript") if key in told}


def dumped(course: Course) -> QuerySet[Media]:
    """What stands in media.yaml: everything in use but the drawings, which are files of their own."""
    return Media.objects.filter(course=course, archived_at=None).exclude(kind=MediaKind.FIGURE).order_by("pk")


def load_media(course: Course, folder: Path, rows: list[Any], report: Report) -> None:
    """Bring the library of a course's folder into the portal as it is, if each file is what the portal itself would keep."""
    for row in rows:
        try:
            _load_one(course, folder, row, report)
        except (MediaError, FileProblem) as error:
            report.problem(row, str(error))


def _load_one(course: Course, folder: Path, row: Any, report: Report) -> None:
    name, data = _bytes(folder, row)
    values, found = _values(folder, row, data)
    digest = hashlib.sha256(data).hexdigest()
    known = Media.objects.filter(course=course, sha256=digest).first()
    if handle := values["handle"]:  # what went by this name before was replaced elsewhere
        former = Media.objects.in_use().filter(Q(handle=handle) | Q(handle="", file=f"{FOLDER}/{handle}"), course=course)
        former.exclude(sha256=digest).update(archived_at=timezone.now())
    what = f"{WORDS[found.kind].lower()} {name}"
    if known is None:
        media = Media(course=course, kind=found.kind, size=len(data), sha256=digest, seconds=found.seconds, **values)
        media.content_type = found.content_type
        made = press(data, crop=media.crop, formats=("WEBP",)) if found.kind == MediaKind.IMAGE else []
        if made:
            media.width, media.height = _size(data)
        media.file = put(name, data)
        media.save()
        if made:
            renditions.store(media, made)
        report.created(what)
        return
    if all(getattr(known, key) == value for key, value in values.items()):
        report.unchanged()
        return
    is_cut_anew = known.crop != values["crop"]
    for key, value in values.items():
        setattr(known, key, value)
    known.save(update_fields=list(values))
    if is_cut_anew:
        renditions.remake(known)
    report.changed(what)


def _bytes(folder: Path, row: Any) -> tuple[str, bytes]:
    name = row.get("file")
    if not isinstance(name, str) or not FILE.fullmatch(name):
        raise MediaError("Nama berkas harus 16 sampai 40 huruf kecil atau angka, dengan akhiran yang dikenal (.webp, .mp3, .mp4, .pdf, …).")
    if unknown := sorted(set(row) - set(KEYS)):
        raise MediaError(f"Isian «{unknown[0]}» tidak dikenal untuk {name}. Hapus.")
    path = folder / name
    if path.is_symlink() or not path.is_file() or path.stat().st_size > max(settings.MEDIA_MOST_BYTES.values()):
        raise MediaError(f"Berkas {name} tidak ditemukan atau terlalu besar.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != row.get("sha256"):
        raise MediaError(f"Isi berkas {name} tidak cocok dengan sha256-nya.")
    return name, data


def _values(folder: Path, row: Any, data: bytes) -> tuple[dict[str, Any], Found]:
    """What the row says of a file, checked; and what the file is."""
    name, found = str(row["file"]), sniff(data)
    fits(found, data)
    if found.suffix != name.rpartition(".")[2] or found.kind != row.get("kind", MediaKind.IMAGE):
        raise MediaError(f"Isi {name} bukan {row.get('kind', 'image')} seperti yang tertulis.")
    if found.kind == MediaKind.IMAGE:
        _size(data)
    elif scrubbed(data, found.suffix) != data:
        raise MediaError(f"Berkas {name} masih memuat metadata. Unggah melalui portal.")
    words = {key: _text(row, key, most) for key, most in (("alternative_text", 300), ("title", 120), ("handle", 80))}
    if found.kind == MediaKind.IMAGE and not words["alternative_text"].strip():
        raise MediaError("Isian «alternative_text» harus berisi 1 sampai 300 karakter.")
    focus = row.get("focus") or {}
    values: dict[str, Any] = {
        **words,
        "original_name": plain_name(str(row.get("original_name") or name)),
        "captions": _beside(folder, row, "captions", name),
        "transcript": _beside(folder, row, "transcript", name),
        "crop": changing.crop_of(row.get("crop")),
        "archived_at": None,
    }
    values["focus_x"], values["focus_y"] = changing.focus_of(focus)
    if values["captions"]:
        if captions.check(values["captions"], found.seconds) != values["captions"]:
            raise MediaError(f"Takarir {name.rpartition('.')[0]}.vtt harus berakhir dengan satu baris baru. Simpan ulang.")
        captions.store(values["captions"])
    return values, found


def _text(row: Any, key: str, most: int) -> str:
    value = row.get(key, "")
    if not isinstance(value, str) or len(value) > most or any(ord(sign) < 32 for sign in value):
        raise MediaError(f"Isian «{key}» harus teks satu baris, paling banyak {most} karakter.")
    return value


def _beside(folder: Path, row: Any, key: str, name: str) -> str:
    wanted = f"{name.rpartition('.')[0]}.{'vtt' if key == 'captions' else 'transcript.txt'}"
    if key not in row:
        return ""
    if row[key] != wanted:
        raise MediaError(f"Isian «{key}» harus {wanted}.")
    return read_text(folder / wanted, f"media/{wanted}")


def _size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture as the portal keeps it. Raises MediaError for any other."""
    try:
        image = pictures.opened(data, ("WEBP",))
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None
    if {"exif", "xmp", "icc_profile"} & set(image.info):
        raise MediaError("Gambar harus WebP tanpa metadata. Unggah melalui portal.")
    return image.size


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
