"""Who changed what, when, in words; what a part was then, compared with now, and a way back to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from linimasa.paging import page_of

from .. import access, history, overview, restoring, revising
from ..editing import EditingError
from ..models import Aspect, Revision

UNPROCESSABLE = 422


@require_safe
def course_history(request: HttpRequest, course_id: int) -> HttpResponse:
    """Everything that happened to a course's drafts and versions."""
    course = access.course_to_see(request.user, course_id)
    back = (reverse("courses:studio_course", args=[course.pk]), course.title)
    return _page(request, history.Scope(course), f"Riwayat {course.title}", back)


@require_safe
def module_history(request: HttpRequest, module_id: int) -> HttpResponse:
    """The same of one module with its parts and questions."""
    module = access.module_to_see(request.user, module_id)
    back = (reverse("courses:studio_module", args=[module.pk]), module.code)
    return _page(request, history.Scope(module.course, module), f"Riwayat {module.code} {module.title}", back)


@require_safe
def part_history(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The same of one lesson, quiz, assignment or session."""
    activity = access.part_to_see(request.user, activity_id)
    back = (overview.address_of(activity), activity.code)
    scope = history.Scope(activity.course, activity.module, activity)
    return _page(request, scope, f"Riwayat {activity.code} {activity.title}", back)


@require_safe
def channel_history(request: HttpRequest, channel_id: int) -> HttpResponse:
    """The same of one referral channel, also of one that was archived."""
    channel = access.channel_to_see(request.user, channel_id)
    back = (reverse("courses:channel", args=[channel.pk]), channel.name)
    return _page(request, history.Scope(channel.course, thing=channel), f"Riwayat kanal {channel.name}", back)


@require_safe
def media_history(request: HttpRequest, media_id: int) -> HttpResponse:
    """The same of one thing of the library: who brought it, replaced it, changed its words."""
    media = access.media_to_see(request.user, media_id)
    back = (reverse("courses:media_item", args=[media.pk]), media.shown_name)
    return _page(request, history.Scope(media.course, thing=media), f"Riwayat {media.shown_name}", back)


def _page(request: HttpRequest, scope: history.Scope, title: str, back: tuple[str, str]) -> HttpResponse:
    people = history.people(scope)
    asked = _asked(request, {one.pk for one in people})
    page: Page = page_of(request, history.lines(scope, asked))
    context = {
        "course": scope.course,
        "title": title,
        "back_url": back[0],
        "back_name": back[1],
        "page": page,
        "rows": history.rows(page),
        "people": people,
        "acts": history.ACTS,
        "asked": asked,
        "is_filtered": bool(asked.who or asked.act),
    }
    return render(request, "courses/history/history.html", context)


def _asked(request: HttpRequest, known: set[int]) -> history.Asked:
    """Unknown words ask for everything."""
    who, act = request.GET.get("siapa", ""), request.GET.get("perbuatan", "")
    number = int(who) if who.isascii() and who.isdecimal() and len(who) < 12 else 0
    return history.Asked(number if number in known else None, act if act in dict(history.ACTS) else "")


@require_http_methods(["GET", "POST"])
def revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """What a part was after one change: against what it was before, and against now. POST makes it the draft again."""
    find = access.revision_to_restore if request.method == "POST" else access.revision_to_see
    found = find(request.user, revision_id)
    if request.method == "POST":
        try:
            changed = restoring.restore(found, by=request.user)
        except EditingError as error:
            messages.error(request, str(error))
            return render(request, "courses/history/revision.html", _context(request, found), status=UNPROCESSABLE)
        told = "Draf dipulihkan. Perubahan ini tercatat dalam riwayat dan dapat dibatalkan dari sana."
        messages.success(request, told if changed else "Draf sudah sama dengan keadaan itu.")
        return redirect(_history_of(found))
    return render(request, "courses/history/revision.html", _context(request, found))


def _context(request: HttpRequest, found: Revision) -> dict[str, Any]:
    before, last = revising.previous(found), revising.same_part(found).order_by("-at", "-pk").first()
    now = last.content if last else found.content
    return {
        "revision": found,
        "before": before,
        "row": history.rows([(found.at, history.REVISION, found.pk)])[0],
        "changes": history.changes(found, before.content) if before else [],
        "is_now": now == found.content,
        "since": history.changes(found, last.content) if last and now != found.content else [],
        "is_first": before is None,
        "texts": [(history.LABELS[name], found.content[name]) for name in ("title", "body") if found.content.get(name)],
        "order": found.content.get("items", []) if found.aspect == Aspect.OUTLINE else [],
        "back_url": _history_of(found),
        "may_write": access.may_write(request.user, found.course),
    }


def _history_of(found: Revision) -> str:
    if found.activity_id:
        return reverse("courses:part_history", args=[found.activity_id])
    if found.channel_id:
        return reverse("courses:channel_history", args=[found.channel_id])
    if found.media_id:
        return reverse("courses:media_history", args=[found.media_id])
    if found.module_id:
        return reverse("courses:module_history", args=[found.module_id])
    return reverse("courses:course_history", args=[found.course_id])
