"""Finding names as people type them: «tojo una una» finds «Tojo Una-Una»."""

from __future__ import annotations

MOST_CHARACTERS = 80


def search_key(text: str) -> str:
    """The letters and digits of a text, lower case: spaces, hyphens, apostrophes and case do not matter in a search."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
