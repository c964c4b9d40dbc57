"""What an author should look at before a question is published: the rules of the proofing, in sentences, beside the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.files import Placed
from courses.proofing.checks import is_longest

from ..kinds import registry
from ..models import QuestionKind
from ..proofing import questions as proofing
from ..proofing.bank import Item

BAD, WARN, OK = "bad", "warn", "ok"
SHOWN = frozenset({"misconception-missing", "option-all", "option-length", "stem-negation"})
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """``level``: "bad" (cannot be published), "warn" (should be better) or "ok"."""

    level: str
    sentence: str


def checks(*, kind: str, code: str, content: Data, facts: Data, problems: list[str], register: Data) -> list[Check]:
    """``problems``: what stands against the content as a whole; while there are any, nothing else is said. ``facts``: lesson (code),
    objective, level."""
    if problems:
        return [Check(BAD, one) for one in problems]
    found = list(_of_place(facts, kind))
    if kind != QuestionKind.PRACTICAL:
        item = Item("", Placed({**content, "code": code, "kind": kind, **facts}))
        faults = [one for one in proofing.question_faults([item], {}, register) if one.code in SHOWN]
        found += [Check(WARN, _without_name(one.sentence, code)) for one in faults]
        found += _of_options(item, content, has_length_fault=any(one.code == "option-length" for one in faults))
    order = (BAD, WARN, OK)
    return sorted(found, key=lambda one: order.index(one.level))


def _of_place(facts: Data, kind: str) -> Iterator[Check]:
    if kind == QuestionKind.PRACTICAL:
        return
    if not facts.get("lesson"):
        yield Check(WARN, "Belum tertaut ke pelajaran, jadi peserta tidak tahu apa yang perlu dibaca lagi")
    elif not facts.get("objective"):
        yield Check(WARN, f"Tertaut ke {facts['lesson']}, belum ke tujuannya")
    else:
        yield Check(OK, f"Menanyakan tujuan {facts['objective']} dari {facts['lesson']}")


def _of_options(item: Item, content: Data, *, has_length_fault: bool) -> Iterator[Check]:
    options = getattr(registry[item.kind], "options", None)
    if options is not None:
        silent = [_named(one) for one in options(content) if not content.get("feedback_options", {}).get(one)]
        if silent:
            yield Check(WARN, f"Alasan pilihan {', '.join(silent)} kosong, jadi yang memilihnya hanya membaca penjelasan umum")
        else:
            yield Check(OK, "Setiap pilihan memiliki alasan")
    if not item.choices:
        return
    words = sorted(len(one.split()) for one in item.choices)
    if not has_length_fault:
        spread = f"{words[0]} sampai {words[-1]}" if words[0] != words[-1] else f"{words[0]}"
        yield Check(OK, f"Panjang pilihan seimbang, {spread} kata")
    if len(item.right) == 1 and is_longest(item.choices, item.right[0]):
        yield Check(WARN, "Kuncinya pilihan terpanjang. Panjangkan pengecohnya atau pendekkan kuncinya")
    count = "Satu kunci" if len(item.right) == 1 else f"{len(item.right)} kunci"
    yield Check(OK, f"{count}, tidak ada pilihan kembar")


def _named(option: str) -> str:
    return {"true": "Benar", "false": "Salah"}.get(option, option)


def _without_name(sentence: str, code: str) -> str:
    """«Soal M1-12: pilihan …» → «Pilihan …»"""
    rest = sentence.removeprefix(f"Soal {code}: ")
    return rest[:1].upper() + rest[1:]
