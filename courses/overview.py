"""A course at a glance for those who write it: its parts in order with their state, what is left to do, and who does what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from linimasa import clock, writing
from linimasa.problems import Problem
from linimasa.writing import MINUTES_PER_JP

from . import stages
from .holders import Holder, activities_of, course_of
from .models import Activity, ActivityKind, Course, Module, Presence, Revision, RevisionOrigin
from .present import ALIVE
from .publishing import holder_problems, problems_of
from .stages import Stage, Stages, Standing

MOST_CHECKED = 6  # modules that differ from what is published and are looked through at once
FILTERS = (("", "Semua"), ("saya", "Tugas saya"), ("draf", "Draf"), ("ditinjau", "Ditinjau"), ("tinjau-ulang", "Tinjau ulang"))
JUDGED = (ActivityKind.QUIZ, ActivityKind.ASSIGNMENT)
TOLD_BY_CODE = (ActivityKind.LESSON, *JUDGED)


@dataclass(frozen=True)
class Row:
    """One part. ``url``: where it is written; ``problems``: what it lacks; ``who``: whose last change or review, as a few words."""

    activity: Activity
    standing: Standing
    url: str
    problems: tuple[str, ...] = ()
    is_mine: bool = False
    is_own_draft: bool = False

    @property
    def who(self) -> str:
        return writing.short_name(self.standing.by.name) if self.standing.by else "Sistem"

    @property
    def size(self) -> str:
        """«30 menit» where the code says what it is, else «Kelas langsung, 90 menit»."""
        minutes = f"{self.activity.minutes} menit" if self.activity.minutes else ""
        kind = "" if minutes and self.activity.kind in TOLD_BY_CODE else self.activity.get_kind_display()
        return ", ".join(word for word in (kind, minutes) if word)

    def fits(self, wanted: str) -> bool:
        stage = self.standing.stage
        return {
            "saya": self.is_mine,
            "draf": stage is Stage.DRAFT,
            "ditinjau": stage in {Stage.IN_REVIEW, Stage.APPROVED},
            "tinjau-ulang": self.standing.is_due,
        }.get(wanted, True)


@dataclass
class Group:
    """A module with its parts, or (``module`` None) the course's own. ``problems``: those that name none of its parts."""

    holder: Holder
    standing: Standing
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_open: bool = False
    is_first: bool = False
    is_last: bool = False
    form: Any = None  # to add a part
    every: list[Row] = field(init=False)  # whatever is filtered

    def __post_init__(self) -> None:
        self.every = self.rows

    @property
    def module(self) -> Module | None:
        return self.holder if isinstance(self.holder, Module) else None

    @property
    def code(self) -> str:
        """What names it in addresses: the module's code, «kursus» for the course's own parts."""
        return self.holder.code if isinstance(self.holder, Module) else "kursus"

    @property
    def title(self) -> str:
        return f"{self.holder.code} {self.holder.title}" if isinstance(self.holder, Module) else "Kegiatan kursus"

    @property
    def minutes(self) -> int:
        return sum(row.activity.minutes for row in self.every)

    @property
    def told(self) -> str:
        """«7 dari 9 bagian siap», «5 bagian, semua terbit»."""
        count, ready = len(self.every), sum(1 for row in self.every if row.standing.is_ready)
        if not count:
            return "belum ada bagian"
        if all(row.standing.stage is Stage.PUBLISHED and not row.standing.due for row in self.every):
            return f"{count} bagian, semua terbit"
        return f"{ready} dari {count} bagian siap"


@dataclass(frozen=True)
class Person:
    """Somebody and what they are at, in words."""

    user: User
    is_me: bool
    told: tuple[str, ...]


@dataclass
class Overview:
    """A course for the page of its outline. ``counts`` by the words of FILTERS."""

    course: Course
    groups: list[Group]
    stages: Stages
    counts: Mapping[str, int]
    people: list[Person]
    todo: list[tuple[str, Problem]]
    hours: str
    hours_are_right: bool
    rows: list[Row]  # of all groups, whatever is filtered

    @property
    def mine(self) -> Row | None:
        """The draft that this person wrote last."""
        own = [row for row in self.rows if row.is_own_draft and row.standing.at]
        return max(own, key=lambda row: row.standing.at, default=None)  # type: ignore[arg-type,return-value]  # ``own`` have one

    @property
    def lead(self) -> str:
        """«Empat tulisan belum selesai, tiga perlu ditinjau ulang.»"""
        drafts = sum(1 for row in self.rows if row.standing.stage is not Stage.PUBLISHED)
        due = sum(1 for row in self.rows if row.standing.is_due)
        parts = [f"{writing.number_word(drafts)} bagian belum terbit"] if drafts else []
        parts += [f"{writing.number_word(due)} perlu ditinjau ulang"] if due else []
        sentence = ", ".join(parts)
        return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "Semua bagian terbit."


