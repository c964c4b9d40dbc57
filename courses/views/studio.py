"""The studio: drafts of modules and lessons, written by authors and admins in their scope, seen by reviewers too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, checks, companions, comparing, editing, publishing, writing_guide
from .. import media as library
from ..forms import ImageForm, LessonForm, ModuleForm, MoveForm, NewLessonForm
from ..models import Activity, ActivityKind, Lesson, Media, Module

STATES = (("", "Semua"), ("berubah", "Draf berubah"), ("terbit", "Terbit"), ("belum", "Belum terbit"), ("arsip", "Arsip"))
IMAGES_PER_PAGE = 12


@require_safe
def studio(request: HttpRequest) -> HttpResponse:
    """Every module of the person's courses: state, version, what changed and by whom."""
    state = request.GET.get("keadaan", "")
    state = state if state in dict(STATES) else ""
    modules = access.modules_in_studio(request.user).select_related("course", "current_version", "draft_changed_by")
    conditions = {
        "": Q(archived_at__isnull=True),
        "berubah": Q(archived_at__isnull=True, draft_changed_at__isnull=False),
        "terbit": Q(archived_at__isnull=True, current_version__isnull=False),
        "belum": Q(archived_at__isnull=True, current_version__isnull=True),
        "arsip": Q(archived_at__isnull=False),
    }
    page = page_of(request, modules.filter(conditions[state]).order_by("course__title", "position", "pk"))
    courses = access.courses_in_studio(request.user).select_related("current_version").order_by("title")[:20]
    context = {"page": page, "state": state, "states": STATES, "courses": courses}
    return render(request, "courses/studio.html", context)


@require_http_methods(["GET", "POST"])
def studio_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """One module: its words, its parts in order, a new lesson."""
    find = access.module_to_write if request.method == "POST" else access.module_to_see
    module = find(request.user, module_id)
    initial = {key: getattr(module, key) for key in ("title", "summary", "objectives", "discussion")}
    form = ModuleForm(posted(request), initial=initial)
    if form.is_valid():
        changed = editing.edit_module(module, by=request.user, values=form.cleaned_data)
        messages.success(
            request, "Draf modul tersimpan. Peserta baru melihatnya sesudah diterbitkan." if changed else "Tidak ada yang berubah."
        )
        return redirect("courses:studio_module", module.pk)
    return answer(request, "courses/studio_module.html", module_context(request, module), form)


def module_context(request: HttpRequest, module: Module, new_lesson: NewLessonForm | None = None) -> dict[str, Any]:
    rows = list(publishing.activities_of(module))
    published = {item["activity"] for item in module.current_version.outline} if module.current_version else set()
    return {
        "module": module,
        "rows": [{"activity": row, "is_new": row.pk not in published, "is_lesson": row.kind == ActivityKind.LESSON} for row in rows],
        "minutes": sum(row.minutes for row in rows),
        "lesson_form": new_lesson or NewLessonForm(),
        "problems": publishing.holder_problems(module),
        "annexes": publishing.annexes(module),
        "may_write": access.may_write(request.user, module.course),
        "may_publish": access.may_publish(request.user, module.course),
    }


@require_POST
def add_lesson(request: HttpRequest, module_id: int) -> HttpResponse:
    """A new, empty lesson at the end of the module's lessons."""
    module = access.module_to_write(request.user, module_id)
    form = NewLessonForm(request.POST)
    if form.is_valid():
        activity = editing.add_lesson(module, by=request.user, **form.cleaned_data)
        messages.success(request, f"{activity.code} ditambahkan. Tulis isinya di sini.")
        return redirect("courses:studio_lesson", activity.pk)
    initial = {key: getattr(module, key) for key in ("title", "summary", "objectives", "discussion")}
    context = module_context(request, module, form) | {"form": ModuleForm(initial=initial), "has_errors": True}
    return render(request, "courses/studio_module.html", context, status=422)


