"""The lesson editor in a real browser: nothing that is written is lost, whatever happens to the network, the tab or a colleague."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role, ScopeKind
from courses.models import Activity, Lesson, Media
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make
from tests.portal import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "Paragraf pertama.\n\n## Bagian\n\nParagraf kedua.\n\nParagraf ketiga.\n"


@pytest.fixture
def activity() -> Activity:
    module = make.make_published_course(modules=1, lessons=1).modules.get()
    found = module.activities.filter(kind="lesson").get()
    Lesson.objects.filter(activity=found).update(body=BODY)
    return found


@pytest.fixture
def write(activity, open_page: Callable[..., Any], live_server: Any) -> Callable[..., Page]:
    """``write("Ratna", 1280)``: a browser of its own in which an author of that name has the lesson open."""
    people: dict[str, Any] = {}

    def opened(name: str = "Ratna Wulandari", width: int = 1280, *, page: Page | None = None) -> Page:
        if name not in people:
            people[name] = accounts.staff(Role.AUTHOR, ScopeKind.COURSE, activity.course_id)
            people[name].name = name
            people[name].save(update_fields=["name"])
        if page is None:
            page = open_page(width, 900)
            cookies = accounts.client_of(people[name]).cookies
            page.context.add_cookies([{"name": key, "value": one.value, "url": live_server.url} for key, one in cookies.items()])
        page.goto(live_server.url + reverse("courses:studio_lesson", args=[activity.pk]))
        return page

    return opened


def text(page: Page) -> Any:
    return page.locator("#id_body")


def stored(activity: Activity) -> str:
    return Lesson.objects.get(activity=activity).body


def at(page: Page, words: str, *, end: bool = True) -> None:
    """The caret after (or around) these words."""
    page.evaluate(
        """([words, end]) => { const t = document.querySelector("#id_body"), a = t.value.indexOf(words);
        t.focus(); t.setSelectionRange(end ? a + words.length : a, a + words.length); }""",
        [words, end],
    )


def is_saved(page: Page) -> None:
    expect(page.locator(".saved")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d WIB$"))


def pasted(page: Page, html: str, plain: str) -> None:
    text(page).evaluate(
        """(t, [html, plain]) => { const d = new DataTransfer(); d.setData("text/html", html); d.setData("text/plain", plain);
        t.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true})); }""",
        [html, plain],
    )


def test_what_is_typed_is_saved_by_itself_and_every_step_can_be_undone(write, activity, axe):
    page = write()
    at(page, "Paragraf kedua.")
    page.keyboard.type(" Kata baru.")
    wait_until(lambda: "Kata baru." in stored(activity), 3, what="saved within two seconds")
    is_saved(page)
    expect(page.frame_locator("[data-frame]").locator("article")).to_contain_text("Kata baru.")
    typed = text(page).input_value()
    at(page, "Kata baru", end=False)
    page.keyboard.press("Control+b")
    expect(text(page)).to_have_value(typed.replace("Kata baru", "**Kata baru**"))
    pasted(page, "<h1>Judul</h1><ul><li>satu</li><li>dua</li></ul>", "Judul\nsatu\ndua")
    expect(text(page)).to_have_value(re.compile(r"## Judul\n\n- satu\n- dua"))
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(text(page)).to_have_value(typed.replace("Kata baru", "**Kata baru**"))
    page.keyboard.press("Control+z")
    expect(text(page)).to_have_value(typed)
    page.keyboard.press("Control+y")
    expect(text(page)).to_have_value(typed.replace("Kata baru", "**Kata baru**"))
    wait_until(lambda: "**Kata baru**" in stored(activity), 4)
    axe(page)


def test_the_keyboard_alone_reaches_blocks_tables_and_the_first_problem(write, activity):
    page = write()
    at(page, "Paragraf ketiga.")
    page.keyboard.press("Control+Alt+s")
    page.get_by_role("button", name=re.compile("^Ringkasan")).press("Enter")
    expect(text(page)).to_have_value(re.compile(r"Paragraf ketiga\.\n\n/// ringkasan\n- Akun resmi[^/]+///\n"))
    pasted(page, "", "Kanal\tPemilik\nSurel\tBidang IKP")
    expect(text(page)).to_have_value(re.compile(r"\| Kanal \| Pemilik \|\n\| --- \| --- \|\n\| Surel \| Bidang IKP \|"))
    at(page, "Paragraf pertama.")
    page.keyboard.type(" [klik di sini](https://www.lapor.go.id)")
    expect(page.get_by_role("button", name="Ke masalah pertama")).to_be_visible()
    at(page, "Paragraf kedua.")
    page.keyboard.press("Control+Alt+m")
    chosen = text(page).evaluate("(t) => t.value.slice(t.selectionStart, t.selectionEnd)")
    assert chosen == "[klik di sini](https://www.lapor.go.id)"
    page.get_by_role("button", name="Pintasan papan ketik").click()
    page.get_by_label("Pintasan menyala").uncheck()
    page.keyboard.press("Escape")
    before = text(page).input_value()
    at(page, "Paragraf kedua", end=False)
    page.keyboard.press("Control+b")
    expect(text(page)).to_have_value(before)


def test_two_authors_hear_of_each_other_merge_and_choose(write, activity, axe):
    first, second = write("Ratna Wulandari"), write("Ahmad Fauzi")
    expect(second.locator("[data-who]")).to_contain_text("Ratna ada di sini")
    at(first, "Paragraf pertama.")
    first.keyboard.type(" Dari Ratna.")
    is_saved(first)
    at(second, "Paragraf ketiga.")
    second.keyboard.type(" Dari Ahmad.")
    both = BODY.replace("pertama.", "pertama. Dari Ratna.").replace("ketiga.", "ketiga. Dari Ahmad.")
    wait_until(lambda: stored(activity) == both, 5, what="merged")
    expect(text(second)).to_have_value(both)
    expect(second.locator("[data-told]")).to_contain_text("Ratna Wulandari sudah digabung")
    at(first, "Paragraf kedua.")
    first.keyboard.type(" Versi Ratna.")
    wait_until(lambda: "Versi Ratna." in stored(activity), 5)
    at(second, "Paragraf kedua.")
    second.keyboard.type(" Versi Ahmad.")
    dialog = second.get_by_role("dialog", name="Dua tulisan untuk bagian yang sama")
    expect(dialog).to_contain_text("Versi Ahmad.")
    expect(dialog).to_contain_text("Versi Ratna.")
    assert "Versi Ahmad." not in stored(activity)
    axe(second)
    dialog.get_by_role("button", name="Simpan pilihan").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Pilih untuk setiap bagian")
    dialog.get_by_label("Keduanya").check()
    dialog.get_by_role("button", name="Simpan pilihan").click()
    wait_until(lambda: "Versi Ratna.\n\nParagraf kedua. Versi Ahmad." in stored(activity), 5, what="both kept")
    expect(text(second)).to_have_value(stored(activity))


def test_what_is_written_without_a_network_is_kept_and_sent_also_after_the_tab_was_closed(write, activity):
    page = write()
    context = page.context
    context.set_offline(True)
    at(page, "Paragraf kedua.")
    page.keyboard.type(" Tanpa sinyal.")
    expect(page.locator(".saved")).to_contain_text("Tersimpan di perangkat ini, belum terkirim")
    assert "Tanpa sinyal." not in stored(activity)
    page.close()
    Lesson.objects.filter(activity=activity).update(body=BODY.replace("pertama.", "pertama, dari rekan."), edit_number=1)
    context.set_offline(False)
    page = write(page=context.new_page())
    both = BODY.replace("pertama.", "pertama, dari rekan.").replace("kedua.", "kedua. Tanpa sinyal.")
    wait_until(lambda: stored(activity) == both, 6, what="sent by the next page, merged with what a colleague saved")
    expect(text(page)).to_have_value(both)
    context.set_offline(True)
    at(page, "Paragraf ketiga.")
    page.keyboard.type(" Lagi.")
    expect(page.locator(".saved")).to_contain_text("belum terkirim")
    context.set_offline(False)
    wait_until(lambda: "ketiga. Lagi." in stored(activity), 6, what="sent when the network is back")
    is_saved(page)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('linimasa:naskah')).length") == 0


def test_a_title_alone_that_was_written_without_a_network_is_not_lost(write, activity):
    page = write()
    context = page.context
    context.set_offline(True)
    page.get_by_text("Keterangan pelajaran").click()
    page.get_by_label("Judul").fill("Judul tanpa sinyal")
    expect(page.locator(".saved")).to_contain_text("belum terkirim")
    page.close()
    context.set_offline(False)
    page = write(page=context.new_page())
    expect(page.get_by_role("heading", level=1)).to_have_text("Judul tanpa sinyal")
    wait_until(lambda: Activity.objects.get(pk=activity.pk).title == "Judul tanpa sinyal", 6, what="sent by the next page")


def test_a_dropped_picture_asks_for_its_words_and_stands_in_the_text(write, activity):
    page = write()
    at(page, "Paragraf kedua.")
    text(page).evaluate(
        """(t, bytes) => { const d = new DataTransfer(); d.items.add(new File([new Uint8Array(bytes)], "layar.png", {type: "image/png"}));
        t.dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true})); }""",
        list(png()),
    )
    dialog = page.get_by_role("dialog", name="Terangkan gambar ini")
    dialog.get_by_role("button", name="Unggah dan sisipkan").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Tulis teks alternatif")
    dialog.get_by_label("Teks alternatif").fill("Layar masuk dengan dua isian")
    dialog.get_by_role("button", name="Unggah dan sisipkan").click()
    expect(text(page)).to_have_value(re.compile(r"Paragraf kedua\.\n\n!\[Layar masuk dengan dua isian\]\(/m/"))
    wait_until(lambda: "Layar masuk dengan dua isian" in stored(activity), 4)
    assert Media.objects.get().alternative_text == "Layar masuk dengan dua isian"
    page.get_by_role("button", name="Gambar dan berkas").click()
    expect(page.get_by_role("dialog", name="Gambar dan berkas")).to_contain_text("Layar masuk dengan dua isian")


def test_a_phone_writes_and_looks_and_without_scripts_the_form_is_complete(write, activity, open_page, axe, live_server):
    page = write(width=390)
    expect(page.locator("[data-peek]")).to_be_hidden()
    at(page, "Paragraf kedua.")
    page.keyboard.type(" Dari ponsel.")
    is_saved_here = page.locator(".ed-head__saved")
    expect(is_saved_here).to_contain_text(re.compile(r"Tersimpan \d\d\.\d\d WIB"))
    page.get_by_text("Pratinjau", exact=True).first.click()
    expect(page.frame_locator("[data-frame]").locator("article")).to_contain_text("Dari ponsel.")
    axe(page)
    plain = open_page(390, 844, scripts=False)
    cookies = page.context.cookies()
    plain.context.add_cookies([{"name": one["name"], "value": one["value"], "url": live_server.url} for one in cookies])
    plain.goto(page.url)
    text(plain).fill("Ditulis tanpa skrip.")
    plain.get_by_role("button", name="Simpan draf").click()
    assert stored(activity) == "Ditulis tanpa skrip.\n"
    expect(plain.get_by_role("status").filter(has_text="Draf pelajaran tersimpan.")).to_be_visible()
