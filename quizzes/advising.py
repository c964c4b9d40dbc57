"""What a reviewer is told about the questions of a draft: who wrote them, and which explain nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from courses.holders import Holder, of_holder
from linimasa.problems import Problem

from .models import Question, QuestionKind, QuestionVersion

MOST_NAMED = 8


def authors(holder: Holder, since: datetime | None) -> set[int]:
    """Who wrote versions of this draft's questions after ``since``. One statement."""
    rows = QuestionVersion.objects.filter(question__in=_questions(holder), created_by__isnull=False)
    rows = rows if since is None else rows.filter(created_at__gt=since)
    return set(rows.order_by().values_list("created_by", flat=True).distinct())


def without_feedback(holder: Holder) -> list[Problem]:
    """Questions that tell nobody why an answer is right: a wrong answer then teaches nothing. One statement."""
    rows = _questions(holder).exclude(kind=QuestionKind.PRACTICAL).select_related("current_version").order_by("code")
    found = [one for one in rows if one.current_version and not str(one.current_version.content.get("feedback") or "").strip()]
    if not found:
        return []
    codes = ", ".join(one.code for one in found[:MOST_NAMED]) + (f", dan {len(found) - MOST_NAMED} lagi" if len(found) > MOST_NAMED else "")
    sentence = f"{len(found)} soal belum memiliki penjelasan: {codes}. Tulis mengapa jawabannya benar."
    return [Problem("no_feedback", sentence, reverse("quizzes:bank"))]


def _questions(holder: Holder) -> QuerySet[Question]:
    return of_holder(Question.objects.filter(retired_at__isnull=True), holder)
