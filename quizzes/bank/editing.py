"""Changing the draft of the bank: every change of what a question says is a new version, and a stale tab overwrites nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from audit import log
from courses.editing import touch
from courses.models import Activity, ActivityKind, Course, Module

from .. import loading, picturing, ruling, samples, worksheets
from ..kinds import registry
from ..models import MOST_OBJECTIVES, Category, Level, Question, QuestionKind, QuestionVersion, Quiz
from . import remembering

FACTS = ("module", "lesson", "objective", "level", "category", "tags")
MOST_TAGS, LONGEST_TAG = 12, 40
OWN_CODE = "K"  # of questions that belong to the course itself
Data = Mapping[str, Any]


class EditingError(ValueError):
    """The bank cannot be changed this way; a sentence."""


class StaleEdit(EditingError):
    """Someone else saved a newer version in the meantime; ``stored`` is theirs. Nothing was written."""

    def __init__(self, stored: QuestionVersion) -> None:
        super().__init__("Soal ini disimpan orang lain sesudah Anda membukanya. Bandingkan kedua tulisan di bawah, lalu simpan lagi.")
        self.stored = stored


def content_problems(kind: str, content: Data, course: Course) -> list[str]:
    """Why this content cannot be asked, in sentences: what the kind says, then labels that the course's register does not know."""
    found = registry[kind].problems(content)
    return found or loading.unregistered(content, loading.register_of(course))


@transaction.atomic
def create(
    course: Course, module: Module | None, kind: str, content: Data, *, by: User | None, facts: Data | None = None, code: str = ""
) -> Question:
    """A new question of the draft bank with its first version. ``code`` is kept where it is free, else the next free one of the module
    (``M1-29``) is found. ``facts``: of FACTS. Raises EditingError; writes one audit entry."""
    return _create(course, module, kind, content, by, facts or {}, code, "question.created")


@dataclass(frozen=True)
class Draft:
    """A question to be: as ``create`` takes it. ``where`` names it where it cannot be taken."""

    kind: str
    content: Data
    facts: Data = field(default_factory=dict)
    code: str = ""
    where: str = ""


AT_ONCE = 500


@transaction.atomic
def create_many(course: Course, module: Module | None, drafts: Sequence[Draft], *, by: User | None) -> list[Question]:
    """What ``create`` does, for many at once and in their order: all or none, in a few statements for each 500.

    Raises EditingError with the first that cannot be taken; writes one audit entry a question.
    """
    if module is not None and module.course_id != course.pk:
        raise EditingError("Modul ini milik kursus lain.")
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)  # two authors find two codes
    register, codes = loading.register_of(course), _Codes(course, module)
    made, contents = list[Question](), list[dict[str, Any]]()
    for one in drafts:
        try:
            if one.kind not in registry or one.kind == QuestionKind.PRACTICAL:
                raise EditingError("Jenis soal ini tidak dapat dibuat di bank soal.")
            wanted = _kept(one.kind, one.content, course)
            if problems := registry[one.kind].problems(wanted) or loading.unregistered(wanted, register):
                raise EditingError(" ".join(problems))
            values = _known({**one.facts, "module": module}, course)
        except EditingError as error:
            raise EditingError(f"{one.where}: {error}" if one.where else str(error)) from None
        made.append(Question(course=course, kind=one.kind, code=codes.free(one.code), **values))
        contents.append(wanted)
    for start in range(0, len(made), AT_ONCE):
        _insert(made[start : start + AT_ONCE], contents[start : start + AT_ONCE], by)
    if made:
        log.record_many("question.created", by=by, on=[(one, {"code": one.code}) for one in made])
        touch(module or course, by=by)
    return made


def _insert(questions: Sequence[Question], contents: Sequence[dict[str, Any]], by: User | None) -> None:
    """New questions with their first versions."""
    Question.objects.bulk_create(questions)
    versions = [
        QuestionVersion(question=one, number=1, kind=one.kind, content=content, drawn=samples.drawn(content), created_by=by)
        for one, content in zip(questions, contents, strict=True)
    ]
    QuestionVersion.objects.bulk_create(versions)
    first = QuestionVersion.objects.filter(question=OuterRef("pk")).values("pk")[:1]
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(current_version=Subquery(first))
    for one, version in zip(questions, versions, strict=True):
        one.current_version = version


