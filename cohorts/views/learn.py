"""The learner's own pages: home, module, lesson, and what is still missing for the certificate."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.registration import under_approved_domain
from courses import freshness, glossary, outline
from courses.models import ActivityKind
from linimasa import clock, markdown, writing

from .. import access, completion, fragments, joining, learning, structure, words
from ..agenda import agenda, returned_activities
from ..learning import Place
from ..models import Cohort, CohortKind, CohortStatus, Enrolment, EnrolmentStatus, Invitation, ProgressState
from ..progress import ProgressError, states_of, undo
from ..structure import Step, Unit
from .papers import paper_of

KIND_WORDS: dict[str, str] = {ActivityKind.QUIZ: "kuis", ActivityKind.ASSIGNMENT: "tugas"}
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.S)


# --- home -------------------------------------------------------------------------------------------------------------
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a person starts: the next step, the line of time, the programme, what the certificate still needs."""
    enrolments = access.own_enrolments(request.user)
    chosen = _chosen(request, enrolments)
    context: dict[str, Any] = {"greeting": greeting(), "first_name": writing.short_name(request.user.name), "enrolments": enrolments}
    if chosen is None or chosen.status not in {EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED}:
        return render(request, "cohorts/home_empty.html", {**context, **_not_learning(request, chosen)})
    return render(request, "cohorts/home.html", {**context, **_learning(chosen)})


def _chosen(request: HttpRequest, enrolments: list[Enrolment]) -> Enrolment | None:
    asked = request.GET.get("program", "")
    return next((e for e in enrolments if str(e.pk) == asked), enrolments[0] if enrolments else None)


def greeting() -> str:
    """By the hour in the person's own zone."""
    hour = clock.local(clock.now()).hour
    return (
        "Selamat pagi" if 4 <= hour < 11 else "Selamat siang" if 11 <= hour < 15 else "Selamat sore" if 15 <= hour < 19 else "Selamat malam"
    )


