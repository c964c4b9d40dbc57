"""Publishing: what changes, what blocks, whom it reaches; the versions, and going back to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa import clock
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, comparing, editing, proposing, publishing, reviewing, scheduling, weighing
from ..models import Module, Proposal, Version
from ..review_forms import PublishForm


@require_http_methods(["GET", "POST"])
def publish_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """Look at the next version of a module and publish it."""
    return _publish(request, access.module_to_publish(request.user, module_id))


@require_http_methods(["GET", "POST"])
def publish_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Look at the next version of the course's own outline and rules and publish it."""
    return _publish(request, access.course_to_publish(request.user, course_id))


def _publish(request: HttpRequest, holder: publishing.Holder) -> HttpResponse:
    form = PublishForm(posted(request), initial={"time_zone": request.user.time_zone})
    proposal = proposing.open_proposal(holder)
    if form.is_valid():
        try:
            if request.POST.get("act") == "batal":
                told = _unplan(proposal, request)
            elif form.cleaned_data["when"] == "later":
                told = _plan(proposal, form, request)
            else:
                told = _publish_now(holder, proposal, form, request)
        except (publishing.PublishingError, proposing.ProposingError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, told)
            return redirect(reviewing.address_of(holder))
    context = {"holder": holder, "is_module": isinstance(holder, Module), "weighed": weighing.weigh(holder), "proposal": proposal}
    return answer(request, "courses/publish.html", context, form)


def _publish_now(holder: publishing.Holder, proposal: Proposal | None, form: PublishForm, request: HttpRequest) -> str:
    if proposal is None:
        last = proposing.last_proposal(holder)
        if last is None or last.version is None or publishing.has_changes(holder):
            raise proposing.ProposingError("Draf ini belum dikirim untuk ditinjau. Kirim dahulu, lalu mintalah persetujuan orang kedua.")
        return f"Versi {last.version.number} sudah terbit."  # the button was pressed twice
    version = proposing.publish(proposal, by=request.user, note=form.cleaned_data["note"])
    return f"Versi {version.number} terbit."


def _plan(proposal: Proposal | None, form: PublishForm, request: HttpRequest) -> str:
    planned = scheduling.plan(_there(proposal), by=request.user, at=form.moment(), note=form.cleaned_data["note"])
    zone = form.cleaned_data["time_zone"]
    return f"Penerbitan dijadwalkan {clock.moment_text(planned.publish_at or form.moment(), zone)}. Bila saat itu ada yang menghalangi, Anda diberi tahu."


def _unplan(proposal: Proposal | None, request: HttpRequest) -> str:
    scheduling.cancel(_there(proposal), by=request.user)
    return "Jadwal penerbitan dibatalkan. Draf tetap disetujui."


def _there(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise proposing.ProposingError("Draf ini belum dikirim untuk ditinjau. Kirim dahulu, lalu mintalah persetujuan orang kedua.")
    return proposal


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
