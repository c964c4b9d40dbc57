"""The small scripts in a real browser, on the component board: they only make easier what works without them."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(live_server, page_390):
    page_390.goto(live_server.url + "/papan/")
    return page_390


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False)])
def test_every_component_passes_the_gate(live_server, open_page, axe, width, dark):
    page = open_page(width, 800, dark=dark)
    page.goto(live_server.url + "/papan/")
    axe(page, focus=width == 320)


@pytest.mark.parametrize("address", ["/bantuan/", "/aksesibilitas/", "/privasi/", "/tidak-ada/"])
def test_the_shells_pages_pass_the_gate(live_server, page_390, axe, address):
    page_390.goto(live_server.url + address)
    axe(page_390)


def test_the_error_summary_has_the_focus(board):
    assert board.evaluate("document.activeElement.className") == "summary"


def test_a_password_can_be_shown(board):
    secret = board.locator("[data-reveal] input")
    assert secret.get_attribute("type") == "password"
    board.get_by_role("button", name="Tampilkan kata sandi").click()
    assert secret.get_attribute("type") == "text"


def test_rows_move_by_buttons_and_the_place_is_said(board):
    board.get_by_role("button", name="Naikkan: Tanyakan BPBD").click()
    assert board.locator("[data-order] .order__t").all_inner_texts() == ["Simpan gambar", "Tanyakan BPBD", "Cari balik gambar"]
    assert board.locator("[data-order] + [role=status]").inner_text() == "Tanyakan BPBD sekarang nomor 2 dari 3."
    assert board.evaluate("document.activeElement.innerText") == "Naikkan: Tanyakan BPBD"


def test_a_dialog_opens_on_the_safe_choice_and_closes(board):
    board.get_by_role("button", name="Buka dialog").click()
    assert board.evaluate("document.activeElement.innerText") == "Kembali ke soal 7"
    board.keyboard.press("Escape")
    assert not board.locator("dialog").is_visible()


def test_a_second_press_sends_nothing_more(board, live_server):
    sent = []
    board.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    board.locator("button[value=dark]").dblclick(no_wait_after=True)
    board.wait_for_selector("html[data-theme=dark]")
    assert sent == [live_server.url + "/tampilan/"]


def test_the_theme_changes_without_scripts(live_server, page_without_scripts):
    page_without_scripts.goto(live_server.url + "/bantuan/")
    page_without_scripts.get_by_role("button", name="Gelap").click()
    assert page_without_scripts.locator("html").get_attribute("data-theme") == "dark"
