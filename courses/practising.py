"""A module to play in: one course of one's own, made on demand, in which everything may be tried and nothing reaches learners.

Nobody else sees it. In it one person plays every part, so the author also approves and publishes. It is made anew or removed by one act,
with everything that was written in it; nothing outside it is touched.
"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from audit import log

from . import arranging, copying
from .editing import EditingError, touch
from .models import Activity, ActivityKind, Course, FrozenLesson, Lesson, Media, Module, Rendition, Version
from .publishing import registered_parts

TITLE = "Modul latihan"
LESSONS = (
    (
        "Tulis di sini",
        15,
        "Halaman ini boleh Anda ubah sesuka hati.\n\n## Coba tiga hal\n\n1. Tebalkan satu kata.\n"
        "2. Sisipkan satu blok dari menu Sisipkan.\n3. Tambahkan satu gambar dan terangkan isinya.\n\n"
        "/// ringkasan\n- Draf tersimpan sendiri.\n- Tidak ada peserta yang melihatnya.\n///\n",
    ),
    (
        "Perbaiki tulisan ini",
        10,
        "Surel pemulihan akun milik instansi, bukan milik pribadi.\n\n## Yang kurang\n\n"
        "Tautan [klik di sini](https://www.lapor.go.id) belum menyebut tujuannya. Editor menandainya; ganti kata-katanya.\n",
    ),
)
OTHERS = ((ActivityKind.QUIZ, "Kuis latihan", 10), (ActivityKind.ASSIGNMENT, "Tugas latihan", 30))


def of(person: User) -> Course | None:
    """The person's own practice course, if there is one."""
    return Course.objects.filter(is_practice=True, practised_by=person).order_by("pk").first()


@transaction.atomic
def begin(person: User) -> Course:
    """The person's practice course with its sample module; the same one when it is there already."""
    User.objects.select_for_update().get(pk=person.pk)
    if found := of(person):
        return found
    course = Course.objects.create(
        slug=copying.free_course_slug("latihan"),
        title=TITLE,
        summary="Tempat berlatih. Hanya Anda yang melihatnya.",
        rules=copying.DEFAULT_RULES,
        is_practice=True,
        practised_by=person,
    )
    log.record("practice.begun", by=person, on=course)
    module = arranging.add_module(course, title="Akun resmi, latihan", by=person)
    for title, minutes, body in LESSONS:
        made = arranging.add(module, kind=ActivityKind.LESSON, title=title, minutes=minutes, by=person)
        Lesson.objects.filter(activity=made).update(body=body)
    for kind, title, minutes in OTHERS:
        arranging.add(module, kind=kind, title=title, minutes=minutes, by=person)
    touch(module, by=person)
    return course


@transaction.atomic
def reset(person: User) -> Course:
    """Everything in it as on the first day."""
    remove(person)
    return begin(person)


@transaction.atomic
def remove(person: User) -> bool:
    """The practice course is gone, with all that was made in it. Whether there was one. Raises EditingError for a course with learners."""
    User.objects.select_for_update().get(pk=person.pk)
    courses = list(Course.objects.select_for_update().filter(is_practice=True, practised_by=person))
    for course in courses:
        if course.cohorts.exists():
            raise EditingError("Kursus ini dipakai angkatan, jadi bukan lagi latihan.")
        log.record("practice.removed", by=person, on=course)
        _forget(course)
    return bool(courses)


def _forget(course: Course) -> None:
    """Row by row from the leaves, as every key protects what it leads to."""
    for part in registered_parts().values():
        part.forget(course)
    Course.objects.filter(pk=course.pk).update(current_version=None)
    Module.objects.filter(course=course).update(current_version=None)
    FrozenLesson.objects.filter(version__course=course).delete()
    Version.objects.filter(course=course).delete()
    Activity.objects.filter(course=course).delete()
    Module.objects.filter(course=course).delete()
    _forget_media(course)
    course.delete()


def _forget_media(course: Course) -> None:
    """The rows at once, the files when it is sure; a file that another course shows too stays."""
    rows = Media.objects.filter(course=course)
    names = {*rows.values_list("file", flat=True), *Rendition.objects.filter(media__in=rows).values_list("file", flat=True)} - {""}
    rows.delete()
    shown = {*Media.objects.filter(file__in=names).values_list("file", flat=True)}
    shown |= {*Rendition.objects.filter(file__in=names).values_list("file", flat=True)}

    def delete() -> None:
        for name in names - shown:
            default_storage.delete(name)

    transaction.on_commit(delete)