def _not_learning(request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """For someone without a running course: what waits, who invited them, what they can join."""
    addresses = joining.verified_addresses(request.user)
    invitations = Invitation.objects.filter(email__in=addresses, used_at__isnull=True).select_related("cohort__course")
    cohorts = list(Cohort.objects.joinable().select_related("course")[:5])
    if under_approved_domain(request.user):  # what can be joined at once comes first
        cohorts.sort(key=lambda cohort: cohort.kind != CohortKind.SELF_PACED)
    return {
        "enrolment": enrolment,
        "invitations": list(invitations[:5]),
        "cohorts": cohorts,
        "profile_complete": request.user.profile_complete,
    }


def _learning(enrolment: Enrolment) -> dict[str, Any]:
    place = learning.place_of(enrolment)
    following = learning.next_step(place)
    conditions = completion.conditions(place.plan, place.progress)
    unit = place.plan.units[following.step.unit] if following else None
    return {
        "enrolment": enrolment,
        "place": place,
        "following": following.step if following else None,
        "unit": unit,
        "resume": _resume_card(place, unit, following.step) if unit and following else "",
        "days": agenda(place, clock.now(), words.about(enrolment, returned_activities(place))),
        "programme": _programme_card(place, [module_row(place, m, following.step if following else None) for m in place.plan.modules]),
        "modules_done": sum(1 for module in place.plan.core if place.unit_share(module) >= 1),
        "conditions": _conditions_card(place),
        "all_met": all(condition.met for condition in conditions),
        "remaining": remaining_text(place),
    }


def module_row(place: Place, unit: Unit, now: Step | None) -> dict[str, Any]:
    """One module of the programme as the dashboard and the cohort page draw it."""
    standings = [s for s in place.of_unit(unit) if s.step.required]
    lessons = [s for s in standings if s.step.kind == ActivityKind.LESSON and not s.waived]
    share = place.unit_share(unit)
    locked = standings[0].locked if standings and not any(s.progress for s in standings) else None
    done = sum(1 for s in lessons if s.done)
    left = [KIND_WORDS[s.step.kind] for s in standings if not s.done and s.step.kind in KIND_WORDS]
    if share >= 1:
        words = "Selesai"
    elif locked:
        words = "Terkunci"
    else:
        words = f"{done} dari {len(lessons)}" if done < len(lessons) else f"Tinggal {writing.listed(dict.fromkeys(left))}"
    begun = any(s.progress for s in standings)
    return {
        "unit": unit,
        "share": share,
        "begun": begun,
        "words": words,
        "locked": locked,
        "now": now is not None and now.unit == unit.index,
    }


def remaining_text(place: Place) -> str:
    """«Tinggal 3 pelajaran, 1 kuis, dan 2 tugas lagi untuk sertifikat.»"""
    plan = place.plan
    left = [
        s
        for s in place.steps
        if s.step.required and not plan.units[s.step.unit].optional and (not s.behind or s.state == ProgressState.RETURNED)
    ]
    words = {ActivityKind.LESSON: "pelajaran", ActivityKind.QUIZ: "kuis", ActivityKind.ASSIGNMENT: "tugas"}
    counts = [(sum(1 for s in left if s.step.kind == kind), word) for kind, word in words.items()]
    parts = [f"{count} {word}" for count, word in counts if count]
    if not parts:
        return ""
    return f"Tinggal {writing.listed(parts)} lagi untuk sertifikat."


# --- module -----------------------------------------------------------------------------------------------------------
@require_GET
def module(request: HttpRequest, course_slug: str, module_slug: str) -> HttpResponse:
    """A module's outline with where the learner stands in each part."""
    try:
        enrolment = access.active_enrolment(request.user, course_slug)
    except Http404:  # public pages lead here: whoever does not take the course yet chooses a cohort
        if access.may_join(course_slug):
            messages.info(request, "Pilih angkatan dulu. Setelah bergabung, modul ini terbuka.")
            return redirect("cohorts:joinable")
        raise
    place = learning.place_of(enrolment)
    units = place.plan.unit_by_slug(module_slug)
    if not units:
        raise Http404
    unit = units[0]
    rows = [row for one in units for row in learning.as_shown(place.of_unit(one))]
    doable = next((row for row in rows if not row["locked"] and not row["done"] and row["state"] != "submitted"), None)
    for row in rows:
        row["now"] = row is doable
    share = place.unit_share(unit)
    seen = tuple((row["petals"], row["done"], row["state"], row["locked"] and row["locked"].sentence) for row in rows)
    paper = paper_of(place, units)
    content = fragments.draw(
        "cohorts/_module_main.html",
        (place.plan.stamp, module_slug, timezone.get_current_timezone_name(), seen, share, paper),
        paper=paper,
        unit=unit,
        rows=rows,
        doable=doable,
        locked=rows[0]["locked"] if rows and not doable else None,
        share=share,
        kinds={kind: [row for row in rows if row["step"].kind == kind] for kind in ("lesson", "quiz", "assignment")},
        kilobytes=sum(row["step"].kilobytes for row in rows),
        minutes=sum(row["step"].minutes for row in rows),
    )
    context = {
        "enrolment": enrolment,
        "unit": unit,
        "title": unit.title if unit.is_module else "Orientasi, tes, dan penutup",
        "content": content,
        "conditions": _conditions_card(place),
        "modules": place.plan.modules,
    }
    return fragments.answer(request, "cohorts/module.html", context)


def _conditions_card(place: Place) -> SafeString:
    """The certificate's conditions as a list, kept ready for each combination of met and unmet."""
    found = completion.conditions(place.plan, place.progress)
    return fragments.draw("cohorts/_conditions.html", (place.plan.stamp, tuple(c.met for c in found)), conditions=found)


def _resume_card(place: Place, unit: Unit, step: Step) -> SafeString:
    """The card that leads on, kept ready for each way of standing in the unit."""
    path = learning.as_shown(place.of_unit(unit), step.activity_id)
    begun = place.enrolment.last_activity_id is not None
    key = (place.plan.stamp, step.activity_id, begun, timezone.get_current_timezone_name(), tuple((r["petals"], r["words"]) for r in path))
    return fragments.draw("cohorts/_resume.html", key, following=step, unit=unit, path=path, begun=begun)


def _programme_card(place: Place, rows: list[dict[str, Any]]) -> SafeString:
    """The modules as a list, kept ready for each way of standing in them."""
    key = tuple((row["words"], row["share"], row["begun"], row["locked"] is None, row["now"]) for row in rows)
    return fragments.draw("cohorts/_programme.html", (place.plan.stamp, key), modules=rows)


# --- lesson -----------------------------------------------------------------------------------------------------------
@require_GET
def lesson(request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str) -> HttpResponse:
    """One lesson. At most five statements with session and person: what all learners share is kept ready."""
    place, step = _lesson_or_404(request, course_slug, module_slug, lesson_slug)
    return _lesson_page(request, place, step)


@require_POST
def complete(request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str) -> HttpResponse:
    """«Selesai, lanjutkan»: the lesson is done, and on to what comes next."""
    place, step = _lesson_or_404(request, course_slug, module_slug, lesson_slug)
    try:
        learning.complete_lesson(place.enrolment, step)
    except learning.LearningError as error:
        messages.error(request, str(error))
        return redirect(error.url or step.url)
    messages.success(request, f"Tersimpan. Pelajaran {step.title} selesai.")
    following = learning.following(place, step)
    if following is None:
        return redirect("cohorts:home")
    return redirect(following.url if following.unit == step.unit else place.plan.units[following.unit].url)


@require_POST
def take_back(request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str) -> HttpResponse:
    """«Urungkan»: the lesson is not done after all."""
    place, step = _lesson_or_404(request, course_slug, module_slug, lesson_slug)
    try:
        undo(place.enrolment, step.activity_id, by=request.user)
    except ProgressError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, f"Pelajaran {step.title} belum ditandai selesai.")
    return redirect(step.url)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str, key: str) -> HttpResponse:
    """Answer an inline check: the whole lesson with the feedback in its place, or only that section for the script."""
    place, step = _lesson_or_404(request, course_slug, module_slug, lesson_slug)
    standing = place.by_activity[step.activity_id]
    if request.method == "GET" or standing.locked:
        return redirect(step.url)
    page = _lesson_content(place, step)
    choice = request.POST.get("pilihan", "")
    if page.check(key) is None:
        raise Http404
    offered = {str(number) for number in range(len(page.check(key)["choices"]))}  # type: ignore[index]
    if choice not in offered:
        return _checked(request, place, step, key, {"problem": "Pilih satu jawaban"}, status=422)
    right = learning.answer_check(place.enrolment, page, key, int(choice))
    return _checked(request, place, step, key, {"chosen": int(choice), "right": right}, status=200)


