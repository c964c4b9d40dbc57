"""Hot spots as QTI has them: a picture of so many pixels and shapes on it; ours are percent of the picture."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from ..kinds.choice import LETTERS
from ..kinds.hotspot import CIRCLE, POLYGON, RECTANGLE
from ..models import QuestionKind
from . import making
from .markup import attribute, children, made, text_of
from .numeric import number_of, plain_number
from .qti_items import Item, stem, told_of
from .qti_parts import CHOSEN, Parts, declaration, paragraphs, said, scored, share_of
from .rows import title_of

_SHAPES = {"rect": RECTANGLE, "circle": CIRCLE, "poly": POLYGON}
_NAMES = {shape: name for name, shape in _SHAPES.items()}
FIGURES = 4  # of a percentage


def read(item: Item, body: Any, found: list[Any]) -> None:
    """One picture, its regions, and which of them are right. The picture lies in the package."""
    interaction = found[0]
    row = item.row
    making.start(row, QuestionKind.HOTSPOT, stem(item, body))
    picture = next(children(interaction, "object", "img"), None)
    size = _size(item, picture)
    address = "" if picture is None else unquote(attribute(picture, "data") or attribute(picture, "src"))
    name = posixpath.basename(address)
    alternative = " ".join((attribute(picture, "alt") or text_of(picture)).split()) if picture is not None else ""
    row.question["picture"] = {"file": name, "alt": alternative}
    data = item.files.get(posixpath.normpath(address)) if address else None
    if data is None:
        row.refuse(f"Gambar “{title_of(name) or 'tanpa nama'}” tidak ada di dalam paket.")
    else:
        row.images[name] = data
    if not alternative:
        row.refuse("Gambar ini belum memiliki teks alternatif. Tulis di dalam unsur object atau sebagai alt.")
    names, regions = [], []
    for place, one in enumerate(children(interaction, "hotspotChoice"), 1):
        names.append(attribute(one, "identifier"))
        label = " ".join((attribute(one, "hotspotLabel") or attribute(one, "label") or text_of(one)).split()) or f"Bagian {place}"
        regions.append({"name": label, **_region(item, place, one, size)})
    row.question["regions"] = regions
    key = item.answer_of(interaction)
    wanted = key.correct or [name for name, share in key.mapping.items() if share > 0]
    letters = [letter for letter, name in zip(LETTERS, names, strict=False) if name in wanted]
    if not letters:
        row.refuse("Kunci jawaban (correctResponse) tidak menunjuk bagian gambar.")
    whys = {letter: why for letter, name in zip(LETTERS, names, strict=False) if (why := told_of(item, name))}
    row.question |= {"feedback_options": whys} if whys else {}
    row.question["key"] = letters if key.cardinality == "multiple" else "".join(letters[:1])
    making.explain(row, item.feedback, [one["name"] for letter, one in zip(LETTERS, regions, strict=False) if letter in letters])


def _size(item: Item, picture: Any) -> tuple[float, float]:
    """Width and height in pixels, as the item says them."""
    sides = [number_of(attribute(picture, name).removesuffix("px")) if picture is not None else None for name in ("width", "height")]
    if not all(sides):
        item.row.refuse("Lebar dan tinggi gambar (width, height) belum ada, jadi letak bagiannya tidak dapat dihitung.")
        return 100.0, 100.0
    return float(sides[0] or 1), float(sides[1] or 1)


def _region(item: Item, place: int, choice: Any, size: tuple[float, float]) -> dict[str, Any]:
    shape = _SHAPES.get(attribute(choice, "shape"), "")
    numbers = [number_of(one) for one in attribute(choice, "coords").replace(" ", ",").split(",") if one]
    at = [float(one) for one in numbers if one is not None]
    if not shape or len(at) != len(numbers) or (shape != POLYGON and len(at) != (4 if shape == RECTANGLE else 3)):
        item.row.refuse(f"Bagian {place}: bentuk {title_of(attribute(choice, 'shape')) or 'kosong'} atau koordinatnya tidak dikenal.")
        return {"shape": shape, "at": []}
    percent = _percent(shape, at, *size)
    return {"shape": shape, "at": [plain_number(Decimal(f"{one:.{FIGURES}f}")) for one in percent]}


def _percent(shape: str, at: list[float], width: float, height: float) -> list[float]:
    """Pixels as percent of the picture, as our shapes have them."""
    if shape == RECTANGLE:
        found = [at[0] / width, at[1] / height, (at[2] - at[0]) / width, (at[3] - at[1]) / height]
    elif shape == CIRCLE:
        found = [at[0] / width, at[1] / height, at[2] / width]
    else:
        found = [one / (height if number % 2 else width) for number, one in enumerate(at)]
    return [one * 100 for one in found]


def _type_of(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/webp"


def parts(question: Mapping[str, Any]) -> Parts:
    """The picture with its regions. ``picture`` holds the size of the picture in pixels."""
    picture, key = question["picture"], question["key"]
    width, height = picture["width"], picture["height"]
    several = isinstance(key, list)
    shown = made("object", picture["alt"], data=picture["file"], type=_type_of(picture["file"]), width=str(width), height=str(height))
    choices = [
        made("hotspotChoice", identifier=letter, shape=_NAMES[one["shape"]], coords=_coords(one, width, height), hotspotLabel=one["name"])
        for letter, one in zip(LETTERS, question["regions"], strict=False)
    ]
    interaction = made("hotspotInteraction", shown, *choices, responseIdentifier="RESPONSE", maxChoices="0" if several else "1")
    body = [*paragraphs(question["text"]), interaction]
    told = question.get("feedback_options", {})
    if several:
        share = share_of(len(key))
        mapping = {letter: share if letter in key else f"-{share}" for letter in LETTERS[: len(choices)]}
        right = declaration(key, mapping, cardinality="multiple", base="identifier", lowerBound="0")
    else:
        right = declaration([key], cardinality="single", base="identifier")
    made_parts = scored(right, body, "map_response" if several else "match_correct", is_told=bool(told))
    made_parts.feedback = [said(text, letter, of=CHOSEN) for letter, text in told.items()]
    return made_parts


def _coords(region: Mapping[str, Any], width: int, height: int) -> str:
    """Whole pixels, as the standard asks."""
    shape, at = region["shape"], region["at"]
    if shape == RECTANGLE:
        pixels = [at[0] * width, at[1] * height, (at[0] + at[2]) * width, (at[1] + at[3]) * height]
    elif shape == CIRCLE:
        pixels = [at[0] * width, at[1] * height, at[2] * width]
    else:
        pixels = [one * (height if number % 2 else width) for number, one in enumerate(at)]
    return ",".join(str(round(one / 100)) for one in pixels)


def lost(question: Mapping[str, Any]) -> list[str]:
    """What whole pixels change, and a drawing that only its own course takes back, in words."""
    picture = question.get("picture", {})
    width, height = picture.get("width"), picture.get("height")
    if "regions" not in question or not width or not height:
        return []
    found = [f for one in question["regions"] for f in _moved(one, width, height)]
    drawing = ["gambarnya di kursus lain (SVG; simpan dulu sebagai PNG)"] if str(picture.get("file", "")).endswith(".svg") else []
    return (["letak bagian gambar (dibulatkan ke piksel)"] if any(found) else []) + drawing


def _moved(region: Mapping[str, Any], width: int, height: int) -> list[bool]:
    again = [float(one) for one in _coords(region, width, height).split(",")]
    return [abs(one - two) > 10**-FIGURES for one, two in zip(_percent(region["shape"], again, width, height), region["at"], strict=True)]
