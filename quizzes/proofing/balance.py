"""What the bank must be as a whole: large enough, of all levels, and without a pattern that gives keys away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Any

from courses.proofing import Fault
from courses.proofing.checks import is_longest
from courses.reading import CourseFile
from linimasa.writing import decimal

from ..kinds.choice import LETTERS
from ..models import Level, QuestionKind, QuizPurpose
from .bank import ONE_LETTER, Item, draws
from .questions import content_words

RULES = {
    "bank-size": "the banks of all modules hold at least 90 questions",
    "bank-module": "a module's bank fills its quiz, the tests and one remedial draw without repeating, and one and a half quizzes at least",
    "level-balance": "each level has at least 20 % of a module's questions",
    "key-balance": "each of the letters A–D is right in 15–35 % of the questions with one right option",
    "true-false-balance": "40–60 % of the statements are true",
    "key-longest": "the right option is the longest no more often than chance",
    "multiple-length": "where several are right they are not more than 15 % longer than the wrong ones, on average",
    "question-twice": "no two questions share nine tenths of their words",
}
LEAST = 90
LEAST_OF_LEVEL = 0.2
LETTER_SHARE = (0.15, 0.35)
TRUE_SHARE = (0.4, 0.6)
MOST_LONGER = 1.15
SAME = 0.9
SPARE = 1.5
PLACE = "questions.yaml"  # of faults that no one file has


@dataclass(frozen=True)
class Balance:
    """The bank in figures: the line of the report."""

    total: int
    levels: dict[str, dict[str, int]]  # module → level → questions
    letters: dict[str, int]
    statements: tuple[int, int]  # true, all
    longest: int  # questions with one right option whose right option is the longest
    chance: float  # how many there would be by chance
    single: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "levels": self.levels,
            "letters": self.letters,
            "true": self.statements[0],
            "true_false": self.statements[1],
            "longest": self.longest,
            "longest_by_chance": round(self.chance, 2),
            "single": self.single,
        }


def balance(course: CourseFile, found: list[Item]) -> Balance:
    """Count the bank."""
    levels: dict[str, dict[str, int]] = {module.code: dict.fromkeys(Level.values, 0) for module in course.modules}
    for item in found:
        levels[item.module][item.level] += 1
    one = [item for item in found if item.kind in ONE_LETTER]
    keys = Counter(item.data["key"] for item in one)
    statements = [item.data["key"] for item in found if item.kind == QuestionKind.TRUE_FALSE]
    return Balance(
        total=len(found),
        levels=levels,
        letters={letter: keys[letter] for letter in LETTERS if letter in "ABCD" or keys[letter]},
        statements=(sum(statements), len(statements)),
        longest=sum(is_longest(item.choices, item.right[0]) for item in one),
        chance=sum(1 / len(item.choices) for item in one),
        single=len(one),
    )


def balance_faults(course: CourseFile, found: list[Item], counted: Balance) -> Iterator[Fault]:
    yield from _size_faults(course, counted)
    yield from _key_faults(counted)
    yield from _multiple_faults(found)
    yield from _twice_faults(found)


def needed(course: CourseFile) -> dict[str, int]:
    """How many questions each module's bank needs, by the module's code."""
    drawn: dict[str, int] = defaultdict(int)
    own: dict[str, int] = defaultdict(int)
    for quiz, layer in draws(course):
        once_more = 1 if quiz.get("remedial_attempts") else 0
        drawn[layer["module"]] += layer["count"] * (1 + once_more)
        if quiz.get("purpose") == QuizPurpose.MODULE:
            own[layer["module"]] += layer["count"]
    return {code: max(count, ceil(SPARE * own[code])) for code, count in drawn.items()}


def _size_faults(course: CourseFile, counted: Balance) -> Iterator[Fault]:
    if counted.total < LEAST:
        yield Fault("bank-size", PLACE, f"Bank soal berisi {counted.total} soal; seharusnya paling sedikit {LEAST}. Tulis soal baru.")
    wanted = needed(course)
    for module in course.modules:
        where = f"{module.where.partition('/')[0]}/questions.yaml"
        levels = counted.levels[module.code]
        total = sum(levels.values())
        if total < wanted.get(module.code, 0):
            told = f"Bank {module.code} berisi {total} soal; kuis, tes, dan satu remedial memerlukan {wanted[module.code]}. Tambah soalnya."
            yield Fault("bank-module", where, told)
        for level, count in levels.items():
            if count < LEAST_OF_LEVEL * total:
                told = f"Tingkat {level} di {module.code} hanya {count} dari {total} soal; seharusnya paling sedikit 20 %. Tambah soalnya."
                yield Fault("level-balance", where, told)


def _key_faults(counted: Balance) -> Iterator[Fault]:
    for letter, count in counted.letters.items() if counted.single else ():
        if letter in "ABCD" and not LETTER_SHARE[0] <= count / counted.single <= LETTER_SHARE[1]:
            told = f"Kunci {letter} ada pada {count} dari {counted.single} soal; seharusnya 15 sampai 35 %. Pindahkan letak jawabannya."
            yield Fault("key-balance", PLACE, told)
    true, statements = counted.statements
    if statements and not TRUE_SHARE[0] <= true / statements <= TRUE_SHARE[1]:
        told = f"{true} dari {statements} pernyataan benar; seharusnya 40 sampai 60 %. Ubah sebagian pernyataannya."
        yield Fault("true-false-balance", PLACE, told)
    if counted.longest > counted.chance:
        told = (
            f"Pada {counted.longest} dari {counted.single} soal jawabannya pilihan terpanjang; kebetulan {decimal(counted.chance, 1)}. "
            "Panjangkan pengecohnya atau pendekkan jawabannya."
        )
        yield Fault("key-longest", PLACE, told)


def _multiple_faults(found: list[Item]) -> Iterator[Fault]:
    right: list[int] = []
    wrong: list[int] = []
    for item in found:
        if item.kind == QuestionKind.MULTIPLE:
            for place, choice in enumerate(item.choices):
                (right if place in item.right else wrong).append(len(choice))
    if right and wrong:
        ratio = (sum(right) / len(right)) / (sum(wrong) / len(wrong))
        if ratio > MOST_LONGER:
            told = (
                f"Pada soal banyak jawaban, yang benar rata-rata {decimal(ratio)} kali sepanjang yang keliru; paling banyak 1,15. Samakan."
            )
            yield Fault("multiple-length", PLACE, told)


def _twice_faults(found: list[Item]) -> Iterator[Fault]:
    bags = [(item, content_words(" ".join(item.shown))) for item in found]
    for (one, its), (other, others) in combinations(bags, 2):
        if its and len(its & others) >= SAME * len(its | others):
            told = f"Soal {other.code} hampir sama dengan {one.code}. Tanyakan hal lain atau hapus salah satunya."
            yield Fault("question-twice", other.where, told)
