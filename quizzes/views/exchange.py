"""Questions in and out: a file is read and shown first, then confirmed; what a format cannot say is named before it is downloaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import course_to_see, course_to_write, courses_to_write
from courses.models import Course
from linimasa.forms import answer, posted
from linimasa.paging import page_of
from linimasa.writing import decimal

from ..bank import categories
from ..exchange import access, batches, examples, exporting, previewing, reading, tables, writing
from ..exchange.forms import TOO_LARGE, ApplyForm, ExportForm, ImportForm
from ..exchange.rows import MOST_BYTES, ExchangeError
from ..models import ImportBatch

ROWS_PER_PAGE = 20
TOLD = 50  # of what a format cannot say


@require_safe
def import_start(request: HttpRequest) -> HttpResponse:
    """Straight to the only course that this person writes; else the bank's list of courses."""
    courses = list(courses_to_write(request.user).order_by("pk")[:2])
    return redirect("quizzes:import", courses[0].pk) if len(courses) == 1 else redirect("quizzes:bank")


@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest, course_id: int) -> HttpResponse:
    """Choose a file and where its questions go; POST reads it and leads to what it would do."""
    course = course_to_write(request.user, course_id)
    data = posted(request)
    form = ImportForm(data, request.FILES if data is not None else None, course=course, branches=categories.tree(course))
    if form.is_valid():
        try:
            return redirect("quizzes:import_batch", _preview(request, course, form).pk)
        except ExchangeError as error:
            form.add_error("file", str(error))
    recent = ImportBatch.objects.filter(course=course).defer("rows").select_related("by", "module")[:5]
    context = {"course": course, "recent": recent, "names": reading.NAMES}
    is_large = form.is_bound and form.has_error("file", TOO_LARGE)
    response = answer(request, "quizzes/exchange/import.html", context, form)
    response.status_code = 413 if is_large else response.status_code
    return response


def _preview(request: HttpRequest, course: Course, form: ImportForm) -> ImportBatch:
    values = form.cleaned_data
    data = values["file"].read(MOST_BYTES + 1)
    return batches.preview(
        course,
        module=form.chosen_module(),
        category=form.chosen_category(),
        data=data,
        file_name=values["file"].name or "berkas",
        format=values["format"] or reading.guessed(values["file"].name or "", data),
        by=request.user,
        own_categories=values["own_categories"],
    )


@require_http_methods(["GET", "POST"])
def import_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Every row with its result; POST brings the good ones into the bank."""
    batch = access.batch_to_write(request.user, batch_id)
    form = ApplyForm(posted(request))
    if form.is_valid():
        try:
            done = batches.apply(batch, by=request.user, skip_bad=form.cleaned_data["skip_bad"])
        except ExchangeError as error:
            form.add_error(None, str(error))
        else:
            count = f"{decimal(len(done.codes))} soal masuk ke bank"
            messages.success(
                request, f"{count} sebelumnya." if done.again else f"{count}. Peserta menemuinya sesudah modulnya diterbitkan."
            )
            return redirect("quizzes:import_batch", batch.pk)
    return answer(request, "quizzes/exchange/batch.html", _batch_context(request, batch), form)


def _batch_context(request: HttpRequest, batch: ImportBatch) -> dict[str, Any]:
    asked = request.GET.get("keadaan", "")
    state = asked if asked in dict(previewing.STATES) else ""
    entries = [one for one in batch.rows if not state or previewing.state_of(one) == state]
    page = page_of(request, entries, ROWS_PER_PAGE)
    return {
        "batch": batch,
        "course": batch.course,
        "format": reading.NAMES.get(batch.format, batch.format),
        "counts": batches.counts(batch),
        "page": page,
        "rows": [previewing.shown(one) for one in page],
        "states": previewing.STATES,
        "state": state,
        "taken": sum(bool(one.get("taken")) for one in batch.rows),
        "may_undo": batches.may_undo(batch),
    }


@require_POST
def drop_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The preview is not wanted."""
    batch = access.batch_to_write(request.user, batch_id)
    done = batches.drop(batch, by=request.user)
    messages.info(request, "Impor dibatalkan. Tidak ada yang masuk." if done else "Impor ini sudah masuk atau sudah dibatalkan.")
    return redirect("quizzes:import", batch.course_id)


@require_POST
def undo_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take an import back within a day."""
    batch = access.batch_to_write(request.user, batch_id)
    try:
        gone = batches.undo(batch, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("quizzes:import_batch", batch.pk)
    messages.success(request, f"{decimal(gone)} soal ditarik kembali dari bank. Percobaan yang sudah memakainya tidak berubah.")
    return redirect("quizzes:import", batch.course_id)


@require_safe
def mend_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The broken rows as a table to mend and import again."""
    batch = access.batch_to_write(request.user, batch_id)
    broken = [one for one in batch.rows if one["problems"]]
    if not broken:
        raise Http404
    return _download(tables.to_mend(broken), f"perbaiki-impor-{batch.pk}.csv", writing.FORMATS["csv"].content_type)


@require_safe
def template(request: HttpRequest, format: str) -> HttpResponse:
    """The table to fill in, with an example of each kind."""
    if format not in reading.TABLES:
        raise Http404
    make = tables.write_csv if format == "csv" else tables.write_xlsx
    return _download(make(examples.EXAMPLES), f"templat-soal.{format}", writing.FORMATS[format].content_type)


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, course_id: int) -> HttpResponse:
    """Choose what goes out; the page names what the format cannot say. POST answers with the file."""
    course = course_to_see(request.user, course_id)
    asked = request.POST if request.method == "POST" else request.GET if "format" in request.GET else None
    form = ExportForm(asked, course=course, branches=categories.tree(course))
    if not form.is_valid():
        return answer(request, "quizzes/exchange/export.html", {"course": course}, form)
    questions = exporting.questions_of(course, module=form.chosen_module(), category=form.chosen_category())
    plan = writing.planned(form.cleaned_data["format"], questions)
    chosen = writing.FORMATS[plan.format]
    if request.method == "POST" and plan.taken:
        data = exporting.file_of(course, plan, by=request.user)
        return _download(data, f"soal-{course.slug}.{chosen.ending}", chosen.content_type)
    context = {"course": course, "plan": plan, "chosen": chosen, "left": plan.left[:TOLD], "lost": plan.lost[:TOLD]}
    if request.method == "POST":
        form.add_error(None, "Tidak ada soal yang dapat ditulis dalam bentuk ini. Pilih bentuk atau saringan lain.")
    return answer(request, "quizzes/exchange/export.html", context, form)


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
