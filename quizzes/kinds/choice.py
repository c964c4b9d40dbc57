"""Questions with choices: one right (single, scenario, true or false) or several (multiple)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from .kind import MOST_TEXT, NOTHING, ONE, AnswerError, Content, Kind, Raw, dice, is_text, letter, list_problems, part, row, text_problems

LETTERS = "ABCDEFGHIJKLMNOPQRST"
TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_TAG = 60


class Choices(Kind):
    """What single and multiple share: lettered choices, shown in the attempt's own order."""

    template = "quizzes/kinds/choices.html"
    several = False

    @classmethod
    def wrong(cls, content: Content) -> list[str]:
        """The names of the choices that are wrong: the only ones that stand for a misconception."""
        return [one for one in cls.options(content) if one not in content["key"]]

    @classmethod
    def tag_problems(cls, content: Content) -> list[str]:
        """What is wrong with ``misconceptions`` (wrong choice → tag) of a content that is good otherwise. They are part of the key."""
        if "misconceptions" not in content:
            return []
        tags = content["misconceptions"]
        if not isinstance(tags, dict) or not tags:
            return ["“misconceptions” harus memasangkan pilihan yang keliru dengan label. Kosong? Hapus kuncinya."]
        found = []
        if stray := [str(one) for one in tags if one not in cls.wrong(content)]:
            found.append(f"“misconceptions” hanya untuk pilihan yang keliru, jadi bukan {', '.join(stray)}.")
        elif list(tags) != sorted(tags):
            found.append("“misconceptions”: urutkan menurut pilihannya.")
        bad = [one for one in tags.values() if not isinstance(one, str) or len(one) > LONGEST_TAG or not TAG.fullmatch(one)]
        found += [f"“misconceptions”: label {one!r} harus huruf kecil, angka, dan tanda hubung." for one in bad]
        return found

    @classmethod
    def options(cls, content: Content) -> list[str]:
        """The names of all choices: A, B, C …"""
        return list(LETTERS[: len(content["choices"])])

    @classmethod
    def option_problems(cls, content: Content) -> list[str]:
        """What is wrong with what is kept by choice: ``misconceptions`` and ``feedback_options`` of a content that is good otherwise."""
        found = cls.tag_problems(content)
        if "feedback_options" not in content:
            return found
        told = content["feedback_options"]
        if not isinstance(told, dict) or not told:
            return [*found, "“feedback_options” harus memasangkan pilihan dengan alasannya. Kosong? Hapus kuncinya."]
        if stray := [str(one) for one in told if one not in cls.options(content)]:
            found.append(f"“feedback_options” memuat pilihan yang tidak ada: {', '.join(stray)}.")
        elif list(told) != [one for one in cls.options(content) if one in told]:
            found.append("“feedback_options”: urutkan menurut pilihannya.")
        if not all(is_text(one) for one in told.values()):
            found.append(f"“feedback_options” harus berisi teks (paling panjang {MOST_TEXT} huruf).")
        return found

    def told(self, places: Sequence[int]) -> list[dict[str, str]]:
        """What the author says to those who took these choices: ``{name, text}`` of each that has something;
        the name only where several may be taken."""
        said = self.content.get("feedback_options", {})
        names = self.options(self.content)
        return [{"name": self.texts()[one] if self.several else "", "text": said[names[one]]} for one in places if names[one] in said]

    def review(self, answer: Any, points: Decimal | None) -> dict[str, Any]:
        mine = answer if isinstance(answer, list) else [] if answer is None else [answer]
        return super().review(answer, points) | {"told": self.told(mine)}

    def texts(self) -> list[str]:
        return self.content["choices"]

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        order = list(range(len(self.texts())))
        if free:
            dice(seed).shuffle(order)
        return order

    def chosen(self, raw: Raw, order: Sequence[int]) -> list[int]:
        """The stored places of what was sent as letters on the page."""
        shown = {letter(place): stored for place, stored in enumerate(order)}
        sent = {value for value in raw.get("j", []) if value}
        if not sent <= shown.keys():
            raise AnswerError("Pilihan ini tidak ada pada soal. Muat ulang halaman, lalu pilih lagi.")
        return sorted(shown[value] for value in sent)

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        texts = self.texts()
        mine = answer if isinstance(answer, list) else [answer]
        choices = [
            {"value": letter(place), "id": f"j-{place + 1}", "text": texts[stored], "is_mine": answer is not None and stored in mine}
            for place, stored in enumerate(order)
        ]
        return super().public(order) | {"choices": choices, "several": self.several}


