"""What ages: lessons and facts that have to be looked at again, by whom and when; and the mark that learners see meanwhile.

A lesson has an owner, a day on which its content was looked at, and a day on which it has to be looked at again. A fact of the course's
register has such a day too, and is the business of whoever owns the lessons that rest on it, else of the course's first author. Dates of
a lesson are part of its draft; the mark is not: it stands and falls at once, in every version that learners read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.models import Role, RoleGrant, ScopeKind, User
from audit import log
from linimasa import clock

from . import companions, editing, outline, revising
from .models import Activity, ActivityKind, Aspect, Companions, Course, Lesson

SOON = timedelta(days=30)
USUAL = timedelta(days=120)  # content about services of others ages this fast
LONGEST = timedelta(days=2 * 366)
STATES = (("", "Semua"), ("lewat", "Lewat"), ("segera", "Dalam 30 hari"), ("diperiksa", "Sedang diperiksa"), ("tanpa", "Tanpa tanggal"))


class FreshnessError(ValueError):
    """This cannot be done; the message says why and what to do."""


# --- what is due ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """A lesson or a fact and how old it is. ``days`` to go until its day, negative when that is past, None without a day."""

    kind: str  # "lesson" or "fact"
    course: Course
    title: str
    on: date | None
    days: int | None
    owner: User | None
    url: str
    code: str = ""
    key: str = ""
    activity_id: int = 0
    reviewed_on: date | None = None
    under_review_since: datetime | None = None

    @property
    def state(self) -> str:
        """How near its day is: "lewat", "segera", "tanpa" (no day), or "segar" for what has time."""
        if self.days is None:
            return "tanpa"
        return "lewat" if self.days < 0 else "segera" if self.days <= SOON.days else "segar"

    def fits(self, wanted: str) -> bool:
        """Whether it is one of those that this word of STATES asks for."""
        return not wanted or (self.under_review_since is not None if wanted == "diperiksa" else self.state == wanted)

    @property
    def when(self) -> str:
        """«lewat 3 hari», «hari ini», «12 hari lagi»."""
        if self.days is None:
            return "belum ada tanggal"
        return "hari ini" if not self.days else f"{self.days} hari lagi" if self.days > 0 else f"lewat {-self.days} hari"


def is_due(lesson: Lesson, on: date | None = None) -> bool:
    """Whether the lesson's day to be looked at again has come."""
    return lesson.review_again_on is not None and lesson.review_again_on <= (on or clock.today())


def due(course: Course) -> list[Item]:
    """Everything of this course that has to be looked at within 30 days, is past its day, has none, or is under review. Three
    statements."""
    return items([course])


def items(courses: Iterable[Course]) -> list[Item]:
    """``due`` for many courses, the most urgent first. The same number of statements for any number of courses."""
    by_id = {course.pk: course for course in courses}
    now = clock.today()
    rows = list(_lessons(by_id))
    found = [_of_lesson(row, by_id[row.course_id], now) for row in rows]
    lessons = {(row.course_id, row.code): row for row in rows}
    facts = list[Item]()
    for kept in Companions.objects.filter(course__in=by_id).only("course", "facts"):
        facts += _of_facts(kept, by_id[kept.course_id], lessons, now)
    found += _owned(facts)
    return sorted((one for one in found if one.state != "segar" or one.under_review_since), key=_urgency)


def _urgency(one: Item) -> tuple[bool, date, str, str]:
    return one.on is None, one.on or date.max, one.course.title, one.code or one.title


def _lessons(courses: Iterable[int]) -> QuerySet[Activity]:
    rows = Activity.objects.filter(course__in=list(courses), kind=ActivityKind.LESSON, archived_at__isnull=True, lesson__isnull=False)
    rows = rows.filter(Q(module__isnull=True) | Q(module__archived_at__isnull=True))
    return rows.select_related("lesson", "lesson__owner").defer("lesson__body", "lesson__objectives")


def _of_lesson(row: Activity, course: Course, now: date) -> Item:
    lesson = row.lesson
    return Item(
        kind="lesson",
        course=course,
        title=row.title,
        on=lesson.review_again_on,
        days=(lesson.review_again_on - now).days if lesson.review_again_on else None,
        owner=lesson.owner,
        url=reverse("courses:lesson_freshness", args=[row.pk]),
        code=row.code,
        activity_id=row.pk,
        reviewed_on=lesson.reviewed_on,
        under_review_since=lesson.under_review_since,
    )


