"""The glossary: what was published, found by word, reached by anchor."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from courses import glossary
from courses.models import Companions
from courses.publishing import publish_course
from tests.factories.courses import make_course

TERMS = [
    {"slug": "kunci-sandi", "term": "kunci sandi", "definition": "Cara masuk tanpa mengetik kata sandi.", "also": ["passkey"]},
    {"slug": "takarir", "term": "takarir", "definition": "Teks <dari> ucapan dalam video."},
]


@pytest.fixture
def course(db):
    made = make_course()
    Companions.objects.create(course=made, glossary=TERMS)
    publish_course(made, by=None)
    made.refresh_from_db()
    return made


def page(client, address="/glosarium/"):
    caches["local"].clear()
    return client.get(address)


def test_anyone_reads_every_term_with_its_other_names(client, course):
    html = page(client).content.decode()
    assert "2 istilah" in html and '<div id="kunci-sandi"><dt>kunci sandi <span class="muted">(passkey)</span></dt>' in html
    assert "Teks &lt;dari&gt; ucapan" in html and '<a href="#huruf-t">T</a>' in html


@pytest.mark.parametrize(("asked", "found"), [("PASSKEY", ["kunci-sandi"]), ("teks video", ["takarir"]), ("tidak ada", [])])
def test_a_search_looks_into_names_and_definitions(client, course, asked, found):
    html = page(client, f"/glosarium/?q={asked}").content.decode()
    assert [slug for slug in ("kunci-sandi", "takarir") if f'<div id="{slug}">' in html] == found
    assert (f"{len(found)} istilah ditemukan" in html) and (bool(found) or "Istilah ini belum ada" in html)


def test_what_is_not_published_is_not_shown(client, course):
    Companions.objects.filter(course=course).update(glossary=[{"slug": "baru", "term": "baru", "definition": "Draf."}])
    assert 'id="baru"' not in page(client).content.decode()


def test_without_a_course_it_says_that_it_is_empty(client, db):
    assert "Glosarium masih kosong" in page(client).content.decode()


def test_a_senseless_search_gets_a_sentence(client, course):
    assert page(client, "/glosarium/?q=" + "x" * 101).status_code == 422


def test_it_costs_the_same_for_any_number_of_terms(client, course, django_assert_num_queries):
    page(client)
    with django_assert_num_queries(1):
        client.get("/glosarium/")
    assert list(glossary.of_version(course.current_version_id)) == ["kunci-sandi", "takarir"]


def test_a_lesson_links_to_terms_in_their_order_once():
    html = '<a class="term" href="/glosarium/#b">x</a><a class="term" href="/glosarium/#a">x</a><a class="term" href="/glosarium/#b">x</a>'
    assert glossary.linked(html, None) == []
