"""What goes with a course, as authors write it: terms, facts that age, misconceptions, guides for trainers. One shape for all four."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linimasa.forms import answer, posted
from linimasa.paging import page_of

from .. import access, accompanying, companions, leaning, publishing
from ..companion_forms import FORMS, RowForm
from ..forms import TermForm as SearchForm
from ..models import Course

MOST_UNLISTED = 20


@dataclass(frozen=True)
class Kind:
    """One of the four: the field of ``Companions``, its words, and the names of its pages."""

    name: str
    title: str
    one: str
    lead: str
    listing: str
    new: str
    page: str
    nothing: str
    unlisted: str = ""

    @property
    def key(self) -> str:
        return companions.IN_WORDS[self.name][1]

    @property
    def shown(self) -> str:
        return companions.IN_WORDS[self.name][2]


TERMS = Kind(
    "glossary",
    "Istilah",
    "istilah",
    "Pelajaran menautkannya dengan [[istilah]]; peserta melihat artinya di bawah pelajaran dan di glosarium.",
    "courses:terms",
    "courses:new_term",
    "courses:term",
    "Tulis istilah pertama dengan artinya.",
    "Ditautkan, belum ada di sini",
)
FACTS = Kind(
    "facts",
    "Fakta yang mudah berubah",
    "fakta",
    "Batas, harga, dan aturan yang dapat berganti. Masing-masing ditinjau lagi pada harinya.",
    "courses:facts",
    "courses:new_fact",
    "courses:fact",
    "Catat yang dapat berganti, supaya ada yang meninjaunya lagi.",
    "Ditulis dalam pelajaran, belum ada di sini",
)
BELIEFS = Kind(
    "misconceptions",
    "Salah paham",
    "salah paham",
    "Yang sering disangka benar. Soal menandai pilihan keliru dengannya, supaya terlihat apa yang perlu dijelaskan lagi.",
    "courses:misconceptions",
    "courses:new_misconception",
    "courses:misconception",
    "Tulis yang sering disangka benar oleh peserta.",
    "Dipakai soal, belum ada di sini",
)
GUIDES = Kind(
    "guides",
    "Panduan pengajar",
    "panduan",
    "Sesi langsung menit demi menit. Pengajar membacanya sesudah kursus terbit.",
    "courses:trainer_guides",
    "courses:new_trainer_guide",
    "courses:trainer_guide",
    "Tulis panduan untuk sesi pertama.",
)
KINDS = {one.name: one for one in (TERMS, FACTS, BELIEFS, GUIDES)}


@require_safe
def terms(request: HttpRequest, course_id: int) -> HttpResponse:
    """The terms of a course's draft."""
    return _list(request, course_id, TERMS)


@require_http_methods(["GET", "POST"])
def new_term(request: HttpRequest, course_id: int) -> HttpResponse:
    """One more term."""
    return _new(request, course_id, TERMS)


@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, course_id: int, key: str) -> HttpResponse:
    """One term."""
    return _one(request, course_id, key, TERMS)


@require_safe
def facts(request: HttpRequest, course_id: int) -> HttpResponse:
    """The facts that age."""
    return _list(request, course_id, FACTS)


@require_http_methods(["GET", "POST"])
def new_fact(request: HttpRequest, course_id: int) -> HttpResponse:
    """One more fact."""
    return _new(request, course_id, FACTS)


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, course_id: int, key: str) -> HttpResponse:
    """One fact."""
    return _one(request, course_id, key, FACTS)


@require_safe
def misconceptions(request: HttpRequest, course_id: int) -> HttpResponse:
    """What is often taken for true."""
    return _list(request, course_id, BELIEFS)


@require_http_methods(["GET", "POST"])
def new_misconception(request: HttpRequest, course_id: int) -> HttpResponse:
    """One more misconception."""
    return _new(request, course_id, BELIEFS)


@require_http_methods(["GET", "POST"])
def misconception(request: HttpRequest, course_id: int, key: str) -> HttpResponse:
    """One misconception."""
    return _one(request, course_id, key, BELIEFS)


@require_safe
def guides(request: HttpRequest, course_id: int) -> HttpResponse:
    """The guides for trainers."""
    return _list(request, course_id, GUIDES)


@require_http_methods(["GET", "POST"])
def new_guide(request: HttpRequest, course_id: int) -> HttpResponse:
    """One more guide."""
    return _new(request, course_id, GUIDES)


@require_http_methods(["GET", "POST"])
def guide(request: HttpRequest, course_id: int, key: str) -> HttpResponse:
    """One guide."""
    return _one(request, course_id, key, GUIDES)


@require_POST
def remove(request: HttpRequest, course_id: int, name: str, key: str) -> HttpResponse:
    """Take one row out of the draft; the history brings it back."""
    course, kind = access.course_to_write(request.user, course_id), KINDS.get(name)
    if kind is None:
        raise Http404
    try:
        gone = accompanying.remove(course, name, key, by=request.user)
    except accompanying.CompanionError as error:
        messages.error(request, str(error))
        return redirect(kind.page, course.pk, key)
    told = f"«{gone[kind.shown]}» dikeluarkan dari draf. Riwayat dapat memulihkannya." if gone else "Sudah dikeluarkan."
    messages.success(request, told)
    return redirect(kind.listing, course.pk)


