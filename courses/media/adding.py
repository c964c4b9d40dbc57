"""Adding to the library: each kind is told by its content and refused with a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import log
from linimasa.pictures import Pressed

from .. import keeping
from ..models import Course, Media, MediaKind
from . import renditions
from .images import press
from .naming import MediaError, plain_name, random_name
from .sniffing import Found, scrubbed, sniff

NO_ALTERNATIVE = "Tulis teks alternatif: apa yang terlihat pada gambar ini, bagi yang tidak dapat melihatnya."
WORDS = {"image": "Gambar", "audio": "Audio", "video": "Video", "document": "Dokumen"}


def add(course: Course, upload: UploadedFile, *, by: User | None, alternative_text: str = "", title: str = "") -> Media:
    """Add any file that the library keeps, told by its content; the same file is kept once. Raises MediaError.

    A picture needs its text alternative; sound, film and documents are called by ``title``, else by the file's own name.
    """
    data = read(upload)
    found = sniff(data)
    fits(found, data)
    if found.kind == MediaKind.IMAGE:
        return _add_image(course, data, upload.name or "", alternative_text, title, by)
    data = scrubbed(data, found.suffix)
    name = plain_name(upload.name or "")
    media = Media(
        course=course, kind=found.kind, content_type=found.content_type, seconds=found.seconds, title=title.strip(), original_name=name
    )
    media.alternative_text = alternative_text.strip()
    return _keep(media, data, found.suffix, by)


def add_image(course: Course, upload: UploadedFile, *, alternative_text: str, by: User | None) -> Media:
    """Draw the upload anew and add it to the course's library; the same picture is kept once. Raises MediaError."""
    if not alternative_text.strip():
        raise MediaError(NO_ALTERNATIVE, "alternative_text")
    most = settings.MEDIA_MOST_BYTES[MediaKind.IMAGE]
    if upload.size is None or upload.size > most:
        raise MediaError(f"Gambar ini lebih besar dari {most // 1_000_000} MB. Kecilkan dahulu.")
    return _add_image(course, upload.read(most + 1), upload.name or "", alternative_text, "", by)


def read(upload: UploadedFile) -> bytes:
    """The whole upload, at most as large as the largest that any kind may be. Raises MediaError."""
    most = max(settings.MEDIA_MOST_BYTES.values())
    if upload.size is None or upload.size > most:
        raise MediaError(f"Berkas ini lebih besar dari {most // 1_000_000} MB. Kecilkan, atau pecah menjadi beberapa berkas.")
    return upload.read(most + 1)


def fits(found: Found, data: bytes) -> None:
    """Raises MediaError for what is larger or longer than its kind may be."""
    most, longest = settings.MEDIA_MOST_BYTES[found.kind], settings.MEDIA_MOST_SECONDS.get(found.kind, 0)
    if len(data) > most:
        how = "Kecilkan dahulu." if found.kind == MediaKind.IMAGE else "Kecilkan, atau pecah menjadi beberapa berkas."
        raise MediaError(f"{WORDS[found.kind]} ini lebih besar dari {most // 1_000_000} MB. {how}")
    if longest and found.seconds > longest:
        raise MediaError(f"{WORDS[found.kind]} ini lebih lama dari {longest // 60} menit. Pecah menjadi beberapa bagian.")


def _add_image(course: Course, data: bytes, name: str, alternative_text: str, title: str, by: User | None) -> Media:
    if not alternative_text.strip():
        raise MediaError(NO_ALTERNATIVE, "alternative_text")
    made = press(data)
    media = Media(
        course=course,
        width=made[0].width,
        height=made[0].height,
        title=title.strip(),
        alternative_text=alternative_text.strip(),
        original_name=plain_name(name, "gambar"),
        content_type="image/webp",
    )
    return _keep(media, made[0].data, "webp", by, made)


def _offered_again(media: Media, by: User | None) -> None:
    """The same file was sent once more: what was archived is offered again."""
    if media.kind == MediaKind.FIGURE or media.archived_at is None:
        return
    with transaction.atomic():
        before = keeping.media_state(media)
        if Media.objects.filter(pk=media.pk, archived_at__isnull=False).update(archived_at=None):
            kept = keeping.keep_media(media, by=by, before=before)
            log.record("media.brought_back", by=by, on=media, revision=kept.pk)
    media.archived_at = None


def _keep(media: Media, data: bytes, suffix: str, by: User | None, made: Sequence[Pressed] = ()) -> Media:
    """The row and its file; the row that is there already when the course holds this very file (brought back if it was archived)."""
    digest = hashlib.sha256(data).hexdigest()
    known = Media.objects.filter(course=media.course, sha256=digest).first()
    if known:
        _offered_again(known, by)
        return known
    media.size, media.sha256, media.uploaded_by = len(data), digest, by
    try:
        with transaction.atomic():
            media.file.save(random_name(suffix), ContentFile(data), save=False)
            media.save()
            if made:
                renditions.store(media, made)
            log.record("media.added", by=by, on=media, sha256=digest, size=len(data))
    except IntegrityError:  # the same file arrived twice at once
        default_storage.delete(str(media.file.name))
        return Media.objects.get(course=media.course, sha256=digest)
    return media
