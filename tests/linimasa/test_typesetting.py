from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from linimasa import typesetting

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
SOURCE = '#set document(title: "Judul")\n#set text(font: "Plus Jakarta Sans", lang: "id")\n#sys.inputs.text'


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "paper.typ"
    file.write_text(SOURCE)
    return file


def test_the_same_arguments_give_the_same_bytes_from_any_thread(template):
    inputs = {"text": "#panic() $x$ [a] \\"}
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: typesetting.to_pdf(template, inputs, moment=MOMENT), range(8)))
    assert len(made) == 1
    assert made != {typesetting.to_pdf(template, {"text": "lain"}, moment=MOMENT)}


def test_a_template_sees_nothing_outside_its_folder(template):
    (template.parent.parent / "rahasia.txt").write_text("rahasia")
    template.write_text(SOURCE + '\n#read("../rahasia.txt")')
    with pytest.raises(RuntimeError):
        typesetting.to_pdf(template, {"text": ""}, moment=MOMENT)


def test_a_process_forked_after_any_paper_is_refused_for_every_template_instead_of_hanging(template, monkeypatch):
    typesetting.to_pdf(template, {"text": ""}, moment=MOMENT)
    other = template.with_name("other.typ")
    other.write_text(SOURCE)
    monkeypatch.setattr(typesetting, "_first_in", os.getpid() + 1)
    for one in (template, other):
        with pytest.raises(RuntimeError, match="forked"):
            typesetting.to_pdf(one, {"text": ""}, moment=MOMENT)
