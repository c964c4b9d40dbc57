"""The worksheet of practical work: only what fills in a form is taken, it comes out as it went in, and to whom the task is open."""

from __future__ import annotations

import pytest

from courses.models import Module
from courses.publishing import PublishingError
from quizzes import attempts, worksheets
from quizzes.models import Question, QuestionVersion, Worksheet
from quizzes.part import QuizzesPart
from tests.factories import courses
from tests.factories import quizzes as make
from tests.factories.accounts import client_of, person, staff

pytestmark = pytest.mark.django_db
PART = QuizzesPart()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def place(tmp_path):
    return tmp_path / "m1"


@pytest.fixture
def module(place):
    return Module.objects.get(course=make.make_course(papers=place), code="M1")


def reloaded(module, place, **changes):
    """What the loader tells of the assignment with these changes."""
    report = make.Report()
    activities = {"M1-KUIS": make.QUIZ, "M1-TUGAS": make.assignment_with_papers() | changes}
    questions = make.make_questions(lesson=module.activities.get(kind="lesson").code)
    PART.load(module, {"activities": activities, "questions": questions, "folder": place}, report)
    return report


RELATION = '<Relationships><Relationship Target="https://contoh.go.id/" TargetMode="External"/></Relationships>'
BAD = [
    (b"", "kosong"),
    (b"PK\x03\x04rusak", "bukan XLSX yang utuh"),
    (make.office("docx"), "bukan XLSX"),
    (make.office(types="<Types/>"), "bukan XLSX"),
    (make.office(types="<Types>spreadsheetml.sheet.main+xml application/vnd.ms-excel.sheet.macroEnabled</Types>"), "makro"),
    (make.office(**{"xl/vbaProject.bin": "x"}), "makro"),
    (make.office(**{"xl/activeX/activeX1.xml": "x"}), "ActiveX"),
    (make.office(**{"xl/externalLinks/externalLink1.xml": "<x/>"}), "berkas lain"),
    (make.office(**{"xl/connections.xml": "<x/>"}), "data luar"),
    (make.office(**{"xl/embeddings/Microsoft_Word.docx": "x"}), "berkas di dalamnya"),
    (make.office(**{"xl/worksheets/_rels/sheet1.xml.rels": RELATION}), "tautan ke luar"),
    (make.office(**{"xl/styles.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "XML"),
    (make.office(**{"xl/sharedStrings.xml": " " * 6_000_000}), "setelah dibuka"),
    (make.office(**{f"xl/{n}.xml": "" for n in range(300)}), "setelah dibuka"),
    (make.office() + b"0" * 200_000, "200 KB"),
]


@pytest.mark.parametrize(("data", "sentence"), BAD)
def test_what_is_no_plain_sheet_is_refused_with_a_sentence(module, place, data, sentence):
    make.folder_with(place, data)
    told = reloaded(module, place).told("problem")
    assert [one for one in told if sentence in one and "lembar-audit.xlsx" in one], told


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ({"file": "../lembar.xlsx", "title": "x"}, "nama berkas"),
        ({"file": "Lembar Audit.xlsx", "title": "x"}, "nama berkas"),
        ({"file": "lembar.xlsm", "title": "x"}, "nama berkas"),
        ({"file": ["lembar.xlsx"], "title": "x"}, "nama berkas"),
        ({"file": "lembar.xlsx", "title": ""}, "title"),
        ({"file": "tidak-ada.xlsx", "title": "x"}, "tidak ditemukan"),
        ({"file": "lembar-audit.xlsx", "title": "x", "sha256": "0"}, "hanya memuat"),
        (None, "template"),
    ],
)
def test_what_is_wrong_with_the_template_is_a_sentence(module, place, template, sentence):
    told = reloaded(module, place, template=template).told("problem")
    assert [one for one in told if sentence in one], told


def test_a_link_is_not_followed(module, place):
    (place / "files" / "lembar-audit.xlsx").rename(place / "files" / "asli.xlsx")
    (place / "files" / "lembar-audit.xlsx").symlink_to(place / "files" / "asli.xlsx")
    assert [one for one in reloaded(module, place).told("problem") if "tidak ditemukan" in one]


def test_a_file_that_no_task_names_is_told(module, place):
    make.folder_with(place, name="lain.docx")
    assert [one for one in reloaded(module, place).told("problem") if "lain.docx" in one]


@pytest.mark.parametrize(("kind", "name"), [("xlsx", "lembar-audit.xlsx"), ("docx", "lembar.docx")])
def test_it_is_dumped_as_the_bytes_that_were_loaded(module, place, kind, name):
    (place / "files" / "lembar-audit.xlsx").unlink()
    data = make.office(kind)
    make.folder_with(place, data, name)
    template = {"file": name, "title": "Lembar kerja"}
    assert reloaded(module, place, template=template).told("problem") == []
    dumped = PART.dump(module)
    assert dumped["files"] == {f"files/{name}": data}
    assert dumped["activities"]["M1-TUGAS"] == make.assignment_with_papers() | {"template": template}
    assert list(dumped["activities"]["M1-TUGAS"]) == list(make.assignment_with_papers())


def test_the_same_bytes_are_kept_once_and_other_bytes_make_a_version(module, place):
    assert reloaded(module, place).told("changed") == []
    assert (Worksheet.objects.count(), Question.objects.get(code="M1-TUGAS-1").versions.count()) == (1, 1)
    make.folder_with(place, make.office(**{"xl/styles.xml": "<x/>"}))
    assert reloaded(module, place).told("changed") == ["soal M1-TUGAS-1"]
    assert (Worksheet.objects.count(), Question.objects.get(code="M1-TUGAS-1").versions.count()) == (2, 2)
    told = PART.diff(module.current_version.parts["quizzes"], PART.freeze(module))
    assert told == ["Soal M1-TUGAS-1: lembar kerja berubah."]


def test_a_version_whose_worksheet_is_lost_cannot_be_published(module):
    Worksheet.objects.all().delete()
    with pytest.raises(PublishingError, match="Lembar kerjanya tidak tersimpan"):
        courses.publish(module)


# --- pages ---------------------------------------------------------------------------------------------------------------
def ready(course):
    """A learner for whom the assignment is open."""
    enrolment = make.make_enrolment(course)
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    return enrolment


def test_the_page_offers_it_before_anything_is_asked(module):
    enrolment = ready(module.course)
    activity = make.quiz_of(module.course, "M1-TUGAS").activity_id
    page = client_of(enrolment.learner).get(f"/tugas/{activity}/").content.decode()
    assert f"Unduh lembar kerja (xlsx, {len(make.office())} B)" in page
    assert page.index("Unduh lembar kerja") < page.index("Yang Anda kerjakan") < page.index("<textarea")


def test_it_comes_as_an_attachment_that_is_kept_by_this_browser_only(module):
    enrolment = ready(module.course)
    address = f"/tugas/{make.quiz_of(module.course, 'M1-TUGAS').activity_id}/lembar-kerja/"
    client = client_of(enrolment.learner)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == make.office()
    assert answer["Content-Disposition"] == 'attachment; filename="lembar-audit.xlsx"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (XLSX, "nosniff")
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(address).status_code == 405
    assert client_of(person()).get(address).status_code == 404


def test_a_course_without_one_offers_none():
    course = make.make_course(assignment=True)
    enrolment = ready(course)
    activity = make.quiz_of(course, "M1-TUGAS").activity_id
    client = client_of(enrolment.learner)
    assert "lembar kerja" not in client.get(f"/tugas/{activity}/").content.decode()
    assert client.get(f"/tugas/{activity}/lembar-kerja/").status_code == 404


def test_who_has_begun_keeps_the_worksheet_of_the_own_version(module, place):
    """Promise 5: what an attempt showed it goes on showing; who begins afterwards gets the new one."""
    enrolment = ready(module.course)
    address = f"/tugas/{make.quiz_of(module.course, 'M1-TUGAS').activity_id}/lembar-kerja/"
    work = make.start(enrolment, "M1-TUGAS")
    new = make.office(**{"xl/styles.xml": "<x/>"})
    make.folder_with(place, new)
    reloaded(module, place)
    courses.publish(module)
    assert b"".join(client_of(enrolment.learner).get(address).streaming_content) == make.office()
    assert b"".join(client_of(ready(module.course).learner).get(address).streaming_content) == new
    make.save(work.responses.get(), {"text": ["Selesai."]})
    attempts.submit(work, by=enrolment.learner)
    trainer = client_of(staff("trainer", "cohort", enrolment.cohort_id))
    bench = trainer.get(f"/nilai/{work.pk}/").content.decode()
    assert f'href="/nilai/{work.pk}/lembar-kerja/"' in bench
    assert b"".join(trainer.get(f"/nilai/{work.pk}/lembar-kerja/").streaming_content) == make.office()
    other = client_of(staff("trainer", "cohort", 999_999))
    assert other.get(f"/nilai/{work.pk}/lembar-kerja/").status_code == 404


def test_a_version_says_the_hash_of_its_worksheet(module):
    (version,) = QuestionVersion.objects.filter(question__code="M1-TUGAS-1")
    kept = Worksheet.objects.get()
    assert version.content["template"]["sha256"] == kept.sha256
    assert kept.file.name == f"{worksheets.STORED}/{kept.sha256}.xlsx"