@transaction.atomic
def duplicate(question: Question, *, by: User | None) -> Question:
    """A second question that says the same, with a code of its own, to be changed. Raises EditingError for practical work."""
    if question.kind == QuestionKind.PRACTICAL:
        raise EditingError("Tugas praktik ditulis bersama tugasnya, jadi tidak dapat digandakan.")
    if question.current_version is None:
        raise EditingError("Soal ini belum ditulis.")
    facts = {name: getattr(question, name) for name in FACTS if name != "module"}
    content = question.current_version.content
    return _create(question.course, question.module, question.kind, content, by, facts, "", "question.duplicated", original=question.code)


@transaction.atomic
def save_version(
    question: Question,
    content: Data,
    *,
    by: User | None,
    facts: Data | None = None,
    edit_number: int | None = None,
    worksheet: bytes = b"",
    is_kept: bool = True,
) -> QuestionVersion:
    """What the question says from now on, and its ``facts`` (of FACTS): a new immutable version only when the content changed.

    ``edit_number`` is the number of the version that the author's page was opened with: when another is stored since, StaleEdit is
    raised with it and nothing is written (saving what is stored anyway is fine). None: no guard. Saving the same twice does nothing.
    ``worksheet``: the bytes that the content's ``template`` describes, where they are new. What practical work was before is kept for the
    history of its assignment (without ``is_kept`` by the caller). Raises EditingError with the kind's sentences;
    writes one audit entry when anything differed.
    """
    locked = _locked(question)
    version = locked.current_version
    before, values = locked.module, _known(facts or {}, locked.course)
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    wanted = _kept(locked.kind, content, locked.course)
    if worksheet:
        wanted["template"] = _free_name(locked, wanted["template"])
        worksheets.keep(locked, wanted["template"], worksheet)
    is_new = version is None or version.content != wanted
    if is_new and version is not None and edit_number is not None and version.number != edit_number:
        raise StaleEdit(version)
    if is_new and (problems := content_problems(locked.kind, wanted, locked.course)):
        raise EditingError(" ".join(problems))
    was = remembering.plain(locked, changed)
    for name in changed:
        setattr(locked, name, values[name])
    if changed:
        locked.save(update_fields=changed)
    told = {"was": was, "now": remembering.plain(locked, changed)} if changed else {}
    if is_new:
        assignment = ruling.assignment_of(locked) if is_kept else None
        before_it = ruling.state(assignment) if assignment else {}
        version = _write_version(locked, wanted, by)
        if assignment:
            ruling.keep(assignment, by=by, before=before_it)
    if changed or is_new:
        log.record("question.changed", by=by, on=locked, code=locked.code, number=version.number, facts=changed, **told)  # type: ignore[union-attr]
        for holder in {before or locked.course, locked.module or locked.course}:
            touch(holder, by=by)
    question.refresh_from_db()
    return version  # type: ignore[return-value]  # a question without a version differs from any content


def retire_problems(question: Question) -> list[str]:
    """Why this question cannot leave the bank: a quiz's draft names it."""
    quizzes = Quiz.objects.filter(activity__course_id=question.course_id, activity__archived_at__isnull=True).select_related("activity")
    naming = [one.activity.title for one in quizzes if any(layer.get("question") == question.code for layer in one.draw)]
    return [f"{title} memakai soal {question.code} sebagai soal tetap. Keluarkan dulu dari aturannya." for title in naming]


@transaction.atomic
def retire(question: Question, *, by: User | None) -> bool:
    """It is drawn no more after the next publication; attempts that ask it keep it. Whether anything changed (harmless when repeated).
    Raises EditingError while a quiz's draft names it."""
    locked = _locked(question)
    if locked.retired_at is None and (problems := retire_problems(locked)):
        raise EditingError(" ".join(problems))
    changed = Question.objects.filter(pk=question.pk, retired_at__isnull=True).update(retired_at=timezone.now())
    return _told(question, locked, bool(changed), "question.retired", by)


