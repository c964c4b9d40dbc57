"""A person's own account: overview, profile, agency, security, data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import approving, editing, exporting, requesting, second_factor
from accounts.adapter import SecondFactorAdapter
from accounts.forms import AgencyRequestForm, AgencySearch, DataRequestForm, ProfileForm
from accounts.models import Agency, DataRequest, User
from linimasa import clock
from linimasa.addresses import own_path
from linimasa.forms import answer, posted
from linimasa.paging import page_of


def onward(request: HttpRequest) -> str:
    """Where the person wanted to go before the profile was asked for; empty when nowhere, or out of the portal."""
    return own_path(request, request.POST.get("next") or request.GET.get("next", ""))


def after_profile(request: HttpRequest) -> HttpResponse:
    """To what the profile still lacks, then to where the person wanted to go."""
    next_url = onward(request)
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    if request.user.profile_complete:
        return redirect(next_url or settings.LOGIN_REDIRECT_URL)
    missing = "accounts:agency" if not request.user.agency_id else "accounts:profile"
    return redirect(reverse(missing) + query)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/overview.html", {"has_factor": second_factor.has_factor(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    first_time = not person.profile_complete
    form = ProfileForm(posted(request), instance=User.objects.select_related("agency__region").get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        try:
            editing.change_profile(person, by=person, **form.values())
        except editing.EditingError as error:
            form.add_error("nip", str(error))
        else:
            messages.success(request, "Data diri tersimpan.")
            return after_profile(request) if first_time else redirect("accounts:profile")
    return answer(request, "accounts/profile.html", {"first_time": first_time, "next": onward(request)}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest) -> HttpResponse:
    """Choose the agency: province and words lead to a list, one button each."""
    if request.method == "POST":
        chosen = request.POST.get("agency", "")
        found = get_object_or_404(
            Agency.objects.approved(), pk=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
        )
        editing.choose_agency(request.user, found, by=request.user)
        messages.success(request, f"Instansi Anda: {found.name}.")
        return after_profile(request)
    form = AgencySearch(request.GET)
    asked = {name: form.cleaned_data.get(name, "") for name in ("wilayah", "cari")} if form.is_valid() or form.is_bound else {}
    searched = any(asked.values())
    rows = Agency.objects.approved().in_province(asked["wilayah"]).named(asked["cari"]).select_related("region")
    page = page_of(request, rows) if searched else None
    return answer(request, "accounts/agency.html", {"page": page, "searched": searched, "asked": asked, "next": onward(request)}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def request_agency(request: HttpRequest) -> HttpResponse:
    form = AgencyRequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            approving.request_agency(request.user, **form.cleaned_data)
        except approving.ApprovingError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "Permintaan terkirim. Admin memeriksanya; Anda bisa lanjut belajar.")
            return after_profile(request)
    return answer(request, "accounts/request_agency.html", {"next": onward(request)}, form)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    types = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    counts = {"has_app": "totp" in types, "passkeys": types.count("webauthn"), "has_codes": "recovery_codes" in types}
    return render(request, "accounts/security.html", counts)


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest) -> HttpResponse:
    """What a person can do about their data: download it, ask for a correction, ask for erasure; and what became of that."""
    form = DataRequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = requesting.ask(request.user, form.cleaned_data["kind"], text=form.cleaned_data["text"])
        except requesting.RequestingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Permintaan terkirim. Admin menjawab paling lambat {clock.moment_text(asked.due_at)}.")
            return redirect("accounts:own_data")
    rows = DataRequest.objects.filter(person=request.user)
    return answer(request, "accounts/own_data.html", {"page": page_of(request, rows)}, form)


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """All data of the person as one JSON file."""
    answer_ = JsonResponse(exporting.all_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer_["Content-Disposition"] = 'attachment; filename="data-saya-linimasa.json"'
    return answer_


@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's page, but staff keep at least one factor."""
    key = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = SecondFactorAdapter()
    if not adapter.can_delete_authenticator(key):
        context = {"authenticator": key, "problem": adapter.error_messages["cannot_delete_authenticator"]}
        return render(request, "mfa/webauthn/authenticator_confirm_delete.html", context, status=422 if request.method == "POST" else 200)
    return passkey.remove_webauthn(request, pk=pk)
