"""What the small buttons of the bench do: each keeps the draft first, so nothing that was filled in is lost, with or without scripts."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User

from .. import claiming
from ..models import Attempt, AttemptStatus, GradingDraft, QuizPurpose, SavedComment
from . import commenting, passages

QUEUE = "queue"


class StepError(ValueError):
    """The button could not do it; the message is a sentence for the trainer."""


def take(by: User, attempt: Attempt, posted: Mapping[str, str]) -> tuple[str, str]:
    """Do what the pressed button says (``aksi``); a sentence that tells it, and where on the bench to go on. Raises StepError."""
    act, _, which = posted.get("aksi", "").partition(":")
    key = int(which) if which.isascii() and which.isdecimal() and len(which) < 19 else 0
    try:
        return _take(act, key, by, attempt, posted)
    except (passages.NoteError, commenting.CommentError) as error:
        raise StepError(str(error)) from error


def _take(act: str, key: int, by: User, attempt: Attempt, posted: Mapping[str, str]) -> tuple[str, str]:
    course = attempt.quiz.activity.course
    match act:
        case "ambil":
            return "", "#tugas"
        case "lepas":
            claiming.give_back(attempt, by=by)
            return "Pekerjaan ini kembali ke antrean. Draf Anda tersimpan.", QUEUE
        case "catat":
            return _note(by, attempt, posted), "#catatan"
        case "hapus-catatan":
            _must_hold(by, attempt)
            return ("Catatan dihapus." if passages.remove(attempt, key) else ""), "#catatan"
        case "simpan-kalimat":
            commenting.save(by, course, posted.get("comment", ""))
            return "Kalimat disimpan untuk dipakai lagi.", "#frasa"
        case "hapus-kalimat":
            return ("Kalimat dihapus." if commenting.remove(by, key) else ""), "#frasa"
        case "sisipkan":
            return _insert(by, attempt, key), "#id_comment"
        case _:
            return "Draf tersimpan.", "#rubrik"


def _must_hold(by: User, attempt: Attempt) -> None:
    held = claiming.held([attempt], by).get(attempt.pk)
    if attempt.status != AttemptStatus.SUBMITTED:
        raise StepError("Pekerjaan ini sudah dinilai, jadi catatannya tidak dapat diubah.")
    if held is None or not held.is_ours:
        raise StepError(held.sentence if held else "Ambil dulu pekerjaan ini untuk dinilai.")


def _note(by: User, attempt: Attempt, posted: Mapping[str, str]) -> str:
    _must_hold(by, attempt)
    if attempt.rules["purpose"] != QuizPurpose.ASSIGNMENT:
        raise StepError("Catatan pada kutipan hanya untuk tugas praktik.")
    near = posted.get("letak", "")
    passages.add(
        attempt.responses.get(),
        by=by,
        quote=_visible(posted.get("kutipan", "")),
        text=_visible(posted.get("catatan", "")),
        near=int(near) if near.isascii() and near.isdecimal() and len(near) < 7 else None,
    )
    return "Catatan ditambahkan."


def _visible(text: str) -> str:
    """Without signs that nobody sees; never longer than what the checks behind need to refuse it."""
    return "".join(sign for sign in text[:4_000] if sign >= " " or sign in "\r\n\t")


def _insert(by: User, attempt: Attempt, key: int) -> str:
    """Without scripts: the words come to the end of the comment that the draft keeps."""
    words = SavedComment.objects.filter(owner=by, pk=key).values_list("text", flat=True).first()
    draft = GradingDraft.objects.filter(attempt=attempt, by=by).first()
    if words and draft:
        comment = draft.data.get("comment", "")
        draft.data = draft.data | {"comment": f"{comment.rstrip()} {words}".strip()}
        draft.save(update_fields=["data", "saved_at"])
    return ""
