"""Sound, film and documents: told by their content, bounded, described, shown, played in parts, replaced, archived, carried in files."""

from __future__ import annotations

import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import dumping, media, publishing, trees
from courses.loading import load_course
from courses.media import captions, changing, sniffing, using
from courses.models import Course, FrozenLesson, Lesson, Media
from tests.courses import folders, recordings
from tests.courses.pictures import png
from tests.courses.recordings import VTT
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def whole(tmp_path: Path):
    """A course that a folder can hold: with a programme."""
    load_course(folders.small_course(tmp_path / "asal"))
    return Course.objects.get()


@pytest.fixture
def by(course):
    return accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk)


def add(course, data: bytes, name: str = "berkas.bin", title: str = "") -> Media:
    return media.add(course, SimpleUploadedFile(name, data), by=None, title=title)


def stored(made: Media) -> bytes:
    with made.file.open("rb") as file:
        return file.read()


def picture(course, width: int = 1200, height: int = 600) -> Media:
    return media.add_image(course, SimpleUploadedFile("a.png", png(width, height)), alternative_text="Layar", by=None)


@pytest.mark.parametrize(
    ("data", "kind", "suffix", "seconds"),
    [
        (recordings.mp4(), "video", "mp4", 65),
        (recordings.mp4(handler=b"soun"), "audio", "m4a", 65),
        (recordings.webm(), "video", "webm", 13),
        (recordings.mp3(), "audio", "mp3", 4),
        (recordings.ogg(), "audio", "ogg", 2),
        (recordings.pdf(), "document", "pdf", 0),
        (recordings.office(), "document", "docx", 0),
        (recordings.office("xl/workbook.xml"), "document", "xlsx", 0),
        (recordings.office("ppt/presentation.xml"), "document", "pptx", 0),
        (b"Halo, dunia.\n", "document", "txt", 0),
    ],
)
def test_a_file_is_told_by_its_content_never_by_its_name(course, data, kind, suffix, seconds):
    made = add(course, data, "../../x.html")
    assert (made.kind, made.suffix, made.seconds, made.original_name) == (kind, suffix, seconds, "x.html")
    assert made.content_type == sniffing.TYPES[suffix] and made.download_name == f"x.{suffix}"
    assert add(course, data).pk == made.pk


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"<html><script>alert(1)</script>", "SVG dan HTML"),
        (b"\x00\x01\x02" * 50, "tidak diterima"),
        (b"MZ\x90\x00\xff\xfe", "tidak diterima"),
        (b"halo <script>alert(1)</script>", "tidak diterima"),
        (b"%PDF-1.4 terpotong", "terpotong"),
        (recordings.office("rahasia.exe"), "ZIP"),
        (recordings.office("word/document.xml", "word/vbaProject.bin"), "makro"),
        (b"PK\x03\x04" + b"x" * 60, "rusak"),
        (recordings.mp4(handler=b"text"), "tidak memuat"),
        (recordings.mp4()[:40], "tidak memuat"),
        (b"\0\0\0\x01ftyp" + b"\xff" * 90, "tidak memuat"),
        (recordings.webm(doctype=b"matroska"), "MKV"),
        (recordings.webm(codec=b"A_OPUS"), "tidak memuat"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 30, "rusak"),
        (recordings.ogg().replace(b"\x01vorbis", b"\x80theora"), "Vorbis"),
        (b"ID3\x03\0\0\0\0\0\0" + b"x" * 400, "tidak terbaca"),
        (b"\xff\xfb\x90\x00", "diterima"),
        (recordings.mp4(seconds=601), "10 menit"),
        (b"a" * 10_000_001, "10 MB"),
    ],
)
def test_what_is_not_kept_is_refused_with_a_sentence(course, data, words):
    with pytest.raises(media.MediaError, match=words):
        add(course, data)
    assert not Media.objects.exists()


def test_what_a_phone_writes_beside_a_recording_is_gone(course):
    film, sound = add(course, recordings.mp4()), add(course, recordings.mp3())
    kept = stored(film)
    assert b"106.8" not in kept and kept[-10_240:] == recordings.mp4()[-10_240:] and len(kept) == len(recordings.mp4())
    assert b"RAHASIA" not in stored(sound)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nHalo\n", 1, "SRT"),
        ("Halo\n", 1, "WEBVTT"),
        ("WEBVTT\n\n00:00.000 --> 0:02.000\nHalo\n", 3, "tidak terbaca"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nHalo\n", 3, "sesudah waktu awal"),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\nHalo\n\n00:01.000 --> 00:02.000\nDua\n", 6, "Urutkan"),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\n\n", 3, "belum berisi teks"),
        ("WEBVTT\n\n00:02.000 --> 02:03.000\nHalo\n", 3, "habis"),
        ("WEBVTT\n\nSTYLE\n::cue{}\n", 3, "STYLE"),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\n<script>x</script>\n", 4, "tidak dikenal"),
        ("WEBVTT\n\nHalo saja\n", 3, "diharapkan waktu"),
        ("WEBVTT\n", 2, "belum berisi"),
    ],
)
def test_captions_name_the_line_of_each_fault(text, line, words):
    (found, sentence), *_rest = captions.faults(text, 60)
    assert found == line and words in sentence
    assert captions.faults(VTT, 60) == []


