"""Bringing a course or a module out as a file, and an archive in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from linimasa.forms import answer, posted
from linimasa.paging import page_of
from linimasa.work import hint

from .. import access, tasks
from ..models import Arrival, ArrivalState, Course, Package, PackageKind, WorkState
from ..packing import arriving, making
from ..packing.forms import TOO_LARGE, WHOLE, AgreeForm, InForm, OutForm

RECENT = 10
TYPES = {PackageKind.CARTRIDGE: "application/vnd.ims.imsccv1p3"}
SECONDS = 3  # until a page that waits looks again
RUNNING = {ArrivalState.WAITING, ArrivalState.WORKING, ArrivalState.APPLYING}


@require_http_methods(["GET", "POST"])
def packages(request: HttpRequest, course_id: int) -> HttpResponse:
    """What was brought out of a course and in, and the forms for both; POST asks for a package."""
    course = access.course_to_see(request.user, course_id)
    first = {"target": request.GET.get("modul", WHOLE), "kind": PackageKind.SCORM12 if request.GET.get("modul") else PackageKind.ARCHIVE}
    form = OutForm(posted(request), course=course, initial=first)
    if form.is_valid():
        try:
            package = making.ask(course, kind=form.cleaned_data["kind"], by=request.user, module=form.module())
        except making.PackingError as error:
            form.add_error("kind", str(error))
        else:
            hint(tasks.make_package, package.pk)
            return redirect("courses:package", package.pk)
    made = Package.objects.filter(course=course).defer("data", "report").select_related("module", "version", "asked_by")
    brought = Arrival.objects.filter(course=course).defer("data", "report").select_related("brought_by")
    context = {
        "course": course,
        "made": page_of(request, made, RECENT),
        "brought": brought[:RECENT],
        "may_write": access.may_write(request.user, course),
    }
    return answer(request, "courses/packages/packages.html", context, form)


@require_safe
def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """One package: waited for, ready, or why not; what it could not take."""
    found = access.package_to_see(request.user, package_id)
    waits = found.state in {WorkState.WAITING, WorkState.WORKING}
    response = render(request, "courses/packages/package.html", {"package": found, "course": found.course, "waits": waits})
    return _again(response, waits=waits)


@require_safe
def package_file(request: HttpRequest, package_id: int) -> HttpResponse:
    """The package itself, as a download."""
    found = access.package_to_see(request.user, package_id)
    if found.state != WorkState.READY:
        raise Http404
    data = bytes(Package.objects.values_list("data", flat=True).get(pk=found.pk))
    response = HttpResponse(data, content_type=TYPES.get(PackageKind(found.kind), "application/zip"))
    response["Content-Disposition"] = f'attachment; filename="{making.file_name(found)}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, course_id: int) -> HttpResponse:
    """An archive for a course that is there."""
    return _bring(request, access.course_to_write(request.user, course_id))


@require_http_methods(["GET", "POST"])
def bring_new(request: HttpRequest) -> HttpResponse:
    """An archive that becomes a course of its own."""
    if not access.may_create_courses(request.user):
        raise Http404
    return _bring(request, None)


def _bring(request: HttpRequest, course: Course | None) -> HttpResponse:
    data = posted(request)
    form = InForm(data, request.FILES if data is not None else None, is_new=course is None)
    if form.is_valid():
        file, slug = form.cleaned_data["file"], form.cleaned_data.get("slug", "")
        try:
            arrival = arriving.bring(file.read(), file.name or "", by=request.user, course=course, slug=slug)
        except arriving.ArrivingError as error:
            form.add_error(error.field or None, str(error))
        else:
            hint(tasks.examine_arrival, arrival.pk)
            return redirect("courses:arrival", arrival.pk)
    response = answer(request, "courses/packages/bring.html", {"course": course}, form)
    response.status_code = 413 if form.is_bound and form.has_error("file", TOO_LARGE) else response.status_code
    return response


@require_http_methods(["GET", "POST"])
def arrival(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """What an archive would change, each line; POST says that it is to enter."""
    found = access.arrival_to_write(request.user, arrival_id)
    form = AgreeForm(posted(request))
    if form.is_valid():
        try:
            arriving.agree(found, by=request.user, over_drafts=form.cleaned_data["over_drafts"])
        except arriving.ArrivingError as error:
            form.add_error(error.field or None, str(error))
        else:
            hint(tasks.apply_arrival, found.pk)
            return redirect("courses:arrival", found.pk)
    waits = found.state in RUNNING
    response = answer(request, "courses/packages/arrival.html", _arrival_context(found, waits=waits), form)
    return _again(response, waits=waits)


def _arrival_context(found: Arrival, *, waits: bool) -> dict[str, Any]:
    words = {"created": "Dibuat", "changed": "Diubah", "archived": "Diarsipkan"}
    counts = found.report.get("counts", {})
    lists = [(label, found.report.get(name, []), counts.get(name, 0)) for name, label in words.items() if found.report.get(name)]
    return {"arrival": found, "course": found.course, "waits": waits, "lists": lists, "report": found.report, "counts": counts}


@require_POST
def drop_arrival(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """The archive is not wanted."""
    found = access.arrival_to_write(request.user, arrival_id)
    user, course_id = request.user, found.course_id
    assert isinstance(user, User)  # noqa: S101 - the door lets nobody else in
    gone = arriving.drop(found, by=user)
    messages.info(request, "Arsip dibuang. Tidak ada yang masuk." if gone else "Arsip ini sudah masuk atau sedang dimasukkan.")
    return redirect("courses:packages", course_id) if course_id else redirect("courses:studio")


@require_POST
def drop_package(request: HttpRequest, package_id: int) -> HttpResponse:
    """The package is not wanted any more; only who asked for it takes that back."""
    found = access.package_to_see(request.user, package_id)
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the door lets nobody else in
    gone = making.drop(found, by=user)
    messages.info(
        request, "Permintaan paket dibatalkan." if gone else "Paket ini sudah siap, atau diminta orang lain. Tidak ada yang dibatalkan."
    )
    return redirect("courses:packages", found.course_id)


def _again(response: HttpResponse, *, waits: bool) -> HttpResponse:
    """A page that waits for a worker looks again by itself, also without a script."""
    if waits:
        response["Refresh"] = str(SECONDS)
    return response
