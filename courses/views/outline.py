"""The outline of a course in the studio: its parts in order, added, moved, copied, archived and brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, archiving, arranging, companions, copying, editing, overview, proposing, publishing
from ..forms import ModuleForm
from ..holders import Holder, course_of
from ..models import Activity, ActivityKind, Course, Module
from ..outline_forms import COURSE_ITSELF, NewModuleForm, NewPartForm, PartForm, PlaceForm, TargetForm

UNPROCESSABLE = 422
MOST_WAITING = 12
NONE_FOUND = {
    "saya": "Tidak ada tulisan yang menunggu Anda",
    "draf": "Tidak ada draf yang belum terbit",
    "ditinjau": "Tidak ada yang sedang ditinjau",
    "tinjau-ulang": "Tidak ada yang perlu ditinjau ulang",
}
NEXT: dict[str, str] = {
    ActivityKind.LESSON: "Tulis isinya di sini.",
    ActivityKind.QUIZ: "Tulis soalnya di bank soal, lalu tentukan di sini berapa yang diambil.",
    ActivityKind.ASSIGNMENT: "Tulis petunjuk dan rubriknya, lalu atur kesempatannya di sini.",
}


@require_safe
def studio(request: HttpRequest) -> HttpResponse:
    """The person's courses, those in use first, and what is done with them."""
    wants_archive = request.GET.get("keadaan") == "arsip"
    live = Q(modules__archived_at__isnull=True)
    courses = (
        access.courses_in_studio(request.user)
        .filter(archived_at__isnull=not wants_archive)
        .filter(Q(is_practice=False) | Q(practised_by=request.user))
        .select_related("current_version", "draft_changed_by")
        .annotate(
            count=Count("modules", filter=live),
            changed=Count("modules", filter=live & Q(modules__draft_changed_at__isnull=False)),
        )
        .order_by("is_practice", "title", "pk")
    )
    page = page_of(request, courses)
    context = {
        "page": page,
        "waiting": proposing.waiting(page)[:MOST_WAITING],
        "wants_archive": wants_archive,
        **_own_work(request, wants_archive=wants_archive),
        "may_create": access.may_create_courses(request.user),
    }
    return render(request, "courses/studio.html", context)


def _own_work(request: HttpRequest, *, wants_archive: bool) -> dict[str, Any]:
    """What this author wrote last, to go on with; or that they have written nothing yet."""
    writable = access.courses_to_write(request.user).filter(archived_at__isnull=True)
    if wants_archive or not writable.exists():
        return {}
    latest = overview.latest_of(request.user, writable)
    return {"latest": latest, "is_new": latest is None}


# --- the outline of a course ------------------------------------------------------------------------------------------
@require_safe
def studio_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """All parts of a course in order with their state; who works on what; what is left before it is published."""
    return _course_page(request, access.course_to_see(request.user, course_id))


def _course_page(request: HttpRequest, course: Course, **more: Any) -> HttpResponse:
    wanted = request.GET.get("saring", "")
    wanted = wanted if wanted in dict(overview.FILTERS) else ""
    opened = request.GET.get("buka", "")
    shown = overview.of(course, request.user, wanted=wanted, opened=opened)
    context = {
        "course": course,
        "shown": shown,
        "wanted": wanted,
        "none_found": NONE_FOUND.get(wanted, "Belum ada bagian"),
        "filters": [(word, label, shown.counts[word]) for word, label in overview.FILTERS],
        "opened": opened,
        "ordering": request.GET.get("urut", ""),
        "companions": companions.counts(course),
        "annexes": publishing.annexes(course),
        "may_write": access.may_write(request.user, course),
        "may_publish": access.may_publish(request.user, course),
        "module_form": NewModuleForm(auto_id="modul-baru_%s"),
    }
    refused = more.pop("refused", {})
    for group in shown.groups:
        group.form = refused.get(group.code) or NewPartForm(auto_id=f"{group.code}_%s")
        group.is_open = group.is_open or group.code in refused
    context |= more
    return render(request, "courses/studio_course.html", context, status=UNPROCESSABLE if more.get("has_errors") else 200)


@require_POST
def add_to_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """A new part of the course's own."""
    return _add(request, access.course_to_write(request.user, course_id))


@require_POST
def add_to_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """A new part of a module."""
    return _add(request, access.module_to_write(request.user, module_id))


def _add(request: HttpRequest, holder: Holder) -> HttpResponse:
    code = _code(holder)
    form = NewPartForm(request.POST, auto_id=f"{code}_%s")
    if form.is_valid():
        try:
            made = arranging.add(holder, by=request.user, **form.cleaned_data)
        except editing.EditingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.code} ditambahkan. {NEXT.get(made.kind, 'Lengkapi keterangannya di sini.')}")
            return redirect(overview.address_of(made))
    course = course_of(holder)
    return _course_page(request, course, form=form, has_errors=True, refused={code: form})


