"""Packed files (QTI packages, workbooks): looked into without unpacking to the disk, bounded in entries and in unpacked bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from linimasa import writing

from .rows import MOST_ENTRIES, MOST_UNPACKED, ExchangeError

_FIXED = (2020, 1, 1, 0, 0, 0)  # the same package for the same questions


def is_packed(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def names_of(data: bytes) -> list[str]:
    """The names in the package. Raises ExchangeError when it is broken, locked or too large once unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeDecodeError, OverflowError):
        raise ExchangeError("Paket ZIP ini rusak. Ekspor ulang dari sistem asalnya.") from None
    if len(entries) > MOST_ENTRIES:
        raise ExchangeError(f"Paket ini berisi lebih dari {writing.decimal(MOST_ENTRIES)} berkas. Pecah menjadi beberapa paket.")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise ExchangeError(f"Isi paket ini lebih dari {writing.size(MOST_UNPACKED)} setelah dibuka. Pecah menjadi beberapa paket.")
    if any(one.flag_bits & 1 for one in entries):
        raise ExchangeError("Paket ini terkunci dengan kata sandi. Buka kuncinya dahulu.")
    return [one.filename for one in entries]


def unpacked(data: bytes) -> dict[str, bytes]:
    """Every file of the package by name, never more bytes than it announced. Raises ExchangeError."""
    names_of(data)
    found: dict[str, bytes] = {}
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                if entry.is_dir():
                    continue
                with packed.open(entry) as opened:
                    content = opened.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise ExchangeError(
                        f"Isi paket ini lebih dari {writing.size(MOST_UNPACKED)} setelah dibuka. Pecah menjadi beberapa paket."
                    )
                found[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError("Paket ZIP ini rusak. Ekspor ulang dari sistem asalnya.") from None
    return found


def pack(files: Mapping[str, bytes]) -> bytes:
    """A package of these files: the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
