"""How the bank, the quizzes' rules and the assignments take part in publishing, and how they come from and go to files.

The formats are described in ``content/README.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from courses.comparing import Detail
from courses.holders import Holder, by_holder, course_of, of_holder
from courses.models import Activity, ActivityKind, Course, Module
from linimasa.problems import Problem

from . import comparing, drafting, loading, picturing, reverting, rules, ruling, worksheets
from .bank import categories
from .frozen import BankItem
from .kinds import registry
from .kinds.choice import LETTERS
from .loading import in_order
from .models import Attempt, Question, QuestionKind, Quiz, QuizPurpose

Data = Mapping[str, Any]
JUDGED = (ActivityKind.QUIZ, ActivityKind.ASSIGNMENT)
UNWRITTEN = "petunjuk dan rubrik tugasnya belum ditulis."


class QuizzesPart:
    """The part "quizzes" of a version: ``{"rules": {activity id: rules}, "bank": [question at its version]}``."""

    def problems(self, course: Course, holders: Sequence[Holder]) -> dict[Holder, list[Problem]]:
        """What stands in the way of publishing: rules that are missing, banks that are too small, questions that cannot be asked."""
        questions, judged = by_holder(_asked(), holders), by_holder(_outlined(), holders)
        register, sheets = loading.register_of(course), worksheets.named_in(course)
        banks, lessons, codes = rules.draft_banks(course), rules.lessons_of(course), rules.codes_of(course)
        return {
            holder: [
                *_bank_problems(questions[holder], register, sheets),
                *(
                    Problem("bad_quiz", f"{activity.title}: {sentence}")
                    for activity in judged[holder]
                    for sentence in _draw_problems(getattr(activity, "quiz", None), banks, lessons, codes, questions[holder])
                ),
            ]
            for holder in holders
        }

    def freeze(self, holder: Holder) -> dict[str, Any]:
        """The same JSON for the same draft."""
        course = course_of(holder)
        lessons, paths = rules.lessons_of(course), rules.paths_of(course)
        frozen = {str(one.pk): rules_of(one.quiz, lessons) for one in _judged(holder) if hasattr(one, "quiz")}
        bank = [
            {
                "question": one.pk,
                "version": one.current_version_id,
                "code": one.code,
                "kind": one.kind,
                "level": one.level,
                "lesson": one.lesson_id,
                **({"objective": one.objective} if one.objective else {}),  # left out: old versions stay the same
                **({"tags": one.tags} if one.tags else {}),
                **({"category": paths[one.category_id]} if one.category_id else {}),
            }
            for one in _questions(holder)
            if one.current_version_id
        ]
        return {"rules": frozen, "bank": bank}

    def diff(self, old: Data, new: Data) -> list[str]:
        """What changes for those who start an attempt after this publication, in sentences."""
        return comparing.sentences(old, new)

    def details(self, old: Data, new: Data) -> list[Detail]:
        """The changed questions word by word."""
        return comparing.details(old, new)

    def describe(self, frozen: Data, activity_id: int) -> list[str]:
        """A quiz in a few words for its module's public page: «8 soal», «3 kesempatan». Nothing that helps to answer it."""
        found = frozen.get("rules", {}).get(str(activity_id))
        if not found or found["purpose"] == QuizPurpose.ASSIGNMENT:
            return []
        count = sum(layer.get("count", 1) for layer in found["draw"])
        limit = [f"{found['time_limit']} menit"] if found["time_limit"] else []
        return [f"{count} soal", *limit, f"{found['attempts_allowed']} kesempatan"]

    def dump(self, holder: Holder) -> dict[str, Any]:
        """What ``load`` was given, keys in the files' order."""
        activities: dict[str, Any] = {}
        paths = rules.paths_of(course_of(holder))
        files: dict[str, bytes] = {}
        for one in _judged(holder):
            if hasattr(one, "quiz"):
                activities[one.code] = _dump_quiz(one, files)
        questions = [
            {
                "code": one.code,
                "kind": one.kind,
                "level": one.level,
                **({"lesson": one.lesson.code} if one.lesson else {}),
                **({"objective": one.objective} if one.objective else {}),
                **({"category": paths[one.category_id]} if one.category_id else {}),
                **({"tags": one.tags} if one.tags else {}),
                **written(in_order(picturing.as_written(one.current_version.content), registry[one.kind].keys)),
            }
            for one in _questions(holder).exclude(kind=QuestionKind.PRACTICAL)
            if one.current_version
        ]
        return {"activities": activities, "questions": questions, "files": files}

    def load(self, holder: Holder, data: Data, report: Any) -> None:
        """Bring the draft to what the files say; a question gets a new version only when its content changed. Idempotent."""
        course = course_of(holder)
        module = holder if isinstance(holder, Module) else None
        lessons = dict(Activity.objects.filter(course=course, kind=ActivityKind.LESSON).values_list("code", "pk"))
        kept: set[str] = set()
        folder: Path | None = data.get("folder")
        for one in loading.good_questions(data.get("questions") or [], course, lessons, report):
            try:
                content = picturing.completed(course, one["kind"], in_order(one, registry[one["kind"]].keys))
            except picturing.PictureError as error:
                report.problem(one, f"Soal {one['code']}: {error}")
                continue
            facts = {"module": module, "kind": one["kind"], "level": one["level"]}
            facts |= {"lesson_id": lessons.get(one.get("lesson", "")), "objective": one.get("objective"), "tags": one.get("tags", [])}
            facts["category"] = categories.find_or_make(course, one["category"]) if one.get("category") else None
            loading.load_question(course, one["code"], facts, content, report)
            kept.add(one["code"])
        for where, sentence in loading.stray_files(data.get("activities", {}), folder):
            report.problem(where, sentence)
        for activity in _judged(holder):
            mapping = data.get("activities", {}).get(activity.code)
            if mapping is None:
                report.problem(activity.code, f"{activity.title} tidak memiliki aturan.")
            elif problems := loading.mapping_problems(mapping, activity):
                for sentence in problems:
                    report.problem(mapping, sentence)
            else:
                kept |= loading.load_quiz(course, module, activity, mapping, report, folder)
        for gone in _questions(holder).exclude(code__in=kept):
            loading.retire(gone, report)

    def start(self, activity: Activity, by: User | None) -> None:
        """An empty draft for a new quiz or practical work."""
        drafting.start(activity, by=by)

    def copy(self, old_activity: Activity, new_activity: Activity, by: User | None, codes: Mapping[str, str]) -> None:
        """The draft of a part for its copy; ``codes`` gives the new code of what was copied with it."""
        if old_activity.kind in JUDGED:
            drafting.copy(old_activity, new_activity, by=by, codes=codes)

    def copy_course(
        self, old: Course, new: Course, modules: Mapping[int, Module], activities: Mapping[int, Activity], by: User | None
    ) -> None:
        """The bank and all rules for a copied course."""
        drafting.copy_course(old, new, modules=modules, activities=activities, by=by)

    def moved(self, activity: Activity) -> None:
        """What belongs to this part alone goes with it to its module."""
        drafting.moved(activity)

    def differing(self, course: Course) -> set[int]:
        """The parts whose rules or questions are not those of the current version."""
        return drafting.differing(course, rules_of=rules_of)

    def state(self, activity: Activity) -> dict[str, Any] | None:
        """The rules as the history keeps them; None for a part that has none."""
        return drafting.state(activity)

    def states(self, course: Course) -> dict[int, dict[str, Any]]:
        """``state`` of every part of the course that has one, by its activity's id. Two statements."""
        return ruling.states(course)

    def restore(self, activity: Activity, state: dict[str, Any], by: User) -> list[str]:
        """Make the rules (and the task of practical work) what they were; which differ, in words. Raises EditingError."""
        return drafting.restore(activity, state, by=by)

    def revert(self, holder: Holder, frozen: Data, by: User) -> list[str]:
        """Make the draft's rules and questions those of a version; what cannot come back, in sentences."""
        return reverting.revert(holder, frozen, by=by)

    def things(self, course: Course, module: Module | None) -> dict[str, Any]:
        """What the audit trail calls this course's (or module's) questions and quizzes."""
        return drafting.things(course, module)

    def forget(self, course: Course) -> None:
        """The bank and all quizzes of a practice course are gone."""
        drafting.forget(course)