def _of_facts(kept: Companions, course: Course, lessons: Mapping[tuple[int, str], Activity], now: date) -> Iterator[Item]:
    for fact in kept.facts:
        on = _day(fact.get("review_again_on"))
        used = [lessons[course.pk, code] for code in fact.get("lessons") or [] if (course.pk, code) in lessons]
        yield Item(
            kind="fact",
            course=course,
            title=str(fact.get("fact", "")),
            on=on,
            days=(on - now).days if on else None,
            owner=next((row.lesson.owner for row in used if row.lesson.owner), None),
            url=reverse("courses:studio_lesson", args=[used[0].pk]) if used else reverse("courses:studio_course", args=[course.pk]),
            code=", ".join(row.code for row in used),
            key=str(fact.get("key", "")),
        )


def _owned(facts: list[Item]) -> list[Item]:
    """Facts of no owned lesson are the business of whoever has charge of their course. One statement, where there is such a fact."""
    alone = {one.course.pk for one in facts if one.owner is None}
    charge = in_charge(alone) if alone else {}
    return [one if one.owner else replace(one, owner=charge.get(one.course.pk)) for one in facts]


def in_charge(courses: Iterable[int]) -> dict[int, User]:
    """Who answers for each course as a whole: of its own authors the one who has been that for longest. One statement."""
    wanted = {"role": Role.AUTHOR, "scope_kind": ScopeKind.COURSE, "scope_id__in": [str(pk) for pk in courses]}
    grants = RoleGrant.objects.in_force().filter(**wanted, person__suspended_at__isnull=True).select_related("person")
    return {int(grant.scope_id): grant.person for grant in grants.order_by("-starts_at", "-pk")}


def owners_of_facts(before: date) -> set[int]:
    """The ids of those who answer for a fact whose day comes by ``before``. Four statements for any number of courses."""
    courses = Course.objects.filter(archived_at__isnull=True, is_practice=False, companions__isnull=False)
    found = items(courses.exclude(companions__facts=[]))
    return {one.owner.pk for one in found if one.kind == "fact" and one.owner and one.on and one.on <= before}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def facts_of(activity: Activity) -> list[Item]:
    """The facts of the register on which this lesson rests. Two statements."""
    lessons = {(row.course_id, row.code): row for row in _lessons([activity.course_id])}
    kept = companions.of_course(activity.course)
    return [one for one in _owned([*_of_facts(kept, activity.course, lessons, clock.today())]) if activity.code in one.code.split(", ")]


def owners(course: Course, also: int | None = None) -> QuerySet[User]:
    """Whoever may answer for a lesson of this course: those who write, review or run it now; and who does already."""
    reach = Q(scope_kind=ScopeKind.EVERYTHING) | Q(scope_kind=ScopeKind.COURSE, scope_id=str(course.pk))
    grants = RoleGrant.objects.in_force().filter(reach, role__in=[Role.AUTHOR, Role.REVIEWER, Role.ADMIN])
    allowed = Q(pk__in=grants.values("person"), is_active=True, suspended_at__isnull=True)
    return User.objects.filter(allowed | Q(pk=also) if also else allowed).order_by("name", "pk")


# --- looked at --------------------------------------------------------------------------------------------------------
def next_day(lesson: Lesson) -> date:
    """When to look again if nobody says otherwise: as far ahead as last time, else 120 days."""
    before = lesson.review_again_on - lesson.reviewed_on if lesson.review_again_on and lesson.reviewed_on else USUAL
    return clock.today() + (before if timedelta(0) < before <= LONGEST else USUAL)


