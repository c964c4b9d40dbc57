"""Preview as a learner of any cohort: what they would see, and not a row of any table the other for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import Role, ScopeKind
from cohorts.models import CohortStatus, Deadline
from courses import editing, freshness
from courses.models import Activity
from tests.factories import accounts, cohorts, quizzes
from tests.factories import courses as make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
CHECKED = """## Isi

/// cek | sandi
pertanyaan: Kata sandi dibagikan lewat grup?
pilihan:
- teks: Benar
  umpan: Kata sandi tidak dibagikan.
- teks: Salah
  umpan: Setiap admin masuk sendiri.
jawaban: 2
///
"""


@pytest.fixture
def course(time_machine):
    time_machine.move_to(NOON, tick=False)
    return quizzes.make_course()


@pytest.fixture
def author(course):
    return accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course.pk))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as it is."""
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in apps.get_models(include_auto_created=True)}


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def address(name: str, course, *parts: object, **words: object) -> str:
    query = "&".join(f"{key}={value}" for key, value in words.items())
    return reverse(f"cohorts:{name}", args=[course.pk, *parts]) + (f"?{query}" if query else "")


def lesson_of(course, number: int = 0) -> Activity:
    return list(course.activities.filter(kind="lesson", module__isnull=False).order_by("module__position", "position"))[number]


def step_url(course, activity: Activity, **words: object) -> str:
    return address("preview_step", course, activity.module.slug if activity.module else "umum", activity.pk, **words)


def write(activity: Activity, body: str, by) -> None:
    number = Activity.objects.get(pk=activity.pk).lesson.edit_number
    editing.save_lesson(Activity.objects.get(pk=activity.pk), by=by, edit_number=number, body=body, values={}, facts={})


def test_a_whole_walk_leaves_every_table_as_it_was(course, author):
    lesson = lesson_of(course)
    write(lesson, CHECKED, accounts.admin())
    make.publish(lesson.module)
    lesson.module.refresh_from_db()
    cohort = cohorts.make_cohort(course, kind="scheduled")
    learner = cohorts.make_enrolment(cohort).learner
    author.get(reverse("courses:studio"))  # the session is there
    before = everything()
    for words in ({}, {"angkatan": cohort.pk}, {"angkatan": cohort.pk, "isi": "angkatan"}, {"isi": f"v{lesson.module.current_version_id}"}):
        text(author.get(address("preview", course, **words)))
        text(author.get(address("preview_module", course, lesson.module.slug, **words)))
        for activity in course.activities.filter(archived_at=None):
            for until in ("", activity.code, "akhir"):
                text(author.get(step_url(course, activity, **words, sampai=until)))
        url = step_url(course, lesson, **words, sampai=lesson.code, cek="sandi")
        if "isi" in words or not words:
            assert "Kata sandi tidak dibagikan." in text(author.post(url, {"pilihan": "0"}))
            assert "Setiap admin masuk sendiri." in text(author.post(url, {"pilihan": "1"}, headers={"X-Requested-With": "fragment"}))
            assert author.post(url, {"pilihan": "9"}).status_code == 422
    after = everything()
    assert {label: len(rows) for label, rows in after.items()} == {label: len(rows) for label, rows in before.items()}
    assert after == before
    assert learner.enrolments.get().progress.count() == 0


def test_the_draft_is_shown_before_it_is_published_and_a_pinned_cohort_keeps_its_version(course, author):
    lesson = lesson_of(course)
    cohort = cohorts.pin(cohorts.make_cohort(course, kind="scheduled"))
    write(lesson, "## Isi\n\nTeks draf baru.\n", accounts.admin())
    draft = text(author.get(step_url(course, lesson, angkatan=cohort.pk, sampai=lesson.code)))
    assert "Teks draf baru." in draft and "Pratinjau sebagai peserta" in draft and "Tidak ada yang tersimpan." in draft
    kept = text(author.get(step_url(course, lesson, angkatan=cohort.pk, isi="angkatan", sampai=lesson.code)))
    assert "Teks draf baru." not in kept
    make.publish(lesson.module)
    assert "Teks draf baru." not in text(author.get(step_url(course, lesson, angkatan=cohort.pk, isi="angkatan", sampai=lesson.code)))
    lesson.module.refresh_from_db()
    assert "Teks draf baru." in text(author.get(step_url(course, lesson, isi="angkatan", sampai=lesson.code)))


