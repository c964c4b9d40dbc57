"""Tables for spreadsheets: no cell that is run as a formula (OWASP: CSV injection)."""

from __future__ import annotations

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets misread UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """The value as text; a beginning that a spreadsheet takes for a formula gets an apostrophe in front. None is empty."""
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text
