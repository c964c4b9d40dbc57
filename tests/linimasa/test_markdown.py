"""Nothing that a text says becomes active HTML, and what it may say looks as promised."""

from __future__ import annotations

import re

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from linimasa import markdown
from linimasa.environment import ROOT

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://jahat.example/pelacak.png)",
    "![x](//jahat.example/pelacak.png)",
    "![x](/media/../rahasia.png)",
    '![x](/media/a.png "q\\" onerror=\\"alert(1)")',
    '<div style="position:fixed">x</div>',
    "<a href='x' onclick='alert(1)'>x</a>",
    "<form action='/akun/keluar/'><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<math><mtext></table><style><img src=x onerror=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "```\n<script>alert(1)</script>\n```",
    "# <img src=x onerror=alert(1)>",
    "| <script>alert(1)</script> |\n|---|\n| <b onmouseover=alert(1)>x</b> |",
    "/// contoh | <script>alert(1)</script>\nisi\n///",
    '/// cek | a"><script>alert(1)</script>\nisi\n///',
    "/// details | <img src=x onerror=alert(1)>\nisi\n///",
    '/// html | div[onclick="alert(1)"]\nisi\n///',
    '<div data-block="cek" data-key="palsu"></div>',
    "[^1]\n\n[^1]: <script>alert(1)</script>",
]
TAG = re.compile(r"<[a-z][^>]*>", re.I)


def active_parts(html: str) -> list[str]:
    """Tags of the output that could act or load something that is not ours."""
    bad = []
    for tag in TAG.findall(html):
        name = re.match(r"<([a-z0-9]+)", tag, re.I)[1].lower()
        if (
            name not in markdown._TAGS
            or re.search(r"[\s\"'/]on[a-z]+\s*=|\sstyle\s*=", re.sub(r'"[^"]*"', '""', tag), re.I)
            or re.search(r'(?:href|src)="\s*(?!https?:|mailto:|tel:|/|#|\./)[a-z]+:', tag, re.I)
            or (name == "img" and not re.search(r' src="/(?:media|m)/(?!\.\.)', tag))
        ):
            bad.append(tag)
    return bad


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_stays_text(attack):
    assert active_parts(markdown.render(attack)) == []


def test_the_detector_detects():
    assert (
        active_parts('<p onclick="x">')
        and active_parts("<script>")
        and active_parts('<a href="javascript:x">')
        and active_parts('<img src="x">')
    )


@given(st.text(max_size=400))
def test_any_text_renders_to_passive_html(text):
    html = markdown.render(text)
    assert isinstance(html, SafeString)
    assert active_parts(html) == []


def test_a_fake_placeholder_in_the_text_is_not_a_placeholder():
    html = markdown.render('<div data-block="cek" data-key="palsu"></div>')
    assert markdown.replace_blocks(html, lambda key: "TERGANTI") == html


def test_headings_start_at_h2_and_carry_the_prefix():
    html = markdown.render("# Satu\n\n## Dua\n\n## Dua", id_prefix="m1-")
    assert html == '<h2 id="m1-satu">Satu</h2>\n<h3 id="m1-dua">Dua</h3>\n<h3 id="m1-dua_1">Dua</h3>'
    assert markdown.render("### Tiga").startswith("<h2")


def test_links_inside_the_text_follow_the_prefix():
    assert '<a href="#p-langkah">' in markdown.render("[lihat](#langkah)", id_prefix="p-")


def test_links_elsewhere_get_rel_and_own_links_do_not():
    assert 'rel="noopener noreferrer"' in markdown.render("[bpbd](https://bpbd.go.id)")
    assert "rel=" not in markdown.render("[bantuan](/bantuan/)")


def test_pictures_of_our_own_are_lazy_and_foreign_ones_become_their_words():
    assert '<img alt="Jembatan" decoding="async" loading="lazy" src="/m/ab12.webp">' in markdown.render("![Jembatan](/m/ab12.webp)")
    assert markdown.render("![Jembatan](https://x.example/y.png)") == "<p><span>Jembatan</span></p>"


def test_a_check_becomes_a_placeholder_without_its_answers():
    text = "Awal\n\n/// cek | M1 1-a\nApa?\n\n- (x) kunci rahasia\n///\n\nAkhir"
    html = markdown.render(text)
    assert html == '<p>Awal</p>\n<div data-block="cek" data-key="m1-1-a"></div>\n<p>Akhir</p>'
    assert markdown.blocks(text) == [markdown.BlockData("cek", "m1-1-a", "Apa?\n\n- (x) kunci rahasia")]
    assert "<b>m1-1-a</b>" in markdown.replace_blocks(html, lambda key: f"<b>{key}</b>")


def test_tables_name_their_cells():
    html = markdown.render("| Tanda | Arti |\n|---|:-:|\n| a | b |")
    assert '<div class="table-box"><table class="table" role="table">' in html
    assert '<td data-label="Arti" role="cell">b</td>' in html
    assert "style=" not in html


def test_task_lists_say_their_state_in_words():
    html = markdown.render("- [x] cari\n- [ ] tanya")
    assert '<ul class="checklist">' in html
    assert '<li class="is-done"><span class="vh">Sudah: </span>cari</li>' in html
    assert '<li class="is-open"><span class="vh">Belum: </span>tanya</li>' in html


def test_asides_and_captions():
    assert markdown.render("/// lapangan | Di lapangan\nisi\n///") == (
        '<aside class="callout">\n<p class="callout__title">Di lapangan</p>\n<p>isi</p>\n</aside>'
    )
    assert '<aside class="specimen">' in markdown.render("/// contoh\nisi\n///")
    html = markdown.render("![a](/media/a.png)\n/// caption\nKeterangan\n///")
    assert "<figure>" in html and "<figcaption>" in html


def test_rendering_is_a_pure_function():
    text = "# A\n\n[^1]\n\n[^1]: isi\n\n## A"
    assert markdown.render(text, id_prefix="x-") == markdown.render(text, id_prefix="x-")


# --- texts made to tire the parser ------------------------------------------------------------------------------------
TIRING = {
    "never ends": ">/// contoh\n#!///\n/// contoh",
    "never ends in a list": "- a\n\n    /// contoh\n#!///\n/// contoh",
    "nested blocks": "/// contoh\n" * 400,
    "unclosed checks": "/// cek | a\n" * 9_000,
    "brackets": "[" * 60_000,
    "pictures": "![" * 30_000,
    "notes": "[^a]" * 20_000 + "\n\n[^a]: x",
    "headings": "# a\n\n" * 20_000,
    "definitions": "a\n: b\n\n" * 10_000,
    "one endless paragraph": "a " * 50_000,
    "quotes in quotes": ">" * 400 + "a",
    "endless": "a\n\n" * 100_000,
}


@pytest.mark.parametrize("text", TIRING.values(), ids=TIRING)
def test_a_text_made_to_tire_the_parser_gets_a_sentence_and_is_shown_as_plain_text(text):
    assert markdown.problem(text).endswith(".")
    assert markdown.render(text + "<script>").startswith("<pre>") and "<script>" not in markdown.render(text + "<script>")


def test_every_lesson_of_the_curriculum_is_far_from_tiring():
    files = list((ROOT / "content").rglob("*.md"))
    assert files and not [file.name for file in files if markdown.problem(file.read_text() * 3)]
