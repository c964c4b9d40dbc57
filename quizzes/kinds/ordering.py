"""Ordering: the proportion of neighbouring pairs in the right order; what is shown first never equals the key."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .kind import AnswerError, Content, Kind, Raw, dice, list_problems, part, row, text_problems


class Ordering(Kind):
    """Stored: the parts' places in the key, in the learner's order. On the page they are numbered as they were first shown."""

    code = "ordering"
    label = "Mengurutkan"
    template = "quizzes/kinds/ordering.html"
    keys = ("text", "order", "feedback")
    missing = "Susun urutannya, atau lewati dulu"
    target = "urut-1"

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        return text_problems(content, "text", "feedback") + list_problems(content.get("order"), "order", least=3)

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        key = list(range(len(self.content["order"])))
        order, chance = key.copy(), dice(seed)
        while order == key:
            chance.shuffle(order)
        return order

    def clean(self, raw: Raw, order: Sequence[int]) -> list[int] | None:
        sent = [value for value in raw.get("urut", []) if value]
        if not sent:
            return None
        shown = {str(number): stored for number, stored in enumerate(order, 1)}
        if len(sent) != len(order) or set(sent) != shown.keys():
            raise AnswerError("Urutan ini tidak lengkap. Muat ulang halaman, lalu susun lagi.")
        return _moved([shown[value] for value in sent], shown, raw)

    def points(self, answer: Any) -> Decimal:
        count = len(self.content["order"])
        if not answer:
            return part(0, count - 1)
        return part(sum(after == before + 1 for before, after in zip(answer, answer[1:], strict=False)), count - 1)

    def correct(self) -> list[int]:
        return list(range(len(self.content["order"])))

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        texts = self.content["order"]
        number = {stored: shown for shown, stored in enumerate(order, 1)}
        mine = answer or list(order)
        parts = [
            {"value": number[one], "text": texts[one], "is_first": place == 0, "is_last": place == len(mine) - 1}
            for place, one in enumerate(mine)
        ]
        return super().public(order) | {"parts": parts, "count": f"{len(texts)} langkah"}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        texts = self.content["order"]
        rows = [row("Urutan Anda", *([texts[one] for one in answer] if answer else ["Tidak dijawab"]), ordered=bool(answer))]
        if answer != list(range(len(texts))):
            rows.append(row("Urutan yang tepat", *texts, ordered=True))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        neighbours = len(answer) - 1
        right = sum(after == before + 1 for before, after in zip(answer, answer[1:], strict=False))
        return f"{right} dari {neighbours} langkah berurutan tepat."


def _moved(answer: list[int], shown: dict[str, int], raw: Raw) -> list[int]:
    """The answer after the arrow that was pressed, if one was (the page works without a script)."""
    for name, step in (("naik", -1), ("turun", 1)):
        pressed = (list(raw.get(name, [])) or [""])[-1]
        if not pressed:
            continue
        if pressed not in shown:
            raise AnswerError("Langkah ini tidak ada pada soal. Muat ulang halaman, lalu susun lagi.")
        place = answer.index(shown[pressed])
        if 0 <= place + step < len(answer):
            answer[place], answer[place + step] = answer[place + step], answer[place]
    return answer
