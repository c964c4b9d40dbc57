"""More of the trainer's desk: answers to one question, files on the page, second marks, agreement, announcing held marks."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linimasa.forms import posted
from linimasa.paging import page_of

from .. import access, claiming, desk, grading, waiting
from ..correcting import judging
from ..forms import RubricForm, SomeAnswersForm
from ..marking import announcing, effects, naming, second

UNPROCESSABLE = 422
INLINE = {"application/pdf", "image/png", "image/jpeg"}
# A PDF is drawn by the browser's own viewer, which no browser runs in a sandbox; the type is fixed and never guessed, so no page of ours
# can hide in it. A picture needs nothing and gets nothing.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'self'; sandbox"


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answers to one question across learners, which no key knew. POST judges those that were decided, or takes the page in hand."""
    page = page_of(request, waiting.answers_to(request.user, question_id), waiting.PER_QUESTION_PAGE)
    rows = list(page)
    if not rows:
        if not waiting.may_see_question(request.user, question_id):
            raise Http404
        return redirect("quizzes:grading_queue")
    if request.method == "POST" and request.POST.get("aksi") == "ambil":
        held = claiming.claim_all([one.attempt for one in rows], by=request.user)
        return JsonResponse({"saved": True, "held": all(one.is_ours for one in held.values())})
    form = SomeAnswersForm(waiting.answer_rows(rows, request.user), posted(request))
    if request.method == "POST" and form.is_valid():
        _judge_some(request, form)
        return redirect(request.get_full_path())
    has_errors = form.is_bound and bool(form.errors)
    version = rows[0].question_version
    context = {"page": page, "form": form, "has_errors": has_errors, "content": version.content, "question": version.question}
    return render(request, "quizzes/grading_question.html", context, status=UNPROCESSABLE if has_errors else 200)


def _judge_some(request: HttpRequest, form: SomeAnswersForm) -> None:
    """Judge each decided answer; one that another holds or judged is told and does not hold up the others."""
    done, refused = 0, []
    for response, is_right in form.verdicts():
        try:
            done += grading.judge_some(response.attempt, by=request.user, verdicts={response.pk: is_right}, undo_for=effects.UNDO_FOR)
            claiming.give_back(response.attempt, by=request.user)
        except grading.GradingError as error:
            refused.append(f"{naming.who(response.attempt).name}: {error}")
    if done:
        messages.success(request, f"{done} jawaban dinilai.")
    for sentence in refused[:5]:
        messages.error(request, sentence)


@require_safe
def file(request: HttpRequest, upload_id: int) -> FileResponse:
    """A handed-in PDF or picture, shown on the bench itself; 404 for any other kind, which is only downloaded."""
    upload = access.upload_to_grade(request.user, upload_id)
    if upload.content_type not in INLINE:
        raise Http404
    attempt = upload.response.attempt
    name = naming.file_name(upload, naming.place_of(upload), attempt)
    answer = FileResponse(upload.file.open("rb"), as_attachment=False, filename=name, content_type=upload.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = PDF_POLICY if upload.content_type == "application/pdf" else PICTURE_POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


# --- second marks -----------------------------------------------------------------------------------------------------
@require_safe
def seconds(request: HttpRequest) -> HttpResponse:
    """The sample that waits for this trainer as the second marker."""
    page = page_of(request, second.offered(request.user))
    return render(request, "quizzes/second_marks.html", {"page": page, "rows": waiting.with_words(list(page), request.user)})


@require_http_methods(["GET", "POST"])
def second_mark(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """One piece of graded work without its marks. POST keeps the second marks."""
    attempt = access.attempt_to_grade(request.user, attempt_id)
    if not second.offered(request.user).filter(pk=attempt.pk).exists():
        raise Http404
    response = attempt.responses.select_related("question_version").prefetch_related("uploads").get()
    form = RubricForm(judging.version_for(response).content["rubric"], posted(request))
    del form.fields["due"]
    if request.method == "POST" and form.is_valid():
        try:
            second.mark(attempt, by=request.user, levels=form.levels(), comment=form.cleaned_data["comment"])
        except grading.GradingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Penilaian kedua tersimpan. Nilai peserta tidak berubah.")
            return redirect("quizzes:second_marks")
    has_errors = form.is_bound and bool(form.errors)
    context = desk.work_of(attempt, response, by=request.user, with_notes=False)
    context |= {"attempt": attempt, "who": naming.who(attempt), "activity": attempt.quiz.activity, "form": form, "has_errors": has_errors}
    return render(request, "quizzes/second_mark.html", context, status=UNPROCESSABLE if has_errors else 200)


@require_safe
def agreement(request: HttpRequest, activity_id: int) -> HttpResponse:
    """How far first and second markers of one task agree."""
    quiz, cohorts = access.quiz_with_cohorts(request.user, activity_id)
    return render(request, "quizzes/agreement.html", {"activity": quiz.activity, "report": second.report(quiz, cohorts)})


# --- announcing -------------------------------------------------------------------------------------------------------
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Quizzes whose marks are held, by cohort, with what is ready to be announced."""
    page = page_of(request, announcing.waiting_for(access.cohorts_to_announce(request.user)))
    return render(request, "quizzes/announcing.html", {"page": page})


@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest, activity_id: int, cohort_id: int) -> HttpResponse:
    """Let a cohort see the held marks of a quiz, once. It cannot be taken back, so GET and a bare POST only ask."""
    quiz, cohort = access.quiz_to_announce(request.user, activity_id, cohort_id)
    if not (request.method == "POST" and request.POST.get("yakin") == "1"):
        row = announcing.waiting_for(access.cohorts_to_announce(request.user).filter(pk=cohort.pk)).filter(quiz=quiz).first()
        if row is None or row["released_at"]:
            messages.info(request, "Tidak ada nilai yang ditahan, atau nilainya sudah diumumkan.")
            return redirect("quizzes:held_marks")
        return render(request, "quizzes/announce.html", {"activity": quiz.activity, "cohort": cohort, "row": row})
    try:
        count = announcing.announce(quiz, cohort, by=request.user)
    except announcing.AnnouncingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Nilai diumumkan kepada {cohort.name}: {count} percobaan. Peserta diberi tahu sebentar lagi.")
    return redirect("quizzes:held_marks")
