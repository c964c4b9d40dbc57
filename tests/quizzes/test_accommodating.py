"""Exceptions: more time, attempts, a later closing, for one or for all; with a reason, told, and never changed afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from cohorts import structure
from linimasa import clock
from notifications import wording
from notifications.models import Message
from quizzes import accommodating, attempts, invariants, windows
from quizzes.accommodating import AccommodationError, Allowed
from quizzes.models import Accommodation
from quizzes.standing import standing_of
from tests.factories import quizzes as factory
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def standing(enrolment):
    enrolment.cohort.refresh_from_db()  # each request reads its cohort: its stamp says what was arranged
    return standing_of(enrolment, factory.quiz_of(enrolment.course), structure.of(enrolment))


def give(to, *, reason="Tunanetra, memakai pembaca layar", by=None, **what):
    course = to.course if hasattr(to, "course") else to.cohort.course
    return accommodating.give(factory.quiz_of(course), to, Allowed(**what), reason=reason, by=by or person())


@pytest.fixture
def enrolment():
    return factory.make_enrolment(factory.make_course(rules={"time_limit": 30, "attempts_allowed": 1}))


def test_more_time_for_one(enrolment):
    other = factory.cohorts.make_enrolment(enrolment.cohort, person())
    give(enrolment, extra_minutes=15)
    assert [windows.time_limit(standing(one)) for one in (enrolment, other)] == [45, 30]
    assert windows.sentences(standing(enrolment)) == ["Waktu Anda 45 menit, termasuk 15 menit tambahan."]
    with time_machine.travel(NOON, tick=False):
        attempt = factory.start(enrolment)
    assert attempt.deadline_at == NOON + timedelta(minutes=45)
    assert attempt.rules["extra_minutes"] == 15
    assert attempt.rules["time_limit"] == 30


def test_more_time_for_all_and_the_better_of_two_holds(enrolment):
    give(enrolment.cohort, extra_minutes=10, extra_attempts=2)
    give(enrolment, extra_minutes=15)
    now = standing(enrolment)
    assert (now.extra_minutes, now.allowance.extra_attempts, now.allowed) == (15, 2, 3)


def test_more_attempts_hold_the_promise_of_never_more_than_allowed(enrolment):
    give(enrolment, extra_attempts=1)
    for _ in range(2):
        attempt = factory.start(enrolment)
        factory.answer_all(attempt, factory.wrong, but=("short_answer",))
        attempts.submit(attempt, by=enrolment.learner)
    with pytest.raises(attempts.StartError, match="Semua kesempatan sudah dipakai"):
        factory.start(enrolment)
    assert invariants.never_more_attempts_than_allowed() == []


def test_a_later_closing_opens_the_quiz_again(enrolment):
    with time_machine.travel(NOON, tick=False), timezone.override(clock.zone("Asia/Makassar")):
        windows.set_window(
            factory.quiz_of(enrolment.course), enrolment.cohort, opens_at=None, closes_at=NOON - timedelta(hours=1), by=person()
        )
        assert [one.code for one in attempts.start_problems(enrolment, standing(enrolment))] == ["closed"]
        give(enrolment, closes_at=NOON + timedelta(minutes=20))
        assert attempts.start_problems(enrolment, standing(enrolment)) == []
        assert windows.sentences(standing(enrolment))[0].startswith("Ditutup untuk Anda Selasa, 24 November 2026 pukul 13.20 WITA;")
        assert factory.start(enrolment).deadline_at == NOON + timedelta(minutes=20)


def test_an_earlier_closing_than_the_windows_changes_nothing(enrolment):
    with time_machine.travel(NOON, tick=False):
        windows.set_window(
            factory.quiz_of(enrolment.course), enrolment.cohort, opens_at=None, closes_at=NOON + timedelta(hours=2), by=person()
        )
        give(enrolment, closes_at=NOON + timedelta(hours=1))
        assert standing(enrolment).closes_at == NOON + timedelta(hours=2)


def test_a_running_attempt_gets_the_time_at_once_and_its_rules_stay(enrolment):
    with time_machine.travel(NOON, tick=False):
        attempt = factory.start(enrolment)
        rules = attempt.rules
        give(enrolment, extra_minutes=15)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOON + timedelta(minutes=45)
        assert attempt.rules == rules
    event = attempt.events.get(kind="extended")
    assert event.detail == {"old": (NOON + timedelta(minutes=30)).isoformat(), "new": (NOON + timedelta(minutes=45)).isoformat()}
    assert Entry.objects.filter(action="attempt.extended", object_id=str(attempt.pk)).count() == 1


def test_a_new_one_replaces_the_running_one_and_both_stay_readable(enrolment):
    first = give(enrolment, extra_minutes=10)
    second = give(enrolment, extra_minutes=5)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert (first.extra_minutes, second.ended_at) == (10, None)
    assert standing(enrolment).extra_minutes == 5
    assert Entry.objects.filter(action="accommodation.given").count() == 2


def test_it_ends_once_and_what_was_begun_keeps_its_time(enrolment):
    given = give(enrolment, extra_minutes=10)
    with time_machine.travel(NOON, tick=False):
        attempt = factory.start(enrolment)
        accommodating.end(given, by=person())
        attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=40)
    assert standing(enrolment).extra_minutes == 0
    with pytest.raises(AccommodationError, match="sudah diakhiri"):
        accommodating.end(given, by=person())
    assert Entry.objects.filter(action="accommodation.ended").count() == 1


def test_the_learners_are_told_once_in_their_own_zone(enrolment):
    enrolment.learner.time_zone = "Asia/Jayapura"
    enrolment.learner.save()
    factory.cohorts.make_enrolment(enrolment.cohort, person(), status="withdrawn")
    given = give(enrolment.cohort, extra_minutes=10, closes_at=NOON)
    message = Message.objects.get(kind="accommodation_given")
    assert message.recipient == enrolment.learner
    subject, body = wording.text_of(message)
    assert subject == "Pengecualian untuk Anda: Kuis Modul 1"
    assert "- 10 menit tambahan\n- waktu tutup Selasa, 24 November 2026 pukul 14.00 WIT\n" in body
    assert given.reason not in body
    accommodating.end(given, by=person())
    assert "sudah diakhiri" in wording.text_of(Message.objects.get(kind="accommodation_ended"))[1]


@pytest.mark.parametrize(
    ("what", "reason", "word"),
    [({}, "Sakit", "paling sedikit satu"), ({"extra_minutes": 601}, "Sakit", "600 menit"), ({"extra_minutes": 5}, "  ", "alasan")],
)
def test_nothing_empty_too_much_or_without_a_reason(enrolment, what, reason, word):
    with pytest.raises(AccommodationError, match=word):
        give(enrolment, reason=reason, **what)
    assert not Accommodation.objects.exists()
    assert not Message.objects.exists()


def test_nobody_gives_an_exception_to_oneself(enrolment):
    with pytest.raises(AccommodationError, match="orang lain"):
        give(enrolment, extra_minutes=5, by=enrolment.learner)


def test_nobody_gives_an_exception_to_a_cohort_that_one_learns_in(enrolment):
    with pytest.raises(AccommodationError, match="orang lain"):
        give(enrolment.cohort, by=enrolment.learner, extra_attempts=5)
    assert not Accommodation.objects.exists()
    give(enrolment.cohort, extra_attempts=5)
    assert Accommodation.objects.count() == 1


def test_nobody_moves_the_window_of_a_cohort_that_one_learns_in(enrolment):
    quiz, closes = factory.quiz_of(enrolment.cohort.course), timezone.now() + timedelta(days=9)
    with pytest.raises(windows.WindowError, match="lain"):
        windows.set_window(quiz, enrolment.cohort, opens_at=None, closes_at=closes, by=enrolment.learner)
    assert windows.set_window(quiz, enrolment.cohort, opens_at=None, closes_at=closes, by=person())