def of(course: Course, person: User, *, wanted: str = "", opened: str = "") -> Overview:
    """The course as this person sees it in the studio. ``wanted``: one of FILTERS; ``opened``: the code of the group to open.

    Statements grow with nothing; of the modules that differ from what is published MOST_CHECKED are looked through.
    """
    found = stages.of_course(course)
    modules = list(Module.objects.filter(course=course, archived_at__isnull=True).select_related("course").order_by("position", "pk"))
    parts: dict[int | None, list[Activity]] = {}
    rows = Activity.objects.filter(course=course, archived_at__isnull=True).select_related("lesson").defer("lesson__body")
    for row in rows.order_by("position", "pk"):
        parts.setdefault(row.module_id, []).append(row)
    holders: list[Holder] = [course, *modules]
    problems = problems_of([holder for holder in holders if _standing(found, holder).stage is not Stage.PUBLISHED][:MOST_CHECKED])
    groups = [_group(holder, parts, found, problems.get(holder, []), person) for holder in holders]
    every = [row for group in groups for row in group.rows]
    counts = {word: sum(1 for row in every if row.fits(word)) for word, _label in FILTERS}
    hours, right = _hours(course, modules)
    shown = Overview(course, groups, found, counts, _people(every, course, person), _todo(groups), hours, right, every)
    for group in groups[1:]:
        group.is_first, group.is_last = group is groups[1], group is groups[-1]
    for group in groups:
        group.rows = [row for row in group.rows if row.fits(wanted)]
        group.is_open = bool(wanted) or opened == group.code or (not opened and group.standing.stage is not Stage.PUBLISHED)
    if wanted:
        shown.groups = [group for group in groups if group.rows]
    return shown


def latest_of(person: User, courses: QuerySet[Course]) -> Row | None:
    """The part that this person changed last in one of these courses, if it is still in the outline."""
    rows = Revision.objects.filter(by=person, origin=RevisionOrigin.EDIT, course__in=courses, activity__archived_at__isnull=True)
    rows = rows.filter(activity__isnull=False).exclude(activity__module__archived_at__isnull=False)
    last = rows.defer("content").select_related("activity__module").order_by("-at", "-pk").first()
    part = last.activity if last else None
    return None if part is None else Row(part, Standing(Stage.DRAFT), address_of(part))


def of_holder(holder: Holder, person: User) -> Group:
    """One module (or the course's own parts) alone."""
    found = stages.of_course(course_of(holder))
    rows = list(activities_of(holder))
    group = _group(holder, {holder.pk if isinstance(holder, Module) else None: rows}, found, _placed(holder_problems(holder), rows), person)
    group.is_open = True
    return group


def _standing(found: Stages, holder: Holder) -> Standing:
    return found.of_module(holder) if isinstance(holder, Module) else found.own


def _group(holder: Holder, parts: Mapping[int | None, list[Activity]], found: Stages, problems: Iterable[Problem], person: User) -> Group:
    rows = parts.get(holder.pk if isinstance(holder, Module) else None, [])
    by_part: dict[int, list[str]] = {}
    rest = []
    for problem in problems:
        row = _named(problem, rows)
        if row is None:
            rest.append(problem)
        else:
            by_part.setdefault(row.pk, []).append(_without_name(problem.sentence, row))
    return Group(holder, _standing(found, holder), [_row(row, found, tuple(by_part.get(row.pk, ())), person) for row in rows], rest)


def _row(activity: Activity, found: Stages, problems: tuple[str, ...], person: User) -> Row:
    standing = found.of(activity)
    is_own = standing.stage is Stage.DRAFT and standing.by == person
    owner = getattr(getattr(activity, "lesson", None), "owner_id", None)
    is_mine = is_own or (owner == person.pk and not standing.is_ready and standing.stage is not Stage.IN_REVIEW)
    return Row(activity, standing, address_of(activity), problems, is_mine, is_own)


