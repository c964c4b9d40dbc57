"""Zip files: made byte-identical for the same contents, and opened as if a stranger had sent them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from linimasa import writing

MOST_ENTRIES = 4_000
MOST_UNPACKED = 250_000_000  # bytes
MOST_DEPTH = 4  # folders in folders
MOST_RATIO = 200  # unpacked bytes to a packed one; text comes to about 12
LONGEST_NAME = 120
_FIXED = (1980, 1, 1, 0, 0, 0)
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]*")
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX(?:/|$)|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)")
_PRESSED = (".webp", ".png", ".jpg", ".mp3", ".m4a", ".ogg", ".mp4", ".webm", ".pdf", ".docx", ".xlsx", ".pptx", ".zip")
_LINK = 0o120000
_KIND = 0o170000
_CHUNK = 1_000_000
_ENTRY = b"PK\x01\x02"  # begins each line of a zip's list
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for gigabytes before the first byte
TOO_MANY = f"Arsip ini berisi lebih dari {writing.decimal(MOST_ENTRIES)} berkas. Arsip kursus tidak sebesar itu."


class ZipError(ValueError):
    """The file cannot be opened; a sentence that says how to mend it."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, by name: the same bytes for the same files, whatever the clock says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in sorted(files):
            _add(made, name, files[name])
    return out.getvalue()


def pack_folder(folder: Path, path: Path) -> None:
    """The same zip of a folder's files, written to ``path`` with one file in memory at a time."""
    names = sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            _add(made, name, (folder / name).read_bytes())


def _add(made: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    made.writestr(entry, data, zipfile.ZIP_STORED if name.endswith(_PRESSED) else zipfile.ZIP_DEFLATED, 9)


def unpack(data: bytes | Path, folder: Path) -> list[str]:
    """Write what is packed (bytes, or a file, which is not read whole) into ``folder``, which is empty and stays the only place that is
    written to; the names written.

    One folder around everything is taken off, and what desktops add (``__MACOSX``, ``.DS_Store``) is left out. Raises ZipError for
    what is broken, locked, too large, too many, too deep, or named so that it would land elsewhere, before anything is written.
    """
    if isinstance(data, bytes) and data.count(_ENTRY) > 2 * MOST_ENTRIES:  # reading a stranger's all would take hundreds of megabytes
        raise ZipError(TOO_MANY)
    try:
        with zipfile.ZipFile(data if isinstance(data, Path) else io.BytesIO(data)) as packed:
            entries = _checked(packed.infolist(), data.stat().st_size if isinstance(data, Path) else len(data))
            room = MOST_UNPACKED
            for name, entry in entries.items():
                room = _write(packed, entry, folder / name, room)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, UnicodeDecodeError, OverflowError, OSError):
        raise ZipError("Berkas ZIP ini rusak. Unduh atau buat arsipnya sekali lagi.") from None
    return list(entries)


def _checked(entries: list[zipfile.ZipInfo], packed: int) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > MOST_ENTRIES:
        raise ZipError(TOO_MANY)
    kept = [one for one in entries if not one.is_dir() and not _JUNK.search(one.filename)]
    total = sum(one.file_size for one in kept)
    if total > MOST_UNPACKED:
        raise ZipError(f"Isi arsip ini lebih dari {writing.size(MOST_UNPACKED)} setelah dibuka. Kecilkan berkas medianya.")
    if total > packed * MOST_RATIO + 1_000_000:
        raise ZipError("Isi arsip ini mengembang terlalu besar setelah dibuka. Buat arsipnya sekali lagi.")
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for entry in kept:
        _check_entry(entry)
        if entry.filename.casefold() in folded:
            raise ZipError(f"Berkas «{_shown(entry.filename)}» ada dua kali dalam arsip. Hapus salah satunya.")
        folded.add(entry.filename.casefold())
        found[entry.filename] = entry
    return _without_top(found)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = _shown(entry.filename)
    if entry.flag_bits & 1:
        raise ZipError("Arsip ini terkunci dengan kata sandi. Buka kuncinya dahulu.")
    if (entry.external_attr >> 16) & _KIND == _LINK:
        raise ZipError(f"«{name}» adalah tautan ke berkas lain. Masukkan berkasnya sendiri.")
    if entry.compress_type not in _METHODS:
        raise ZipError(f"«{name}» dikempa dengan cara yang tidak dipakai di sini. Buat arsipnya sekali lagi sebagai ZIP biasa.")
    parts = PurePosixPath(entry.filename).parts
    if entry.filename.startswith("/") or "\\" in entry.filename or ".." in parts or ":" in entry.filename:
        raise ZipError(f"Nama berkas «{name}» menunjuk ke luar arsip. Buat arsipnya sekali lagi.")
    if len(parts) > MOST_DEPTH + 1:
        raise ZipError(f"Berkas «{name}» berada lebih dari {MOST_DEPTH} folder ke dalam. Arsip kursus tidak sedalam itu.")
    if len(entry.filename) > LONGEST_NAME or "/".join(parts) != entry.filename or not all(_PART.fullmatch(one) for one in parts):
        raise ZipError(f"Nama berkas «{name}» tidak dapat dipakai. Pakai huruf, angka, titik, dan tanda hubung.")


def _without_top(found: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """A person who packs a folder packs the folder itself too."""
    tops = {name.partition("/")[0] for name in found}
    if "course.yaml" in found or len(tops) != 1 or any("/" not in name for name in found):
        return found
    top = tops.pop()
    return {name.removeprefix(f"{top}/"): entry for name, entry in found.items()}


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, room: int) -> int:
    """Never more bytes than announced; what is left of the room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left = min(entry.file_size, room)
    with packed.open(entry) as source, path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ZipError("Isi arsip ini lebih besar daripada yang tertulis di dalamnya. Buat arsipnya sekali lagi.")
            target.write(chunk)
    return room - entry.file_size


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:80])
