"""Remarks on drafts: written, answered and settled, from the page of the review and from the editor's margin (a fragment)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from linimasa.forms import UNPROCESSABLE, Form

from .. import access, remarking, reviewing
from ..holders import Holder
from ..models import Activity, Remark
from ..review_forms import AnswerForm, RemarkForm


def is_fragment(request: HttpRequest) -> bool:
    """Whether the page's own script asks, and wants the list instead of a page."""
    return request.headers.get("X-Requested-With") == "fragment"


@require_http_methods(["GET", "POST"])
def remarks(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The remarks on one part (a fragment for the margin), and a new one."""
    activity = access.part_to_see(request.user, activity_id)
    form = RemarkForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        words = form.cleaned_data
        if words["quote"] and not (words["before"] or words["after"]):
            body = activity.lesson.body if hasattr(activity, "lesson") else ""
            words["before"], words["after"] = remarking.surroundings(body, words["quote"])
        remarking.remark(activity, by=request.user, **words)
        return _done(request, activity, "Catatan tersimpan. Penulisnya diberi tahu.")
    return _margin(request, activity, form)


@require_POST
def remark_on_module(request: HttpRequest, module_id: int) -> HttpResponse:
    """A remark on a module's draft as a whole."""
    return _on_holder(request, access.module_to_see(request.user, module_id))


@require_POST
def remark_on_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """A remark on the course's own outline and rules as a whole."""
    return _on_holder(request, access.course_to_see(request.user, course_id))


def _on_holder(request: HttpRequest, holder: Holder) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _refused(request, holder, form)
    remarking.remark(holder, by=request.user, **form.cleaned_data)
    messages.success(request, "Catatan tersimpan. Penulisnya diberi tahu.")
    return redirect(reviewing.address_of(holder) + "#catatan")


@require_POST
def answer_remark(request: HttpRequest, remark_id: int) -> HttpResponse:
    """An answer in a thread."""
    one = access.remark_to_see(request.user, remark_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _margin(request, one.activity, form) if one.activity and is_fragment(request) else _refused(request, _holder(one), form)
    remarking.answer(one, by=request.user, body=form.cleaned_data["body"])
    return _done(request, one, "Jawaban tersimpan.")


@require_POST
def settle_remark(request: HttpRequest, remark_id: int) -> HttpResponse:
    """Settle a thread, or (``act=buka``) open it again."""
    one = access.remark_to_see(request.user, remark_id)
    if request.POST.get("act") == "buka":
        remarking.reopen(one, by=request.user)
        return _done(request, one, "Catatan dibuka lagi.")
    remarking.resolve(one, by=request.user)
    return _done(request, one, "Catatan ditandai selesai.")


def _done(request: HttpRequest, what: Remark | Activity, told: str) -> HttpResponse:
    activity = what if isinstance(what, Activity) else what.activity
    if activity is not None and is_fragment(request):
        return _margin(request, activity, None)
    messages.success(request, told)
    back = request.POST.get("kembali", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    holder = (what.module or what.course) if isinstance(what, Activity) else _holder(what)
    return redirect(f"{reviewing.address_of(holder)}#catatan")


def _margin(request: HttpRequest, activity: Activity, form: Form | None) -> HttpResponse:
    refused = form is not None and bool(form.errors)
    context = {"activity": activity, "threads": remarking.of(activity), "form": form, "in_margin": True}
    if not is_fragment(request):
        if refused:
            return _refused(request, activity.module or activity.course, form)
        return redirect(f"{reviewing.address_of(activity.module or activity.course)}#catatan")
    return render(request, "courses/review/_threads.html", context, status=UNPROCESSABLE if refused else 200)


def _refused(request: HttpRequest, holder: Holder, form: Form) -> HttpResponse:
    return render(request, "courses/review/refused.html", {"holder": holder, "form": form, "has_errors": True}, status=UNPROCESSABLE)


def _holder(one: Remark) -> Holder:
    return one.module if one.module is not None else one.course
