"""Gaps in a text: each takes a short text, a number or one of some choices; the points are the share of gaps that are right.

A short text is tidied as a short answer is (``short_answer.normalised``), a number is read as ``numbers`` says; nothing waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .choice import LETTERS
from .kind import MOST_PARTS, AnswerError, Content, Kind, Raw, dice, is_text, letter, list_problems, part, row, text_problems
from .numbers import read
from .numeric import UNREADABLE, accepted_words, exact, is_accepted, is_number, line_of, tolerance_problems
from .short_answer import normalised

LONGEST = 100
MARK = re.compile(r"\{\{(\d{1,3})\}\}")
TEXT, NUMBER, CHOICE = "text", "number", "choice"
KEYS = {
    TEXT: ("ask", "accepted", "feedback"),
    NUMBER: ("ask", "value", "tolerance", "percent", "feedback"),
    CHOICE: ("ask", "choices", "key", "feedback"),
}


class Gaps(Kind):
    """Stored: for each gap what was typed, the place of the choice that was taken, or None. ``order``: the choices of all gaps, one after
    the other, each shown in its own order."""

    code = "gaps"
    label = "Isian dalam teks"
    template = "quizzes/kinds/gaps.html"
    keys = ("text", "passage", "gaps", "feedback")
    missing = "Isi sekurang-kurangnya satu bagian, atau lewati dulu"
    target = "g1"

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "passage", "feedback")
        gaps = content.get("gaps")
        if not isinstance(gaps, list) or not 1 <= len(gaps) <= MOST_PARTS or not all(isinstance(one, dict) for one in gaps):
            return [*found, f"“gaps” harus berupa daftar 1 sampai {MOST_PARTS} isian."]
        for number, one in enumerate(gaps, 1):
            found += [f"Isian {number}: {sentence}" for sentence in _gap_problems(one)]
        if not found and MARK.findall(content["passage"]) != [str(number) for number in range(1, len(gaps) + 1)]:
            found.append(f"“passage” harus memuat {{{{1}}}} sampai {{{{{len(gaps)}}}}}, masing-masing satu kali menurut urutannya.")
        return found

    def gaps(self) -> list[Mapping[str, Any]]:
        return self.content["gaps"]

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        chance, order = dice(seed), []
        for gap in self.gaps():
            own = list(range(len(gap.get("choices", ()))))
            if free:
                chance.shuffle(own)
            order += own
        return order

    def orders(self, order: Sequence[int]) -> list[list[int]]:
        """The order of each gap's choices; empty for a gap without."""
        found, start = [], 0
        for gap in self.gaps():
            count = len(gap.get("choices", ()))
            found.append(list(order[start : start + count]))
            start += count
        return found

    def clean(self, raw: Raw, order: Sequence[int]) -> list[str | int | None] | None:
        answer = [_cleaned(gap, number, raw, own) for number, (gap, own) in enumerate(zip(self.gaps(), self.orders(order), strict=True), 1)]
        return answer if any(one is not None for one in answer) else None

    def given(self, answer: Any) -> list[Any]:
        return answer or [None] * len(self.gaps())

    def right(self, answer: Any) -> list[bool]:
        """For each gap whether it is right."""
        return [_is_right(gap, one) for gap, one in zip(self.gaps(), self.given(answer), strict=True)]

    def points(self, answer: Any) -> Decimal:
        return part(sum(self.right(answer)), len(self.gaps()))

    def is_whole(self, answer: Any) -> bool:
        return answer is not None and None not in answer

    def correct(self) -> list[str | int]:
        return [_correct(gap) for gap in self.gaps()]

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        texts = MARK.split(self.content["passage"])
        pieces: list[dict[str, Any]] = []
        for place, text in enumerate(texts):
            if place % 2 == 0:
                pieces.append({"text": text})
                continue
            number = int(text)
            gap, own, mine = self.gaps()[number - 1], self.orders(order)[number - 1], self.given(answer)[number - 1]
            piece: dict[str, Any] = {"name": f"g{number}", "number": number, "ask": gap["ask"], "mine": "" if mine is None else mine}
            if gap["ask"] == CHOICE:
                shown = [(letter(at), gap["choices"][stored], stored == mine) for at, stored in enumerate(own)]
                piece["choices"] = [{"value": value, "text": told, "is_mine": is_mine} for value, told, is_mine in shown]
            pieces.append(piece)
        return super().public(order) | {"pieces": pieces, "count": f"{len(self.gaps())} isian"}

    def review(self, answer: Any, points: Decimal | None) -> dict[str, Any]:
        told = [
            {"name": f"Isian {number}", "text": gap["feedback"]}
            for number, (gap, one, is_right) in enumerate(zip(self.gaps(), self.given(answer), self.right(answer), strict=True), 1)
            if one is not None and not is_right and "feedback" in gap
        ]
        return super().review(answer, points) | {"told": told}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        if answer is None:
            mine = ["Tidak dijawab"]
        else:
            mine = [f"Isian {number}: {_words(gap, one)}" for number, (gap, one) in enumerate(zip(self.gaps(), answer, strict=True), 1)]
        rows = [row("Jawaban Anda", *mine)]
        if missed := [
            f"Isian {number}: {_right_words(gap)}"
            for number, (gap, is_right) in enumerate(zip(self.gaps(), self.right(answer), strict=True), 1)
            if not is_right
        ]:
            rows.append(row("Yang tepat", *missed))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        return f"{sum(self.right(answer))} dari {len(self.gaps())} isian tepat."


