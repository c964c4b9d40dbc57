"""A course as a whole: made, its words, rules and programme, copied for the next year, archived."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linimasa.forms import answer, posted

from .. import access, archiving, copying, editing, publishing
from ..models import Activity, Course, Module
from ..outline_forms import CopyCourseForm, CourseForm, NewCourseForm, ProgrammeForms, RulesForm

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
def new_course(request: HttpRequest) -> HttpResponse:
    """An empty course; nobody sees it before it is published."""
    form = NewCourseForm(posted(request))
    if form.is_valid():
        made = copying.create_course(by=request.user, **form.cleaned_data)
        messages.success(request, "Kursus dibuat. Tambahkan modul pertamanya, lalu isi aturannya di Pengaturan.")
        return redirect("courses:studio_course", made.pk)
    return answer(request, "courses/new_course.html", {}, form)


@require_http_methods(["GET", "POST"])
def course_settings(request: HttpRequest, course_id: int) -> HttpResponse:
    """Words, rules and programme of a course; published with the course's next version."""
    find = access.course_to_write if request.method == "POST" else access.course_to_see
    course = find(request.user, course_id)
    sent = posted(request)
    form = CourseForm(sent, initial={name: getattr(course, name) for name in ("title", "full_title", "summary")})
    rules = RulesForm(sent, initial=RulesForm.initial_of(course.rules))
    programme = _programme(course, sent)
    if sent is not None and all([form.is_valid(), rules.is_valid(), programme.is_valid()]):
        values: dict[str, Any] = {**form.cleaned_data, "rules": rules.rules(course.rules), "programme": programme.programme()}
        changed = editing.edit_course(course, by=request.user, values=values)
        told = "Draf pengaturan tersimpan. Berlaku sesudah kursus diterbitkan." if changed else "Tidak ada yang berubah."
        messages.success(request, told)
        return redirect("courses:course_settings", course.pk)
    context = {
        "course": course,
        "form": form,
        "rules": rules,
        "programme": programme,
        "effects": publishing.effects(course),
        "may_write": access.may_write(request.user, course),
        "may_archive": access.may_create_courses(request.user),
        "has_errors": sent is not None,
    }
    return render(request, "courses/course_settings.html", context, status=UNPROCESSABLE if sent is not None else 200)


def _programme(course: Course, sent: Any) -> ProgrammeForms:
    modules = list(Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk"))
    own = Activity.objects.filter(course=course, module__isnull=True, archived_at__isnull=True).order_by("position", "pk")
    return ProgrammeForms(sent, course.programme, modules=modules, codes=own.values_list("code", flat=True))


@require_http_methods(["GET", "POST"])
def copy_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Everything that is written, as a new draft for the next year."""
    course = access.course_to_write(request.user, course_id)
    form = CopyCourseForm(posted(request), initial={"title": f"{course.title} (salinan)"[:200]})
    if form.is_valid():
        made = copying.copy_course(course, by=request.user, **form.cleaned_data)
        messages.success(request, "Salinan siap sebagai draf: modul, soal, kuis, media, dan aturan. Belum ada peserta di dalamnya.")
        return redirect("courses:studio_course", made.pk)
    return answer(request, "courses/copy_course.html", {"course": course}, form)


@require_POST
def archive_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """No longer offered; cohorts that run it end as they began."""
    course = access.course_to_write(request.user, course_id)
    archiving.archive_course(course, by=request.user)
    messages.success(request, f"{course.title} diarsipkan dan tidak lagi ditawarkan. Angkatan yang berjalan tetap berjalan.")
    return redirect("courses:studio_course", course.pk)


@require_POST
def bring_course_back(request: HttpRequest, course_id: int) -> HttpResponse:
    """Offered again."""
    course = access.course_to_write(request.user, course_id)
    archiving.bring_course_back(course, by=request.user)
    messages.success(request, f"{course.title} ditawarkan lagi.")
    return redirect("courses:studio_course", course.pk)
