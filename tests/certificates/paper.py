"""Reading the text of a PDF with pikepdf alone: content streams through each font's ToUnicode map."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf


def text_of(data: bytes) -> list[str]:
    """The shown text of each page in the order in which it is drawn."""
    with pikepdf.open(io.BytesIO(data)) as paper:
        return [_drawn(page, page.resources) for page in paper.pages]


def _drawn(stream: Any, resources: Any) -> str:
    fonts = {name: _to_unicode(font) for name, font in resources.get("/Font", {}).items()}
    found: list[str] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name == "Tf":
            current = fonts[str(operands[0])]
        elif name in {"Tj", "'"}:
            found.append(_decoded(operands[0], current))
        elif name == "TJ":
            found += [_decoded(part, current) for part in operands[0] if isinstance(part, pikepdf.String)]
        elif name in {"Td", "TD", "T*", "Tm", "ET"}:
            found.append(" ")
        elif name == "Do":
            form = resources.XObject[str(operands[0])]
            if form.get("/Subtype") == "/Form":
                found.append(_drawn(form, form.get("/Resources", resources)))
    return re.sub(r"\s+", " ", "".join(found))


def _decoded(shown: Any, letters: dict[int, str]) -> str:
    raw = bytes(shown)
    return "".join(letters.get(int.from_bytes(raw[i : i + 2]), "�") for i in range(0, len(raw), 2))


def _to_unicode(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("latin-1")
    letters: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for low, high, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            first = int.from_bytes(bytes.fromhex(text))
            for offset in range(int(high, 16) - int(low, 16) + 1):
                letters[int(low, 16) + offset] = (first + offset).to_bytes(len(text) // 2).decode("utf-16-be")
    return letters
