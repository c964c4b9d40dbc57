"""Short answer: one line, compared with a list after tidying; what matches none goes to the trainer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .kind import NOTHING, ONE, AnswerError, Content, Kind, Raw, list_problems, row, text_problems

LONGEST = 300
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


def normalised(text: str) -> str:
    """Spaces tidied, case ignored, a closing percent sign dropped, a decimal comma the same as a dot."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return DECIMAL_COMMA.sub(".", text.rstrip("% "))


class ShortAnswer(Kind):
    """Stored: the text as typed, without spaces around it."""

    code = "short_answer"
    label = "Isian singkat"
    template = "quizzes/kinds/short_answer.html"
    keys = ("text", "accepted", "feedback")
    missing = "Tulis jawaban, atau lewati dulu"
    target = "j"
    longest = LONGEST
    hint = "Satu baris. Huruf besar dan kecil dianggap sama."

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback") + list_problems(content.get("accepted"), "accepted", least=1)
        if not found and not all(normalised(one) for one in content["accepted"]):
            found.append("“accepted” memuat jawaban yang kosong setelah dirapikan.")
        return found

    def clean(self, raw: Raw, order: Sequence[int]) -> str | None:
        text = (list(raw.get("j", [])) or [""])[-1].strip()
        if len(text) > LONGEST:
            raise AnswerError(f"Jawaban terlalu panjang: {len(text)} huruf. Tulis paling banyak {LONGEST} huruf.")
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            raise AnswerError("Jawaban memuat tanda yang tidak terlihat. Ketik ulang jawabannya dalam satu baris.")
        return text or None

    def points(self, answer: Any) -> Decimal | None:
        if answer is None:
            return NOTHING
        return ONE if normalised(answer) in {normalised(one) for one in self.content["accepted"]} else None

    def correct(self) -> str:
        return str(self.content["accepted"][0])

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        return super().public(order) | {"mine": answer or ""}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        rows = [row("Jawaban Anda", answer or "Tidak dijawab")]
        if points is not None and points != ONE:
            rows.append(row("Yang tepat", self.content["accepted"][0]))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if points is None:
            return "Menunggu pengajar, biasanya 3 hari."
        return super().said(answer, points) or "Jawaban ini belum tepat."
