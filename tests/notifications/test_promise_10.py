"""Promise 10 in the moment of sending: never twice, never when done, never to suspended people, by day, within the budget."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications import budget, delivering, invariants, preferring
from notifications.models import DemoMail, Message
from tests.factories.accounts import person
from tests.factories.notifications import NOTICE, REMINDER, make_message

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def settled(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.status, message.note


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda m: Message.objects.filter(pk=m.pk).update(context={"done": True}), "Sudah tidak perlu: keadaan berubah sebelum dikirim."),
        (lambda m: type(m.recipient).objects.filter(pk=m.recipient_id).update(is_active=False), "Akun penerima tidak aktif."),
        (lambda m: type(m.recipient).objects.filter(pk=m.recipient_id).update(suspended_at=NOON), "Akun penerima tidak aktif."),
        (lambda m: preferring.mute(m.recipient, REMINDER.name), "Penerima mematikan pengingat ini."),
        (
            lambda m: preferring.choose(m.recipient, muted_kinds=[], weekly_budget=0, by=m.recipient),
            "Penerima tidak menghendaki pengingat.",
        ),
    ],
    ids=["done", "inactive", "suspended", "muted", "no budget"],
)
def test_a_reminder_is_cancelled_right_before_it_leaves(db, change, note):
    control, message = make_message(person(), kind=REMINDER), make_message(person(), kind=REMINDER)
    change(message)
    assert (delivering.deliver(control.pk), delivering.deliver(message.pk)) == ("sent", None)
    assert settled(message) == ("cancelled", note)
    assert DemoMail.objects.get().to == control.address


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("hour", "minute", "leaves"),
    [(0, 0, False), (7, 59, False), (8, 0, True), (17, 54, True), (17, 55, False), (18, 0, False), (23, 59, False)],
)
def test_a_reminder_leaves_only_in_the_recipients_daytime(db, clock, zone, hour, minute, leaves):
    clock.move_to(datetime(2026, 11, 24, hour, minute, 30, tzinfo=UTC) - timedelta(hours=ZONES[zone]))
    reminder = make_message(person(time_zone=zone), kind=REMINDER)
    notice = make_message(person(time_zone=zone))
    assert delivering.deliver(notice.pk) == "sent", "Codes, resets and certificates are no reminders."
    assert delivering.deliver(reminder.pk) == ("sent" if leaves else None)
    reminder.refresh_from_db()
    if not leaves:
        day = 24 if hour < 8 else 25
        assert reminder.due_at == datetime(2026, 11, day, 8, tzinfo=UTC) - timedelta(hours=ZONES[zone])
        clock.move_to(reminder.due_at)
        assert delivering.deliver(reminder.pk) == "sent"
    assert invariants.reminders_by_day() == []


def test_moving_to_another_zone_moves_the_daytime(db, clock):
    clock.move_to(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))  # 06.30 WIB, 08.30 WIT
    who = person(time_zone="Asia/Jakarta")
    message = make_message(who, kind=REMINDER)
    assert delivering.deliver(message.pk) is None
    who.time_zone = "Asia/Jayapura"
    who.save()
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    assert delivering.deliver(message.pk) == "sent"
    message.refresh_from_db()
    assert message.zone == "Asia/Jayapura"


def test_the_fourth_reminder_of_a_week_waits_until_the_first_is_seven_days_old(db, clock):
    who = person()
    reminders = [make_message(who, kind=REMINDER) for _ in range(4)]
    assert [delivering.deliver(m.pk) for m in reminders] == ["sent", "sent", "sent", None]
    assert settled(reminders[3]) == ("queued", "Ditunda: jatah pengingat pekan ini sudah terpakai.")
    clock.move_to(NOON + timedelta(days=6, hours=23))
    Message.objects.filter(pk=reminders[3].pk).update(due_at=timezone.now())
    assert delivering.deliver(reminders[3].pk) is None
    reminders[3].refresh_from_db()
    assert NOON + timedelta(days=7) < reminders[3].due_at < NOON + timedelta(days=7, minutes=10)
    clock.move_to(reminders[3].due_at)
    assert delivering.deliver(reminders[3].pk) == "sent"
    assert invariants.reminders_within_budget() == []


@pytest.mark.parametrize(
    ("status", "age", "counts"),
    [
        ("sent", timedelta(days=6, hours=23), True),
        ("sent", timedelta(days=7, minutes=1), False),
        ("unknown", timedelta(days=6, hours=23), True),
        ("unknown", timedelta(days=7, hours=1), False),
        ("sending", timedelta(seconds=5), True),
        ("cancelled", timedelta(days=1), False),
        ("failed", timedelta(days=1), False),
        ("queued", timedelta(seconds=1), False),
    ],
)
def test_what_counts_against_the_budget(db, status, age, counts):
    who = person()
    make_message(who, kind=REMINDER, status=status, at=timezone.now() - age)
    make_message(who, kind=NOTICE, status="sent")
    make_message(person(), kind=REMINDER, status="sent")
    assert len(budget.spent(who.pk, timezone.now())) == int(counts)


def test_codes_and_notices_know_no_budget(db):
    who = person()
    preferring.choose(who, muted_kinds=[], weekly_budget=0, by=who)
    assert [delivering.deliver(make_message(who).pk) for _ in range(5)] == ["sent"] * 5


@pytest.mark.concurrency
def test_fifty_parallel_deliveries_of_ten_reminders_send_no_more_than_the_budget(in_parallel):
    who = person()
    reminders = [make_message(who, kind=REMINDER) for _ in range(10)]
    results = in_parallel(50, lambda n: delivering.deliver(reminders[n % 10].pk))
    assert not [r for r in results if isinstance(r, Exception)]
    assert results.count("sent") == DemoMail.objects.count() == Message.objects.filter(status="sent").count() == 3
    assert Message.objects.filter(status="queued").count() == 7
    assert invariants.reminders_within_budget() == []


@pytest.mark.concurrency
def test_fifty_parallel_deliveries_of_one_message_send_it_once(in_parallel, mail_server):
    message = make_message(person(email="slow.sari@contoh.go.id"))
    results = in_parallel(50, lambda _: delivering.deliver(message.pk))
    assert results.count("sent") == 1 and results.count(None) == 49
    assert mail_server.ids() == [f"<{message.message_id}@linimasa>"]


def test_the_checks_of_the_ledger_find_what_is_broken(db):
    who = person()
    night = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 22.00 WIB
    late = make_message(who, kind=REMINDER, status="sent", at=night)
    many = [make_message(who, kind=REMINDER, status="sent", at=NOON - timedelta(minutes=n)) for n in range(4)]
    suspended = person(suspended_at=NOON - timedelta(days=1))
    banned = make_message(suspended, kind=REMINDER, status="sent", at=NOON)
    leak = make_message(who, status="sent", body="Kode 123456")
    Message.objects.filter(pk=leak.pk).update(kind="account_mail")
    assert [row.split(":")[0] for row in invariants.reminders_by_day()] == [f"Message {late.pk}"]
    assert [row.split(":")[0] for row in invariants.reminders_within_budget()] == [f"Message {m.pk}" for m in (many[1], many[0])]
    assert [row.split(":")[0] for row in invariants.no_reminder_to_suspended_people()] == [f"Message {banned.pk}"]
    assert [row.split(":")[0] for row in invariants.secrets_are_wiped()] == [f"Message {leak.pk}"]
