"""Images: attacks are refused with a sentence, the rest is re-encoded without metadata."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from courses import media
from courses.models import Media
from tests.courses.pictures import bomb_header, jpeg_with_exif, png
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


def add(data: bytes, name: str = "gambar.png", alternative: str = "Layar pengaturan") -> Media:
    return media.add_image(make.make_course(), SimpleUploadedFile(name, data), alternative_text=alternative, by=None)


def stored(image: Media) -> bytes:
    with image.file.open("rb") as file:
        return file.read()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "SVG"),
        (b"<html><script>alert(1)</script></html>", "SVG dan HTML"),
        (b"GIF89a" + b"\0" * 40, "bukan gambar"),
        (b"%PDF-1.7 x", "bukan gambar"),
        (b"MZ\x90\x00", "bukan gambar"),
        (b"\x89PNG\r\n\x1a\n" + b"sampah" * 20, "rusak"),
        (png()[:60], "rusak"),
        (bomb_header(), "piksel"),
        (bomb_header(9_000, 9_000), "piksel"),
        (png(6000, 5000), "piksel"),
    ],
)
def test_what_is_not_a_sound_image_is_refused_with_a_sentence(data, words):
    with pytest.raises(media.MediaError, match=words):
        add(data)
    assert not Media.objects.exists()


def test_an_image_without_alternative_text_is_refused():
    with pytest.raises(media.MediaError, match="teks alternatif"):
        add(png(), alternative="  ")


def test_metadata_is_gone_and_the_picture_stands_upright():
    image = add(jpeg_with_exif(), "kantor.jpg")
    data = stored(image)
    assert b"RAHASIA" not in data
    opened = Image.open(io.BytesIO(data))
    assert opened.format == "WEBP" and "exif" not in opened.info and opened.size == (40, 60) == (image.width, image.height)


def test_what_is_hidden_behind_an_image_is_gone():
    polyglot = png() + b"<script>alert('RAHASIA')</script>PK\x03\x04"
    assert b"RAHASIA" not in stored(add(polyglot))


def test_wide_pictures_are_made_narrower_and_names_are_random():
    image = add(png(3200, 1000), "../../etc/passwd.png")
    assert (image.width, image.height) == (1600, 500)
    assert media.NAME.fullmatch(image.name) and "passwd" not in image.name
    assert image.original_name == "passwd.png" and image.size == len(stored(image))


def test_the_same_picture_is_kept_once_per_course():
    course = make.make_course()
    first = media.add_image(course, SimpleUploadedFile("a.png", png()), alternative_text="A", by=None)
    second = media.add_image(course, SimpleUploadedFile("b.png", png()), alternative_text="B", by=None)
    assert first == second and Media.objects.count() == 1


def test_a_picture_is_served_with_its_type_and_kept_for_a_year():
    image = add(png())
    client = accounts.client_of(accounts.admin())
    answer = client.get(image.url)
    assert answer.status_code == 200 and answer["Cross-Origin-Resource-Policy"] == "same-origin" and answer.content[:4] == b"RIFF"
    assert answer["Content-Type"] == "image/webp" and answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["0" * 32 + ".webp", "rahasia.txt", "..%2Fsecret_key.txt", "a.webp", "x" * 300])
def test_other_names_are_not_found(name):
    client = accounts.client_of(accounts.person())
    assert client.get(f"/m/{name}").status_code == 404
    assert reverse("courses:media", args=["abc.webp"]) == "/m/abc.webp"
