"""What goes with practical work: its worksheet to fill in, and two sample answers with what the rubric says of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Role
from courses.models import Activity

from .. import access, assignments, worksheets
from .. import samples as sampling
from ..models import QuestionVersion


@require_safe
def worksheet(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """The worksheet as the learner's own work offers it."""
    work = assignments.work_of(*access.own_practical(request.user, activity_id))
    version = assignments.version_of(work.current) if work.current else assignments.published_version(work)
    if version is None:
        raise Http404
    return worksheets.answer(request, version)


@require_safe
def samples(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Both samples: to staff of the course always, to a learner once the own work was handed in; absent for everybody else."""
    quiz = access.practical_of_staff(request.user, activity_id)
    if quiz is not None:
        if access.has_still_to_do(request.user, quiz):
            return _own_work_first(request, quiz.activity)
        return _page(request, sampling.published(quiz), quiz.activity, _staff_place(request, quiz.activity))
    work = assignments.work_of(*access.own_practical(request.user, activity_id))
    if work.handed_in is None or work.current is None:
        raise Http404
    back = (reverse("quizzes:assignment", args=[activity_id]), "Kembali ke tugas")
    return _page(request, assignments.version_of(work.current), work.quiz.activity, back)


@require_safe
def worksheet_to_grade(request: HttpRequest, attempt_id: int) -> HttpResponseBase:
    """The worksheet that the learner on the bench was offered."""
    return worksheets.answer(request, assignments.version_of(access.practical_to_grade(request.user, attempt_id)))


@require_safe
def samples_to_grade(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The samples measured by the rubric that this work is graded with."""
    attempt = access.practical_to_grade(request.user, attempt_id)
    if access.has_still_to_do(request.user, attempt.quiz):
        return _own_work_first(request, attempt.quiz.activity)
    back = (reverse("quizzes:grade_attempt", args=[attempt_id]), "Kembali ke penilaian")
    return _page(request, assignments.version_of(attempt), attempt.quiz.activity, back)


def _own_work_first(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Staff who learn too: the samples open with their own work, as for everybody."""
    messages.warning(request, "Anda juga peserta kursus ini. Contoh jawaban terbuka setelah Anda mengirim tugas Anda sendiri.")
    return redirect("quizzes:assignment", activity.pk)


def _page(request: HttpRequest, version: QuestionVersion | None, activity: Activity, back: tuple[str, str]) -> HttpResponse:
    rows = sampling.shown(version) if version else []
    if not rows:
        raise Http404
    context = {"activity": activity, "samples": rows, "back_url": back[0], "back_label": back[1]}
    return render(request, "quizzes/samples.html", context)


def _staff_place(request: HttpRequest, activity: Activity) -> tuple[str, str]:
    """Where someone of the staff comes from: the studio, the own work queue, or the cohorts."""
    roles = request.user.roles()
    if activity.module_id and roles & {Role.AUTHOR, Role.REVIEWER}:
        return reverse("courses:studio_module", args=[activity.module_id]), "Kembali ke studio"
    if Role.TRAINER in roles:
        return reverse("quizzes:grading_queue"), "Kembali ke penilaian"
    return reverse("cohorts:cohorts"), "Kembali ke angkatan"
