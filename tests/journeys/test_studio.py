"""The studio as somebody meets it who has never seen it: a module is written, reviewed and published, by mouse and by keyboard alone."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role, ScopeKind
from courses.models import Course, Module
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make
from tests.journeys import hands
from tests.journeys.hands import Hand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = "Admin tetap memegang **dua kunci**.\n\n## Langkah\n\n1. Daftar semua pemegang akses.\n2. Cabut akses yang tidak perlu.\n"
SECOND = "Surel pemulihan milik instansi, bukan milik pribadi.\n\n## Mengapa\n\nPegawai berpindah tugas; kanal tetap milik instansi.\n"
LEVELS = "Lengkap | 1 | Semua pemegang akses terdaftar.\nSebagian | 0,5 | Beberapa belum terdaftar.\nBelum | 0 | Daftar belum ada."


@pytest.fixture
def course() -> Course:
    return make.make_published_course(modules=1, lessons=1)


def button(page: Page, name: str | re.Pattern[str], **words: Any) -> Any:
    return page.get_by_role("button", name=name, **words)


def link(page: Page, name: str | re.Pattern[str], **words: Any) -> Any:
    return page.get_by_role("link", name=name, **words)


def add_part(page: Page, hand: Hand, module: str, kind: str, title: str, minutes: str) -> None:
    """From the outline: a new part, which opens where it is written."""
    group = page.locator(f"#m-{module}")
    hands.opened(hand, group.get_by_text("Tambah bagian").first, group.get_by_label("Judul"))
    hand.write(group.get_by_label("Judul"), title)
    hand.choose(group.get_by_label("Jenis"), kind)
    hand.write(group.get_by_label("Menit belajar"), minutes)
    hand.go(group.get_by_role("button", name="Tambah", exact=True))


def back_to_outline(page: Page, hand: Hand, course: Course, module: str) -> None:
    """By the crumbs, as from any page of the studio."""
    crumb = page.get_by_role("navigation", name="Letak halaman")
    if crumb.get_by_role("link", name=course.title).count() == 0:
        hand.go(crumb.get_by_role("link", name=re.compile(f"^{module}")))
    hand.go(page.get_by_role("navigation", name="Letak halaman").get_by_role("link", name=course.title))
    group = page.locator(f"#m-{module}")
    hands.opened(hand, group.locator("summary").first, group.get_by_text("Tambah bagian").first)


def write_lesson(page: Page, hand: Hand, body: str) -> None:
    """Type, and wait until the page says that it is stored."""
    hand.write(page.locator("#id_body"), body)
    expect(page.locator(".saved")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d WIB$"))


def add_picture(page: Page, hand: Hand, words: str) -> None:
    """From the toolbar: a file of one's own, with its alternative text."""
    hand.press(button(page, "Gambar dan berkas"))
    upload = page.get_by_label("Unggah yang baru")
    hand.reach(upload) if isinstance(hand, hands.Keys) else expect(upload).to_be_visible()
    upload.set_input_files({"name": "layar.png", "mimeType": "image/png", "buffer": png()})  # the system's own window is no page
    hand.write(page.get_by_label("Teks alternatif"), words)
    hand.press(button(page, "Unggah dan sisipkan"))
    expect(page.locator("#id_body")).to_have_value(re.compile(rf"!\[{words}\]\(/m/"))
    expect(page.locator(".saved")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d WIB$"))


def write_question(page: Page, hand: Hand, number: int) -> None:
    """A question with one right choice, each choice with its feedback."""
    hand.go(link(page, re.compile("^Satu jawaban")))
    hand.write(page.get_by_role("textbox", name="Pertanyaan"), f"Siapa memegang kunci kanal nomor {number}?")
    for letter, text in (("A", f"Instansi {number}"), ("B", f"Admin lama {number}"), ("C", f"Vendor {number}")):
        choice = page.get_by_role("group", name=f"Pilihan {letter}")
        hand.write(choice.get_by_label(re.compile("^Teks")), text)
        hand.write(choice.get_by_label(re.compile("^Alasan")), f"Alasan untuk {text}.")
        if letter == "A":
            hand.check(choice.get_by_role("radio"))
    hand.write(page.get_by_role("textbox", name="Penjelasan"), "Kunci kanal dipegang instansi, bukan orang.")
    hand.go(button(page, "Simpan soal"))
    expect(page.get_by_role("status").filter(has_text="tersimpan").first).to_be_visible()


def write_work(page: Page, hand: Hand) -> None:
    """The task itself: steps, what is handed in, and how it is judged."""
    hand.write(page.get_by_label("Petunjuk"), "Daftar pemegang akses satu kanal.\nCabut yang tidak perlu.")
    hand.write(page.get_by_label("Yang dikirim"), "Daftar sesudah dirapikan")
    criterion = page.get_by_role("group", name="Kriteria 1")
    hand.write(criterion.get_by_label(re.compile("nama", re.I)), "Kelengkapan")
    hand.write(criterion.get_by_label(re.compile("bobot", re.I)), "100")
    hand.write(criterion.get_by_label(re.compile("tingkat", re.I)), LEVELS)
    hand.go(button(page, re.compile("Simpan versi baru")))
    expect(page.get_by_role("status").filter(has_text="Tersimpan sebagai versi 2")).to_be_visible()


def make_module(page: Page, hand: Hand, course: Course) -> Module:
    """From the dashboard to a module with all its parts, each written where its page opens."""
    hand.go(link(page, "Ruang kerja"))
    hand.go(link(page, course.title))
    hand.write(page.get_by_label("Judul modul baru"), "Akses yang rapi")
    hand.go(button(page, "Tambah modul"))
    add_part(page, hand, "M2", "Pelajaran", "Dua kunci", "20")
    write_lesson(page, hand, FIRST)
    add_picture(page, hand, "Layar daftar pemegang akses")
    back_to_outline(page, hand, course, "M2")
    add_part(page, hand, "M2", "Pelajaran", "Surel pemulihan", "15")
    write_lesson(page, hand, SECOND)
    back_to_outline(page, hand, course, "M2")
    add_part(page, hand, "M2", "Kuis", "Kuis akses", "10")
    add_questions(page, hand, course)
    back_to_outline(page, hand, course, "M2")
    add_part(page, hand, "M2", "Tugas praktik", "Rapikan satu kanal", "30")
    hand.go(link(page, "Bank soal"))
    hand.go(link(page, re.compile("M2-TUGAS-1")))
    write_work(page, hand)
    back_to_outline(page, hand, course, "M2")
    return Module.objects.get(course=course, code="M2")


def add_questions(page: Page, hand: Hand, course: Course) -> None:
    """From the quiz's rules into the bank and back by the outline: two questions, both asked."""
    hand.go(link(page, "Bank soal"))
    for number in (1, 2):
        hand.go(link(page, "Soal baru"))
        write_question(page, hand, number)
        hand.go(page.get_by_role("navigation", name="Letak halaman").get_by_role("link", name="Bank soal"))
    back_to_outline(page, hand, course, "M2")
    hand.go(link(page, re.compile("^M2-KUIS")))
    row = page.get_by_role("group", name="Baris 1")
    hand.choose(row.get_by_label("Bank modul"), "M2 Akses yang rapi")
    hand.write(row.get_by_label("Jumlah soal"), "2")
    hand.go(button(page, "Simpan draf"))
    expect(page.get_by_role("status").filter(has_text="Draf aturan tersimpan")).to_be_visible()


@pytest.mark.parametrize("way", hands.HANDS)
def test_a_new_author_makes_a_module_and_a_second_person_publishes_it(course, seat, way):
    hand = hands.HANDS[way]()
    author = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk, name="Ratna Wulandari")
    reviewer = accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course.pk, name="Dian Puspita")
    page = seat(author)
    module = make_module(page, hand, course)
    hands.keep_picture(page, "susunan")
    hand.go(link(page, "Tinjau dan terbitkan M2"))
    hands.keep_picture(page, "tinjau")
    hand.write(page.get_by_label("Apa yang berubah"), "Modul pertama saya.")
    hand.go(button(page, "Kirim untuk ditinjau"))
    expect(page.get_by_role("status").filter(has_text="Draf terkirim")).to_be_visible()
    page.context.close()
    page = seat(reviewer)
    hand.go(link(page, "Ruang kerja"))
    hand.go(link(page, course.title))
    hand.go(link(page, "Tinjau dan terbitkan M2"))
    hand.go(button(page, "Setujui dan terbitkan"))
    hands.keep_picture(page, "terbit")
    hand.go(button(page, "Terbitkan versi 1"))
    expect(page.get_by_role("status").filter(has_text="Versi 1 terbit")).to_be_visible()
    module.refresh_from_db()
    version = module.current_version
    assert [one["code"] for one in version.outline] == ["M2.1", "M2.2", "M2-KUIS", "M2-TUGAS"]
    assert version.published_by == reviewer and "Layar daftar pemegang akses" in version.lessons.get(activity__code="M2.1").html


def test_the_editor_weighs_at_most_150_kb_on_a_first_visit(course, seat, live_server):
    """The page, its styles, scripts, icons, font and the preview, each once. The test's server does not compress what the portal
    compresses, so texts are counted as gzip sends them."""
    page = seat(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))
    fresh = page.context.browser.new_context(storage_state=page.context.storage_state())
    try:
        page, asked = fresh.new_page(), set()
        page.on("request", lambda one: asked.add(one.url) if one.method == "GET" and one.url.startswith("http") else None)
        lesson = course.modules.get().activities.get()
        page.goto(live_server.url + reverse("courses:studio_lesson", args=[lesson.pk]), wait_until="networkidle")
        sizes = {url: _on_the_wire(fresh.request.get(url)) for url in sorted(asked)}
    finally:
        fresh.close()
    assert len(sizes) >= 4 and sum(sizes.values()) <= 150_000, sizes


def _on_the_wire(answer: Any) -> int:
    kind, body = answer.headers.get("content-type", ""), answer.body()
    return len(gzip.compress(body, 6)) if "text" in kind or "javascript" in kind or "svg" in kind else len(body)
