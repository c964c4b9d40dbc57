"""Changing what the library holds: its words, its captions, how a picture is cut, another file in its place, archived and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import log
from linimasa import clock

from .. import keeping
from ..models import Media, MediaKind, RevisionOrigin
from . import captions, renditions, using
from .adding import WORDS, fits, read
from .images import press
from .naming import MediaError, plain_name, put, random_name
from .sniffing import scrubbed, sniff

SIDES = ("x", "y", "width", "height")
NARROWEST = 0.02  # of the whole


def crop_of(value: Any) -> dict[str, float] | None:
    """A crop as it is kept: parts of the whole, four decimals; None for the whole picture. Raises MediaError."""
    if not value:
        return None
    if not isinstance(value, Mapping) or set(value) != set(SIDES) or not all(_is_part(value[side]) for side in SIDES):
        raise MediaError("Potongan gambar harus berisi x, y, width, dan height, masing-masing 0 sampai 1.", "crop")
    cut = {side: round(float(value[side]), 4) for side in SIDES}
    if cut["width"] < NARROWEST or cut["height"] < NARROWEST:
        raise MediaError("Potongan gambar terlalu kecil. Ambil sekurang-kurangnya 2% dari lebar dan tingginya.", "crop")
    if cut["x"] + cut["width"] > 1.0001 or cut["y"] + cut["height"] > 1.0001:
        raise MediaError("Potongan gambar keluar dari gambar. Kecilkan lebarnya, atau geser ke kiri atau ke atas.", "crop")
    return None if cut == {"x": 0, "y": 0, "width": 1, "height": 1} else cut


def focus_of(value: Any) -> tuple[float, float]:
    """The point of a picture that a small square must show, as parts from the left and the top. Raises MediaError."""
    if not isinstance(value, Mapping) or not all(_is_part(value.get(side, 0.5)) for side in ("x", "y")):
        raise MediaError("Titik fokus harus berisi x dan y, masing-masing 0 sampai 1.", "focus")
    return round(float(value.get("x", 0.5)), 4), round(float(value.get("y", 0.5)), 4)


def _is_part(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


@transaction.atomic
def describe(media: Media, *, by: User, values: Mapping[str, str]) -> bool:
    """Change title, alternative text, captions and transcript; whether anything was. Raises MediaError."""
    values = dict(values)
    if values.get("captions"):
        values["captions"] = captions.check(values["captions"], media.seconds)
        captions.store(values["captions"])
    if media.kind == MediaKind.IMAGE and not values.get("alternative_text", media.alternative_text).strip():
        raise MediaError("Tulis teks alternatif: apa yang terlihat pada gambar ini, bagi yang tidak dapat melihatnya.", "alternative_text")
    return _change(media, by, "media.described", values)


@transaction.atomic
def cut(media: Media, *, by: User, crop: Any, focus: Any) -> bool:
    """Cut the picture anew and say which point small squares show; whether anything changed. Raises MediaError."""
    focus_x, focus_y = focus_of(focus)
    values = {"crop": crop_of(crop), "focus_x": focus_x, "focus_y": focus_y}
    if media.kind != MediaKind.IMAGE:
        raise MediaError("Hanya gambar yang diunggah dapat dipotong.", "crop")
    is_cut = media.crop != values["crop"]
    changed = _change(media, by, "media.cut", values)
    if is_cut:
        renditions.remake(media)
    return changed


@transaction.atomic
def replace(media: Media, upload: UploadedFile, *, by: User) -> None:
    """Put another file of the same kind in its place: texts go on naming it as before, published versions keep what they showed.

    Raises MediaError.
    """
    media = Media.objects.select_for_update(of=("self",)).get(pk=media.pk)
    if media.kind == MediaKind.FIGURE:
        raise MediaError("Ilustrasi berasal dari berkas kursus dan diganti di sana.")
    data = read(upload)
    found = sniff(data)
    fits(found, data)
    if found.kind != media.kind:
        raise MediaError(f"Berkas pengganti harus {WORDS[media.kind].lower()} juga, seperti yang diganti.")
    made = press(data) if found.kind == MediaKind.IMAGE else []
    data = made[0].data if made else scrubbed(data, found.suffix)
    digest = hashlib.sha256(data).hexdigest()
    if digest == media.sha256:
        raise MediaError("Berkas ini sama persis dengan yang sekarang.")
    if Media.objects.filter(course=media.course_id, sha256=digest).exists():
        raise MediaError("Berkas ini sudah ada di pustaka. Pakai yang itu, atau unggah berkas lain.")
    before = keeping.media_state(media)
    renditions.keep_former(media)
    media.handle = media.handle or media.name
    media.file, media.sha256, media.size, media.seconds = put(random_name(found.suffix), data), digest, len(data), found.seconds
    media.content_type, media.original_name, media.crop = found.content_type, plain_name(upload.name or ""), None
    if made:
        media.width, media.height = made[0].width, made[0].height
    try:
        with transaction.atomic():
            media.save()
    except IntegrityError:
        raise MediaError("Berkas ini sudah ada di pustaka. Pakai yang itu, atau unggah berkas lain.") from None
    if made:
        renditions.store(media, made)
    kept = keeping.keep_media(media, by=by, before=before)
    log.record("media.replaced", by=by, on=media, sha256=digest, size=len(data), revision=kept.pk)


@transaction.atomic
def archive(media: Media, *, by: User) -> None:
    """Leave it out of the library; versions that show it go on showing it. Raises MediaError while a draft or a question uses it."""
    if media.kind == MediaKind.FIGURE:
        raise MediaError("Ilustrasi berasal dari berkas kursus dan diarsipkan bila berkasnya dihapus di sana.")
    used = [use for use in using.uses(media) if use.is_draft]
    if used:
        raise MediaError(f"Masih dipakai di {used[0].label}. Ganti atau hapus di sana, lalu arsipkan.")
    if Media.objects.filter(pk=media.pk, archived_at=None).update(archived_at=clock.now()):
        _told(media, by, "media.archived", {**keeping.media_state(media), "archived": False})


@transaction.atomic
def bring_back(media: Media, *, by: User) -> None:
    """Offer it again. Nothing happens when it is not archived."""
    if media.kind == MediaKind.FIGURE:
        raise MediaError("Ilustrasi berasal dari berkas kursus.")
    if Media.objects.filter(pk=media.pk, archived_at__isnull=False).update(archived_at=None):
        _told(media, by, "media.brought_back", {**keeping.media_state(media), "archived": True})


@transaction.atomic
def restore(media: Media, state: Mapping[str, Any], *, by: User) -> bool:
    """Make it what the history kept: its words, how it is cut, its file, archived or not. Whether anything differed. Raises MediaError
    where that file is another's by now, or the thing is in use and was archived then."""
    media = Media.objects.select_for_update(of=("self",)).select_related("course").get(pk=media.pk)
    before = keeping.media_state(media)
    if before == state:
        return False
    if media.kind == MediaKind.FIGURE:
        raise MediaError("Ilustrasi berasal dari berkas kursus dan dipulihkan di sana.")
    if state["archived"] and (used := [use for use in using.uses(media) if use.is_draft]):
        raise MediaError(f"Waktu itu berkas ini diarsipkan, padahal sekarang dipakai di {used[0].label}. Ganti atau hapus dahulu di sana.")
    is_file, is_cut = state["file"] != before["file"], state["crop"] != before["crop"]
    if is_file:
        _former(media, state)
    for name in keeping.MEDIA_WORDS:
        setattr(media, name, state[name])
    if media.captions:
        captions.store(media.captions)
    media.archived_at = (media.archived_at or clock.now()) if state["archived"] else None
    media.save()
    if media.kind == MediaKind.IMAGE and (is_file or is_cut):
        renditions.remake(media)
    keeping.keep_media(media, by=by, before=before, origin=RevisionOrigin.RESTORE)
    return True


