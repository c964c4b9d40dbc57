"""Putting right: which key is wrong, what the right one would change, doing it, and how far the worker is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.access import may_publish, may_write
from linimasa.forms import posted
from linimasa.paging import page_of
from linimasa.writing import listed

from .. import access, loading
from ..bank import access as bank_access
from ..bank import editing, writing
from ..correcting import carrying, deciding, impact, telling
from ..correcting.forms import CorrectionForm, DoubtForm
from ..kinds import kind_of, registry
from ..kinds.editors import EDITORS
from ..models import Correction, Question

KEPT = "koreksi"  # in the session: what was filled in and is looked at before it is done
UNPROCESSABLE = 422
MOST_ROWS = 20


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, question_id: int) -> HttpResponse:
    """What is asked, the key as it is, the right one, and what becomes of the marks. Nothing is done yet."""
    found = _question(request, question_id)
    sent, version = posted(request), found.current_version
    register, pictures = loading.register_of(found.course), writing.pictures_of(found.course, found.kind)
    content = _kept(request, found).get("content", version.content)
    form = EDITORS[found.kind](sent, content=content, register=register, pictures=pictures, takes_files=False)
    choices = CorrectionForm(sent, question=found, initial=_kept(request, found))
    if sent is not None and not form.wants_more and all([form.is_valid(), choices.is_valid()]):
        problems = _problems(found, form.content(), choices.cleaned_data)
        if not problems:
            for sentence in form.dropped:
                messages.info(request, sentence)
            _keep(request, found, {**choices.cleaned_data, "content": form.content(), "edit_number": version.number})
            return redirect("quizzes:correct_impact", found.pk)
        for sentence in problems:
            choices.add_error(None, sentence)
    refused = sent is not None and not form.wants_more
    context = _context(request, found) | {
        "form": form,
        "choices": choices,
        "rows": writing.rows(form),
        "can_grow": bool(form.starts_with),
        "now": kind_of(version).rows(kind_of(version).correct(), None) if not registry[found.kind].graded_by_person else [],
        "page": page_of(request, found.corrections.select_related("by", "old_version", "new_version"), 10),
    }
    return render(request, "quizzes/correct/correct.html", context, status=UNPROCESSABLE if refused else 200)


def _problems(found: Question, content: dict[str, Any], chosen: dict[str, Any]) -> list[str]:
    problems = deciding.problems(found, chosen["choice"], content, reason=chosen["reason"])
    others = found.versions.filter(pk__in=chosen["also"])
    return problems + [
        f"Versi {one.number} terlalu berbeda, jadi jawabannya tidak dapat dinilai dengan kunci baru."
        for one in others
        if not carrying.can_carry(one.kind, one.content, content)
    ]


@require_http_methods(["GET", "POST"])
def correct_impact(request: HttpRequest, question_id: int) -> HttpResponse:
    """Who would change by how much; POST does it."""
    found = _question(request, question_id)
    kept = _kept(request, found)
    if not kept or kept["edit_number"] != found.current_version.number:
        if kept:
            messages.error(request, "Soal ini disimpan orang lain sesudah Anda membukanya. Periksa lagi, lalu lanjutkan.")
        return redirect("quizzes:correct", found.pk)
    if request.method == "POST":
        return _do(request, found, kept)
    rule = deciding.rule_of(kept["choice"], found, kept["content"], reason=kept["reason"])
    versions = deciding.covered(found, kept["content"], kept["also"])
    told = impact.impact(found, rule, versions, viewer=request.user, over_trainers=kept["over_trainers"])
    context = _context(request, found) | {
        "kept": kept,
        "told": told,
        "sentences": impact.sentences(told),
        "choice": dict(CorrectionForm.LABELS)[kept["choice"]],
        "groups": told.groups[:MOST_ROWS],
        "more_groups": max(len(told.groups) - MOST_ROWS, 0),
        "versions": [one.number for one in versions.values()],
    }
    return render(request, "quizzes/correct/impact.html", context)


def _do(request: HttpRequest, found: Question, kept: dict[str, Any]) -> HttpResponse:
    words = {name: kept[name] for name in ("reason", "over_trainers", "also", "edit_number")}
    try:
        made = deciding.correct(found, kept["choice"], kept["content"], by=request.user, **words)
    except (deciding.CorrectingError, editing.EditingError) as error:
        messages.error(request, str(error))
        return redirect("quizzes:correct", found.pk)
    except IntegrityError:  # two authors pressed together
        messages.error(request, deciding.ALREADY)
        return redirect("quizzes:correct", found.pk)
    request.session.pop(KEPT, None)
    messages.success(request, "Koreksi tercatat. Nilai dihitung ulang di latar belakang, dan peserta yang nilainya berubah diberi tahu.")
    return redirect("quizzes:correction", made.pk)


@require_safe
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """How far the worker is, and what was decided."""
    shown = get_object_or_404(Correction.objects.select_related("by", "old_version", "new_version"), pk=correction_id)
    found = bank_access.question_to_see(request.user, shown.question_id)
    context = _context(request, found) | {
        "correction": shown,
        "choice": dict(CorrectionForm.LABELS)[shown.choice],
        "is_done": shown.status == "done",
        "versions": listed(shown.covered.order_by("version__number").values_list("version__number", flat=True)),
    }
    return render(request, "quizzes/correct/correction.html", context)


@require_http_methods(["GET", "POST"])
def doubt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """A trainer tells the authors that the key of one of this attempt's questions may be wrong."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    responses = attempt.responses.select_related("question_version__question__course").order_by("position")
    asked = {one.question_version.question_id: (one.position, one.question_version) for one in responses}
    form = DoubtForm(posted(request), asked=asked)
    if form.is_valid():
        question = asked[form.cleaned_data["question"]][1].question
        told = telling.doubt_key(question, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, f"Penulis soal {question.code} diberi tahu." if told else "Anda sudah melaporkan soal ini sebelumnya.")
        return redirect("quizzes:grade_attempt", attempt.pk)
    course = attempt.quiz.activity.course
    context = {"attempt": attempt, "form": form, "asked": asked, "may_write": may_write(request.user, course)}
    return render(request, "quizzes/correct/doubt.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _question(request: HttpRequest, question_id: int) -> Question:
    found = bank_access.question_to_write(request.user, question_id)
    if found.current_version is None or found.kind not in EDITORS:
        raise Http404
    return found


def _context(request: HttpRequest, found: Question) -> dict[str, Any]:
    return {
        "question": found,
        "course": found.course,
        "module": found.module,
        "kind": registry[found.kind],
        "version": found.current_version,
        "may_publish": found.module is not None and may_publish(request.user, found.course),
    }


def _kept(request: HttpRequest, found: Question) -> dict[str, Any]:
    kept = request.session.get(KEPT) or {}
    return kept if kept.get("question") == found.pk else {}


def _keep(request: HttpRequest, found: Question, values: dict[str, Any]) -> None:
    request.session[KEPT] = {**values, "question": found.pk}
