"""Publishing: immutable versions, nothing for nothing, identities that last, problems that block."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from audit.models import Entry
from courses import comparing, editing, media, outline, publishing
from courses.models import Activity, Lesson, Version
from courses.reviewing import review_problems
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make

pytestmark = pytest.mark.django_db


def write(activity: Activity, body: str) -> None:
    Lesson.objects.filter(activity=activity).update(body=body)


def test_a_version_holds_outline_facts_and_sanitised_lessons():
    module = make.make_module(title="Keamanan", lessons=2)
    version = make.publish(module)
    assert (version.number, module.current_version) == (1, version)
    shown = outline.of_version(version.pk)
    assert [item.code for item in shown.items] == ["M1.1", "M1.2"]
    assert (shown.facts["title"], shown.minutes, shown.jp) == ("Keamanan", 90, 2)
    page = outline.frozen_lesson(version.pk, shown.items[0].activity_id)
    assert page.html == '<h2 id="isi">Isi</h2>\n<p>Akun resmi milik instansi.</p>'
    assert page.objectives == ("Menjelaskan isi pelajaran.",)
    assert 0 < page.size < 1000 and page.words == 5


def test_nothing_is_published_when_nothing_changed():
    module = make.make_module(lessons=1)
    first = make.publish(module)
    entries = Entry.objects.count()
    assert make.publish(module) == first
    assert (Version.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_change_makes_the_next_version_and_leaves_the_first_as_it_was():
    module = make.make_module(lessons=1)
    first = make.publish(module)
    activity = module.activities.get()
    write(activity, "## Isi\n\nTulisan yang lebih baik.")
    second = make.publish(module, note="Diperbaiki")
    assert (second.number, second.note) == (2, "Diperbaiki")
    assert "milik instansi" in first.lessons.get().html and "lebih baik" in second.lessons.get().html
    assert first.lessons.get().activity_id == second.lessons.get().activity_id == activity.pk
    assert "milik instansi" in outline.frozen_lesson(first.pk, activity.pk).html


def test_each_publication_has_exactly_one_audit_entry_with_its_actor():
    admin = accounts.admin()
    module = make.make_module(lessons=1)
    version = make.publish(module, by=admin)
    entry = Entry.objects.get(action="module.published")
    assert (entry.actor, entry.object_id, entry.details["version"]) == (admin, str(module.pk), version.pk)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty_lesson"),
        ("  \n ", "empty_lesson"),
        ("![](/m/0123456789abcdef.webp)", "missing_alt"),
        ("![Layar](/m/0123456789abcdef.webp)", "foreign_image"),
        ("![Layar](https://jahat.test/a.png)", "foreign_image"),
        ("/// cek | a\npertanyaan: x\n///", "bad_check"),
        ("Teks yang dapat diterbitkan.", None),
    ],
)
def test_what_blocks_a_lesson_is_named_and_publishes_nothing(body, code):
    module = make.make_module(lessons=1)
    write(module.activities.get(), body)
    problems = publishing.holder_problems(module)
    assert (code in {problem.code for problem in problems}) == (code is not None)
    if code is None:
        assert make.publish(module).number == 1
    else:
        with pytest.raises(publishing.PublishingError):
            make.publish(module)
        assert not Version.objects.exists()


def test_a_lesson_heavier_than_the_limit_blocks_and_the_limit_is_60_kilobytes(monkeypatch):
    assert publishing.MOST_BYTES == 60_000
    module = make.make_module(lessons=1)
    size = make.publish(module).lessons.get().size
    monkeypatch.setattr(publishing, "MOST_BYTES", size - 1)
    assert [problem.code for problem in publishing.holder_problems(module)] == ["too_heavy"]
    monkeypatch.setattr(publishing, "MOST_BYTES", size)
    assert publishing.holder_problems(module) == []


def test_an_empty_module_and_an_archived_one_are_not_published():
    module = make.make_module()
    assert [problem.code for problem in publishing.holder_problems(module)] == ["empty_module"]


def test_pictures_count_towards_a_lessons_size():
    module = make.make_module(lessons=1)
    image = media.add_image(module.course, SimpleUploadedFile("a.png", png(400, 300)), alternative_text="Layar", by=None)
    activity = module.activities.get()
    write(activity, f"Lihat.\n\n![Layar]({image.url})")
    version = make.publish(module)
    lesson = version.lessons.get()
    assert lesson.size > image.size and f'src="{image.url}"' in lesson.html


def test_scripts_in_a_lesson_never_reach_the_published_page():
    module = make.make_module(lessons=1)
    write(
        module.activities.get(),
        "<script>alert(1)</script>\n\n[klik](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n\n"
        '<svg onload="alert(1)">\n\n[a](data:text/html,x)\n\n<iframe src="https://a.test"></iframe>',
    )
    html = make.publish(module).lessons.get().html
    assert "<script" not in html and "<img" not in html and "<svg" not in html and "<iframe" not in html
    assert 'href="javascript' not in html and 'href="data' not in html


def test_checks_are_frozen_and_their_answers_stay_out_of_the_html():
    module = make.make_module(lessons=1)
    check = (
        "/// cek | sms\npertanyaan: Lebih baik daripada tidak ada?\npilihan:\n- teks: Ya\n  umpan: Rahasia umpan.\n"
        "- teks: Tidak\n  umpan: Baca lagi.\njawaban: 1\n///"
    )
    write(module.activities.get(), f"Teks.\n\n{check}\n\nAkhir.")
    version = make.publish(module)
    page = outline.frozen_lesson(version.pk, module.activities.get().pk)
    assert page.check("sms") == {
        "key": "sms",
        "prompt": "Lebih baik daripada tidak ada?",
        "choices": [{"text": "Ya", "feedback": "Rahasia umpan."}, {"text": "Tidak", "feedback": "Baca lagi."}],
        "answer": 0,
    }
    assert "Rahasia" not in page.html and 'data-key="sms"' in page.html


def test_outlines_and_lessons_cost_no_query_once_they_are_in_the_process(django_assert_num_queries):
    module = make.make_module(lessons=3)
    version = make.publish(module)
    activity = module.activities.first()
    outline.of_version(version.pk), outline.frozen_lesson(version.pk, activity.pk), outline.part(version.pk, "quizzes")
    with django_assert_num_queries(0):
        outline.of_version(version.pk), outline.frozen_lesson(version.pk, activity.pk), outline.part(version.pk, "quizzes")


def test_a_part_takes_part_in_problems_freezing_and_comparing(monkeypatch):
    class Bank:
        value = "lama"

        def problems(self, course, holders):
            return {holder: [] for holder in holders}

        def freeze(self, holder):
            return {"value": self.value, 1: [(2, 3)]}

        def diff(self, old, new):
            return [f"{old.get('value', 'kosong')} menjadi {new['value']}"]

        def details(self, old, new):
            return [comparing.Detail("Bank", [("nilai", comparing.word_pieces(old["value"], new["value"]))])]

    bank = Bank()
    monkeypatch.setattr(publishing, "_parts", {"bank": bank})
    module = make.make_module(lessons=1)
    first = make.publish(module)
    assert first.parts == {"bank": {"value": "lama", "1": [[2, 3]]}}
    assert make.publish(module) == first
    bank.value = "baru"
    second = make.publish(module)
    assert second.number == 2
    found = comparing.diff(first, second)
    assert found.parts == ["lama menjadi baru"]
    assert [[piece.kind for piece in pieces] for _, pieces in found.details[0].lines] == [["removed", "added"]]


def test_an_effect_is_told_before_publishing(monkeypatch):
    monkeypatch.setattr(publishing, "_effects", [])
    publishing.register_effect(lambda holder: [f"{holder.title} dipakai 3 peserta."])
    assert publishing.effects(make.make_module(title="Modul A")) == ["Modul A dipakai 3 peserta."]


def test_whoever_changed_the_draft_does_not_approve_it_not_even_an_admin():
    module = make.make_module(lessons=1)
    reviewer, other, admin = accounts.staff(Role.REVIEWER), accounts.staff(Role.REVIEWER), accounts.admin()
    values = {"title": "Baru", "summary": "", "objectives": [], "discussion": []}
    editing.edit_module(module, by=reviewer, values=values)
    module.refresh_from_db()
    assert [problem.code for problem in review_problems(module, by=reviewer)] == ["own_change"]
    assert review_problems(module, by=other) == []
    editing.edit_module(module, by=admin, values=values | {"title": "Lagi"})
    module.refresh_from_db()
    assert [problem.code for problem in review_problems(module, by=admin)] == ["own_change"]
    assert [problem.code for problem in review_problems(module, by=reviewer)] == ["own_change"]  # not only the last one


def test_a_course_publishes_its_own_outline_and_rules():
    course = make.make_published_course(modules=2, lessons=1, optional=1)
    version = course.current_version
    assert version.module is None and version.facts["rules"]["weights"]["assignments"] == 45
    assert [stage.get("module", "-") for stage in version.facts["programme"]] == ["-", "M1", "M2", "M3"]
    assert [item["code"] for item in version.outline] == ["ORIENTASI"]


def test_draft_edits_do_not_reach_what_is_published():
    module = make.make_module(lessons=1, title="Terbit")
    version = make.publish(module)
    editing.edit_module(module, by=accounts.admin(), values={"title": "Draf", "summary": "", "objectives": [], "discussion": []})
    assert outline.of_version(version.pk).facts["title"] == "Terbit"
