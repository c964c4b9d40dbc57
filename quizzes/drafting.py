"""The drafts of quizzes and practical work where the studio's outline makes, copies, compares and restores a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from courses.editing import EditingError
from courses.models import Activity, ActivityKind, Course, Module, RevisionOrigin, Version

from . import ruling, samples
from .bank import editing
from .models import Category, CorrectedVersion, Correction, Level, Question, QuestionKind, QuestionVersion, Quiz, QuizPurpose, Worksheet
from .rules import lessons_of, paths_of

Data = Mapping[str, Any]
PASS_MARK = Decimal("0.6")
EMPTY_WORK: dict[str, Any] = {
    "instructions": [],
    "deliverables": [],
    "prohibitions": [],
    "files": {"types": ["pdf", "docx", "xlsx"], "max_bytes": 10_000_000, "max_count": 3},
    "rubric": [],
}
KEPT = (*ruling.EDITABLE, "purpose")
NUMBERS = ("pass_mark", "second_marking")


def start(activity: Activity, *, by: User | None) -> None:
    """An empty draft for a new quiz or practical work: rules without questions, or a task that still has to be written."""
    if activity.kind == ActivityKind.QUIZ:
        Quiz.objects.create(activity=activity, purpose=QuizPurpose.MODULE)
    elif activity.kind == ActivityKind.ASSIGNMENT:
        question = _new_work(activity, EMPTY_WORK, by)
        Quiz.objects.create(
            activity=activity, purpose=QuizPurpose.ASSIGNMENT, draw=[{"question": question.code}], pass_mark=PASS_MARK, attempts_allowed=2
        )


def copy(old: Activity, new: Activity, *, by: User | None, codes: Data) -> None:
    """The rules of ``old`` for ``new``; ``codes`` names what was copied with it. A quiz keeps drawing from the same bank; practical
    work gets a task of its own, so that changing the copy leaves the original alone."""
    quiz = Quiz.objects.filter(activity=old).first()
    if quiz is None:
        start(new, by=by)
        return
    values = {name: getattr(quiz, name) for name in KEPT}
    values["conditions"] = [{**one, "activity": codes.get(one["activity"], one["activity"])} for one in quiz.conditions]
    if quiz.purpose == QuizPurpose.ASSIGNMENT:
        values["draw"] = [{"question": _copied_work(old, new, layer["question"], by)} for layer in quiz.draw[:1]]
    Quiz.objects.create(activity=new, **values)


def moved(activity: Activity) -> None:
    """Practical work goes with its assignment to the module where that stands now. A quiz's questions stay in their bank."""
    quiz = Quiz.objects.filter(activity=activity, purpose=QuizPurpose.ASSIGNMENT).first()
    if quiz is not None:
        codes = [layer["question"] for layer in quiz.draw if "question" in layer]
        Question.objects.filter(course=activity.course_id, code__in=codes, kind=QuestionKind.PRACTICAL).update(module=activity.module_id)


def _copied_work(old: Activity, new: Activity, code: str, by: User | None) -> str:
    question = Question.objects.select_related("current_version").filter(course_id=old.course_id, code=code).first()
    version = question.current_version if question else None
    made = _new_work(new, version.content if version else EMPTY_WORK, by)
    if question is not None:
        _copy_worksheets({question.pk: made})
    return made.code


def _new_work(activity: Activity, content: Data, by: User | None) -> Question:
    question = Question.objects.create(
        course=activity.course, module=activity.module, kind=QuestionKind.PRACTICAL, level=Level.MEDIUM, code=_free_code(activity)
    )
    _first_version(question, content, by)
    return question


def _first_version(question: Question, content: Data, by: User | None) -> None:
    version = QuestionVersion.objects.create(
        question=question, number=1, kind=question.kind, content=dict(content), drawn=samples.drawn(dict(content)), created_by=by
    )
    Question.objects.filter(pk=question.pk).update(current_version=version)


def _free_code(activity: Activity) -> str:
    base = f"{activity.module.code if activity.module else activity.code}-TUGAS"[:20]
    taken = Question.objects.filter(course=activity.course_id, code__startswith=base).values_list("code", flat=True)
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(rf"{re.escape(base)}-(\d{{1,3}})", code))]
    return f"{base}-{max(numbers, default=0) + 1}"


