"""Help inside the studio: the list of tasks, searched by words, and one page for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Role
from linimasa.forms import answer

from .. import helping, practising
from ..outline_forms import HelpForm

STUDIO = {Role.AUTHOR, Role.REVIEWER, Role.ADMIN}


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """All tasks, or those that have these words; and the way to the practice module."""
    form = HelpForm(request.GET) if "q" in request.GET else HelpForm()
    query = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    context = {"tasks": helping.find(query), "query": query, "practice": practising.of(request.user)}
    return answer(request, "courses/help/tasks.html", context, form)


@require_safe
def task(request: HttpRequest, slug: str) -> HttpResponse:
    """One task in numbered steps. An organiser, who moves cohorts, reads it too, without the ways into the studio."""
    found = helping.BY_SLUG.get(slug)
    if found is None:
        raise Http404
    others = [one for one in helping.TASKS if one != found] if STUDIO & set(request.user.roles()) else []
    return render(request, "courses/help/task.html", {"task": found, "others": others})
