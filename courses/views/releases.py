"""Publishing: what changes, what blocks, whom it reaches; the versions, and going back to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, comparing, editing, publishing
from ..forms import PublishForm
from ..models import Module, Version
from ..reviewing import review_problems


@require_http_methods(["GET", "POST"])
def publish_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """Look at the next version of a module and publish it."""
    return _publish(request, access.module_to_publish(request.user, module_id))


@require_http_methods(["GET", "POST"])
def publish_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Look at the next version of the course's own outline and rules and publish it."""
    return _publish(request, access.course_to_publish(request.user, course_id))


def _publish(request: HttpRequest, holder: publishing.Holder) -> HttpResponse:
    form = PublishForm(posted(request))
    is_module = isinstance(holder, Module)
    problems = publishing.holder_problems(holder) + review_problems(holder, by=request.user)
    if form.is_valid():
        verb = publishing.publish_module if is_module else publishing.publish_course
        before = holder.current_version_id
        try:
            if problems:
                raise publishing.PublishingError(problems)
            version = verb(holder, by=request.user, note=form.cleaned_data["note"])
        except publishing.PublishingError as error:
            form.add_error(None, str(error))
        else:
            told = f"Versi {version.number} terbit." if version.pk != before else "Tidak ada yang berubah, jadi tidak ada versi baru."
            messages.success(request, told)
            return redirect("courses:versions", holder.pk) if is_module else redirect("courses:studio_course", holder.pk)
    blocked_by_content = any(problem.code == "bad_check" for problem in problems)
    comparison = comparing.Comparison() if blocked_by_content else comparing.diff(holder.current_version, publishing.freeze(holder))
    context = {
        "holder": holder,
        "is_module": is_module,
        "problems": problems,
        "comparison": comparison,
        "effects": publishing.effects(holder),
        "next_number": (holder.current_version.number if holder.current_version else 0) + 1,
    }
    return answer(request, "courses/publish.html", context, form)


@require_safe
def versions(request: HttpRequest, module_id: int) -> HttpResponse:
    """Every published version of a module, the newest first."""
    module = access.module_to_see(request.user, module_id)
    rows = Version.objects.filter(module=module).defer("parts", "outline", "facts").select_related("published_by")
    context = {"module": module, "page": page_of(request, rows), "may_write": access.may_write(request.user, module.course)}
    return render(request, "courses/versions.html", context)


@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """What one version changed against the one before it."""
    shown = access.version_to_see(request.user, version_id)
    before = Version.objects.filter(course=shown.course, module=shown.module, number__lt=shown.number).order_by("-number").first()
    context = {
        "version": shown,
        "before": before,
        "comparison": comparing.diff(before, shown),
        "may_write": shown.module_id is not None and access.may_write(request.user, shown.course),
    }
    return render(request, "courses/version.html", context)


@require_POST
def restore(request: HttpRequest, version_id: int) -> HttpResponse:
    """Make an older version the draft; publishing it is another act."""
    old = access.version_to_restore(request.user, version_id)
    module = editing.restore_version(old, by=request.user)
    messages.success(request, f"Isi versi {old.number} kini menjadi draf. Periksa, lalu terbitkan bila sudah sesuai.")
    return redirect("courses:studio_module", module.pk)