@require_POST
def add_module(request: HttpRequest, course_id: int) -> HttpResponse:
    """A new, empty module after the last."""
    course = access.course_to_write(request.user, course_id)
    form = NewModuleForm(request.POST, auto_id="modul-baru_%s")
    if form.is_valid():
        try:
            made = arranging.add_module(course, by=request.user, **form.cleaned_data)
        except editing.EditingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Modul {made.code} ditambahkan. Tambahkan pelajaran pertamanya.")
            return redirect(_outline(course, made.code))
    return _course_page(request, course, form=form, module_form=form, has_errors=True)


# --- one part ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, activity_id: int) -> HttpResponse:
    """What every part has: title, minutes, whether it is required; and what is done with it: moved, copied, archived."""
    find = access.activity_to_write if request.method == "POST" else access.part_to_see
    activity = find(request.user, activity_id)
    form = PartForm(posted(request), initial={name: getattr(activity, name) for name in ("title", "minutes", "is_required")})
    if form.is_valid():
        changed = editing.edit_activity(activity, by=request.user, values=form.cleaned_data)
        messages.success(request, "Draf tersimpan." if changed else "Tidak ada yang berubah.")
        return redirect("courses:part", activity.pk)
    return _part_page(request, activity, form)


def _part_page(request: HttpRequest, activity: Activity, form: PartForm | None = None, target: TargetForm | None = None) -> HttpResponse:
    course = activity.course
    form = form or PartForm(initial={name: getattr(activity, name) for name in ("title", "minutes", "is_required")})
    context = {
        "activity": activity,
        "course": course,
        "url": overview.address_of(activity),
        "target_form": target or _target_form(activity),
        "back": _outline(course, _code(activity.module or course)),
        "may_write": access.may_write(request.user, course),
        "has_errors": bool(form.is_bound and form.errors) or bool(target and target.errors),
    }
    return answer(request, "courses/part.html", context, form, status=UNPROCESSABLE if context["has_errors"] else 200)


def _target_form(activity: Activity, sent: Any = None) -> TargetForm:
    modules = Module.objects.filter(course=activity.course, archived_at__isnull=True).order_by("position", "pk")
    return TargetForm(sent, modules=modules, here=_code(activity.module or activity.course), auto_id="pindah_%s")


