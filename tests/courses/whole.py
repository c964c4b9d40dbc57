"""A course as files that holds everything an archive can: media of every kind, all ten kinds of questions, practical work, a guide."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from courses import media
from courses.files import write_yaml
from courses.loading import LoadError, load_course
from courses.media import changing
from courses.models import Activity, Course, Media
from courses.publishing import publish_course, publish_module
from tests.courses import folders, recordings
from tests.courses.pictures import png
from tests.factories import quizzes

TAGS = ("aman", "benar", "berguna", "dua", "empat", "hijau", "logo", "resmi", "satu", "tombol", "ungu")
BODY = """## Isi {tujuan 1}

Baca [[kunci sandi]] dan [aduan](https://aduankonten.id/lapor), lalu [pelajaran lain](/glosarium/#tidak-ada).

/// cek | sandi
pertanyaan: Mana yang aman?
pilihan:
- teks: Kunci sandi
  umpan: Terikat pada situsnya.
- teks: Kata sandi sama
  umpan: Satu bocor, semua bocor.
jawaban: 1
///
"""


def whole_course(root: Path) -> Course:
    """The course, loaded from files below ``root`` and published, its library filled by the portal's own verbs."""
    folder = folders.small_course(root / "berkas")
    folders.write(folder / "glossary.yaml", folders.GLOSSARY)
    folders.write(folder / "misconceptions.yaml", "".join(f"mengira-{tag}: Mengira soal {tag}.\n" for tag in TAGS))
    folders.write(folder / "guides" / "sesi-a.md", folders.GUIDE.replace("{tujuan 1}", ""))
    folders.write(folder / "media" / "figures" / quizzes.SHOWN["file"], quizzes.SCREEN)
    home = folder / "m1-satu"
    folders.write(home / "01.md", folders.lesson("M1.1", "pelajaran-1", 25, BODY.replace(" {tujuan 1}", "")))
    folders.write(
        home / "module.yaml",
        "code: M1\nslug: satu\ntitle: Modul satu\nsummary: Tentang akun.\nobjectives: [Menjaga akun]\n"
        "discussion: ['Siapa yang memegang akun?']\noutline: [01.md, quiz.yaml, assignment.yaml]\n",
    )
    head = {"slug": "kuis", "title": "Kuis <Modul> 1", "minutes": 10}
    rules = quizzes.QUIZ | {"draw": [{"module": "M1", "count": 10}]}
    folders.write(home / "quiz.yaml", write_yaml({"kind": "quiz", "code": "M1-KUIS", **head, **rules}))
    task = {"kind": "assignment", "code": "M1-TUGAS", "slug": "tugas", "title": "Audit", "minutes": 10}
    folders.write(home / "assignment.yaml", write_yaml(task | quizzes.assignment_with_papers()))
    quizzes.folder_with(home)
    questions = [*quizzes.make_questions(copies=1), *quizzes.more_questions(picture=quizzes.SHOWN)]
    folders.write(home / "questions.yaml", write_yaml(questions))
    try:
        load_course(folder)
    except LoadError as error:
        raise AssertionError("\n".join(error.report.lines())) from None
    course = Course.objects.get(slug="kecil")
    _library(course)
    publish_module(course.modules.get(code="M1"), by=None)
    publish_course(course, by=None)
    return course


def _library(course: Course) -> None:
    def add(data: bytes, name: str, title: str) -> Media:
        return media.add(course, SimpleUploadedFile(name, data), by=None, title=title)

    picture = media.add_image(course, SimpleUploadedFile("foto.png", png(1300, 500)), alternative_text="Layar masuk", by=None)
    film, sound = add(recordings.mp4(), "film.mp4", "Cara masuk"), add(recordings.mp3(), "suara.mp3", "")
    paper = add(recordings.pdf(), "surat.pdf", "Surat")
    changing.describe(film, by=None, values={"captions": recordings.VTT, "transcript": "Selamat pagi."})
    changing.describe(sound, by=None, values={"transcript": "Selamat pagi."})
    lesson = Activity.objects.get(course=course, code="M1.1").lesson
    lesson.body += "\n" + "\n\n".join(one.line for one in (picture, *Media.objects.filter(pk__in=(film.pk, sound.pk, paper.pk)))) + "\n"
    lesson.save()
