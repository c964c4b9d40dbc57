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
from courses.models import Aspect

from . import rules
from .comparing import RULE_WORDS
from .models import Quiz, QuizPurpose

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
    """The rules as the history keeps them."""
    values = _values(quiz)
    return values | {name: None if values[name] is None else float(values[name]) for name in ("pass_mark", "second_marking")}


@transaction.atomic
def save(quiz: Quiz, values: dict[str, Any], *, shown: str, by: User) -> list[str]:
    """Change the draft's rules if nobody did since ``shown`` (see ``stamp``); which rules differ, in words. One audit entry.

    ``values`` are fields of the quiz (see ``EDITABLE``), well-formed. Raises StaleRules with a sentence.
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
    at, holder = locked.activity, locked.activity.module
    revising.keep(at.course, module=holder, activity=at, aspect=Aspect.QUIZ, content=state(locked), by=by, before=before)
    touch(locked.activity.module or locked.activity.course, by=by)
    return words


def problems(quiz: Quiz) -> list[str]:
    """What would stand in the way of publishing the quiz with these rules (saved or not), in sentences."""
    course = quiz.activity.course
    found = rules.condition_problems(quiz, course) if quiz.conditions else []
    if quiz.purpose == QuizPurpose.ASSIGNMENT:
        return found
    if not quiz.draw:
        return [*found, "belum ditentukan soal mana yang diambil."]
    return found + rules.blueprint_problems(quiz, rules.draft_banks(course), rules.lessons_of(course))
