"""Cohorts as those who run, teach or coordinate them see them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, attending, exporting, noticing, opening
from ..forms import CohortForm, DeadlinesForm, InviteForm, SearchForm
from ..models import Cohort, CohortStatus


@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts that this person runs, teaches or coordinates people in."""
    rows = Cohort.objects.visible_to(request.user).select_related("course")
    page = page_of(request, rows)
    seated = Count("enrolments", filter=Q(enrolments__status__in=["active", "completed"]))
    counts = dict(Cohort.objects.filter(pk__in=[c.pk for c in page]).annotate(n=seated).values_list("pk", "n"))
    told = access.sees_all(request.user, [c.pk for c in page])
    shown = [{"cohort": c, "people": counts[c.pk] if c.pk in told else None} for c in page]
    may_create = access.creatable_courses(request.user).exists()
    return render(request, "cohorts/cohorts.html", {"page_obj": page, "rows": shown, "may_create": may_create})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new cohort, planned until it is opened."""
    courses = access.creatable_courses(request.user)
    form = CohortForm(posted(request), courses=courses)
    if form.is_valid():
        cohort = opening.save(form.instance, by=request.user)
        messages.success(request, f"{cohort.name} dibuat. Buka angkatan ini bila sudah siap.")
        return redirect("cohorts:cohort", cohort.pk)
    return answer(request, "cohorts/create.html", {}, form)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Name, dates, seats."""
    cohort = access.cohort_to_manage(request.user, cohort_id)
    form = CohortForm(posted(request), instance=cohort)
    if form.is_valid():
        opening.save(form.instance, by=request.user)
        messages.success(request, "Perubahan tersimpan.")
        return redirect("cohorts:cohort", cohort.pk)
    return answer(request, "cohorts/edit.html", {"cohort": cohort}, form)


@require_GET
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """One cohort: who takes part and how far they are, what comes next, who teaches."""
    found = access.cohort_to_see(request.user, cohort_id)
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    people = access.participants(request.user, found)
    chosen = request.GET.get("saring", "")
    page = page_of(request, attending.filtered(people, chosen, words).select_related("learner", "agency"))
    context: dict[str, Any] = {
        "cohort": found,
        "page_obj": page,
        "rows": attending.rows(found, list(page)),
        "words": words,
        "chosen": chosen if chosen in attending.FILTERS else "",
        "filters": attending.FILTERS.items(),
        "trainers": attending.trainers(found),
        "deadlines": [step for step in opening.deadline_steps(found) if step.due_at or step.opens_at],
        "manages": access.manages(request.user, found),
        "arranges": bool(access.sees_all(request.user, [found.pk])),
        "notices": noticing.notices(found) if access.manages(request.user, found) else [],
        "problems": opening.opening_problems(found) if found.status != CohortStatus.OPEN else [],
    }
    return render(request, "cohorts/cohort.html", context)


@require_http_methods(["GET", "POST"])
def deadlines(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """When quizzes and assignments open and are due."""
    found = access.cohort_to_manage(request.user, cohort_id)
    steps = opening.deadline_steps(found)
    form = DeadlinesForm(posted(request), steps=steps, time_zone=found.time_zone)
    if form.is_valid():
        try:
            changed = opening.set_deadlines(found, form.moments(), by=request.user)
        except opening.OpeningError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{changed} tenggat diubah." if changed else "Tidak ada yang berubah.")
            return redirect("cohorts:cohort", found.pk)
    return answer(request, "cohorts/deadlines.html", {"cohort": found}, form)


@require_http_methods(["GET", "POST"])
def invitations(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Addresses that may join at once."""
    found = access.cohort_to_manage(request.user, cohort_id)
    form = InviteForm(posted(request))
    if form.is_valid():
        fresh, known = opening.invite(found, form.cleaned_data["addresses"], by=request.user)
        messages.success(request, f"{fresh} alamat diundang." + (f" {known} sudah pernah diundang." if known else ""))
        return redirect("cohorts:invitations", found.pk)
    return answer(request, "cohorts/invitations.html", {"cohort": found, "page_obj": page_of(request, found.invitations.all())}, form)


@require_POST
def open_or_close(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Open a planned or closed cohort, or close a running one."""
    found = access.cohort_to_manage(request.user, cohort_id)
    try:
        if request.POST.get("keadaan") == "tutup":
            opening.close_cohort(found, by=request.user)
            messages.success(request, f"{found.name} ditutup.")
        else:
            opening.open_cohort(found, by=request.user)
            messages.success(request, f"{found.name} dibuka.")
    except opening.OpeningError as error:
        messages.error(request, str(error))
    return redirect("cohorts:cohort", found.pk)


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The participants as CSV, after a fresh proof; the export itself is an act of its own (POST) and is audited."""
    found = access.cohort_to_manage(request.user, cohort_id)
    if request.method == "POST":
        return exporting.participants_csv(found, access.participants(request.user, found), by=_person(request))
    return render(request, "cohorts/export.html", {"cohort": found, "people": access.participants(request.user, found).count()})


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the door lets only signed-in people in
    return request.user
