"""Going back: a draft's questions and rules made what a published version had. Content comes back as a new version of the question, so
nothing that was ever asked changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from courses.holders import Holder, course_of, of_holder
from courses.models import Activity

from . import drafting, rules
from .bank import editing
from .models import Question, QuestionVersion, Quiz

Data = Mapping[str, Any]


@transaction.atomic
def revert(holder: Holder, frozen: Data, *, by: User) -> list[str]:
    """Make the draft's rules and questions those of ``frozen`` (``Version.parts["quizzes"]``). What cannot come back, in sentences.

    Harmless when repeated: what is as it was is left alone.
    """
    left: list[str] = []
    kept = {one["question"]: one for one in frozen.get("bank", [])}
    rows = {one.pk: one for one in Question.objects.filter(pk__in=kept).select_related("current_version")}
    contents = dict(QuestionVersion.objects.filter(pk__in=[one["version"] for one in kept.values()]).values_list("pk", "content"))
    for pk, one in kept.items():
        question = rows.get(pk)
        if question is None:
            left.append(f"Soal {one['code']} sudah tidak ada.")
            continue
        editing.restore(question, by=by)
        left += _question(question, one, contents, by)
    _rules(holder, frozen.get("rules", {}), by)
    for gone in _questions(holder).exclude(pk__in=kept):
        try:
            editing.retire(gone, by=by)
        except editing.EditingError as error:
            left.append(str(error))
    return left


def _question(question: Question, one: Data, contents: Mapping[int, Data], by: User) -> list[str]:
    content = contents.get(one["version"])
    if content is None:
        return [f"Isi soal {one['code']} pada versi itu tidak tersimpan lagi."]
    lesson = Activity.objects.filter(pk=one["lesson"]).first() if one.get("lesson") else None
    facts = {"level": one["level"], "lesson": lesson, "objective": one.get("objective"), "tags": one.get("tags", [])}
    try:
        editing.save_version(question, content, by=by, facts=facts)
    except editing.EditingError as error:
        return [f"Soal {one['code']} tidak ikut kembali: {error}"]
    return []


def _rules(holder: Holder, frozen: Data, by: User) -> None:
    codes = dict(Activity.objects.filter(course=course_of(holder)).values_list("pk", "code"))
    for quiz in Quiz.objects.filter(activity__in=[int(pk) for pk in frozen]).select_related("activity"):
        kept = dict(frozen[str(quiz.activity_id)])
        layers = [{**layer, "lesson": codes.get(layer["lesson"], "")} if "lesson" in layer else layer for layer in kept["draw"]]
        drafting.restore(quiz.activity, {**rules.DEFAULTS, **kept, "draw": layers}, by=by)


def _questions(holder: Holder) -> QuerySet[Question]:
    return of_holder(Question.objects.filter(retired_at__isnull=True), holder)
