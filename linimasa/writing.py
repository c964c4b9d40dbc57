"""How numbers and lists are written in Indonesian: decimal comma, dots between thousands, «satu, dua, dan tiga»."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

MINUTES_PER_JP = 45
NUMBER_WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")


def decimal(value: Decimal | float, places: int = 2, *, rounding: str = ROUND_HALF_UP) -> str:
    """«1.204», «98,5»: at most that many decimals, no needless zeros."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=rounding)
    whole, _, fraction = f"{rounded:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", ".") + ("," + fraction if fraction else "")


def mark(points: Decimal | float | None) -> str:
    """Points of 0 to 1 as people read a mark, 0 to 100 with at most one decimal; empty for None.

    Never rounded up: 69,96 must not look like a pass of 70.
    """
    return "" if points is None else decimal(Decimal(str(points)) * 100, 1, rounding=ROUND_DOWN)


def jp(minutes: Decimal | float) -> str:
    """Minutes as lesson hours (45 minutes = 1 JP): «0,67», «5»."""
    return decimal(Decimal(str(minutes)) / MINUTES_PER_JP)


def size(count: int) -> str:
    """Bytes as «84 KB» below 1.000 KB, then «1,2 MB»."""
    if count < 1_000:
        return f"{count} B"
    return f"{decimal(count / 1_000, 0)} KB" if count < 1_000_000 else f"{decimal(count / 1_000_000, 1)} MB"


def length(seconds: int) -> str:
    """Seconds as «2 menit 5 detik», «1 jam 3 menit»."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} jam {minutes} menit" if minutes else f"{hours} jam"
    return " ".join(filter(None, (f"{minutes} menit" if minutes else "", f"{rest} detik" if rest or not minutes else "")))


def number_word(number: int) -> str:
    """«enam» for 6; figures from eleven on."""
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else str(number)


def short_name(name: str) -> str:
    """What colleagues call somebody: the first word of the name, and the next one where that is an initial or shortened («I Made»,
    «Moh. Ridwan»)."""
    words = name.split()
    if not words:
        return name
    return words[0] if len(words[0]) > 2 and not words[0].endswith(".") else " ".join(words[:2])


def listed(things: Iterable[object], last: str = "dan") -> str:
    """«3», «3 dan 7», «1, 3, dan 7»; ``last`` joins the last one («atau»)."""
    words = [str(thing) for thing in things]
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])}, {last} {words[-1]}"
