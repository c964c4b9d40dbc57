"""Where a question is used: quizzes that draw it, versions that published it, attempts that asked it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from courses.models import Version

from ..models import Question, QuestionKind, Quiz, Response

MOST_VERSIONS = 5  # of a module, the newest


@dataclass(frozen=True)
class Drawing:
    """A quiz whose draft draws the question: always (``is_fixed``) or by chance among others."""

    activity: int
    title: str
    is_fixed: bool
    layer: str


@dataclass(frozen=True)
class Published:
    """A version of the module (or the course) that holds the question, at which of its versions."""

    version: int
    number: int
    published_at: datetime
    question_version: int | None
    is_current: bool


@dataclass(frozen=True)
class Use:
    """``attempts`` that asked it, in any of its versions; ``by_version``: version id → attempts."""

    drawn: list[Drawing] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    attempts: int = 0
    by_version: Mapping[int, int] = field(default_factory=dict)

    @property
    def current(self) -> Published | None:
        """What learners who start now meet; None when it is not published."""
        return next((one for one in self.published if one.is_current), None)


def where_used(question: Question) -> Use:
    """Everything about one question (with module and lesson loaded); six statements at most."""
    rows = Response.objects.filter(question_version__question=question).order_by().values_list("question_version")
    by_version = dict(rows.annotate(Count("pk")))
    return Use(drawn(question), _published(question), sum(by_version.values()), by_version)


def drawn(question: Question) -> list[Drawing]:
    """The quizzes whose draft draws this question (with module, lesson and category loaded); none for a retired one."""
    if question.retired_at is not None:
        return []
    quizzes = Quiz.objects.filter(activity__course=question.course_id, activity__archived_at__isnull=True)
    found = []
    for quiz in quizzes.select_related("activity").order_by("activity__module__position", "activity__position", "pk"):
        layer = next((one for one in quiz.draw if meets(one, question)), None)
        if layer is not None:
            found.append(Drawing(quiz.activity_id, quiz.activity.title, "question" in layer, said(layer)))
    return found


def meets(layer: Mapping[str, Any], question: Question) -> bool:
    """Whether this layer of a quiz's ``draw`` could draw the question (module, lesson and category loaded)."""
    if "question" in layer:
        return layer["question"] == question.code
    if question.kind == QuestionKind.PRACTICAL or layer.get("module") != (question.module.code if question.module else None):
        return False
    its: dict[str, Any] = {
        "lesson": question.lesson.code if question.lesson else None,
        "objective": question.objective,
        "level": question.level,
        "kind": question.kind,
    }
    if any(layer[name] != value for name, value in its.items() if layer.get(name) is not None):
        return False
    if layer.get("tag") and layer["tag"] not in question.tags:
        return False
    return not layer.get("category") or _is_under(question, str(layer["category"]))


def _is_under(question: Question, path: str) -> bool:
    """Whether the question lies in the category at this path or below it."""
    names, one = list[str](), question.category
    while one is not None:
        names.insert(0, one.name)
        one = one.parent
    wanted = [name for name in path.split("/") if name]
    return names[: len(wanted)] == wanted


def said(layer: Mapping[str, Any]) -> str:
    """A layer in words: «soal tetap», «acak, 8 dari bank M1»."""
    return "soal tetap" if "question" in layer else f"acak, {layer.get('count', 1)} dari bank {layer.get('module', '')}"


def _published(question: Question) -> list[Published]:
    holder = question.module or question.course
    rows = (
        Version.objects.filter(module=question.module) if question.module else Version.objects.filter(course=question.course, module=None)
    )
    numbers = dict(question.versions.values_list("pk", "number"))
    found = []
    banks = rows.order_by("-number").values_list("pk", "number", "published_at", "parts__quizzes__bank")[:MOST_VERSIONS]
    for pk, number, published_at, bank in banks:
        item = next((one for one in bank or [] if one["question"] == question.pk), None)
        if item is not None:
            found.append(Published(pk, number, published_at, numbers.get(item["version"]), pk == holder.current_version_id))
    return found


def asked(question_ids: Collection[int]) -> dict[int, int]:
    """How often each of these questions was asked; one statement."""
    rows = Response.objects.filter(question_version__question__in=question_ids).order_by()
    return dict(rows.values_list("question_version__question").annotate(Count("pk")))


def changed_since(question: Question, use: Use) -> Sequence[str]:
    """What learners do not see yet, in sentences."""
    current, version = use.current, question.current_version
    if question.retired_at:
        return ["Soal ini sudah pensiun, dan masih diambil sampai modul diterbitkan lagi."] if current else []
    if current is None:
        return ["Soal ini belum pernah terbit."]
    if version and current.question_version != version.number:
        return [f"Peserta memakai versi {current.question_version}. Versi {version.number} berlaku sesudah diterbitkan."]
    return []