# --- the shape of all four --------------------------------------------------------------------------------------------
def _list(request: HttpRequest, course_id: int, kind: Kind) -> HttpResponse:
    course = access.course_to_see(request.user, course_id)
    search = SearchForm(request.GET)
    asked = search.cleaned_data["q"] if search.is_valid() else ""
    rows = accompanying.rows_of(course, kind.name)
    uses = leaning.uses(course, kind.name)
    keys = {row[kind.key] for row in rows}
    found = [row for row in rows if asked.casefold() in _words(row)] if asked else rows
    shown = [{"key": row[kind.key], "row": row, "uses": uses.get(row[kind.key], []), "on": _day(row)} for row in found]
    context = {
        "course": course,
        "kind": kind,
        "page": page_of(request, shown),
        "count": len(rows),
        "asked": asked,
        "unlisted": [(key, places) for key, places in uses.items() if key not in keys][:MOST_UNLISTED] if kind.unlisted else [],
        "may_write": access.may_write(request.user, course),
    }
    return answer(request, "courses/companions/list.html", context, search)


def _day(row: dict[str, Any]) -> date | None:
    return date.fromisoformat(row["review_again_on"]) if "review_again_on" in row else None


def _words(row: dict[str, Any]) -> str:
    return " ".join(" ".join(value) if isinstance(value, list) else str(value) for value in row.values()).casefold()


def _new(request: HttpRequest, course_id: int, kind: Kind) -> HttpResponse:
    course = access.course_to_write(request.user, course_id)
    form = FORMS[kind.name](posted(request), initial=_wanted(request, kind))
    if form.is_valid() and not _only_looks(request):
        row = form.row()
        try:
            accompanying.add(course, kind.name, row, by=request.user)
        except accompanying.CompanionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"«{row[kind.shown]}» ditambahkan ke draf. Terbit bersama kursus.")
            return redirect(kind.page, course.pk, row[kind.key])
    return _page(request, course, kind, form)


def _wanted(request: HttpRequest, kind: Kind) -> dict[str, str]:
    """What a link from the list of what is not there yet asks for."""
    asked = request.GET.get("untuk", "")[:60]
    fields = {"glossary": "term", "facts": "fact_key", "misconceptions": "tag"}
    return {fields[kind.name]: asked.replace("-", " ") if kind is TERMS else asked} if asked.isprintable() and kind.name in fields else {}


def _one(request: HttpRequest, course_id: int, key: str, kind: Kind) -> HttpResponse:
    find = access.course_to_write if request.method == "POST" else access.course_to_see
    course = find(request.user, course_id)
    stored = accompanying.row_of(course, kind.name, key)
    if stored is None and request.method != "POST":
        raise Http404
    made, mark = FORMS[kind.name], accompanying.mark(stored)
    form = made(posted(request), initial={**made.initial_of(stored), "seen": mark} if stored else {}, key=key)
    context: dict[str, Any] = {}
    if form.is_valid() and not _only_looks(request):
        try:
            changed = accompanying.change(course, kind.name, form.row(), by=request.user, seen=form.cleaned_data["seen"])
        except accompanying.StaleRow as error:
            form.add_error(None, str(error))
            form.show_stored(accompanying.mark(error.stored))
            context["now"] = _told(made(key=key), error.stored) if error.stored else []
        except accompanying.CompanionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Draf tersimpan. Terbit bersama kursus." if changed else "Tidak ada yang berubah.")
            return redirect(kind.page, course.pk, key)
    return _page(request, course, kind, form, stored, **context)


def _only_looks(request: HttpRequest) -> bool:
    return request.POST.get("act") == "lihat"


def _told(form: RowForm, row: dict[str, Any]) -> list[tuple[str, str]]:
    """The stored row under the labels of its form."""
    shown = form.initial_of(row)
    values = [(bound.label, shown.get(bound.name, "")) for bound in form.visible_fields()]
    return [(label, "\n".join(value) if isinstance(value, list) else str(value)) for label, value in values]


def _page(
    request: HttpRequest, course: Course, kind: Kind, form: RowForm, stored: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    body = str(form["body"].value() or "") if kind is GUIDES else ""
    looked = form.is_bound and form.is_valid() and _only_looks(request)
    is_drawn = bool(body) and (looked or not form.is_bound)
    context = {
        "course": course,
        "kind": kind,
        "stored": stored,
        "key": form.key,
        "uses": leaning.uses(course, kind.name).get(form.key, []) if stored else [],
        "differing": leaning.differing(course, stored) if stored and kind is FACTS else [],
        "drawn": publishing.drawn(form.cleaned_data["body"] if looked else body, course.pk) if is_drawn else "",
        "is_sent": looked,
        "may_write": access.may_write(request.user, course),
        **more,
    }
    return answer(request, "courses/companions/one.html", context, form)
