"""One question of the bank: written, tried as a learner, compared with its versions, copied, retired."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import course_to_write, may_publish, may_write
from courses.models import Module
from linimasa.forms import posted
from linimasa.paging import page_of

from .. import worksheets
from ..bank import access, categories, comparing, editing, listing, remembering, using
from ..bank.forms import initial_facts, new_facts
from ..bank.writing import Desk, kinds_to_write
from ..kinds.editors import EDITORS
from ..models import Question, QuestionKind, QuestionVersion

UNPROCESSABLE = 422


@require_safe
def new_question(request: HttpRequest, course_id: int) -> HttpResponse:
    """Which kind shall it be?"""
    course = course_to_write(request.user, course_id)
    module = _module(request, course.pk)
    return render(request, "quizzes/bank/new.html", {"course": course, "module": module, "kinds": kinds_to_write()})


@require_http_methods(["GET", "POST"])
def write_question(request: HttpRequest, course_id: int, kind: str) -> HttpResponse:
    """A new question of this kind."""
    course = course_to_write(request.user, course_id)
    if kind not in {code for code, _name, _told in kinds_to_write()}:
        raise Http404
    module = _module(request, course.pk)
    branches = categories.tree(course)
    desk = Desk(course, kind, "Soal baru", {}, new_facts(module), branches, sent=posted(request))
    if desk.wants_saving:
        try:
            facts = desk.facts_form.facts()
            made = editing.create(course, facts.pop("module"), kind, desk.form.content(), by=request.user, facts=facts)
        except editing.EditingError as error:
            desk.form.add_error(None, str(error))
        else:
            messages.success(request, f"Soal {made.code} tersimpan. Peserta baru menemuinya sesudah diterbitkan.")
            return redirect("quizzes:bank_question", made.pk)
    return _desk(request, desk, {"course": course, "module": module, "question": None, "may_write": True})


def _module(request: HttpRequest, course_id: int) -> Module | None:
    code = request.GET.get("modul", "")
    return Module.objects.filter(course=course_id, code=code, archived_at__isnull=True).first() if code and "\x00" not in code else None


def _desk(request: HttpRequest, desk: Desk, context: dict[str, Any]) -> HttpResponse:
    shown = desk.context() | context
    return render(request, "quizzes/bank/question.html", shown, status=UNPROCESSABLE if shown["has_errors"] else 200)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The editor: save a new version, or try the question as it stands in the form. Nothing is lost when two people save."""
    find = access.question_to_write if request.method == "POST" else access.question_to_see
    found = find(request.user, question_id)
    desk = _desk_of(request, found)
    context = _question_context(request, found)
    if desk.wants_saving:
        try:
            before = found.current_version
            number = desk.facts_form.cleaned_data["edit_number"]
            saved = editing.save_version(
                found,
                desk.form.content(),
                by=request.user,
                facts=desk.facts_form.changed(),
                edit_number=number or 0,
                worksheet=desk.form.worksheet_data,
            )
        except editing.StaleEdit as stale:
            context |= _beside(desk, stale)
        except editing.EditingError as error:
            desk.form.add_error(None, str(error))
        else:
            messages.success(request, _saved(before, saved, bool(desk.facts_form.changed())))
            for sentence in desk.form.dropped:
                messages.info(request, sentence)
            return redirect("quizzes:bank_question", found.pk)
    return _desk(request, desk, context)


@require_safe
def worksheet(request: HttpRequest, question_id: int) -> HttpResponseBase:
    """The file that learners fill in, as the draft has it."""
    found = access.question_to_see(request.user, question_id)
    if found.current_version is None:
        raise Http404
    return worksheets.answer(request, found.current_version)


def _desk_of(request: HttpRequest, found: Question) -> Desk:
    if found.current_version is None or found.kind not in EDITORS:
        raise Http404
    return Desk(
        found.course,
        found.kind,
        found.code,
        found.current_version.content,
        initial_facts(found),
        categories.tree(found.course),
        sent=posted(request),
        asked=request.GET,
        seed=f"bank:{found.pk}",
        files=request.FILES if request.method == "POST" else None,
    )


def _question_context(request: HttpRequest, found: Question) -> dict[str, Any]:
    use = using.where_used(found)
    return {
        "question": found,
        "course": found.course,
        "module": found.module,
        "version": found.current_version,
        "use": use,
        "unseen": using.changed_since(found, use),
        "may_write": may_write(request.user, found.course),
        "may_publish": may_publish(request.user, found.course),
    }


