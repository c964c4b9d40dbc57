"""The bank of a course: the list, what is done with many questions at once, and the categories."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import course_to_see, course_to_write, courses_in_studio, may_write
from courses.models import Course, Module
from linimasa.forms import answer, posted
from linimasa.paging import page_of

from ..bank import access, categories, listing, undoing
from ..bank.forms import CategoryForm, PickedForm, asked
from ..models import Category, Question

UNDO = "bank_undo"


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """The courses whose bank this person may see; straight to the only one."""
    courses = courses_in_studio(request.user).order_by("title", "pk")
    page = page_of(request, courses)
    if page.paginator.count == 1:
        return redirect("quizzes:bank_list", page.object_list[0].pk)
    return render(request, "quizzes/bank/courses.html", {"page": page})


@require_safe
def bank_list(request: HttpRequest, course_id: int) -> HttpResponse:
    """A course's questions: searched, filtered, paged."""
    course = course_to_see(request.user, course_id)
    return render(request, "quizzes/bank/list.html", _list_context(request, course))


def _list_context(request: HttpRequest, course: Course) -> dict[str, Any]:
    branches = categories.tree(course)
    filters = asked(request.GET, course, branches)
    values = filters.values()
    page = page_of(request, listing.found(course, values, branches))
    query = request.GET.copy()
    query.pop("hal", None)
    query.pop("keadaan", None)
    narrowed, code = {*values} - {"keadaan"}, values.get("modul", "")
    return {
        "course": course,
        "filters": filters,
        "is_filtered": bool(narrowed),
        "held": Module.objects.filter(course=course, code=code).first() if narrowed == {"modul"} else None,
        "page": page,
        "rows": listing.rows(page, branches, listing.facilities(course)),
        "states": [(f"?{query.urlencode()}{'&' if query else ''}keadaan={value}", value, label) for value, label in listing.STATES],
        "state": values.get("keadaan", ""),
        "branches": listing.branch_choices(branches),
        "may_write": may_write(request.user, course),
        "undo": undoing.shown(request.session.get(UNDO), course),
        "query": request.GET.urlencode(),
        "module": code,
    }


@require_POST
def picked(request: HttpRequest, course_id: int) -> HttpResponse:
    """Move or retire what is picked in the list; one click takes it back."""
    course = course_to_write(request.user, course_id)
    form = PickedForm(request.POST, branches=categories.tree(course))
    if not form.is_valid():
        for sentence in [str(error) for errors in form.errors.values() for error in errors]:
            messages.error(request, sentence)
        return render(request, "quizzes/bank/list.html", _list_context(request, course) | {"has_errors": True}, status=422)
    questions = list(Question.objects.filter(course=course, pk__in=form.cleaned_data["soal"]).order_by("code", "pk"))
    done = undoing.act(form.cleaned_data["act"], questions, form.category(), by=request.user)
    for sentence in done.refused:
        messages.warning(request, sentence)
    if done.count:
        request.session[UNDO] = done.kept(course) | {"key": secrets.token_hex(8)}
    else:
        messages.info(request, "Tidak ada yang berubah.")
    return _back(course, request)


@require_POST
def undo(request: HttpRequest, course_id: int) -> HttpResponse:
    """Take the last act on many questions back, where nobody has changed them since."""
    course = course_to_write(request.user, course_id)
    kept = request.session.get(UNDO) or {}
    if not undoing.shown(kept, course) or request.POST.get("kunci") != kept.get("key"):
        messages.info(request, "Tidak ada lagi yang dapat diurungkan.")
        return _back(course, request)
    del request.session[UNDO]
    count = undoing.undo(kept, course, by=request.user)
    messages.success(request, f"{count} soal dikembalikan seperti semula.")
    return _back(course, request)


def _back(course: Course, request: HttpRequest) -> HttpResponse:
    """To the list as it was filtered; the query is read again there, so only its text is kept."""
    query = str(request.POST.get("saringan", ""))[:1_000].replace("\r", "").replace("\n", "")
    address = reverse("quizzes:bank_list", args=[course.pk])
    return redirect(f"{address}?{query}" if query else address)


@require_http_methods(["GET", "POST"])
def bank_categories(request: HttpRequest, course_id: int) -> HttpResponse:
    """The tree of categories, and a new one."""
    find = course_to_write if request.method == "POST" else course_to_see
    course = find(request.user, course_id)
    branches = categories.tree(course)
    form = CategoryForm(posted(request), branches=branches)
    if form.is_valid():
        try:
            made = categories.add(course, form.cleaned_data["name"], by=request.user, parent=form.chosen_parent())
        except categories.CategoryError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"Kategori “{made.name}” ditambahkan.")
            return redirect("quizzes:bank_categories", course.pk)
    context = {"course": course, "branches": branches, "may_write": may_write(request.user, course)}
    return answer(request, "quizzes/bank/categories.html", context, form)


@require_http_methods(["GET", "POST"])
def bank_category(request: HttpRequest, category_id: int) -> HttpResponse:
    """One category: another name, another place, or gone when it is empty."""
    category = access.category_to_write(request.user, category_id)
    branches = categories.tree(category.course)
    form = CategoryForm(posted(request), branches=branches, own=category)
    if form.is_valid():
        try:
            categories.change(category, form.cleaned_data["name"], form.chosen_parent(), by=request.user)
        except categories.CategoryError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "Kategori tersimpan.")
            return redirect("quizzes:bank_categories", category.course_id)
    own = next(one for one in branches if one.category.pk == category.pk)
    context = {"category": category, "own": own, "problems": categories.remove_problems(category)}
    return answer(request, "quizzes/bank/category.html", context, form)


@require_POST
def step_category(request: HttpRequest, category_id: int) -> HttpResponse:
    """One place up or down among its neighbours."""
    category = access.category_to_write(request.user, category_id)
    if request.POST.get("step") not in ("-1", "1"):
        messages.error(request, "Arah pindah ini tidak dikenal. Pakai tombol naik atau turun.")
        return _refused(request, category)
    place = categories.step(category, by=request.user, down=request.POST["step"] == "1")
    messages.success(request, f"“{category.name}” sekarang nomor {place}.")
    return redirect("quizzes:bank_categories", category.course_id)


@require_POST
def remove_category(request: HttpRequest, category_id: int) -> HttpResponse:
    """Delete an empty category."""
    category = access.category_to_write(request.user, category_id)
    try:
        categories.remove(category, by=request.user)
    except categories.CategoryError as error:
        messages.error(request, str(error))
        return _refused(request, category)
    messages.success(request, f"Kategori “{category.name}” dihapus.")
    return redirect("quizzes:bank_categories", category.course_id)


def _refused(request: HttpRequest, category: Category) -> HttpResponse:
    branches = categories.tree(category.course)
    context = {"course": category.course, "branches": branches, "form": CategoryForm(None, branches=branches), "may_write": True}
    return render(request, "quizzes/bank/categories.html", context, status=422)
