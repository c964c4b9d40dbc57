"""From each QTI interaction that we have to a question of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..models import QuestionKind
from . import making, qti_gaps, qti_spots
from .making import Answer
from .markup import attribute, below, children
from .qti_items import BLANK, Declaration, Item, stem
from .rows import Row, title_of


def _choice(item: Item, body: Any, found: list[Any]) -> None:
    options = list(children(found[0], "simpleChoice"))
    key = item.answer_of(found[0])
    names = [attribute(one, "identifier") for one in options]
    said = [" ".join(item.text(feedback) for feedback in below(one, "feedbackInline")).strip() for one in options]
    texts = [stem(item, one) for one in options]
    asked = stem(item, body)
    if sorted(one.casefold() for one in names) == ["false", "true"] and key.cardinality == "single":
        place = next((place for place, one in enumerate(names) if one.casefold() == "true"), 0)
        is_true = (key.correct or [""])[0].casefold() == "true"
        making.true_false(item.row, asked, is_true=is_true, feedback=item.feedback, said=(said[place], said[1 - place]))
        if not key.correct:
            item.row.refuse("Kunci jawaban (correctResponse) belum ada.")
        return
    one_only = key.cardinality == "single"
    fractions = _fractions(item.row, key, one_only=one_only)
    answers = [Answer(text, fractions.get(name, 0), why) for text, name, why in zip(texts, names, said, strict=True)]
    making.choices(item.row, asked, answers, one_only=one_only, feedback=item.feedback)
    _settings(item.row, found[0])


def _fractions(row: Row, key: Declaration, *, one_only: bool) -> dict[str, float]:
    """Of 100, by the identifier of the choice: by the mapping, where there is one, else by what is correct."""
    if not key.mapping:
        share = making.FULL / max(len(key.correct), 1)
        if not one_only:
            row.note(making.RULE)
        return dict.fromkeys(key.correct, share)
    best = [value for value in key.mapping.values() if value > 0]
    whole = (max(best) if one_only else sum(best)) if best else 1.0
    return {name: value / whole * making.FULL for name, value in key.mapping.items()}


def _settings(row: Row, interaction: Any) -> None:
    if any(attribute(one, "fixed") == "true" for one in interaction):
        row.note("Pilihan yang tempatnya tetap tidak ikut: di sini kuis yang mengatur pengacakan.")


def _text_entry(item: Item, body: Any, found: list[Any]) -> None:
    if len(found) > 1 or qti_gaps.ask_of(body) is not None:
        qti_gaps.read_gaps(item, body, found)
        return
    key = item.answer_of(found[0])
    if key.base in {"integer", "float"}:
        qti_gaps.read_numeric_entry(item, stem(item, body, blank=BLANK), found[0])
        return
    best = max(key.mapping.values(), default=0.0)
    answers = {one: making.FULL for one in key.correct if one}
    if best > 0:
        answers |= {name: value / best * making.FULL for name, value in key.mapping.items()}
    making.short_answer(
        item.row,
        stem(item, body, blank=BLANK),
        [Answer(text, fraction) for text, fraction in answers.items()],
        feedback=item.feedback,
        by_case=key.by_case,
        wildcards=False,
    )


def _match(item: Item, body: Any, found: list[Any]) -> None:
    sets = [
        {attribute(one, "identifier"): stem(item, one) for one in children(each, "simpleAssociableChoice")}
        for each in children(found[0], "simpleMatchSet")
    ]
    key = item.answer_of(found[0])
    wanted = [tuple(one.split()) for one in key.correct or [name for name, value in key.mapping.items() if value > 0]]
    if len(sets) != 2 or not wanted or any(len(one) != 2 or one[0] not in sets[0] or one[1] not in sets[1] for one in wanted):
        making.start(item.row, QuestionKind.MATCHING, stem(item, body))
        item.row.refuse("Pasangan yang benar (correctResponse) tidak menunjuk kedua kelompok pilihan.")
        return
    right = {one[0]: one[1] for one in wanted}
    if len(right) != len(wanted):
        item.row.refuse("Satu butir kiri berpasangan lebih dari satu. Di sini setiap butir memiliki satu pasangan.")
    pairs = [(text, sets[1][right[name]] if name in right else "") for name, text in sets[0].items()]
    if lonely := [title_of(left) for left, answer in pairs if not answer]:
        item.row.refuse(f"Butir tanpa pasangan tidak dikenal pada menjodohkan: “{'”, “'.join(lonely)}”. Hapus.")
    stray = [("", text) for name, text in sets[1].items() if name not in right.values()]
    making.matching(item.row, stem(item, body), [*pairs, *stray], feedback=item.feedback)


def _order(item: Item, body: Any, found: list[Any]) -> None:
    texts = {attribute(one, "identifier"): stem(item, one) for one in children(found[0], "simpleChoice")}
    key = item.answer_of(found[0]).correct
    asked = stem(item, body)
    if sorted(key) != sorted(texts):
        making.start(item.row, QuestionKind.ORDERING, asked)
        item.row.refuse("Urutan yang benar (correctResponse) tidak memuat setiap langkah satu kali.")
        return
    making.ordering(item.row, asked, [texts[name] for name in key], feedback=item.feedback)


READERS: dict[str, Callable[[Item, Any, list[Any]], None]] = {
    "choiceInteraction": _choice,
    "textEntryInteraction": _text_entry,
    "inlineChoiceInteraction": qti_gaps.read_gaps,
    "matchInteraction": _match,
    "orderInteraction": _order,
    "gapMatchInteraction": qti_gaps.read_gap_match,
    "hotspotInteraction": qti_spots.read,
}
