"""The public check: open to everyone, shows only what is printed, never indexed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from linimasa import clock
from linimasa.forms import UNPROCESSABLE

from .. import access, verification
from ..forms import BIGGEST_FILE, CodeForm, FileForm, NumberForm
from ..verification import TYPED, Finding, State
from .answers import pdf_answer

ENVELOPE = 20_000  # bytes around the file in a posted form
TOO_BIG = 413


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The three ways; with ``?kode=`` the finding. Nothing but the count of misses is written."""
    if "kode" not in request.GET:
        return _page(request)
    form = CodeForm(request.GET)
    if not form.is_valid():
        return _page(request, code_form=form)
    return _limited(request, lambda: verification.by_code(form.cleaned_data["kode"]), code_form=form)


@require_safe
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code and the link open. Never limited; one statement."""
    return _found(request, verification.by_token(token))


# The two forms below change nothing and need no session, so they carry no token: they also work where cookies are refused.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify_number(request: HttpRequest) -> HttpResponse:
    """A number is guessable, so it opens nothing without the holder's name."""
    if request.method != "POST":
        return redirect("certificates:verify")
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, number_form=form)
    said = form.cleaned_data
    return _limited(request, lambda: verification.by_number(said["nomor"], said["nama"]), number_form=form)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Compare a file's fingerprint with those of the issued bytes. A posted file stays in memory and is gone with the request."""
    if request.method != "POST":
        return redirect("certificates:verify")
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isdecimal() and int(length) > BIGGEST_FILE + ENVELOPE:
        return render(request, "certificates/too_big.html", status=TOO_BIG)
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form)
    return _found(request, verification.by_fingerprint(form.fingerprint()))


@require_safe
def verify_download(request: HttpRequest, token: str) -> HttpResponse:
    """The issued bytes, for whoever holds the link: they show what the page shows."""
    return _unlisted(pdf_answer(access.file_behind(token)))


def _limited(request: HttpRequest, look: Any, **forms: Any) -> HttpResponse:
    """Look up what was typed; misses count for the address it came from."""
    network = verification.network_of(get_adapter().get_client_ip(request))
    if not limits.take((TYPED, network)):
        return _found(request, Finding(State.TOO_OFTEN), **forms)
    finding = look()
    if finding.certificate is not None:
        limits.give_back((TYPED, network))
    return _found(request, finding, **forms)


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    bad = any(form.is_bound and form.errors for form in forms.values())
    context = {**_ways(forms), "has_errors": bad, "sent_form": next(iter(forms.values()), None)}
    return _unlisted(render(request, "certificates/verify.html", context, status=UNPROCESSABLE if bad else 200))


def _found(request: HttpRequest, finding: Finding, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {"finding": finding, "certificate": finding.certificate, "now": clock.now()}
    if finding.certificate is not None:
        context["face"] = finding.certificate.snapshot
    else:
        context |= _ways(forms)
    return _unlisted(render(request, "certificates/finding.html", context, status=finding.status))


def _ways(sent: dict[str, Any]) -> dict[str, Any]:
    return {"code_form": CodeForm(), "number_form": NumberForm(), "file_form": FileForm(), **sent}


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Never in a search engine, never kept by a cache, the link's token never told to another site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
