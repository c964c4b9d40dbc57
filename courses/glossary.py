"""The glossary of a course as a version of it was published: the terms that lessons link to, and the page that lists them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from linimasa import blocks

from . import outline
from .models import Course

_LINK = re.compile(rf'<a class="term" href="{re.escape(blocks.GLOSSARY)}#([a-z0-9-]+)">')


@dataclass(frozen=True, slots=True)
class Term:
    """One entry. ``definition`` is plain text of one or two sentences; ``also`` are other names for the same thing."""

    slug: str
    term: str
    definition: str
    also: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """Under which letter it stands in the list."""
        return self.term[:1].upper()

    def matches(self, word: str) -> bool:
        """Whether a searched word occurs in it, in whatever case."""
        return word.lower() in " ".join((self.term, *self.also, self.definition)).lower()


def of_version(course_version_id: int | None) -> Mapping[str, Term]:
    """The terms of a published course by slug, in their order. No statement once the version is in the process."""
    if course_version_id is None:
        return {}
    return outline.kept(f"courses.glossary:{course_version_id}", lambda: _terms(course_version_id))


def _terms(course_version_id: int) -> dict[str, Term]:
    rows = outline.of_version(course_version_id).facts.get("glossary") or []
    return {row["slug"]: Term(row["slug"], row["term"], row["definition"], tuple(row.get("also") or ())) for row in rows}


def linked(html: str, course_version_id: int | None) -> list[Term]:
    """The terms that a lesson's HTML links to and the course explains, in the order in which they come."""
    known = of_version(course_version_id)
    return [known[slug] for slug in dict.fromkeys(_LINK.findall(html)) if slug in known]


def published() -> list[Term]:
    """Every term of every published course, by the alphabet; of two with the same slug the older course's stays."""
    found: dict[str, Term] = {}
    courses = Course.objects.filter(current_version__isnull=False, is_practice=False).order_by("pk")
    versions = courses.values_list("current_version_id", flat=True)
    for version_id in versions:
        for slug, term in of_version(version_id).items():
            found.setdefault(slug, term)
    return sorted(found.values(), key=lambda term: term.term.casefold())
