from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import kinds, outbox
from notifications.kinds import Kind
from notifications.models import Message, MessageStatus
from tests.factories.accounts import person
from tests.factories.notifications import NOTICE, REMINDER


def test_the_same_occasion_is_told_once(db, hinted):
    who = person()
    first = outbox.enqueue(NOTICE.name, to=who, dedupe_key="occasion:1", context={"number": 1})
    again = outbox.enqueue(NOTICE.name, to=who, dedupe_key="occasion:1", context={"number": 2})
    assert again.pk == first.pk
    assert Message.objects.get().context == {"number": 1}


def test_a_rolled_back_act_tells_nothing_and_hints_nothing(transactional_db, hinted):
    who = person()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.enqueue(NOTICE.name, to=who, dedupe_key="occasion:1")
        raise RuntimeError
    assert (Message.objects.count(), hinted) == (0, [])


def test_a_committed_act_hints_the_worker_after_the_commit(transactional_db, hinted):
    who = person()
    with transaction.atomic():
        message = outbox.enqueue(NOTICE.name, to=who, dedupe_key="occasion:1")
        assert hinted == []
    assert hinted == [("notifications.tasks.deliver", (message.pk,))]


def test_what_is_due_later_is_left_to_the_sweeper(transactional_db, hinted):
    outbox.enqueue(NOTICE.name, to=person(), dedupe_key="occasion:1", due_at=timezone.now() + timedelta(hours=1))
    assert hinted == []


def test_an_unregistered_kind_is_refused_before_anything_is_written(db):
    with pytest.raises(kinds.UnknownKind):
        outbox.enqueue("no_such_kind", to=person(), dedupe_key="occasion:1")
    assert Message.objects.count() == 0


def test_a_reminder_without_an_end_cannot_be_registered():
    with pytest.raises(ValueError):
        kinds.register(Kind("endless", "messages/test_note", "Tanpa akhir", is_reminder=True))


def drafts(people, now):
    return [outbox.Draft(REMINDER.name, who, f"remind:{number}", now) for number, who in enumerate(people)]


def test_many_are_queued_once_each(db):
    people, now = [person() for _ in range(3)], timezone.now()
    assert outbox.enqueue_many(drafts(people[:2], now)) == 2
    assert outbox.enqueue_many(drafts(people, now)) == 1
    assert sorted(Message.objects.values_list("recipient_id", flat=True)) == sorted(who.pk for who in people)
    assert Message.objects.filter(is_reminder=True, status=MessageStatus.QUEUED).count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_queueing_costs_the_same_for_any_number_in_a_batch(db, count):
    people = [person() for _ in range(count)]
    with CaptureQueriesContext(connection) as taken:
        outbox.enqueue_many(drafts(people, timezone.now()))
    statements = [q["sql"] for q in taken if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 2


@pytest.mark.concurrency
def test_fifty_parallel_tellings_of_one_occasion_are_one_message(in_parallel, hinted):
    who = person()
    results = in_parallel(50, lambda _: outbox.enqueue(NOTICE.name, to=who, dedupe_key="occasion:1").pk)
    assert set(results) == {Message.objects.get().pk}


def test_djangos_own_mail_goes_into_the_outbox_with_its_owner(db):
    who = person(email="siti@sikkakab.go.id")
    assert send_mail("Kode masuk", "Kode Anda 123456", None, ["Siti@SikkaKab.go.id"]) == 1
    message = Message.objects.get()
    assert (message.recipient, message.kind, message.subject, message.body) == (who, "account_mail", "Kode masuk", "Kode Anda 123456")


def test_mail_to_an_unknown_address_has_no_owner_and_rolls_back_with_its_act(transactional_db):
    send_mail("Kode", "1", None, ["tak.dikenal@contoh.go.id"])
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Kode", "2", None, ["lain@contoh.go.id"])
        raise RuntimeError
    assert list(Message.objects.values_list("address", "recipient")) == [("tak.dikenal@contoh.go.id", None)]
