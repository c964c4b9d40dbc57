"""The bank as a list: what is asked for in the address, and what a page of it shows. The statements are as many for ten thousand rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from courses import outline
from courses.models import Activity, ActivityKind, Course, Module
from courses.publishing import Annex

from ..measuring.reports import main
from ..models import Level, Question, QuestionKind, Statistics
from . import using
from .categories import Branch

MOST_WORDS = 6
STATES = (("", "Aktif"), ("pensiun", "Pensiun"), ("semua", "Semua"))
SET_IN = "\u2007\u2007"  # blanks that a select keeps
NONE = "tanpa"  # a category, lesson or module that is not set


@dataclass(frozen=True)
class Row:
    """One question in the list. ``asked``: how often it was asked; ``facility`` 0 to 1 where statistics know it."""

    question: Question
    text: str
    asked: int
    category: str
    facility: float | None


def of_course(course: Course) -> QuerySet[Question]:
    """Every question of the course with what a row shows; practical work is written with its assignment and stands here too."""
    joined = ("module", "lesson", "category", "current_version")
    return Question.objects.filter(course=course).select_related(*joined).order_by("code", "pk")


def found(course: Course, asked: Mapping[str, Any], branches: Sequence[Branch]) -> QuerySet[Question]:
    """The questions that meet the filters (of ``forms.FilterForm``); an unknown value meets nothing."""
    rows = of_course(course).filter(_state(asked.get("keadaan", "")))
    for word in str(asked.get("cari") or "").split()[:MOST_WORDS]:
        said = Q(current_version__content__text__icontains=word) | Q(current_version__content__scenario__icontains=word)
        rows = rows.filter(said | Q(code__icontains=word))
    for name, field in (("modul", "module__code"), ("pelajaran", "lesson__code"), ("jenis", "kind"), ("tingkat", "level")):
        if value := asked.get(name):
            rows = rows.filter(Q(**{f"{field.partition('__')[0]}__isnull": True}) if value == NONE else Q(**{field: value}))
    if objective := asked.get("tujuan"):
        rows = rows.filter(objective=objective)
    if tag := asked.get("tag"):
        rows = rows.filter(_tagged(tag))
    if category := asked.get("kategori"):
        below = next((one.below for one in branches if str(one.category.pk) == category), [])
        rows = rows.filter(Q(category__isnull=True) if category == NONE else Q(category__in=below))
    return rows


def _state(state: str) -> Q:
    return {"": Q(retired_at__isnull=True), "pensiun": Q(retired_at__isnull=False)}.get(state, Q())


def _tagged(tag: str) -> Q:
    """A list in JSON holds this text: both databases can look through it as text, letters beyond ASCII written either way."""
    return Q(tags__icontains=json.dumps(tag)) | Q(tags__icontains=json.dumps(tag, ensure_ascii=False))


def rows(questions: Iterable[Question], branches: Sequence[Branch], facilities: Mapping[int, float]) -> list[Row]:
    """What the page shows of these questions; one statement more."""
    listed = list(questions)
    asked = using.asked([one.pk for one in listed])
    paths = {one.category.pk: one.path for one in branches}
    return [Row(one, text_of(one), asked.get(one.pk, 0), paths.get(one.category_id or 0, ""), facilities.get(one.pk)) for one in listed]


def text_of(question: Question) -> str:
    """What the question asks, for a list."""
    version = question.current_version
    if version is None:
        return "Belum ditulis"
    content = version.content
    return content.get("text") or " ".join(content.get("instructions", [])[:1]) or "Tugas praktik"


def lessons_of(course: Course) -> list[Activity]:
    """The course's lessons in its order, each with its module and draft; one statement."""
    rows = Activity.objects.filter(course=course, kind=ActivityKind.LESSON, archived_at__isnull=True).select_related("module", "lesson")
    return list(rows.order_by(F("module__position").asc(nulls_first=True), "position", "pk"))


def modules_of(course: Course) -> list[Module]:
    return list(Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk"))


def choices(course: Course, branches: Sequence[Branch]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers; two statements."""
    lessons = [(one.code, f"{one.code} {one.title}") for one in lessons_of(course)]
    return {
        "modul": [("", "Semua modul"), *((one.code, f"{one.code} {one.title}") for one in modules_of(course)), (NONE, "Tanpa modul")],
        "kategori": [("", "Semua kategori"), *branch_choices(branches), (NONE, "Tanpa kategori")],
        "jenis": [("", "Semua jenis"), *QuestionKind.choices],
        "tingkat": [("", "Semua tingkat"), *Level.choices],
        "pelajaran": [("", "Semua pelajaran"), *lessons, (NONE, "Tanpa pelajaran")],
        "keadaan": list(STATES),
    }


def branch_choices(branches: Sequence[Branch]) -> list[tuple[str, str]]:
    """The tree for a select: deeper categories are set in."""
    return [(str(one.category.pk), f"{SET_IN * one.depth}{one.category.name} ({one.whole})") for one in branches]


def annex(holder: Module | Course) -> Annex:
    """The studio's link to the bank of a module, or of the whole course; one statement."""
    rows = Question.objects.filter(retired_at__isnull=True)
    if isinstance(holder, Module):
        address = f"{reverse('quizzes:bank_list', args=[holder.course_id])}?{urlencode({'modul': holder.code})}"
        return Annex(f"Bank soal ({rows.filter(module=holder).count()})", address)
    return Annex(f"Bank soal ({rows.filter(course=holder).count()})", reverse("quizzes:bank_list", args=[holder.pk]))


def sizes(module_ids: Iterable[int]) -> dict[int, int]:
    """How many questions each module's bank holds; one statement."""
    rows = Question.objects.filter(module__in=list(module_ids), retired_at__isnull=True).order_by()
    return dict(rows.values_list("module").annotate(Count("pk")))


def facilities(course: Course) -> dict[int, float]:
    """Question id → the share of points that learners got, 0 to 1, over every quiz whose statistics know it (never of fewer than five).

    One statement; one more for each quiz that was computed since this process last looked.
    """
    points: dict[int, float] = {}
    answered: dict[int, int] = {}
    computed = Statistics.objects.filter(quiz__activity__course=course, cohort__isnull=True, computed_at__isnull=False)
    for pk, at in computed.order_by().values_list("pk", "computed_at"):
        for question, (facility, count) in outline.kept(f"quizzes:facility:{pk}:{at:%Y%m%d%H%M%S%f}", partial(_facilities, pk)).items():
            points[question] = points.get(question, 0.0) + facility * count
            answered[question] = answered.get(question, 0) + count
    return {question: points[question] / count for question, count in answered.items()}


def _facilities(key: int) -> dict[int, tuple[float, int]]:
    """Question id → facility and how many answered, of one computation."""
    data = Statistics.objects.values_list("data", flat=True).get(pk=key)
    found: dict[int, tuple[float, int]] = {}
    for item in (data.get("first") or {}).get("items", []):
        measured = main(item)
        if measured.get("facility") is not None:
            found[item["question"]] = (measured["facility"], measured["answered"])
    return found
