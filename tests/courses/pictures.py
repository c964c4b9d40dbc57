"""Pictures for tests, good and bad."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def png(width: int = 40, height: int = 30, **words: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (30, 60, 140)).save(out, "PNG", **words)
    return out.getvalue()


def jpeg_with_exif() -> bytes:
    image = Image.new("RGB", (60, 40), (200, 30, 30))
    exif = Image.Exif()
    exif[0x010E] = "RAHASIA-LOKASI"
    exif[0x0112] = 6  # turned: the upright picture is 40 wide
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"RAHASIA-KOMENTAR")
    return out.getvalue()


def bomb_header(width: int = 60_000, height: int = 60_000) -> bytes:
    """A tiny PNG that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
