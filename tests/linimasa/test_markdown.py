"""Nothing that a text says becomes active HTML, and what it may say looks as promised."""

from __future__ import annotations

import re

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from linimasa import blocks, markdown
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
    assert markdown.blocks(text) == [markdown.BlockData("cek", "m1-1-a", "Apa?\n\n- (x) kunci rahasia", "M1 1-a")]
    assert "<b>m1-1-a</b>" in markdown.replace_blocks(html, lambda key: f"<b>{key}</b>")


def test_tables_name_their_cells():
    html = markdown.render("| Tanda | Arti |\n|---|:-:|\n| a | b |")
    assert '<div class="table-box"><table class="table" role="table">' in html
    assert '<td data-label="Arti" role="cell">b</td>' in html
    assert "style=" not in html
    mixed = markdown.render("| A | B |\n|---|---|\n| x | satu **dua** `tiga` |")
    assert '<td data-label="B" role="cell"><div>satu <strong>dua</strong> <code>tiga</code></div></td>' in mixed


def test_task_lists_say_their_state_in_words():
    html = markdown.render("- [x] cari\n- [ ] tanya")
    assert '<ul class="checklist">' in html
    assert '<li class="is-done"><span class="vh">Sudah: </span>cari</li>' in html
    assert '<li class="is-open"><span class="vh">Belum: </span>tanya</li>' in html


def test_asides_and_captions():
    assert markdown.render("/// lapangan | Di lapangan\nisi\n///") == (
        '<aside class="callout">\n<p class="callout__title">Di lapangan</p>\n<p>isi</p>\n</aside>'
    )
    assert '<div class="specimen">' in markdown.render("/// contoh\nisi\n///")
    html = markdown.render("![a](/media/a.png)\n/// caption\nKeterangan\n///")
    assert "<figure>" in html and "<figcaption>" in html


def test_a_drawn_example_explains_its_pins_with_the_list_at_its_end():
    html = markdown.render("/// unggahan | Info Warga {#1} | 14 pengikut\nTOLONG SEBARKAN! {#2}\n\n1. **Akun** baru.\n2. Mendesak.\n///")
    assert '<strong>Info Warga <span class="pin">1</span></strong><span class="muted">14 pengikut</span>' in html
    assert '<ol class="pins">\n<li><span class="pin">1</span><div><strong>Akun</strong> baru.</div>' in html
    assert html.endswith("<figcaption>Contoh buatan untuk latihan, bukan unggahan sungguhan.</figcaption>\n</figure>")
    assert '<ol class="pins">' not in markdown.render("/// unggahan | Akun\nTanpa nomor.\n\n1. Daftar biasa.\n///")


def test_a_chat_tells_who_speaks_and_goes_on_with_a_paragraph_that_has_no_speaker():
    html = markdown.render("/// obrolan\nWarga, 09.12 WITA: Sudah jadi?\n\nPetugas Rina: Sudah.\n\nSyaratnya: KTP asli.\n///")
    assert html.count('<li class="talk__in">') == html.count('<li class="talk__out">') == 1
    assert '<p class="talk__who">Warga, 09.12 WITA</p>\n<p>Sudah jadi?</p>' in html
    assert '<p class="talk__who">Petugas Rina</p>\n<p>Sudah.</p>\n<p>Syaratnya: KTP asli.</p>' in html


def test_a_mail_has_its_head_in_names_and_values():
    html = markdown.render("/// surel | Perihal\nDari: Dinas\nWaktu: Senin, 21.10 WIB\n\nIsi: surat.\n///")
    assert "<dt>Dari</dt>\n<dd>Dinas</dd>\n<dt>Waktu</dt>\n<dd>Senin, 21.10 WIB</dd>\n</dl>\n<p>Isi: surat.</p>" in html


