"""The learner's pages of practical work: read the task and the rubric, write, add files, hand in, read what the trainer said."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import access, assignments, attempts, desk, grading, uploads
from ..forms import WorkForm
from ..kinds import AnswerError
from ..marking import naming
from ..models import Response

CONFLICT = 409


def _work(request: HttpRequest, activity_id: int) -> assignments.Work:
    return assignments.work_of(*access.own_practical(request.user, activity_id))


@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The task. POST saves the draft and the chosen file; the button says whether it goes on to handing in."""
    found = _work(request, activity_id)
    if request.method == "POST":
        return _saved(request, found)
    return _page(request, found, WorkForm(initial=desk.draft_of(found)))


def _page(request: HttpRequest, found: assignments.Work, form: WorkForm, status: int = 200, kept: str = "") -> HttpResponse:
    """``kept``: what was written on a page that was out of date, shown beside the newer draft for copying."""
    context = desk.assignment(found) | {"form": form, "kept": kept, "has_errors": form.is_bound and bool(form.errors)}
    return render(request, "quizzes/assignment.html", context, status=422 if context["has_errors"] else status)


def _saved(request: HttpRequest, found: assignments.Work) -> HttpResponse:
    only_saves = request.headers.get("Accept", "").startswith("application/json")
    form = WorkForm(request.POST, request.FILES)
    if not form.is_valid():
        if only_saves:
            return JsonResponse({"saved": False, "sentence": form.first_error()}, status=422)
        return _page(request, found, form)
    try:
        response = assignments.take_up(found, by=request.user, number=form.cleaned_data["percobaan"])
        told = assignments.write(response, form.cleaned_data["text"], sent=form.sent(), by=request.user)
        if only_saves:
            return _told(request, found, told)
        if not told.accepted:
            return _out_of_date(request, found, told)
        if form.cleaned_data["file"]:
            uploads.receive(response, form.cleaned_data["file"])
    except (AnswerError, uploads.UploadError) as error:
        form.add_error("file" if isinstance(error, uploads.UploadError) else "text", str(error))
        if only_saves:
            return JsonResponse({"saved": False, "sentence": str(error)}, status=422)
        found = _work(request, found.quiz.activity_id)
        return _page(request, found, form.seeing(told.response) if isinstance(error, uploads.UploadError) else form)
    except assignments.AssignmentError as error:
        if only_saves:
            return JsonResponse({"saved": False, "sentence": str(error)}, status=CONFLICT)
        messages.error(request, str(error))
        return _page(request, found, form, status=CONFLICT)
    if "kirim" in request.POST:
        return redirect("quizzes:hand_in", found.quiz.activity_id)
    messages.success(request, "Berkas tersimpan." if form.cleaned_data["file"] else "Draf tersimpan.")
    return redirect("quizzes:assignment", found.quiz.activity_id)


def _given(told: attempts.Saved) -> str:
    return (told.given or {}).get("text", "")


def _out_of_date(request: HttpRequest, found: assignments.Work, told: attempts.Saved) -> HttpResponse:
    """The work as it now stands, with what this page had written for copying: nothing is lost and nothing is overwritten."""
    if not told.attempt.is_open:
        messages.error(request, told.sentence)
    found = _work(request, found.quiz.activity_id)
    return _page(request, found, WorkForm(initial=desk.draft_of(found)), status=CONFLICT, kept=_given(told))


def _told(request: HttpRequest, found: assignments.Work, told: attempts.Saved) -> JsonResponse:
    """What the chip may say. ``html``: the newer draft, to a page that is out of date; only what it had written once the work is closed."""
    answer = {"saved": told.accepted, "sentence": told.sentence, "sequence": told.response.sequence, "open": told.attempt.is_open}
    if not told.accepted:
        now = _work(request, found.quiz.activity_id)
        context = desk.assignment(now) | {"form": WorkForm(initial=desk.draft_of(now)), "kept": _given(told), "sentence": told.sentence}
        answer["html"] = render_to_string("quizzes/_draft.html", context, request)
    return JsonResponse(answer, status=200 if told.accepted else CONFLICT)


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Ask once, then hand the work in: the attempt that the page showed, never a later one that was begun since."""
    found = _work(request, activity_id)
    if found.current is None or not found.current.is_open:
        return redirect("quizzes:assignment", activity_id)
    if request.POST.get("percobaan", str(found.current.number)) != str(found.current.number):
        messages.info(request, "Tugas itu sudah dikirim. Di bawah ini perbaikannya, yang belum dikirim.")
        return redirect("quizzes:assignment", activity_id)
    response = Response.objects.select_related("question_version", "attempt").get(attempt=found.current)
    problem = ""
    if request.method == "POST":
        try:
            assignments.hand_in(response, by=request.user)
        except assignments.AssignmentError as error:
            problem = str(error)
        else:
            messages.success(request, "Tugas terkirim. Pengajar akan menilainya, biasanya dalam 3 hari.")
            return redirect("quizzes:assignment", activity_id)
    context = desk.assignment(found) | {"problem": problem, "number": found.current.number}
    return render(request, "quizzes/assignment_send.html", context, status=422 if problem else 200)


@require_POST
def improve(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Take up accepted work again; the highest mark counts."""
    found = _work(request, activity_id)
    try:
        if found.judged is None:
            raise grading.GradingError("Tugas ini belum dinilai, jadi belum dapat diperbaiki.")
        grading.improve(found.judged, by=request.user)
    except grading.GradingError as error:
        messages.error(request, str(error))
    return redirect("quizzes:assignment", activity_id)


@require_safe
def file(request: HttpRequest, upload_id: int) -> FileResponse:
    """A handed-in file, always as an attachment: only for its owner and the cohort's trainers."""
    upload = access.upload_to_read(request.user, upload_id)
    name, attempt = upload.original_name, upload.response.attempt
    if attempt.enrolment.learner_id != request.user.pk:
        name = naming.file_name(upload, naming.place_of(upload), attempt)
    answer = FileResponse(upload.file.open("rb"), as_attachment=True, filename=name, content_type=upload.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_POST
def remove_file(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Take a file back while the work is open."""
    upload = access.own_open_upload(request.user, upload_id)
    try:
        uploads.remove(upload)
    except uploads.UploadError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{upload.original_name} dihapus.")
    return redirect("quizzes:assignment", upload.response.attempt.quiz.activity_id)
