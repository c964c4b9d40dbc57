"""QTI 2.1, 2.2 and 3.0: one ``assessmentItem``, or a package with its manifest. Interactions that we do not have are refused by name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from . import packages, tags
from .markup import attribute, below, first, name_of, text_of
from .markup import read as read_xml
from .qti_items import INLINE, Item, declarations, divide, general_feedback
from .qti_kinds import READERS
from .rows import MOST_IMAGES, ExchangeError, Row, enough, placed, title_of

MANIFEST = "imsmanifest.xml"
INTERACTIONS = {
    "associateInteraction": "menghubungkan (associateInteraction)",
    "customInteraction": "interaksi khusus (customInteraction)",
    "drawingInteraction": "menggambar (drawingInteraction)",
    "endAttemptInteraction": "tombol akhir (endAttemptInteraction)",
    "extendedTextInteraction": "uraian (extendedTextInteraction)",
    "graphicAssociateInteraction": "menghubungkan pada gambar (graphicAssociateInteraction)",
    "graphicGapMatchInteraction": "menempatkan pada gambar (graphicGapMatchInteraction)",
    "graphicOrderInteraction": "mengurutkan pada gambar (graphicOrderInteraction)",
    "hottextInteraction": "memilih kata (hottextInteraction)",
    "mediaInteraction": "media (mediaInteraction)",
    "portableCustomInteraction": "interaksi khusus (portableCustomInteraction)",
    "positionObjectInteraction": "menempatkan objek (positionObjectInteraction)",
    "selectPointInteraction": "memilih titik (selectPointInteraction)",
    "sliderInteraction": "geser (sliderInteraction)",
    "uploadInteraction": "unggah berkas (uploadInteraction)",
}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")


def read(data: bytes) -> list[Row]:
    """Every item of the file or package, in the manifest's order. Raises ExchangeError."""
    if packages.is_packed(data):
        return _package(packages.unpacked(data))
    root = read_xml(data)
    if name_of(root) != "assessmentItem":
        raise ExchangeError("Ini bukan soal QTI: unsur terluarnya harus assessmentItem (QTI 2.1 atau 3.0), atau kirim paket ZIP-nya.")
    return [read_item(root, 1)]


def _package(files: Mapping[str, bytes]) -> list[Row]:
    if MANIFEST not in files:
        raise ExchangeError(f"Paket ini tidak memuat {MANIFEST} di tingkat teratas. Ekspor ulang sebagai paket QTI.")
    rows: list[Row] = []
    for resource in below(read_xml(files[MANIFEST]), "resource"):
        if "item" not in attribute(resource, "type"):
            continue
        address = posixpath.normpath(unquote(attribute(resource, "href")))
        number = len(rows) + 1
        if address not in files:
            rows.append(
                Row(placed("soal", number, address), title_of(address), "qti").refuse(f"Berkas {address} tidak ada di dalam paket.")
            )
            continue
        rows.append(_packed_item(files, address, number))
        tags_of = [" ".join(text_of(one).split()) for one in below(resource, "keyword")]
        if rows[-1].question:
            _keywords(rows[-1], tags_of)
        enough(len(rows))
        if sum(len(each.images) for each in rows) > MOST_IMAGES:
            raise ExchangeError(f"Paket ini memuat lebih dari {MOST_IMAGES} gambar. Pecah menjadi beberapa paket.")
    return rows


def _packed_item(files: Mapping[str, bytes], address: str, number: int) -> Row:
    folder = posixpath.dirname(address)
    try:
        root = read_xml(files[address])
    except ExchangeError as error:
        return Row(placed("soal", number, address), title_of(address), "qti").refuse(str(error))
    near = {posixpath.relpath(name, folder or "."): content for name, content in files.items() if not name.startswith("/")}
    return read_item(root, number, near)


def _keywords(row: Row, words: list[str]) -> None:
    """Tags of the manifest, our category among them."""
    for one in words:
        if one.startswith("kategori:"):
            row.question["category"] = one.removeprefix("kategori:")
    tags.take(row, [one for one in words if not one.startswith("kategori:")])


def read_item(element: Any, number: int, files: Mapping[str, bytes] | None = None) -> Row:
    """One assessmentItem as a row."""
    title = " ".join(attribute(element, "title").split())
    row = Row(placed("soal", number, title), title_of(title), "qti")
    if name_of(element) != "assessmentItem":
        return row.refuse(f"Berkas ini berisi {title_of(name_of(element)) or 'unsur lain'}, bukan assessmentItem.")
    item = Item(element, row, declarations(element), files or {})
    body = first(element, "itemBody")
    found = [one for one in (body.iter() if body is not None else ()) if name_of(one).endswith("Interaction")]
    foreign = list(dict.fromkeys(name_of(one) for one in found if name_of(one) not in READERS))
    names = {name_of(one) for one in found}
    if foreign:
        row.kind = foreign[0][:40]
        return row.refuse(f"Jenis {INTERACTIONS.get(foreign[0], title_of(foreign[0]))} dari QTI tidak dikenal di sini. Tulis ulang.")
    if not found:
        return row.refuse("Item ini tidak memuat pertanyaan yang dapat dijawab.")
    if len(found) > 1 and not names <= set(INLINE):
        return row.refuse(f"Item ini memuat {len(found)} pertanyaan. Pecah menjadi satu pertanyaan setiap item.")
    item.feedback = general_feedback(item)
    READERS[name_of(found[0])](item, body, found)
    label = attribute(element, "label")
    if row.question and _CODE.fullmatch(label):
        row.question["code"] = label
    if row.question:
        divide(item, body)
    return row
