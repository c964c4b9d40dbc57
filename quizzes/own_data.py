"""What this room knows about a person: told in their export, gone with their erasure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from accounts import erasure, exporting
from accounts.models import User

from . import replaying
from .marking import release
from .models import AnswerEvent, Attempt, GradeEvent, GradingDraft, PassageNote, Response, SavedComment, SecondMark, Upload

FREE_TEXT = ("practical", "short_answer", "numeric", "gaps")


def register() -> None:
    """Called once from ``ready()``."""
    exporting.register("percobaan", attempts_of)
    erasure.register(forget)


def attempts_of(person: User) -> list[dict[str, Any]]:
    """Each attempt with the person's own answers, files' names, score and the trainer's words.

    Never a mark that was not released, nor what a single answer scored: before a quiz's rule shows it, that would tell the key. Answers
    are told in the words of their question: their places in the bank would tell it too (rows to order are stored in their right order).
    """
    answers: dict[int, list[dict[str, Any]]] = {}
    rows = Response.objects.filter(attempt__enrolment__learner=person).select_related("question_version__question")
    for row in rows.prefetch_related("uploads").order_by("attempt_id", "position"):
        answers.setdefault(row.attempt_id, []).append(
            {
                "soal": row.question_version.question.code,
                "jawaban": None if row.answer is None else replaying.words(row.question_version, row.order, row.answer),
                "disimpan": row.saved_at.isoformat() if row.saved_at else None,
                "berkas": [upload.original_name for upload in row.uploads.all()],
            }
        )
    own = Attempt.objects.filter(enrolment__learner=person).select_related("quiz__activity", "enrolment").order_by("pk")
    attempts = [release.shown(one) for one in own]
    return [
        {
            "kegiatan": f"{one.quiz.activity.code} {one.quiz.activity.title}",
            "percobaan": one.number,
            "keadaan": one.get_status_display(),
            "mulai": one.started_at.isoformat(),
            "dikirim": one.submitted_at.isoformat() if one.submitted_at else None,
            "nilai": None if one.score is None else float(one.score),
            "umpan_balik": one.remarks,
            "jawaban": answers.get(one.pk, []),
        }
        for one in attempts
    ]


def forget(person: User) -> None:
    """Files, texts and words about the person go; choices and marks stay, and no longer say whose they are."""
    own = Response.objects.filter(attempt__enrolment__learner=person)
    uploads = Upload.objects.filter(response__in=own)
    files = list(uploads.values_list("file", flat=True))
    uploads.delete()
    transaction.on_commit(partial(_remove, files))
    written = own.filter(question_version__kind__in=FREE_TEXT)
    AnswerEvent.objects.filter(response__in=written).update(answer=None)
    GradeEvent.objects.filter(response__in=own).exclude(comment="").update(comment="")
    PassageNote.objects.filter(response__in=own).delete()
    GradingDraft.objects.filter(attempt__enrolment__learner=person).delete()
    SecondMark.objects.filter(attempt__enrolment__learner=person).exclude(comment="").update(comment="")
    SavedComment.objects.filter(owner=person).delete()
    written.update(answer=None)
    Attempt.objects.filter(enrolment__learner=person).exclude(remarks="").update(remarks="")


def _remove(files: Iterable[str]) -> None:
    for name in files:
        default_storage.delete(name)
