"""Referral channels of a course: the list, what they are, and what a person found today."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, channels
from ..freshness_forms import ChannelCheckForm, ChannelForm
from ..models import Channel, Course


@require_safe
def listing(request: HttpRequest, course_id: int) -> HttpResponse:
    """Every channel with its state and the lessons that name it; those that need somebody first."""
    return _list_page(request, access.course_to_see(request.user, course_id))


def _list_page(request: HttpRequest, course: Course, form: ChannelForm | None = None) -> HttpResponse:
    found = channels.of_course(course)
    context = {
        "course": course,
        "page": page_of(request, found),
        "due": sum(one.is_due for one in found),
        "archived": Channel.objects.filter(course=course, archived_at__isnull=False).order_by("name", "pk"),
        "may_write": access.may_write(request.user, course),
    }
    form = form or ChannelForm()
    return answer(request, "courses/channels.html", context, form, status=422 if form.errors else 200)


@require_POST
def add(request: HttpRequest, course_id: int) -> HttpResponse:
    """A new channel."""
    course = access.course_to_write(request.user, course_id)
    form = ChannelForm(request.POST)
    if form.is_valid():
        try:
            made = channels.add(course, by=request.user, values=form.cleaned_data)
        except channels.ChannelError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, f"Kanal {made.name} ditambahkan. Periksa, lalu catat hasilnya di sini.")
            return redirect("courses:channel", made.pk)
    return _list_page(request, course, form)


@require_http_methods(["GET", "POST"])
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """One channel: its name, address and purpose."""
    find = access.channel_to_write if request.method == "POST" else access.channel_to_see
    one = find(request.user, channel_id)
    form = ChannelForm(posted(request), initial={name: getattr(one, name) for name in ("name", "address", "purpose")})
    if form.is_valid():
        try:
            changed = channels.edit(one, by=request.user, values=form.cleaned_data)
        except channels.ChannelError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, "Kanal tersimpan." if changed else "Tidak ada yang berubah.")
            return redirect("courses:channel", one.pk)
    return _page(request, one, form)


def _page(request: HttpRequest, one: Channel, form: ChannelForm | None = None, check: ChannelCheckForm | None = None) -> HttpResponse:
    if form is None:
        form = ChannelForm(initial={name: getattr(one, name) for name in ("name", "address", "purpose")})
    if check is None:
        check = ChannelCheckForm(initial={"state": one.state, "note": one.note}, auto_id="periksa_%s")
    context = {
        "channel": one,
        "course": one.course,
        "lessons": channels.naming(one.course, [one])[one.pk],
        "is_due": channels.is_due(one),
        "is_site": channels.site_of(one.address),
        "facts_form": form,
        "check_form": check,
        "may_write": access.may_write(request.user, one.course) and one.archived_at is None,
        "may_bring_back": access.may_write(request.user, one.course) and one.archived_at is not None,
    }
    return answer(request, "courses/channel.html", context, form, check)


@require_POST
def check(request: HttpRequest, channel_id: int) -> HttpResponse:
    """«Sudah diperiksa hari ini»."""
    one = access.channel_to_write(request.user, channel_id)
    form = ChannelCheckForm(request.POST, auto_id="periksa_%s")
    if form.is_valid():
        try:
            channels.check(one, by=request.user, **form.cleaned_data)
        except channels.ChannelError as error:
            form.add_error("note" if "Tulis" in str(error) else "again_on", str(error))
        else:
            messages.success(request, f"Pemeriksaan {one.name} tercatat hari ini atas nama Anda.")
            return redirect("courses:channels", one.course_id)
    return _page(request, one, check=form)


@require_POST
def archive(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Leave a channel out of the list, or bring it back (``kembali``)."""
    one = access.channel_to_bring_back(request.user, channel_id)
    is_back = bool(request.POST.get("kembali"))
    try:
        (channels.bring_back if is_back else channels.archive)(one, by=request.user)
    except channels.ChannelError as error:
        messages.error(request, str(error))
        return redirect("courses:channel", one.pk)
    messages.success(request, f"Kanal {one.name} {'kembali ke daftar' if is_back else 'diarsipkan'}.")
    return redirect("courses:channels", one.course_id)
