"""The lesson editor: one page that is complete without scripts, and the small answers that its script asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from linimasa import clock, markdown
from linimasa.forms import UNPROCESSABLE, answer, posted
from linimasa.middleware import CONTENT_SECURITY_POLICY

from .. import access, checks, freshness, marking, pasting, present, proposing, publishing, remarking, reviewing, saving, writing_guide
from ..forms import BeatForm, LessonForm, PasteForm
from ..models import Activity, Lesson
from ..publishing import Library

CONFLICT = 409
FRAMED = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@require_http_methods(["GET", "POST"])
def studio_lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Write a lesson. What two people wrote is merged, or shown to be chosen from; nothing is lost."""
    find = access.lesson_to_write if request.method == "POST" else access.lesson_to_see
    activity = find(request.user, activity_id)
    form = _form(posted(request), activity)
    if form.is_valid():
        try:
            saved = _save(request, activity, form)
        except saving.Collision as collision:
            return _choose(request, activity, form, collision)
        present.beat(activity, request.user)
        messages.success(request, _told(saved))
        return redirect("courses:studio_lesson", activity.pk)
    return answer(request, "courses/studio_lesson.html", _context(request, activity, form), form)


@require_POST
def save_lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The same as JSON, a moment after the last key: what was saved, what was merged, or what is to be chosen. A field beside the text
    that cannot be taken keeps nobody's text from being saved."""
    activity = access.lesson_to_write(request.user, activity_id)
    form = _form(request.POST, activity)
    refused = {name: str(errors[0]) for name, errors in form.errors.items()}
    if refused and not refused.keys() & {"body", "edit_number", "base", "base_values", "seen", "__all__"}:
        form = _form(_with_stored(request.POST, activity, [*refused]), activity)
    if not form.is_valid():
        return JsonResponse({"saved": False, "sentence": next(iter(refused.values())), "fields": refused}, status=UNPROCESSABLE)
    try:
        saved = _save(request, activity, form)
    except saving.Collision as collision:
        fragment = render_to_string("courses/_collision.html", _choices(activity, form, collision), request)
        told = {"saved": False, "sentence": str(collision), "seen": collision.stored.edit_number, "collision": fragment}
        return JsonResponse(told, status=CONFLICT)
    present.beat(activity, request.user, is_writing=True, passage=request.POST.get("baris", "").replace("\x00", "")[: present.LONGEST])
    activity = access.lesson_to_see(request.user, activity_id)
    told = {"saved": True, "at": clock.time_text(clock.now()), "fields": refused, "by": saved.by, **_state(activity)}
    if saved.merged:
        told["body"] = saved.body
    return JsonResponse(told | _drawn(request, activity, saved.body))