def _checked(request: HttpRequest, place: Place, step: Step, key: str, answered: dict[str, Any], *, status: int) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fragment":
        context = _check_context(_lesson_content(place, step), step, key, answered)
        return fragments.answer(request, "courses/_check.html", {**context, "csrf_token": fragments.TOKEN}, status=status)
    return _lesson_page(request, place, step, checked={key: answered}, status=status)


def _lesson_or_404(request: HttpRequest, course_slug: str, module_slug: str, lesson_slug: str) -> tuple[Place, Step]:
    enrolment = access.active_enrolment(request.user, course_slug)
    plan = structure.of(enrolment)
    for unit in plan.unit_by_slug(module_slug):
        for step in unit.lessons:
            if step.slug == lesson_slug:
                return learning.place_of(enrolment, states_of(enrolment)), step
    raise Http404


def _lesson_content(place: Place, step: Step) -> outline.LessonPage:
    version_id = place.plan.units[step.unit].version_id
    assert version_id is not None  # noqa: S101  # a unit with lessons has a version
    return outline.frozen_lesson(version_id, step.activity_id)


def _lesson_page(
    request: HttpRequest, place: Place, step: Step, *, checked: dict[str, dict[str, Any]] | None = None, status: int = 200
) -> HttpResponse:
    standing = place.by_activity[step.activity_id]
    unit = place.plan.units[step.unit]
    if standing.locked is not None:
        return render(request, "cohorts/locked.html", {"step": step, "unit": unit, "problem": standing.locked}, status=403)
    rows = learning.as_shown(place.of_unit(unit), step.activity_id)
    can_undo = standing.done and place.enrolment.status == EnrolmentStatus.ACTIVE
    closed = place.enrolment.cohort.status != CohortStatus.OPEN
    shown = tuple((row["petals"], row["done"], row["locked"] is None) for row in rows)
    mark = freshness.mark_of(place.enrolment.course, step.activity_id)
    told = mark and (mark, timezone.get_current_timezone_name())

    def context() -> dict[str, Any]:
        page = _lesson_content(place, step)
        return {
            "step": step,
            "unit": unit,
            "page": page,
            "article": _article(place, page, step, checked or {}),
            "mark": mark,
            "rows": rows,
            "done": standing.done,
            "can_undo": can_undo,
            "closed": closed,
            "following": learning.following(place, step),
            "preceding": learning.preceding(place, step),
            "headings": headings(page.html),
            "done_count": sum(1 for row in rows if row["done"]),
            "step_count": len(rows),
            "has_errors": status == 422,
            "csrf_token": fragments.TOKEN,
        }

    if checked:
        return fragments.answer(request, "cohorts/lesson.html", context(), status=status)
    return fragments.page(request, "cohorts/lesson.html", (place.plan.stamp, step.activity_id, shown, can_undo, closed, told), context)


