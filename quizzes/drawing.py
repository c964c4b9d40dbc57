"""Which questions an attempt asks: drawn by chance, layered by the blueprint, balanced by level, unseen ones first.

Whoever has met a question in any quiz or test, the pre-test too, does not meet it again while the bank holds one that is new. A core
module's bank of 26 lasts for its quiz (8), the pre-test (6), the post-test (6) and one remedial (6) without a repetition. When it is
used up, those come back first whose key was never shown. No question is asked twice in one attempt, however the layers overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .frozen import BankItem
from .kinds.kind import dice
from .models import QuestionKind

Seen = Mapping[int, tuple[int, int]]
Layer = Mapping[str, Any]
Banks = Mapping[str, Sequence[BankItem]]
NEW = (0, 0)
FILTERS = ("lesson", "objective", "level", "tag", "category")


class DrawError(ValueError):
    """The bank cannot give what the rules ask for; a sentence."""


def draw(rules: Mapping[str, Any], banks: Banks, *, seen: Seen, seed: str) -> list[BankItem]:
    """The questions of one attempt, the same for the same seed.

    ``rules["draw"]`` lists layers: ``{"module": code, "count": n}`` with any of the filters ``lesson`` (the activity's id), ``objective``,
    ``level``, ``tag`` and ``category`` (a path; what lies below it too), or one fixed question (``{"question": code}``). ``seen`` says how
    often the learner has met a question: first in attempts that show or will show its key, then in all. With ``shuffle`` the questions
    are mixed; with ``shuffle_groups`` too only within their layer. Raises DrawError when a bank is too small.
    """
    chance = dice(seed)
    fixed = {layer["question"] for layer in rules["draw"] if "question" in layer}
    new = {code: [item for item in bank if item.code in fixed or item.question not in seen] for code, bank in banks.items()}
    filled = _fill(rules["draw"], new, seen, chance, strict=not seen)
    if any(len(group.drawn) < group.count for group in filled):  # what is new does not do for all: then with what was met
        filled = _fill(rules["draw"], banks, seen, chance, strict=True)
    groups = [group.drawn for group in filled]
    if not any(groups):
        raise DrawError("Soal untuk kegiatan ini belum tersedia. Hubungi pengajar Anda.")
    if rules.get("shuffle", True) and rules.get("shuffle_groups", False):
        for group in groups:
            chance.shuffle(group)
    drawn = [item for group in groups for item in group]
    if rules.get("shuffle", True) and not rules.get("shuffle_groups", False):
        chance.shuffle(drawn)
    return drawn


def shortages(layers: Sequence[Layer], banks: Banks, *, times: int = 1) -> dict[int, int]:
    """How many questions are missing by the layer's place, when the blueprint is to be drawn ``times`` without a repetition.

    Exact also where layers share questions: a layer is short only if no way of sharing them out can fill it. Fixed questions may be asked
    again.
    """
    wanted = [layer if "question" in layer else {**layer, "count": layer["count"] * times} for layer in layers]
    groups = _fill(wanted, banks, {}, dice("shortages"), strict=False)
    return {place: group.count - len(group.drawn) for place, group in enumerate(groups) if len(group.drawn) < group.count}


def matching(layer: Layer, banks: Banks) -> list[BankItem]:
    """The bank's questions that this layer may draw, by code."""
    if "question" in layer:
        return [item for bank in banks.values() for item in bank if item.code == layer["question"]][:1]
    bank = [item for item in banks.get(layer["module"], ()) if item.kind != QuestionKind.PRACTICAL and _fits(item, layer)]
    return sorted(bank, key=lambda item: item.code)


def _fits(item: BankItem, layer: Layer) -> bool:
    if any(name in layer and getattr(item, name) != layer[name] for name in ("lesson", "objective", "level")):
        return False
    if "tag" in layer and layer["tag"] not in item.tags:
        return False
    return "category" not in layer or item.category == layer["category"] or item.category.startswith(f"{layer['category']}/")


@dataclass
class _Group:
    """One layer while it is filled. ``left``: what it may take, in the order of chance; ``wanted``: how many layers may take a question."""

    count: int
    left: list[BankItem]
    drawn: list[BankItem] = field(default_factory=list)
    by_level: Counter[str] = field(default_factory=Counter)
    wanted: Mapping[int, int] = field(default_factory=dict)

    def take(self, item: BankItem) -> None:
        self.drawn.append(item)
        self.by_level[item.level] += 1

    def give(self, item: BankItem) -> None:
        self.drawn.remove(item)
        self.by_level[item.level] -= 1

    def choose(self, taken: set[int], seen: Seen) -> BankItem | None:
        """Of what nobody has: one of those seen least, of these one that fewest layers can use (so that a remedial finds new ones for
        the narrow layers too), and of these of the level drawn least so far."""
        free = (item for item in self.left if item.question not in taken)
        return min(
            free, key=lambda item: (seen.get(item.question, NEW), self.wanted[item.question], self.by_level[item.level]), default=None
        )


def _fill(layers: Sequence[Layer], banks: Banks, seen: Seen, chance: Any, *, strict: bool) -> list[_Group]:
    """Every layer's questions: the fixed ones first, then the layers with the least choice."""
    groups, taken = [], set[int]()
    for layer in layers:
        found = matching(layer, banks)
        group = _Group(1 if "question" in layer else layer["count"], found)
        groups.append(group)
        if "question" not in layer:
            chance.shuffle(found)
            continue
        for item in found:
            if item.question not in taken:
                taken.add(item.question)
                group.take(item)
    order = [group for group, layer in zip(groups, layers, strict=True) if "question" not in layer]
    wanted = Counter(item.question for group in order for item in group.left)
    for group in order:
        group.wanted = wanted
    for group in sorted(order, key=lambda one: len(one.left) - one.count):
        while len(group.drawn) < group.count:
            if not _one_more(group, order, taken, seen, set()):
                if strict:
                    raise DrawError("Bank soal belum cukup untuk kuis ini. Hubungi pengajar Anda.")
                break
    return groups


def _one_more(group: _Group, groups: Sequence[_Group], taken: set[int], seen: Seen, asked: set[int]) -> bool:
    """Take one more question: a free one, else one of another layer's that can take a different one instead (an augmenting path)."""
    if item := group.choose(taken, seen):
        group.take(item)
        taken.add(item.question)
        return True
    asked.add(id(group))
    mine = {item.question for item in group.left}
    for other in groups:
        if id(other) in asked:
            continue
        shared = next((item for item in other.drawn if item.question in mine), None)
        if shared and _one_more(other, groups, taken, seen, asked):
            other.give(shared)
            group.take(shared)
            return True
    return False