@transaction.atomic
def retire_many(course: Course, codes: Sequence[str], *, by: User | None) -> int:
    """What ``retire`` does, for all these at once: how many left. Raises EditingError while a quiz's draft names one of them."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("module").filter(course=course, retired_at__isnull=True)
    chunks = [codes[start : start + AT_ONCE] for start in range(0, len(codes), AT_ONCE)]
    found = [one for chunk in chunks for one in rows.filter(code__in=chunk).order_by("code")]
    quizzes = Quiz.objects.filter(activity__course=course, activity__archived_at__isnull=True)
    named = {layer["question"] for draw in quizzes.values_list("draw", flat=True) for layer in draw if layer.get("question")}
    if problems := [sentence for one in found if one.code in named for sentence in retire_problems(one)]:
        raise EditingError(" ".join(problems))
    now = timezone.now()
    for start in range(0, len(found), AT_ONCE):
        Question.objects.filter(pk__in=[one.pk for one in found[start : start + AT_ONCE]]).update(retired_at=now)
    log.record_many("question.retired", by=by, on=[(one, {"code": one.code}) for one in found])
    for holder in {one.module or course for one in found}:
        touch(holder, by=by)
    return len(found)


@transaction.atomic
def restore(question: Question, *, by: User | None) -> bool:
    """A retired question comes back into the draft bank. Whether anything changed."""
    locked = _locked(question)
    changed = Question.objects.filter(pk=question.pk, retired_at__isnull=False).update(retired_at=None)
    return _told(question, locked, bool(changed), "question.restored", by)


@transaction.atomic
def move(questions: Iterable[Question], category: Category | None, *, by: User | None) -> list[tuple[int, int | None]]:
    """Put these questions into the category (None: into none). Returns ``(question id, category id before)`` of those that moved, so
    that it can be taken back. All must be of the category's course (EditingError)."""
    rows = list(Question.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in questions]).order_by("pk"))
    if category is not None and any(one.course_id != category.course_id for one in rows):
        raise EditingError("Kategori ini milik kursus lain.")
    target = category.pk if category else None
    moved = [(one.pk, one.category_id) for one in rows if one.category_id != target]
    Question.objects.filter(pk__in=[pk for pk, _before in moved]).update(category=category)
    for one in rows:
        if one.category_id != target:
            log.record("question.moved", by=by, on=one, code=one.code, category=category.name if category else "–")
    return moved


def _create(
    course: Course, module: Module | None, kind: str, content: Data, by: User | None, facts: Data, code: str, action: str, **details: Any
) -> Question:
    if kind not in registry or kind == QuestionKind.PRACTICAL:
        raise EditingError("Jenis soal ini tidak dapat dibuat di bank soal.")
    if module is not None and module.course_id != course.pk:
        raise EditingError("Modul ini milik kursus lain.")
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)  # two authors find two codes
    wanted = _kept(kind, content, course)
    if problems := content_problems(kind, wanted, course):
        raise EditingError(" ".join(problems))
    values = _known({**facts, "module": module}, course)
    question = Question.objects.create(course=course, kind=kind, code=_free_code(course, module, code), **values)
    _write_version(question, wanted, by)
    log.record(action, by=by, on=question, code=question.code, **details)
    touch(module or course, by=by)
    return question


def _kept(kind: str, content: Data, course: Course) -> dict[str, Any]:
    """The content as it is kept: keys in the files' order, a hot spot's picture with its address. Raises EditingError without it."""
    try:
        return loading.in_order(picturing.completed(course, kind, content), registry[kind].keys)
    except picturing.PictureError as error:
        raise EditingError(str(error)) from error


def _told(question: Question, locked: Question, changed: bool, action: str, by: User | None) -> bool:
    if changed:
        log.record(action, by=by, on=question, code=locked.code)
        touch(locked.module or locked.course, by=by)
        question.refresh_from_db()
    return changed


def _locked(question: Question) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("course", "module", "current_version", "lesson", "category")
    return rows.get(pk=question.pk)