def test_a_figure_has_its_text_alternative_and_its_caption():
    text = "/// gambar | m1-alur.svg\nAlur **dari** A\nke B.\n\nKeterangan *ini*.\n///\n\n![Foto](/m/ab.webp)"
    html = markdown.render(text)
    assert '<img alt="Alur dari A ke B." decoding="async" loading="lazy" src="/m/m1-alur.svg">' in html
    assert "<figcaption>Keterangan <em>ini</em>.</figcaption>" in html
    assert markdown.pictures(text) == [
        markdown.Picture("/m/m1-alur.svg", "Alur dari A ke B.", "Keterangan ini."),
        markdown.Picture("/m/ab.webp", "Foto"),
    ]
    placed = markdown.with_pictures(html, {"/m/m1-alur.svg": ("/m/c0ffee.svg", 360, 200), "/m/ab.webp": ("https://x.example/a", 1, 1)})
    assert 'src="/m/c0ffee.svg" width="360" height="200">' in placed and 'src="/m/ab.webp">' in placed


@pytest.mark.parametrize("name", ["../rahasia.svg", "x.svg onerror=alert(1)", '"><script>alert(1)</script>', "//jahat.example/x.svg"])
def test_a_figure_with_a_hostile_name_stays_passive(name):
    assert active_parts(markdown.render(f"/// gambar | {name}\nAlur.\n\nKeterangan.\n///")) == []


@pytest.mark.parametrize(
    ("confidence", "words"),
    [("tinggi", "Dapat berubah. "), ("sedang", "sumber kedua. "), ("belum pasti", "Belum pasti: periksa sebelum dipakai. ")],
)
def test_a_fact_that_ages_says_how_sure_it_is_and_when_it_is_looked_at_again(confidence, words):
    html = markdown.render(f"/// fakta | tagar | 2027-02-20 | {confidence}\nLima tagar.\n///")
    assert f"{words}Ditinjau lagi paling lambat 20 Februari 2027.</p>\n<p>Lima tagar.</p>" in html


def test_the_sections_at_the_end_are_headings_that_the_page_can_lead_to():
    text = "## Isi\n\n/// daftar-periksa | Sebelum pulang\n- satu\n///\n\n/// kegiatan | Tulis\nx\n///\n\n/// ringkasan\n- a\n///"
    html = markdown.render(text + "\n\n/// sumber | 2026-11-22\n- [W3C](https://www.w3.org/) (diperiksa 2026-10-01)\n///", id_prefix="p-")
    assert '<h2 id="p-sebelum-pulang">Sebelum pulang</h2>\n<ul class="checklist">\n<li>satu</li>' in html
    assert all(f'<h2 id="p-{name}">' in html for name in ("tulis", "ringkasan", "sumber"))
    assert "Terakhir diperiksa 22 November 2026." in html and "(diperiksa 1 Oktober 2026)" in html


def test_a_term_leads_to_the_glossary():
    assert '<a class="term" href="/glosarium/#kunci-sandi">kunci sandi (passkey)</a>' in markdown.render(
        "[[kunci sandi|kunci sandi (passkey)]]"
    )
    assert blocks.terms("[[Kunci sandi]], [[kunci sandi|ini]], [[takarir]]") == ["kunci-sandi", "takarir"]


def test_the_objectives_of_a_section_are_for_the_author_only():
    text = "## Menyusun inventaris {tujuan 1, 3}\n\n### Lain {tujuan 2}"
    assert markdown.taught(text) == {1, 2, 3}
    assert markdown.render(text) == '<h2 id="menyusun-inventaris">Menyusun inventaris</h2>\n<h3 id="lain">Lain</h3>'


@pytest.mark.parametrize("block", blocks.ALL, ids=lambda block: block.NAME)
def test_every_block_shows_what_stands_in_it_and_nothing_active(block):
    html = markdown.render(f"/// {block.NAME} | Judul <b>x</b>\nSatu <script>alert(1)</script>\n\nDua {{#1}}\n///")
    assert active_parts(html) == [] and "///" not in html
    assert block is blocks.Check or "Satu" in html and "Dua" in html


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