def test_recordings_need_their_words_before_they_are_published(course, by):
    module = make.make_module(course, lessons=1)
    film, sheet = add(course, recordings.mp4(), title="Cara masuk"), add(course, recordings.office(), title="Formulir")
    body = f"Lihat.\n\n/// video | {film.name}\nCara **masuk**.\n///\n\n/// berkas | {sheet.name}\nIsi ini.\n///\n\n"
    body += f"/// audio | {sheet.name}\nX\n///\n"
    Lesson.objects.filter(activity__module=module).update(body=body)
    codes = {problem.code for problem in publishing.holder_problems(module)}
    assert {"missing_transcript", "missing_captions", "foreign_media"} <= codes
    changing.describe(film, by=by, values={"captions": VTT, "transcript": "Selamat pagi.\n\nSilakan duduk."})
    Lesson.objects.filter(activity__module=module).update(body=body.rpartition("/// audio")[0])
    assert publishing.holder_problems(module) == []
    make.publish(module)
    html = FrozenLesson.objects.get().html
    assert f'<video controls playsinline preload="none" src="/m/{film.name}"' in html and "autoplay" not in html
    assert "Video, 1 menit 5 detik, 10 KB" in html and "<p>Silakan duduk.</p>" in html and "<strong>masuk</strong>" in html
    assert f'src="{captions.address(VTT)}"' in html and f'<a href="/m/{sheet.name}" download="Formulir.docx">' in html
    client = accounts.client_of(by)
    answer = client.get(captions.address(VTT))
    assert answer["Content-Type"].startswith("text/vtt") and answer.content.decode() == VTT
    printed = str(trees.of(html))
    assert "Transkrip." in printed and "Silakan duduk." in printed and "Cara masuk" in printed and "Formulir" in printed
    assert FrozenLesson.objects.get().size < 2_000  # the film is not loaded with the page


def test_a_recording_is_sent_in_the_parts_that_a_player_asks_for(course, by):
    film = add(course, recordings.mp4())
    data, client = stored(film), accounts.client_of(by)
    get = lambda method="get", **headers: getattr(client, method)(film.url, headers={k.replace("_", "-"): v for k, v in headers.items()})  # noqa: E731
    whole = get()
    tag = whole["ETag"]
    assert (whole.status_code, b"".join(whole.streaming_content), whole["Accept-Ranges"]) == (200, data, "bytes")
    for asked, first, last in (("bytes=0-9", 0, 9), ("bytes=100-", 100, len(data) - 1), ("bytes=-5", len(data) - 5, len(data) - 1)):
        part = get(Range=asked)
        assert part.status_code == 206 and part["Content-Range"] == f"bytes {first}-{last}/{len(data)}"
        assert b"".join(part.streaming_content) == data[first : last + 1] and part["Content-Length"] == str(last - first + 1)
    beyond = get(Range=f"bytes={len(data)}-")
    assert beyond.status_code == 416 and beyond["Content-Range"] == f"bytes */{len(data)}"
    for ignored in ("bytes=5-2", "bytes=0-1,4-5", "items=0-1", "bytes=-", "x" * 5000):
        answer = get(Range=ignored)
        assert answer.status_code == 200 and b"".join(answer.streaming_content) == data
    for held, status in ((tag, 206), ('"lain"', 200)):
        answer = get(Range="bytes=0-9", If_Range=held)
        assert answer.status_code == status and len(b"".join(answer.streaming_content)) == (10 if status == 206 else len(data))
    assert get(If_None_Match=tag).status_code == 304
    head = get("head", Range="bytes=0-9")
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(data)), b"")
    assert client.post(film.url).status_code == 405


def test_a_document_is_only_ever_saved(course, by):
    sheet = add(course, recordings.office(), title='Formulir "akun" <b>')
    answer = accounts.client_of(by).get(sheet.url)
    assert answer["Content-Disposition"] == 'attachment; filename="Formulir-akun-b.docx"' and answer["X-Content-Type-Options"] == "nosniff"


