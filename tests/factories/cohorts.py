"""Cohorts, enrolments and progress for tests: plain functions, every row real and valid."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from cohorts.models import (
    Cohort,
    CohortKind,
    CohortModule,
    CohortStatus,
    Enrolment,
    EnrolmentStatus,
    JoinedBy,
    Progress,
    ProgressState,
)
from courses.models import Activity, ActivityKind, Course, FrozenLesson, Lesson, Module, Version

_numbers = itertools.count(1)

CHECK = {
    "key": "sms",
    "prompt": "SMS sebagai faktor kedua tetap lebih baik daripada tidak ada.",
    "choices": [
        {"text": "Benar", "feedback": "SMS rawan diambil alih, tetapi tetap menambah lapisan."},
        {"text": "Salah", "feedback": "Kata sandi yang bocor langsung membuka akun."},
    ],
    "answer": 0,
}
HTML = '<p>Isi {title}.</p><h2 id="langkah">Langkah</h2><p>Tiga langkah.</p><div data-block="cek" data-key="sms"></div>'


def make_published_course(
    *, slug: str = "", modules: int = 3, lessons: int = 2, optional: int = 1, own: bool = True, minutes: int = 30
) -> Course:
    """A published course: orientation and pre-test, core modules (lessons, quiz, assignment each), optional ones, post-test, closing.

    Codes: ``ORIENTASI``, ``TES-AWAL``, ``M1.1`` …, ``M1-KUIS``, ``M1-TUGAS``, ``TES-AKHIR``, ``PENUTUP``. Written as rows, so that a
    test of this room does not lean on publishing.
    """
    number = next(_numbers)
    course = Course.objects.create(slug=slug or f"kursus-terbit-{number}", title=f"Kursus {number}", summary="Ringkasan kursus.")
    made = Module.objects.bulk_create(
        Module(course=course, code=f"M{n}", slug=f"modul-{n}", title=f"Judul modul {n}", position=n, is_optional=n > modules)
        for n in range(1, modules + optional + 1)
    )
    drawn: list[tuple[Course | Module, list[Activity]]] = [(module, _of_module(module, lessons, minutes)) for module in made]
    drawn.append((course, _of_course(course) if own else []))
    activities = Activity.objects.bulk_create(activity for _holder, rows in drawn for activity in rows)
    Lesson.objects.bulk_create(Lesson(activity=a, body=f"Isi {a.title}.") for a in activities if a.kind == ActivityKind.LESSON)
    versions = Version.objects.bulk_create(_version(holder, rows, 1) for holder, rows in drawn)
    FrozenLesson.objects.bulk_create(
        lesson for version, (_holder, rows) in zip(versions, drawn, strict=True) for lesson in _frozen(version, rows)
    )
    for version, (holder, _rows) in zip(versions, drawn, strict=True):
        holder.current_version = version
    Module.objects.bulk_update(made, ["current_version"])
    course.save(update_fields=["current_version"])
    return course


def _of_module(module: Module, lessons: int, minutes: int) -> list[Activity]:
    code, n = module.code, module.position
    rows = [
        _activity(module.course, module, ActivityKind.LESSON, f"{code}.{i}", f"Pelajaran {n}.{i}", i, minutes)
        for i in range(1, lessons + 1)
    ]
    rows.append(_activity(module.course, module, ActivityKind.QUIZ, f"{code}-KUIS", f"Kuis Modul {n}", 50, 0))
    rows.append(_activity(module.course, module, ActivityKind.ASSIGNMENT, f"{code}-TUGAS", f"Tugas Modul {n}", 60, minutes))
    return rows


def _of_course(course: Course) -> list[Activity]:
    return [
        _activity(course, None, ActivityKind.LESSON, "ORIENTASI", "Orientasi", 1, 25),
        _activity(course, None, ActivityKind.QUIZ, "TES-AWAL", "Tes awal", 2, 20),
        _activity(course, None, ActivityKind.QUIZ, "TES-AKHIR", "Tes akhir", 3, 30),
        _activity(course, None, ActivityKind.LESSON, "PENUTUP", "Penutup", 4, 15),
    ]


def _activity(course: Course, module: Module | None, kind: str, code: str, title: str, position: int, minutes: int) -> Activity:
    slug = code.lower().replace(".", "-")
    return Activity(course=course, module=module, kind=kind, code=code, slug=slug, title=title, position=position, minutes=minutes)


def make_activity(course: Course, module: Module | None, kind: str, code: str, title: str, position: int, minutes: int) -> Activity:
    """One activity (with its draft lesson)."""
    activity = _activity(course, module, kind, code, title, position, minutes)
    activity.save()
    if kind == ActivityKind.LESSON:
        Lesson.objects.create(activity=activity, body=f"Isi {activity.title}.")
    return activity


def publish(holder: Course | Module, activities: list[Activity]) -> Version:
    """A new version of the module's (or the course's own) outline with these activities in this order."""
    module = holder if isinstance(holder, Module) else None
    last = Version.objects.filter(course=holder.course if isinstance(holder, Module) else holder, module=module).order_by("-number").first()
    version = _version(holder, activities, (last.number if last else 0) + 1)
    version.save()
    FrozenLesson.objects.bulk_create(_frozen(version, activities))
    holder.current_version = version
    holder.save(update_fields=["current_version"])
    return version


def _version(holder: Course | Module, activities: list[Activity], number: int) -> Version:
    module = holder if isinstance(holder, Module) else None
    outline = [
        {
            "activity": a.pk,
            "kind": str(a.kind),
            "code": a.code,
            "slug": a.slug,
            "title": a.title,
            "minutes": a.minutes,
            "required": a.is_required,
            "position": position,
        }
        for position, a in enumerate(activities, 1)
    ]
    facts: dict[str, Any] = {"title": holder.title, "summary": holder.summary}
    if module:
        facts |= {"objectives": module.objectives, "is_optional": module.is_optional, "code": module.code, "slug": module.slug}
    else:
        facts |= {"rules": holder.rules}
    course = module.course if module else holder
    return Version(course=course, module=module, number=number, facts=facts, outline=outline)


def _frozen(version: Version, activities: list[Activity]) -> list[FrozenLesson]:
    return [
        FrozenLesson(
            version=version,
            activity=a,
            title=a.title,
            body=f"Isi {a.title}.",
            html=HTML.format(title=a.title),
            sanitiser="1",
            objectives=["Menjelaskan isi pelajaran."],
            checks=[CHECK],
            words=120,
            size=2048,
        )
        for a in activities
        if a.kind == ActivityKind.LESSON
    ]


def activity_of(course: Course, code: str) -> Activity:
    """The activity with that code: ``activity_of(course, "M1-KUIS")``."""
    return Activity.objects.select_related("module", "course").get(course=course, code=code)


def make_cohort(
    course: Course | None = None, *, kind: str = CohortKind.SELF_PACED, status: str = CohortStatus.OPEN, **fields: Any
) -> Cohort:
    """A cohort of the course (a fresh published one by default). A scheduled one runs from yesterday for 30 days."""
    number = next(_numbers)
    course = course or make_published_course()
    if kind == CohortKind.SCHEDULED:
        fields.setdefault("starts_at", timezone.now() - timedelta(days=1))
        fields.setdefault("ends_at", timezone.now() + timedelta(days=30))
    fields.setdefault("name", f"Angkatan {number}")
    fields.setdefault("code", f"A{number}")
    return Cohort.objects.create(course=course, kind=kind, status=status, **fields)


def pin(cohort: Cohort) -> Cohort:
    """Pin the cohort to the versions of this moment, as its opening does."""
    for module in Module.objects.filter(course=cohort.course_id, current_version__isnull=False):
        CohortModule.objects.create(cohort=cohort, module=module, version_id=module.current_version_id, follows_latest=False)
    cohort.course_version_id = cohort.course.current_version_id
    cohort.save(update_fields=["course_version"])
    return cohort


def make_enrolment(
    cohort: Cohort | None = None, learner: User | None = None, *, status: str = EnrolmentStatus.ACTIVE, **fields: Any
) -> Enrolment:
    """An enrolment with the agency its learner has now."""
    cohort = cohort or make_cohort()
    if learner is None:
        from tests.factories.accounts import person

        learner = person()
    now = timezone.now()
    if status in {EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED}:
        fields.setdefault("joined_at", now)
        fields.setdefault("joined_by", JoinedBy.DOMAIN)
    if status == EnrolmentStatus.COMPLETED:
        fields.setdefault("completed_at", now)
    fields.setdefault("agency_id", learner.agency_id)
    return Enrolment.objects.create(cohort=cohort, course_id=cohort.course_id, learner=learner, status=status, **fields)


def make_progress(
    enrolment: Enrolment,
    activity: Activity | str,
    *,
    state: str = ProgressState.COMPLETED,
    points: Decimal | float | None = None,
    **fields: Any,
) -> Progress:
    """A row of progress written directly; ``activity`` may be a code."""
    if isinstance(activity, str):
        activity = activity_of(enrolment.course, activity)
    completed_at = timezone.now() if state == ProgressState.COMPLETED else None
    fields.setdefault("completed_at", completed_at)
    marks = None if points is None else Decimal(str(points))
    return Progress.objects.create(enrolment=enrolment, activity=activity, state=state, points=marks, **fields)


def do_everything(enrolment: Enrolment, *, points: float = 0.9, but: tuple[str, ...] = (), optional: bool = False) -> None:
    """Complete every activity of the core programme (and the optional modules, if asked) but those codes, as rows."""
    activities = Activity.objects.filter(course=enrolment.course_id, archived_at__isnull=True).exclude(code__in=but)
    if not optional:
        activities = activities.exclude(module__is_optional=True)
    Progress.objects.bulk_create(
        Progress(
            enrolment=enrolment,
            activity=activity,
            state=ProgressState.COMPLETED,
            points=None if activity.kind == ActivityKind.LESSON else Decimal(str(points)),
            completed_at=timezone.now(),
        )
        for activity in activities
    )