def _copy_worksheets(copies: Mapping[int, Question]) -> None:
    """The files to fill in, as the bytes that lie there already."""
    rows = Worksheet.objects.filter(question__in=copies).order_by("pk")
    Worksheet.objects.bulk_create(
        [Worksheet(question=copies[one.question_id], file=one.file.name, size=one.size, sha256=one.sha256) for one in rows]
    )


# --- a whole course ---------------------------------------------------------------------------------------------------
def copy_course(old: Course, new: Course, *, modules: Mapping[int, Module], activities: Mapping[int, Activity], by: User | None) -> None:
    """Categories, questions as they are now and every quiz's rules, for a copied course whose codes are the same. Without attempts,
    grades and statistics; a question begins again at version 1. ``modules`` and ``activities``: the copies by the id of the original."""
    categories = _copied_categories(old, new)
    questions = Question.objects.filter(course=old, retired_at__isnull=True, current_version__isnull=False)
    rows = [one for one in questions.select_related("current_version").order_by("pk") if one.module_id is None or one.module_id in modules]
    made = Question.objects.bulk_create([_copied_question(one, new, modules, activities, categories) for one in rows])
    copies = {row.pk: copied for row, copied in zip(rows, made, strict=True)}
    versions = [_copied_version(row, copies[row.pk], by) for row in rows]
    for version in QuestionVersion.objects.bulk_create(versions):
        version.question.current_version = version
    Question.objects.bulk_update(made, ["current_version"], batch_size=200)
    _copy_worksheets(copies)
    quizzes = Quiz.objects.filter(activity__in=activities)
    Quiz.objects.bulk_create([Quiz(activity=activities[one.activity_id], **{name: getattr(one, name) for name in KEPT}) for one in quizzes])


def _copied_categories(old: Course, new: Course) -> dict[int, Category]:
    """The tree, level by level."""
    rows = list(Category.objects.filter(course=old).order_by("pk"))
    made: dict[int, Category] = {}
    while ready := [one for one in rows if one.pk not in made and (one.parent_id is None or one.parent_id in made)]:
        copies = [
            Category(course=new, name=one.name, position=one.position, parent=made[one.parent_id] if one.parent_id else None)
            for one in ready
        ]
        made |= {one.pk: copied for one, copied in zip(ready, Category.objects.bulk_create(copies), strict=True)}
    return made


def _copied_question(
    one: Question, course: Course, modules: Mapping[int, Module], activities: Mapping[int, Activity], categories: Mapping[int, Category]
) -> Question:
    return Question(
        course=course,
        module=modules[one.module_id] if one.module_id else None,
        lesson=activities.get(one.lesson_id) if one.lesson_id else None,
        objective=one.objective if one.lesson_id in activities else None,
        category=categories[one.category_id] if one.category_id else None,
        tags=list(one.tags),
        code=one.code,
        kind=one.kind,
        level=one.level,
    )


def _copied_version(row: Question, question: Question, by: User | None) -> QuestionVersion:
    version = row.current_version
    assert version is not None  # noqa: S101  # the rows were asked for with it
    return QuestionVersion(question=question, number=1, kind=version.kind, content=version.content, drawn=version.drawn, created_by=by)


# --- what differs from the published version --------------------------------------------------------------------------
def differing(course: Course, *, rules_of: Any) -> set[int]:
    """The quizzes and assignments whose rules, or whose questions, are not those of the version that is current. The same few
    statements for any number of them."""
    rows = list(Activity.objects.filter(course=course, archived_at__isnull=True, quiz__isnull=False).select_related("quiz"))
    if not rows:
        return set()
    lessons, frozen = lessons_of(course), _frozen(course)
    changed = _changed_banks(course, frozen)
    found = set()
    for row in rows:
        _code, part = frozen.get(row.module_id, ("", {}))
        rules = part.get("rules", {}).get(str(row.pk))
        if rules is not None and (rules != rules_of(row.quiz, lessons) or _draws_from(row.quiz, changed)):
            found.add(row.pk)
    return found


def _frozen(course: Course) -> dict[int | None, tuple[str | None, Data]]:
    """What the current versions froze, by module (None: the course's own), each with the module's code."""
    modules = Module.objects.filter(course=course, archived_at__isnull=True, current_version__isnull=False)
    rows = modules.values_list("pk", "code", "current_version__parts")
    found: dict[int | None, tuple[str | None, Data]] = {pk: (code, parts.get("quizzes") or {}) for pk, code, parts in rows}
    if course.current_version_id:
        own = Version.objects.values_list("parts", flat=True).get(pk=course.current_version_id)
        found[None] = (None, own.get("quizzes") or {})
    return found


