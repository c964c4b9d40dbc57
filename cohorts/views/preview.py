"""Preview as a learner: the studio's people see what a cohort would see. Reads only: no row is written, no message, no progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from courses import access, freshness, glossary
from courses.models import ActivityKind, Course, Version
from linimasa import markdown
from linimasa.forms import Form

from .. import learning, previewing
from ..learning import Place
from ..previewing import Asked
from ..structure import Step, Unit
from .learn import headings, module_row


class PreviewForm(Form):
    """As whom, of what, and how far."""

    angkatan = forms.ChoiceField(label="Sebagai peserta", required=False)
    isi = forms.ChoiceField(label="Isi", required=False)
    sampai = forms.ChoiceField(label="Kemajuan", required=False)


def _asked(request: HttpRequest, course_id: int) -> tuple[Asked, Place]:
    course = access.course_to_see(request.user, course_id)
    wanted = previewing.asked(course, request.GET)
    return wanted, previewing.place_of(wanted, request.user)


def _shared(wanted: Asked, place: Place) -> dict[str, Any]:
    return {"wanted": wanted, "place": place, "choose_url": previewing.course_url(wanted), "enrolment": place.enrolment}


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Choose as whom, of what and how far; the programme as that learner has it."""
    wanted, place = _asked(request, course_id)
    context = {
        **_shared(wanted, place),
        "course": wanted.course,
        "form": _form(wanted, place),
        "rows": [module_row(place, unit, None) for unit in place.plan.units],
    }
    return render(request, "cohorts/preview/course.html", context)


def _form(wanted: Asked, place: Place) -> PreviewForm:
    form = PreviewForm(
        initial={
            "angkatan": str(wanted.cohort.pk) if wanted.cohort else "",
            "isi": f"v{wanted.version.pk}" if wanted.version else "" if wanted.content == previewing.DRAFT else wanted.content,
            "sampai": wanted.until,
        }
    )
    cohorts = [(str(one.pk), f"{one.name} ({one.get_status_display().lower()})") for one in previewing.cohorts_of(wanted.course)]
    form.fields["angkatan"].choices = [("", "Peserta baru, belajar mandiri"), *cohorts]  # type: ignore[attr-defined]  # a choice field; the stubs know a Field
    form.fields["isi"].choices = _contents(wanted.course)  # type: ignore[attr-defined]  # a choice field; the stubs know a Field
    form.fields["sampai"].choices = _progress(wanted, place)  # type: ignore[attr-defined]  # a choice field; the stubs know a Field
    return form


def _contents(course: Course) -> list[tuple[str, str]]:
    versions = Version.objects.filter(course=course, module__archived_at__isnull=True, module__isnull=False).select_related("module")
    rows = versions.defer("parts", "facts", "outline").order_by("module__position", "-number")[:60]
    found = [("", "Draf sekarang"), (previewing.AS_COHORT, "Versi yang dipakai angkatan ini")]
    return found + [(f"v{one.pk}", f"{one.module.code} versi {one.number}") for one in rows if one.module]


def _progress(wanted: Asked, place: Place) -> list[tuple[str, str]]:
    firsts = [(unit.steps[0].code, f"Sudah sampai {unit.name}") for unit in place.plan.units[1:]]
    found = [("", "Baru mulai"), *firsts, (previewing.ALL_DONE, "Semua selesai")]
    known = {code for code, _label in found}
    return found if wanted.until in known else [*found, (wanted.until, f"Sudah sampai {wanted.until}")]


