"""What a file is, told by its content and never by its name; how long sound and film last. Nothing is unpacked, nothing is run."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from tinytag import TinyTag, TinyTagException

from linimasa import pictures

from ..models import MediaKind
from .naming import MediaError

TYPES = {
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "vtt": "text/vtt; charset=utf-8",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
}
ACTIVE = "Berkas SVG dan HTML tidak diterima karena dapat memuat program. Simpan gambar sebagai PNG, JPEG, atau WebP."
UNKNOWN = (
    "Jenis berkas ini tidak diterima. Yang diterima: gambar PNG, JPEG, WebP; audio MP3, M4A, OGG; video MP4, WebM; "
    "dokumen PDF, DOCX, XLSX, PPTX, TXT."
)
_TEXT_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<", re.S)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MOST_ENTRIES = 5_000
MOST_READS = 200_000
_MP4_FOLDERS = {b"moov", b"trak", b"mdia"}
_PRIVATE = {b"udta", b"meta"}  # where phones write place, name and model


@dataclass(frozen=True)
class Found:
    """A file's kind, the suffix it is kept under, and its length in seconds (0: none, or not said by the file)."""

    kind: MediaKind
    suffix: str
    seconds: int = 0

    @property
    def content_type(self) -> str:
        return TYPES[self.suffix]


def looks_active(data: bytes) -> bool:
    """Whether this is text that a browser might run: SVG, HTML, XML."""
    return bool(_TEXT_START.match(data[:200])) or b"<svg" in data[:2000].lower()


