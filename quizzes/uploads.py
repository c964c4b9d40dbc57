"""Files handed in with practical work: sniffed, bounded, pictures re-encoded, everything else kept as an attachment and never unpacked."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import zipfile
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from linimasa import pictures, writing

from .models import Attempt, AttemptStatus, Response, Upload

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
LONGEST_SIDE = 2_400
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


class UploadError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


def receive(response: Response, file: UploadedFile | None) -> Upload:
    """Keep one file with the open work that ``response`` belongs to; the same bytes are kept once. Raises UploadError with a sentence."""
    limits = response.question_version.content["files"]
    if file is None:
        raise UploadError("Pilih berkas yang akan dikirim")
    data, kind = checked(file, limits)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(no_key=True).get(pk=response.attempt_id)
        if attempt.status != AttemptStatus.OPEN:
            raise UploadError("Tugas ini sudah dikirim, jadi berkas tidak dapat ditambah.")
        known = response.uploads.filter(sha256=digest).first()
        if known:
            return known
        if response.uploads.count() >= limits["max_count"]:
            raise UploadError(f"Paling banyak {limits['max_count']} berkas. Hapus salah satu dulu.")
        upload = Upload(
            response=response,
            original_name=plain_name(file.name or "berkas", kind),
            content_type=TYPES[kind],
            size=len(data),
            sha256=digest,
        )
        upload.file.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(data), save=False)
        try:
            upload.save(force_insert=True)
        except IntegrityError:
            default_storage.delete(str(upload.file.name))
            raise
    return upload


def remove(upload: Upload) -> None:
    """Take a file back while the work is open; again is harmless. The bytes go only when no other attempt still shows them."""
    name = str(upload.file.name)
    deleted, _ = Upload.objects.filter(pk=upload.pk, response__attempt__status=AttemptStatus.OPEN).delete()
    if not deleted:
        raise UploadError("Tugas ini sudah dikirim, jadi berkas tidak dapat dihapus.")
    if not Upload.objects.filter(file=name).exists():
        transaction.on_commit(lambda: default_storage.delete(name))


def checked(file: UploadedFile, limits: Mapping[str, Any]) -> tuple[bytes, str]:
    """The bytes to keep and their kind (a key of TYPES), decided by the content and never by the name. Raises UploadError."""
    most = limits["max_bytes"]
    if not file.size:
        raise UploadError("Berkas ini kosong. Pilih berkas lain")
    if file.size > most:
        raise UploadError(f"Ukuran berkas {writing.size(file.size)}. Paling besar {writing.size(most)}")
    data = file.read(most + 1)
    kind = sniff(data)
    if kind not in limits["types"]:
        raise UploadError(f"Berkas harus {writing.listed((one.upper() for one in limits['types']), 'atau')}")
    if kind == "pdf" and b"/Encrypt" in data[-4096:]:
        raise UploadError("Berkas ini dikunci kata sandi. Simpan ulang tanpa kata sandi")
    return (_clean_picture(data, kind) if kind in {"png", "jpg"} else data), kind


def sniff(data: bytes) -> str:
    """``pdf``, ``docx``, ``xlsx``, ``png``, ``jpg``, or nothing for anything else. Reads only a zip's list of names, never its content."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if picture := {"PNG": "png", "JPEG": "jpg"}.get(pictures.kind_of(data)):
        return picture
    if data.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return ""
        return next((kind for kind, part in _PARTS.items() if part in names and "[Content_Types].xml" in names), "")
    return ""


def _clean_picture(data: bytes, kind: str) -> bytes:
    """The picture drawn anew, without metadata, at most 2400 pixels long."""
    try:
        clean = pictures.redrawn(pictures.opened(data, ("PNG", "JPEG")), box=(LONGEST_SIDE, LONGEST_SIDE))
    except pictures.PictureError as error:
        raise UploadError(str(error)) from None
    out = io.BytesIO()
    clean.save(out, "PNG" if kind == "png" else "JPEG", quality=82, optimize=True)
    return out.getvalue()


def plain_name(name: str, kind: str) -> str:
    """The name a person knows the file by: no folders, no control signs, the ending of what it really is."""
    stem = re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).rsplit(".", 1)[0].strip(" .")
    return f"{stem[:100] or 'berkas'}.{kind}"