@transaction.atomic
def confirm(activity: Activity, *, by: User, again_on: date | None = None) -> bool:
    """«Sudah saya tinjau»: the lesson was looked at today and will be again on ``again_on`` (``next_day`` by default).

    Whether anything changed: said twice on one day with the same day, it is written once. Raises FreshnessError for a day that is not
    after today, or too far.
    """
    holder = editing.locked(activity)
    fresh = Activity.objects.select_related("lesson", "module", "course").get(pk=activity.pk)
    lesson, now = fresh.lesson, clock.today()
    if again_on is None:
        again_on = lesson.review_again_on if lesson.reviewed_on == now and not is_due(lesson) else None
    wanted = {"reviewed_on": now, "review_again_on": again_on or next_day(lesson)}
    if not now < wanted["review_again_on"] <= now + LONGEST:
        raise FreshnessError("Pilih hari sesudah hari ini, paling lama dua tahun lagi.")
    if all(getattr(lesson, key) == value for key, value in wanted.items()):
        return False
    before = revising.lesson_state(fresh)
    Lesson.objects.filter(pk=lesson.pk).update(**wanted, edit_number=F("edit_number") + 1, updated_at=clock.now(), updated_by=by)
    revising.keep_lesson(fresh, by=by, before=before)
    editing.touch(holder, by=by)
    log.record("lesson.looked_at", by=by, on=fresh, code=fresh.code, again_on=clock.day_text(wanted["review_again_on"]))
    return True


@transaction.atomic
def confirm_fact(course: Course, key: str, *, by: User, again_on: date | None = None) -> bool:
    """A fact of the register still holds; it is looked at again on ``again_on`` (120 days by default).

    Whether anything changed. Raises FreshnessError for a fact that is not there (any more), and for a day that is not after today.
    """
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    kept, now = companions.of_course(course), clock.today()
    wanted = again_on or now + USUAL
    if not now < wanted <= now + LONGEST:
        raise FreshnessError("Pilih hari sesudah hari ini, paling lama dua tahun lagi.")
    facts = [dict(fact) for fact in kept.facts]
    found = next((fact for fact in facts if fact.get("key") == key), None)
    if found is None:
        raise FreshnessError("Fakta ini tidak ada lagi dalam daftar kursus. Muat ulang halaman.")
    if found["review_again_on"] == wanted.isoformat():
        return False
    before = companions.state(course)
    found["review_again_on"] = wanted.isoformat()
    Companions.objects.filter(pk=kept.pk).update(facts=facts)
    revising.keep(course, aspect=Aspect.COMPANIONS, content={**before, "facts": facts}, by=by, before=before)
    editing.touch(course, by=by)
    log.record("fact.looked_at", by=by, on=course, key=key, again_on=clock.day_text(wanted))
    return True


# --- the mark for learners --------------------------------------------------------------------------------------------
class Mark(NamedTuple):
    """What learners see on a lesson that is being looked at."""

    since: datetime
    note: str


@transaction.atomic
def mark(activity: Activity, *, by: User, note: str) -> bool:
    """Tell learners that this lesson is being looked at, and what they should know meanwhile (up to 300 signs).

    At once and in every version, without a new one. Whether anything changed; another note changes the words, not the day.
    """
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.course_id)
    rows = Lesson.objects.filter(activity=activity)
    fresh = rows.filter(under_review_since__isnull=True).update(under_review_since=clock.now(), under_review_note=note)
    if not fresh and not rows.exclude(under_review_note=note).update(under_review_note=note):
        return False
    _marked(activity)
    log.record("lesson.marked", by=by, on=activity, code=activity.code, note=note)
    return True


@transaction.atomic
def unmark(activity: Activity, *, by: User) -> bool:
    """The lesson was looked at: learners see no mark any more. Whether there was one."""
    Course.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.course_id)
    marked = Lesson.objects.filter(activity=activity, under_review_since__isnull=False)
    if not marked.update(under_review_since=None, under_review_note=""):
        return False
    _marked(activity)
    log.record("lesson.mark_removed", by=by, on=activity, code=activity.code)
    return True


def _marked(activity: Activity) -> None:
    Course.objects.filter(pk=activity.course_id).update(marks_number=F("marks_number") + 1)


def mark_of(course: Course, activity_id: int) -> Mark | None:
    """The mark on a lesson, or None. No statement once the course's marks of this number are in the process."""
    if not course.marks_number:
        return None
    return outline.kept(f"courses.marks:{course.pk}:{course.marks_number}", lambda: _marks(course.pk)).get(activity_id)


def _marks(course_id: int) -> dict[int, Mark]:
    rows = Lesson.objects.filter(activity__course=course_id, under_review_since__isnull=False)
    found = rows.values_list("activity", "under_review_since", "under_review_note")
    return {pk: Mark(since, note) for pk, since, note in found if since is not None}