class Single(Choices):
    code = "single"
    label = "Satu jawaban"
    keys: ClassVar[tuple[str, ...]] = ("text", "choices", "key", "misconceptions", "feedback_options", "feedback")

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback") + list_problems(content.get("choices"), "choices", least=2)
        if not found and content.get("key") not in list(LETTERS[: len(content["choices"])]):
            found.append("“key” harus satu huruf pilihan, misalnya D.")
        return found or cls.option_problems(content)

    def right(self) -> int:
        return LETTERS.index(self.content["key"])

    def correct(self) -> int:
        return self.right()

    def clean(self, raw: Raw, order: Sequence[int]) -> int | None:
        chosen = self.chosen(raw, order)
        if len(chosen) > 1:
            raise AnswerError("Soal ini hanya menerima satu jawaban. Pilih satu saja.")
        return chosen[0] if chosen else None

    def points(self, answer: Any) -> Decimal:
        return ONE if answer is not None and answer == self.right() else NOTHING

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        rows = [row("Jawaban Anda", "Tidak dijawab" if answer is None else self.texts()[answer])]
        if points != ONE:
            rows.append(row("Yang tepat", self.texts()[self.right()]))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        return super().said(answer, points) or "Ada jawaban yang lebih tepat."


class Scenario(Single):
    code = "scenario"
    label = "Skenario"
    keys = ("scenario", "text", "choices", "key", "misconceptions", "feedback_options", "feedback")

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        return text_problems(content, "scenario") + super().problems(content)


class TrueFalse(Single):
    """Two fixed choices, never shuffled. Stored: 0 for true, 1 for false."""

    code = "true_false"
    label = "Benar atau salah"
    keys = ("text", "key", "misconceptions", "feedback_options", "feedback")

    @classmethod
    def wrong(cls, content: Content) -> list[str]:
        return ["false" if content["key"] else "true"]

    @classmethod
    def options(cls, content: Content) -> list[str]:
        return ["true", "false"]

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback")
        if not isinstance(content.get("key"), bool):
            found.append("“key” harus true atau false.")
        return found or cls.option_problems(content)

    def texts(self) -> list[str]:
        return ["Benar", "Salah"]

    def right(self) -> int:
        return 0 if self.content["key"] else 1

    def shuffle(self, seed: str, *, free: bool = True) -> list[int]:
        return [0, 1]


class Multiple(Choices):
    """(right − wrong) ÷ number of keys, at least 0."""

    code = "multiple"
    label = "Beberapa jawaban"
    keys = ("text", "choices", "key", "misconceptions", "feedback_options", "feedback")
    missing = "Pilih satu jawaban atau lebih, atau lewati dulu"
    several = True

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback") + list_problems(content.get("choices"), "choices", least=2)
        key = content.get("key")
        letters = set(LETTERS[: len(content["choices"])]) if not found else set()
        if not found and not (
            isinstance(key, list) and key and all(isinstance(one, str) for one in key) and set(key) <= letters and len(set(key)) == len(key)
        ):
            found.append("“key” harus berupa daftar huruf pilihan, misalnya [A, C].")
        return found or cls.option_problems(content)

    def right(self) -> list[int]:
        return sorted(LETTERS.index(one) for one in self.content["key"])

    def correct(self) -> list[int]:
        return self.right()

    def clean(self, raw: Raw, order: Sequence[int]) -> list[int] | None:
        return self.chosen(raw, order) or None

    def points(self, answer: Any) -> Decimal:
        right, given = set(self.right()), set(answer or [])
        return part(max(len(given & right) - len(given - right), 0), len(right))

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        texts, right = self.texts(), self.right()
        given = answer or []
        rows = [row("Jawaban Anda", *([texts[one] for one in given] or ["Tidak dijawab"]))]
        if missed := [texts[one] for one in right if one not in given]:
            rows.append(row("Terlewat", *missed))
        if wrong := [texts[one] for one in given if one not in right]:
            rows.append(row("Kurang tepat", *wrong))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        right = self.right()
        missed = sum(one not in answer for one in right)
        wrong = sum(one not in right for one in answer)
        told = [f"{missed} pilihan terlewat" if missed else "", f"{wrong} pilihan kurang tepat" if wrong else ""]
        return ", ".join(one for one in told if one) + "."
