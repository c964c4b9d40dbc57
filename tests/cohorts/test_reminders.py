from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as live
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts import invariants, reminders, structure
from cohorts.models import CohortKind, Deadline, Enrolment, Progress, ProgressState
from cohorts.tasks import plan_reminders
from notifications import delivering
from notifications.models import DemoMail, Message
from tests.factories.accounts import person
from tests.factories.cohorts import activity_of, do_everything, make_cohort, make_enrolment, make_progress

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def planned() -> list[tuple[str, int]]:
    return sorted((m.kind, m.context["enrolment"]) for m in Message.objects.filter(is_reminder=True))


@pytest.fixture
def scheduled(db):
    return make_cohort(kind=CohortKind.SCHEDULED, time_zone="Asia/Makassar")


def due(cohort, code: str, delta: timedelta, **fields) -> Deadline:
    return Deadline.objects.create(cohort=cohort, activity=activity_of(cohort.course, code), due_at=NOON + delta, **fields)


def learner_of(cohort, **fields) -> Enrolment:
    return make_enrolment(cohort, person(time_zone="Asia/Makassar", **fields))


# --- a deadline comes near --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=3, minutes=5), None),
        (timedelta(days=3), 3),
        (timedelta(days=1, minutes=5), 3),
        (timedelta(days=1), 1),
        (timedelta(minutes=5), 1),
        (timedelta(0), None),
        (timedelta(minutes=-5), None),
    ],
)
def test_days_left(left, days):
    assert reminders.days_left(NOON + left, NOON) == days


def test_three_days_and_one_day_before_a_deadline_each_learner_is_reminded_once(scheduled, clock):
    due(scheduled, "M1-KUIS", timedelta(days=3, hours=-2))
    enrolment = learner_of(scheduled)
    for _ in range(3):
        plan_reminders()
    delivering.deliver_waiting()
    clock.move_to(NOON + timedelta(days=2))
    for _ in range(3):
        plan_reminders()
    delivering.deliver_waiting()
    sent = list(Message.objects.order_by("pk").values_list("dedupe_key", "status"))
    activity = activity_of(scheduled.course, "M1-KUIS").pk
    assert sent == [
        (f"remind:deadline_near:{enrolment.pk}:{activity}:2026-11-24:email", "sent"),
        (f"remind:deadline_near:{enrolment.pk}:{activity}:2026-11-26:email", "sent"),
    ]


def test_the_letter_names_the_thing_the_moment_in_the_recipients_zone_and_the_page(scheduled):
    deadline = due(scheduled, "M1-KUIS", timedelta(hours=25, minutes=-70))  # 24 Nov 05.00 UTC + 23 h 50 = 25 Nov 04.50 UTC
    learner_of(scheduled, name="Nur'aini")
    reminders.plan()
    delivering.deliver_waiting()
    mail = DemoMail.objects.get()
    assert mail.subject == "Kuis Modul 1 ditutup besok pukul 12.50 WITA"
    assert "Halo Nur'aini," in mail.body
    assert "Tenggatnya Rabu, 25 November 2026 pukul 12.50 WITA." in mail.body
    step = structure.of_cohort(scheduled).by_activity[deadline.activity_id]
    assert f"Buka: {live.PUBLIC_URL}{step.url}" in mail.body
    assert "Mengapa saya menerima ini?" in mail.body and "/pemberitahuan/pengaturan/" in mail.body


@pytest.mark.parametrize("state", ["completed", "submitted", "failed"])
def test_who_has_nothing_left_to_do_is_not_reminded(scheduled, state):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    control, done = learner_of(scheduled), learner_of(scheduled)
    make_progress(control, "M1-KUIS", state=ProgressState.STARTED)
    make_progress(done, "M1-KUIS", state=state)
    reminders.plan()
    assert planned() == [("deadline_near", control.pk)]


@pytest.mark.parametrize(
    "leave",
    [
        lambda e: Enrolment.objects.filter(pk=e.pk).update(status="withdrawn"),
        lambda e: Enrolment.objects.filter(pk=e.pk).update(status="completed", completed_at=NOON),
        lambda e: type(e.learner).objects.filter(pk=e.learner_id).update(is_active=False),
        lambda e: type(e.learner).objects.filter(pk=e.learner_id).update(suspended_at=NOON),
    ],
    ids=["withdrawn", "completed", "inactive", "suspended"],
)
def test_who_left_is_neither_planned_nor_sent_what_was_planned(scheduled, leave):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    control, first = learner_of(scheduled), learner_of(scheduled)
    reminders.plan()
    leave(first)
    second = learner_of(scheduled)
    leave(second)
    reminders.plan()
    assert planned() == [("deadline_near", control.pk), ("deadline_near", first.pk)]
    delivering.deliver_waiting()
    assert Message.objects.get(context__enrolment=first.pk).status == "cancelled"
    assert DemoMail.objects.get().to == control.learner.email


