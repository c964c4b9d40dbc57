"""Which versions a cohort keeps, and moving it to a newer one with the consequences on the page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Course, Module, Version
from linimasa.forms import Form, answer, posted

from .. import access, moving
from ..models import Cohort


class MoveForm(Form):
    """``held`` and ``new`` are the numbers that the page showed."""

    held = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
    new = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
    tell = forms.BooleanField(label="Beri tahu peserta lewat surel dan kabar", required=False)
    note = forms.CharField(
        label="Pesan untuk peserta", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="Ikut dalam surel."
    )


@require_safe
def versions(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Which version of the programme and of each module the cohort shows."""
    cohort = access.cohort_to_manage(request.user, cohort_id)
    return render(request, "cohorts/versions.html", {"cohort": cohort, "pins": moving.pins(cohort)})


@require_http_methods(["GET", "POST"])
def move_module(request: HttpRequest, cohort_id: int, module_id: int) -> HttpResponse:
    """What moving one module would mean for this cohort, and the deed."""
    cohort = access.cohort_to_manage(request.user, cohort_id)
    return _move(request, cohort, Module, module_id)


@require_http_methods(["GET", "POST"])
def move_programme(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What moving the course's own programme and rules would mean for this cohort, and the deed."""
    cohort = access.cohort_to_manage(request.user, cohort_id)
    return _move(request, cohort, Course, cohort.course_id)


def _move(request: HttpRequest, cohort: Cohort, kind: type[Module] | type[Course], pk: int) -> HttpResponse:
    pin = next((one for one in moving.pins(cohort) if isinstance(one.holder, kind) and one.holder.pk == pk), None)
    if pin is None:
        raise Http404
    initial = {"held": pin.held.number if pin.held else 0, "new": pin.latest.number if pin.latest else 0}
    form = MoveForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            new = _moved(request, cohort, pin, form)
        except moving.MovingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{pin.holder.title} kini memakai versi {new.number}. Kemajuan peserta tetap.")
            return redirect("cohorts:versions", cohort.pk)
    shown = pin.has_newer and pin.held and pin.latest
    effect = moving.consequences(cohort, pin.held, pin.latest) if shown else None
    problems = moving.moving_problems(cohort, pin.held, pin.latest) if pin.latest else []
    return answer(request, "cohorts/move.html", {"cohort": cohort, "pin": pin, "effect": effect, "problems": problems}, form)


def _moved(request: HttpRequest, cohort: Cohort, pin: moving.Pin, form: MoveForm) -> Version:
    words = form.cleaned_data
    rows = Version.objects.filter(course=cohort.course_id, module=pin.holder if isinstance(pin.holder, Module) else None)
    known = {one.number: one for one in rows.filter(number__in=[words["held"], words["new"]])}
    held, new = known.get(words["held"]), known.get(words["new"])
    if held is None or new is None:
        raise moving.MovingError("Versi ini tidak ada. Muat ulang halaman.")
    moving.move(cohort, new, held=held, by=request.user, tell=words["tell"], note=words["note"])
    return new
