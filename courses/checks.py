"""Checks of understanding inside a lesson: written as ``/// cek | key`` blocks, never graded, never taken from a bank."""

from __future__ import annotations

from typing import Any

import yaml

from linimasa import markdown

KEYS = {"pertanyaan": str, "pilihan": list, "jawaban": int, "umpan": str}
MOST_CHOICES = 6


class CheckError(ValueError):
    """A check that cannot be shown; the message is a sentence for its author."""


def read_checks(text: str) -> list[dict[str, Any]]:
    """The checks of a lesson in order: ``{key, prompt, choices, answer (from 0), feedback}``. Raises CheckError."""
    found = [_read(block) for block in markdown.blocks(text, "cek")]
    keys = [check["key"] for check in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise CheckError(f"Cek pemahaman «{twice}» ada dua kali dalam pelajaran ini. Beri nama yang berbeda.")
    return found


def _read(block: markdown.BlockData) -> dict[str, Any]:
    name = f"Cek pemahaman «{block.key or '?'}»"
    if not block.key:
        raise CheckError("Cek pemahaman memerlukan nama sesudah garis tegak, misalnya /// cek | sandi.")
    try:
        data = yaml.safe_load(block.body)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise CheckError(f"{name} tidak terbaca. Periksa tanda titik dua dan lekukannya.") from None
    if not isinstance(data, dict) or set(data) != set(KEYS):
        raise CheckError(f"{name} harus berisi tepat: {', '.join(KEYS)}.")
    for key, kind in KEYS.items():
        if type(data[key]) is not kind:
            raise CheckError(f"Isian «{key}» pada {name} tidak sesuai jenisnya.")
    choices = [str(choice) for choice in data["pilihan"]]
    if not 2 <= len(choices) <= MOST_CHOICES or any(isinstance(choice, dict | list) for choice in data["pilihan"]):
        raise CheckError(f"{name} memerlukan 2 sampai {MOST_CHOICES} pilihan.")
    if not 1 <= data["jawaban"] <= len(choices):
        raise CheckError(f"Jawaban pada {name} harus nomor pilihan, 1 sampai {len(choices)}.")
    return {
        "key": block.key,
        "prompt": data["pertanyaan"].strip(),
        "choices": choices,
        "answer": data["jawaban"] - 1,
        "feedback": data["umpan"].strip(),
    }