def _former(media: Media, state: Mapping[str, Any]) -> None:
    """Put a file back that this thing was before: it was never deleted, because published versions show it."""
    if not default_storage.exists(state["file"]):
        raise MediaError("Berkas yang dahulu tidak tersimpan lagi. Unggah kembali dari perangkat Anda.")
    if Media.objects.filter(course=media.course_id, sha256=state["sha256"]).exclude(pk=media.pk).exists():
        raise MediaError("Berkas yang dahulu kini ada di pustaka sebagai berkas lain. Pakai yang itu.")
    renditions.keep_former(media)
    media.file = state["file"]
    for name in keeping.MEDIA_FILE:
        setattr(media, name, state[name])


def _told(media: Media, by: User, action: str, before: keeping.State, **details: Any) -> None:
    kept = keeping.keep_media(media, by=by, before=before)
    log.record(action, by=by, on=media, revision=kept.pk, **details)


def _change(media: Media, by: User, action: str, values: Mapping[str, Any]) -> bool:
    differing = {key: value for key, value in values.items() if getattr(media, key) != value}
    if not differing:
        return False
    before = keeping.media_state(media)
    for key, value in differing.items():
        setattr(media, key, value)
    media.save(update_fields=list(differing))
    _told(media, by, action, before, fields=sorted(differing))
    return True
