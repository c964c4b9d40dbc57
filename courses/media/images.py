"""What a picture becomes: drawn anew as WebP without metadata, in three widths."""

from __future__ import annotations

from collections.abc import Mapping

from linimasa import pictures
from linimasa.pictures import Pressed

from .naming import MediaError
from .sniffing import ACTIVE, looks_active

BOX = (1_600, 4_000)
WIDTHS = (480, 960, 1_600)  # a small phone, a phone, a screen
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")

Crop = Mapping[str, float]


def encode(data: bytes) -> tuple[bytes, int, int]:
    """The picture as WebP without any metadata, at most 1600 pixels wide, with its width and height. Raises MediaError."""
    (whole,) = press(data, widths=())
    return whole.data, whole.width, whole.height


def press(data: bytes, *, crop: Crop | None = None, widths: tuple[int, ...] = WIDTHS, formats: tuple[str, ...] = FORMATS) -> list[Pressed]:
    """The whole picture, then its renditions, narrowest first (the whole is the widest one unless it is cropped). Raises MediaError."""
    if not data:
        raise MediaError("Berkas ini kosong. Pilih gambar lain.")
    if looks_active(data):
        raise MediaError(ACTIVE)
    if pictures.kind_of(data) not in formats:
        raise MediaError("Berkas ini bukan gambar PNG, JPEG, atau WebP. Simpan gambarnya dalam salah satu bentuk itu.")
    try:
        return pictures.press(data, kinds=formats, box=BOX, widths=widths, crop=crop, quality=QUALITY)
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None
