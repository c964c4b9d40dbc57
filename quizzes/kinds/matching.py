"""Matching: the proportion of right pairs; the right column is shuffled and lettered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .kind import MOST_PARTS, AnswerError, Content, Kind, Raw, dice, is_text, letter, list_problems, part, row, text_problems


class Matching(Kind):
    """Stored: for each left part the place of the right part chosen for it, or None."""

    code = "matching"
    label = "Menjodohkan"
    template = "quizzes/kinds/matching.html"
    keys = ("text", "pairs", "feedback")
    missing = "Pilih pasangan sekurang-kurangnya untuk satu baris, atau lewati dulu"
    target = "p1"

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback")
        pairs = content.get("pairs")
        if (
            not isinstance(pairs, list)
            or not 3 <= len(pairs) <= MOST_PARTS
            or not all(isinstance(one, dict) and is_text(one.get("left")) and is_text(one.get("right")) for one in pairs)
        ):
            return [*found, f"“pairs” harus berupa daftar 3 sampai {MOST_PARTS} pasangan {{left, right}}."]
        for side in ("left", "right"):
            found += list_problems([one[side] for one in pairs], f"pairs/{side}", least=3)
        return found

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        order = list(range(len(self.content["pairs"])))
        dice(seed).shuffle(order)
        return order

    def clean(self, raw: Raw, order: Sequence[int]) -> list[int | None] | None:
        shown = {letter(place): stored for place, stored in enumerate(order)}
        answer: list[int | None] = []
        for number in range(1, len(order) + 1):
            value = (list(raw.get(f"p{number}", [])) or [""])[-1]
            if value and value not in shown:
                raise AnswerError("Pasangan ini tidak ada pada soal. Muat ulang halaman, lalu pilih lagi.")
            answer.append(shown[value] if value else None)
        return answer if any(one is not None for one in answer) else None

    def points(self, answer: Any) -> Decimal:
        return part(sum(place == one for place, one in enumerate(answer or [])), len(self.content["pairs"]))

    def correct(self) -> list[int]:
        return list(range(len(self.content["pairs"])))

    def is_whole(self, answer: Any) -> bool:
        return answer is not None and None not in answer

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        pairs = self.content["pairs"]
        letters = {stored: letter(place) for place, stored in enumerate(order)}
        examples = [{"value": shown, "letter": shown.upper(), "text": pairs[stored]["right"]} for stored, shown in letters.items()]
        mine = [letters.get(one, "") for one in answer or [None] * len(pairs)]
        rows = [{"name": f"p{number}", "text": one["left"], "mine": mine[number - 1]} for number, one in enumerate(pairs, 1)]
        return super().public(order) | {"examples": examples, "rows": rows, "count": f"{len(pairs)} pasang"}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        pairs = self.content["pairs"]
        given = answer or [None] * len(pairs)
        right = sum(place == one for place, one in enumerate(given))
        rows = [row("Jawaban Anda", f"{right} dari {len(pairs)} pasang tepat" if answer else "Tidak dijawab")]
        if mistaken := [f"{pairs[place]['left']}: {pairs[place]['right']}" for place, one in enumerate(given) if place != one]:
            rows.append(row("Yang tepat", *mistaken))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        return f"{sum(place != one for place, one in enumerate(answer))} pasang belum tepat."
