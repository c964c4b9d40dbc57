"""Numbers as people type them in Indonesia, and units.

Indonesian spelling sets a comma before decimals and a dot between thousands (EYD V, IV.A.7 and IV.B.7: «Rp1.500.000,75»); spreadsheets
and phones often give a dot before decimals, and the SI (BIPM, The International System of Units, 5.4.4) puts a space between thousands.
All of these are read:

* the last of comma and dot is the decimal mark where a number has both: «1.234,5», «1,234.5»;
* a mark that occurs several times, with three figures after each, groups thousands: «1.500.000», «1,500,000», «1 500 000»;
* one comma is a decimal comma; one dot with one to three figures before it and exactly three after it may be either: «1.500» is 1500
  first (as Indonesian writes it) and 1,5 second. Either reading may be right, because a question's value is never 1000 times another;
* a power of ten may follow: «1,5e3», «1,5 × 10^3»; «Rp5.000,-» is Rp5.000.

What stands before or after the number is its unit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext

MOST_FIGURES = 25
MOST_POWER = 30
PRECISION = 120  # enough for exact products of two numbers that are read here
LONGEST_UNIT = 30

_MINUS = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-"})
_DASH = re.compile(r",-+(?=\s|$)")
_NUMBER = re.compile(
    r"(?P<before>(?:[^\W\d_]+\.?|[$€£¥]+)?)\s*(?P<sign>[+-]?)\s*(?P<figures>\d[\d.,]*(?: \d{3}(?!\d)[\d.,]*)*|[.,]\d+)"
    r"(?:\s*(?:e|[x×·*]\s*10\s*\^?\s*)(?P<power>[+-]?\d{1,3})(?!\d))?\s*(?P<after>.*)",
    re.I | re.S,
)


@dataclass(frozen=True)
class Typed:
    """A number as somebody typed it: what it may mean, the likeliest first, and its unit as written («» without one)."""

    readings: tuple[Decimal, ...]
    unit: str


def read(text: str) -> Typed | None:
    """The number and the unit in this text; None when it holds no number, or more than one."""
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_MINUS).split())
    found = _NUMBER.fullmatch(_DASH.sub("", text))
    if found is None:
        return None
    before, after = found["before"], found["after"].strip()
    if before and after or len(before + after) > LONGEST_UNIT or re.search(r"[\d,;=+]", _plain(after)):
        return None
    power = int(found["power"] or 0)
    if abs(power) > MOST_POWER or sum(sign.isdigit() for sign in found["figures"]) > MOST_FIGURES:
        return None
    sign = -1 if found["sign"] == "-" else 1
    readings = tuple(sign * value.scaleb(power) for value in _readings(found["figures"]))
    return Typed(readings, before or after) if readings else None


def _plain(unit: str) -> str:
    """The unit without a figure that belongs to it: «m2», «km3»."""
    return re.sub(r"(?<=[^\W\d_])[23]\b", "", unit)


def _readings(figures: str) -> list[Decimal]:
    """What these figures may mean; none when their marks make no number."""
    figures = figures.replace(" ", "\u2009")  # a space only groups
    comma, dot, space = figures.count(","), figures.count("."), figures.count("\u2009")
    if comma and dot:
        mark = max(",.", key=figures.rfind)
        whole, _mark, fraction = figures.rpartition(mark)
        found = _grouped(whole, "." if mark == "," else ",")
        return [Decimal(f"{found}.{fraction}")] if found and fraction.isdecimal() and not space else []
    if space:
        whole, mark, fraction = (*re.split(r"([.,])", figures, maxsplit=1), "", "")[:3]
        found = _grouped(whole, "\u2009")
        return [Decimal(f"{found}.{fraction or 0}")] if found and (fraction.isdecimal() if mark else not fraction) else []
    mark = "," if comma else "."
    if max(comma, dot) > 1:
        found = _grouped(figures, mark)
        return [Decimal(found)] if found else []
    whole, _mark, fraction = figures.partition(mark)
    if mark not in figures:
        return [Decimal(whole)]
    if fraction and not fraction.isdecimal() or not (whole or fraction):
        return []
    decimal = Decimal(f"{whole or 0}.{fraction or 0}")
    if mark == "." and re.fullmatch(r"[1-9]\d{0,2}", whole) and len(fraction) == 3:
        return [Decimal(whole + fraction), decimal]
    return [decimal]


def _grouped(text: str, mark: str) -> str:
    """The figures of «1.500.000» without its marks; empty when they do not stand between thousands."""
    first, *rest = text.split(mark)
    if not rest:
        return first if first.isdecimal() else ""
    is_good = re.fullmatch(r"\d{1,3}", first) and all(len(one) == 3 and one.isdecimal() for one in rest)
    return "".join([first, *rest]) if is_good else ""


def tidy_unit(text: str) -> str:
    """A unit as it is compared: compatible signs, without a closing dot and spaces («Rp.» is «Rp», «m²» is «m2»)."""
    return unicodedata.normalize("NFKC", text).strip().rstrip(".").replace(" ", "")


def is_within(value: Decimal, wanted: Decimal, *, tolerance: Decimal = Decimal(0), percent: Decimal = Decimal(0)) -> bool:
    """Whether the value is as wanted, its edges included: by so much, or by so many percent of what is wanted."""
    with localcontext() as context:
        context.prec = PRECISION
        return abs(value - wanted) <= max(tolerance, abs(wanted) * percent / 100)
