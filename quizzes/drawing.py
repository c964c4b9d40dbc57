"""Which questions an attempt asks: drawn by chance, layered by module, balanced by level, unseen ones first.

Whoever has met a question in any quiz or test, the pre-test too, does not meet it again while the bank holds one that is new. A core
module's bank of 26 lasts for its quiz (8), the pre-test (6), the post-test (6) and one remedial (6) without a repetition. When it is
used up, those come back first whose key was never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .frozen import BankItem
from .kinds.kind import dice
from .models import QuestionKind

Seen = Mapping[int, tuple[int, int]]
NEW = (0, 0)


class DrawError(ValueError):
    """The bank cannot give what the rules ask for; a sentence."""


def draw(rules: Mapping[str, Any], banks: Mapping[str, Sequence[BankItem]], *, seen: Seen, seed: str) -> list[BankItem]:
    """The questions of one attempt, the same for the same seed.

    ``rules["draw"]`` lists layers (``{"module": code, "count": n}``) or one question (``{"question": code}``). ``seen`` says
    how often the learner has met a question: first in attempts that show or will show its key, then in all. Raises DrawError when a
    bank is too small.
    """
    chance, drawn = dice(seed), list[BankItem]()
    for layer in rules["draw"]:
        if "question" in layer:
            drawn += [item for bank in banks.values() for item in bank if item.code == layer["question"]][:1]
            continue
        bank = [item for item in banks.get(layer["module"], ()) if item.kind != QuestionKind.PRACTICAL]
        drawn += _layer(bank, layer["count"], seen, chance)
    if not drawn:
        raise DrawError("Soal untuk kegiatan ini belum tersedia. Hubungi pengajar Anda.")
    if rules.get("shuffle", True):
        chance.shuffle(drawn)
    return drawn


def _layer(bank: list[BankItem], count: int, seen: Seen, chance: Any) -> list[BankItem]:
    """``count`` of the bank: always from those seen least, and of these from the level drawn least so far."""
    if len(bank) < count:
        raise DrawError("Bank soal belum cukup untuk kuis ini. Hubungi pengajar Anda.")
    left, drawn, by_level = sorted(bank, key=lambda item: item.code), list[BankItem](), Counter[str]()
    chance.shuffle(left)
    for _ in range(count):
        pick = min(left, key=lambda item: (seen.get(item.question, NEW), by_level[item.level]))
        left.remove(pick)
        drawn.append(pick)
        by_level[pick.level] += 1
    return drawn
