"""Taking typed, bounded values out of a mapping that came from a file; what cannot be taken becomes a line of the report."""

from __future__ import annotations

import re
from datetime import date

from .files import Placed
from .reporting import Report

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]*")


class Taker:
    """Takes typed values from one mapping; what is missing, too long or of another type becomes a line of the report."""

    def __init__(self, mapping: Placed, report: Report) -> None:
        self.mapping = mapping
        self.report = report

    def text(self, key: str, limit: int, *, default: str | None = None, pattern: re.Pattern[str] | None = None) -> str:
        value = self.mapping.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            return self._refuse(key, "harus berisi teks")
        if len(value) > limit:
            return self._refuse(key, f"paling banyak {limit} karakter, ini {len(value)}")
        if pattern and not pattern.fullmatch(value):
            return self._refuse(key, "hanya boleh huruf, angka, dan tanda hubung")
        return value

    def whole(self, key: str, most: int) -> int:
        value = self.mapping.get(key)
        if type(value) is not int or not 0 <= value <= most:
            self._refuse(key, f"harus bilangan bulat 0 sampai {most}")
            return 0
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.mapping.get(key, default)
        if not isinstance(value, bool):
            self._refuse(key, "harus true atau false")
        return bool(value)

    def texts(self, key: str, *, most: int = 30, limit: int = 600, least: int = 0) -> list[str]:
        value = self.mapping.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and 0 < len(v) <= limit for v in value):
            self._refuse(key, f"harus daftar teks, paling banyak {most}, masing-masing paling panjang {limit} karakter")
            return []
        if not least <= len(value) <= most:
            self._refuse(key, f"harus daftar teks, {f'{least} sampai' if least else 'paling banyak'} {most}")
            return []
        return list(value)

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        value = self.mapping.get(key)
        return str(value) if value in words else self._refuse(key, f"harus salah satu dari: {', '.join(words)}")

    def day(self, key: str, *, needed: bool = False) -> date | None:
        value = self.mapping.get(key)
        if (value is not None or needed) and type(value) is not date:
            self._refuse(key, "harus tanggal, misalnya 2026-11-22")
            return None
        return value

    def only(self, allowed: tuple[str, ...]) -> None:
        for key in self.mapping:
            if key not in allowed:
                self._refuse(key, "tidak dikenal di sini")

    def _refuse(self, key: str, why: str) -> str:
        """Say so; the empty text stands for the value."""
        self.report.problem(self.mapping, f"Isian «{key}» {why}.")
        return ""
