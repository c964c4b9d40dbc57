"""The editor's way to the library: a searched, paged picker, and files that are dropped or pasted."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import media
from courses.media import naming
from courses.models import Media
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


def add(course, alternative: str = "Layar masuk", size: tuple[int, int] = (40, 30)) -> Media:
    return media.add_image(course, SimpleUploadedFile("layar.png", png(*size)), alternative_text=alternative, by=None)


def row(course, alternative: str) -> Media:
    """A picture of the library without the work of drawing it."""
    name = naming.random_name("webp")
    return Media.objects.create(
        course=course, file=f"course-media/{name}", sha256=name, alternative_text=alternative, original_name="layar.png", width=9, height=9
    )


def author(course):
    return accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))


def test_every_word_is_looked_for_and_pages_never_end_in_an_error(course):
    for number in range(14):
        row(course, f"Layar nomor {number}")
    row(make.make_course(), "Layar nomor 13 milik kursus lain")
    assert [one.alternative_text for one in media.pick(course, "layar 13")] == ["Layar nomor 13"]
    assert len(media.pick(course)) == 12 and len(media.pick(course, page=2)) == 2
    assert media.pick(course, page="ngawur").number == 1 and media.pick(course, page=99).number == 2
    assert len(media.pick(course, kind="audio")) == 0 and media.pick(course, kind="picture").paginator.count == 14
    assert len(media.pick(course, "\x00" * 5000)) == 12


def test_the_picker_gives_what_is_inserted_as_a_fragment_and_as_json(course):
    image = add(course)
    client, address = author(course), reverse("courses:media_pick", args=[course.pk])
    page = client.get(address, {"q": "masuk"}).content.decode()
    assert f'data-insert="![Layar masuk]({image.url})"' in page and "<html" not in page
    told = client.get(address, {"q": "masuk"}, headers={"Accept": "application/json"}).json()
    assert (told["count"], told["found"][0]["line"]) == (1, image.line)
    assert client.get(address, {"q": "tidak ada"}, headers={"Accept": "application/json"}).json()["found"] == []


def test_a_pasted_picture_without_its_words_is_refused_so_that_the_editor_asks(course):
    client, address = author(course), reverse("courses:media_add", args=[course.pk])
    as_json = {"Accept": "application/json"}
    refused = client.post(address, {"file": SimpleUploadedFile("a.png", png())}, headers=as_json)
    assert refused.status_code == 422 and refused.json()["field"] == "alternative_text" and not Media.objects.exists()
    assert "teks alternatif" in client.post(address, {"file": SimpleUploadedFile("a.png", png())}).content.decode()
    taken = client.post(address, {"file": SimpleUploadedFile("a.png", png()), "alternative_text": "Layar masuk"}, headers=as_json)
    assert taken.status_code == 201 and taken.json()["line"] == Media.objects.get().line
    assert Entry.objects.filter(action="media.added").count() == 1


@pytest.mark.parametrize(("data", "words"), [(b"<svg onload='x'/>", "SVG"), (b"", "kosong"), (b"MZ\x90\x00\xff", "tidak diterima")])
def test_a_file_that_is_not_kept_gets_a_sentence(course, data, words):
    address = reverse("courses:media_add", args=[course.pk])
    answer = author(course).post(address, {"file": SimpleUploadedFile("a.png", data), "alternative_text": "x"})
    assert answer.status_code == 422 and words in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_picker_costs_the_same_for_any_number(course, rows, django_assert_num_queries):
    for number in range(rows):
        row(course, f"Layar {number}")
    client, address = author(course), reverse("courses:media_pick", args=[course.pk])
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)


def test_only_who_writes_the_course_adds_to_it(course):
    reviewer = accounts.client_of(accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk))
    stranger = author(make.make_course())
    assert reviewer.get(reverse("courses:media_pick", args=[course.pk])).status_code == 200
    assert stranger.get(reverse("courses:media_pick", args=[course.pk])).status_code == 404
    sent = {"file": SimpleUploadedFile("a.png", png()), "alternative_text": "Layar"}
    assert [client.post(reverse("courses:media_add", args=[course.pk]), sent).status_code for client in (reviewer, stranger)] == [404, 404]
