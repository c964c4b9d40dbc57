"""Real workers on a real broker, killed in the middle; a real mail server that takes a mail and never answers."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from audit.invariants import TRACES, broken
from audit.models import Entry
from certificates import tasks as certificate_tasks
from certificates.models import Certificate, CertificateFile, NumberSequence
from cohorts.models import CohortKind, Deadline
from cohorts.tasks import plan_reminders
from linimasa import broker, invariants
from linimasa.supervisor import dies_with_parent
from notifications import delivering, outbox, tasks
from notifications.models import Message
from tests import smtp
from tests.factories.accounts import client_of, person
from tests.factories.certificates import completed_enrolment
from tests.factories.cohorts import activity_of, make_cohort, make_enrolment
from tests.fixtures import database
from tests.portal import Process, environment_of, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 11.00 WIB, 13.00 WIT
SEED = 20261124
CHILDREN = 2
_names = itertools.count(1)


@pytest.fixture
def noon() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def mail_server(settings: Any) -> Iterator[smtp.Server]:
    settings.EMAIL_BACKEND = "notifications.channels.email.OutboxBackend"
    with smtp.running() as server:
        settings.EMAIL_URL = server.url
        yield server


@pytest.fixture
def start(real_broker: object, noon: object, mail_server: smtp.Server) -> Iterator[Callable[[], Process]]:
    """Start one more worker, with this test's clock, broker, database and mail server."""
    started: list[Process] = []

    def one() -> Process:
        name = f"fault{next(_names)}"
        words = ["worker", "--hostname", f"{name}@%h", "--loglevel", "INFO", "--concurrency", str(CHILDREN)]
        command = [sys.executable, "-m", "tests.faults.clocked", timezone.now().isoformat(), *words, "--without-gossip", "--without-mingle"]
        worker = Process(name, command, environment_of(settings.DATA, EMAIL_URL=mail_server.url, **database()), settings.DATA)
        started.append(worker)
        wait_until(lambda: " ready." in worker.told() or worker.process.poll() is not None, 60, what="worker ready")
        assert worker.process.poll() is None, worker.told()[-4000:]
        return worker

    yield one
    for worker in started:
        worker.kill()


def reminders(count: int) -> None:
    """One learner each, one deadline, planned by the real planner."""
    cohort = make_cohort(kind=CohortKind.SCHEDULED)
    Deadline.objects.create(cohort=cohort, activity=activity_of(cohort.course, "M1-KUIS"), due_at=NOON + timedelta(days=2))
    agency = person().agency
    for _ in range(count):
        make_enrolment(cohort, person(agency=agency))
    plan_reminders()
    assert Message.objects.filter(is_reminder=True, status="queued").count() == count


def kill_in_the_middle(start: Callable[[], Process], server: smtp.Server, rounds: int, most: int) -> int:
    """Kill a worker just after the server took a mail and before it answered, ``rounds`` times. How many mails were interrupted."""
    chance = random.Random(SEED)
    interrupted = 0
    for _ in range(rounds):
        worker = start()
        server.hold_after(chance.randint(1, most))
        tasks.deliver_waiting.delay()
        for message_id in Message.objects.filter(status="queued").values_list("pk", flat=True):
            tasks.deliver.delay(message_id)
        assert server.holding.wait(30), worker.told()[-4000:]
        worker.kill()
        server.answer_again()
        interrupted += pass_the_time()
    return interrupted


def pass_the_time() -> int:
    """Nobody is alive: what is still SENDING was interrupted. As if it had lain there for longer than any delivery takes."""
    left = Message.objects.filter(status="sending", claimed_at__gt=timezone.now() - delivering.ABANDONED_AFTER)
    return left.update(claimed_at=F("claimed_at") - delivering.ABANDONED_AFTER - timedelta(seconds=1))


def sweep_until_settled(seconds: float) -> None:
    def settled() -> bool:
        tasks.deliver_waiting.delay()
        wait_until(lambda: not Message.objects.filter(status__in=["queued", "sending"], due_at__lte=timezone.now()).exists(), 2)
        return True

    def patient() -> bool:
        try:
            return settled()
        except AssertionError:
            return False

    wait_until(patient, seconds, what="every message settled")


def counts() -> dict[str, int]:
    rows = Message.objects.values_list("status", flat=True)
    return {status: list(rows).count(status) for status in set(rows)}