def _changed_banks(course: Course, frozen: Mapping[int | None, tuple[str | None, Data]]) -> dict[str | None, set[str]]:
    """By module code (None: the course's own): the codes of the questions that changed, came or went after the current version."""
    now: dict[int | None, dict[str, Any]] = {}
    paths = paths_of(course)
    for one in Question.objects.filter(course=course, retired_at__isnull=True, current_version__isnull=False):
        facts = (one.current_version_id, one.level, one.lesson_id, one.objective, tuple(one.tags))
        now.setdefault(one.module_id, {})[one.code] = (*facts, paths[one.category_id] if one.category_id else None)
    return {code: _bank_changes(part, now.get(pk, {})) for pk, (code, part) in frozen.items()}


def _bank_changes(part: Data, now: Mapping[str, Any]) -> set[str]:
    before = {
        one["code"]: (one["version"], one["level"], one["lesson"], one.get("objective"), tuple(one.get("tags", ())), one.get("category"))
        for one in part.get("bank", ())
    }
    return {code for code in {*before, *now} if before.get(code) != now.get(code)}


def _draws_from(quiz: Quiz, changed: Mapping[str | None, set[str]]) -> bool:
    every = set().union(*changed.values()) if changed else set()
    return any(layer["question"] in every if "question" in layer else bool(changed.get(layer.get("module"))) for layer in quiz.draw)


# --- the history ------------------------------------------------------------------------------------------------------
def state(activity: Activity) -> dict[str, Any] | None:
    """The rules as the history keeps them; None for a part that has none."""
    quiz = Quiz.objects.filter(activity=activity).first()
    return ruling.state(quiz) if quiz else None


@transaction.atomic
def restore(activity: Activity, kept: Data, *, by: User) -> list[str]:
    """Make the rules, and of practical work the task with its rubric, what they were; which differ, in words.

    One revision of its own, which can be undone in the same way. Raises courses.editing.EditingError with a sentence.
    """
    quiz = Quiz.objects.select_related("activity__module", "activity__course").get(activity=activity)
    before, work = ruling.state(quiz), ruling.work_of(quiz)
    try:
        words = _restored_rules(quiz, kept, by)
        if work is not None and "work" in kept and kept["work"] != before.get("work"):
            editing.save_version(work, kept["work"], by=by, is_kept=False)
            words = [*words, "isi tugas"]
    except (editing.EditingError, ruling.StaleRules) as error:
        raise EditingError(str(error)) from error
    if words:
        quiz.refresh_from_db()
        ruling.keep(quiz, by=by, before=before, origin=RevisionOrigin.RESTORE)
    return words


def _restored_rules(quiz: Quiz, kept: Data, by: User) -> list[str]:
    values = {name: kept[name] for name in ruling.EDITABLE if name in kept}
    values |= {name: None if values[name] is None else Decimal(str(values[name])) for name in NUMBERS if name in values}
    return ruling.save(quiz, values, shown=ruling.stamp(quiz), by=by, is_kept=False)


def things(course: Course, module: Module | None) -> dict[str, Iterable[Any]]:
    """What the audit trail calls the questions and quizzes of this course (or of one module of it), for its history."""
    questions, quizzes = Question.objects.filter(course=course), Quiz.objects.filter(activity__course=course)
    if module is not None:
        questions, quizzes = questions.filter(module=module), quizzes.filter(activity__module=module)
    return {"quizzes.question": questions.values_list("pk", flat=True), "quizzes.quiz": quizzes.values_list("pk", flat=True)}


def forget(course: Course) -> None:
    """Delete the bank and all quizzes of a practice course. Raises ProtectedError where somebody was asked one of its questions."""
    questions = Question.objects.filter(course=course)
    Quiz.objects.filter(activity__course=course).delete()
    questions.update(current_version=None)
    CorrectedVersion.objects.filter(correction__question__in=questions).delete()
    Correction.objects.filter(question__in=questions).delete()
    Worksheet.objects.filter(question__in=questions).delete()
    QuestionVersion.objects.filter(question__in=questions).delete()
    questions.delete()
    Category.objects.filter(course=course).update(parent=None)
    Category.objects.filter(course=course).delete()
