"""The curriculum in ``content/lini-masa``: whole, correct in its hours, safe, and written back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from courses import dumping, outline
from courses.loading import load_course
from courses.models import Activity, ActivityKind, Course, FrozenLesson, Module, Version
from linimasa.writing import MINUTES_PER_JP
from tests.courses.folders import bytes_of

CONTENT = Path(__file__).parents[2] / "content" / "lini-masa"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def curriculum(django_db_setup, django_db_blocker):
    """The real course, loaded once for the tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_course(CONTENT)
        yield Course.objects.get(slug="lini-masa")
        transaction.set_rollback(True)


def test_the_curriculum_dumps_byte_for_byte_and_loads_again_without_a_change(curriculum, tmp_path):
    written = tmp_path / "tulis"
    dumping.dump_course(curriculum, written)
    assert bytes_of(written) == bytes_of(CONTENT)
    versions = Version.objects.count()
    report = load_course(CONTENT)
    assert (report.created_lines, report.changed_lines, report.archived_lines, report.published_lines) == ([], [], [], [])
    assert report.unchanged_count > 100 and Version.objects.count() == versions


def test_the_curriculum_is_whole(curriculum):
    modules = Module.objects.filter(course=curriculum)
    assert [(module.code, module.is_optional) for module in modules] == [("M1", False), ("M2", False), ("M3", False), ("M4", True)]
    lessons = Activity.objects.filter(course=curriculum, kind=ActivityKind.LESSON, module__isnull=False)
    assert lessons.count() == 24
    assert Activity.objects.filter(course=curriculum, kind=ActivityKind.ASSIGNMENT).count() == 4
    assert Activity.objects.filter(course=curriculum, kind=ActivityKind.QUIZ).count() == 6
    assert curriculum.questions.exclude(kind="practical").count() >= 90
    assert FrozenLesson.objects.filter(version__course=curriculum).count() == 26


def test_the_given_questions_are_kept(curriculum):
    given = {
        f"{module}-{number:02d}" for module, count in (("M1", 14), ("M2", 15), ("M3", 14), ("M4", 12)) for number in range(1, count + 1)
    }
    assert len(given) == 55 and given - set(curriculum.questions.values_list("code", flat=True)) == set()


def test_core_hours_are_twenty_and_the_optional_module_makes_twenty_four(curriculum):
    minutes = [stage["minutes"] for stage in curriculum.programme]
    assert [minute // MINUTES_PER_JP for minute in minutes] == [1, 5, 6, 5, 2, 1, 4]
    assert all(minute % MINUTES_PER_JP == 0 for minute in minutes)
    assert [outline.of_version(module.current_version_id).minutes for module in Module.objects.filter(course=curriculum)] == [
        225,
        270,
        225,
        180,
    ]
    assert outline.of_version(curriculum.current_version_id).minutes == 90
    live = sum(stage["minutes"] for stage in curriculum.programme if stage.get("items") == [])
    assert (sum(minutes[:6]) - live) / MINUTES_PER_JP == curriculum.rules["jp_self_paced"] == 18


def words_of(text: str) -> set[str]:
    return set(text.casefold().replace(",", " ").replace(".", " ").split())


def test_every_lesson_is_light_and_its_checks_are_no_questions_of_the_bank(curriculum):
    questions = curriculum.questions.exclude(kind="practical").select_related("current_version")
    bank = [words_of(question.current_version.content["text"]) for question in questions]
    for frozen in FrozenLesson.objects.filter(version__course=curriculum):
        assert 600 < frozen.size < 60_000 and frozen.words > 60
        assert 1 <= len(frozen.checks) <= 3 and frozen.reviewed_on is not None
        for check in frozen.checks:
            asked = words_of(check["prompt"])
            nearest = max(len(asked & known) / len(asked | known) for known in bank)
            assert nearest < 0.6, (frozen.title, check["prompt"])
            assert not all(choice["feedback"] in frozen.html for choice in check["choices"])  # a lesson may say one of them too


def test_no_key_of_the_bank_is_in_a_lesson_or_a_public_page(curriculum):
    pages = [Client().get(path).content.decode() for path in ("/", "/modul/", "/modul/lini-masa/keamanan-akun/")]
    for question in curriculum.questions.exclude(kind="practical"):
        assert not any(question.current_version.content["feedback"] in page for page in pages)
