"""What anyone may see: the landing page, the catalogue, a module's page, the glossary."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linimasa.forms import answer
from linimasa.paging import page_of
from linimasa.writing import number_word

from .. import glossary, showing
from ..forms import SearchForm, TermForm

PER_PAGE = 12


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Sign in, learn in one screen what this is, check a certificate."""
    course = showing.main_course()
    stages = showing.stages_of(showing.published_id(course)) if course else ()
    modules = showing.published_modules().filter(course=course) if course else showing.published_modules().none()
    cards = [showing.card_of(module) for module in modules[:PER_PAGE]]
    return render(
        request,
        "courses/landing.html",
        {
            "course": course,
            "stages": stages,
            "cards": cards,
            "core_minutes": showing.core_minutes(stages),
            "all_minutes": sum(stage.minutes for stage in stages),
            "modules_word": number_word(len(cards)).capitalize(),
            "core_word": number_word(sum(1 for stage in stages if stage.core)),
            "optional": [card for card in cards if card.optional],
        },
    )


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every published module, searched and filtered by what was published."""
    form = SearchForm(request.GET)
    modules = showing.published_modules()
    asked = form.cleaned_data if form.is_valid() else {"q": "", "jenis": ""}
    for word in asked["q"].split():
        modules = modules.filter(current_version__facts__title__icontains=word) | modules.filter(
            current_version__facts__summary__icontains=word
        )
    if asked["jenis"]:
        modules = modules.filter(current_version__facts__is_optional=asked["jenis"] == "pilihan")
    page = page_of(request, modules, PER_PAGE)
    context = {"page": page, "cards": [showing.card_of(module) for module in page], "asked": asked, "searched": any(asked.values())}
    return answer(request, "courses/catalogue.html", context, form)


@require_safe
def module_page(request: HttpRequest, course_slug: str, module_slug: str) -> HttpResponse:
    """A module for whoever thinks about starting it; a learner's own view of it is ``cohorts:module``."""
    module, shown = showing.module_page(course_slug, module_slug)
    return render(request, "courses/module_page.html", {"module": module, "shown": shown})


@require_safe
def glossary_page(request: HttpRequest) -> HttpResponse:
    """Every term, searched by word. On one page, because lessons and other sites link to its terms; a course has at most 300 of them."""
    form = TermForm(request.GET)
    words = form.cleaned_data["q"].split() if form.is_valid() else []
    terms = [term for term in glossary.published() if all(term.matches(word) for word in words)]
    groups = [(letter, list(found)) for letter, found in groupby(terms, key=lambda term: term.letter)]
    context = {"groups": groups, "count": len(terms), "asked": " ".join(words)}
    return answer(request, "courses/glossary.html", context, form)
