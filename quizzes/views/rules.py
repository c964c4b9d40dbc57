"""The studio page of a quiz's rules: the draft, its blueprint over the bank, and what would stand in the way of publishing it."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from courses.access import may_write
from linimasa.forms import answer, posted

from .. import access, drawing, part, ruling
from .. import rules as ruled
from ..models import Question, QuestionKind, Quiz, QuizPurpose
from ..rules_forms import Sheet


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, activity_id: int) -> HttpResponse:
    """See and change the draft's rules. ``act``: ``periksa`` and ``tambah-…`` only look; anything else saves."""
    find = access.quiz_to_write if request.method == "POST" else access.quiz_in_studio
    quiz = find(request.user, activity_id)
    sheet = Sheet(quiz, posted(request), shown=ruling.stamp(quiz))
    is_good = request.method == "POST" and sheet.is_valid()
    if is_good and request.POST.get("act", "simpan") == "simpan":
        try:
            words = ruling.save(quiz, sheet.values(), shown=sheet.form.cleaned_data["shown"], by=request.user)
        except ruling.StaleRules as error:
            sheet.form.add_error(None, str(error))
        else:
            messages.success(request, f"Draf aturan tersimpan: {', '.join(words)}." if words else "Tidak ada yang berubah.")
            return redirect("quizzes:rules", activity_id)
    return _page(request, quiz, sheet, is_good=is_good)


def _page(request: HttpRequest, quiz: Quiz, sheet: Sheet, *, is_good: bool) -> HttpResponse:
    wanted = copy.copy(quiz)
    for name, value in (sheet.values() if is_good else {}).items():
        setattr(wanted, name, value)
    is_assignment = quiz.purpose == QuizPurpose.ASSIGNMENT
    task = _task(quiz) if is_assignment else None
    has_errors = request.method == "POST" and any(form.errors for form in sheet.forms)
    context = {
        "quiz": quiz,
        "activity": quiz.activity,
        "sheet": sheet,
        "form": sheet.form,
        "rows": [] if is_assignment else _rows(sheet, wanted, is_good=is_good),
        "is_assignment": is_assignment,
        "is_checked": is_good,
        "problems": [*ruling.problems(wanted), *([part.UNWRITTEN] if task and part.is_unwritten(task) else [])],
        "total": sum(layer.get("count", 1) for layer in wanted.draw),
        "task": task,
        "is_bank_empty": not is_assignment and not quiz.draw and not _own_bank(quiz).exists(),
        "may_write": may_write(request.user, quiz.activity.course),
        "has_errors": has_errors,
    }
    return answer(request, "quizzes/rules/rules.html", context, status=422 if has_errors else 200)


def _task(quiz: Quiz) -> Question | None:
    """The practical work itself: what is to be done, and how it is judged."""
    code = next((layer["question"] for layer in quiz.draw if "question" in layer), "")
    return Question.objects.select_related("current_version").filter(course=quiz.activity.course_id, code=code).first()


def _own_bank(quiz: Quiz) -> QuerySet[Question]:
    """The questions of the module (or course) where the quiz stands."""
    return Question.objects.filter(course=quiz.activity.course_id, module=quiz.activity.module_id, retired_at__isnull=True).exclude(
        kind=QuestionKind.PRACTICAL
    )


def _rows(sheet: Sheet, wanted: Quiz, *, is_good: bool) -> list[dict[str, Any]]:
    """Each row with how many questions the bank has for it and how many are missing (None for an empty row)."""
    banks, lessons = ruled.draft_banks(wanted.activity.course), ruled.lessons_of(wanted.activity.course)
    layers = ruled.frozen_layers(wanted.draw, lessons)
    short = drawing.shortages(layers, banks)
    shown, place = [], 0
    for number, form in enumerate(sheet.rows, 1):
        is_filled = not form.is_empty if is_good else form.initial
        row: dict[str, Any] = {"form": form, "number": number, "there": None, "missing": 0}
        if is_filled and place < len(layers):
            row["there"], row["missing"] = len(drawing.matching(layers[place], banks)), short.get(place, 0)
            row["fixed"] = "question" in layers[place]
            place += 1
        shown.append(row)
    return shown