def running_attempts_keep_theirs(holder: Holder) -> list[str]:
    """Told before publishing: whom the change does not reach."""
    running = Attempt.objects.running().filter(quiz__activity__in=_judged(holder)).count()
    return [f"{running} percobaan yang sedang berjalan tetap memakai soal dan aturan saat dimulai."] if running else []


def running_attempts_in(cohort: Cohort, holder: Holder) -> list[str]:
    """Told before a cohort is moved: whom the move does not reach."""
    running = Attempt.objects.running().filter(quiz__activity__in=_judged(holder), enrolment__cohort=cohort).count()
    return [f"{running} percobaan yang sedang berjalan tetap memakai soal dan aturan saat dimulai."] if running else []


def _outlined() -> QuerySet[Activity]:
    rows = Activity.objects.filter(kind__in=JUDGED, archived_at__isnull=True)
    return rows.select_related("quiz").order_by("position", "pk")


def _judged(holder: Holder) -> QuerySet[Activity]:
    return of_holder(_outlined(), holder)


def _asked() -> QuerySet[Question]:
    return Question.objects.filter(retired_at__isnull=True).select_related("current_version", "lesson").order_by("code")


def _questions(holder: Holder) -> QuerySet[Question]:
    return of_holder(_asked(), holder)


def _draw_problems(
    quiz: Quiz | None,
    banks: Mapping[str, list[BankItem]],
    lessons: Mapping[str, int],
    codes: Collection[str],
    questions: Iterable[Question],
) -> list[str]:
    if quiz is None:
        return ["aturannya belum diisi."]
    if not quiz.draw:
        return ["belum ditentukan soal mana yang diambil."]
    found = rules.condition_problems(quiz, codes)
    if quiz.purpose != QuizPurpose.ASSIGNMENT:
        return found + rules.blueprint_problems(quiz, banks, lessons)
    there = {one.code for one in questions}
    return found + [f"soal {layer['question']} tidak ada." for layer in quiz.draw if layer.get("question") not in there]


