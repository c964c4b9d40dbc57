"""Inline checks: readable, feedback on every option, and no pattern that gives the right one away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from linimasa.writing import decimal

from ..checks import CheckError, read_checks
from . import sentences
from .fault import Fault
from .language import Passage
from .pages import Page

RULES = {
    "check-broken": "an inline check can be read, with feedback on every option",
    "check-feedback": "each option has feedback of its own, of at least four words, that is no mere «Salah.»",
    "check-keys": "over a module the right option is not always at the same place (at most 60 % at one)",
    "check-longest": "over a module the right option is the longest no more often than chance",
}
LEAST_WORDS = 4
MOST_AT_ONE_PLACE = 0.6
FEWEST = 4  # checks of a module from which a pattern can be told


def page_checks(page: Page) -> list[dict[str, Any]]:
    """The checks of a lesson: ``{key, prompt, choices: [{text, feedback}], answer}``; none when one of them is broken."""
    try:
        return read_checks(page.body)
    except CheckError:
        return []


def check_passages(page: Page) -> Iterator[Passage]:
    """What is read in the checks, placed at the line of its block."""
    for piece, check in zip(page.named("cek"), page_checks(page), strict=False):
        yield Passage(page.file, piece.line, check["prompt"])
        for choice in check["choices"]:
            yield Passage(page.file, piece.line, f"{choice['text']}\n\n{choice['feedback']}")


def check_faults(pages: Iterable[Page]) -> Iterator[Fault]:
    """The faults of each check, then of the checks of each module together."""
    modules: dict[str, list[tuple[Page, dict[str, Any]]]] = defaultdict(list)
    for page in pages:
        try:
            found = read_checks(page.body)
        except CheckError as error:
            piece = next(iter(page.named("cek")), None)
            yield Fault("check-broken", page.at(piece.line if piece else page.first_line), str(error))
            continue
        modules[page.module] += [(page, check) for check in found]
        for piece, check in zip(page.named("cek"), found, strict=False):
            yield from _feedback_faults(page.at(piece.line), check)
    for module, checks in modules.items():
        if module and len(checks) >= FEWEST:
            yield from _pattern_faults(module, checks)


def _feedback_faults(where: str, check: dict[str, Any]) -> Iterator[Fault]:
    told = [" ".join(choice["feedback"].split()) for choice in check["choices"]]
    for feedback in told:
        count = len(sentences.words(feedback))
        if count < LEAST_WORDS:
            sentence = f"Umpan “{feedback}” pada cek «{check['key']}» hanya {count} kata. Jelaskan sebabnya dalam satu kalimat."
            yield Fault("check-feedback", where, sentence)
    if len({one.casefold() for one in told}) < len(told):
        yield Fault("check-feedback", where, f"Dua pilihan pada cek «{check['key']}» berumpan sama. Tulis sebab masing-masing.")


def _pattern_faults(module: str, checks: list[tuple[Page, dict[str, Any]]]) -> Iterator[Fault]:
    where = checks[0][0].file
    places = Counter(check["answer"] + 1 for _page, check in checks)
    place, count = places.most_common(1)[0]
    if count > MOST_AT_ONE_PLACE * len(checks):
        told = f"Jawaban {count} dari {len(checks)} cek modul {module} adalah pilihan {place}. Pindahkan sebagian ke urutan lain."
        yield Fault("check-keys", where, told)
    longest = sum(is_longest([choice["text"] for choice in check["choices"]], check["answer"]) for _page, check in checks)
    chance = sum(1 / len(check["choices"]) for _page, check in checks)
    if longest > chance:
        told = (
            f"Pada {longest} dari {len(checks)} cek modul {module} jawabannya pilihan terpanjang (kebetulan: {decimal(chance, 1)}). "
            "Panjangkan pengecohnya atau pendekkan jawabannya."
        )
        yield Fault("check-longest", where, told)


def is_longest(texts: list[str], right: int) -> bool:
    """Whether this text is longer than every other one."""
    return all(len(texts[right]) > len(text) for place, text in enumerate(texts) if place != right)
