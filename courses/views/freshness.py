"""What has to be looked at again: the list, one lesson's dates and owner, and the mark that learners see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST, require_safe

from linimasa.forms import answer
from linimasa.paging import page_of

from .. import access, channels, freshness
from ..freshness_forms import LookedAtForm, MarkForm
from ..models import Activity, Channel, Course


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Lessons and facts that age, the most urgent first; of one course (``kursus``), in one state (``saring``), one's own (``milik``)."""
    courses = list(access.courses_in_studio(request.user).filter(archived_at__isnull=True, is_practice=False).order_by("title", "pk"))
    chosen = next((one for one in courses if str(one.pk) == request.GET.get("kursus", "")), None)
    is_mine, wanted = request.GET.get("milik", "") == "saya", request.GET.get("saring", "")
    found = freshness.items([chosen] if chosen else courses)
    if is_mine:
        found = [one for one in found if one.owner == request.user]
    words = {"kursus": chosen.pk if chosen else "", "milik": "saya" if is_mine else ""}
    writable = set(access.courses_to_write(request.user).filter(pk__in=[one.pk for one in courses]).values_list("pk", flat=True))
    context = {
        "page": page_of(request, [one for one in found if one.fits(wanted)]),
        "course": chosen,
        "is_mine": is_mine,
        "wanted": wanted,
        "filters": [(_query(words, saring=key), label, _count(found, key), key == wanted) for key, label in freshness.STATES],
        "mine_query": _query(words, saring=wanted, milik="" if is_mine else "saya"),
        "all_query": _query(words, saring=wanted, kursus=""),
        "overdue": _count(found, "lewat"),
        "soon": _count(found, "segera"),
        "writable": writable,
        "here": request.get_full_path(),
        "unchecked": _unchecked(chosen) if chosen else 0,
    }
    return render(request, "courses/freshness.html", context)


def _query(words: dict[str, Any], **more: str) -> str:
    return urlencode({key: value for key, value in {**words, **more}.items() if value})


def _count(found: list[freshness.Item], state: str) -> int:
    return sum(1 for one in found if one.fits(state))


def _unchecked(course: Course) -> int:
    return sum(channels.is_due(one) for one in Channel.objects.filter(course=course, archived_at__isnull=True))


@require_safe
def lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One lesson: its owner and dates, the facts on which it rests, the channels that it names, the mark for learners."""
    return _lesson_page(request, access.lesson_to_see(request.user, activity_id))


def _lesson_page(
    request: HttpRequest, activity: Activity, looked: LookedAtForm | None = None, mark: MarkForm | None = None
) -> HttpResponse:
    draft = activity.lesson
    if looked is None:
        looked = LookedAtForm(initial={"again_on": freshness.next_day(draft)}, auto_id="tinjau_%s")
    if mark is None:
        mark = MarkForm(initial={"note": draft.under_review_note}, auto_id="tanda_%s")
    context = {
        "activity": activity,
        "course": activity.course,
        "draft": draft,
        "is_due": freshness.is_due(draft),
        "facts": freshness.facts_of(activity),
        "channels": [one for one in channels.of_course(activity.course) if activity in one.lessons],
        "looked_form": looked,
        "mark_form": mark,
        "may_write": access.may_write(request.user, activity.course),
    }
    return answer(request, "courses/lesson_freshness.html", context, looked, mark)


@require_POST
def looked_at(request: HttpRequest, activity_id: int) -> HttpResponse:
    """«Sudah saya tinjau»."""
    activity = access.lesson_to_write(request.user, activity_id)
    form = LookedAtForm(request.POST, auto_id="tinjau_%s")
    if form.is_valid():
        try:
            changed = freshness.confirm(activity, by=request.user, again_on=form.cleaned_data["again_on"])
        except freshness.FreshnessError as error:
            form.add_error("again_on", str(error))
        else:
            messages.success(request, f"{activity.code} ditinjau hari ini." if changed else "Tidak ada yang berubah.")
            return _back(request, reverse("courses:lesson_freshness", args=[activity.pk]))
    return _lesson_page(request, activity, looked=form)


@require_POST
def fact_holds(request: HttpRequest, course_id: int) -> HttpResponse:
    """A fact of the register was looked at and still holds."""
    course = access.course_to_write(request.user, course_id)
    try:
        freshness.confirm_fact(course, request.POST.get("fakta", "")[:60], by=request.user)
    except freshness.FreshnessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Fakta ditinjau hari ini. Tanggalnya ikut terbit bersama kursus.")
    return _back(request, f"{reverse('courses:freshness')}?kursus={course.pk}")


@require_POST
def mark_lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Put up the mark for learners, change its words, or take it away (``lepas``)."""
    activity = access.lesson_to_write(request.user, activity_id)
    if "lepas" in request.POST:
        freshness.unmark(activity, by=request.user)
        messages.success(request, "Tanda dilepas. Peserta membaca pelajaran ini tanpa catatan.")
        return redirect("courses:lesson_freshness", activity.pk)
    form = MarkForm(request.POST, auto_id="tanda_%s")
    if form.is_valid():
        freshness.mark(activity, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, "Tanda terpasang. Peserta melihatnya mulai sekarang, di versi mana pun.")
        return redirect("courses:lesson_freshness", activity.pk)
    return _lesson_page(request, activity, mark=form)


def _back(request: HttpRequest, fallback: str) -> HttpResponse:
    asked = request.POST.get("kembali", "")
    is_ours = asked.startswith("/kelola/") and url_has_allowed_host_and_scheme(asked, None)
    return redirect(asked if is_ours else fallback)