def sniff(data: bytes) -> Found:
    """What this is. Raises MediaError for what the library does not keep."""
    if not data:
        raise MediaError("Berkas ini kosong. Pilih berkas lain.")
    if pictures.kind_of(data):
        return Found(MediaKind.IMAGE, "webp")
    if data[4:8] == b"ftyp":
        return _mp4(data)
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(data)
    if data.startswith(b"OggS"):
        return _ogg(data)
    if data.startswith(b"ID3") or (len(data) > 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return Found(MediaKind.AUDIO, "mp3", _seconds(data, "mp3"))
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise MediaError("Berkas PDF ini terpotong. Unduh atau simpan ulang, lalu unggah lagi.")
        return Found(MediaKind.DOCUMENT, "pdf")
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return _text(data)


def scrubbed(data: bytes, suffix: str) -> bytes:
    """The same sound or film without what phones write beside it (place, name, model)."""
    if suffix == "mp3":
        return _without_tags(data)
    if suffix not in {"mp4", "m4a"}:
        return data
    made = bytearray(data)
    for kind, start, end, _depth in _boxes(data):
        if kind in _PRIVATE:
            made[start - 4 : start] = b"free"  # players step over it; every offset stays
            made[start:end] = bytes(end - start)
    return bytes(made)


def _without_tags(data: bytes) -> bytes:
    at, end = 0, len(data)
    while data.startswith(b"ID3", at) and end - at > 10:
        size = (data[at + 6] & 127) << 21 | (data[at + 7] & 127) << 14 | (data[at + 8] & 127) << 7 | (data[at + 9] & 127)
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return data[at : end - 128] if end - at > 128 and data[end - 128 : end - 125] == b"TAG" else data[at:]


class _Patience(io.BytesIO):
    """A file that is read at most MOST_READS times: the reader looks for a sound's first frame byte by byte, in 20 MB of anything."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > MOST_READS:
            raise ValueError
        return super().read(size)


def _seconds(data: bytes, suffix: str) -> int:
    """Whole seconds, rounded up. Raises MediaError when it is no sound that can be read."""
    try:
        length = TinyTag.get(f"x.{suffix}", file_obj=_Patience(data), tags=False).duration
    except (
        TinyTagException,
        ValueError,
        OverflowError,
        EOFError,
        OSError,
        struct.error,
        IndexError,
        TypeError,
        KeyError,
        ZeroDivisionError,
    ):
        length = None
    if not length or not 0 < length < 1_000_000:
        raise MediaError("Lamanya audio atau video ini tidak terbaca; berkasnya mungkin rusak. Simpan ulang dari aplikasi asalnya.")
    return max(1, -(-int(length * 1000) // 1000))


# --- MP4 --------------------------------------------------------------------------------------------------------------
def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, start and end of what each box holds, its depth; at most 2,000 of them."""
    waiting, seen = [(0, len(data), 0)], 0
    while waiting:
        at, end, depth = waiting.pop()
        while at + 8 <= end and seen < 2_000:
            seen += 1
            size, kind = struct.unpack_from(">I4s", data, at)
            start = at + 8
            if size == 1 and at + 16 <= end:
                size, start = struct.unpack_from(">Q", data, at + 8)[0], at + 16
            size = end - at if size == 0 else size
            if size < start - at or at + size > end:
                return
            yield kind, start, at + size, depth
            if kind in _MP4_FOLDERS and depth < 4:
                waiting.append((start, at + size, depth + 1))
            at += size


def _mp4(data: bytes) -> Found:
    tracks: set[bytes] = set()
    seconds = 0
    for kind, start, end, _depth in _boxes(data):
        if kind == b"hdlr" and end - start >= 12:
            tracks.add(data[start + 8 : start + 12])
        elif kind == b"mvhd":
            seconds = _mvhd(data[start:end])
    if b"vide" in tracks:
        if not seconds:
            raise MediaError("Lamanya video ini tidak terbaca; berkasnya mungkin rusak. Simpan ulang dari aplikasi asalnya.")
        return Found(MediaKind.VIDEO, "mp4", seconds)
    if b"soun" in tracks:
        return Found(MediaKind.AUDIO, "m4a", seconds or _seconds(data, "m4a"))
    raise MediaError("Berkas MP4 ini tidak memuat gambar bergerak atau suara yang terbaca. Simpan ulang sebagai MP4 (H.264 dan AAC).")


def _mvhd(head: bytes) -> int:
    try:
        scale, length = struct.unpack_from(">IQ", head, 20) if head[:1] == b"\x01" else struct.unpack_from(">II", head, 12)
    except struct.error:
        return 0
    return min(-(-length // scale), 1_000_000) if scale and length else 0


# --- WebM and Ogg -----------------------------------------------------------------------------------------------------
_EBML_FOLDERS = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE}  # Segment, Info, Tracks, TrackEntry
_DOCTYPE, _SCALE, _DURATION, _CODEC, _CLUSTER = 0x4282, 0x2AD7B1, 0x4489, 0x86, 0x1F43B675


def _number(data: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """A variable-length number and where it ends; -1 for «unknown size»."""
    if at >= len(data) or not data[at]:
        raise MediaError("Berkas WebM ini rusak. Simpan ulang dari aplikasi asalnya.")
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    if marked:
        return value, at + length
    bare = value & ((1 << 7 * length) - 1)
    return (-1 if bare == (1 << 7 * length) - 1 else bare), at + length


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The elements before the first cluster, folders opened; at most 2,000."""
    for _ in range(2_000):
        if at >= end:
            return
        name, at = _number(data, at, marked=True)
        size, at = _number(data, at, marked=False)
        if name == _CLUSTER:
            return
        if name in _EBML_FOLDERS:
            continue  # what it holds comes next
        if size < 0 or at + size > end:
            return
        yield name, data[at : at + min(size, 64)]
        at += size


def _webm(data: bytes) -> Found:
    _name, at = _number(data, 0, marked=True)
    size, at = _number(data, at, marked=False)
    doctype = b""
    if 0 <= size < 200:
        doctype = dict(_elements(data, at, at + size)).get(_DOCTYPE, b"")
    if doctype.rstrip(b"\0") != b"webm":
        raise MediaError("Berkas Matroska (MKV) tidak diterima. Simpan videonya sebagai MP4 atau WebM.")
    codecs, scale, length = [], 1_000_000, 0.0
    for name, value in _elements(data, at + size, len(data)):
        if name == _CODEC:
            codecs.append(value)
        elif name == _SCALE:
            scale = int.from_bytes(value, "big")
        elif name == _DURATION and len(value) in {4, 8}:
            length = struct.unpack(">f" if len(value) == 4 else ">d", value)[0]
    if not any(codec.startswith(b"V_") for codec in codecs):
        raise MediaError("Berkas WebM ini tidak memuat gambar bergerak. Simpan audio sebagai MP3, M4A, atau OGG.")
    seconds = length * scale / 1e9
    return Found(MediaKind.VIDEO, "webm", max(1, -(-int(seconds * 1000) // 1000)) if 0 < seconds < 1_000_000 else 0)


def _ogg(data: bytes) -> Found:
    head = data[:4096]
    if b"\x80theora" in head or not (b"\x01vorbis" in head or b"OpusHead" in head):
        raise MediaError("Berkas OGG ini bukan suara Vorbis atau Opus. Simpan audio sebagai MP3, M4A, atau OGG.")
    return Found(MediaKind.AUDIO, "ogg", _seconds(data, "ogg"))


# --- documents --------------------------------------------------------------------------------------------------------
def _office(data: bytes) -> Found:
    if data.count(b"PK\x01\x02") > 2 * MOST_ENTRIES:  # reading them all would take hundreds of megabytes
        raise MediaError("Arsip ZIP dan sejenisnya tidak diterima. Unggah dokumennya satu per satu (PDF, DOCX, XLSX, PPTX, TXT).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()[: MOST_ENTRIES + 1]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, struct.error, NotImplementedError):
        raise MediaError("Berkas ini rusak dan tidak dapat dibaca. Simpan ulang dari aplikasi asalnya.") from None
    suffixes = [suffix for name, suffix in _OFFICE.items() if name in names]
    if len(suffixes) != 1 or "[Content_Types].xml" not in names or len(names) > MOST_ENTRIES:
        raise MediaError("Arsip ZIP dan sejenisnya tidak diterima. Unggah dokumennya satu per satu (PDF, DOCX, XLSX, PPTX, TXT).")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
        raise MediaError("Dokumen ini memuat makro. Simpan sebagai DOCX, XLSX, atau PPTX tanpa makro, lalu unggah lagi.")
    return Found(MediaKind.DOCUMENT, suffixes[0])


def _text(data: bytes) -> Found:
    if looks_active(data):
        raise MediaError(ACTIVE)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise MediaError(UNKNOWN) from None
    if _CONTROL.search(text) or "<script" in text[:4000].lower():
        raise MediaError(UNKNOWN)
    return Found(MediaKind.DOCUMENT, "txt")