def _article(place: Place, page: outline.LessonPage, step: Step, checked: dict[str, dict[str, Any]]) -> SafeString:
    """The text of the lesson: kept ready as everyone first meets it, drawn anew only around an answer."""
    key = (page.version_id, place.plan.course_version_id, step.url)
    if not checked and (kept := fragments.get("cohorts/_article.html", key)) is not None:
        return kept
    terms = glossary.linked(page.html, place.plan.course_version_id)
    body = markdown.with_terms(_with_checks(page, step, checked), {term.slug for term in terms})
    context = {"page": page, "step": step, "body": body, "terms": terms}
    if checked:
        return render_to_string("cohorts/_article.html", {**context, "csrf_token": fragments.TOKEN})
    return fragments.draw("cohorts/_article.html", key, **context)


def _with_checks(page: outline.LessonPage, step: Step, checked: dict[str, dict[str, Any]]) -> SafeString:
    """The lesson's HTML with its checks in their places, drawn by the template of a check."""

    def draw(key: str) -> str:
        if page.check(key) is None:
            return ""
        context = _check_context(page, step, key, checked.get(key, {}))
        return render_to_string("courses/_check.html", {**context, "csrf_token": fragments.TOKEN})

    return markdown.replace_blocks(page.html, draw)


def _check_context(page: outline.LessonPage, step: Step, key: str, answered: dict[str, Any]) -> dict[str, Any]:
    keys = [check["key"] for check in page.checks]
    return {
        "check": page.check(key),
        "number": keys.index(key) + 1,
        "of": len(keys),
        "action": f"{step.url}cek/{key}/",
        "chosen": answered.get("chosen"),
        "right": answered.get("right"),
        "problem": answered.get("problem", ""),
    }


def headings(html: str) -> list[tuple[str, str]]:
    """The second-level headings of a lesson: anchors and plain text, for «Di halaman ini»."""
    return [(anchor, unescape(strip_tags(text))) for anchor, text in HEADING.findall(html)]


# --- the certificate's conditions -------------------------------------------------------------------------------------
@require_GET
def program(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """«Mengapa belum terbit?»: every condition with where the learner stands, the marks so far, and the way out."""
    enrolment = access.own_enrolment(request.user, enrolment_id)
    place = learning.place_of(enrolment)
    mark = completion.final_mark(enrolment, progress=place.progress)
    return render(
        request,
        "cohorts/program.html",
        {
            "enrolment": enrolment,
            "conditions": completion.conditions(place.plan, place.progress),
            "problems": completion.problems(enrolment, progress=place.progress),
            "mark": mark,
            "predicate": completion.predicate(mark, completion.rules_of(place.plan)),
            "minutes": completion.minutes_earned(enrolment, progress=place.progress),
            "optional": completion.optional_units_completed(enrolment, progress=place.progress),
            "modules": [module_row(place, unit, None) for unit in place.plan.modules],
            "is_learning": enrolment.status in {EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED},
        },
    )
