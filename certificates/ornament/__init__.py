"""The certificate's ornament: drawn by ``ornament.typ`` once, kept as SVG files, placed on every certificate."""

from __future__ import annotations

import re
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
PARTS = ("front", "back", "rosette")


def file_of(part: str) -> Path:
    return HERE / f"{part}.svg"


def draw(part: str) -> str:
    """The SVG of one part, its numbers rounded to a hundredth of a point (a certificate must stay small)."""
    drawn = typst.compile(str(HERE / "ornament.typ"), root=str(HERE), format="svg", sys_inputs={"part": part}, ignore_system_fonts=True)
    return re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), drawn.decode())
