"""What to look at, in words: from a question's numbers to the few sentences that tell an author what may be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linimasa.writing import listed

ENOUGH = 20  # answers below which a flag would mostly be chance
EASY, HARD = 0.95, 0.10  # Moodle's "extremely easy" and "very difficult"
WEAK, FAIR, STRONG = 0.20, 0.30, 0.40  # Ebel's (1954) limits of discrimination
MANY_BLANK = 0.10
SLOW_TIMES, SLOW_MORE = 2.0, 30.0  # twice as long as the middle question, and half a minute more


class Flag(StrEnum):
    """The worst first: that is how a table is sorted."""

    WRONG_KEY = "wrong_key"
    INVERTED = "inverted"
    CONFUSING = "confusing"
    TOO_HARD = "too_hard"
    BLANK = "blank"
    FLAT = "flat"
    SLOW = "slow"
    TOO_EASY = "too_easy"
    DEAD = "dead"


ORDER = {flag: place for place, flag in enumerate(Flag)}
SEVERE = frozenset({Flag.WRONG_KEY, Flag.INVERTED, Flag.CONFUSING, Flag.TOO_HARD})
WORDS = {
    Flag.WRONG_KEY: "Kunci mungkin keliru",
    Flag.INVERTED: "Terbalik",
    Flag.CONFUSING: "Membingungkan",
    Flag.TOO_HARD: "Terlalu sulit",
    Flag.BLANK: "Banyak yang melewatkan",
    Flag.FLAT: "Tidak membedakan",
    Flag.SLOW: "Waktu jauh lebih lama",
    Flag.TOO_EASY: "Terlalu mudah",
    Flag.DEAD: "Pengecoh tidak dipilih",
}


@dataclass(frozen=True)
class Choice:
    """One option of a question with a single right answer, by its letter; shares of those who were shown it."""

    letter: str
    is_key: bool
    all: float
    upper: float | None
    lower: float | None


@dataclass(frozen=True)
class Measures:
    """What the flags look at. ``options`` only where one option is right; ``middle_time`` is the median of the quiz's questions."""

    answered: int
    shown: int
    facility: float | None
    discrimination: float | None
    blank: float
    time: float | None
    middle_time: float | None
    options: Sequence[Choice] = ()


def flags(one: Measures) -> list[tuple[Flag, str]]:
    """The flags of a question, the worst first; with each the letters it speaks of ("B", "C dan D") or nothing. Below ``ENOUGH`` none."""
    if one.shown < ENOUGH:
        return []
    found = dict[Flag, str]()
    if one.answered >= ENOUGH:
        found |= _of_options(one.options)
        found |= _of_points(one, keyed=Flag.WRONG_KEY in found)
        if one.time is not None and one.middle_time and one.time > max(SLOW_TIMES * one.middle_time, one.middle_time + SLOW_MORE):
            found[Flag.SLOW] = ""
    if one.blank > MANY_BLANK:
        found[Flag.BLANK] = ""
    return sorted(found.items(), key=lambda pair: ORDER[pair[0]])


def _of_points(one: Measures, *, keyed: bool) -> dict[Flag, str]:
    found = dict[Flag, str]()
    if one.facility is not None and one.facility >= EASY:
        found[Flag.TOO_EASY] = ""
    if one.facility is not None and one.facility <= HARD:
        found[Flag.TOO_HARD] = ""
    if one.discrimination is not None and one.discrimination < 0 and not keyed:
        found[Flag.INVERTED] = ""
    elif one.discrimination is not None and 0 <= one.discrimination < WEAK and Flag.TOO_EASY not in found:
        found[Flag.FLAT] = ""
    return found


def _of_options(options: Sequence[Choice]) -> dict[Flag, str]:
    """A wrong option that the strong prefer to the key, and more than the weak do, points at the key; one that merely draws more people
    than the key does confuses."""
    key = next((one for one in options if one.is_key), None)
    if key is None:
        return {}
    found = dict[Flag, str]()
    lures = [one for one in options if not one.is_key]
    drawn = [one for one in lures if one.all > key.all]
    if key.upper is not None:
        strong = [one for one in lures if (one.upper or 0) > key.upper and (one.upper or 0) > (one.lower or 0)]
        if strong:
            found[Flag.WRONG_KEY] = max(strong, key=lambda one: one.upper or 0).letter
    if drawn and Flag.WRONG_KEY not in found:
        found[Flag.CONFUSING] = max(drawn, key=lambda one: one.all).letter
    if len(options) > 2 and (dead := [one.letter for one in lures if one.all == 0]):
        found[Flag.DEAD] = listed(dead)
    return found


def sentence(flag: Flag, letters: str = "") -> str:
    """The flag as a sentence that says what to look at."""
    return {
        Flag.WRONG_KEY: f"Kunci mungkin keliru: peserta kuat memilih {letters}.",
        Flag.INVERTED: "Peserta lemah lebih sering tepat daripada peserta kuat. Periksa kunci dan kalimatnya.",
        Flag.CONFUSING: f"Lebih banyak peserta memilih {letters} daripada kuncinya. Perjelas pertanyaan atau pelajarannya.",
        Flag.TOO_HARD: "Terlalu sulit: hampir tidak ada yang tepat.",
        Flag.BLANK: "Banyak yang melewatkan soal ini.",
        Flag.FLAT: "Tidak membedakan peserta kuat dan lemah.",
        Flag.SLOW: "Waktu jauh lebih lama daripada soal lain.",
        Flag.TOO_EASY: "Terlalu mudah: hampir semua tepat.",
        Flag.DEAD: f"Pengecoh {letters} tidak pernah dipilih.",
    }[flag]


def strength(discrimination: float | None) -> str:
    """Discrimination in a word, by Ebel's limits."""
    if discrimination is None:
        return "Belum dapat dihitung"
    if discrimination < 0:
        return "Terbalik"
    for limit, word in ((WEAK, "Sangat lemah"), (FAIR, "Lemah"), (STRONG, "Cukup")):
        if discrimination < limit:
            return word
    return "Kuat"
