"""The pages: choose a file, see every row, confirm; choose what goes out, see what cannot, download."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses.models import Course
from quizzes.exchange import batches, examples, reading, rows
from quizzes.models import Category, ImportBatch, ImportStatus, Question
from tests.factories import quizzes
from tests.factories.accounts import client_of, staff

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
MIXED = b"::Satu::Bumi bulat. {T####Terlihat dari bayangannya.}\n\n::Dua::Jelaskan. {}\n"


@pytest.fixture
def course() -> Course:
    return quizzes.make_course()


@pytest.fixture
def client() -> Client:
    return client_of(staff("author"))


def upload(client: Client, course: Course, data: bytes, name: str = "soal.txt", **words: Any) -> Any:
    form = {"file": SimpleUploadedFile(name, data), "own_categories": "on"} | words
    return client.post(reverse("quizzes:import", args=[course.pk]), form)


def batch_page(batch: ImportBatch, query: str = "") -> str:
    return reverse("quizzes:import_batch", args=[batch.pk]) + query


def test_a_file_is_read_shown_and_confirmed(client: Client, course: Course) -> None:
    module = course.modules.get(code="M1")
    category = Category.objects.create(course=course, name="Bumi")
    response = upload(client, course, MIXED, module=str(module.pk), category=str(category.pk))
    batch = ImportBatch.objects.get()
    assert (response.status_code, response["Location"]) == (302, batch_page(batch))
    page = client.get(batch_page(batch)).content.decode()
    for words in ("Bumi bulat.", "Terlihat dari bayangannya.", "Soal uraian (essay)", "Masukkan 1 soal", "bank M1", "kategori Bumi"):
        assert words in page
    refused = client.post(batch_page(batch))
    assert (refused.status_code, "1 soal bermasalah" in refused.content.decode()) == (422, True)
    assert client.post(batch_page(batch), {"skip_bad": "on"}).status_code == 302
    made = Question.objects.get(category=category)
    assert (made.module, made.kind) == (module, "true_false")
    assert f"Masuk sebagai {made.code}" in client.get(batch_page(batch)).content.decode()


@pytest.mark.parametrize(
    ("data", "words", "status"),
    [
        (b"", "Berkas ini kosong", 422),
        (b"a" * (rows.MOST_BYTES + 1), "pecah menjadi beberapa berkas", 413),
        (b"\xff\xfe\x00", "UTF-8", 422),
        (b"<quiz><a></quiz>", "XML tidak terbaca", 422),
        (b"<!DOCTYPE a><quiz/>", "DOCTYPE", 422),
        (b"PK\x03\x04rusak", "rusak", 422),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    client: Client, course: Course, data: bytes, words: str, status: int
) -> None:
    response = upload(client, course, data)
    page = response.content.decode()
    assert (response.status_code, words in page, ImportBatch.objects.count()) == (status, True, 0)
    assert "<title>Galat: " in page


@pytest.mark.parametrize("words", [{"module": "999999"}, {"category": "x"}, {"format": "word"}, {"file": ""}])
def test_what_is_not_offered_is_refused(client: Client, course: Course, words: dict[str, str]) -> None:
    assert upload(client, course, MIXED, **words).status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_a_preview_costs_the_same_for_any_length(client: Client, course: Course, n: int, django_assert_max_num_queries: Any) -> None:
    upload(client, course, MIXED * n)
    batch = ImportBatch.objects.get()
    with django_assert_max_num_queries(12):
        assert client.get(batch_page(batch)).status_code == 200


def test_long_previews_are_paged_and_filtered(client: Client, course: Course) -> None:
    upload(client, course, b"\n\n".join(b"Bumi bulat %d {T####Ya.}" % number for number in range(45)) + b"\n\nDua {}")
    batch = ImportBatch.objects.get()
    page = client.get(batch_page(batch, "?hal=3")).content.decode()
    assert ("Bumi bulat 44" in page, "Bumi bulat 12" in page) == (True, False)
    broken = client.get(batch_page(batch, "?keadaan=bermasalah")).content.decode()
    assert ("essay" in broken, "Bumi bulat" in broken) == (True, False)
    assert client.get(batch_page(batch, "?keadaan=lain&hal=x")).status_code == 200


def test_a_preview_is_dropped_or_an_import_taken_back(client: Client, course: Course) -> None:
    upload(client, course, MIXED)
    batch = ImportBatch.objects.get()
    client.post(reverse("quizzes:import_drop", args=[batch.pk]))
    assert client.post(batch_page(batch), {"skip_bad": "on"}).status_code == 422
    upload(client, course, MIXED)
    second = ImportBatch.objects.first()
    assert second is not None
    batches.apply(second, by=None, skip_bad=True)
    assert "Tarik kembali" in client.get(batch_page(second)).content.decode()
    client.post(reverse("quizzes:import_undo", args=[second.pk]))
    second.refresh_from_db()
    assert (second.status, Question.objects.filter(retired_at__isnull=False).count()) == (ImportStatus.DROPPED, 1)


def test_broken_rows_are_downloaded_to_be_mended(client: Client, course: Course) -> None:
    upload(client, course, MIXED)
    batch = ImportBatch.objects.get()
    response = client.get(reverse("quizzes:import_mend", args=[batch.pk]))
    assert response["Content-Type"].startswith("text/csv")
    assert "Soal uraian (essay)" in response.content.decode()
    batches.apply(batch, by=None, skip_bad=True)
    good = batches.preview(course, module=None, category=None, data=b"Air basah {T####Ya.}", file_name="a", format="gift", by=None)
    assert client.get(reverse("quizzes:import_mend", args=[good.pk])).status_code == 404


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_template_can_be_imported_as_it_is_but_for_its_picture(client: Client, course: Course, format: str) -> None:
    data = client.get(reverse("quizzes:import_template", args=[format])).content
    found = reading.read(format, data)
    assert [row.question["kind"] for row in found] == [one["kind"] for one in examples.EXAMPLES]
    upload(client, course, data, f"templat.{format}")
    problems = [one["problems"] for one in ImportBatch.objects.get().rows if one["problems"]]
    assert problems == [["Gambar nama-gambar-di-pustaka.webp tidak ada di pustaka kursus ini. Unggah dahulu."]]
    assert client.get("/kelola/soal/impor/templat/word/").status_code == 404


def test_an_export_names_what_cannot_go_before_it_is_downloaded(client: Client, course: Course) -> None:
    address = reverse("quizzes:export", args=[course.pk])
    assert client.get(address).status_code == 200
    page = client.get(address, {"format": "aiken"}).content.decode()
    assert "tidak ikut" in page
    assert "Aiken hanya mengenal satu jawaban" in page
    response = client.post(address, {"format": "aiken"})
    assert (response.status_code, response["Content-Disposition"]) == (200, f'attachment; filename="soal-{course.slug}.txt"')
    assert b"ANSWER: C" in response.content
    assert client.post(address, {"format": "word"}).status_code == 422
    empty = Category.objects.create(course=course, name="Kosong")
    assert client.post(address, {"format": "csv", "category": str(empty.pk)}).status_code == 422


def test_a_package_of_a_module_holds_its_questions(client: Client, course: Course) -> None:
    module = course.modules.get(code="M1")
    response = client.post(reverse("quizzes:export", args=[course.pk]), {"format": "qti3", "module": str(module.pk)})
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        names = packed.namelist()
        first = packed.read("item-0001.xml").decode()
    assert (names[0], "<qti-assessment-item" in first) == ("imsmanifest.xml", True)


def test_only_writers_of_the_course_import_and_only_its_studio_exports(course: Course) -> None:
    batch = batches.preview(course, module=None, category=None, data=MIXED, file_name="a", format="gift", by=None)
    other = Course.objects.create(slug="lain", title="Lain")
    stranger = client_of(staff("author", ScopeKind.COURSE, other.pk))
    reviewer = client_of(staff(Role.REVIEWER))
    for address in (reverse("quizzes:import", args=[course.pk]), batch_page(batch), reverse("quizzes:import_mend", args=[batch.pk])):
        assert (stranger.get(address).status_code, reviewer.get(address).status_code) == (404, 404)
        assert stranger.post(address).status_code in (404, 405)
    address = reverse("quizzes:export", args=[course.pk])
    assert (stranger.get(address).status_code, reviewer.get(address).status_code) == (404, 200)
    assert client_of(staff("author", ScopeKind.COURSE, course.pk)).get(reverse("quizzes:import_start"))["Location"] == reverse(
        "quizzes:import", args=[course.pk]
    )


def test_the_bank_leads_to_both(client: Client, course: Course) -> None:
    page = client.get(reverse("quizzes:bank_list", args=[course.pk])).content.decode()
    assert reverse("quizzes:import", args=[course.pk]) in page
    assert reverse("quizzes:export", args=[course.pk]) in page