@require_POST
def move(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One place up or down, or to a place in this or another module. A script gets the sentence alone."""
    activity = access.activity_to_write(request.user, activity_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _refused(request, activity, "Arah pindah ini tidak dikenal. Pakai tombol naik atau turun.")
    try:
        told, holder = _moved(request, activity, form.cleaned_data)
    except editing.EditingError as error:
        return _refused(request, activity, str(error))
    if _wants_words(request):
        return JsonResponse({"told": told})
    messages.success(request, told)
    return redirect(_outline(activity.course, _code(holder), ordering=True))


def _moved(request: HttpRequest, activity: Activity, asked: dict[str, Any]) -> tuple[str, Holder]:
    holder: Holder = activity.module or activity.course
    if asked["target"]:
        target = _holder(activity.course, asked["target"])
        place = arranging.place(activity, by=request.user, target=target, position=asked["position"])
        return f"{activity.code} sekarang nomor {place} di {arranging.name_of(target)}.", target
    place = arranging.step_part(activity, by=request.user, step=asked["step"])
    return f"{activity.code} sekarang nomor {place}.", holder


def _holder(course: Course, code: str) -> Holder:
    if code == COURSE_ITSELF:
        return course
    found = Module.objects.filter(course=course, code=code, archived_at__isnull=True).select_related("course").first()
    if found is None:
        raise editing.EditingError("Modul tujuan tidak ada lagi. Muat ulang halaman untuk melihat susunan sekarang.")
    return found


def _refused(request: HttpRequest, activity: Activity, sentence: str) -> HttpResponse:
    if _wants_words(request):
        return JsonResponse({"told": sentence}, status=UNPROCESSABLE)
    messages.error(request, sentence)
    return render(request, "courses/studio_refused.html", {"course": activity.course}, status=UNPROCESSABLE)


@require_POST
def copy(request: HttpRequest, activity_id: int) -> HttpResponse:
    """A copy right after the original."""
    activity = access.activity_to_write(request.user, activity_id)

    def done() -> tuple[str, str]:
        made = copying.copy_part(activity, by=request.user)
        return f"{activity.code} disalin menjadi {made.code}.", reverse("courses:part", args=[made.pk])

    return _done(request, done, activity)


@require_POST
def archive(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Leave a part out of the next version."""
    activity = access.activity_to_write(request.user, activity_id)
    editing.archive_activity(activity, by=request.user)
    told = f"{activity.code} tidak ikut pada versi berikutnya. Kemajuan peserta tetap tersimpan; bagian ini dapat dikembalikan dari arsip."
    messages.success(request, told)
    return redirect(_outline(activity.course, _code(activity.module or activity.course)))


@require_POST
def bring_back(request: HttpRequest, activity_id: int) -> HttpResponse:
    """An archived part comes back at the end of its module."""
    activity = access.activity_to_write(request.user, activity_id)

    def done() -> tuple[str, str]:
        archiving.bring_back(activity, by=request.user)
        return f"{activity.code} kembali ke susunan.", _outline(activity.course, _code(activity.module or activity.course))

    return _done(request, done, activity)


def _done(request: HttpRequest, act: Callable[[], tuple[str, str]], activity: Activity) -> HttpResponse:
    try:
        told, url = act()
    except editing.EditingError as error:
        return _refused(request, activity, str(error))
    messages.success(request, told)
    return redirect(url)


# --- one module -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def studio_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """One module: its words, its parts with their state, what is left before it is published."""
    find = access.module_to_write if request.method == "POST" else access.module_to_see
    module = find(request.user, module_id)
    names = ("title", "summary", "objectives", "discussion", "is_optional")
    form = ModuleForm(posted(request), initial={key: getattr(module, key) for key in names})
    if form.is_valid():
        changed = editing.edit_module(module, by=request.user, values=form.cleaned_data)
        told = "Draf modul tersimpan. Peserta baru melihatnya sesudah diterbitkan." if changed else "Tidak ada yang berubah."
        messages.success(request, told)
        return redirect("courses:studio_module", module.pk)
    group = overview.of_holder(module, request.user)
    context = {
        "module": module,
        "course": module.course,
        "group": group,
        "problems": [*group.problems, *((row.activity.code, one, row.url) for row in group.rows for one in row.problems)],
        "annexes": publishing.annexes(module),
        "may_write": access.may_write(request.user, module.course),
        "may_publish": access.may_publish(request.user, module.course),
    }
    return answer(request, "courses/studio_module.html", context, form)


@require_POST
def move_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """One place up or down."""
    module = access.module_to_write(request.user, module_id)
    form = PlaceForm(request.POST)
    if form.is_valid() and form.cleaned_data["step"]:
        try:
            place = arranging.step_module(module, by=request.user, step=form.cleaned_data["step"])
        except editing.EditingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Modul {module.code} sekarang nomor {place}.")
        return redirect(_outline(module.course, module.code, ordering=True))
    messages.error(request, "Arah pindah ini tidak dikenal. Pakai tombol naik atau turun.")
    return render(request, "courses/studio_refused.html", {"course": module.course}, status=UNPROCESSABLE)


@require_POST
def copy_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """A copy of the module with all its parts, after the last module."""
    module = access.module_to_write(request.user, module_id)
    try:
        made = copying.copy_module(module, by=request.user)
    except editing.EditingError as error:
        messages.error(request, str(error))
        return render(request, "courses/studio_refused.html", {"course": module.course}, status=UNPROCESSABLE)
    messages.success(request, f"Modul {module.code} disalin menjadi {made.code}. Kuisnya tetap memakai bank soal {module.code}.")
    return redirect(_outline(module.course, made.code))


@require_http_methods(["GET", "POST"])
def archive_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """Asks first, with whom it reaches; then the module leaves what is offered."""
    module = access.module_to_write(request.user, module_id)
    if request.method == "POST":
        archiving.archive_module(module, by=request.user)
        messages.success(request, f"Modul {module.code} diarsipkan. Angkatan yang sudah memakainya tetap memakai versinya.")
        return redirect("courses:archive_list", module.course_id)
    return render(request, "courses/archive_module.html", {"module": module, "effects": publishing.effects(module)})


@require_POST
def bring_module_back(request: HttpRequest, module_id: int) -> HttpResponse:
    """An archived module comes back after the others."""
    module = access.module_to_write(request.user, module_id)
    archiving.bring_module_back(module, by=request.user)
    messages.success(request, f"Modul {module.code} kembali ke susunan.")
    return redirect(_outline(module.course, module.code))


@require_safe
def archive_list(request: HttpRequest, course_id: int) -> HttpResponse:
    """What was archived in this course, with a way back for each."""
    course = access.course_to_see(request.user, course_id)
    parts = Activity.objects.filter(course=course, archived_at__isnull=False).select_related("module").order_by("-archived_at", "-pk")
    context = {
        "course": course,
        "modules": Module.objects.filter(course=course, archived_at__isnull=False).order_by("-archived_at", "-pk"),
        "page": page_of(request, parts),
        "may_write": access.may_write(request.user, course),
    }
    return render(request, "courses/archive_list.html", context)


# --- addresses --------------------------------------------------------------------------------------------------------
def _code(holder: Holder) -> str:
    return holder.code if isinstance(holder, Module) else COURSE_ITSELF


def _outline(course: Course, code: str, *, ordering: bool = False) -> str:
    """The outline with this group open (and its order being changed), scrolled to it."""
    words = {"buka": code, **({"urut": code} if ordering else {})}
    return f"{reverse('courses:studio_course', args=[course.pk])}?{urlencode(words)}#m-{code}"


def _wants_words(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
