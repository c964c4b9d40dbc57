"""Sources and checks move into the text of lessons, published ones too, and can be taken back."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import courses as make

OLD_CHECK = "/// cek | sms\npertanyaan: 'Cukupkah: SMS?'\npilihan:\n- Ya\n- Tidak\njawaban: 2\numpan: SMS saja belum cukup.\n///"
FROZEN_CHECK = {"key": "sms", "prompt": "Cukupkah: SMS?", "choices": ["Ya", "Tidak"], "answer": 1, "feedback": "SMS saja belum cukup."}
SOURCES = ["Pusat Bantuan <b>WhatsApp</b>", "Panduan & SOP"]
step = import_module("courses.migrations.0002_sources_and_checks")


def migrate(name: str):
    executor = MigrationExecutor(connection)
    executor.migrate([("courses", name)])
    return MigrationExecutor(connection).loader.project_state([("courses", name)]).apps


@pytest.fixture
def at_the_old_state(transactional_db):
    """A published lesson as it was before, and whatever happens the newest tables afterwards."""
    make.publish(make.make_module(lessons=2))
    apps = migrate("0001_initial")
    yield apps
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_sources_and_checks_go_into_the_text_and_come_back(at_the_old_state):
    apps = at_the_old_state
    body = f"## Isi\n\n{OLD_CHECK}\n\nAkhir.\n"
    first = apps.get_model("courses", "Lesson").objects.order_by("pk").first()
    values = {"body": body, "sources": SOURCES, "reviewed_on": date(2026, 11, 22)}
    apps.get_model("courses", "Lesson").objects.filter(pk=first.pk).update(**values)
    frozen = apps.get_model("courses", "FrozenLesson").objects.filter(activity=first.activity_id)
    frozen.update(**values, html="<p>Akhir.</p>", checks=[FROZEN_CHECK])

    new = migrate("0003_companions_and_figures")
    lesson = new.get_model("courses", "Lesson").objects.get(pk=first.pk)
    assert lesson.body.endswith("\n\n/// sumber | 2026-11-22\n\n- Pusat Bantuan <b>WhatsApp</b>\n- Panduan & SOP\n\n///\n")
    assert "- teks: Tidak\n  umpan: SMS saja belum cukup.\njawaban: 2\n///\n\nAkhir." in lesson.body
    assert f"- teks: Ya\n  umpan: {step.READ_AGAIN}\n" in lesson.body
    shown = new.get_model("courses", "FrozenLesson").objects.get(activity=first.activity_id)
    ending = "<ul><li>Pusat Bantuan &lt;b&gt;WhatsApp&lt;/b&gt;</li><li>Panduan &amp; SOP</li></ul>"
    assert shown.html == f"<p>Akhir.</p>\n<h2>Sumber</h2>\n{ending}" and shown.body == lesson.body
    choices = [{"text": "Ya", "feedback": step.READ_AGAIN}, {"text": "Tidak", "feedback": "SMS saja belum cukup."}]
    assert shown.checks == [{"key": "sms", "prompt": "Cukupkah: SMS?", "choices": choices, "answer": 1}]
    untouched = new.get_model("courses", "Lesson").objects.exclude(pk=first.pk).get()
    assert untouched.body == "## Isi\n\nAkun resmi milik instansi."

    back = migrate("0001_initial")
    lesson = back.get_model("courses", "Lesson").objects.get(pk=first.pk)
    assert (lesson.body, lesson.sources) == (body, SOURCES)
    shown = back.get_model("courses", "FrozenLesson").objects.get(activity=first.activity_id)
    assert (shown.body, shown.html, shown.sources, shown.checks) == (body, "<p>Akhir.</p>", SOURCES, [FROZEN_CHECK])


@pytest.mark.parametrize("text", ["/// cek | a\nsalah: [\n///", "/// cek | a\n- x\n///", "/// cek\n///", "teks biasa", ""])
def test_a_check_that_cannot_be_read_stays_as_it_is(text):
    assert step.checks_rewritten(text, step.block_with_feedback) == text == step.checks_rewritten(text, step.block_with_one_feedback)
