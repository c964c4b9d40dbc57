"""Admins: people, roles, agencies, domains. Coordinators: their people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, approving, contacting, erasure, granting, registration, requesting, scopes
from accounts.forms import AgencyAddForm, AgencySearch, DomainForm, GrantForm, GrantSearch, ReasonForm
from accounts.models import Agency, AgencyStatus, ApprovedDomain, DataRequest, DataRequestKind, RoleGrant, ScopeKind, User
from accounts.second_factor import has_factor
from linimasa.forms import answer, posted, text_problem
from linimasa.paging import page_of

FORM_METHODS = ["GET", "HEAD", "POST"]
FACTOR_REMOVED = "Faktor kedua dihapus dan semua sesinya berakhir. Orang ini memasang yang baru saat masuk lagi."
STATES = {"": "Disetujui", "requested": "Menunggu", "declined": "Ditolak"}


def words_of(request: HttpRequest) -> str:
    """The search words of the address; none for what is too long or unreadable."""
    words = request.GET.get("cari", "").strip()
    return "" if text_problem(words, many_lines=False, limit=80) else words


EFFECTS = {  # what happens when the button is pressed, told before
    "Hapus faktor kedua": "Semua perangkatnya keluar. Saat masuk lagi, orang ini diminta memasang faktor kedua yang baru.",
    "Tangguhkan": "Semua perangkatnya keluar dan orang ini tidak dapat masuk. Kemajuan dan sertifikatnya tetap.",
    "Pulihkan": "Orang ini dapat masuk lagi dengan kata sandi dan faktor kedua yang sama.",
    "Hapus data": "Nama, surel, NIP, dan nomor dihapus dan tidak dapat dikembalikan. Sertifikat yang terbit tetap dapat diperiksa.",
}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words = words_of(request)
    rows = access.people_visible_to(request.user).matching(words).select_related("agency__region").prefetch_related("grants")  # type: ignore[attr-defined]
    return answer(request, "accounts/people.html", {"page": page_of(request, rows), "words": words})


@require_safe
def agency_people(request: HttpRequest) -> HttpResponse:
    """A coordinator's own people, to read only."""
    words = words_of(request)
    rows = access.people_of_coordinator(request.user).matching(words).select_related("agency__region")  # type: ignore[attr-defined]
    return answer(request, "accounts/agency_people.html", {"page": page_of(request, rows), "words": words})


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    who = access.person_visible_to(request.user, person_id)
    return answer(request, "accounts/person.html", {"person": who, "grants": grants_of(who), "has_factor": has_factor(who)})


def grants_of(who: User) -> list[dict[str, Any]]:
    """A person's grants, newest first, each with its scope's name and whether it is in force (a query a kind of scope)."""
    grants = list(who.grants.select_related("granted_by"))
    in_force = {grant.pk for grant in RoleGrant.objects.in_force().filter(person=who)}
    by_kind: dict[str, set[str]] = {}
    for grant in grants:
        by_kind.setdefault(grant.scope_kind, set()).add(grant.scope_id)
    names = {kind: scopes.names(kind, ids) for kind, ids in by_kind.items()}
    return [
        {"grant": grant, "in_force": grant.pk in in_force, "scope": names[grant.scope_kind].get(grant.scope_id, grant.scope_id)}
        for grant in grants
    ]


@require_http_methods(FORM_METHODS)
def give_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """First what role and where (GET), then which of the things found, and why (POST)."""
    who = access.person_visible_to(request.user, person_id)
    search = GrantSearch(request.GET if "peran" in request.GET or request.method == "POST" else None)
    form = grant_form(request, search.cleaned_data) if search.is_valid() else None
    if form is not None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            granting.grant(who, data["role"], scope_kind=data["scope_kind"], scope_id=data.get("scope_id", ""), by=request.user,
                           reason=data["reason"], ends_at=form.ends_at())  # fmt: skip
        except granting.GrantingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Peran diberikan kepada {who}.")
            return redirect("accounts:person", who.pk)
    return answer(request, "accounts/give_role.html", {"person": who, "search": search, "grant_form": form}, form or search)


def grant_form(request: HttpRequest, asked: dict[str, str]) -> GrantForm:
    """The second half of giving a role, with the things that the search found."""
    everything = asked["lingkup"] == ScopeKind.EVERYTHING
    found = [] if everything else [(one.id, one.name) for one in scopes.search(asked["lingkup"], asked["cari"])]
    initial = {"role": asked["peran"], "scope_kind": asked["lingkup"]}
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:  # the address says which role and where; the form cannot say otherwise
        data["role"], data["scope_kind"] = asked["peran"], asked["lingkup"]
    return GrantForm(data, initial=initial, found=found, everything=everything)