def test_a_lesson_offers_a_picture_in_three_widths_cut_as_the_author_says(course, by):
    module = make.make_module(course, lessons=1)
    image = picture(course, 2000, 1000)
    Lesson.objects.filter(activity__module=module).update(body=f"![Layar]({image.url})\n")
    make.publish(module)
    first = FrozenLesson.objects.get().html
    assert (
        [one.width for one in image.widths] == [480, 960, 1600] and f"{image.url} 1600w" in first and 'width="1600" height="800"' in first
    )
    changing.cut(image, by=by, crop={"x": 0.25, "y": 0, "width": 0.5, "height": 1}, focus={"x": 0.9, "y": 0.1})
    image = Media.objects.get()
    assert image.focus_step == (9, 1) and [(one.width, one.height) for one in image.widths] == [(480, 480), (800, 800)]
    make.publish(module)
    second = FrozenLesson.objects.order_by("-pk").first().html
    assert 'width="800" height="800"' in second and image.url not in second
    client = accounts.client_of(by)
    for html in (first, second):
        for address in {part.split('"')[0].split(" ")[0] for part in html.split("/m/")[1:]}:
            assert client.get(f"/m/{address}").status_code == 200
    assert Entry.objects.filter(action="media.cut").count() == 1
    with pytest.raises(media.MediaError, match="keluar"):
        changing.cut(image, by=by, crop={"x": 0.6, "y": 0, "width": 0.5, "height": 1}, focus={})


def test_another_file_takes_the_place_and_texts_go_on_naming_it(course, by):
    module = make.make_module(course, lessons=1)
    image = picture(course, 300, 200)
    old, line = image.url, image.line
    Lesson.objects.filter(activity__module=module).update(body=line)
    make.publish(module)
    changing.replace(image, SimpleUploadedFile("b.png", png(320, 200)), by=by)
    image = Media.objects.get()
    assert image.line == line and image.url != old and publishing.holder_problems(module) == []
    make.publish(module)
    assert image.url in FrozenLesson.objects.order_by("-pk").first().html
    assert accounts.client_of(by).get(old).status_code == 200
    with pytest.raises(media.MediaError, match="gambar juga"):
        changing.replace(image, SimpleUploadedFile("b.mp4", recordings.mp4()), by=by)
    with pytest.raises(media.MediaError, match="sama persis"):
        changing.replace(image, SimpleUploadedFile("b.png", png(320, 200)), by=by)


def test_what_a_draft_uses_is_not_archived_and_every_use_is_named(course, by):
    module = make.make_module(course, lessons=1)
    image = picture(course, 300, 200)
    Lesson.objects.filter(activity__module=module).update(body=image.line)
    make.publish(module)
    assert [use.is_draft for use in using.uses(image)] == [True, False]
    with pytest.raises(media.MediaError, match="Masih dipakai di"):
        changing.archive(image, by=by)
    Lesson.objects.filter(activity__module=module).update(body="Tanpa gambar.")
    changing.archive(image, by=by)
    changing.archive(image, by=by)
    assert not media.search(course).exists() and media.found(course, keadaan="arsip").count() == 1
    assert Entry.objects.filter(action="media.archived").count() == 1
    changing.bring_back(image, by=by)
    assert media.search(course).count() == 1


