"""Checks of understanding inside a lesson: written as ``/// cek | key`` blocks, never graded, never taken from a bank."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from linimasa import markdown

from .files import FileProblem, parse_yaml

KEYS = {"pertanyaan": str, "pilihan": list, "jawaban": int}
CHOICE_KEYS = {"teks", "umpan"}
MOST_CHOICES = 6


class CheckError(ValueError):
    """A check that cannot be shown; the message is a sentence for its author."""


def read_checks(text: str) -> list[dict[str, Any]]:
    """The checks of a lesson in order: ``{key, prompt, choices: [{text, feedback}], answer (from 0)}``. Raises CheckError."""
    found = [_read(block) for block in markdown.blocks(text, "cek")]
    keys = [check["key"] for check in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise CheckError(f"Cek pemahaman «{twice}» ada dua kali dalam pelajaran ini. Beri nama yang berbeda.")
    return found


def with_answers(html: str, text: str) -> SafeString:
    """The rendered HTML of a text with each check as its author sees it: every option with its feedback. Unreadable checks stay empty."""
    try:
        checks = {check["key"]: check for check in read_checks(text)}
    except CheckError:
        checks = {}
    numbers = {key: number for number, key in enumerate(checks, start=1)}

    def draw(key: str) -> str:
        if key not in checks:
            return ""
        return render_to_string("courses/_check_shown.html", {"check": checks[key], "number": numbers[key], "of": len(checks)})

    return markdown.replace_blocks(html, draw)


def _read(block: markdown.BlockData) -> dict[str, Any]:
    name = f"Cek pemahaman «{block.key or '?'}»"
    if not block.key:
        raise CheckError("Cek pemahaman memerlukan nama sesudah garis tegak, misalnya /// cek | sandi.")
    try:
        data = parse_yaml(block.body, block.key)
    except FileProblem:
        raise CheckError(f"{name} tidak terbaca. Periksa tanda titik dua dan lekukannya.") from None
    if not isinstance(data, dict) or set(data) != set(KEYS):
        raise CheckError(f"{name} harus berisi tepat: {', '.join(KEYS)}.")
    for key, kind in KEYS.items():
        if type(data[key]) is not kind:
            raise CheckError(f"Isian «{key}» pada {name} tidak sesuai jenisnya.")
    choices = [
        _choice(choice, f"Pilihan {number} pada {name[0].lower()}{name[1:]}") for number, choice in enumerate(data["pilihan"], start=1)
    ]
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise CheckError(f"{name} memerlukan 2 sampai {MOST_CHOICES} pilihan.")
    if not 1 <= data["jawaban"] <= len(choices):
        raise CheckError(f"Jawaban pada {name} harus nomor pilihan, 1 sampai {len(choices)}.")
    return {"key": block.key, "prompt": data["pertanyaan"].strip(), "choices": choices, "answer": data["jawaban"] - 1}


def _choice(data: Any, name: str) -> dict[str, str]:
    """One option with what is said to whoever chooses it."""
    if not isinstance(data, dict) or set(data) != CHOICE_KEYS:
        raise CheckError(f"{name} harus berisi tepat: teks, umpan. Setiap pilihan memerlukan umpan baliknya sendiri.")
    text, feedback = data["teks"], data["umpan"]
    if isinstance(text, dict | list) or not str(text).strip():
        raise CheckError(f"{name} belum memiliki teks.")
    if not isinstance(feedback, str) or not feedback.strip():
        raise CheckError(f"{name} belum memiliki umpan balik. Tulis alasannya dalam satu atau dua kalimat.")
    return {"text": str(text).strip(), "feedback": feedback.strip()}
