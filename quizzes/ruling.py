"""Changing the draft of a quiz's rules: nothing here reaches a learner before the module is published."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import log
from courses import revising
from courses.editing import touch
from courses.models import Aspect, Course, RevisionOrigin

from . import rules
from .comparing import RULE_WORDS
from .models import Question, QuestionKind, QuestionVersion, Quiz, QuizPurpose

EDITABLE = (
    *("intro", "draw", "attempts_allowed", "remedial_attempts", "time_limit", "pass_mark", "feedback", "shuffle"),
    *rules.OPTIONAL,
)


class StaleRules(Exception):
    """Someone else changed the rules in the meantime; the message is a sentence."""


def stamp(quiz: Quiz) -> str:
    """Says which rules an editor was shown: the same for the same rules."""
    values = {name: str(value) if name in {"pass_mark", "second_marking"} else value for name, value in _values(quiz).items()}
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _values(quiz: Quiz) -> dict[str, Any]:
    return {name: getattr(quiz, name) for name in EDITABLE}


def state(quiz: Quiz) -> dict[str, Any]:
    """The rules as the history keeps them; of practical work also the task itself with its rubric, as ``work``."""
    question = work_of(quiz)
    return _state(quiz, question.current_version if question else None)


def states(course: Course) -> dict[int, dict[str, Any]]:
    """``state`` of every quiz and assignment of the course that is not archived, by its activity's id. Two statements."""
    quizzes = Quiz.objects.filter(activity__course=course, activity__archived_at__isnull=True)
    tasks = Question.objects.filter(course=course, kind=QuestionKind.PRACTICAL).select_related("current_version")
    works = {one.code: one.current_version for one in tasks}
    return {one.activity_id: _state(one, works.get(_work_code(one))) for one in quizzes}


def _state(quiz: Quiz, work: QuestionVersion | None) -> dict[str, Any]:
    values = _values(quiz)
    values |= {name: None if values[name] is None else float(values[name]) for name in ("pass_mark", "second_marking")}
    return values | ({"work": dict(work.content)} if work else {})


def _work_code(quiz: Quiz) -> str:
    return next((layer.get("question", "") for layer in quiz.draw), "") if quiz.purpose == QuizPurpose.ASSIGNMENT else ""


def work_of(quiz: Quiz) -> Question | None:
    """The one task of practical work; None for a quiz."""
    if not (code := _work_code(quiz)):
        return None
    tasks = Question.objects.filter(course=quiz.activity.course_id, code=code, kind=QuestionKind.PRACTICAL)
    return tasks.select_related("current_version").first()


def assignment_of(question: Question) -> Quiz | None:
    """The practical work whose task this question is, unless it is archived."""
    if question.kind != QuestionKind.PRACTICAL:
        return None
    rows = Quiz.objects.filter(activity__course=question.course_id, activity__archived_at__isnull=True, purpose=QuizPurpose.ASSIGNMENT)
    found = rows.select_related("activity__module", "activity__course")
    return next((one for one in found if _work_code(one) == question.code), None)


def keep(quiz: Quiz, *, by: User | None, before: dict[str, Any], origin: str = RevisionOrigin.EDIT) -> None:
    """Remember what the rules (and the task of practical work) are now. Called inside the transaction that changed them."""
    at = quiz.activity
    words: dict[str, Any] = {"aspect": Aspect.QUIZ, "content": state(quiz), "by": by, "before": before, "origin": origin}
    revising.keep(at.course, module=at.module, activity=at, **words)


@transaction.atomic
def save(quiz: Quiz, values: dict[str, Any], *, shown: str, by: User, is_kept: bool = True) -> list[str]:
    """Change the draft's rules if nobody did since ``shown`` (see ``stamp``); which rules differ, in words. One audit entry.

    ``values`` are fields of the quiz (see ``EDITABLE``), well-formed. Without ``is_kept`` the caller keeps the revision.
    Raises StaleRules with a sentence.
    """
    locked = Quiz.objects.select_for_update(of=("self",)).select_related("activity__module", "activity__course").get(pk=quiz.pk)
    if stamp(locked) != shown:
        raise StaleRules("Aturan ini disimpan orang lain sesudah Anda membukanya. Muat ulang halaman untuk melihatnya, lalu ubah lagi.")
    changed = [name for name, value in values.items() if name in EDITABLE and getattr(locked, name) != value]
    if not changed:
        return []
    before = state(locked)
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=changed)
    words = [word for name, word in RULE_WORDS.items() if name in changed]
    log.record("quiz.rules_changed", by=by, on=locked.activity, quiz=locked.pk, words=", ".join(words), fields=changed)
    if is_kept:
        keep(locked, by=by, before=before)
    touch(locked.activity.module or locked.activity.course, by=by)
    return words


def problems(quiz: Quiz) -> list[str]:
    """What would stand in the way of publishing the quiz with these rules (saved or not), in sentences."""
    course = quiz.activity.course
    found = rules.condition_problems(quiz, rules.codes_of(course)) if quiz.conditions else []
    if quiz.purpose == QuizPurpose.ASSIGNMENT:
        return found
    if not quiz.draw:
        return [*found, "belum ditentukan soal mana yang diambil."]
    return found + rules.blueprint_problems(quiz, rules.draft_banks(course), rules.lessons_of(course))
