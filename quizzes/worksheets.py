"""The worksheet of practical work: a file to fill in, checked as if a stranger had sent it, kept under its hash, given out as it came."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from courses.media.naming import is_dry
from courses.models import Course

from .models import Question, QuestionVersion, Worksheet
from .uploads import TYPES
from .uploads import checked as checked_upload

FOLDER = "files"  # beside the assignment's file
STORED = "worksheets"
MOST_BYTES = 200_000
MOST_PARTS = 200
MOST_UNPACKED = 5_000_000
CONTENT_TYPES = "[Content_Types].xml"
_MAIN = {"xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"), "docx": ("word/document.xml", b"wordprocessingml.document.main+xml")}
# What a sheet to fill in never needs, by a part of a member's name: programs, other people's files, data from elsewhere.
_NEVER = {
    "vbaproject": "memuat makro",
    "macrosheets/": "memuat makro",
    "activex/": "memuat kontrol ActiveX",
    "externallinks/": "memuat tautan ke berkas lain",
    "connections.xml": "memuat sambungan ke data luar",
    "embeddings/": "memuat berkas di dalamnya",
    "oleobject": "memuat berkas di dalamnya",
}


class WorksheetError(ValueError):
    """The file cannot be offered; a sentence."""


def checked(path: Path) -> bytes:
    """The bytes of an .xlsx or .docx without macros, links outwards and embedded objects, at most 200,000. Raises WorksheetError."""
    if path.is_symlink() or not path.is_file():
        raise WorksheetError(f"berkas {FOLDER}/{path.name} tidak ditemukan.")
    size = path.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise WorksheetError(f"berkas {path.name} berukuran {size // 1000} KB. Paling besar {MOST_BYTES // 1000} KB, dan tidak kosong.")
    data = path.read_bytes()
    if sentence := problem(data, path.suffix.removeprefix(".")):
        raise WorksheetError(f"berkas {path.name} {sentence}.")
    return data


def received(file: UploadedFile) -> tuple[str, bytes]:
    """The name under which an author's worksheet is kept, and its bytes: checked like every upload, then as a worksheet is.

    Raises WorksheetError, or ``uploads.UploadError``.
    """
    data, kind = checked_upload(file, {"types": list(_MAIN), "max_bytes": MOST_BYTES})
    if sentence := problem(data, kind):
        raise WorksheetError(f"Berkas ini {sentence}.")
    stem = Path((file.name or "").replace("\\", "/")).stem
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain)[:60].strip('-') or 'lembar-kerja'}.{kind}", data


def problem(data: bytes, kind: str) -> str:
    """Why these bytes are no worksheet of this kind (``xlsx`` or ``docx``), as the end of a sentence; empty when they are one."""
    main, content_type = _MAIN[kind]
    try:
        members = _members(data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.zlib.error):  # type: ignore[attr-defined]
        return f"bukan {kind.upper()} yang utuh"
    if members is None:
        return "terlalu besar setelah dibuka"
    types = members.get(CONTENT_TYPES, b"")
    if main not in members or content_type not in types:
        return f"bukan {kind.upper()}"
    if b"macroenabled" in types.lower():
        return "memuat makro"
    for name in members:
        if found := next((why for part, why in _NEVER.items() if part in name.lower()), ""):
            return found
    if any(b"<!DOCTYPE" in one or b"<!ENTITY" in one for one in members.values()):
        return "memuat XML yang tidak dipakai Office"
    if any(b"TargetMode=" in one and b"External" in one for name, one in members.items() if name.endswith(".rels")):
        return "memuat tautan ke luar. Tulis alamatnya sebagai teks biasa"
    return ""


def _members(data: bytes) -> dict[str, bytes] | None:
    """Every member's bytes by name, read within bounds; None when they are too many or too large. Raises what zipfile raises."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        rows = packed.infolist()
        if len(rows) > MOST_PARTS or sum(row.file_size for row in rows) > MOST_UNPACKED:
            return None
        found: dict[str, bytes] = {}
        for row in rows:
            with packed.open(row) as member:
                found[row.filename] = member.read(MOST_UNPACKED + 1)
        return found


def described(template: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    """What a question version says of its worksheet: the file's name and title as written, and which bytes they stand for."""
    return {
        "file": template["file"],
        "title": template["title"],
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def keep(question: Question, template: Mapping[str, Any], data: bytes) -> Worksheet:
    """Store the bytes for this question, once."""
    digest = template["sha256"]
    known = Worksheet.objects.filter(question=question, sha256=digest).first()
    if known:
        return known
    name = f"{STORED}/{digest}{Path(template['file']).suffix}"
    if not is_dry() and not default_storage.exists(name):  # the name is the hash, so what lies there is the same
        name = default_storage.save(name, ContentFile(data))
    return Worksheet.objects.create(question=question, file=name, size=len(data), sha256=digest)


def of(version: QuestionVersion) -> Worksheet | None:
    """The worksheet that this version of practical work offers; None when it has none."""
    template = version.content.get("template")
    return Worksheet.objects.filter(question=version.question_id, sha256=template["sha256"]).first() if template else None


def named_in(course: Course) -> set[tuple[int, str]]:
    """The worksheets that there are for the course's questions: (question id, hash)."""
    return set(Worksheet.objects.filter(question__course=course).values_list("question_id", "sha256"))


def content_of(worksheet: Worksheet) -> bytes:
    with worksheet.file.open("rb") as stored:
        return stored.read()


def answer(request: HttpRequest, version: QuestionVersion) -> HttpResponseBase:
    """The worksheet as an attachment, kept only by this browser and asked about each time; 404 when the version has none."""
    worksheet = of(version)
    if worksheet is None:
        raise Http404
    name = version.content["template"]["file"]
    kind = Path(name).suffix.removeprefix(".")
    tag = f'"{worksheet.sha256}"'
    found = get_conditional_response(request, etag=tag) or FileResponse(
        worksheet.file.open("rb"), as_attachment=True, filename=name, content_type=TYPES[kind]
    )
    found["X-Content-Type-Options"] = "nosniff"
    found["Content-Security-Policy"] = "default-src 'none'; sandbox"
    found["Cache-Control"] = "private, no-cache"
    found["ETag"] = tag
    return found
