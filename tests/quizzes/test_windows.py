"""When a quiz may be taken: windows in three zones, closing during an attempt, waiting, conditions, and which mark counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from cohorts import progress, structure
from cohorts.models import Progress
from linimasa import clock
from quizzes import attempts, windows
from quizzes.models import Attempt, AttemptStatus, QuizWindow
from quizzes.standing import may_show_key, standing_of
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12.00 WIB


def standing(enrolment):
    enrolment.cohort.refresh_from_db()  # each request reads its cohort: its stamp says what was arranged
    return standing_of(enrolment, factory.quiz_of(enrolment.course), structure.of(enrolment))


def problems(enrolment):
    return [(one.code, one.sentence) for one in attempts.start_problems(enrolment, standing(enrolment))]


def set_window(enrolment, opens_at=None, closes_at=None):
    return windows.set_window(factory.quiz_of(enrolment.course), enrolment.cohort, opens_at=opens_at, closes_at=closes_at, by=person())


def take(enrolment, answer=factory.right):
    attempt = factory.start(enrolment)
    factory.answer_all(attempt, answer, but=("short_answer",)) if answer is factory.wrong else factory.answer_all(attempt, answer)
    return attempts.submit(attempt, by=enrolment.learner)


# --- the window ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "hour", "label"), [("Asia/Jakarta", "00.00", "WIB"), ("Asia/Makassar", "01.00", "WITA"), ("Asia/Jayapura", "02.00", "WIT")]
)
def test_midnight_of_the_cohort_is_told_in_the_persons_zone(zone, hour, label):
    enrolment = factory.make_enrolment()
    with time_machine.travel(NOON, tick=False):
        set_window(enrolment, opens_at=datetime(2026, 11, 27, 0, 0, tzinfo=clock.zone("Asia/Jakarta")))
        with timezone.override(clock.zone(zone)):
            assert problems(enrolment) == [("not_open_yet", f"Kuis ini dibuka Jumat, 27 November 2026 pukul {hour} {label}.")]
            assert windows.sentences(standing(enrolment)) == [f"Dibuka Jumat, 27 November 2026 pukul {hour} {label}."]


@pytest.mark.parametrize("zone", list(clock.ZONES))
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_between_two_midnights_is_24_hours_all_year(zone, month):
    """Indonesia has no summer time: opening and closing at midnight leave exactly whole days."""
    opens = datetime(2026, month, 1, 0, 0, tzinfo=clock.zone(zone))
    closes = datetime(2026 + month // 12, month % 12 + 1, 1, 0, 0, tzinfo=clock.zone(zone))
    assert (closes.astimezone(UTC) - opens.astimezone(UTC)) % timedelta(days=1) == timedelta(0)


def test_it_opens_and_closes_to_the_second():
    enrolment = factory.make_enrolment()
    opens, closes = NOON, NOON + timedelta(hours=2)
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        set_window(enrolment, opens, closes)
    told = {}
    for moment in (opens - timedelta(seconds=1), opens, closes - timedelta(seconds=1), closes):
        with time_machine.travel(moment, tick=False):
            told[moment] = [code for code, _ in problems(enrolment)]
    assert list(told.values()) == [["not_open_yet"], [], [], ["closed"]]


def test_the_server_closes_a_running_attempt_when_the_quiz_closes():
    enrolment = factory.make_enrolment()
    with time_machine.travel(NOON) as clock_:
        set_window(enrolment, closes_at=NOON + timedelta(minutes=30))
        attempt = factory.start(enrolment)
        assert attempt.deadline_at == NOON + timedelta(minutes=30)
        clock_.shift(timedelta(minutes=31))
        assert attempts.close_overdue() == 1
    attempt.refresh_from_db()
    assert (attempt.status, attempt.closed_by, attempt.submitted_at) == (AttemptStatus.GRADED, "clock", NOON + timedelta(minutes=30))


@pytest.mark.parametrize(("limit", "closes", "expected"), [(20, 30, 20), (45, 30, 30), (None, 30, 30), (20, None, 20), (None, None, None)])
def test_the_deadline_is_the_earlier_of_limit_and_closing(limit, closes, expected):
    enrolment = factory.make_enrolment(factory.make_course(rules={"time_limit": limit}))
    with time_machine.travel(NOON, tick=False):
        if closes:
            set_window(enrolment, closes_at=NOON + timedelta(minutes=closes))
        attempt = factory.start(enrolment)
    assert attempt.deadline_at == (NOON + timedelta(minutes=expected) if expected else None)


def test_a_later_closing_lengthens_a_running_attempt_and_an_earlier_one_does_not_cut_it():
    enrolment = factory.make_enrolment()
    with time_machine.travel(NOON, tick=False):
        set_window(enrolment, closes_at=NOON + timedelta(minutes=30))
        attempt = factory.start(enrolment)
        set_window(enrolment, closes_at=NOON + timedelta(minutes=50))
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOON + timedelta(minutes=50)
        set_window(enrolment, closes_at=NOON + timedelta(minutes=10))
        attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=50)
    assert list(attempt.events.filter(kind="extended").values_list("detail__new", flat=True)) == [
        (NOON + timedelta(minutes=50)).isoformat()
    ]
    assert Entry.objects.filter(action="attempt.extended").count() == 1
    assert Entry.objects.filter(action="quiz.window_set").count() == 3


def test_time_that_is_up_is_not_given_back():
    enrolment = factory.make_enrolment()
    with time_machine.travel(NOON) as clock_:
        set_window(enrolment, closes_at=NOON + timedelta(minutes=30))
        attempt = factory.start(enrolment)
        clock_.shift(timedelta(minutes=31))
        set_window(enrolment, closes_at=NOON + timedelta(minutes=90))
        attempt.refresh_from_db()
    assert attempt.deadline_at == NOON + timedelta(minutes=30)


def test_the_same_window_again_is_nothing_and_a_crossed_one_is_refused():
    enrolment = factory.make_enrolment()
    assert set_window(enrolment, NOON, NOON + timedelta(hours=1))
    assert not set_window(enrolment, NOON, NOON + timedelta(hours=1))
    with pytest.raises(windows.WindowError, match="sesudah waktu buka"):
        set_window(enrolment, NOON, NOON)
    assert Entry.objects.filter(action="quiz.window_set").count() == QuizWindow.objects.count() == 1


def test_a_window_is_its_own_cohorts():
    course = factory.make_course()
    here, there = factory.make_enrolment(course), factory.make_enrolment(course)
    set_window(here, closes_at=timezone.now() - timedelta(minutes=1))
    assert [code for code, _ in problems(here)] == ["closed"]
    assert problems(there) == []


def test_the_key_is_shown_after_closing_only_when_nobody_answers_any_more():
    course = factory.make_course(rules={"feedback": "after_close"})
    enrolment = factory.make_enrolment(course)
    with time_machine.travel(NOON) as clock_:
        set_window(enrolment, closes_at=NOON + timedelta(hours=1))
        attempt = take(enrolment)
        attempt.enrolment = enrolment
        shown = [may_show_key(attempt, standing(enrolment))]
        other = factory.cohorts.make_enrolment(enrolment.cohort, person())
        for lesson in course.activities.filter(kind="lesson", module__code="M1"):
            factory.cohorts.make_progress(other, lesson)
        late = factory.start(other)
        clock_.shift(timedelta(hours=1))
        shown.append(may_show_key(attempt, standing(enrolment)))
        attempts.submit(late, by=None)
        shown.append(may_show_key(attempt, standing(enrolment)))
    assert shown == [False, False, True]


def test_standing_costs_one_statement_and_two_more_after_a_change(django_assert_num_queries):
    enrolment = factory.make_enrolment()
    quiz = factory.quiz_of(enrolment.course)
    standing(enrolment)
    plan = structure.of(enrolment)
    with django_assert_num_queries(1):
        assert standing_of(enrolment, quiz, plan).closes_at is None
    set_window(enrolment, closes_at=NOON + timedelta(days=999))
    enrolment.cohort.refresh_from_db()
    plan = structure.of(enrolment)
    for count in (3, 1):
        with django_assert_num_queries(count):
            assert standing_of(enrolment, quiz, plan).closes_at == NOON + timedelta(days=999)


# --- waiting ------------------------------------------------------------------------------------------------------------
def test_the_next_attempt_waits_and_says_until_when():
    enrolment = factory.make_enrolment(factory.make_course(rules={"waiting_minutes": 90}))
    with time_machine.travel(NOON) as clock_, timezone.override(clock.zone("Asia/Jayapura")):
        assert problems(enrolment) == []
        take(enrolment, factory.wrong)
        clock_.move_to(NOON + timedelta(minutes=89))
        ((code, sentence),) = problems(enrolment)
        assert (code, sentence) == (
            "waiting",
            "Jeda antarpercobaan belum selesai. Anda bisa mencoba lagi Selasa, 24 November 2026 pukul 15.30 WIT.",
        )
        with pytest.raises(attempts.StartError, match=r"15\.30 WIT"):
            factory.start(enrolment)
        clock_.move_to(NOON + timedelta(minutes=91))
        assert problems(enrolment) == []


# --- conditions ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("condition", "state", "points", "word"),
    [
        ({"activity": "M2.1"}, None, None, "Selesaikan dulu"),
        ({"activity": "M2.1"}, "started", None, "Selesaikan dulu"),
        ({"activity": "M2.1"}, "completed", None, ""),
        ({"activity": "M2.1", "at_least": 0.8}, "completed", 0.75, "Capai dulu nilai 80"),
        ({"activity": "M2.1", "at_least": 0.8}, "started", 0.8, ""),
        ({"activity": "TIDAK-ADA"}, None, None, ""),
    ],
)
def test_a_condition_says_what_is_missing_and_leads_there(condition, state, points, word):
    enrolment = factory.make_enrolment()
    lesson = enrolment.course.activities.filter(kind="lesson", module__code="M2").first()
    condition = condition | ({"activity": lesson.code} if condition["activity"] == "M2.1" else {})
    if state:
        factory.cohorts.make_progress(enrolment, lesson, state=state, points=points)
    found = windows.unmet({"conditions": [condition]}, structure.of(enrolment), progress.seen_by(enrolment))
    assert bool(found) == bool(word)
    if word:
        assert word in found[0].sentence
        assert found[0].url == structure.of(enrolment).by_activity[lesson.pk].url


def test_a_condition_of_the_published_rules_holds_the_quiz_back():
    course = factory.make_course(lessons=2, rules={"conditions": [{"activity": "M1.1"}]})
    code = course.activities.filter(kind="lesson", module__code="M1").last().code
    factory.load(
        course.modules.get(code="M1"), {"M1-KUIS": factory.QUIZ | {"conditions": [{"activity": code}]}}, factory.make_questions(lesson=code)
    )
    factory.courses.publish(course.modules.get(code="M1"))
    enrolment = factory.make_enrolment(course)
    Progress.objects.filter(enrolment=enrolment, activity__code=code).update(state="started", completed_at=None)
    assert "condition" in [one.code for one in windows.problems(standing(enrolment), structure.of(enrolment), progress.seen_by(enrolment))]
    Progress.objects.filter(enrolment=enrolment, activity__code=code).update(state="completed", completed_at=timezone.now())
    assert problems(enrolment) == []


# --- which mark counts ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "counts", "passed_after"),
    [
        ("highest", ["0", "1", "1"], [False, True, True]),
        ("last", ["0", "1", "0"], [False, True, True]),
        ("average", ["0", "0.5", "0.33333"], [False, True, True]),
    ],
)
def test_what_counts_by_method_and_what_was_earned_stays(method, counts, passed_after):
    """Promise 11: a later, weaker attempt changes the mark that counts, never the pass nor the progress."""
    course = factory.make_course(rules={"grade_method": method, "pass_mark": 0.5, "draw": [{"question": f"M1-01-{n}"} for n in (1, 3)]})
    enrolment = factory.make_enrolment(course)
    seen, passed, kept = [], [], []
    for answer in (factory.wrong, factory.right, factory.wrong):
        attempt = factory.start(enrolment)
        factory.answer_all(attempt, answer)
        attempt = attempts.submit(attempt, by=enrolment.learner)
        now = standing(enrolment)
        seen.append(now.counts)
        passed.append(now.is_passed)
        kept.append(Progress.objects.get(enrolment=enrolment, activity=now.activity_id))
    assert [f"{one.normalize():f}" for one in seen] == counts
    assert passed == passed_after
    assert [one.state for one in kept] == ["started", "completed", "completed"]
    assert [one.points for one in kept] == sorted(one.points for one in kept)
    assert kept[-1].points == max(Decimal(one) for one in counts)


def test_the_start_page_tells_every_rule_in_words():
    enrolment = factory.make_enrolment(factory.make_course(rules={"time_limit": 30, "waiting_minutes": 60, "grade_method": "last"}))
    with time_machine.travel(NOON):
        set_window(enrolment, opens_at=NOON - timedelta(hours=1), closes_at=NOON + timedelta(days=1))
        page = client_of(enrolment.learner).get(f"/kuis/mulai/{factory.quiz_of(enrolment.course).activity_id}/").content.decode()
    for words in (
        "Dibuka sejak Selasa, 24 November 2026 pukul 11.00 WIB",
        "Ditutup Rabu, 25 November 2026 pukul 12.00 WIB",
        "Jeda 1 jam",
        "Nilai percobaan terakhir yang dipakai",
    ):
        assert words in page


def test_a_closed_quiz_refuses_the_page_with_the_time():
    enrolment = factory.make_enrolment()
    set_window(enrolment, closes_at=timezone.now() - timedelta(minutes=5))
    address = f"/kuis/mulai/{factory.quiz_of(enrolment.course).activity_id}/"
    page = client_of(enrolment.learner).post(address)
    assert page.status_code == 409
    assert "Kuis ini sudah ditutup" in page.content.decode()
    assert not Attempt.objects.exists()
    assert progress.seen_by(enrolment).get(factory.quiz_of(enrolment.course).activity_id) is None
    with CaptureQueriesContext(connection) as counted:
        client_of(enrolment.learner).get(address)
    assert len(counted) < 40