def test_the_pages_work_without_a_script_and_refuse_with_a_sentence(course, by):
    client = accounts.client_of(by)
    film, image = add(course, recordings.mp4(), title="Cara <masuk>"), picture(course, 300, 200)
    item = reverse("courses:media_item", args=[film.pk])
    assert (
        client.post(item, {"title": "Masuk", "transcript": "Halo", "captions": SimpleUploadedFile("a.vtt", VTT.encode())}).status_code
        == 302
    )
    film.refresh_from_db()
    assert (film.title, film.transcript, film.captions) == ("Masuk", "Halo", VTT)
    bad = client.post(item, {"captions": SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:09.000 --> 00:01.000\nx")})
    assert bad.status_code == 422 and "Baris 3: Waktu akhir" in bad.content.decode()
    assert client.post(reverse("courses:media_item", args=[image.pk]), {"alternative_text": ""}).status_code == 422
    cut = reverse("courses:media_cut", args=[image.pk])
    numbers = {"x": "10", "y": "0", "width": "50,5", "height": "100", "focus_x": "30", "focus_y": "50"}
    assert client.post(cut, numbers).status_code == 302 and Media.objects.get(pk=image.pk).crop["width"] == 0.505
    for wrong in ({"width": "NaN"}, {"width": "1e99"}, {"x": "\x00"}, {"x": "99"}, {"width": "0"}):
        assert client.post(cut, numbers | wrong).status_code == 422
    assert client.post(reverse("courses:media_replace", args=[film.pk]), {}).status_code == 422
    assert client.post(reverse("courses:media_archive", args=[film.pk])).status_code == 302
    shelf = reverse("courses:library", args=[course.pk])
    assert "Layar" in client.get(shelf, {"q": "layar"}).content.decode()
    assert "Masuk" in client.get(shelf, {"keadaan": "arsip"}).content.decode()
    assert client.get(reverse("courses:images", args=[course.pk])).status_code == 301


@pytest.mark.parametrize("rows", [1, 3])
def test_the_library_costs_the_same_for_any_number(course, by, rows, django_assert_num_queries):
    for number in range(rows):
        add(course, recordings.office("word/document.xml", f"{number}.xml"), title=f"Formulir {number}")
    client, address = accounts.client_of(by), reverse("courses:library", args=[course.pk])
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)


def test_everything_comes_back_from_files_byte_for_byte(whole, tmp_path: Path):
    course, by = whole, accounts.staff(Role.ADMIN)
    image, film = picture(course, 1300, 500), add(course, recordings.mp4(), title="Cara masuk")
    add(course, recordings.mp3(), "suara.mp3"), add(course, recordings.pdf(), "surat.pdf")
    changing.describe(film, by=by, values={"captions": VTT, "transcript": "Selamat pagi.\n\nSilakan duduk."})
    changing.replace(image, SimpleUploadedFile("b.png", png(1290, 500)), by=by)
    changing.cut(Media.objects.get(pk=image.pk), by=by, crop={"x": 0.1, "y": 0, "width": 0.5, "height": 1}, focus={"x": 0.25, "y": 0.5})
    dumping.dump_course(course, tmp_path / "a")
    folders.change(tmp_path / "a" / "course.yaml", f"slug: {course.slug}", "slug: portal-kosong")
    load_course(tmp_path / "a")
    again = Course.objects.get(slug="portal-kosong")
    dumping.dump_course(again, tmp_path / "b")
    assert folders.bytes_of(tmp_path / "b") == folders.bytes_of(tmp_path / "a")
    assert [one.width for one in again.media.get(kind="image").widths] == [480, 645]
    assert again.media.get(kind="video").seconds == 65
    report = load_course(tmp_path / "a")
    assert not report.changed_lines and not report.created_lines


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("kind: video", "kind: audio"), "bukan audio"),
        (("captions:", "captionss:"), "tidak dikenal"),
        (("title: Cara masuk", "title: 7"), "teks satu baris"),
        ((".vtt", ".txt"), "harus"),
    ],
)
def test_files_that_are_not_what_they_say_are_named(whole, tmp_path: Path, wrong, words):
    course, by = whole, accounts.staff(Role.ADMIN)
    film = add(course, recordings.mp4(), title="Cara masuk")
    changing.describe(film, by=by, values={"captions": VTT})
    dumping.dump_course(course, tmp_path / "a")
    file = tmp_path / "a" / "media" / "media.yaml"
    file.write_text(file.read_text().replace(*wrong))
    with pytest.raises(Exception) as caught:
        load_course(tmp_path / "a")
    ((where, sentence), *_rest) = caught.value.report.problems
    assert where.startswith("media/media.yaml:") and words in sentence


EMPTY_TAG = b"ID3\x03\0\0\0\0\0\0"


@pytest.mark.parametrize(
    "data",
    [EMPTY_TAG * 2_000_000 + recordings.mp3(tagged=False), EMPTY_TAG + bytes(19_000_000), b"\xff\xfb" * 9_500_000],
    ids=["two million empty tags", "nothing after the tag", "frames that never begin"],
)
def test_sound_made_to_be_slow_is_told_or_refused_within_seconds(data):
    began = time.process_time()
    try:
        sniffing.sniff(data)
    except media.MediaError as error:
        assert "Lamanya" in str(error)
    assert b"ID3" not in sniffing.scrubbed(data, "mp3")[:10]
    assert time.process_time() - began < 6


def test_a_document_of_half_a_million_entries_is_refused_before_they_are_read():
    entries = (b"PK\x01\x02" + bytes(42)) * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 30, 0)
    tracemalloc.start()
    with pytest.raises(media.MediaError, match="Arsip ZIP"):
        sniffing.sniff(b"PK\x03\x04" + bytes(26) + entries + end)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
