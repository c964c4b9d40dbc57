"""Booklets: everything a module teaches, on tagged paper; drawn once, by a worker, the same every time."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from accounts.models import Role
from courses import booklets, media, printing, tasks
from courses.loading import load_course
from courses.models import Booklet, Companions, FrozenLesson, Lesson, Module, Version
from courses.writing_guide import INLINE
from courses.writing_guide import SAMPLES as BLOCKS
from linimasa.blocks import KEPT
from tests.certificates.paper import text_of
from tests.factories import courses as make
from tests.factories.accounts import client_of, staff

CONTENT = Path(__file__).parents[2] / "content" / "lini-masa"
OWN_FONTS = ("PlusJakartaSans", "DejaVuSansMono")
SENTENCE = "Kunci ada di laci kepala dinas."
CHECK = """/// cek | laci
pertanyaan: Di mana kuncinya?
pilihan:
- teks: Di meja.
  umpan: Meja dapat dibuka siapa saja.
- teks: Di laci.
  umpan: Laci dikunci oleh kepala dinas.
jawaban: 2
///
"""
HOSTILE = r"""## #eval("1+1") $x^2$ @a [b] \\ {c}

Teks #panic("x") $sum_(i)$ @label [kurung] {{kurawal}} \* _garis_ `#sys.inputs` // bukan komentar /* juga */ = judul <label> ~ "kutip".

- Isi #set page(width: 1pt) \ #
- $ \alpha $

