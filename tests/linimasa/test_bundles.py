"""One CSS and one JS a page kind, within the budget, and a page that never needs collectstatic."""

from __future__ import annotations

import gzip
import io
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import TemplateSyntaxError, engines

from linimasa import bundles, icons
from linimasa.environment import ROOT

CSS_BUDGET, STAFF_CSS_BUDGET, JS_BUDGET, SPRITE_BUDGET = 10 * 1024, 14 * 1024, 6 * 1024, 5 * 1024
EDITOR_JS_BUDGET = 14 * 1024
STAFF_KINDS = {"staff", "library", "outline", "studio", "editor", "review", "bench", "bank", "statistics"}


def joined(kind, suffix):
    return "\n".join(bundles.minify((ROOT / "static" / name).read_text(), suffix) for name in bundles.sources(kind, suffix))


@pytest.mark.parametrize("kind", sorted(bundles.KINDS - {"board"}))
def test_a_page_kind_stays_within_its_budget(kind):
    css = len(gzip.compress(joined(kind, "css").encode(), 9))
    js = len(gzip.compress(joined(kind, "js").encode(), 9))
    assert css <= (STAFF_CSS_BUDGET if kind in STAFF_KINDS else CSS_BUDGET), css
    assert js <= (EDITOR_JS_BUDGET if kind == "editor" else JS_BUDGET), js


def test_the_sprite_stays_small():
    assert len(gzip.compress((ROOT / "static" / icons.SPRITE).read_bytes(), 9)) <= SPRITE_BUDGET


@pytest.mark.parametrize("suffix", ["css", "js"])
def test_every_source_exists(suffix):
    for kind in bundles.KINDS:
        for name in bundles.sources(kind, suffix):
            assert finders.find(name), name


def test_every_style_file_opens_and_closes_its_braces():
    for file in (ROOT / "static" / "css").glob("*.css"):
        text = re.sub(r'"[^"]*"|/\*.*?\*/', "", file.read_text(), flags=re.S)
        assert text.count("{") == text.count("}"), file.name


def test_stripping_keeps_what_blanks_mean():
    css = (
        '/* a "b" */\n.entry  :is(h3, h4) a { color : red; inset: calc(1px + 2px); content: "a  ; /* b */"; }'
        "\n@media (min-width: 2px) { a { b: c; } }"
    )
    assert bundles.minify(css, "css") == (
        '.entry :is(h3,h4) a{color : red;inset:calc(1px + 2px);content:"a  ; /* b */"}@media (min-width: 2px){a{b:c}}'
    )


def test_without_a_manifest_a_page_links_the_source_files():
    html = engines["django"].from_string("{% bundles %}lesson{% endbundles %}").render({})
    assert re.findall(r'href="([^"]+)"', html) == ["/static/" + name for name in bundles.sources("lesson", "css")]
    assert html.count("<script") == len(bundles.JS["lesson"])


def test_an_unknown_kind_fails():
    with pytest.raises(TemplateSyntaxError, match="Tidak ada jenis halaman"):
        engines["django"].from_string("{% bundles %}apa{% endbundles %}").render({})


def test_collecting_joins_hashes_and_compresses(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    storage = bundles.BundledStorage(location=str(tmp_path))
    assert storage.joined
    name = storage.url("bundles/lesson.css").removeprefix("/static/")
    assert re.fullmatch(r"bundles/lesson\.[0-9a-f]{12}\.css", name)
    text = (tmp_path / name).read_text()
    assert re.search(r'url\("\.\./font/plus-jakarta-sans-id\.[0-9a-f]{12}\.woff2"\)', text)
    assert (tmp_path / f"{name}.br").stat().st_size < CSS_BUDGET
    assert oct((tmp_path / name).stat().st_mode)[-3:] == "644"
