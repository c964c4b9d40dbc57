"""What was told to me, and what I want to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, kinds, links, preferring
from ..forms import PreferenceForm


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What was told to me, newest first, by day."""
    return render(request, "notifications/inbox.html", {"page": page_of(request, access.inbox_of(request.user))})


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which reminders, and how many."""
    return _preferences(request, request.user, by=request.user, here="notifications:preferences")


@never_cache
@require_http_methods(["GET", "POST"])
def preferences_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page from a letter, without sign-in. GET shows, POST changes."""
    person = get_object_or_404(User, pk=links.person_of(token), is_active=True)
    return _preferences(request, person, by=None, here="notifications:preferences_by_link", token=token)


def _preferences(request: HttpRequest, person: User, *, by: User | None, here: str, **words: str) -> HttpResponse:
    form = PreferenceForm(posted(request), preference=preferring.of(person))
    if form.is_valid():
        preferring.choose(person, muted_kinds=form.muted_kinds(), weekly_budget=form.cleaned_data["weekly_budget"], by=by)
        messages.success(request, "Pengaturan pengingat tersimpan.")
        return redirect(reverse(here, kwargs=words))
    context = {"person": person, "by_link": bool(words), "kinds": kinds.reminders()}
    return answer(request, "notifications/preferences.html", context, form)


@csrf_exempt  # RFC 8058: the mail program posts without a page of ours; the signed address is the proof
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One POST mutes one kind; GET only asks (mail scanners follow links)."""
    told = links.person_and_kind_of(token)
    if told is None:
        raise Http404
    person = get_object_or_404(User, pk=told[0])
    done = request.method == "POST"
    if done:
        preferring.mute(person, told[1])
    context = {"label": kinds.label_of(told[1]), "done": done, "preferences_url": links.preferences_url(person.pk)}
    return render(request, "notifications/unsubscribe.html", context)
