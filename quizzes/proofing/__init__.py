"""The proofing of what is asked and done: the bank of questions and the practical work. ``courses.proofing`` looks at everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from courses.proofing import Fault, Page, links
from courses.proofing.language import language_faults
from courses.reading import CourseFile

from . import assignments, balance, questions
from .balance import Balance
from .bank import Item, item_passages, item_problems, items

__all__ = ["RULES", "Judged", "judge"]

RULES = {**questions.RULES, **balance.RULES, **assignments.RULES}


@dataclass(frozen=True)
class Judged:
    """What was found. ``asked``: how many questions ask each objective of a lesson, by the lesson's code."""

    faults: list[Fault]
    balance: Balance
    asked: dict[str, list[int]]


def judge(folder: Path, course: CourseFile, pages: list[Page]) -> Judged:
    """The faults of every question and assignment, and the bank in figures. Never raises for any content."""
    faults: list[Fault] = []
    found: list[Item] = []
    for module, question in items(course):
        problems = item_problems(question)
        faults += [Fault("question-broken", question.where, f"Soal {question.get('code', '?')}: {problem}") for problem in problems]
        found += [] if problems else [Item(module, question)]
    counted = balance.balance(course, found)
    faults += _faults(folder, course, pages, found, counted)
    asked = {
        page.code: [
            sum(item.data.get("lesson") == page.code and item.data.get("objective") == number for item in found)
            for number in range(1, len(page.objectives) + 1)
        ]
        for page in pages
        if page.module
    }
    return Judged(faults, counted, asked)


def _faults(folder: Path, course: CourseFile, pages: list[Page], found: list[Item], counted: Balance) -> Iterator[Fault]:
    yield from questions.question_faults(found, {page.code: page for page in pages}, course.misconceptions)
    yield from balance.balance_faults(course, found, counted)
    yield from assignments.assignment_faults(folder, course)
    texts = [*item_passages(found), *assignments.assignment_passages(course)]
    yield from language_faults(texts)
    yield from links.link_faults(texts)