def _saved(before: QuestionVersion | None, saved: QuestionVersion, facts: bool) -> str:
    if before is None or before.pk != saved.pk:
        return f"Tersimpan sebagai versi {saved.number}. Peserta baru menemuinya sesudah diterbitkan; jawaban lama tidak dinilai ulang."
    return "Keterangan soal tersimpan." if facts else "Tidak ada yang berubah."


def _beside(desk: Desk, stale: editing.StaleEdit) -> dict[str, Any]:
    """Both texts on one page: what was typed stays in the form, and saving again is a decision that makes the next version."""
    desk.form.add_error(None, str(stale))
    again: Any = desk.facts_form.data.copy()  # type: ignore[attr-defined]  # what was sent is a QueryDict
    again["edit_number"] = str(stale.stored.number)
    desk.facts_form.data = again
    return {"stored": stale.stored, "beside": comparing.differences(stale.stored.content, desk.form.content() or desk.form.made)}


@require_http_methods(["GET", "POST"])
def question_versions(request: HttpRequest, question_id: int) -> HttpResponse:
    """Every version with what it changed, and every change of the facts; POST makes an older one the newest, or facts what they were."""
    find = access.question_to_write if request.method == "POST" else access.question_to_see
    found = find(request.user, question_id)
    if request.method == "POST" and "keterangan" in request.POST:
        return _facts_again(request, found)
    if request.method == "POST":
        number = request.POST.get("nomor", "")
        older = get_object_or_404(found.versions, number=int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0)
        try:
            saved = editing.save_version(found, older.content, by=request.user)
        except editing.EditingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Isi versi {older.number} disimpan sebagai versi {saved.number}.")
        return redirect("quizzes:bank_versions", found.pk)
    page = page_of(request, found.versions.select_related("created_by").order_by("-number"), 10)
    context = _question_context(request, found) | {
        "page": page,
        "entries": _entries(found, list(page)),
        "facts": remembering.changes(found),
    }
    return render(request, "quizzes/bank/versions.html", context)


def _facts_again(request: HttpRequest, found: Question) -> HttpResponse:
    asked = request.POST["keterangan"]
    try:
        changed = remembering.restore(
            found, int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else 0, by=request.user
        )
    except editing.EditingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Keterangan soal dipulihkan." if changed else "Keterangan soal sudah seperti itu.")
    return redirect("quizzes:bank_versions", found.pk)


def _entries(found: Question, shown: list[QuestionVersion]) -> list[dict[str, Any]]:
    """Each version with its differences from the one before; one statement for the last one's."""
    before = found.versions.filter(number__lt=shown[-1].number).order_by("-number").first() if shown else None
    olders = [*shown[1:], before]
    return [
        {"version": one, "differences": comparing.differences(older.content, one.content) if older else None}
        for one, older in zip(shown, olders, strict=True)
    ]


@require_POST
def duplicate_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """A copy under its own code."""
    found = access.question_to_write(request.user, question_id)
    try:
        copy = editing.duplicate(found, by=request.user)
    except editing.EditingError as error:
        messages.error(request, str(error))
        return redirect("quizzes:bank_question", found.pk)
    messages.success(request, f"Soal {found.code} digandakan menjadi {copy.code}. Ubah isinya di sini.")
    return redirect("quizzes:bank_question", copy.pk)


@require_http_methods(["GET", "POST"])
def retire_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """What retiring means, then the button; a retired one comes back the same way."""
    found = access.question_to_write(request.user, question_id)
    if request.method == "POST":
        verb, told = (editing.retire, "pensiun") if found.retired_at is None else (editing.restore, "kembali ke bank")
        if request.POST.get("act") != ("pensiun" if found.retired_at is None else "pulih"):
            return redirect("quizzes:bank_retire", found.pk)
        try:
            verb(found, by=request.user)
        except editing.EditingError as error:
            messages.error(request, str(error))
            return _retire_page(request, found, UNPROCESSABLE)
        messages.success(request, f"Soal {found.code} {told}. Peserta mengalaminya sesudah modul diterbitkan.")
        return redirect("quizzes:bank_question", found.pk)
    return _retire_page(request, found, 200)


def _retire_page(request: HttpRequest, found: Question, status: int) -> HttpResponse:
    context = _question_context(request, found) | {"problems": editing.retire_problems(found), "left": _left(found)}
    return render(request, "quizzes/bank/retire.html", context, status=status)


def _left(found: Question) -> int:
    """How many questions the module's bank keeps without this one."""
    if found.module_id is None or found.kind == QuestionKind.PRACTICAL:
        return 0
    return listing.sizes([found.module_id]).get(found.module_id, 0) - (0 if found.retired_at else 1)
