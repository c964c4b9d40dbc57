"""The proofing of a course's folder, without a database: every rule that can be measured. ``manage.py check_content`` runs it.

Each module has its RULES (code → what is asked) and one or more functions ``*_faults(…) -> Iterator[Fault]``. What is asked of
questions and assignments is in ``quizzes.proofing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..reading import CourseFile, read_course
from ..reporting import Report
from . import checks, companions, figures, language, lessons, links, recordings, sizes
from .fault import Fault
from .language import Passage, placed
from .pages import Page, first_line, pages, title_of
from .sizes import Measures

__all__ = ["RULES", "Fault", "Passage", "Proof", "placed", "proof"]

RULES = {"file": "every file can be read, with the keys and values that it must have"}
for _room in (lessons, checks, language, links, figures, recordings, companions, sizes):
    RULES |= _room.RULES


@dataclass
class Proof:
    """What was found. ``course`` is None when its files cannot be read; then the faults are of that kind only."""

    faults: list[Fault] = field(default_factory=list)
    course: CourseFile | None = None
    pages: list[Page] = field(default_factory=list)
    measures: list[Measures] = field(default_factory=list)


def proof(folder: Path, today: date) -> Proof:
    """Everything but questions and assignments. Never raises for any content of the folder."""
    report = Report()
    course = read_course(folder, report)
    if course is None:
        return Proof([Fault("file", where, sentence) for where, sentence in report.problems])
    found = Proof(course=course, pages=pages(folder, course))
    found.measures = [sizes.measure(page, course.figures) for page in found.pages if page.module]
    found.faults = list(_faults(folder, found, course, today))
    return found


def _faults(folder: Path, found: Proof, course: CourseFile, today: date) -> Iterator[Fault]:
    for page in found.pages:
        if page.module:
            yield from lessons.lesson_faults(page, today)
        else:
            yield from lessons.block_faults(page)
            yield from lessons.review_faults(page, today)
    yield from checks.check_faults(found.pages)
    yield from figures.figure_faults(found.pages, course.figures, [str(row.get("handle") or row.get("file", "")) for row in course.media])
    yield from recordings.recording_faults(found.pages, course.media)
    texts = [*page_passages(found.pages), *course_passages(folder, course)]
    yield from language.language_faults(texts)
    yield from links.link_faults(texts)
    yield from companions.companion_faults(course, found.pages, texts)
    yield from sizes.size_faults(found.measures)


def page_passages(found: list[Page]) -> Iterator[Passage]:
    """What is read in the lessons: titles, objectives, every block by itself."""
    for page in found:
        yield from placed(page.at(), page.title, *page.objectives)
        yield from checks.check_passages(page)
        for piece in page.pieces:
            if piece.name != "cek":
                yield Passage(page.file, piece.line, title_of(piece))
                yield Passage(page.file, piece.text_line, piece.text, piece.name)


def course_passages(folder: Path, course: CourseFile) -> Iterator[Passage]:
    """What is read beside the lessons: the course's and the modules' own words, glossary, facts, misconceptions, guides."""
    yield from placed("course.yaml:1", course.title, course.full_title, course.summary)
    for module in course.modules:
        yield from placed(module.where, module.title, module.summary, *module.objectives, *module.discussion)
    for row in course.glossary:
        yield from placed(row.where, row["term"], row["definition"])
    for row in course.facts:
        yield from placed(row.where, row["fact"], row["origin"])
    yield from placed("misconceptions.yaml:1", *course.misconceptions.values())
    for guide in course.guides:
        yield from placed(guide.where, guide.title, guide.summary)
        file = guide.where.partition(":")[0]
        yield Passage(file, first_line(folder / file, guide.body), guide.body)
