"""Places and sizes of what the pages' SVG draws, as text with a decimal dot; the numbers themselves stand in tables beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linimasa.writing import decimal


def text(value: float) -> str:
    """A length for an attribute: «12.5»."""
    return f"{value:.1f}"


def histogram(counts: Sequence[int]) -> list[dict[str, Any]]:
    """Bars of a chart 400 wide and 120 high, with what each says."""
    most, wide = max([*counts, 1]), 400 / len(counts)
    return [
        {
            "x": text(place * wide + 2),
            "y": text(120 - 108 * count / most),
            "wide": text(wide - 4),
            "high": text(108 * count / most),
            "middle": text((place + 0.5) * wide),
            "from": round(100 * place / len(counts)),
            "to": round(100 * (place + 1) / len(counts)),
            "count": count,
        }
        for place, count in enumerate(counts)
    ]


def mini(options: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The small bars of one question's options in 88 × 32; None where it has none with one right answer."""
    shown = [one for one in options if one["role"] == "one"]
    if not shown:
        return None
    wide = 88 / len(shown)
    bar = wide * 0.68
    bars = [
        {
            "x": text(place * wide + (wide - bar) / 2),
            "y": text(28 - max(1.0, 26 * one["all"])),
            "high": text(max(1.0, 26 * one["all"])),
            "wide": text(bar),
            "class": "v-key" if one["is_key"] else "v-lure" if _lures(one, shown) else "v-other",
            "is_key": one["is_key"],
        }
        for place, one in enumerate(shown)
    ]
    return {"bars": bars, "said": ", ".join(f"{one['letter']} {decimal(one['all'] * 100, 0)}%" for one in shown)}


def _lures(one: dict[str, Any], shown: Sequence[dict[str, Any]]) -> bool:
    """Whether a wrong option draws more people than the key does."""
    return not one["is_key"] and one["all"] > max((other["all"] for other in shown if other["is_key"]), default=1)


def lures(options: Sequence[dict[str, Any]]) -> set[int]:
    """The places of the wrong options that draw more people than the key."""
    shown = [one for one in options if one["role"] == "one"]
    return {one["place"] for one in shown if _lures(one, shown)}


def curve(fifths: Sequence[float | None]) -> dict[str, Any]:
    """Points of the facility in each fifth of the scores in 400 × 160, and the lines between those that are told."""
    dots: list[dict[str, Any] | None] = []
    for place, value in enumerate(fifths):
        dots.append(None if value is None else {"x": text(40 + 80 * place), "y": text(150 - 140 * value), "value": value})
    lines = [
        {"x1": one["x"], "y1": one["y"], "x2": two["x"], "y2": two["y"]} for one, two in zip(dots, dots[1:], strict=False) if one and two
    ]
    return {"dots": [one for one in dots if one], "lines": lines}


def interval(low: float, middle: float, high: float, *, least: float, most: float) -> dict[str, str]:
    """A point with its interval on a line 200 wide from ``least`` to ``most``."""

    def place(value: float) -> str:
        return text(200 * (min(max(value, least), most) - least) / (most - least))

    return {"low": place(low), "middle": place(middle), "high": place(high), "zero": place(0.0)}
