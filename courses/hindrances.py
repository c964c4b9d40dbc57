"""What stands in the way of a publication, and what would be better mended first; each with a link to where it is mended.

``publishing.holder_problems`` says what no version may hold, however it is made. Here comes what a reviewed publication asks on top:
links that lead nowhere, facts and lessons past their date, hours that do not add up, questions that explain nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.urls import Resolver404, resolve, reverse

from linimasa import clock, writing
from linimasa.problems import Problem

from . import channels, companions, publishing
from .holders import Holder, activities_of, course_of
from .models import Activity, ActivityKind, Course, LinkCheck, LinkState, Media, Module
from .publishing import Draft

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]{1,600})"')
_FILE = re.compile(r"^/m/([\w.-]+)$")
MINUTES_A_JP = 45


@dataclass
class Found:
    """``blocking``: nothing is published before these are mended. ``warnings``: said, and then left to the person who decides."""

    blocking: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def title(self) -> str:
        """«Dua hal yang menghalangi»."""
        return f"{self.count_word} hal yang menghalangi"

    @property
    def care(self) -> str:
        """«Lima hal perlu diperhatikan»."""
        return f"{writing.number_word(len(self.warnings)).capitalize()} hal perlu diperhatikan"

    @property
    def count_word(self) -> str:
        return writing.number_word(len(self.blocking)).capitalize()


def of(holder: Holder, draft: Draft | None = None) -> Found:
    """Everything about this draft. ``draft``: what it would freeze, where that is known. Statements do not grow with the lessons."""
    rows = list(activities_of(holder))
    found = Found(_placed(publishing.holder_problems(holder), rows))
    if draft is not None:
        found.blocking += _link_problems(holder, draft)
    late, due = _dates(holder, rows)
    broken, unchecked = channels.problems(course_of(holder), rows)
    found.blocking += late + _fact_problems(holder, rows) + broken
    found.warnings += due + unchecked + list(_hours(holder, rows)) + publishing.advice(holder)
    return found


def blocking(holder: Holder, draft: Draft) -> list[Problem]:
    """What stands in the way of publishing this draft by two people; empty when nothing does."""
    return of(holder, draft).blocking


def _placed(problems: list[Problem], rows: list[Activity]) -> list[Problem]:
    """A problem whose sentence begins with a lesson's code leads to that lesson."""
    by_code = {row.code: row.pk for row in rows if row.kind == ActivityKind.LESSON}
    placed = []
    for one in problems:
        pk = by_code.get(one.sentence.partition(" ")[0])
        url = one.url or (reverse("courses:studio_lesson", args=[pk]) if pk else "")
        placed.append(Problem(one.code, one.sentence, url))
    return placed


def _link_problems(holder: Holder, draft: Draft) -> list[Problem]:
    course = course_of(holder)
    links = [(lesson, _plain(link)) for lesson in draft.lessons for link in dict.fromkeys(_LINK.findall(lesson.html))]
    outside = {link for _, link in links if link.startswith(("http://", "https://"))}
    broken = {one.url: one for one in LinkCheck.objects.filter(url__in=outside, state=LinkState.BROKEN)} if outside else {}
    files = {found[1] for _, link in links if (found := _FILE.match(link))}
    kept = set(_stored(course, files)) if files else set()
    problems: list[Problem] = []
    for lesson, link in links:
        name, url = f"{lesson.activity.code} {lesson.title}", reverse("courses:studio_lesson", args=[lesson.activity_id])
        if link in broken:
            since = broken[link].broken_since
            when = f" sejak {clock.moment_text(since)}" if since else ""
            sentence = f"Tautan {link} tidak menjawab{when}. Dipakai di {name}. Perbaiki atau ganti tautannya."
            problems.append(Problem("broken_link", sentence, url))
        elif (file := _FILE.match(link)) and file[1] not in kept:
            problems.append(Problem("broken_link", f"{name}: berkas {link} tidak ada di pustaka kursus ini. Unggah dahulu.", url))
        elif link.startswith("#") and f'id="{link[1:]}"' not in lesson.html:
            problems.append(Problem("broken_link", f"{name}: tautan {link} menunjuk bagian yang tidak ada. Periksa judul bagiannya.", url))
        elif link.startswith("/") and not file and not _leads_somewhere(link):
            problems.append(Problem("broken_link", f"{name}: tautan {link} tidak mengarah ke halaman mana pun. Periksa alamatnya.", url))
    return problems