def rules_of(quiz: Quiz, lessons: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The rules as a version keeps them, with ``lessons`` (code → id); without, as the file has them."""
    return {
        "purpose": quiz.purpose,
        "intro": quiz.intro,
        "draw": quiz.draw if lessons is None else rules.frozen_layers(quiz.draw, lessons),
        "attempts_allowed": quiz.attempts_allowed,
        "remedial_attempts": quiz.remedial_attempts,
        "time_limit": quiz.time_limit,
        "pass_mark": None if quiz.pass_mark is None else float(quiz.pass_mark),
        "feedback": quiz.feedback,
        "shuffle": quiz.shuffle,
        "questions": sum(layer.get("count", 1) for layer in quiz.draw),
        **rules.told(quiz),
    }


def _bank_problems(questions: Iterable[Question], register: Mapping[str, str], sheets: Collection[tuple[int, str]]) -> list[Problem]:
    return [
        Problem("bad_question", f"Soal {one.code}: {sentence}", reverse("quizzes:bank_question", args=[one.pk]))
        for one in questions
        for sentence in _question_problems(one, register, sheets)
    ]


def is_unwritten(question: Question) -> bool:
    """Practical work as the outline made it: nobody has said yet what is to be done."""
    content = question.current_version.content if question.current_version else {}
    return question.kind == QuestionKind.PRACTICAL and not any(content.get(name) for name in ("instructions", "deliverables", "rubric"))


def _question_problems(question: Question, register: Mapping[str, str], sheets: Collection[tuple[int, str]]) -> list[str]:
    version = question.current_version
    if version is None:
        return ["Soal ini belum ditulis."]
    if is_unwritten(question):
        return [UNWRITTEN]
    found = registry[question.kind].problems(version.content) + loading.unregistered(version.content, register)
    if sentence := picturing.problem(version.content):
        found.append(sentence)
    template = version.content.get("template")
    if template and (question.pk, template["sha256"]) not in sheets:
        found.append("Lembar kerjanya tidak tersimpan. Muat ulang berkasnya.")
    return found


def _dump_quiz(activity: Activity, files: dict[str, bytes]) -> dict[str, Any]:
    """The rules as they stand in the file; what lies beside it is put into ``files``."""
    found = written(rules_of(activity.quiz))
    if activity.quiz.purpose != QuizPurpose.ASSIGNMENT:
        return in_order(found, loading.QUIZ_KEYS)
    code = activity.quiz.draw[0]["question"]
    question = Question.objects.select_related("current_version").get(course_id=activity.course_id, code=code)
    content = written(question.current_version.content) if question.current_version else {}
    if question.current_version and (worksheet := worksheets.of(question.current_version)):
        files[f"{worksheets.FOLDER}/{content['template']['file']}"] = worksheets.content_of(worksheet)
        content["template"] = in_order(content["template"], ("file", "title"))
    return in_order(found, loading.ASSIGNMENT_KEYS) | {"question": code} | in_order(content, loading.PRACTICAL_KEYS)


# The keys of what is nested, in the files' order: PostgreSQL keeps JSON, not the order in which it was written.
_NESTED = {
    "draw": rules.LAYER_KEYS,
    "conditions": ("activity", "at_least"),
    "files": ("types", "max_bytes", "max_count"),
    "levels": ("title", "points", "text"),
    "feedback_options": ("true", "false", *LETTERS),
    "gaps": ("ask", "accepted", "value", "tolerance", "percent", "choices", "key", "feedback"),
    "pairs": ("left", "right"),
    "picture": picturing.KEYS,
    "regions": ("name", "shape", "at"),
    "units": ("unit", "factor"),
    "values": ("value", "tolerance", "percent", "points", "feedback"),
    "rubric": ("criterion", "weight", "levels"),
    "samples": ("kind", "title", "body", "scores"),
    "scores": ("criterion", "level", "why"),
}


def written(content: Data) -> dict[str, Any]:
    """The content with every nested mapping's keys in the files' order."""
    return {key: _arranged(value, _NESTED.get(key, ())) for key, value in content.items()}


def _arranged(value: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_arranged(one, keys) for one in value]
    if not isinstance(value, dict):
        return value
    return written(in_order(value, keys) | value if keys else dict(sorted(value.items())))
