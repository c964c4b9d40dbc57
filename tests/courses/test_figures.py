"""Own drawings: what they may hold, their colours, and the addresses under which old and new versions find them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import pytest
from django.core.files.storage import default_storage

from courses import figures, publishing
from courses.loading import LoadError, load_course
from courses.models import FrozenLesson, Media, Module
from tests.courses.folders import FIGURE, add_companions, change, small_course
from tests.factories import accounts

HEAD = f'<svg xmlns="{figures.SVG}" viewBox="0 0 360 120"><title>Isi gambar.</title>'
BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def drawing(inside: str = "", head: str = HEAD) -> str:
    return f"{head}{inside}</svg>"


@pytest.fixture
def folder(tmp_path):
    root = small_course(tmp_path / "kursus")
    add_companions(root)
    return root


@pytest.mark.parametrize(
    "text", [FIGURE, drawing(), drawing('<g transform="translate(4 5) rotate(-90)"><path d="M1 2C3,4 5,6 7-8z"/></g>')]
)
def test_a_drawing_of_shapes_and_words_is_taken(text):
    assert figures.figure_problems(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (drawing("<script>alert(1)</script>"), "<script>"),
        (drawing("<foreignObject><p>x</p></foreignObject>"), "<foreignObject>"),
        (drawing('<a href="https://jahat.test">x</a>'), "<a>"),
        (drawing('<use href="#x"/>'), "<use>"),
        (drawing('<image href="https://jahat.test/a.png"/>'), "<image>"),
        (drawing("<style>@import url(https://jahat.test)</style>"), "<style>"),
        (drawing('<animate attributeName="x"/>'), "<animate>"),
        (drawing('<set attributeName="onload" to="alert(1)"/>'), "<set>"),
        (drawing(HEAD + "</svg>"), "<svg>"),
        (drawing('<rect style="fill:red"/>'), "style"),
        (drawing('<rect fill="#fff"/>'), "fill"),
        (drawing('<rect onload="alert(1)"/>'), "onload"),
        (drawing('<rect onclick="alert(1)"/>'), "onclick"),
        (drawing('<path d="M0 0" href="x"/>'), "href"),
        (drawing('<path xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="x"/>'), "xlink"),
        (drawing('<text font-size="5">x</text>'), "font-size"),
        (drawing('<path marker-end="url(https://jahat.test#a)"/>'), "marker-end"),
        (drawing('<path marker-end="url(#tidak-ada)"/>'), "tidak menunjuk"),
        (drawing('<g id="a"/><path marker-end="url(#a)"/>'), "tidak menunjuk"),
        (drawing('<g id="a"/><g id="a"/>'), "dua kali"),
        (drawing('<rect class="f-merah"/>'), "f-merah"),
        (drawing('<rect width="expression(1)"/>'), "width"),
        (drawing('<path d="M0 0 url(x)"/>'), "d="),
        (drawing('<g transform="javascript(1)"/>'), "transform"),
        (drawing("teks lepas"), "<text>"),
        (drawing("<rect>"), "tidak terbaca"),
        (drawing("&nbsp;"), "tidak terbaca"),
        (drawing("<!-- catatan -->"), "komentar"),
        (drawing("<text><![CDATA[<script>]]></text>"), "<!"),
        (BOMB + drawing("<text>&b;</text>"), "DTD"),
        ('<?xml-stylesheet href="https://jahat.test/a.css"?>' + drawing(), "perintah XML"),
        (drawing("<text>" + "x" * 20_000 + "</text>"), "15000"),
        (drawing("<g>" * 13 + "</g>" * 13), "bersarang"),
        (drawing(head=HEAD.replace("<title>Isi gambar.</title>", "")), "<title>"),
        (drawing(head=HEAD.replace("Isi gambar.", "x" * 301)), "301"),
        (drawing(head=HEAD.replace("360 120", "720 120")), "viewBox"),
        (drawing(head=HEAD.replace("360 120", "360 421")), "viewBox"),
        (drawing(head=HEAD.replace("360 120", "36&#48; 120")), "viewBox"),
        (drawing(head=HEAD.replace("<svg", '<svg onload="alert(1)"')), "onload"),
        (drawing(head=HEAD.replace(figures.SVG, "http://www.w3.org/1999/xhtml")), "xmlns"),
        ("bukan gambar", "tidak terbaca"),
        ("", "tidak terbaca"),
    ],
)
def test_whatever_could_run_load_or_lead_elsewhere_is_refused_with_a_sentence(text, words):
    assert words in " ".join(figures.figure_problems(text))


def test_a_fault_is_told_with_its_line():
    assert figures.figure_problems(FIGURE.replace("<rect", "<rect\nonclick='x'"))[0].startswith("Baris 4: ")


def test_every_class_has_a_colour_in_light_and_dark_and_both_are_the_tokens():
    light, night = figures.tokens()
    sheet = figures.style_sheet()
    day, _mark, dark = sheet.partition("@media (prefers-color-scheme:dark)")
    assert figures.style_sheet(dark=False) == day and dark.endswith("}}")
    for name in figures.CLASSES - {*figures.TYPE, "f-none"}:
        token = {"s-strong": "line-strong"}.get(name) or figures.FILLS[name[2:]]
        kind = "fill" if name.startswith("f-") else "stroke"
        assert f".{name}{{{kind}:{light[token]}}}" in day and f".{name}{{{kind}:{night[token]}}}" in dark
    assert (light["primary"], night["primary"], light["on-next"]) == ("#243387", "#aebaff", "#161a33")
    assert "var(" not in sheet and "url(" not in sheet and "@import" not in sheet


def test_a_styled_drawing_is_the_authored_one_with_its_sheet_and_ground():
    shown = figures.styled(FIGURE)
    ground = '<rect class="f-bg" width="360" height="120" rx="12"/>'
    assert shown.replace(f"<style>{figures.style_sheet()}</style>{ground}", "") == FIGURE
    assert "prefers-color-scheme" not in figures.styled(FIGURE, dark=False)
    assert figures.title_of(FIGURE) == "Dua langkah: periksa, lalu laporkan." and figures.size_of(FIGURE) == (360, 120)


@pytest.mark.django_db
def test_a_drawing_is_served_from_its_hash_and_may_use_its_own_sheet_only(folder):
    load_course(folder)
    figure = Media.objects.get()
    with default_storage.open(figure.file.name) as stored:
        data = stored.read()
    assert data.decode() == figures.styled(FIGURE) and figure.source == FIGURE
    assert figure.name == f"{hashlib.sha256(data).hexdigest()[:32]}.svg" and (figure.width, figure.height) == (360, 120)
    assert figure.alternative_text == "Dua langkah: periksa, lalu laporkan."
    client = accounts.client_of(accounts.person())
    answer = client.get(figure.url)
    sheet = base64.b64encode(hashlib.sha256(figures.style_sheet().encode()).digest()).decode()
    assert answer.content == data and answer["Content-Type"] == "image/svg+xml"
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and f"style-src 'sha256-{sheet}'" in policy and "unsafe" not in policy
    assert (
        answer["X-Content-Type-Options"] == "nosniff"
        and answer["Cache-Control"].startswith("private")
        and "immutable" in answer["Cache-Control"]
    )
    zipped = client.get(figure.url, HTTP_ACCEPT_ENCODING="gzip")
    assert zipped["Content-Encoding"] == "gzip" and gzip.decompress(zipped.content) == data
    assert client.get("/m/dua-langkah.svg").status_code == 404


@pytest.mark.django_db
def test_a_lesson_names_a_drawing_and_shows_the_address_where_it_is_kept(folder):
    load_course(folder)
    figure, lesson = Media.objects.get(), FrozenLesson.objects.get(activity__code="M1.1")
    assert re.search(rf'<img alt="Dua kotak dan panah\."[^>]* src="{figure.url}" width="360" height="120">', lesson.html)
    assert "dua-langkah.svg" not in lesson.html and "dua-langkah.svg" in lesson.body
    assert lesson.size == len(gzip.compress(lesson.html.encode(), 6)) + len(gzip.compress(figures.styled(FIGURE).encode(), 6))


@pytest.mark.django_db
def test_a_changed_drawing_makes_a_new_version_and_the_old_one_is_still_served(folder):
    load_course(folder)
    old, module = Media.objects.get(), Module.objects.get(code="M1")
    change(folder / "media" / "figures" / "dua-langkah.svg", "Periksa &amp; simpan", "Periksa dulu")
    report = load_course(folder)
    assert report.changed_lines == ["gambar dua-langkah.svg"] and report.published_lines == ["Modul satu versi 2"]
    new = Media.objects.get(archived_at=None)
    first, second = FrozenLesson.objects.filter(activity__code="M1.1").order_by("version__number")
    assert old.url in first.html and new.url in second.html and old.url != new.url
    client = accounts.client_of(accounts.person())
    assert b"Periksa &amp; simpan" in client.get(old.url).content and b"Periksa dulu" in client.get(new.url).content
    module.refresh_from_db()
    assert module.current_version.number == 2 and not load_course(folder).changed_lines
    change(folder / "media" / "figures" / "dua-langkah.svg", "Periksa dulu", "Periksa &amp; simpan")
    load_course(folder)
    assert Media.objects.get(archived_at=None).pk == old.pk and Media.objects.count() == 2


@pytest.mark.django_db
def test_a_renamed_drawing_keeps_its_row_and_one_left_out_is_archived_and_said(folder):
    load_course(folder)
    kept = Media.objects.get().pk
    (folder / "media" / "figures" / "dua-langkah.svg").rename(folder / "media" / "figures" / "langkah.svg")
    change(folder / "m1-satu" / "01.md", "dua-langkah.svg", "langkah.svg")
    assert load_course(folder).archived_lines == ["gambar dua-langkah.svg: tidak ada lagi dalam berkas"]
    assert (Media.objects.get().pk, Media.objects.get().handle) == (kept, "langkah.svg")
    (folder / "media" / "figures" / "langkah.svg").unlink()
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert "langkah.svg tidak ada di pustaka" in refused.value.report.problems[0][1]
    change(folder / "m1-satu" / "01.md", "/// gambar | langkah.svg\nDua kotak dan panah.\n\nDua langkah.\n///", "Tanpa gambar.")
    assert load_course(folder).archived_lines == ["gambar langkah.svg: tidak ada lagi dalam berkas"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "where", "words"),
    [
        ("media/figures/dua-langkah.svg", "<text", "<script/><text", "media/figures/dua-langkah.svg:6", "<script>"),
        ("m1-satu/01.md", "Dua kotak dan panah.\n\nDua langkah.", "", "m1-satu/module.yaml:1", "teks alternatif"),
        ("m1-satu/01.md", "\n\nDua langkah.", "", "m1-satu/module.yaml:1", "keterangan"),
        ("m1-satu/01.md", "dua-langkah.svg", "tiga-langkah.svg", "m1-satu/module.yaml:1", "pustaka"),
    ],
)
def test_what_a_drawing_lacks_is_told_by_file_and_line(folder, file, old, new, where, words):
    change(folder / file, old, new)
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    problems = refused.value.report.problems
    assert any(place == where and words in sentence for place, sentence in problems), problems
    assert not Media.objects.exists()


@pytest.mark.django_db
def test_two_files_of_the_same_drawing_are_told(folder):
    (folder / "media" / "figures" / "lain.svg").write_text(FIGURE)
    with pytest.raises(LoadError) as refused:
        load_course(folder)
    assert refused.value.report.problems == [
        ("media/figures/lain.svg:1", "Gambar ini sama persis dengan dua-langkah.svg. Pakai satu berkas saja.")
    ]


@pytest.mark.django_db
def test_two_courses_may_hold_the_same_drawing(folder, tmp_path):
    load_course(folder)
    other = small_course(tmp_path / "lain")
    add_companions(other)
    change(other / "course.yaml", "slug: kecil", "slug: lain")
    load_course(other)
    first, second = Media.objects.all()
    assert first.url == second.url and accounts.client_of(accounts.person()).get(first.url).status_code == 200


@pytest.mark.django_db
def test_the_weight_of_drawings_counts(folder, monkeypatch):
    load_course(folder)
    lesson = FrozenLesson.objects.get(activity__code="M1.1")
    monkeypatch.setattr(publishing, "MOST_BYTES", lesson.size - 1)
    assert [problem.code for problem in publishing.holder_problems(Module.objects.get(code="M1"))] == ["too_heavy"]