def _gap_problems(gap: Mapping[str, Any]) -> list[str]:
    ask = gap.get("ask")
    if ask not in (TEXT, NUMBER, CHOICE):
        return ["“ask” harus text, number, atau choice."]
    if unknown := sorted(map(str, set(gap) - set(KEYS[ask]))):
        return [f"kunci {', '.join(unknown)} tidak dikenal."]
    found = ["“feedback” harus berisi teks."] if "feedback" in gap and not is_text(gap["feedback"]) else []
    if ask == TEXT:
        found += list_problems(gap.get("accepted"), "accepted", least=1)
        if not found and not all(normalised(one) and len(one) <= LONGEST for one in gap["accepted"]):
            found.append(f"“accepted” memuat jawaban yang kosong setelah dirapikan, atau lebih dari {LONGEST} huruf.")
        return found
    if ask == NUMBER:
        found += [] if is_number(gap.get("value")) else ["“value” harus bilangan."]
        return found or tolerance_problems(gap, "angka")
    found += list_problems(gap.get("choices"), "choices", least=2)
    if not found and gap.get("key") not in list(LETTERS[: len(gap["choices"])]):
        found.append("“key” harus satu huruf pilihan, misalnya B.")
    return found


def _cleaned(gap: Mapping[str, Any], number: int, raw: Raw, order: list[int]) -> str | int | None:
    """What the form says of this gap, to be stored. Raises AnswerError with the gap's number."""
    try:
        text = line_of(raw, f"g{number}", LONGEST)
        if gap["ask"] == NUMBER and text and read(text) is None:
            raise AnswerError(UNREADABLE)
    except AnswerError as error:
        raise AnswerError(f"Isian {number}: {error}") from None
    if gap["ask"] != CHOICE or not text:
        return text or None
    shown = {letter(place): stored for place, stored in enumerate(order)}
    if text not in shown:
        raise AnswerError(f"Isian {number}: pilihan ini tidak ada pada soal. Muat ulang halaman, lalu pilih lagi.")
    return shown[text]


def _is_right(gap: Mapping[str, Any], given: Any) -> bool:
    if given is None:
        return False
    if gap["ask"] == CHOICE:
        return given == LETTERS.index(gap["key"])
    if not isinstance(given, str):
        return False
    if gap["ask"] == TEXT:
        return normalised(given) in {normalised(one) for one in gap["accepted"]}
    typed = read(given)
    return typed is not None and any(is_accepted(value, gap) for value in typed.readings)


def _correct(gap: Mapping[str, Any]) -> str | int:
    if gap["ask"] == CHOICE:
        return LETTERS.index(gap["key"])
    return gap["accepted"][0] if gap["ask"] == TEXT else f"{exact(gap['value']):f}".replace(".", ",")


def _words(gap: Mapping[str, Any], given: Any) -> str:
    """One gap's answer as people read it."""
    if given is None:
        return "kosong"
    return gap["choices"][given] if gap["ask"] == CHOICE else str(given)


def _right_words(gap: Mapping[str, Any]) -> str:
    if gap["ask"] == NUMBER:
        return accepted_words(gap)
    return gap["choices"][LETTERS.index(gap["key"])] if gap["ask"] == CHOICE else str(gap["accepted"][0])