def no_reminder_twice(start: Callable[[], Process], server: smtp.Server, count: int, rounds: int) -> None:
    reminders(count)
    interrupted = kill_in_the_middle(start, server, rounds, max(2, count // (2 * rounds)))
    start()
    sweep_until_settled(60 + count / 4)
    assert rounds <= interrupted <= rounds * CHILDREN
    assert counts() == {"sent": count - interrupted, "unknown": interrupted}
    assert len(set(server.ids())) == len(server.ids()), "A reminder was sent twice."
    arrived = set(server.ids())
    ids = {
        status: {f"<{m}@linimasa>" for m in Message.objects.filter(status=status).values_list("message_id", flat=True)}
        for status in counts()
    }
    assert ids["sent"] <= arrived <= ids["sent"] | ids["unknown"]
    assert [rows for one, rows in invariants.broken() if one.number == 10] == []


def test_workers_killed_in_the_middle_send_no_reminder_twice(start, mail_server):
    no_reminder_twice(start, mail_server, count=30, rounds=2)


@pytest.mark.soak
def test_workers_killed_in_the_middle_of_500_reminders_send_none_twice(start, mail_server):
    no_reminder_twice(start, mail_server, count=500, rounds=8)


def test_codes_interrupted_by_a_killed_worker_arrive_with_the_same_id(start, mail_server):
    for number in range(8):
        send_mail("Kode masuk", f"Kode Anda {number}", None, [f"orang{number}@contoh.go.id"])
    interrupted = kill_in_the_middle(start, mail_server, rounds=1, most=3)
    start()
    sweep_until_settled(60)
    assert counts() == {"sent": 8} and interrupted >= 1
    ids = mail_server.ids()
    assert set(ids) == {f"<{m}@linimasa>" for m in Message.objects.values_list("message_id", flat=True)}
    assert 8 < len(ids) <= 8 + interrupted, "Only what was interrupted comes again."


def every_certificate_once(start: Callable[[], Process], count: int, rounds: int) -> None:
    cohort = make_cohort()
    enrolments = sorted(completed_enrolment(cohort=cohort).pk for _ in range(count))
    chance = random.Random(SEED)
    for number in range(rounds):
        worker = start()
        for enrolment_id in enrolments:
            certificate_tasks.issue.delay(enrolment_id)
        enough = (number + 1) * count // (rounds + 2) + chance.randint(0, 2)
        wait_until(lambda: Certificate.objects.count() >= enough, 60, what="some certificates")  # noqa: B023 - waited for right here
        worker.kill()
    start()
    certificate_tasks.issue_missing.delay()
    certificate_tasks.make_missing_files.delay()
    wait_until(lambda: CertificateFile.objects.count() == count, 60 + count, what="all files")
    assert sorted(Certificate.objects.values_list("enrolment_id", flat=True)) == enrolments
    assert sorted(Certificate.objects.values_list("order", flat=True)) == list(range(1, count + 1))
    assert NumberSequence.objects.get().last == count
    assert Entry.objects.filter(action="certificate.issued").count() == count
    assert Message.objects.filter(kind="certificate_issued").count() == count
    assert [rows for one, rows in invariants.broken() if one.number in {8, 9}] == []
    assert broken(TRACES[0]) == []


def test_workers_killed_in_the_middle_issue_every_certificate_once(start):
    every_certificate_once(start, count=12, rounds=2)


@pytest.mark.soak
def test_workers_killed_in_the_middle_of_200_certificates_issue_each_once(start):
    every_certificate_once(start, count=200, rounds=6)


def test_a_flushed_broker_loses_nothing(start, mail_server):
    for number in range(5):
        outbox.enqueue("join_declined", to=person(), dedupe_key=f"test:{number}", context={"course": "Kursus", "cohort": "Angkatan"})
    for message_id in Message.objects.values_list("pk", flat=True):
        tasks.deliver.delay(message_id)
    redis.Redis.from_url(settings.BROKER_URL).flushall()
    start()
    tasks.deliver_waiting.delay()  # what beat does every 30 seconds
    wait_until(lambda: counts() == {"sent": 5}, 30, what="the sweeper")
    assert len(set(mail_server.ids())) == len(mail_server.ids()) == 5


def test_a_broker_that_dies_and_comes_back_loses_nothing(start, real_broker, mail_server):
    worker = start()
    real_broker.kill()
    real_broker.wait(10)
    began = time.monotonic()
    who = person()
    browser = client_of(who)
    for number in range(5):
        outbox.enqueue("join_declined", to=who, dedupe_key=f"test:{number}", context={"course": "Kursus", "cohort": "Angkatan"})
        assert browser.get("/pemberitahuan/").status_code == 200
    answer = browser.post("/pemberitahuan/pengaturan/", {"weekly_budget": "2"})
    assert answer.status_code == 302 and time.monotonic() - began < 5, "A broker that is away never stalls a page."
    assert counts() == {"queued": 5}
    shutil.rmtree(settings.DATA / "broker", ignore_errors=True)  # it comes back empty
    again = broker.start(settings.DATA / "broker.log", before_exec=dies_with_parent)
    try:
        until = time.monotonic() + 60
        while counts() != {"sent": 5} and time.monotonic() < until:
            with contextlib.suppress(OperationalError):
                tasks.deliver_waiting.delay()  # what beat does every 30 seconds
            time.sleep(1)
        assert counts() == {"sent": 5}, worker.told()[-3000:]
    finally:
        worker.kill()
        again.terminate()
        again.wait(10)
    assert len(set(mail_server.ids())) == len(mail_server.ids()) == 5


def test_tasks_delivered_three_times_and_two_beats_tell_once(start, mail_server):
    reminders(5)
    start()
    start()
    for _ in range(3):
        for message_id in Message.objects.values_list("pk", flat=True):
            tasks.deliver.delay(message_id)
    for _ in range(2):
        plan_reminders.delay()
        tasks.deliver_waiting.delay()
    wait_until(lambda: counts() == {"sent": 5}, 30, what="all sent")
    assert len(set(mail_server.ids())) == len(mail_server.ids()) == 5
