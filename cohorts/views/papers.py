"""A module on paper: what the learner may take along, and sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses import booklets, tasks
from courses.booklets import Known
from courses.views.papers import booklet_answer
from linimasa.work import hint

from .. import access, learning, structure
from ..learning import Place
from ..progress import states_of
from ..structure import Unit
from ..unlocking import Standing


@dataclass(frozen=True, slots=True)
class Paper:
    """The booklet of a module as its page offers it; ``known`` is None while no worker has drawn it."""

    url: str
    known: Known | None


def paper_of(place: Place, units: Sequence[Unit]) -> Paper | None:
    """The booklet of the module at this address in the version that the cohort meets; None where there is none to read yet.

    At most one statement; a booklet that is not there is asked for.
    """
    unit = units[0]
    if not unit.is_module or unit.version_id is None or not unit.lessons or _closed(place, unit) is not None:
        return None
    found = booklets.known(unit.version_id, place.enrolment.course.current_version_id)
    if found is None:
        hint(tasks.make_booklet, unit.version_id)
    return Paper(reverse("cohorts:booklet", args=[place.plan.course_slug, unit.slug]), found)


@require_safe
def booklet(request: HttpRequest, course_slug: str, module_slug: str) -> HttpResponse:
    """The module as PDF, as soon as its first lesson is open to this learner."""
    enrolment = access.active_enrolment(request.user, course_slug)
    unit = next((one for one in structure.of(enrolment).unit_by_slug(module_slug) if one.is_module and one.lessons), None)
    if unit is None or unit.version_id is None:
        raise Http404
    closed = _closed(learning.place_of(enrolment, states_of(enrolment)), unit)
    if closed is not None:
        return render(request, "cohorts/locked.html", {"step": closed.step, "unit": unit, "problem": closed.locked}, status=403)
    return booklet_answer(request, unit.version_id)


def _closed(place: Place, unit: Unit) -> Standing | None:
    """The unit's first lesson, when none of its lessons is open."""
    lessons = [place.by_activity[step.activity_id] for step in unit.lessons]
    return lessons[0] if all(lesson.locked is not None for lesson in lessons) else None