| #a | $b$ |
|---|---|
| @c | `[d]` |
"""


@pytest.fixture(scope="module")
def curriculum(django_db_setup, django_db_blocker):
    """The booklets of the real modules, drawn once for the tests that only read them."""
    caches["local"].clear()  # what the process keeps of versions of other tests, whose ids come again
    with django_db_blocker.unblock(), transaction.atomic():
        load_course(CONTENT)
        assert tasks.make_missing_booklets() == 4
        found = Booklet.objects.select_related("version__module", "version__course").prefetch_related("version__lessons")
        rows = {row.version.module.code: row for row in found}
        rows["M4"].again = booklets.draw(rows["M4"].version)
        transaction.set_rollback(True)  # at once: the other tests of this file begin with an empty table
    return rows


def published(*bodies: str, glossary=(), **fields) -> Version:
    """A module of these lessons, published, in a course with this glossary."""
    module = make.make_module(**{"title": "Modul percobaan", **fields})
    for number, body in enumerate(bodies, start=1):
        make.make_lesson(module, body=body, title=f"Pelajaran ke-{number}")
    Lesson.objects.filter(activity__module=module).update(reviewed_on="2026-11-22")
    Companions.objects.create(course=module.course, glossary=list(glossary))
    make.publish(module.course)
    return make.publish(module)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(bytes(data)))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def words_of(data: bytes) -> str:
    return squeezed(" ".join(text_of(bytes(data))))


def elements(paper: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """The structure elements of this kind."""
    found = (one for one in paper.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem")
    return [one for one in found if one.get("/S") == f"/{kind}"]


def fonts(paper: pikepdf.Pdf) -> set[str]:
    return {str(one.BaseFont) for one in paper.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"}


# --- the real modules -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_module_of_the_curriculum_is_a_small_tagged_booklet_with_its_figures_and_tables(curriculum):
    assert sorted(curriculum) == ["M1", "M2", "M3", "M4"]
    for code, row in curriculum.items():
        assert row.size == len(row.data) <= printing.MOST_BYTES, code
        with opened(row.data) as paper:
            assert row.pages == len(paper.pages) > 20
            assert {tuple(round(float(side)) for side in page.mediabox) for page in paper.pages} == {(0, 0, 595, 842)}
            root = paper.Root
            assert str(root.Lang) == "id-ID" and root.MarkInfo.Marked and root.StructTreeRoot.K is not None
            with paper.open_metadata() as meta:
                assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
                assert meta["dc:title"] == f"Modul {code[1:]}: {row.version.facts['title']}"
            lessons = row.version.lessons.all()
            assert len(elements(paper, "H1")) >= len(lessons) + 2
            shown = sum(lesson.html.count("<img") for lesson in lessons)
            described = [str(figure.get("/Alt", "")) for figure in elements(paper, "Figure")]
            assert len(described) == shown >= len(lessons) and min(map(len, described)) >= 40
            tables = sum(lesson.html.count("<table") for lesson in lessons)
            assert len(elements(paper, "Table")) == tables + 1 and len(elements(paper, "TH")) >= 2 * tables
            assert [name for name in fonts(paper) if not any(own in name for own in OWN_FONTS)] == []


@pytest.mark.django_db
def test_bookmarks_lead_to_every_lesson_and_pages_are_numbered(curriculum):
    row = curriculum["M1"]
    titles = [lesson["title"] for lesson in row.version.outline if lesson["kind"] == "lesson"]
    with opened(row.data) as paper, paper.open_outline() as outline:
        marked = [entry.title for entry in outline.root]
    numbered = [f"{number} {title}" for number, title in enumerate(titles, start=1)]
    assert marked == ["Daftar isi", "Tentang modul ini", *numbered, "Bahan diskusi", "Daftar istilah", "Kunci cek pemahaman"]
    pages = text_of(bytes(row.data))
    assert all(squeezed(f"Halaman {number} dari {row.pages}") in squeezed(page) for number, page in enumerate(pages[1:], start=2))


@pytest.mark.django_db
def test_every_check_and_term_of_the_curriculum_is_on_paper(curriculum):
    for row in curriculum.values():
        words = words_of(row.data)
        for lesson in row.version.lessons.all():
            for check in lesson.checks:
                said = [check["prompt"], *(choice[key] for choice in check["choices"] for key in ("text", "feedback"))]
                assert [sentence for sentence in said if squeezed(sentence) not in words] == []


@pytest.mark.django_db
def test_the_same_version_gives_the_same_bytes(curriculum):
    row = curriculum["M4"]
    assert row.again == bytes(row.data)


# --- what is printed --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_block_that_authors_have_is_printed():
    body = "\n\n".join([INLINE.text, *(sample.text for sample in BLOCKS if sample.name not in {"gambar", *KEPT})])
    version = published(body)
    lesson = FrozenLesson.objects.get(version=version)
    words = words_of(booklets.draw(version))
    for text in re.findall(r">([^<>]{4,})<", lesson.html):
        plain = text.replace("&amp;", "&").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
        assert squeezed(plain) in words, text


@pytest.mark.django_db
def test_a_lesson_has_its_aims_its_time_its_version_and_the_address_of_the_portal(settings):
    settings.PUBLIC_URL = "https://belajar.contoh.go.id"
    version = published(SENTENCE)
    words = words_of(booklets.draw(version))
    for said in ("Menjelaskan isi pelajaran.", "45 menit", "ditinjau 22 November 2026", "Versi 1, terbit", "WIB", "belajar.contoh.go.id"):
        assert squeezed(said) in words


@pytest.mark.django_db
def test_answers_stand_only_behind_the_lessons():
    pages = [squeezed(page) for page in text_of(booklets.draw(published(f"## Isi\n\n{CHECK}")))]
    asked = next(number for number, page in enumerate(pages) if squeezed("Di mana kuncinya?") in page)
    answered = next(number for number, page in enumerate(pages) if squeezed("Laci dikunci oleh kepala dinas.") in page)
    assert asked < answered and squeezed("Tepat. Di laci.") in pages[answered] and squeezed(f"di halaman {answered + 1}") in pages[asked]


@pytest.mark.django_db
def test_only_the_terms_that_the_module_uses_are_explained():
    terms = [
        {"slug": slug, "term": slug.replace("-", " "), "definition": f"Arti {slug}.", "also": ["nama lain"]}
        for slug in ("kunci-sandi", "takarir")
    ]
    words = words_of(booklets.draw(published("Pakai [[kunci sandi]] dan [[belum ada]].", glossary=terms)))
    assert squeezed("Arti kunci-sandi.") in words and "takarir" not in words and squeezed("Juga disebut: nama lain") in words


@pytest.mark.django_db
def test_what_a_person_writes_is_never_taken_for_typesetting():
    version = published(HOSTILE, title='#panic("judul") $x$ \\ @y', summary='#eval("1") [a] $b$', objectives=['#panic() "$" \\'])
    words = words_of(booklets.draw(version))
    said = ['#panic("judul")$x$\\@y', '#eval("1")[a]$b$', '#panic()"$"\\', '#eval("1+1")$x^2$@a[b]', "$sum_(i)$@label[kurung]{{kurawal}}"]
    said += ["#sys.inputs", "//bukankomentar/*juga*/=judul<label>~", "#setpage(width:1pt)", "@c", "[d]"]
    assert [text for text in said if text not in words] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "A\u200dB 😀👨‍👩‍👧 ❌ 漢字 \ue000 \U0001f600",
        "W" * 5_000,
        "`" + "x" * 3_000 + "`",
        "| " + " | ".join(["Kepala yang panjang sekali"] * 12) + " |\n" + "|---" * 12 + "|\n" + ("| isi " * 12 + "|\n") * 200,
        "#### Dalam\n\n## Luar\n\n###### Paling dalam",
        "> " * 12 + "dalam\n\n" + "".join(f"{'    ' * depth}- tingkat {depth}\n" for depth in range(10)),
        "[dalam](/glosarium/) [surel](mailto:a@contoh.go.id) [buruk](javascript:alert(1)) [kait](#x)",
        "",
    ],
    ids=["signs", "word", "code", "table", "headings", "depth", "links", "empty"],
)
def test_whatever_a_lesson_holds_becomes_a_sound_booklet(body):
    version = published(SENTENCE, SENTENCE)
    FrozenLesson.objects.filter(version=version).update(html=str(printing_html(body)))
    with opened(booklets.draw(version)) as paper:
        assert paper.Root.MarkInfo.Marked and len(paper.pages) >= 5
        levels = [int(str(one.S)[2]) for one in paper.objects if is_heading(one)]
        assert 1 in levels and all(after <= before + 1 for before, after in pairwise(sorted(set(levels))))


def printing_html(body: str) -> str:
    from linimasa import markdown

    return markdown.render(body)


def is_heading(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and bool(re.fullmatch("/H[1-6]", str(one.get("/S", ""))))


@pytest.mark.django_db
def test_photographs_are_made_smaller_until_the_booklet_is_small_enough(monkeypatch):
    module = make.make_module()
    noise = io.BytesIO()
    Image.effect_noise((1200, 400), 80).convert("RGB").save(noise, "PNG")
    noise.seek(0)
    picture = media.add_image(
        module.course, SimpleUploadedFile("a.png", noise.read()), alternative_text="Kantor dinas dengan halaman luas", by=None
    )
    lesson = make.make_lesson(module, body="kosong")
    version = make.publish(module)
    html = f'<p>Foto:</p><figure><img src="{picture.url}" alt="Kantor dinas"><figcaption>Kantor.</figcaption></figure>'
    FrozenLesson.objects.filter(version=version, activity=lesson).update(html=html)
    whole = booklets.draw(version)
    monkeypatch.setattr(printing, "MOST_BYTES", len(whole) - 1)
    smaller = booklets.draw(version)
    assert len(smaller) < len(whole)
    with opened(smaller) as paper:
        assert [str(figure.Alt) for figure in elements(paper, "Figure")] == ["Kantor dinas"]
    monkeypatch.setattr(printing, "MOST_BYTES", 1_000)
    with pytest.raises(ValueError, match="bytes"):
        booklets.draw(version)


@pytest.mark.django_db
def test_a_lost_picture_leaves_its_words():
    version = published(SENTENCE)
    html = f'<figure><img src="/m/{"a" * 32}.webp" alt="Peta kantor"><figcaption>Peta.</figcaption></figure>'
    FrozenLesson.objects.filter(version=version).update(html=html)
    assert squeezed("Gambar: Peta kantor") in words_of(booklets.draw(version))


# --- keeping them -----------------------------------------------------------------------------------------------------
@pytest.fixture
def version(db):
    return published(SENTENCE)


def test_making_it_twice_changes_nothing(version):
    tasks.make_booklet(version.pk)
    first = Booklet.objects.get()
    tasks.make_booklet(version.pk)
    assert tasks.make_missing_booklets() == 0
    again = Booklet.objects.get()
    assert (again.pk, again.sha256, again.made_at) == (first.pk, first.sha256, first.made_at)
    assert again.size == len(again.data) and again.pages == len(opened(again.data).pages)


def test_of_two_workers_at_once_one_booklet_is_kept(version, monkeypatch):
    draw = booklets.draw

    def overtaken(drawn: Version) -> bytes:
        monkeypatch.setattr(booklets, "draw", draw)
        booklets.make(drawn)
        return draw(drawn)

    monkeypatch.setattr(booklets, "draw", overtaken)
    kept = booklets.make(version)
    assert Booklet.objects.get().pk == kept.pk


def test_a_new_glossary_or_drawing_draws_current_booklets_anew(version, monkeypatch):
    booklets.make(version)
    Companions.objects.filter(course=version.course).update(glossary=[{"slug": "a", "term": "a", "definition": "b"}])
    make.publish(version.course)
    assert booklets.missing() == [version.pk] and tasks.make_missing_booklets() == 1 and booklets.missing() == []
    monkeypatch.setattr(printing, "DRAWING", "lain")
    assert tasks.make_missing_booklets() == 1
    assert Booklet.objects.get().renderer.startswith("lain.")


def test_the_booklet_of_an_older_version_stays(version):
    kept = booklets.make(version)
    make.make_lesson(version.module, body="Baru.", slug="baru")
    newer = make.publish(version.module)
    Companions.objects.filter(course=version.course).update(glossary=[{"slug": "a", "term": "a", "definition": "b"}])
    make.publish(version.course)
    tasks.make_booklet(version.pk)
    tasks.make_missing_booklets()
    assert Booklet.objects.get(version=version).sha256 == kept.sha256
    assert Booklet.objects.filter(version=newer).exists()


def test_one_that_cannot_be_drawn_holds_up_no_other(version, monkeypatch):
    other = published(SENTENCE)
    draw = booklets.draw

    def broken(drawn: Version) -> bytes:
        if drawn.pk == version.pk:
            raise ValueError("x")
        return draw(drawn)

    monkeypatch.setattr(booklets, "draw", broken)
    assert tasks.make_missing_booklets() == 2
    assert list(Booklet.objects.values_list("version", flat=True)) == [other.pk]


def test_a_publication_asks_for_its_booklet(db, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr("linimasa.work.publisher.put", lambda task, args: asked.append((task.name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        version = published(SENTENCE)
    assert ("courses.tasks.make_booklet", (version.pk,)) in asked
    assert ("courses.tasks.make_missing_booklets", ()) in asked


def test_an_archived_module_and_the_course_itself_have_none(version):
    Module.objects.filter(pk=version.module_id).update(archived_at="2026-01-01T00:00Z")
    tasks.make_booklet(version.course.current_version_id)
    assert tasks.make_missing_booklets() == 0 and not Booklet.objects.exists()


# --- sending them -----------------------------------------------------------------------------------------------------
def test_the_studio_sends_the_booklet_of_a_version_and_says_when_it_is_not_there(version):
    client, url = client_of(staff(Role.AUTHOR)), reverse("courses:booklet", args=[version.pk])
    early = client.get(url)
    assert early.status_code == 404 and "PDF modul ini sedang disiapkan" in early.content.decode()
    kept = booklets.make(version)
    sent = client.get(url)
    assert sent.status_code == 200 and sent.content == bytes(kept.data) and sent["Content-Type"] == "application/pdf"
    assert sent["Content-Disposition"] == 'attachment; filename="linimasa-m1-modul-1-v1.pdf"'
    assert sent["ETag"] == f'"{kept.sha256}"' and "private" in sent["Cache-Control"]
    assert client.get(url, headers={"If-None-Match": sent["ETag"]}).status_code == 304
    assert client.get(reverse("courses:booklet", args=[version.course.current_version_id])).status_code == 404


def test_a_page_asks_once_a_process_whether_an_up_to_date_booklet_is_there(version, django_assert_num_queries):
    caches["local"].clear()
    course_version = version.course.current_version_id
    assert booklets.known(version.pk, course_version) is None
    kept = booklets.make(version)
    with django_assert_num_queries(1):
        assert booklets.known(version.pk, course_version) == booklets.Known(kept.size, kept.pages)
    with django_assert_num_queries(0):
        booklets.known(version.pk, course_version)
    with django_assert_num_queries(2):  # another course version: the kept one is shown until it is drawn anew
        booklets.known(version.pk, course_version + 1)
        booklets.known(version.pk, course_version + 1)