def test_parts_open_in_the_learners_order_and_the_address_remembers_how_far(course, author):
    first = course.activities.filter(module__isnull=True).order_by("position").first() or lesson_of(course)
    lesson = lesson_of(course)
    if first != lesson:
        assert "belum terbuka" in text(author.get(step_url(course, lesson)))
    page = text(author.get(step_url(course, lesson, sampai=lesson.code)))
    assert "belum terbuka" not in page and "Lanjutkan" in page
    following = list(lesson.module.activities.filter(archived_at=None).order_by("position"))[1]
    assert f"sampai={following.code}" in page
    assert "belum terbuka" in text(author.get(step_url(course, following, sampai=lesson.code)))
    assert "belum terbuka" not in text(author.get(step_url(course, following, sampai=following.code)))


def test_a_cohort_to_come_is_seen_on_its_first_day_with_its_deadlines(course, author):
    starts = NOON + timedelta(days=20)
    cohort = cohorts.make_cohort(
        course, kind="scheduled", status=CohortStatus.PLANNED, starts_at=starts, ends_at=starts + timedelta(days=30)
    )
    quiz = course.activities.filter(kind="quiz", module__isnull=False).first()
    Deadline.objects.create(cohort=cohort, activity=quiz, due_at=starts + timedelta(days=5, hours=2))
    page = text(author.get(step_url(course, quiz, angkatan=cohort.pk, sampai=quiz.code)))
    assert "Seperti pada Senin, 14 Desember 2026" in page and "Tenggat Sabtu, 19 Desember 2026 pukul 14.00 WIB" in page
    assert " soal" in page and reverse("quizzes:trial", args=[quiz.pk]) in page
    Deadline.objects.filter(cohort=cohort).update(opens_at=starts + timedelta(days=3))
    assert "dibuka Kamis, 17 Desember 2026" in text(author.get(step_url(course, quiz, angkatan=cohort.pk, sampai=quiz.code)))
    cohort.refresh_from_db()
    assert cohort.status == CohortStatus.PLANNED


def test_a_mark_is_seen_as_learners_see_it(course, author):
    lesson = lesson_of(course)
    freshness.mark(lesson, by=accounts.admin(), note="Menu berubah.")
    assert "Menu berubah." in text(author.get(step_url(course, lesson, sampai=lesson.code)))


def test_only_the_studio_previews_and_only_its_own_course(course, author):
    lesson = lesson_of(course)
    stranger = accounts.client_of(accounts.staff(Role.AUTHOR, ScopeKind.COURSE, make.make_course().pk))
    learner = accounts.client_of(cohorts.make_enrolment(cohorts.make_cohort(course)).learner)
    for client in (stranger, learner):
        assert client.get(step_url(course, lesson)).status_code == 404
        assert client.get(address("preview", course)).status_code == 404
    other = cohorts.make_cohort(make.make_published_course())
    assert "peserta baru" in text(author.get(address("preview", course, angkatan=other.pk)))
    foreign = other.course.modules.first().current_version_id
    assert "draf" in text(author.get(address("preview", course, isi=f"v{foreign}")))


@pytest.mark.parametrize("word", ["x", "9" * 400, "-1", "²", "v", "v-1", "%0D%0A", "<b>"])
def test_words_that_nobody_means_are_left_out(course, author, word):
    for name in ("angkatan", "isi", "sampai"):
        assert author.get(address("preview", course, **{name: word})).status_code == 200
    assert author.get(address("preview_module", course, "tidak-ada")).status_code == 404
    assert author.get(address("preview_step", course, "umum", 999_999)).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_any_number_of_cohorts_and_lessons(course, author, n, django_assert_max_num_queries):
    lesson = lesson_of(course)
    for _ in range(n):
        cohorts.make_cohort(course, kind="scheduled")
        make.make_lesson(lesson.module)
    for url in (address("preview", course), step_url(course, lesson, sampai=lesson.code)):
        author.get(url)
        with django_assert_max_num_queries(13):
            author.get(url)
