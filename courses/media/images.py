"""What a picture becomes: drawn anew as WebP without metadata."""

from __future__ import annotations

import io

from PIL import Image

from linimasa import pictures

from .naming import MediaError
from .sniffing import ACTIVE, looks_active

WIDEST = 1_600
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")


def encode(data: bytes) -> tuple[bytes, int, int]:
    """The picture as WebP without any metadata, at most 1600 pixels wide, with its width and height. Raises MediaError."""
    image = opened(data)
    try:
        clean = pictures.redrawn(image, box=(WIDEST, pictures.MOST_PIXELS), transparency=True)
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue(), clean.width, clean.height


def opened(data: bytes) -> Image.Image:
    """The picture, its header read and its size accepted, not yet decoded."""
    if not data:
        raise MediaError("Berkas ini kosong. Pilih gambar lain.")
    if looks_active(data):
        raise MediaError(ACTIVE)
    if not pictures.kind_of(data):
        raise MediaError("Berkas ini bukan gambar PNG, JPEG, atau WebP. Simpan gambarnya dalam salah satu bentuk itu.")
    try:
        return pictures.opened(data, FORMATS)
    except pictures.PictureError as error:
        raise MediaError(str(error)) from None
