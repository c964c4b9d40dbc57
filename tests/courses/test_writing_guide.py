"""The authors' page: a live sample of every block, that means what it says."""

from __future__ import annotations

import pytest

from accounts.models import Role
from courses import writing_guide
from courses.checks import read_checks
from linimasa import markdown
from tests.factories.accounts import client_of, staff
from tests.factories.courses import make_lesson, make_module


def test_every_block_has_a_sample():
    assert writing_guide.missing() == set()


@pytest.mark.parametrize("sample", [writing_guide.INLINE, *writing_guide.SAMPLES], ids=lambda sample: sample.name)
def test_a_sample_is_drawn_whole(sample):
    html = writing_guide.shown(sample)
    assert "///" not in html and "{#" not in html and "{tujuan" not in html and "data-block" not in html
    assert markdown.problem(sample.text) == "" and (sample.name == "cek") == bool(read_checks(sample.text))


def test_the_page_shows_source_and_result(db):
    author = staff(Role.AUTHOR)
    html = client_of(author).get("/kelola/modul/cara-menulis/").content.decode()
    for sample in writing_guide.SAMPLES:
        assert f'id="blok-{sample.name}"' in html and f"/// {sample.name}" in html
    assert '<ol class="talk">' in html and "SMS rawan pengambilalihan" in html


def test_the_editor_offers_every_block(db):
    module = make_module()
    lesson = make_lesson(module, body=next(sample.text for sample in writing_guide.SAMPLES if sample.name == "cek"))
    html = client_of(staff(Role.AUTHOR)).get(f"/kelola/modul/pelajaran/{lesson.pk}/").content.decode()
    assert all(f"<b>{sample.title}</b>" in html for sample in writing_guide.SAMPLES)
    assert html.count("data-block=") == len(writing_guide.SAMPLES)