@require_POST
def beat(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The page is open: who else is here, the remarks, and the text where somebody saved it since (``nomor``)."""
    activity = access.lesson_to_see(request.user, activity_id)
    form = BeatForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"sentence": "Denyut halaman ini tidak terbaca. Muat ulang halamannya."}, status=UNPROCESSABLE)
    said = form.cleaned_data
    if said["keluar"]:
        present.leave(activity, request.user)
        return HttpResponse(status=204)
    present.beat(activity, request.user, is_writing=said["menulis"], passage=said["baris"].strip()[: present.LONGEST])
    told: dict[str, Any] = {"edit_number": activity.lesson.edit_number, "html": _margin(request, activity)}
    if activity.lesson.edit_number != said["nomor"]:
        by, at = activity.lesson.updated_by, clock.time_text(activity.lesson.updated_at)
        told |= {"body": activity.lesson.body, "by": by.name if by and by != request.user else "", "at": at, **_state(activity)}
        told["html"] |= _drawn(request, activity, activity.lesson.body)["html"]
    return JsonResponse(told)


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The draft as learners will see it, for the frame of the editor: as it is saved, or (POST) as it stands in the form. Saves nothing."""
    activity = access.lesson_to_see(request.user, activity_id)
    form = _form(posted(request), activity)
    valid = form.is_valid()
    body, objectives = activity.lesson.body, activity.lesson.objectives
    if valid:
        body, objectives = form.cleaned_data["body"], form.cleaned_data["objectives"]
        activity.title, activity.minutes = form.cleaned_data["title"], form.cleaned_data["minutes"]
    context = {**_article(request, activity, body), "objectives": objectives, "form": form, "is_sent": valid}
    refused = form.is_bound and not valid
    response = render(request, "courses/studio_lesson_preview.html", context, status=UNPROCESSABLE if refused else 200)
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@require_POST
def paste(request: HttpRequest) -> HttpResponse:
    """What was pasted, as Markdown."""
    form = PasteForm(_readable(request.POST))
    if not form.is_valid():
        return JsonResponse({"sentence": str(next(iter(form.errors.values()))[0])}, status=UNPROCESSABLE)
    pasted = pasting.to_markdown(form.cleaned_data["html"], form.cleaned_data["teks"])
    return JsonResponse({"text": pasted.text, "told": pasted.told})


def _save(request: HttpRequest, activity: Activity, form: LessonForm) -> saving.Saved:
    said = form.cleaned_data
    return saving.save(
        activity,
        by=request.user,
        number=said["edit_number"],
        body=said["body"],
        values=form.values(),
        facts=form.facts(),
        base=said["base"] if "base" in request.POST else None,
        base_values=said["base_values"],
        choices=_made(request.POST),
        seen=said["seen"],
    )


def _told(saved: saving.Saved) -> str:
    if saved.merged:
        return f"Draf tersimpan dan digabung dengan tulisan {saved.by or 'Anda dari halaman lain'}. Periksa hasilnya."
    return "Draf pelajaran tersimpan." if saved.changed else "Tidak ada yang berubah."


def _made(sent: QueryDict) -> dict[int, str]:
    """What was chosen: the number of the passage and one of saving.CHOICES."""
    found = {}
    for key, value in sent.items():
        number = key.removeprefix("pilih-")
        if number != key and number.isascii() and number.isdecimal() and len(number) < 6 and value in saving.CHOICES:
            found[int(number)] = value
    return found


def _readable(sent: QueryDict) -> dict[str, str]:
    """The clipboard without signs that no page can show: they are nobody's fault."""
    return {key: "".join(sign for sign in sent.get(key, "") if sign >= " " or sign in "\t\n\r") for key in ("html", "teks")}


def _with_stored(sent: QueryDict, activity: Activity, names: list[str]) -> QueryDict:
    again = sent.copy()
    stored = _initial(activity)
    for name in names:
        value = stored[name]
        again[name] = "\n".join(value) if isinstance(value, list) else "" if value is None else str(getattr(value, "pk", value))
    return again


def _form(sent: QueryDict | None, activity: Activity) -> LessonForm:
    return LessonForm(sent, initial=_initial(activity), owners=freshness.owners(activity.course, activity.lesson.owner_id))


def _initial(activity: Activity) -> dict[str, Any]:
    lesson = activity.lesson
    names = [name for name in LessonForm.base_fields if name not in {"edit_number", "seen", "base", "base_values", "body"}]
    beside = {name: getattr(activity if hasattr(Activity, name) else lesson, name) for name in names}
    return {
        **beside,
        "edit_number": lesson.edit_number,
        "body": lesson.body,
        "base": lesson.body,
        "base_values": saving.as_json(beside),
    }


def _state(activity: Activity) -> dict[str, Any]:
    initial = _initial(activity)
    return {"edit_number": initial["edit_number"], "base_values": initial["base_values"]}


def _context(request: HttpRequest, activity: Activity, form: LessonForm) -> dict[str, Any]:
    body = form.cleaned_data.get("body", "") if form.is_bound and form.is_valid() else activity.lesson.body
    may_write = access.may_write(request.user, activity.course)
    return {
        "activity": activity,
        "holder_url": reviewing.address_of(activity.module or activity.course),
        "is_sent": proposing.open_proposal(activity.module or activity.course) is not None,
        "tools": writing_guide.TOOLS,
        "samples": writing_guide.SAMPLES,
        "may_write": may_write,
        "saved_words": _when(activity.lesson),
        **_measured(activity, body),
        **_voices(request, activity),
    }


def _when(lesson: Lesson) -> str:
    """«Tersimpan 10.42 WIB» today, else the day; of a draft that nobody has touched yet, what will happen to it."""
    if not lesson.edit_number:
        return "Disimpan otomatis"
    today = clock.local(clock.now()).date() == clock.local(lesson.updated_at).date()
    return f"Tersimpan {clock.time_text(lesson.updated_at) if today else clock.short_date_text(lesson.updated_at)}"


def _measured(activity: Activity, body: str, pictures: Library | None = None, html: SafeString | None = None) -> dict[str, Any]:
    pictures = publishing.library_of(activity.course_id) if pictures is None else pictures
    html = publishing.drawn(body, activity.course_id, pictures) if html is None else html
    marks = marking.marks(activity, body, pictures, html)
    return {
        "gauges": marking.gauges(body, html, activity.minutes, pictures),
        "marks": marks,
        "problem_count": sum(mark.kind == "bad" for mark in marks),
    }


def _voices(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """The people at the margin: remarks that are open, and who else is here."""
    body = activity.lesson.body
    threads = [
        {"thread": thread, "anchor": body[thread.place.start : thread.place.end] if thread.place else ""}
        for thread in remarking.of(activity)
        if thread.is_open
    ]
    return {"activity": activity, "threads": threads, "colleagues": present.others(activity, request.user)}


def _margin(request: HttpRequest, activity: Activity) -> dict[str, str]:
    voices = _voices(request, activity)
    return {
        "voices": render_to_string("courses/_lesson_voices.html", voices, request),
        "who": render_to_string("courses/_lesson_who.html", voices, request),
    }


def _article(request: HttpRequest, activity: Activity, body: str) -> dict[str, Any]:
    pictures = publishing.library_of(activity.course_id)
    html = publishing.drawn(body, activity.course_id, pictures)
    measured = _measured(activity, body, pictures, html)
    return {"activity": activity, "body": _with_questions(html, body), **measured}


def _with_questions(html: SafeString, body: str) -> SafeString:
    """Each check as learners meet it: asked, not yet answered."""
    try:
        found = {check["key"]: check for check in checks.read_checks(body)}
    except checks.CheckError:
        return checks.with_answers(html, body)
    numbers = {key: number for number, key in enumerate(found, start=1)}

    def draw(key: str) -> str:
        if key not in found:
            return ""
        return render_to_string("courses/_check.html", {"check": found[key], "number": numbers[key], "of": len(found), "action": ""})

    return markdown.replace_blocks(html, draw)


def _drawn(request: HttpRequest, activity: Activity, body: str) -> dict[str, Any]:
    """The fragments that follow the text; the article only for a page that shows it (``pratinjau``)."""
    article = _article(request, activity, body)
    told: dict[str, Any] = {
        "gauges": render_to_string("courses/_lesson_gauges.html", article, request),
        "marks": render_to_string("courses/_lesson_marks.html", article, request),
    }
    if request.POST.get("pratinjau"):
        told["article"] = render_to_string("courses/_lesson_article.html", article | {"objectives": activity.lesson.objectives}, request)
    return {"html": told, "problems": article["problem_count"]}


def _choices(activity: Activity, form: LessonForm, collision: saving.Collision) -> dict[str, Any]:
    who = collision.stored.updated_by.name if collision.stored.updated_by else "orang lain"
    return {"activity": activity, "form": form, "stored": collision.stored, "who": who, "conflicts": collision.merge.conflicts}


def _choose(request: HttpRequest, activity: Activity, form: LessonForm, collision: saving.Collision) -> HttpResponse:
    """Both texts on one page: what was typed stays in the form, and saving again is a decision."""
    context = _context(request, activity, form) | _choices(activity, form, collision) | {"has_errors": True}
    form.add_error(None, str(collision))
    again = request.POST.copy()
    again["edit_number"] = str(collision.stored.edit_number)
    again["base"] = collision.stored.body
    again["base_values"] = _initial(_fresh(activity, collision.stored))["base_values"]
    form.data = again
    return answer(request, "courses/studio_lesson.html", context | {"mine": request.POST}, form)


def _fresh(activity: Activity, stored: Lesson) -> Activity:
    activity.lesson = stored
    return activity