def _write_version(question: Question, content: dict[str, Any], by: User | None) -> QuestionVersion:
    number = (question.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    version = QuestionVersion.objects.create(
        question=question, number=number, kind=question.kind, content=content, drawn=samples.drawn(content), created_by=by
    )
    question.current_version = version
    question.save(update_fields=["current_version"])
    return version


def _free_name(question: Question, template: dict[str, Any]) -> dict[str, Any]:
    """The worksheet's name, with the question's code before it where other work of the course has a file of this name: they lie in one
    folder when the course is written to files."""
    others = Question.objects.filter(course_id=question.course_id, kind=QuestionKind.PRACTICAL).exclude(pk=question.pk)
    taken = {name for name in others.values_list("current_version__content__template__file", flat=True) if name}
    code = re.sub(r"[^a-z0-9]+", "-", question.code.lower()).strip("-")
    return template | {"file": f"{code}-{template['file']}"[-80:].lstrip("-.")} if template["file"] in taken else template


def _known(facts: Data, course: Course) -> dict[str, Any]:
    """The facts, checked: only of FACTS, and everything of this course. Raises EditingError."""
    if unknown := set(facts) - set(FACTS):
        raise EditingError(f"Keterangan soal ini tidak dikenal: {', '.join(sorted(unknown))}.")
    values = dict(facts)
    lesson, category, module = values.get("lesson"), values.get("category"), values.get("module")
    if isinstance(lesson, Activity) and (lesson.course_id != course.pk or lesson.kind != ActivityKind.LESSON):
        raise EditingError("Pelajaran ini tidak ada pada kursus ini.")
    if isinstance(category, Category) and category.course_id != course.pk:
        raise EditingError("Kategori ini milik kursus lain.")
    if isinstance(module, Module) and module.course_id != course.pk:
        raise EditingError("Modul ini milik kursus lain.")
    if "level" in values and values["level"] not in Level.values:
        raise EditingError("Tingkat harus mudah, sedang, atau sulit.")
    objective = values.get("objective")
    if objective is not None and (type(objective) is not int or not 1 <= objective <= MOST_OBJECTIVES):
        raise EditingError(f"Nomor tujuan pelajaran 1 sampai {MOST_OBJECTIVES}.")
    if "tags" in values:
        values["tags"] = tidy_tags(values["tags"] or [])
    return values


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """The tags once each, in order, spaces tidied. Raises EditingError when they are too many or too long."""
    found = list(dict.fromkeys(tidy for one in tags if (tidy := " ".join(str(one).split()))))
    if len(found) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in found):
        raise EditingError(f"Paling banyak {MOST_TAGS} tag, masing-masing paling panjang {LONGEST_TAG} huruf.")
    return found


class _Codes:
    """The free codes of a course, read once: the same as ``_free_code`` finds one by one."""

    def __init__(self, course: Course, module: Module | None) -> None:
        self.prefix = (module.code if module else OWN_CODE)[:16]
        self.taken = set(Question.objects.filter(course=course).order_by().values_list("code", flat=True))
        shape = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,6}})")
        self.shape, self.last = shape, max((int(found[1]) for code in self.taken if (found := shape.fullmatch(code))), default=0)

    def free(self, wished: str) -> str:
        code = wished if wished and len(wished) <= 24 and wished not in self.taken else f"{self.prefix}-{self.last + 1:02d}"
        self.taken.add(code)
        if found := self.shape.fullmatch(code):
            self.last = max(self.last, int(found[1]))
        return code


def _free_code(course: Course, module: Module | None, wished: str = "") -> str:
    """The wished code where it is free and short enough, else the module's next number."""
    if wished and len(wished) <= 24 and not Question.objects.filter(course=course, code=wished).exists():
        return wished
    prefix = (module.code if module else OWN_CODE)[:16]
    taken = Question.objects.filter(course=course, code__startswith=f"{prefix}-").order_by().values_list("code", flat=True)
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,6}})", code))]
    return f"{prefix}-{max(numbers, default=0) + 1:02d}"
