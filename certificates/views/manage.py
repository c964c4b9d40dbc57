"""Certificates for an admin: find, correct a name as a new edition, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of
from linimasa.work import hint

from .. import access, issuing, tasks
from ..forms import CorrectionForm, FilterForm, RevocationForm
from ..models import Certificate
from .answers import pdf_answer


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    rows = Certificate.objects.manageable_by(request.user).select_related("file").defer("file__data")
    if form.is_valid():
        if form.cleaned_data["cari"]:
            rows = rows.matching(form.cleaned_data["cari"])
        if form.cleaned_data["keadaan"]:
            rows = rows.filter(status=form.cleaned_data["keadaan"])
    return answer(request, "certificates/staff/certificates.html", {"page": page_of(request, rows)}, form)


@require_safe
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = access.certificate_to_manage(request.user, certificate_id)
    return render(request, "certificates/staff/certificate.html", {"certificate": found, "face": found.snapshot})


@require_safe
def certificate_file(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = access.certificate_to_manage(request.user, certificate_id)
    if not hasattr(found, "file"):
        return render(request, "certificates/not_drawn_yet.html", {"certificate": found}, status=202)
    return pdf_answer(found.file)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = access.certificate_to_manage(request.user, certificate_id)
    holder = found.snapshot["holder"]
    form = CorrectionForm(posted(request), initial={key: holder[key] for key in ("prefix_titles", "name", "suffix_titles")})
    if form.is_valid():
        try:
            edition = issuing.correct_name(found, by=request.user, **form.cleaned_data)
        except issuing.IssuingError as error:
            form.add_error(None, str(error))
        else:
            hint(tasks.make_file, edition.pk)
            messages.success(request, f"Edisi baru terbit dengan nomor {edition.number}. Pemiliknya diberi tahu.")
            return redirect("certificates:certificate", edition.pk)
    return answer(request, "certificates/staff/correct.html", {"certificate": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    found = access.certificate_to_manage(request.user, certificate_id)
    form = RevocationForm(posted(request))
    if form.is_valid():
        try:
            issuing.revoke(found, by=request.user, reason=form.cleaned_data["reason"])
        except issuing.IssuingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Sertifikat dicabut. Pemiliknya diberi tahu.")
            return redirect("certificates:certificate", found.pk)
    return answer(request, "certificates/staff/revoke.html", {"certificate": found}, form)