def test_what_is_done_between_planning_and_sending_is_not_sent(scheduled):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    enrolment = learner_of(scheduled)
    reminders.plan()
    make_progress(enrolment, "M1-KUIS", state=ProgressState.SUBMITTED)
    delivering.deliver_waiting()
    message = Message.objects.get()
    assert (message.status, message.note) == ("cancelled", "Sudah tidak perlu: keadaan berubah sebelum dikirim.")
    assert DemoMail.objects.count() == 0


def test_a_moved_deadline_cancels_the_old_reminder_and_asks_for_a_new_one(scheduled, clock):
    deadline = due(scheduled, "M1-KUIS", timedelta(days=2))
    learner_of(scheduled)
    reminders.plan()
    Deadline.objects.filter(pk=deadline.pk).update(due_at=NOON + timedelta(days=9))
    delivering.deliver_waiting()
    assert Message.objects.get().status == "cancelled"
    clock.move_to(NOON + timedelta(days=7))
    reminders.plan()
    assert Message.objects.count() == 2


def test_a_personal_deadline_counts_instead_of_the_cohorts(scheduled):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    later, sooner = learner_of(scheduled), learner_of(scheduled)
    make_progress(later, "M1-KUIS", state=ProgressState.STARTED, due_at=NOON + timedelta(days=9))
    make_progress(sooner, "M1-TUGAS", state=ProgressState.STARTED, due_at=NOON + timedelta(days=1))
    reminders.plan()
    assert planned() == [("deadline_near", sooner.pk), ("deadline_near", sooner.pk)]
    delivering.deliver_waiting()
    assert DemoMail.objects.count() == 2


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_a_cohort_that_is_not_running_reminds_nobody(scheduled, status):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    learner_of(scheduled)
    type(scheduled).objects.filter(pk=scheduled.pk).update(status=status)
    assert reminders.plan() == 0


def test_a_reminder_planned_at_night_is_due_at_eight_and_too_late_ones_are_dropped(scheduled, clock):
    clock.move_to(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))  # 22.00 WITA
    enrolment = learner_of(scheduled)
    Deadline.objects.create(cohort=scheduled, activity=activity_of(scheduled.course, "M1-KUIS"), due_at=NOON + timedelta(days=2))
    Deadline.objects.create(cohort=scheduled, activity=activity_of(scheduled.course, "M2-KUIS"), due_at=NOON + timedelta(hours=18))
    reminders.plan()
    at_eight = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert set(Message.objects.values_list("due_at", flat=True)) == {at_eight}
    clock.move_to(at_eight)
    delivering.deliver_waiting()
    assert sorted(Message.objects.values_list("status", flat=True)) == ["cancelled", "sent"]
    assert enrolment.learner.email == DemoMail.objects.get().to


def test_more_deadlines_than_the_weekly_budget_send_three(scheduled):
    for code in ("M1-KUIS", "M1-TUGAS", "M2-KUIS", "M2-TUGAS", "M3-KUIS"):
        due(scheduled, code, timedelta(days=2))
    learner_of(scheduled)
    reminders.plan()
    delivering.deliver_waiting()
    assert sorted(Message.objects.values_list("status", flat=True)) == ["queued"] * 2 + ["sent"] * 3


# --- a module lies idle -----------------------------------------------------------------------------------------------
def age(enrolment: Enrolment, days: float) -> None:
    """As if everything of this enrolment had happened that many days ago."""
    moment = NOON - timedelta(days=days)
    Enrolment.objects.filter(pk=enrolment.pk).update(joined_at=moment, requested_at=moment)
    Progress.objects.filter(enrolment=enrolment).update(updated_at=moment)


@pytest.mark.parametrize(("days", "reminded"), [(6.9, False), (7, True), (30, True)])
def test_seven_days_without_a_step_forward(db, days, reminded):
    enrolment = make_enrolment()
    make_progress(enrolment, "ORIENTASI")
    make_progress(enrolment, "TES-AWAL")
    make_progress(enrolment, "M1.1")
    age(enrolment, days)
    for _ in range(2):
        reminders.plan()
    assert planned() == ([("module_unfinished", enrolment.pk)] if reminded else [])
    delivering.deliver_waiting()
    assert [m.subject for m in DemoMail.objects.all()] == (["Lanjutkan Modul 1: Judul modul 1"] if reminded else [])
    if reminded:
        assert "Pelajaran 1.2 (30 menit)." in DemoMail.objects.get().body


