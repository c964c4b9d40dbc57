"""What one question must be by itself: placed at an objective that its lesson teaches, fair in its wording, diagnosing in its errors."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from courses.proofing import Fault, Page
from courses.proofing.sentences import plain
from linimasa.writing import decimal

from ..kinds import registry
from ..models import QuestionKind
from .bank import WITH_LETTERS, Item

RULES = {
    "question-broken": "a question can be read as its kind asks; codes are unique and in order",
    "question-place": "`lesson` is a lesson of its module, `objective` the number of one of its objectives",
    "question-untaught": "its lesson holds at least two content words of the right answer or the feedback",
    "misconception-missing": "exactly every wrong option of single, scenario, multiple, true_false and hotspot has a misconception",
    "misconception-unknown": "the tag is in misconceptions.yaml",
    "misconception-unused": "every tag of misconceptions.yaml is on an option",
    "objective-unasked": "every objective of every lesson is asked by at least one question",
    "option-all": "no option says that all or none of the others are right",
    "option-length": "the longest option is at most 3 times as long as the shortest (where it has more than 24 characters)",
    "stem-negation": "«kecuali», «bukan», «tidak» turn what is asked only in bold",
}
TAGGED = frozenset({*WITH_LETTERS, QuestionKind.TRUE_FALSE, QuestionKind.HOTSPOT})
LONGEST_RATIO = 3
LONG_ENOUGH = 24
LEAST_SHARED = 2
_ALL = re.compile(
    r"\b(?:semua(?:nya)?|seluruh(?:nya)?)(?: (?:jawaban|pilihan|pernyataan))?(?: di atas)? (?:benar|salah|tepat|keliru)\b"
    r"|\btidak ada (?:jawaban |pilihan )?yang (?:benar|tepat)\b|\b[A-E] dan [A-E] benar\b",
    re.I,
)
_NEGATED = re.compile(
    r"\bkecuali\b|\b(?:yang|manakah|apakah|apa|siapa|mana|ini)\s+(?:bukan|tidak)\b(?!\s+hanya)|\b(?:bukan|tidak)\s+(?:termasuk|merupakan)\b",
    re.I,
)
_BOLD = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
_WORD = re.compile(r"[^\W\d_]{4,}")
# fmt: off
_COMMON = frozenset({
    "adalah", "agar", "akan", "anda", "antara", "atas", "atau", "bawah", "belum", "benar", "bila", "bisa", "boleh", "bukan", "cukup",
    "dalam", "dapat", "dari", "dengan", "hanya", "harus", "hingga", "ialah", "itulah", "jangan", "jawaban", "jika", "juga", "kami",
    "karena", "kepada", "ketika", "kita", "lagi", "lain", "lebih", "luar", "maka", "masih", "masing", "maupun", "mereka", "namun", "oleh",
    "orang", "pada", "paling", "perlu", "pilihan", "saat", "saja", "salah", "sampai", "sangat", "sebab", "sebelum", "sebuah", "secara",
    "semua", "sendiri", "seorang", "seperti", "serta", "sesudah", "setelah", "setiap", "suatu", "sudah", "supaya", "tanpa", "telah",
    "tentang", "tepat", "terhadap", "tersebut", "tetapi", "tiap", "tidak", "untuk", "yaitu", "yakni", "yang",
})
# fmt: on


def content_words(text: str) -> set[str]:
    """The words of a text that say something by themselves."""
    return {word for word in _WORD.findall(plain(text).casefold()) if word not in _COMMON}


def question_faults(found: list[Item], pages: Mapping[str, Page], register: Mapping[str, str]) -> Iterator[Fault]:
    """``pages``: the lessons by code; ``register``: tag → what the person believes."""
    taught = {code: content_words(page.body) for code, page in pages.items()}
    asked: set[tuple[str, int]] = set()
    used: set[str] = set()
    yield from _code_faults(found)
    for item in found:
        lesson, objective = item.data.get("lesson"), item.data.get("objective")
        page = pages.get(lesson) if isinstance(lesson, str) else None
        if page is None or page.module != item.module or type(objective) is not int or not 1 <= objective <= len(page.objectives):
            told = f"Soal {item.code}: pelajaran {lesson!r} atau tujuan {objective!r} tidak ada di modul {item.module}. Betulkan."
            yield Fault("question-place", item.where, told)
        else:
            asked.add((page.code, objective))
        if page is not None:
            yield from _taught_faults(item, taught[page.code])
        used |= yield from _tag_faults(item, register)
        yield from _wording_faults(item)
    yield from _unasked_faults(pages, asked)
    for tag in register:
        if tag not in used:
            told = f"Label miskonsepsi «{tag}» tidak dipakai soal mana pun. Pakai atau hapus."
            yield Fault("misconception-unused", "misconceptions.yaml", told)


def _code_faults(found: list[Item]) -> Iterator[Fault]:
    seen: dict[str, Item] = {}
    before: Item | None = None
    for item in found:
        if item.code in seen:
            yield Fault("question-broken", item.where, f"Kode {item.code} sudah dipakai di {seen[item.code].where}. Beri kode lain.")
        elif before and before.module == item.module and item.code < before.code:
            yield Fault("question-broken", item.where, f"Kode {item.code} berada sesudah {before.code}. Urutkan soal menurut kodenya.")
        seen[item.code] = before = item


def _taught_faults(item: Item, taught: set[str]) -> Iterator[Fault]:
    wanted = content_words(" ".join([*item.answers, item.data["feedback"]]))
    if len(wanted) < LEAST_SHARED:  # an answer in figures: then what is asked for must be there
        wanted |= content_words(item.data["text"])
    shared = wanted & taught
    if len(shared) < LEAST_SHARED:
        told = (
            f"Soal {item.code}: hanya {len(shared)} kata isi dari jawaban dan umpan baliknya ada di {item.data['lesson']}. "
            "Ajarkan di pelajaran itu atau pindahkan soalnya."
        )
        yield Fault("question-untaught", item.where, told)


def _tag_faults(item: Item, register: Mapping[str, str]) -> Generator[Fault, None, set[str]]:
    """Returns the tags that the question uses."""
    tags = item.data.get("misconceptions") or {}
    if item.kind in TAGGED:
        wrong = registry[item.kind].wrong(item.data)  # type: ignore[attr-defined]  # all kinds with choices have it
        if set(tags) != set(wrong):
            empty, idle = sorted(set(wrong) - set(tags)), sorted(set(tags) - set(wrong))
            faults = [f"belum diisi untuk {', '.join(empty)}"] * bool(empty) + [f"tidak berlaku untuk {', '.join(idle)}"] * bool(idle)
            told = f"Soal {item.code}: salah paham {' dan '.join(faults)}."
            yield Fault("misconception-missing", item.where, told)
    for tag in tags.values():
        if tag not in register:
            told = f"Soal {item.code}: miskonsepsi «{tag}» tidak ada di misconceptions.yaml. Daftarkan atau betulkan."
            yield Fault("misconception-unknown", item.where, told)
    return set(tags.values())


def _wording_faults(item: Item) -> Iterator[Fault]:
    for choice in item.choices:
        if _ALL.search(choice):
            told = f"Soal {item.code}: pilihan “{choice}” menunjuk pilihan lain. Tulis pengecoh yang berdiri sendiri."
            yield Fault("option-all", item.where, told)
    for gap in item.data.get("gaps", []):
        for choice in gap.get("choices", []):
            if _ALL.search(choice):
                told = f"Soal {item.code}: pilihan “{choice}” menunjuk pilihan lain. Tulis pengecoh yang berdiri sendiri."
                yield Fault("option-all", item.where, told)
    lengths = sorted(map(len, item.choices))
    if lengths and lengths[-1] > max(LONG_ENOUGH, LONGEST_RATIO * lengths[0]):
        ratio = decimal(lengths[-1] / lengths[0], 1)
        told = f"Soal {item.code}: pilihan terpanjang {lengths[-1]} karakter, {ratio} kali yang terpendek; paling banyak 3 kali. Samakan."
        yield Fault("option-length", item.where, told)
    if found := _NEGATED.search(_BOLD.sub("", item.data["text"])):
        told = f"Soal {item.code}: “{found[0]}” membalik yang ditanyakan. Tanyakan yang benar, atau tebalkan kata ingkarnya (**bukan**)."
        yield Fault("stem-negation", item.where, told)


def _unasked_faults(pages: Mapping[str, Page], asked: set[tuple[str, int]]) -> Iterator[Fault]:
    for page in pages.values():
        for number in range(1, len(page.objectives) + 1) if page.module else ():
            if (page.code, number) not in asked:
                told = f"Tujuan {number} dari {page.code} (“{page.objectives[number - 1]}”) belum ditanyakan. Tulis satu soal untuknya."
                yield Fault("objective-unasked", page.at(), told)
