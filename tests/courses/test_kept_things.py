"""What lessons lean on has a history too: referral channels and the library, told in words and brought back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from courses import channels, restoring
from courses import media as library
from courses.editing import EditingError
from courses.media import changing
from courses.models import Aspect, Channel, Media, Revision, RevisionOrigin
from tests.factories import accounts
from tests.factories import courses as make

from .pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_published_course()


@pytest.fixture
def author(course):
    return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)


@pytest.fixture
def channel(course, author):
    return channels.add(course, by=author, values={"name": "Aduan Konten", "address": "aduankonten.id", "purpose": ""})


@pytest.fixture
def picture(course, author):
    return library.add_image(course, picture_file("biru"), alternative_text="Kotak biru", by=author)


def picture_file(colour):
    return SimpleUploadedFile("kotak.png", png(*{"biru": (40, 30), "merah": (50, 30)}[colour]), "image/png")


def page_of(author, name, thing, words=None):
    return accounts.client_of(author).get(reverse(f"courses:{name}", args=[thing.pk]), words or {}).content.decode()


def test_a_channel_is_told_in_words_and_restored_to_what_it_was(channel, author, course):
    channels.edit(channel, by=author, values={"name": "Aduan Konten", "address": "lapor.go.id", "purpose": ""})
    channels.check(channel, by=accounts.admin(), state="broken", note="Formulirnya ditutup.")
    page = page_of(author, "channel_history", channel)
    assert "Menambah kanal rujukan Aduan Konten (aduankonten.id)" in page
    assert "Alamat: «aduankonten.id» menjadi «lapor.go.id»." in page and "Keadaan: berfungsi menjadi tidak berfungsi." in page
    assert "Catatan: kosong menjadi «Formulirnya ditutup.»." in page and page.count("Mengubah kanal Aduan Konten") == 2
    assert "Mengubah kanal Aduan Konten" in page_of(author, "course_history", course, {"perbuatan": "aturan"})
    first = Revision.objects.filter(channel=channel).order_by("at").first()
    assert "Keadaan: tidak berfungsi menjadi berfungsi." in page_of(author, "revision", first)  # what a restore would do to today's
    assert restoring.restore(first, by=author) and not restoring.restore(first, by=author)
    channel.refresh_from_db()
    assert (channel.address, channel.state, channel.note, channel.checked_on) == ("aduankonten.id", "works", "", None)
    latest = Revision.objects.filter(channel=channel).first()
    assert latest.origin == RevisionOrigin.RESTORE and "Memulihkan kanal" in page_of(author, "channel_history", channel)


def test_an_archived_channel_comes_back_by_hand_and_by_its_history_unless_its_address_is_taken(channel, author, course):
    client, url = accounts.client_of(author), reverse("courses:archive_channel", args=[channel.pk])
    client.post(url)
    assert "Aduan Konten" in page_of(author, "channels", course) and "Kembalikan" in page_of(author, "channel", channel)
    client.post(url, {"kembali": "1"})
    channel.refresh_from_db()
    assert channel.archived_at is None
    channels.archive(channel, by=author)
    channels.add(course, by=author, values={"name": "Baru", "address": "https://aduankonten.id/", "purpose": ""})
    with pytest.raises(channels.ChannelError, match="sudah tercatat sebagai «Baru»"):
        channels.bring_back(channel, by=author)
    kept = Revision.objects.filter(channel=channel).order_by("at").first()
    with pytest.raises(EditingError, match="sudah tercatat"):
        restoring.restore(kept, by=author)
    assert client.post(reverse("courses:revision", args=[kept.pk])).status_code == 422
    assert Channel.objects.filter(course=course, archived_at=None).count() == 1


def test_a_picture_tells_who_brought_replaced_and_described_it_and_gets_its_former_file_and_words_back(picture, author):
    before = str(picture.file.name)
    changing.describe(picture, by=author, values={"alternative_text": "Kotak merah"})
    changing.replace(picture, picture_file("merah"), by=accounts.admin())
    page = page_of(author, "media_history", picture)
    assert "Mengunggah" in page and "Teks alternatif: «Kotak biru» menjadi «Kotak merah»." in page and "Ukuran:" in page
    assert page.count("Mengubah gambar") == 2
    first = Revision.objects.filter(media=picture).order_by("at").first()
    assert restoring.restore(first, by=author)
    picture.refresh_from_db()
    assert str(picture.file.name) == before and picture.alternative_text == "Kotak biru"
    assert {str(one.file.name) for one in picture.widths} & {before} and not restoring.restore(first, by=author)


def test_an_archived_thing_comes_back_by_its_history_and_by_sending_it_again(picture, author, course):
    changing.archive(picture, by=author)
    first = Revision.objects.filter(media=picture).order_by("at").first()
    assert restoring.restore(first, by=author)
    picture.refresh_from_db()
    assert picture.archived_at is None
    changing.archive(picture, by=author)
    assert library.add_image(course, picture_file("biru"), alternative_text="Lain", by=author).pk == picture.pk
    assert Media.objects.get(pk=picture.pk).archived_at is None
    page = page_of(author, "media_history", picture)
    assert "Diarsipkan: tidak menjadi ya." in page or "Diarsipkan: ya menjadi tidak." in page


def test_a_former_file_that_is_elsewhere_by_now_is_refused_with_a_sentence(picture, author, course):
    changing.replace(picture, picture_file("merah"), by=author)
    first = Revision.objects.filter(media=picture, aspect=Aspect.MEDIA).order_by("at").first()
    library.add_image(course, picture_file("biru"), alternative_text="Yang biru", by=author)
    answer = accounts.client_of(author).post(reverse("courses:revision", args=[first.pk]))
    assert answer.status_code == 422 and "kini ada di pustaka sebagai berkas lain" in answer.content.decode()


@pytest.mark.parametrize("name", ["channel_history", "media_history"])
def test_their_history_is_for_the_courses_studio_only(name, channel, picture, author):
    thing = channel if name == "channel_history" else picture
    url = reverse(f"courses:{name}", args=[thing.pk])
    stranger = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_course().pk)
    assert accounts.client_of(author).get(url).status_code == 200
    assert accounts.client_of(stranger).get(url).status_code == 404