def test_who_joined_and_never_began_is_reminded_of_the_first_step(db):
    enrolment = make_enrolment()
    age(enrolment, 8)
    reminders.plan()
    delivering.deliver_waiting()
    assert "langkah" in DemoMail.objects.get().body.lower() and "Orientasi" in DemoMail.objects.get().body


def test_a_step_forward_before_sending_cancels_the_idle_reminder(db):
    enrolment = make_enrolment()
    age(enrolment, 8)
    reminders.plan()
    make_progress(enrolment, "ORIENTASI")
    delivering.deliver_waiting()
    assert Message.objects.get().status == "cancelled"


def test_nothing_left_for_the_learner_is_no_pause(db):
    enrolment, waiting = make_enrolment(), make_enrolment()
    for one in (enrolment, waiting):
        do_everything(one)
    Progress.objects.filter(enrolment=waiting, activity__code="M3-TUGAS").update(state="submitted", completed_at=None)
    for one in (enrolment, waiting):
        age(one, 10)
    assert reminders.plan() == 0


def test_a_new_pause_is_a_new_occasion(db, clock):
    enrolment = make_enrolment()
    age(enrolment, 8)
    reminders.plan()
    clock.move_to(NOON + timedelta(days=1))
    make_progress(enrolment, "ORIENTASI")
    clock.move_to(NOON + timedelta(days=9))
    reminders.plan()
    assert Message.objects.count() == 2


# --- returned work waits ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "reminded"), [(2.9, False), (3, True)])
def test_returned_work_is_called_to_mind_after_three_days(db, days, reminded):
    enrolment = make_enrolment()
    make_progress(enrolment, "M1-TUGAS", state=ProgressState.RETURNED)
    age(enrolment, days)
    for _ in range(2):
        reminders.plan()
    assert planned() == ([("revision_waiting", enrolment.pk)] if reminded else [])
    delivering.deliver_waiting()
    assert [m.subject for m in DemoMail.objects.all()] == (["Tugas Modul 1 menunggu perbaikan Anda"] if reminded else [])


def test_work_handed_in_again_before_sending_cancels_the_reminder(db):
    enrolment = make_enrolment()
    row = make_progress(enrolment, "M1-TUGAS", state=ProgressState.RETURNED)
    age(enrolment, 4)
    reminders.plan()
    Progress.objects.filter(pk=row.pk).update(state=ProgressState.SUBMITTED, updated_at=timezone.now())
    delivering.deliver_waiting()
    assert Message.objects.get().status == "cancelled"


# --- cost and faults --------------------------------------------------------------------------------------------------
def test_planning_costs_the_same_for_one_learner_and_for_three(scheduled):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    costs = []
    for wanted in (1, 3):
        while Enrolment.objects.count() < wanted:
            enrolment = learner_of(scheduled)
            make_progress(enrolment, "M1-TUGAS", state=ProgressState.RETURNED)
            age(enrolment, 10)
        Message.objects.all().delete()
        reminders.plan()
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as taken:
            reminders.plan()
        costs.append(len(taken))
        assert Message.objects.count() == 3 * wanted
    assert costs[0] == costs[1]


@pytest.mark.concurrency
def test_two_planners_at_once_queue_each_occasion_once(in_parallel, clock):
    cohort = make_cohort(kind=CohortKind.SCHEDULED)
    due(cohort, "M1-KUIS", timedelta(days=2))
    enrolments = [learner_of(cohort) for _ in range(5)]
    results = in_parallel(8, lambda _: reminders.plan())
    assert not [r for r in results if isinstance(r, Exception)]
    assert planned() == sorted(("deadline_near", e.pk) for e in enrolments)


def test_the_ledgers_check_finds_a_reminder_sent_after_it_was_done(scheduled):
    due(scheduled, "M1-KUIS", timedelta(days=2))
    enrolment = learner_of(scheduled)
    reminders.plan()
    delivering.deliver_waiting()
    assert invariants.reminders_before_done() == []
    make_progress(enrolment, "M1-KUIS", completed_at=timezone.now() - timedelta(hours=1))
    assert len(invariants.reminders_before_done()) == 1
