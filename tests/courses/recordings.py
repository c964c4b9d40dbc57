"""Small sound, film and documents for tests, made by hand: what they are can be told, nothing in them can be heard or seen."""

from __future__ import annotations

import io
import struct
import zipfile


def box(kind: bytes, inside: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def mp4(*, seconds: int = 65, handler: bytes = b"vide", place: bytes = b"+06.9-106.8/") -> bytes:
    """An MP4 with one track; ``place`` is where a phone writes where it was."""
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    hdlr = box(b"hdlr", struct.pack(">II4s", 0, 0, handler) + bytes(13))
    trak = box(b"trak", box(b"mdia", hdlr))
    moov = box(b"moov", mvhd + trak + box(b"udta", box(b"\xa9xyz", place)))
    return box(b"ftyp", b"isom\0\0\2\0isommp42") + moov + box(b"mdat", bytes(range(256)) * 40)


def _element(name: str, inside: bytes) -> bytes:
    return bytes.fromhex(name) + struct.pack(">Q", len(inside) | 1 << 56) + inside


def webm(*, seconds: float = 12.5, codec: bytes = b"V_VP9", doctype: bytes = b"webm") -> bytes:
    head = _element("1a45dfa3", _element("4282", doctype))
    info = _element("1549a966", _element("2ad7b1", (1_000_000).to_bytes(3, "big")) + _element("4489", struct.pack(">d", seconds * 1000)))
    tracks = _element("1654ae6b", _element("ae", _element("86", codec)))
    return head + _element("18538067", info + tracks + _element("1f43b675", bytes(500)))


def mp3(seconds: int = 3, *, tagged: bool = True) -> bytes:
    """Silent frames (MPEG 1 layer III, 128 kbit/s, 44.1 kHz), behind a tag that names somebody."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    said = b"TPE1" + struct.pack(">IH", 14, 0) + b"\0RAHASIA-NAMA!"
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, len(said)]) + said
    return (tag if tagged else b"") + frame * (seconds * 44100 // 1152 + 1)


def ogg(seconds: int = 2) -> bytes:
    def page(number: int, granule: int, packet: bytes) -> bytes:
        kind = 2 if number == 0 else 4
        return b"OggS" + struct.pack("<BBqIIIB", 0, kind, granule, 1, number, 0, 1) + bytes([len(packet)]) + packet

    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44100, 0, 128_000, 0, 0xB8, 1)
    comment = b"\x03vorbis" + struct.pack("<I", 0) + struct.pack("<I", 0) + b"\x01"
    return page(0, 0, head) + page(1, 0, comment) + page(2, seconds * 44100, bytes(50))


def office(part: str = "word/document.xml", *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in ("[Content_Types].xml", part, *more):
            package.writestr(name, "<x/>")
    return out.getvalue()


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nSelamat pagi.\n\n2\n00:02.500 --> 00:05.000 align:start\n<v Petugas>Silakan <i>duduk</i>.\n"
