"""Pictures that people send: told by their bytes, capped in pixels before decoding, drawn anew without metadata.

What comes out of here was drawn by Pillow on an empty canvas, so nothing that hid in the file (place, program, second file) is left.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

MOST_PIXELS = 24_000_000
BROKEN = (OSError, ValueError, SyntaxError, MemoryError, EOFError, TypeError, Image.DecompressionBombError)  # what Pillow throws


class PictureError(ValueError):
    """The picture cannot be taken; the message is a sentence that says what to do."""


def kind_of(data: bytes) -> str:
    """«JPEG», «PNG» or «WEBP» by the first bytes, never by a name; empty for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def opened(data: bytes, kinds: tuple[str, ...]) -> Image.Image:
    """The picture of one of these kinds, its header read and its size accepted, not yet decoded. Raises PictureError."""
    too_big = f"Gambar ini lebih dari {MOST_PIXELS // 1_000_000} juta piksel. Kecilkan dahulu, misalnya menjadi 1600 piksel lebarnya."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=kinds)
    except Image.DecompressionBombError:
        raise PictureError(too_big) from None
    except BROKEN:
        raise PictureError("Gambar ini rusak dan tidak dapat dibaca. Simpan ulang dari aplikasi asalnya.") from None
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(too_big)
    return image


def redrawn(image: Image.Image, *, box: tuple[int, int], transparency: bool = False) -> Image.Image:
    """The first frame, upright, at most as large as ``box`` (pixels), on a new canvas without metadata. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(0)
            image.load()
            upright = ImageOps.exif_transpose(image) or image
            seen_through = transparency and (upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info)
            upright = upright.convert("RGBA" if seen_through else "RGB")
            upright.thumbnail(box, Image.Resampling.LANCZOS)
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
    except BROKEN:
        raise PictureError("Gambar ini rusak dan tidak dapat dibaca sampai selesai. Simpan ulang dari aplikasi asalnya.") from None
    return clean
