"""Coming in and leaving, and the coordinator's decisions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, joining
from ..forms import ReasonForm, WithdrawForm
from ..models import Cohort, Enrolment, EnrolmentStatus


@require_GET
def joinable(request: HttpRequest) -> HttpResponse:
    """Every cohort that takes people now."""
    cohorts = page_of(request, Cohort.objects.joinable().select_related("course"))
    return render(request, "cohorts/joinable.html", {"page_obj": cohorts})


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What joining this cohort means for this person, and the one button that does it."""
    cohort = access.cohort_to_join(cohort_id)
    if request.method == "POST":
        try:
            enrolment = joining.join(cohort, by=request.user)
        except joining.JoiningError as error:
            messages.error(request, str(error))
            return render(request, "cohorts/join.html", _join_context(request, cohort), status=422)
        waits = enrolment.status == EnrolmentStatus.REQUESTED
        messages.success(
            request, "Permintaan terkirim. Koordinator sudah diberi tahu." if waits else f"Anda bergabung dengan {cohort.name}."
        )
        return redirect("cohorts:home")
    return render(request, "cohorts/join.html", _join_context(request, cohort))


def _join_context(request: HttpRequest, cohort: Cohort) -> dict[str, object]:
    existing = Enrolment.objects.filter(cohort=cohort, learner=request.user).first()
    return {
        "cohort": cohort,
        "existing": existing if existing and existing.status not in {EnrolmentStatus.DECLINED, EnrolmentStatus.WITHDRAWN} else None,
        "problems": joining.join_problems(cohort, request.user),
        "way": joining.way_in(cohort, request.user),
        "seats_left": cohort.seats - Enrolment.objects.seated().filter(cohort=cohort).count() if cohort.seats else None,
    }


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Leave a running course, or take back a request."""
    enrolment = access.own_enrolment(request.user, enrolment_id)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        try:
            joining.withdraw(enrolment, by=request.user, reason=form.cleaned_data["reason"])
        except joining.JoiningError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Anda sudah keluar dari angkatan ini. Kemajuan Anda tetap tersimpan.")
            return redirect("cohorts:home")
    return answer(request, "cohorts/withdraw.html", {"enrolment": enrolment}, form)


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Who waits for a decision, the oldest first; only people of one's own agencies (or cohorts)."""
    rows = Enrolment.objects.decidable_by(request.user).requested().select_related("cohort", "course", "learner", "agency__region")
    return render(request, "cohorts/approvals.html", {"page_obj": page_of(request, rows)})


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Approve, or decline with a reason."""
    enrolment = access.enrolment_to_decide(request.user, enrolment_id)
    declines = request.POST.get("keputusan") == "tolak"
    form = ReasonForm(posted(request) if declines else None)
    if request.method == "POST" and (not declines or form.is_valid()):
        try:
            if declines:
                joining.decline(enrolment, by=request.user, reason=form.cleaned_data["reason"])
            else:
                joining.approve(enrolment, by=request.user)
        except joining.JoiningError as error:
            messages.error(request, str(error))
        else:
            done = "ditolak dengan alasan" if declines else "disetujui"
            messages.success(request, f"Permintaan {enrolment.learner.name} {done}. Orangnya diberi tahu.")
        return redirect("cohorts:approvals")
    return answer(request, "cohorts/decide.html", {"enrolment": enrolment}, form)
