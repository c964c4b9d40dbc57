"""Hot spots on a picture: named regions, taken by touching the picture or from the list of their names; the list never says which is right.

Places are percent of the picture: a rectangle is [left, top, width, height], a circle [x, y, radius] with its radius in percent of the
width, a polygon [x, y, x, y, …].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .choice import LETTERS, Choices
from .kind import NOTHING, ONE, AnswerError, Content, Raw, is_text, list_problems, part, row, text_problems
from .numeric import is_number

RECTANGLE, CIRCLE, POLYGON = "rectangle", "circle", "polygon"
MOST_REGIONS = 12
MOST_CORNERS = 20
LONGEST_ALTERNATIVE, LONGEST_NAME, LONGEST_FILE = 300, 200, 80
KNOWN = {"file", "alt", "address", "width", "height"}


class Hotspot(Choices):
    """Stored: the places of the regions that were taken. One right region scores 0 or 1; several (right − wrong) ÷ number of keys."""

    code = "hotspot"
    label = "Titik pada gambar"
    template = "quizzes/kinds/hotspot.html"
    keys = ("text", "picture", "regions", "key", "misconceptions", "feedback_options", "feedback")
    missing = "Ketuk gambar atau pilih dari daftar, atau lewati dulu"

    @property
    def several(self) -> bool:  # type: ignore[override]  # by its key: a list asks for several
        return isinstance(self.content["key"], list)

    @classmethod
    def options(cls, content: Content) -> list[str]:
        return list(LETTERS[: len(content["regions"])])

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback") + picture_problems(content.get("picture"))
        found += region_problems(content.get("regions"))
        if found:
            return found
        letters, key = cls.options(content), content.get("key")
        keys = key if isinstance(key, list) else [key]
        if not keys or not all(one in letters for one in keys) or len(set(keys)) != len(keys) or not set(letters) - set(keys):
            found.append("“key” harus huruf bagian gambar (misalnya B) atau daftarnya (misalnya [A, C]); bukan semua bagian.")
        return found or cls.option_problems(content)

    def texts(self) -> list[str]:
        return [one["name"] for one in self.content["regions"]]

    def right(self) -> list[int]:
        return sorted(LETTERS.index(one) for one in self.content["key"])

    def correct(self) -> list[int]:
        return self.right()

    def clean(self, raw: Raw, order: Sequence[int]) -> list[int] | None:
        chosen = self.chosen(raw, order)
        if len(chosen) > 1 and not self.several:
            raise AnswerError("Soal ini hanya menerima satu bagian gambar. Pilih satu saja.")
        return chosen or None

    def points(self, answer: Any) -> Decimal:
        right, given = set(self.right()), set(answer or [])
        if not self.several:
            return ONE if given == right else NOTHING
        return part(max(len(given & right) - len(given - right), 0), len(right))

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        picture = self.content["picture"]
        width, height = picture.get("width", 0), picture.get("height", 0)
        regions = self.content["regions"]
        spots = [{"id": f"j-{place + 1}", "number": place + 1} | drawn(regions[one], width, height) for place, one in enumerate(order)]
        shown = {name: picture.get(name, "") for name in ("address", "alt")} | {"wide": str(width), "high": str(height)}
        return super().public(order, answer) | {"picture": shown, "spots": spots if picture.get("address") else []}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        texts, right = self.texts(), self.right()
        rows = [row("Jawaban Anda", *([texts[one] for one in answer] if answer else ["Tidak dijawab"]))]
        if points != ONE:
            rows.append(row("Yang tepat", *(texts[one] for one in right)))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        if not self.several:
            return "Ada bagian yang lebih tepat."
        right = self.right()
        return f"{sum(one in answer for one in right)} dari {len(right)} bagian tepat."


def picture_problems(picture: Any) -> list[str]:
    """What is wrong with ``{file, alt}``; whether the library has the picture is asked elsewhere."""
    if not isinstance(picture, dict) or not {"file", "alt"} <= set(picture) <= KNOWN:
        return ["“picture” harus memuat file (nama gambar di pustaka) dan alt (teks alternatif)."]
    if not is_text(picture["file"], LONGEST_FILE) or not is_text(picture["alt"], LONGEST_ALTERNATIVE):
        return [f"“picture”: file dan alt harus berisi teks; alt paling panjang {LONGEST_ALTERNATIVE} huruf."]
    if set(picture) != KNOWN and set(picture) != {"file", "alt"}:
        return ["“picture” hanya memuat file dan alt."]
    return []


def region_problems(regions: Any) -> list[str]:
    """What is wrong with the regions: their names, and their shapes within the picture."""
    if not isinstance(regions, list) or not 2 <= len(regions) <= MOST_REGIONS or not all(isinstance(one, dict) for one in regions):
        return [f"“regions” harus berupa daftar 2 sampai {MOST_REGIONS} bagian {{name, shape, at}}."]
    found = list_problems([one.get("name") for one in regions], "regions/name", least=2)
    for number, one in enumerate(regions, 1):
        if set(one) != {"name", "shape", "at"}:
            found.append(f"“regions” nomor {number} memerlukan name, shape, dan at, tanpa kunci lain.")
        elif len(str(one["name"])) > LONGEST_NAME:
            found.append(f"“regions” nomor {number}: namanya paling panjang {LONGEST_NAME} huruf.")
        elif sentence := shape_problem(one["shape"], one["at"]):
            found.append(f"“regions” nomor {number}: {sentence}")
    return found


def shape_problem(shape: Any, at: Any) -> str:
    """Why these numbers are no such shape within the picture, as a sentence; empty when they are."""
    if shape not in (RECTANGLE, CIRCLE, POLYGON):
        return "“shape” harus rectangle, circle, atau polygon."
    if not isinstance(at, list) or not all(is_number(one, least=0) and one <= 100 for one in at):
        return "“at” harus berisi bilangan 0 sampai 100: persen dari gambar."
    if shape == RECTANGLE:
        is_good = len(at) == 4 and at[2] > 0 and at[3] > 0 and at[0] + at[2] <= 100 and at[1] + at[3] <= 100
        return "" if is_good else "persegi panjang memerlukan kiri, atas, lebar, dan tinggi, semuanya di dalam gambar."
    if shape == CIRCLE:
        is_good = len(at) == 3 and at[2] > 0 and at[2] <= at[0] <= 100 - at[2]
        return "" if is_good else "lingkaran memerlukan x, y, dan jari-jari (persen dari lebar), semuanya di dalam gambar."
    is_good = len(at) % 2 == 0 and 6 <= len(at) <= 2 * MOST_CORNERS and area(at) > 0
    return "" if is_good else f"poligon memerlukan 3 sampai {MOST_CORNERS} sudut yang tidak segaris: x, y, x, y, dan seterusnya."


def corners(at: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(at[::2], at[1::2], strict=True))


def area(at: Sequence[float]) -> float:
    """The area of a polygon (shoelace formula), in square percent."""
    points = corners(at)
    return abs(sum(x * after_y - after_x * y for (x, y), (after_x, after_y) in zip(points, points[1:] + points[:1], strict=True))) / 2


def drawn(region: Mapping[str, Any], width: int, height: int) -> dict[str, Any]:
    """The region in the picture's own pixels, as SVG writes numbers: its box, and for a polygon its corners."""
    shape, at = region["shape"], region["at"]
    if shape == RECTANGLE:
        left, top, wide, high = at[0] * width, at[1] * height, at[2] * width, at[3] * height
    elif shape == CIRCLE:
        left, top, wide, high = (at[0] - at[2]) * width, at[1] * height - at[2] * width, 2 * at[2] * width, 2 * at[2] * width
    else:
        across, down = [one * width for one in at[::2]], [one * height for one in at[1::2]]
        left, top, wide, high = min(across), min(down), max(across) - min(across), max(down) - min(down)
    box = {"x": _svg(left), "y": _svg(top), "wide": _svg(wide), "high": _svg(high), "shape": shape}
    points = " ".join(f"{_svg(x * width)},{_svg(y * height)}" for x, y in corners(at)) if shape == POLYGON else ""
    return box | {"points": points}


def _svg(hundredfold: float) -> str:
    return f"{hundredfold / 100:.1f}".rstrip("0").rstrip(".")
