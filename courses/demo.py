"""The demo's studio: one module under review with remarks, one draft on which somebody is still writing. By the verbs of real people."""

from __future__ import annotations

from accounts.models import User

from . import editing, proposing, remarking
from .models import Activity, Course

HEADING = "## Enam tanda dalam satu surel {tujuan 1}"
PASSAGE = "Polanya berulang: ancaman penonaktifan dalam 24 jam karena dugaan pelanggaran hak cipta, atau tawaran centang biru."
BETTER = (
    "Polanya berulang: ancaman penonaktifan dalam satu hari karena dugaan pelanggaran hak cipta, tawaran centang biru, atau undangan "
    "portofolio bisnis yang benar-benar terkirim dari domain Meta."
)
NEW = "Alamat pengirim yang asli bukan bukti mutlak: fitur undangan pun pernah disalahgunakan. Yang menentukan ialah apa yang diminta."
NOTE = "Undangan portofolio kini juga dikirim dari domain asli; tandanya ditulis ulang."


def tell(course: Course, *, author: User, reviewer: User) -> None:
    """Fill the studio. Does nothing where the curriculum's lessons were rewritten and the passages are gone."""
    lesson = _lesson(course, "M1.4")
    if lesson is None or PASSAGE not in lesson.lesson.body:
        return
    body = lesson.lesson.body.replace(PASSAGE, BETTER).replace(HEADING, f"{HEADING}\n\n{NEW}")
    _save(lesson, body, author)
    assert lesson.module is not None  # noqa: S101  # M1.4 is of a module
    lesson.module.refresh_from_db()
    proposing.propose(lesson.module, by=author, note=NOTE)
    asked = remarking.remark(
        _again(lesson), by=reviewer, body="Sebut sumbernya, agar pengajar dapat menjawab bila ditanya peserta.", quote=NEW
    )
    remarking.answer(asked, by=author, body="Check Point Research, November 2025. Saya tambahkan di bagian sumber.")
    unsure = "“Satu hari” atau “24 jam”? Pakai yang sama dengan surelnya."
    remarking.remark(_again(lesson), by=reviewer, body=unsure, quote="dalam satu hari")
    other = _lesson(course, "M2.3")
    if other is not None:
        _save(other, other.lesson.body.rstrip() + "\n\nCatat pula hari libur daerah sebelum menetapkan jadwal tayang.\n", author)


def _lesson(course: Course, code: str) -> Activity | None:
    return Activity.objects.filter(course=course, code=code, lesson__isnull=False).select_related("lesson", "module", "course").first()


def _again(activity: Activity) -> Activity:
    return Activity.objects.select_related("lesson", "module", "course").get(pk=activity.pk)


def _save(activity: Activity, body: str, author: User) -> None:
    editing.save_lesson(activity, by=author, edit_number=activity.lesson.edit_number, body=body, values={}, facts={})
