"""The author's desk for one question: the forms as they were sent or stand in the draft, their preview, and what to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from courses.models import Course

from .. import loading, picturing
from ..kinds import registry
from ..kinds.editor import COUNT, Editor
from ..kinds.editors import EDITORS
from ..models import QuestionKind
from . import checking, editing, trying
from .categories import Branch
from .forms import FactsForm

SAVE, TRY, UP, DOWN, DROP = "simpan", "coba", "baris-naik", "baris-turun", "baris-hapus"
NO_CODE = "baru"
TOLD: dict[str, str] = {
    QuestionKind.SINGLE: "Satu jawaban tepat di antara beberapa pilihan.",
    QuestionKind.MULTIPLE: "Beberapa jawaban tepat; nilainya dapat sebagian.",
    QuestionKind.TRUE_FALSE: "Sebuah pernyataan yang benar atau salah.",
    QuestionKind.SCENARIO: "Sebuah kejadian, lalu satu tindakan yang paling tepat.",
    QuestionKind.SHORT_ANSWER: "Satu baris jawaban; yang tidak dikenali diperiksa pengajar.",
    QuestionKind.MATCHING: "Memasangkan dua daftar.",
    QuestionKind.ORDERING: "Menyusun langkah-langkah menurut urutannya.",
    QuestionKind.NUMERIC: "Sebuah bilangan, dengan toleransi dan satuan.",
    QuestionKind.GAPS: "Teks dengan bagian-bagian yang diisi.",
    QuestionKind.HOTSPOT: "Menunjuk bagian sebuah gambar, atau memilihnya dari daftar.",
}
Data = Mapping[str, Any]


@dataclass
class Desk:
    """One question being written. ``stored``: what it says in the draft, empty for a new one; ``sent``: what the page sent, if it did."""

    course: Course
    kind: str
    code: str
    stored: Data
    facts: Data
    branches: Sequence[Branch]
    sent: QueryDict | None = None
    asked: QueryDict | None = None  # an answer in the address, of those who may only read
    seed: str = NO_CODE
    files: Any = None  # what was sent with it
    form: Editor = field(init=False)
    facts_form: FactsForm = field(init=False)

    def __post_init__(self) -> None:
        self.register = loading.register_of(self.course)
        sent, moved = _arranged(self.sent, EDITORS[self.kind])
        self.form = EDITORS[self.kind](
            sent,
            files=self.files,
            content=self.stored or None,
            register=self.register,
            pictures=pictures_of(self.course, self.kind),
        )
        self.form.wants_more = self.form.wants_more or moved
        self.facts_form = FactsForm(self.sent, course=self.course, branches=self.branches, initial=self.facts)

    @property
    def act(self) -> str:
        """What was pressed: the name of the act; a move inside the preview counts as none."""
        return str(self.sent.get("act", "")).partition(":")[0] if self.sent is not None else ""

    @property
    def wants_saving(self) -> bool:
        """Save was pressed (or the form was sent by the keyboard), and all of it can be taken."""
        if self.sent is None or self.form.wants_more or self._is_trying:
            return False
        return all([self.form.is_valid(), self.facts_form.is_valid()])

    @property
    def _is_trying(self) -> bool:
        pressed = (f"{trying.PREFIX}naik", f"{trying.PREFIX}turun")
        return self.act == TRY or (self.sent is not None and any(name in self.sent for name in pressed))

    def content(self) -> Data:
        """What the preview shows: the form's content when it can be asked, else the draft's."""
        return self.form.content() if self.form.is_bound and self.form.is_valid() else self.stored

    def context(self) -> dict[str, Any]:
        """What the page draws; no statement but those of the forms' lists."""
        form, content = self.form, self.content()
        problems = editing.content_problems(self.kind, content, self.course) if content else []
        refused = form.is_bound and not form.wants_more and bool(form.errors or self.facts_form.errors)
        return {
            "desk": self,
            "form": form,
            "facts_form": self.facts_form,
            "kind": registry[self.kind](content),
            "rows": rows(form),
            "has_errors": refused,
            "trial": self._trial(content, problems),
            "is_unsaved": content != self.stored,
            "checks": self._checks(content, problems) if content else [],
            "lesson": self.facts_form.chosen_lesson(),
            "can_grow": bool(form.starts_with),
            "file_is_lost": bool(self.files),
        }

    def _trial(self, content: Data, problems: list[str]) -> trying.Trial | None:
        if not content or problems:
            return None
        sent = self.sent if self.sent is not None else self.asked
        judge = self.act == TRY if self.sent is not None else bool(self.asked and self.asked.get("act") == TRY)
        return trying.attempt(self.kind, content, trying.answered(sent), seed=self.seed, judge=judge)

    def _checks(self, content: Data, problems: list[str]) -> list[checking.Check]:
        lesson = self.facts_form.chosen_lesson()
        facts = {"lesson": lesson.code if lesson else None, "objective": self.facts_form["objective"].value(), "level": self.facts["level"]}
        found: Data = content
        return checking.checks(kind=self.kind, code=self.code, content=found, facts=facts, problems=problems, register=self.register)


def pictures_of(course: Course, kind: str) -> Data:
    """The course's pictures for a kind that asks about one; nothing for all others."""
    return picturing.library(course) if kind == QuestionKind.HOTSPOT else {}


def rows(form: Editor) -> list[dict[str, Any]]:
    """The form's rows for the page: each field under a short name, because the row's own stands above it."""
    found = []
    for row in form.rows():
        for bound in row.fields:
            short = str(bound.label).rpartition(": ")[2]
            bound.label = short[:1].upper() + short[1:]
        is_key = bool(row.key and row.key.data.get("selected"))
        found.append({"row": row, "is_key": is_key, "is_first": row.number == 1, "is_last": row.number == form.count})
    return found


def _arranged(sent: QueryDict | None, editor: type[Editor]) -> tuple[QueryDict | None, bool]:
    """What was sent after the row's button that was pressed, and whether one was: rows change places, or one leaves."""
    act, _, place = str(sent.get("act", "") if sent is not None else "").partition(":")
    if sent is None or act not in (UP, DOWN, DROP):
        return sent, False
    blank = editor(sent)
    count, number = blank.count, int(place) if place.isascii() and place.isdecimal() and len(place) < 3 else 0
    if not 1 <= number <= count:
        return sent, True
    order = list(range(1, count + 1))
    if act == DROP:
        order.remove(number)
    else:
        there = number + (-1 if act == UP else 1)
        if 1 <= there <= count:
            order[number - 1], order[there - 1] = order[there - 1], order[number - 1]
    return _in_this_order(sent, blank, order), True


def _in_this_order(sent: QueryDict, blank: Editor, order: list[int]) -> QueryDict:
    """The sent fields with the rows in this order of their old numbers."""
    data = sent.copy()
    names = list(blank.row_fields(1))
    for name in names:
        for number in range(1, blank.count + 1):
            data.setlist(f"{name}_{number}", sent.getlist(f"{name}_{order[number - 1]}") if number <= len(order) else [])
    if blank.key_in_rows:
        became = {str(old): str(new) for new, old in enumerate(order, 1)}
        data.setlist("key", [became[one] for one in sent.getlist("key") if one in became])
    data[COUNT] = str(len(order))
    return data


def kinds_to_write() -> list[tuple[str, str, str]]:
    """The kinds that a new question may have: code, name and what it is for. Practical work is written with its assignment."""
    offered = [code for code in EDITORS if code != QuestionKind.PRACTICAL and code in registry]
    return [(code, str(QuestionKind(code).label), TOLD.get(code, "")) for code in offered]