@require_POST
def move(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One place up or down."""
    activity = access.activity_to_write(request.user, activity_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Arah pindah ini tidak dikenal. Pakai tombol naik atau turun.")
        return render(request, "courses/studio_refused.html", {"activity": activity}, status=422)
    try:
        place = editing.move_activity(activity, by=request.user, step=form.cleaned_data["step"])
    except editing.EditingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{activity.code} sekarang nomor {place}.")
    return _back(activity)


@require_POST
def archive(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Leave a part out of the next version."""
    activity = access.activity_to_write(request.user, activity_id)
    editing.archive_activity(activity, by=request.user)
    messages.success(request, f"{activity.code} tidak ikut pada versi berikutnya. Kemajuan peserta tetap tersimpan.")
    return _back(activity)


def _back(activity: Activity) -> HttpResponse:
    if activity.module_id:
        return redirect("courses:studio_module", activity.module_id)
    return redirect("courses:studio_course", activity.course_id)


@require_safe
def studio_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """The course's own activities, programme and rules."""
    course = access.course_to_see(request.user, course_id)
    context = {
        "course": course,
        "rows": publishing.activities_of(course),
        "companions": companions.counts(course),
        "modules": Module.objects.filter(course=course, archived_at__isnull=True).select_related("current_version").order_by("position"),
        "problems": publishing.holder_problems(course),
        "annexes": publishing.annexes(course),
        "may_publish": access.may_publish(request.user, course),
    }
    return render(request, "courses/studio_course.html", context)


@require_safe
def guide_for_writers(request: HttpRequest) -> HttpResponse:
    """How a lesson is written: every block with its source and what it becomes."""
    picture = (
        Media.objects.filter(course__in=access.courses_in_studio(request.user)).in_use().defer("source").order_by("handle", "pk").last()
    )
    samples = [(sample, writing_guide.shown(sample, picture)) for sample in (writing_guide.INLINE, *writing_guide.SAMPLES)]
    return render(request, "courses/writing_guide.html", {"samples": samples})


@require_http_methods(["GET", "POST"])
def studio_lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Write a lesson: save, or look at it as learners will (``act=preview``). Nothing is lost when two people save."""
    find = access.lesson_to_write if request.method == "POST" else access.lesson_to_see
    activity = find(request.user, activity_id)
    form = LessonForm(posted(request), initial=_initial(activity))
    if form.is_valid() and request.POST.get("act") != "preview":
        try:
            changed = editing.save_lesson(
                activity,
                by=request.user,
                edit_number=form.cleaned_data["edit_number"],
                body=form.cleaned_data["body"],
                values=form.values(),
                facts=form.facts(),
            )
        except editing.StaleEdit as stale:
            return _stale(request, activity, form, stale)
        messages.success(request, "Draf pelajaran tersimpan." if changed else "Tidak ada yang berubah.")
        return redirect("courses:studio_lesson", activity.pk)
    return answer(request, "courses/studio_lesson.html", _lesson_context(request, activity, form), form)


def _initial(activity: Activity) -> dict[str, Any]:
    lesson = activity.lesson
    kept = {key: getattr(lesson, key) for key in ("edit_number", "body", "objectives", "reviewed_on")}
    return {**kept, "title": activity.title, "minutes": activity.minutes}


def _lesson_context(request: HttpRequest, activity: Activity, form: LessonForm) -> dict[str, Any]:
    body = form.cleaned_data.get("body", "") if form.is_bound and form.is_valid() else activity.lesson.body
    pictures = publishing.library_of(activity.course_id)
    html = publishing.drawn(body, activity.course_id, pictures)
    draft = Activity(code=activity.code, title=activity.title, course_id=activity.course_id)
    draft.lesson = Lesson(body=body)
    return {
        "activity": activity,
        "preview": checks.with_answers(html, body),
        "tools": writing_guide.TOOLS,
        "samples": writing_guide.SAMPLES,
        "is_preview": request.method == "POST" and request.POST.get("act") == "preview",
        "size": publishing.compressed_size(body, html, pictures),
        "words": len(body.split()),
        "most": publishing.MOST_BYTES,
        "problems": publishing.lesson_problems(draft, pictures),
        "may_write": access.may_write(request.user, activity.course),
        "may_publish": access.may_publish(request.user, activity.course),
    }


def _stale(request: HttpRequest, activity: Activity, form: LessonForm, stale: editing.StaleEdit) -> HttpResponse:
    """Both texts on one page: what was typed stays in the form, and saving again is a decision."""
    mine = form.cleaned_data["body"]
    context = _lesson_context(request, activity, form) | {
        "stored": stale.stored,
        "difference": comparing.word_pieces(stale.stored.body, mine),
        "has_errors": True,
    }
    form.add_error(None, str(stale))
    again = request.POST.copy()
    again["edit_number"] = str(stale.stored.edit_number)
    form.data = again
    return answer(request, "courses/studio_lesson.html", context, form)


@require_http_methods(["GET", "POST"])
def images(request: HttpRequest, course_id: int) -> HttpResponse:
    """The course's pictures, and a way to add one."""
    find = access.course_to_write if request.method == "POST" else access.course_to_see
    course = find(request.user, course_id)
    form = ImageForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        try:
            image = library.add_image(
                course, form.cleaned_data["image"], alternative_text=form.cleaned_data["alternative_text"], by=request.user
            )
        except library.MediaError as error:
            form.add_error("image", str(error))
        else:
            messages.success(request, f"Gambar tersimpan, {image.size // 1000 + 1} KB. Salin barisnya ke dalam pelajaran.")
            return redirect("courses:images", course.pk)
    page = page_of(request, Media.objects.filter(course=course).in_use().defer("source"), IMAGES_PER_PAGE)
    context = {"course": course, "page": page, "may_write": access.may_write(request.user, course)}
    return answer(request, "courses/images.html", context, form)
