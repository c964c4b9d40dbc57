"""What is pasted becomes Markdown that an author would have typed, whatever wrote the clipboard."""

from __future__ import annotations

import time

import pytest

from courses import pasting
from linimasa import markdown

ITEM = (
    "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'><![if !supportLists]><span>{}<span>&nbsp; </span></span><![endif]>{}</p>\n"
)
WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.Mso{color:red}</style></head><body><!--StartFragment-->'
    "<h1>Mengenali <b>pengelabuan</b></h1><p class=MsoNormal>Surel <b>resmi</b> dan <i>tiruan</i>.<o:p></o:p></p>"
    + ITEM.format(1, "·", "Satu")
    + ITEM.format(2, "o", "Dalam")
    + ITEM.format(1, "·", "Dua")
    + '<p class=MsoNormal><a href="https://www.lapor.go.id">SP4N-LAPOR!</a></p><img src="data:image/png;base64,AAAA">'
    "<!--EndFragment--></body></html>"
)
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-weight:700">Bagian</span></h2>
<p><span style="font-weight:400">Teks </span><span style="font-weight:700">kuat</span><span style="font-style:italic"> miring</span></p>
<ol><li><p><span>butir</span></p></li><li><p><span>dua</span></p></li></ol></b>"""


def test_word_becomes_headings_lists_and_links():
    pasted = pasting.to_markdown(WORD, "polos")
    assert pasted.text == (
        "## Mengenali pengelabuan\n\nSurel **resmi** dan *tiruan*.\n\n- Satu\n    - Dalam\n- Dua\n\n[SP4N-LAPOR!](https://www.lapor.go.id)"
    )
    assert "1 gambar tidak ikut" in pasted.told
    html = markdown.render(pasted.text)
    assert html.count("<ul>") == 2 and "<h2" in html


def test_google_docs_is_not_all_bold():
    assert pasting.to_markdown(DOCS, "polos").text == "## Bagian\n\nTeks **kuat** *miring*\n\n1. butir\n2. dua"


def test_cells_of_a_spreadsheet_become_a_table():
    plain = 'Kanal\tPenanggung jawab\r\nHalaman "A"\tBidang | IKP\r\n"dua\nbaris"\tx\r\n'
    html = "<html><head><style>td{}</style></head><body><!--StartFragment--><table><tr><td>Kanal</td></tr></table><!--EndFragment--></body>"
    expected = '| Kanal | Penanggung jawab |\n| --- | --- |\n| Halaman "A" | Bidang \\| IKP |\n| dua baris | x |\n'
    assert pasting.to_markdown(html, plain).text == pasting.to_markdown("", plain).text == expected
    assert '<table class="table"' in markdown.render(expected)


def test_a_large_sheet_is_cut_and_says_so():
    pasted = pasting.to_markdown("", "\n".join("\t".join("x" * 20) for _ in range(300)))
    assert pasted.text.count("\n") == pasting.MOST_ROWS + 1 and "Hanya 100 baris dan 12 kolom" in pasted.told


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<div>" * 5000 + "x", "biasa"),
        ("<b>" * 300 + "x", "biasa"),
        ("", "biasa"),
        ("<script>alert(1)</script>", "biasa"),
        ("<p>" + "x" * 1_000_001, "biasa"),
        ("<table>" * 100, "biasa"),
        ("\x00<p>\x07</p>", "biasa"),
    ],
)
def test_what_cannot_be_read_stays_plain_text(html, plain):
    assert pasting.to_markdown(html, plain).text == "biasa"


def test_nothing_active_comes_along():
    hostile = (
        '<p onclick="x()">A <a href="javascript:alert(1)">B</a> <img src=x onerror=alert(1)><iframe src="//x"></iframe>'
        "<svg onload=x></p><style>p{}</style>"
    )
    text = pasting.to_markdown(hostile, "").text
    assert text.startswith("A B") and not any(word in text for word in ("javascript", "onerror", "onclick", "<iframe", "<svg", "{}"))
    assert "javascript" not in markdown.render(text)


SIGNS = 1_000_000
HOSTILE = {
    "nested boxes": ("<div>" * (SIGNS // 5), "x"),
    "boxes whose ends close nothing": ("<div></b>" * (SIGNS // 9), "x"),
    "a list of a quarter million": ("<ul>" + "<li>a" * (SIGNS // 5), "x"),
    "nothing but entities": ("&" * SIGNS, "x"),
    "nothing but signs": ("<" * SIGNS, "a\tb"),
    "bullets that never end": ("<![if !supportLists]>" * (SIGNS // 21), "x"),
    "fragments that never end": ("<!--StartFragment-->" * (SIGNS // 20), "x"),
    "tables that never end": ("<table " * (SIGNS // 7), "a\tb"),
    "one table and styles that never end": ("<table><style " + "<style " * (SIGNS // 8), "a\tb"),
    "blanks before a word": ("", " " * SIGNS + "a"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_made_to_be_slow_is_pasted_within_two_seconds(name):
    began = time.process_time()
    assert pasting.to_markdown(*HOSTILE[name]).text
    assert time.process_time() - began < 2
