"""Own drawings as SVG: what one may hold (an allow-list), and the style sheet that gives it the portal's colours in light and dark.

A drawing names no colour and no font: its classes do, and the sheet made here from ``static/css/tokens.css`` answers for them. What
``figure_problems`` lets through can neither run, nor load, nor lead anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from xml.parsers import expat

from linimasa.environment import ROOT

MOST_BYTES = 15_000
MOST_HEIGHT = 420
MOST_TITLE = 300
WIDTH = 360
MOST_DEPTH = 12
SVG = "http://www.w3.org/2000/svg"

SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
ELEMENTS = frozenset(("svg", "title", "desc", "defs", "g", "marker", "text", "tspan", *SHAPES))
WITH_TEXT = frozenset({"title", "desc", "text", "tspan"})
TYPE = ("t", "t-s", "t-l", "t-m")
STROKES = ("ink", "ink3", "line", "strong", "primary", "next", "ok", "bad", "warn", "note")
# The name in a class, and the token that gives its colour.
FILLS = {
    "ink": "ink",
    "ink2": "ink-2",
    "ink3": "ink-3",
    "bg": "bg",
    "surface": "surface",
    "sunk": "surface-sunk",
    "line": "line",
    "primary": "primary",
    "soft": "primary-soft",
    "next": "next",
    "ok": "ok",
    "bad": "bad",
    "warn": "warn",
    "note": "note",
    "ok-soft": "ok-soft",
    "bad-soft": "bad-soft",
    "warn-soft": "warn-soft",
    "note-soft": "note-soft",
    "on-primary": "on-primary",
    "on-next": "on-next",
}
CLASSES = frozenset({*TYPE, "f-none", *(f"f-{name}" for name in FILLS), *(f"s-{name}" for name in STROKES)})

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_ONE = re.compile(_NUMBER)
_MANY = re.compile(rf"{_NUMBER}(?:[\s,]+{_NUMBER})*")
_OWN = re.compile(r"url\(#([a-z][a-z0-9-]{0,40})\)")
_PLAIN = ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "dx", "dy", "opacity", "stroke-width")
_ATTRIBUTES: dict[str, re.Pattern[str]] = {
    **dict.fromkeys((*_PLAIN, "refX", "refY", "markerWidth", "markerHeight"), _ONE),
    **dict.fromkeys(("points", "viewBox", "stroke-dasharray"), _MANY),
    "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-.,\s]*"),
    "transform": re.compile(rf"(?:\s*(?:translate|rotate|scale|skewX|skewY|matrix)\(\s*{_NUMBER}(?:[\s,]+{_NUMBER})*\s*\)\s*)+"),
    "class": re.compile(r"[a-z0-9 -]*"),
    "id": re.compile(r"[a-z][a-z0-9-]{0,40}"),
    "marker-end": _OWN,
    "marker-start": _OWN,
    "stroke-linecap": re.compile("butt|round|square"),
    "stroke-linejoin": re.compile("miter|round|bevel"),
    "text-anchor": re.compile("start|middle|end"),
    "orient": re.compile(rf"auto|auto-start-reverse|{_NUMBER}"),
    "markerUnits": re.compile("strokeWidth|userSpaceOnUse"),
}
_VIEW = re.compile(rf"0 0 {WIDTH} (\d{{1,3}}(?:\.\d{{1,2}})?)")
_ROOT = re.compile(r"<svg\b[^>]*>")
_SHEET = re.compile(r"<style>(.*?)</style>", re.S)
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,8}|var\(--[a-z0-9-]+\));")


def figure_problems(text: str) -> list[str]:
    """What keeps this text from being a drawing of a lesson, in sentences with their line; empty when nothing does."""
    return [f"Baris {line}: {sentence}" if line > 1 else sentence for line, sentence in figure_faults(text)]


def figure_faults(text: str) -> list[tuple[int, str]]:
    """The same with the line of each (1 for what is true of the whole)."""
    if len(text.encode()) > MOST_BYTES:
        return [(1, f"Gambar ini {len(text.encode())} bita, paling besar {MOST_BYTES}. Sederhanakan bentuknya.")]
    for sign in ("<!", "<?"):
        if sign in text:
            line = text.count("\n", 0, text.index(sign)) + 1
            return [(line, f"Tanda {sign} (komentar, DTD, entitas, atau perintah XML) tidak dipakai dalam gambar. Hapus bagian itu.")]
    reader = _Reader()
    try:
        reader.parse(text)
    except expat.ExpatError as error:
        return [(error.lineno, "SVG tidak terbaca. Periksa tanda kurung siku, kutip, dan penutup unsurnya.")]
    root = _ROOT.search(text)
    if not reader.faults and not (root and _VIEW.search(root[0])):
        return [(1, "Tulis viewBox pada <svg> dengan angka biasa, tanpa kode karakter.")]
    return reader.faults


class _Reader:
    """Walks through a drawing once and notes what the allow-list does not know."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.first = ""  # the first child of the root
        self.title = ""
        self.ids: dict[str, str] = {}
        self.used: list[tuple[int, str]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda _name: self.open.pop()
        self.parser.CharacterDataHandler = self._text

    def parse(self, text: str) -> None:
        self.parser.Parse(text, True)
        if self.first != "title" or not self.title.strip():
            self.faults.append((1, "Unsur pertama di dalam <svg> harus <title> yang mengatakan apa isi gambar ini."))
        elif len(self.title) > MOST_TITLE:
            self.faults.append((1, f"Isi <title> paling panjang {MOST_TITLE} karakter, ini {len(self.title)}."))
        for line, name in self.used:
            if self.ids.get(name) != "marker":
                self.faults.append((line, f"url(#{name}) tidak menunjuk <marker> di dalam gambar ini."))

    def _fault(self, sentence: str) -> None:
        self.faults.append((self.parser.CurrentLineNumber, sentence))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.open.append(name)
        if name not in ELEMENTS or (name == "svg") != (len(self.open) == 1):
            self._fault(f"Unsur <{name[:40]}> tidak dipakai di sini.")
        if len(self.open) == MOST_DEPTH + 1:
            self._fault(f"Unsur bersarang lebih dari {MOST_DEPTH} tingkat.")
        if len(self.open) == 2 and not self.first:
            self.first = name
        if len(self.open) == 1:
            self._root(attributes)
            return
        for key, value in attributes.items():
            self._attribute(name, key, value)

    def _root(self, attributes: Mapping[str, str]) -> None:
        for key in attributes:
            if key not in {"xmlns", "viewBox"}:
                self._fault(f"Atribut {key[:40]} tidak dipakai pada <svg>.")
        if attributes.get("xmlns") != SVG:
            self._fault(f'<svg> memerlukan xmlns="{SVG}".')
        found = _VIEW.fullmatch(attributes.get("viewBox", ""))
        if not found or not 0 < float(found[1]) <= MOST_HEIGHT:
            self._fault(f'<svg> memerlukan viewBox="0 0 {WIDTH} tinggi", dengan tinggi 1 sampai {MOST_HEIGHT}.')

    def _attribute(self, element: str, key: str, value: str) -> None:
        pattern = _ATTRIBUTES.get(key)
        if pattern is None:
            self._fault(f"Atribut {key[:40]} tidak dipakai pada <{element[:40]}>.")
        elif not pattern.fullmatch(value):
            self._fault(f"Nilai {key}=“{value[:40]}” tidak dapat dipakai.")
        elif key == "class":
            for name in value.split():
                if name not in CLASSES:
                    self._fault(f"Kelas {name[:40]} tidak dikenal.")
        elif key == "id":
            if value in self.ids:
                self._fault(f"id “{value}” dipakai dua kali.")
            self.ids[value] = element
        elif pattern is _OWN:
            self.used.append((self.parser.CurrentLineNumber, value[5:-1]))

    def _text(self, text: str) -> None:
        if self.open == ["svg", "title"]:
            self.title += text
        if text.strip() and self.open[-1] not in WITH_TEXT:
            self._fault(f"Teks “{text.strip()[:40]}” harus berada di dalam <text>.")


def size_of(text: str) -> tuple[int, int]:
    """Width and height of a sound drawing in CSS pixels."""
    found = _VIEW.search(_ROOT.search(text)[0])  # type: ignore[index]  # figure_problems saw both
    return WIDTH, round(float(found[1]))  # type: ignore[index]  # as above


def title_of(text: str) -> str:
    """What a sound drawing says of itself: its ``<title>``."""
    reader = _Reader()
    reader.parse(text)
    return " ".join(reader.title.split())


def styled(text: str, *, dark: bool = True) -> str:
    """A sound drawing with the portal's colours and a ground of its own; ``dark`` adds the colours of a dark screen (not for paper)."""
    root = _ROOT.search(text)
    if root is None:
        raise ValueError("not a drawing")
    height = _VIEW.search(root[0])[1]  # type: ignore[index]  # figure_problems saw it
    ground = f'<rect class="f-bg" width="{WIDTH}" height="{height}" rx="12"/>'
    return f"{text[: root.end()]}<style>{style_sheet(dark=dark)}</style>{ground}{text[root.end() :]}"


def policy(stored: str) -> str:
    """The content security policy of a styled drawing: nothing but the sheet that it carries, named by its hash."""
    sheet = _SHEET.search(stored)
    digest = base64.b64encode(hashlib.sha256((sheet[1] if sheet else "").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@cache
def style_sheet(*, dark: bool = True) -> str:
    """The sheet of every drawing, made of the design tokens."""
    light, night = tokens()
    type_ = (
        'text{font-family:"Plus Jakarta Sans",system-ui,-apple-system,Roboto,"Segoe UI","Noto Sans",Arial,"Liberation Sans",sans-serif}'
        f"svg{{fill:{light['ink']}}}"
        ".t{font-size:14px;font-weight:600}.t-s{font-size:13px;font-weight:500}.t-l{font-size:17px;font-weight:800}"
        '.t-m{font-size:14px;font-family:ui-monospace,"DejaVu Sans Mono",monospace}'
    )
    sheet = type_ + _colours(light)
    return f"{sheet}@media (prefers-color-scheme:dark){{svg{{fill:{night['ink']}}}{_colours(night)}}}" if dark else sheet


def _colours(tones: Mapping[str, str]) -> str:
    return (
        f"{','.join(f'.{name}' for name in TYPE)}{{fill:{tones['ink']}}}"
        + "".join(f".f-{name}{{fill:{tones[token]}}}" for name, token in FILLS.items())
        + "".join(f".s-{name}{{stroke:{tones['line-strong' if name == 'strong' else FILLS[name]]}}}" for name in STROKES)
        + ".f-none{fill:none}"
    )


@cache
def tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Every colour token of the design system by its name, as a light and as a dark screen shows it."""
    sheet = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, _mark, rest = sheet.partition("@media (prefers-color-scheme: dark)")
    found = dict(_TOKEN.findall(light))
    return _resolved(found), _resolved(found | dict(_TOKEN.findall(rest.partition(":root[data-theme")[0])))


def _resolved(found: Mapping[str, str]) -> dict[str, str]:
    def colour(value: str) -> str:
        return colour(found[value[6:-1]]) if value.startswith("var(") else value

    return {name: colour(value) for name, value in found.items()}
