"""Statistics of quizzes and questions, as the worker computed them, and the gain between two tests."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from courses.access import may_write
from linimasa.paging import page_of

from ..measuring import access, definitions, flags, reports, showing, tables
from ..models import QuestionVersion, Quiz, Statistics

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    """The quizzes with their numbers, of one cohort or of all."""
    place, rows = access.place_of_list(request.user, request.GET.get("angkatan", ""))
    page = page_of(request, rows)
    shown = showing.quizzes(list(page), place) if place else []
    return render(request, "quizzes/statistics/quizzes.html", {"place": place, "page": page, "rows": shown})


def _kept(quiz: Quiz, place: access.Place) -> Statistics | None:
    return Statistics.objects.filter(quiz=quiz, cohort=place.cohort).first()


def _frame(request: HttpRequest, quiz: Quiz, place: access.Place, found: Statistics | None) -> dict[str, Any]:
    """What every page of one quiz shows around its numbers."""
    word, _ = showing.choice_of(request.GET.get("percobaan", ""))
    kept = {"angkatan": place.word} | ({"percobaan": word} if word else {})
    return {
        "quiz": quiz,
        "activity": quiz.activity,
        "place": place,
        "found": found,
        "state": showing.state(found),
        "chosen": word,
        "choices": [(key, label) for key, (_, label) in showing.CHOICES.items()],
        "query": urlencode(kept),
        "edits": access.edits(request.user, quiz),
    }


@require_safe
def quiz(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One quiz: its summary, and its questions with what to look at first."""
    measured, place = access.quiz_to_measure(request.user, activity_id, request.GET.get("angkatan", ""))
    found = _kept(measured, place)
    context = _frame(request, measured, place, found)
    told = showing.of(found, showing.CHOICES[context["chosen"]][0])
    sort = request.GET.get("urut", "")
    every = showing.sorted_items(told["items"], measured, sort)
    page = page_of(request, every, PER_PAGE)
    worst = showing.spot(every, measured)
    context |= {
        "summary": showing.summary(told["summary"]),
        "headline": showing.headline(every),
        "page": page,
        "rows": showing.drawn(list(page)),
        "worst": worst,
        "corrects": worst is not None and _has_wrong_key(worst) and may_write(request.user, measured.activity.course),
        "sort": sort if sort in showing.SORTS else "",
        "sorts": [(key, label) for key, (label, _) in showing.SORTS.items()],
        "definitions": (*definitions.OF_QUIZ, *definitions.OF_QUESTION),
    }
    return render(request, "quizzes/statistics/quiz.html", context)


def _has_wrong_key(item: dict[str, Any]) -> bool:
    """Whether the numbers say that another option may be right: then answers that were given are to be judged again, too."""
    return any(flag == flags.Flag.WRONG_KEY for flag, _letters in item["main"]["flags"])


@require_safe
def question(request: HttpRequest, activity_id: int, question_id: int) -> HttpResponse:
    """One question: what was chosen by whom, how it tells strong from weak, how long it takes; each version by itself."""
    measured, place = access.quiz_to_measure(request.user, activity_id, request.GET.get("angkatan", ""))
    asked = access.question_of(request.user, measured, question_id)
    found = _kept(measured, place)
    context = _frame(request, measured, place, found)
    told = showing.of(found, showing.CHOICES[context["chosen"]][0])
    versions: list[dict[str, Any]] = next((one["versions"] for one in told["items"] if one["question"] == asked.pk), [])
    numbers, version = access.version_of(request.user, measured, asked, versions, request.GET.get("versi", ""))
    context |= showing.one(asked, numbers, version, measured)
    context |= {"versions": versions, "definitions": definitions.OF_QUESTION, "corrects": may_write(request.user, asked.course)}
    return render(request, "quizzes/statistics/question.html", context)


@require_POST
def compute(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Let the worker compute the statistics now."""
    measured, place = access.quiz_to_measure(request.user, activity_id, request.POST.get("angkatan", ""))
    reports.ask(measured, place.cohort)
    messages.success(request, "Statistik sedang dihitung. Muat ulang halaman ini sebentar lagi.")
    return redirect(f"{reverse('quizzes:statistics_quiz', args=[activity_id])}?{urlencode({'angkatan': place.word})}")


@require_safe
def download(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The tables as a file: ``bentuk`` csv or xlsx, ``isi`` (of CSV) soal or pilihan."""
    measured, place = access.quiz_to_measure(request.user, activity_id, request.GET.get("angkatan", ""))
    _, choice = showing.choice_of(request.GET.get("percobaan", ""))
    told = showing.of(_kept(measured, place), choice)
    versions = {one["question"]: one["versions"] for one in told["items"]}
    items = [one | {"versions": versions[one["question"]]} for one in showing.sorted_items(told["items"], measured, "kode")]
    texts = QuestionVersion.objects.in_bulk([one["version"] for item in items for one in item["versions"] if "n" in one])
    sheets = [
        ("Soal", tables.QUESTIONS, tables.question_rows(items)),
        ("Pilihan", tables.OPTIONS, tables.option_rows(items, lambda version, row: showing.words(row, texts[version]))),
    ]
    if request.GET.get("bentuk") == "xlsx":
        name, body, kind = f"statistik-{activity_id}.xlsx", tables.as_xlsx(told["summary"], sheets), XLSX
    else:
        sheet = sheets[request.GET.get("isi") == "pilihan"]
        name, body, kind = f"statistik-{activity_id}-{sheet[0].lower()}.csv", tables.as_csv(sheet[1], sheet[2]), "text/csv; charset=utf-8"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
def gain(request: HttpRequest, course_id: int) -> HttpResponse:
    """What the learners of a course gained between its test before and after, cohort by cohort."""
    course, place = access.course_to_compare(request.user, course_id)
    word, choice = showing.choice_of(request.GET.get("percobaan", ""))
    context = {
        "course": course,
        "rows": showing.gains(course.pk, place, choice),
        "tests": showing.tests_of(course.pk),
        "chosen": word,
        "choices": [(key, label) for key, (_, label) in showing.CHOICES.items()],
        "definitions": definitions.OF_GAIN,
    }
    return render(request, "quizzes/statistics/gain.html", context)