@require_http_methods(FORM_METHODS)
def end_role(request: HttpRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant.objects.select_related("person"), pk=grant_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            granting.end(grant, by=request.user, reason=form.cleaned_data["reason"])
        except granting.GrantingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Peran diakhiri.")
            return redirect("accounts:person", grant.person_id)
    context = {"person": grant.person, "heading": f"Akhiri peran {grant.get_role_display()}?", "press": "Akhiri peran"}
    return answer(request, "accounts/reason.html", context, form)


@require_http_methods(FORM_METHODS)
def suspend(request: HttpRequest, person_id: int) -> HttpResponse:
    return _with_reason(
        request, person_id, registration.suspend, "Tangguhkan akun ini?", "Tangguhkan", "Akun ditangguhkan dan semua sesinya berakhir."
    )


@require_http_methods(FORM_METHODS)
def restore(request: HttpRequest, person_id: int) -> HttpResponse:
    return _with_reason(request, person_id, registration.restore, "Pulihkan akun ini?", "Pulihkan", "Akun dipulihkan.")


@require_http_methods(FORM_METHODS)
def reset_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    heading = "Hapus faktor kedua akun ini?"
    return _with_reason(request, person_id, registration.reset_second_factor, heading, "Hapus faktor kedua", FACTOR_REMOVED)


@require_http_methods(FORM_METHODS)
def erase(request: HttpRequest, person_id: int) -> HttpResponse:
    heading = "Hapus data pribadi akun ini untuk selamanya?"
    return _with_reason(request, person_id, erasure.erase, heading, "Hapus data", "Data pribadi dihapus. Sertifikat tetap dapat diperiksa.")


@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """What people ask about their data: the one whose time ends first at the top."""
    decided = request.GET.get("keadaan") == "diputuskan"
    rows = DataRequest.objects.decided() if decided else DataRequest.objects.waiting()
    page = page_of(request, rows.select_related("person", "decided_by"))
    return answer(
        request, "accounts/data_requests.html", {"page": page, "decided": decided, "waiting": DataRequest.objects.waiting().count()}
    )


@require_http_methods(FORM_METHODS)
def data_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request, and the decision: done (a correction) or declined. Erasing is a page of its own, with a fresh proof."""
    asked = access.data_request_to_decide(request_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        verb = requesting.settle if request.POST.get("putusan") == "dipenuhi" else requesting.decline
        try:
            verb(asked, by=request.user, reason=form.cleaned_data["reason"])
        except requesting.RequestingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Putusan tersimpan dan orangnya diberi tahu.")
            return redirect("accounts:data_requests")
    return answer(request, "accounts/data_request.html", {"asked": asked, "is_erasure": asked.kind == DataRequestKind.ERASURE}, form)


@require_POST
def clear_refused(request: HttpRequest, person_id: int) -> HttpResponse:
    who = access.person_visible_to(request.user, person_id)
    try:
        contacting.clear_refused(who, by=request.user)
        messages.success(request, "Tanda dicabut. Kabar berikutnya dikirim ke alamat itu lagi.")
    except contacting.ContactingError as error:
        messages.error(request, str(error))
    return redirect("accounts:person", who.pk)


def _with_reason(request: HttpRequest, person_id: int, verb: Any, heading: str, press: str, done: str) -> HttpResponse:
    """A page that says what will happen, asks why, and then does it to a person."""
    who = access.person_visible_to(request.user, person_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            verb(who, by=request.user, reason=form.cleaned_data["reason"])
        except registration.RegistrationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("accounts:person", who.pk)
    return answer(
        request, "accounts/reason.html", {"person": who, "heading": heading, "press": press, "effect": EFFECTS.get(press, "")}, form
    )


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    form = AgencySearch(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in ("wilayah", "cari")}
    state = request.GET.get("keadaan", "")
    rows = Agency.objects.filter(status=state if state in STATES and state else AgencyStatus.APPROVED)
    rows = rows.in_province(asked["wilayah"]).named(asked["cari"]).select_related("region", "requested_by")
    context = {"page": page_of(request, rows), "state": state, "states": STATES, "waiting": Agency.objects.awaiting().count()}
    return answer(request, "accounts/agencies.html", context, form)


@require_http_methods(FORM_METHODS)
def add_agency(request: HttpRequest) -> HttpResponse:
    form = AgencyAddForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = approving.add_agency(**form.cleaned_data, by=request.user)
        except approving.ApprovingError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"{made.name} ditambahkan.")
            return redirect("accounts:agencies")
    return answer(request, "accounts/add_agency.html", {}, form)


@require_POST
def approve_agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    asked = get_object_or_404(Agency.objects.exclude(requested_by=None), pk=agency_id)
    try:
        approving.approve(asked, by=request.user)
        messages.success(request, f"{asked.name} masuk daftar.")
    except approving.ApprovingError as error:
        messages.error(request, str(error))
    return redirect("accounts:agencies")


@require_http_methods(FORM_METHODS)
def decline_agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    asked = get_object_or_404(Agency.objects.exclude(requested_by=None), pk=agency_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            approving.decline(asked, by=request.user, reason=form.cleaned_data["reason"])
        except approving.ApprovingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Permintaan ditolak.")
            return redirect("accounts:agencies")
    return answer(request, "accounts/reason.html", {"heading": f"Tolak {asked.name}?", "press": "Tolak permintaan"}, form)


@require_http_methods(FORM_METHODS)
def domains(request: HttpRequest) -> HttpResponse:
    form = DomainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = approving.approve_domain(form.cleaned_data["domain"], by=request.user)
        except approving.ApprovingError as error:
            form.add_error("domain", str(error))
        else:
            messages.success(request, f"{made.domain} ditambahkan.")
            return redirect("accounts:domains")
    return answer(request, "accounts/domains.html", {"page": page_of(request, ApprovedDomain.objects.all())}, form)


@require_POST
def remove_domain(request: HttpRequest, domain_id: int) -> HttpResponse:
    found = get_object_or_404(ApprovedDomain, pk=domain_id)
    approving.remove_domain(found, by=request.user)
    messages.success(request, f"{found.domain} dihapus dari daftar.")
    return redirect("accounts:domains")
