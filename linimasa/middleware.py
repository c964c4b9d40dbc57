"""What every answer carries (security headers) and the zone in which a person sees times."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from . import clock
from .views import bad_request, too_large

Answer = Callable[[HttpRequest], HttpResponseBase]
LARGEST_REQUEST = 25_000_000  # bytes; the largest file that any page takes (settings.MEDIA_MOST_BYTES) and its form

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    (
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        "camera=()",
        "microphone=()",
        "geolocation=()",
        "payment=()",
        "usb=()",
        "browsing-topics=()",
    )
)


class SecurityHeadersMiddleware:
    """A strict policy on every answer; ``no-store`` on answers to signed-in people unless the view chose its own caching.

    An address with a NUL in it is refused here (400), because databases refuse it with an error of their own. So is a body
    that no page of ours takes (413), before a byte of it is read: reading would write it to the disk, for strangers too.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            response: HttpResponseBase = bad_request(request)
        elif _announced(request) > LARGEST_REQUEST:
            response = too_large(request)
        else:
            response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "Cache-Control" not in headers and is_signed_in(request):
            headers["Cache-Control"] = "no-store"
        return response


def _announced(request: HttpRequest) -> int:
    """How many bytes the body is said to have; a body of unknown length is read as empty (PEP 3333)."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length[:20]) if length.isascii() and length.isdecimal() else 0


class CompressionMiddleware(GZipMiddleware):
    """Pages, JSON and drawings travel compressed (0.1 ms for 14 KB), padded at random against BREACH; pictures and PDFs already are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(("text/", "application/json", "image/svg+xml")):
            return response
        return super().process_response(request, response)


class PersonalZoneMiddleware:
    """Times are shown in the person's own zone (WIB for visitors). The person is loaded only if a session says so."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = getattr(request, "user", None)
        name = getattr(user, "time_zone", None) if user is not None and user.is_authenticated else None
        with timezone.override(clock.zone(name)):
            return self.get_response(request)


class SavedMiddleware:
    """A form that its page sends by script (``X-Requested-With: simpan``) is told where the answer leads instead of being led there: so the
    page sees for itself whether the network took it, and what the person is told waits for the page that they go to. The innermost of
    all: a redirect that another one answers with (sign in first) stays one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_taken", False) and response.status_code == 302 and response.headers["Location"].startswith("/"):
            return JsonResponse({"to": response.headers["Location"]})
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Asked last, when the view itself is going to answer."""
        if request.method == "POST" and request.headers.get("X-Requested-With") == "simpan":
            request.is_taken = True  # type: ignore[attr-defined]


def is_signed_in(request: HttpRequest) -> bool:
    """Only if this request has already loaded the person: asking here must not cost a query, nor fail with the database."""
    user = getattr(request, "_cached_user", None)
    return bool(user is not None and user.is_authenticated)
