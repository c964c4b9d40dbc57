"""When a cohort may take its quizzes, and the exceptions from that: for those who run or teach the cohort."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.access import participants
from cohorts.forms import SearchForm
from cohorts.models import Cohort, Enrolment
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, accommodating, arranging, windows
from ..models import Accommodation, Quiz
from ..windows_forms import ExceptionForm, WindowForm

PEOPLE = 10


@require_safe
def cohort_quizzes(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Every quiz and assignment of the cohort: window, exceptions, what runs now."""
    cohort = access.cohort_of_quizzes(request.user, cohort_id)
    return render(request, "quizzes/rules/cohort.html", {"cohort": cohort, "rows": arranging.rows(cohort)})


@require_http_methods(["GET", "POST"])
def cohort_quiz(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    """One quiz of the cohort: set its window, see and give exceptions."""
    cohort, quiz = access.quiz_of_cohort(request.user, cohort_id, activity_id)
    form = WindowForm(posted(request), window=arranging.window_of(quiz, cohort), zone=cohort.time_zone)
    if form.is_valid():
        try:
            changed = windows.set_window(quiz, cohort, **form.moments(), by=request.user)
        except windows.WindowError as error:
            form.add_error("closes_at", str(error))
        else:
            messages.success(request, "Waktu kuis tersimpan." if changed else "Tidak ada yang berubah.")
            return redirect("quizzes:cohort_quiz", cohort.pk, activity_id)
    return answer(request, "quizzes/rules/cohort_quiz.html", _context(request, cohort, quiz), form)


def _context(request: HttpRequest, cohort: Cohort, quiz: Quiz) -> dict[str, Any]:
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"].strip() if search.is_valid() else ""
    given = arranging.exceptions(quiz, cohort)
    return {
        "cohort": cohort,
        "quiz": quiz,
        "running": arranging.running_count(quiz, cohort),
        "rules": arranging.rule_facts(quiz, cohort),
        "page": page_of(request, given),
        "words": words,
        "found": list(_people(request, cohort, words)[:PEOPLE]) if words else [],
    }


def _people(request: HttpRequest, cohort: Cohort, words: str) -> Any:
    """Learners of the cohort by name or agency; never oneself."""
    rows = participants(request.user, cohort).exclude(learner=request.user).select_related("learner", "agency")
    for word in words.split()[:6]:
        rows = rows.filter(Q(learner__name__icontains=word) | Q(agency__name__icontains=word))
    return rows.order_by("learner__name", "pk")


@require_http_methods(["GET", "POST"])
def give_exception(request: HttpRequest, cohort_id: int, activity_id: int) -> HttpResponse:
    """More time, attempts or a later closing for one learner (``?peserta=``) or the whole cohort; asked once more before it is given."""
    cohort, quiz = access.quiz_of_cohort(request.user, cohort_id, activity_id)
    to = _whom(request, cohort)
    current = arranging.current(quiz, to)
    form = ExceptionForm(posted(request), current=current, zone=cohort.time_zone)
    if form.is_valid() and request.POST.get("yakin") == "1":
        try:
            accommodating.give(quiz, to, form.allowed(), reason=form.cleaned_data["reason"], by=request.user)
        except accommodating.AccommodationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Pengecualian diberikan. Peserta diberi tahu.")
            return redirect("quizzes:cohort_quiz", cohort.pk, activity_id)
    context = {
        "cohort": cohort,
        "quiz": quiz,
        "to": to if isinstance(to, Enrolment) else None,
        "current": current,
        "asks": arranging.told(form.allowed(), quiz, cohort) if form.is_bound and form.is_valid() else [],
    }
    return answer(request, "quizzes/rules/give.html", context, form)


def _whom(request: HttpRequest, cohort: Cohort) -> Enrolment | Cohort:
    """The learner that the address names, or the cohort when it names none; 404 for anybody else."""
    key = request.GET.get("peserta", "")
    if not key:
        return cohort
    rows = participants(request.user, cohort).exclude(learner=request.user).select_related("learner", "cohort__course")
    found = rows.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def end_exception(request: HttpRequest, accommodation_id: int) -> HttpResponse:
    """End an exception, asked once."""
    given: Accommodation = access.accommodation_to_end(request.user, accommodation_id)
    cohort_id = given.cohort_id or given.enrolment.cohort_id
    if request.method == "POST":
        try:
            accommodating.end(given, by=request.user)
            messages.success(request, "Pengecualian diakhiri. Peserta diberi tahu.")
        except accommodating.AccommodationError as error:
            messages.error(request, str(error))
        return redirect("quizzes:cohort_quiz", cohort_id, given.quiz.activity_id)
    context = {"given": given, "cohort_id": cohort_id, "facts": arranging.facts_of(given)}
    return render(request, "quizzes/rules/end.html", context)