def _plain(link: str) -> str:
    return link.replace("&amp;", "&")


def _stored(course: Course, names: set[str]) -> Iterator[str]:
    rows = Media.objects.filter(course=course).in_use().defer("source")
    for one in rows:
        yield from {one.name, one.handle} & names


def _leads_somewhere(link: str) -> bool:
    path = link.partition("#")[0].partition("?")[0]
    try:
        words = resolve(path).kwargs
    except Resolver404:
        return False
    if "module_slug" not in words:
        return True
    modules = Module.objects.filter(course__slug=words["course_slug"], slug=words["module_slug"], archived_at=None)
    if "lesson_slug" in words:
        return Activity.objects.filter(module__in=modules, slug=words["lesson_slug"], archived_at=None).exists()
    return modules.exists()


def _dates(holder: Holder, rows: list[Activity]) -> tuple[list[Problem], list[Problem]]:
    """Lessons past their date: one that was changed has to be looked at first, one that was left alone is only named."""
    today = clock.local(clock.now()).date()
    version = holder.current_version
    published = {lesson.activity_id: lesson.body for lesson in version.lessons.only("activity_id", "body", "version_id")} if version else {}
    late: list[Problem] = []
    due: list[Problem] = []
    for row in rows:
        lesson = getattr(row, "lesson", None)
        if row.kind != ActivityKind.LESSON or lesson is None or lesson.review_again_on is None or lesson.review_again_on >= today:
            continue
        url = reverse("courses:studio_lesson", args=[row.pk])
        days = (today - lesson.review_again_on).days
        sentence = f"{row.code} {row.title} perlu ditinjau ulang: tanggalnya lewat {days} hari ({clock.day_text(lesson.review_again_on)})."
        (late if published.get(row.pk) != lesson.body else due).append(Problem("lesson_due", sentence, url))
    return late, due


def _fact_problems(holder: Holder, rows: list[Activity]) -> list[Problem]:
    """Facts past their date on which lessons of this draft rest; with a course's own draft, those of no lesson."""
    course = course_of(holder)
    today = clock.local(clock.now()).date()
    codes = {row.code: row.pk for row in rows}
    found = []
    for fact in companions.of_course(course).facts:
        on = _day(fact.get("review_again_on"))
        used = [code for code in fact.get("lessons", []) if code in codes]
        concerned = bool(used) or (isinstance(holder, Course) and not fact.get("lessons"))
        if on is None or on >= today or not concerned:
            continue
        words = fact["fact"] if len(fact["fact"]) <= 120 else f"{fact['fact'][:117]}…"
        where = f" Dipakai di {writing.listed(used)}." if used else ""
        sentence = f"Satu fakta belum ditinjau ulang: “{words}” Tanggalnya lewat {(today - on).days} hari.{where}"
        url = reverse("courses:studio_lesson", args=[codes[used[0]]]) if used else ""
        found.append(Problem("fact_due", sentence, url))
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _hours(holder: Holder, rows: list[Activity]) -> Iterator[Problem]:
    """JP that do not add up: a module against its line in the programme, a course against the sum of its lines."""
    if isinstance(holder, Module):
        line = next((one for one in holder.course.programme if one.get("module") == holder.code), None)
        planned, written = (line or {}).get("minutes"), sum(row.minutes for row in rows)
        if planned is not None and planned != written:
            sentence = (
                f"JP belum cocok: bagian modul ini berjumlah {written} menit ({writing.jp(written)} JP), "
                f"susunan program menyebut {planned} menit ({writing.jp(planned)} JP)."
            )
            yield Problem("hours", sentence, reverse("courses:studio_module", args=[holder.pk]))
        return
    total = sum(int(one.get("minutes") or 0) for one in holder.programme)
    if total % MINUTES_A_JP:
        sentence = f"JP belum genap: susunan program berjumlah {total} menit, yaitu {writing.jp(total)} JP. Satu JP adalah 45 menit."
        yield Problem("hours", sentence, reverse("courses:studio_course", args=[holder.pk]))
