"""Practical work from the learner's side, and the files that come with it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cohorts.models import Enrolment
from quizzes import attempts, grading
from quizzes.models import Attempt, Upload
from tests.factories import quizzes as make
from tests.factories.accounts import client_of, person, staff

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def ready() -> tuple[Enrolment, int]:
    """A learner for whom the assignment is open, and the activity's id."""
    enrolment = make.make_enrolment(make.make_course(assignment=True))
    quiz = make.start(enrolment)
    make.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    return enrolment, make.quiz_of(enrolment.course, "M1-TUGAS").activity_id


def file(name: str = "audit.pdf", data: bytes = PDF, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def office(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(part, "<x/>")
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def test_the_task_shows_the_rubric_before_a_word_is_written_and_begins_nothing() -> None:
    enrolment, activity = ready()
    page = client_of(enrolment.learner).get(f"/tugas/{activity}/").content.decode()
    assert "Kelengkapan" in page and "Kirim tugas" in page
    assert not Attempt.objects.filter(quiz__activity=activity).exists()


def test_work_is_saved_sent_after_one_question_and_then_closed() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    saved = client.post(f"/tugas/{activity}/", {"text": "Kanal dinas.", "urutan": "1", "file": file(), "kirim": "1"})
    assert (saved.status_code, saved["Location"]) == (302, f"/tugas/{activity}/kirim/")
    work = Attempt.objects.get(quiz__activity=activity)
    assert (work.status, work.responses.get().answer) == ("open", {"text": "Kanal dinas."})
    assert client.get(f"/tugas/{activity}/kirim/").status_code == 200
    assert Attempt.objects.get(pk=work.pk).status == "open"
    client.post(f"/tugas/{activity}/kirim/")
    assert Attempt.objects.get(pk=work.pk).status == "submitted"
    assert "Menunggu pengajar" in client.get(f"/tugas/{activity}/").content.decode()
    client.post(f"/tugas/{activity}/kirim/")
    assert Attempt.objects.filter(quiz__activity=activity).count() == 1


def test_empty_work_is_not_sent() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    client.post(f"/tugas/{activity}/", {"text": "", "urutan": "1", "simpan": "1"})
    answer = client.post(f"/tugas/{activity}/kirim/")
    assert (answer.status_code, "Tulis jawaban atau unggah berkas dulu." in answer.content.decode()) == (422, True)


def draft(text: str, sequence: int, base: int, **more: str) -> dict[str, str]:
    return {"text": text, "urutan": str(sequence), "dasar": str(base), "percobaan": "1", **more}


def test_an_old_tab_overwrites_nothing_and_shows_both_texts() -> None:
    """By what it has seen, not by how far it counts."""
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    client.post(f"/tugas/{activity}/", {"text": "Tab baru.", "urutan": "3", "simpan": "1"})
    for old in ({"text": "Tab lama.", "urutan": "2"}, draft("Tab lama.", 900, 0)):
        answer = client.post(f"/tugas/{activity}/", old | {"simpan": "1"})
        page = answer.content.decode()
        assert (answer.status_code, "Tab lama.</textarea>" in page, "Tab baru.</textarea>" in page) == (409, True, True)
        assert 'name="dasar" value="3"' in page
    assert Attempt.objects.get(quiz__activity=activity).responses.get().answer == {"text": "Tab baru."}
    assert client.post(f"/tugas/{activity}/", draft("Sekarang tahu.", 4, 3, simpan="1")).status_code == 302


def test_autosave_says_what_is_stored() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)

    def save(**more: str):
        return client.post(f"/tugas/{activity}/", more, headers={"accept": "application/json"})

    told = save(**draft("Draf.", 1, 0, kunci="aaaaaaaa-1"))
    assert (told.status_code, told.json()) == (200, {"saved": True, "sentence": "", "sequence": 1, "open": True})
    stale = save(**draft("Lama.", 700, 0, kunci="bbbbbbbb-1"))
    assert (stale.status_code, stale.json()["saved"], stale.json()["open"]) == (409, False, True)
    assert all(text in stale.json()["html"] for text in ("Draf.", "Lama.", "data-kept"))
    assert save(**draft("Draf lagi.", 2, 0, kunci="aaaaaaaa-2")).status_code == 200  # its own first save was never acknowledged
    assert save(**draft("x", 3, 2, kunci="a b")).status_code == 422


def test_a_draft_that_comes_after_handing_in_is_kept_and_told_and_its_own_is_harmless() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    json = {"accept": "application/json"}
    client.post(f"/tugas/{activity}/", draft("Dikirim.", 1, 0, kunci="aaaaaaaa-1", kirim="1"))
    client.post(f"/tugas/{activity}/kirim/")
    assert client.post(f"/tugas/{activity}/", draft("Dikirim.", 1, 0, kunci="aaaaaaaa-1"), headers=json).json()["saved"]
    late = client.post(f"/tugas/{activity}/", draft("Dari ponsel.", 2, 1, kunci="bbbbbbbb-1"), headers=json)
    assert (late.status_code, late.json()["open"], "Dari ponsel." in late.json()["html"]) == (409, False, True)
    work = Attempt.objects.select_related("enrolment__learner", "quiz__activity").get(quiz__activity=activity)
    assert work.responses.get().events.get(was_accepted=False).answer == {"text": "Dari ponsel."}
    grading.return_for_revision(work, by=staff("trainer", "cohort", enrolment.cohort_id), levels=[2, 2], comment="Lengkapi.")
    old = client.post(f"/tugas/{activity}/", draft("Dari tablet.", 5, 1, kunci="cccccccc-1"), headers=json)
    assert (old.status_code, "Dari tablet." in old.json()["html"]) == (409, True)
    assert Attempt.objects.get(revision_of=work).responses.get().answer == {"text": "Dikirim."}  # not into the later attempt
    gone = client.post(f"/tugas/{activity}/", draft("x", 1, 0) | {"percobaan": "7"}, headers=json)
    assert (gone.status_code, gone.json()["saved"]) == (409, False)


@pytest.mark.parametrize(
    ("text", "sentence"), [("x" * 1_000_000, "Paling banyak"), ("a\x00b", "tidak dapat dibaca"), ("a\x1bb", "tidak dapat dibaca")]
)
def test_text_that_cannot_be_taken_gets_a_sentence(text: str, sentence: str) -> None:
    enrolment, activity = ready()
    answer = client_of(enrolment.learner).post(f"/tugas/{activity}/", {"text": text, "urutan": "1"})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (file(data=b""), "Berkas ini kosong"),
        (file("audit.pdf", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "Berkas harus PDF atau XLSX"),
        (file("audit.pdf", b"<html><script>1</script>"), "Berkas harus PDF atau XLSX"),
        (file("audit.pdf", b"MZ\x90\x00"), "Berkas harus PDF atau XLSX"),
        (file("audit.xlsx", office("word/document.xml")), "Berkas harus PDF atau XLSX"),
        (file("audit.xlsx", b"PK\x03\x04rusak"), "Berkas harus PDF atau XLSX"),
        (file("foto.png", picture()), "Berkas harus PDF atau XLSX"),
        (file("besar.pdf", PDF + b"0" * 2_000_000), "Paling besar 2 MB"),
        (file("kunci.pdf", b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\n%%EOF"), "dikunci kata sandi"),
    ],
)
def test_a_file_that_is_not_what_was_asked_for_is_refused_and_the_text_is_kept(upload: SimpleUploadedFile, sentence: str) -> None:
    enrolment, activity = ready()
    answer = client_of(enrolment.learner).post(f"/tugas/{activity}/", {"text": "Tetap ada.", "urutan": "1", "file": upload})
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Tetap ada." in page, Upload.objects.count()) == (422, True, True, 0)


def test_good_files_are_kept_once_under_a_random_name_up_to_the_limit() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    sent = [file("../../etc/Rencana\x01 kami.PDF"), file("sama.pdf"), file("b.xlsx", office("xl/workbook.xml")), file("c.pdf", PDF + b" ")]
    for number, one in enumerate(sent, 1):
        client.post(f"/tugas/{activity}/", {"text": "x", "urutan": str(number), "file": one})
    kept = list(Upload.objects.order_by("pk"))
    assert [one.original_name.rsplit(".", 1)[1] for one in kept] == ["pdf", "xlsx", "pdf"]
    assert all("/" not in one.original_name and "\x01" not in one.original_name for one in kept)
    assert "Rencana" not in kept[0].file.name
    answer = client.post(f"/tugas/{activity}/", {"text": "x", "urutan": "9", "file": file("d.pdf", PDF + b"  ")})
    assert (answer.status_code, "Paling banyak 3 berkas" in answer.content.decode()) == (422, True)


def test_pictures_are_drawn_anew_without_their_metadata(monkeypatch) -> None:
    enrolment, activity = ready()
    work = make.start(enrolment, "M1-TUGAS")
    version = work.responses.get().question_version
    type(version).objects.filter(pk=version.pk).update(
        content={**version.content, "files": {"types": ["jpg"], "max_bytes": 2_000_000, "max_count": 3}}
    )
    image, out = Image.new("RGB", (60, 40), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "rahasia lokasi"
    image.save(out, "JPEG", exif=exif)
    client_of(enrolment.learner).post(f"/tugas/{activity}/", {"text": "x", "urutan": "1", "file": file("foto.jpg", out.getvalue())})
    with Upload.objects.get().file.open() as opened:
        stored = opened.read()
    assert b"rahasia" in out.getvalue() and b"rahasia" not in stored


@pytest.mark.parametrize(("who", "status"), [("learner", 200), ("trainer", 200), ("other_learner", 404), ("other_trainer", 404)])
def test_a_file_is_served_as_an_attachment_only_to_its_owner_and_the_cohorts_trainer(who: str, status: int) -> None:
    enrolment, activity = ready()
    client_of(enrolment.learner).post(f"/tugas/{activity}/", {"text": "x", "urutan": "1", "file": file()})
    client_of(enrolment.learner).post(f"/tugas/{activity}/kirim/")
    upload = Upload.objects.get()
    people = {
        "learner": enrolment.learner,
        "trainer": staff("trainer", "cohort", enrolment.cohort_id),
        "other_learner": person(),
        "other_trainer": staff("trainer", "cohort", 999_999),
    }
    answer = client_of(people[who]).get(f"/tugas/berkas/{upload.pk}/")
    assert answer.status_code == status
    if status == 200:
        assert (answer["Content-Disposition"].split(";")[0], answer["X-Content-Type-Options"]) == ("attachment", "nosniff")
        assert b"".join(answer.streaming_content) == PDF
        answer.close()


def test_a_file_can_be_taken_back_only_by_its_owner_and_only_while_the_work_is_open() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    client.post(f"/tugas/{activity}/", {"text": "x", "urutan": "1", "file": file()})
    upload = Upload.objects.get()
    assert client_of(person()).post(f"/tugas/berkas/{upload.pk}/hapus/").status_code == 404
    client.post(f"/tugas/{activity}/kirim/")
    client.post(f"/tugas/berkas/{upload.pk}/hapus/")
    assert Upload.objects.count() == 1
    work = Attempt.objects.select_related("enrolment__learner", "quiz__activity").get(quiz__activity=activity)
    grading.return_for_revision(work, by=staff("trainer", "cohort", enrolment.cohort_id), levels=[2, 2], comment="Lengkapi.")
    copy = Upload.objects.get(response__attempt__revision_of=work)
    assert client.post(f"/tugas/berkas/{copy.pk}/hapus/").status_code == 302
    assert list(Upload.objects.all()) == [upload]
    assert upload.file.storage.exists(upload.file.name)


def test_a_locked_task_says_what_comes_first() -> None:
    enrolment = make.make_enrolment(make.make_course(assignment=True), ready=False)
    activity = make.quiz_of(enrolment.course, "M1-TUGAS").activity_id
    client = client_of(enrolment.learner)
    page = client.get(f"/tugas/{activity}/")
    assert (page.status_code, "Kirim tugas" in page.content.decode()) == (200, False)
    assert client.post(f"/tugas/{activity}/", {"text": "x", "urutan": "1"}).status_code == 409
    assert not Attempt.objects.exists()


def test_the_task_of_a_course_that_one_does_not_take_is_absent() -> None:
    _, activity = ready()
    assert client_of(person()).get(f"/tugas/{activity}/").status_code == 404


def test_a_page_of_the_work_that_was_sent_hands_no_later_one_in() -> None:
    enrolment, activity = ready()
    client = client_of(enrolment.learner)
    client.post(f"/tugas/{activity}/", {"text": "Audit.", "urutan": "1", "kunci": "a" * 32, "percobaan": "1"})
    asked = client.get(f"/tugas/{activity}/kirim/").content.decode()
    assert 'name="percobaan" value="1"' in asked
    client.post(f"/tugas/{activity}/kirim/", {"percobaan": "1"})
    work = Attempt.objects.get(enrolment=enrolment, quiz__activity=activity)
    assert not work.is_open
    revision = grading.return_for_revision(work, by=staff("trainer"), levels=[3, 3], comment="Lengkapi.")
    answer = client.post(f"/tugas/{activity}/kirim/", {"percobaan": "1"}, follow=True)  # the old tab, pressed again
    revision.refresh_from_db()
    assert revision.is_open and "Tugas itu sudah dikirim" in answer.content.decode()
    client.post(f"/tugas/{activity}/kirim/", {"percobaan": str(revision.number)})
    revision.refresh_from_db()
    assert not revision.is_open
