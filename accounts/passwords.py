"""Passwords that everyone here would try first: the list that ships with Django knows few Indonesian words."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

WORDS = """
    rahasia sandi katasandi password passwd admin administrator operator pengguna user qwerty asdfgh zxcvbn abcdef abcd abc
    indonesia merdeka garuda pancasila nusantara merahputih bhinneka jakarta bandung surabaya semarang medan makassar
    palembang yogyakarta jogja denpasar bali aceh papua jayapura ambon manado kupang mataram padang pekanbaru banjarmasin
    pontianak samarinda pemda pemkab pemkot pemprov diskominfo kominfo komdigi dinas asn pns pppk bupati gubernur walikota
    sekda satgas medsos bimtek linimasa lini masa sayang cinta sayangku cintaku kamu aku kita selamanya bismillah
    alhamdulillah assalamualaikum allah sukses semangat bahagia ganteng cantik keluarga ibu bapak mama papa anak bunda ayah
    persib persija arema timnas januari februari maret april mei juni juli agustus september oktober november desember senin
    selasa rabu kamis jumat sabtu minggu
"""
COMMON = frozenset(WORDS.split())
PIECES = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
TOO_COMMON = "Kata sandi ini mudah ditebak. Pakai tiga kata acak yang tidak berhubungan."


class CommonIndonesianWords:
    """Refuses a password that is nothing but common words, years, digits and signs («Indonesia2026!», «rahasia123456»)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with a sentence."""
        words = [piece for piece in PIECES.findall(password.casefold()) if piece[0].isalpha()]
        if all(_made_of_common(word) for word in words) or len(set(password)) < 5:
            raise ValidationError(TOO_COMMON, code="password_too_common")

    def get_help_text(self) -> str:
        return "Hindari kata umum seperti «rahasia» atau nama daerah dengan tahun."


def _made_of_common(word: str) -> bool:
    """Whether the word is one common word, or one repeated."""
    word = word[:100]
    if word in COMMON:
        return True
    return any(len(word) % len(common) == 0 and common * (len(word) // len(common)) == word for common in COMMON if len(common) < len(word))
