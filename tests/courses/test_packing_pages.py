"""The studio's pages for bringing a course out and in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import tasks
from courses.loading import load_course
from courses.models import Arrival, Course, Module, Package, PackageKind
from courses.packing import archives, arriving, making
from tests.courses import folders
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(tmp_path):
    load_course(folders.small_course(tmp_path / "kursus"))
    return Course.objects.get(slug="kecil")


@pytest.fixture
def people(course):
    def of(role: Role, pk: int) -> object:
        return accounts.client_of(accounts.staff(role, ScopeKind.COURSE, pk))

    other = Course.objects.create(slug="lain", title="Lain")
    return {
        "author": of(Role.AUTHOR, course.pk),
        "reviewer": of(Role.REVIEWER, course.pk),
        "foreign": of(Role.AUTHOR, other.pk),
        "admin": accounts.client_of(accounts.staff(Role.ADMIN)),
    }


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("arsip.zip", data, "application/zip")


@pytest.mark.parametrize("kind", ["archive", "cartridge", "scorm12", "scorm2004"])
def test_a_package_is_asked_for_waited_for_and_downloaded(course, people, kind):
    client, module = people["author"], Module.objects.get(code="M1")
    page = reverse("courses:packages", args=[course.pk])
    answer = client.post(page, {"kind": kind, "target": "kursus" if kind == "archive" else module.pk})
    package = Package.objects.get()
    assert answer.url == reverse("courses:package", args=[package.pk])
    waiting = client.get(answer.url)
    assert waiting["Refresh"] and "sedang disiapkan" in waiting.content.decode()
    assert client.get(reverse("courses:package_file", args=[package.pk])).status_code == 404
    tasks.make_package(package.pk)
    ready = client.get(answer.url)
    assert "Unduh" in ready.content.decode() and "Refresh" not in ready
    file = client.get(reverse("courses:package_file", args=[package.pk]))
    package.refresh_from_db()
    assert file.content == bytes(package.data) and file.content[:2] == b"PK"
    assert making.file_name(package) in file["Content-Disposition"] and "attachment" in file["Content-Disposition"]
    assert people["foreign"].get(answer.url).status_code == 404
    assert people["foreign"].get(reverse("courses:package_file", args=[package.pk])).status_code == 404
    assert people["reviewer"].get(answer.url).status_code == 200


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "exe"}, {"kind": "scorm12", "target": "kursus"}, {"kind": "scorm12", "target": "\x00"}, {"kind": "x" * 10**5}]
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(course, people, sent):
    answer = people["author"].post(reverse("courses:packages", args=[course.pk]), sent)
    assert answer.status_code == 422 and "Galat: " in answer.content.decode() and not Package.objects.exists()


def test_an_archive_is_brought_shown_and_entered(course, people):
    with archives.opened(archives.make(course)[0]) as folder:
        folders.change(folder / "m2-dua" / "02-pelajaran-2.md", "Teks.", "Teks <b>baru</b>.")
        folders.change(folder / "m2-dua" / "02-pelajaran-2.md", "title: Pelajaran M2.2", "title: Pelajaran <script>")
        data = archives.zips.pack(archives.files_of(folder))
    client = people["author"]
    answer = client.post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(data)})
    arrival = Arrival.objects.get()
    assert answer.url == reverse("courses:arrival", args=[arrival.pk]) and client.get(answer.url)["Refresh"]
    tasks.examine_arrival(arrival.pk)
    shown = client.get(answer.url).content.decode()
    assert "M2.2 Pelajaran &lt;script&gt;" in shown and "<script>" not in shown.split("<main")[1].split("</main")[0]
    for who, status in (("reviewer", 404), ("foreign", 404)):
        assert people[who].get(answer.url).status_code == people[who].post(answer.url).status_code == status
    assert client.post(answer.url).status_code == 302
    tasks.apply_arrival(arrival.pk)
    assert "Sudah masuk sebagai draf" in client.get(answer.url).content.decode()
    assert client.post(answer.url).status_code == 422
    assert "M2.2" in client.get(reverse("courses:course_history", args=[course.pk])).content.decode()


def test_unpublished_drafts_need_a_tick(course, people):
    data, client = archives.make(course)[0], people["author"]
    Module.objects.filter(code="M1").update(draft_changed_at="2026-11-24T00:00Z", summary="Baru ditulis.")
    client.post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(data)})
    arrival = Arrival.objects.get()
    tasks.examine_arrival(arrival.pk)
    page = reverse("courses:arrival", args=[arrival.pk])
    assert "akan digantikan" in client.get(page).content.decode()
    assert client.post(page).status_code == 422
    assert client.post(page, {"over_drafts": "on"}).status_code == 302


def test_an_archive_that_changes_nothing_asks_for_nothing(course, people):
    client = people["author"]
    client.post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(archives.make(course)[0])})
    arrival = Arrival.objects.get()
    tasks.examine_arrival(arrival.pk)
    page = client.get(reverse("courses:arrival", args=[arrival.pk])).content.decode()
    assert "sama dengan draf sekarang" in page and "Masukkan sebagai draf" not in page


def test_a_new_course_from_an_archive_is_the_admins(course, people):
    page, data = reverse("courses:bring_new"), archives.make(course)[0]
    assert people["author"].get(page).status_code == 404
    assert people["admin"].post(page, {"file": upload(data), "slug": "kecil"}).status_code == 422
    answer = people["admin"].post(page, {"file": upload(data), "slug": "kecil-2027"})
    arrival = Arrival.objects.get()
    assert people["author"].get(answer.url).status_code == 404
    tasks.examine_arrival(arrival.pk)
    people["admin"].post(answer.url)
    tasks.apply_arrival(arrival.pk)
    assert Course.objects.get(slug="kecil-2027").current_version is None
    assert people["admin"].get(answer.url).status_code == 200


def test_problems_are_shown_with_file_and_line_and_the_archive_can_be_dropped(course, people):
    with archives.opened(archives.make(course)[0]) as folder:
        folders.change(folder / "m1-satu" / "module.yaml", "title: Modul satu", "title: 7")
        data = archives.zips.pack(archives.files_of(folder))
    client = people["author"]
    answer = client.post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(data)})
    arrival = Arrival.objects.get()
    tasks.examine_arrival(arrival.pk)
    assert "m1-satu/module.yaml:" in client.get(answer.url).content.decode().replace("<wbr>", "")
    assert people["foreign"].post(reverse("courses:drop_arrival", args=[arrival.pk])).status_code == 404
    client.post(reverse("courses:drop_arrival", args=[arrival.pk]))
    assert not Arrival.objects.exists()


def test_what_waits_is_taken_back_by_who_asked_and_can_be_asked_for_again(course, people):
    client, page = people["author"], reverse("courses:packages", args=[course.pk])
    client.post(page, {"kind": "archive", "target": "kursus"})
    package = Package.objects.get()
    stop = reverse("courses:drop_package", args=[package.pk])
    assert stop in client.get(reverse("courses:package", args=[package.pk])).content.decode()
    assert stop not in people["reviewer"].get(reverse("courses:package", args=[package.pk])).content.decode()
    assert people["foreign"].post(stop).status_code == 404
    people["reviewer"].post(stop)
    assert Package.objects.count() == 1
    client.post(stop)
    assert not Package.objects.exists() and Entry.objects.filter(action="package.dropped").count() == 1
    tasks.make_package(package.pk)  # a worker that comes late makes nothing
    assert not Package.objects.exists()
    client.post(page, {"kind": "archive", "target": "kursus"})
    again = Package.objects.get()
    tasks.make_package(again.pk)
    client.post(reverse("courses:drop_package", args=[again.pk]))
    assert Package.objects.filter(state="ready").count() == 1  # what is ready stays


def test_an_archive_is_dropped_also_while_a_worker_looks_at_it(course, people, monkeypatch):
    client = people["author"]
    client.post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(archives.make(course)[0])})
    arrival = Arrival.objects.get()
    looking = arriving.read_course

    def meanwhile(*words):
        client.post(reverse("courses:drop_arrival", args=[arrival.pk]))
        return looking(*words)

    monkeypatch.setattr(arriving, "read_course", meanwhile)
    tasks.examine_arrival(arrival.pk)
    assert not Arrival.objects.exists()


def test_two_hundred_megabytes_are_refused_before_a_byte_is_read(course, people):
    class Body:
        def read(self, *_words):
            raise AssertionError("read")

        readline = read

    page = reverse("courses:bring_in", args=[course.pk])
    words = {"CONTENT_LENGTH": "200000000", "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Body()}
    answer = people["author"].generic("POST", page, **words)
    assert answer.status_code == 413 and "MB" in answer.content.decode()


@pytest.mark.parametrize(("data", "status"), [(b"", 422), (b"GIF89a", 422), (b"PK" + b"\0" * arriving.MOST_BYTES, 413)])
def test_no_archive_is_refused_in_a_sentence(course, people, data, status):
    answer = people["author"].post(reverse("courses:bring_in", args=[course.pk]), {"file": upload(data)})
    assert answer.status_code == status and not Arrival.objects.exists()
    assert people["author"].post(reverse("courses:bring_in", args=[course.pk])).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(course, people, rows, django_assert_num_queries):
    modules = list(Module.objects.filter(course=course))
    for number in range(rows):
        by = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)
        making.ask(course, kind=PackageKind.SCORM12, by=by, module=modules[number % 2])
        arriving.bring(b"PK", "a.zip", by=by, course=course)
    page = reverse("courses:packages", args=[course.pk])
    people["author"].get(page)
    with django_assert_num_queries(9):
        people["author"].get(page)