def address_of(activity: Activity) -> str:
    """Where this part is written."""
    if activity.kind == ActivityKind.LESSON:
        return reverse("courses:studio_lesson", args=[activity.pk])
    return reverse("quizzes:rules" if activity.kind in JUDGED else "courses:part", args=[activity.pk])


def _placed(problems: list[Problem], rows: list[Activity]) -> list[Problem]:
    return [Problem(one.code, one.sentence, one.url or (address_of(row) if (row := _named(one, rows)) else "")) for one in problems]


def _named(problem: Problem, rows: Iterable[Activity]) -> Activity | None:
    """The part that the sentence begins with, by its code or title."""
    sentence = problem.sentence
    return next((row for row in rows if sentence.startswith((f"{row.code} ", f"{row.code}:", f"{row.title}:"))), None)


def _without_name(sentence: str, row: Activity) -> str:
    for name in (f"{row.code} {row.title}: ", f"{row.code}: ", f"{row.title}: "):
        if sentence.startswith(name):
            rest = sentence.removeprefix(name)
            return rest[:1].upper() + rest[1:]
    return sentence


def _todo(groups: Iterable[Group]) -> list[tuple[str, Problem]]:
    """What is left before the next versions, the hardest first: (tone, problem)."""
    bad, warn, due = [], [], 0
    for group in groups:
        bad += [("bad", one) for one in group.problems]
        for row in group.rows:
            due += row.standing.is_due
            if row.problems:
                bad.append(("bad", Problem("part", f"{row.activity.code}: {row.problems[0]}", row.url)))
            elif row.standing.stage is Stage.DRAFT:
                by = f" ditulis {row.standing.by.name}" if row.standing.by else " berupa draf"
                warn.append(("warn", Problem("draft", f"{row.activity.code} masih{by}.", row.url)))
    if due:
        sentence = f"{writing.number_word(due).capitalize()} bagian melewati tanggal tinjau."
        warn.append(("due", Problem("due", sentence, "?saring=tinjau-ulang")))
    return bad + warn


def _hours(course: Course, modules: Iterable[Module]) -> tuple[str, bool]:
    """Whether the programme's hours are those that the rules promise."""
    optional = {module.code for module in modules if module.is_optional}
    core = sum(entry.get("minutes", 0) for entry in course.programme if entry.get("module") not in optional)
    promised = course.rules.get("jp_scheduled")
    if not promised or not course.programme:
        return "Susunan program dan jumlah JP belum diisi di pengaturan.", False
    if core == promised * MINUTES_PER_JP:
        return f"Jumlah JP tepat: {writing.jp(core)} JP inti.", True
    return f"Program memuat {writing.jp(core)} JP inti, aturan menyebut {promised} JP.", False


def _people(rows: Iterable[Row], course: Course, person: User) -> list[Person]:
    """Who writes, who reviews, who has something open right now; the reader first."""
    users: dict[int, User] = {}
    writes: dict[int, list[str]] = {}
    sent: dict[int, list[str]] = {}
    approved: dict[int, list[str]] = {}
    here: dict[int, list[str]] = {}
    for row in rows:
        by, stage = row.standing.by, row.standing.stage
        if by is None or stage is Stage.PUBLISHED:
            continue
        users[by.pk] = by
        {Stage.DRAFT: writes, Stage.IN_REVIEW: sent, Stage.APPROVED: approved}[stage].setdefault(by.pk, []).append(row.activity.code)
    open_now = Presence.objects.filter(activity__course=course, seen_at__gte=clock.now() - ALIVE).select_related("person", "activity")
    for one in open_now.order_by("opened_at", "pk")[:40]:
        users[one.person_id] = one.person
        here.setdefault(one.person_id, []).append(one.activity.code)
    found = []
    for pk, user in sorted(users.items(), key=lambda item: (item[0] != person.pk, item[1].name)):
        told = [f"Menulis {writing.listed(writes[pk][:6])}"] if pk in writes else []
        told += [f"Mengirim {writing.listed(sent[pk][:6])} untuk ditinjau"] if pk in sent else []
        told += [f"Menyetujui {writing.listed(approved[pk][:6])}"] if pk in approved else []
        told += [f"Ada di {writing.listed(here[pk][:6])} sekarang"] if pk in here else []
        found.append(Person(user, pk == person.pk, tuple(told)))
    return found