@require_safe
def module(request: HttpRequest, course_id: int, module_slug: str) -> HttpResponse:
    """A module as its learner would meet it."""
    wanted, place = _asked(request, course_id)
    units = place.plan.unit_by_slug(module_slug)
    if not units:
        raise Http404
    unit = units[0]
    rows = [row for one in units for row in learning.as_shown(place.of_unit(one))]
    doable = next((row for row in rows if not row["locked"] and not row["done"]), None)
    for row in rows:
        row["now"] = row is doable
    content = {
        "unit": unit,
        "rows": rows,
        "doable": doable,
        "locked": rows[0]["locked"] if rows and not doable else None,
        "share": place.unit_share(unit),
        "kinds": {kind: [row for row in rows if row["step"].kind == kind] for kind in ("lesson", "quiz", "assignment")},
        "kilobytes": sum(row["step"].kilobytes for row in rows),
        "minutes": sum(row["step"].minutes for row in rows),
    }
    context = {
        **_shared(wanted, place),
        "unit": unit,
        "title": unit.title if unit.is_module else "Orientasi, tes, dan penutup",
        "content": render_to_string("cohorts/_module_main.html", content),
        "modules": place.plan.modules,
    }
    return render(request, "cohorts/preview/module.html", context)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, course_id: int, module_slug: str, activity_id: int) -> HttpResponse:
    """One step as its learner would meet it. POST answers an inline check of a lesson (``cek``) and keeps nothing of it."""
    wanted, place = _asked(request, course_id)
    standing = place.by_activity.get(activity_id)
    if standing is None or standing.step.unit_slug != module_slug:
        raise Http404
    one, unit = standing.step, place.plan.units[standing.step.unit]
    following = learning.following(place, one)
    context = {
        **_shared(wanted, place),
        "step": one,
        "unit": unit,
        "problem": standing.locked,
        "due_at": standing.due_at,
        "onward_url": previewing.step_url(wanted, following, following.code if not standing.done else None) if following else "",
        "following": following,
        "preceding": learning.preceding(place, one),
    }
    if standing.locked is not None:
        return render(request, "cohorts/preview/locked.html", context)
    if one.kind != ActivityKind.LESSON:
        more = {"notes": previewing.notes(unit, one, wanted.course), "trial_url": previewing.trial_url(one)}
        return render(request, "cohorts/preview/step.html", context | more)
    return _lesson(request, wanted, place, unit, one, context)


def _lesson(request: HttpRequest, wanted: Asked, place: Place, unit: Unit, one: Step, context: dict[str, Any]) -> HttpResponse:
    page = previewing.lesson(unit, one, wanted.course)
    key = request.GET.get("cek", "") if request.method == "POST" else ""
    answered = _answered(page.check(key), request.POST.get("pilihan", "")) if key and page.check(key) else {}
    keys = [check["key"] for check in page.checks]

    def draw(name: str) -> str:
        if page.check(name) is None:
            return ""
        action = f"{one.url}{'&' if '?' in one.url else '?'}cek={name}"
        shown = {"check": page.check(name), "number": keys.index(name) + 1, "of": len(keys), "action": action}
        return render_to_string("courses/_check.html", shown | (answered if name == key else {}), request)

    if answered and request.headers.get("X-Requested-With") == "fragment":
        return HttpResponse(draw(key), status=422 if "problem" in answered else 200)
    terms = glossary.linked(page.html, place.plan.course_version_id or wanted.course.current_version_id)
    body = markdown.with_terms(markdown.replace_blocks(page.html, draw), {term.slug for term in terms})
    article = render_to_string("cohorts/_article.html", {"page": page, "step": one, "body": body, "terms": terms}, request)
    rows = learning.as_shown(place.of_unit(unit), one.activity_id)
    context |= {
        "page": page,
        "article": article,
        "rows": rows,
        "done": place.by_activity[one.activity_id].done,
        "mark": freshness.mark_of(wanted.course, one.activity_id),
        "headings": headings(page.html),
        "done_count": sum(1 for row in rows if row["done"]),
        "step_count": len(rows),
        "has_errors": "problem" in answered,
    }
    return render(request, "cohorts/preview/lesson.html", context, status=422 if "problem" in answered else 200)


def _answered(check: Any, choice: str) -> dict[str, Any]:
    offered = {str(number) for number in range(len(check["choices"]))}
    if choice not in offered:
        return {"problem": "Pilih satu jawaban"}
    return {"chosen": int(choice), "right": int(choice) == check["answer"]}
