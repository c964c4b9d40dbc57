import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as live
from django.core.mail import send_mail
from django.utils import timezone

from notifications import delivering, kinds, tasks
from notifications.channels.smtp import Server, SmtpTransport, server_of
from notifications.channels.transport import Letter, NotAccepted, OutcomeUnknown
from notifications.kinds import Kind
from notifications.models import DemoMail, Message
from tests import smtp
from tests.factories.accounts import person
from tests.factories.notifications import NOTICE, REMINDER, make_message

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12.00 WIB, 13.00 WITA, 14.00 WIT


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.status


# --- what the letter says ---------------------------------------------------------------------------------------------
def test_a_notice_is_written_in_the_recipients_zone_and_kept_for_the_inbox(db):
    message = make_message(person(name="Nur'aini", time_zone="Asia/Jayapura"), context={"number": 7, "path": "/beranda/"})
    assert delivering.deliver(message.pk) == "sent"
    mail = DemoMail.objects.get()
    assert (mail.message_id, mail.to, mail.subject) == (f"{message.message_id}@linimasa", message.address, "Catatan 7")
    assert "Halo Nur'aini, ini catatan & sebuah “kutipan” pada Selasa, 24 November 2026 pukul 13.59 WIT." in mail.body
    assert f"Buka: {live.PUBLIC_URL}/beranda/" in mail.body
    assert "Mengapa saya menerima ini?" not in mail.body
    message.refresh_from_db()
    assert (message.status, message.subject, message.tries) == ("sent", "Catatan 7", 1)
    assert message.body.startswith("Halo Nur'aini") and message.sent_at is not None


def test_a_reminder_says_why_and_how_to_stop_it(db, mail_server):
    message = make_message(person(), kind=REMINDER)
    assert delivering.deliver(message.pk) == "sent"
    mail = mail_server.taken[0].mail
    assert mail["Message-ID"] == f"<{message.message_id}@linimasa>"
    assert mail["List-Unsubscribe"].startswith(f"<{live.PUBLIC_URL}/pemberitahuan/berhenti/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "Mengapa saya menerima ini? Ini sebuah uji." in text
    assert f"{live.PUBLIC_URL}/pemberitahuan/pengaturan/" in text


def test_the_text_of_a_code_is_wiped_once_it_has_left(db):
    person(email="siti@sikkakab.go.id")
    send_mail("Kode masuk", "Kode Anda 123456", None, ["siti@sikkakab.go.id"])
    message = Message.objects.get()
    assert delivering.deliver(message.pk) == "sent"
    message.refresh_from_db()
    assert (message.subject, message.body) == ("Kode masuk", "")
    assert "Kode Anda 123456" in DemoMail.objects.get().body


def test_the_text_of_a_code_is_wiped_when_it_was_refused_for_good(db, mail_server):
    send_mail("Kode masuk", "Kode Anda 123456", None, ["refuse.siti@contoh.go.id"])
    message = Message.objects.get()
    assert delivering.deliver(message.pk) == "failed"
    message.refresh_from_db()
    assert (message.body, message.note) == ("", "Server surel menjawab 550: 5.1.1 tidak ada kotak itu")


# --- what the server answers ------------------------------------------------------------------------------------------
def test_a_refusal_for_now_waits_longer_each_time_and_ends(db, mail_server, noon):
    message = make_message(person(email="busy.budi@contoh.go.id"))
    waits = []
    while delivering.deliver(message.pk) == "queued":
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds()))
        assert message.note == "Server surel menjawab 451: 4.3.0 coba lagi nanti"
        noon.move_to(message.due_at + timedelta(seconds=1))
    assert waits == list(delivering.RETRY_AFTER)
    message.refresh_from_db()
    assert (message.status, message.tries) == ("failed", delivering.MOST_TRIES)


def test_a_server_that_is_away_costs_no_try_and_ends_the_round(db, settings):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{_closed_port()}"
    first, second = make_message(person()), make_message(person())
    assert delivering.deliver_waiting() == 0
    for message, waiting in ((first, True), (second, False)):
        message.refresh_from_db()
        assert (message.status, message.tries) == ("queued", 0)
        assert (message.due_at > timezone.now()) is waiting
    assert "tidak terjangkau" in Message.objects.get(pk=first.pk).note


def _closed_port() -> int:
    with smtp.running() as server:
        return server.port


def test_a_notice_whose_outcome_is_unknown_is_sent_again_with_the_same_id(db, mail_server, noon):
    message = make_message(person(email="drop.dian@contoh.go.id"))
    assert delivering.deliver(message.pk) == "queued"
    noon.shift(timedelta(minutes=1))
    assert delivering.deliver(message.pk) == "queued"
    assert mail_server.ids() == [f"<{message.message_id}@linimasa>"] * 2


def test_a_reminder_whose_outcome_is_unknown_says_so_and_is_never_sent_again(db, mail_server, noon):
    message = make_message(person(email="drop.dian@contoh.go.id"), kind=REMINDER)
    assert delivering.deliver(message.pk) == "unknown"
    noon.shift(timedelta(days=1))
    assert delivering.deliver(message.pk) is None
    delivering.settle_abandoned()
    delivering.deliver_waiting()
    assert state(message) == "unknown"
    assert mail_server.ids() == [f"<{message.message_id}@linimasa>"]


def test_a_reminder_whose_line_broke_before_the_data_was_certainly_not_sent(db, mail_server):
    message = make_message(person(email="vanish.vera@contoh.go.id"), kind=REMINDER)
    assert delivering.deliver(message.pk) == "queued"
    assert mail_server.taken == []


def test_a_server_that_never_answers_times_out(db, mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.3
    notice = make_message(person(email="hang.hadi@contoh.go.id"))
    reminder = make_message(person(email="hang.hani@contoh.go.id"), kind=REMINDER)
    assert (delivering.deliver(notice.pk), delivering.deliver(reminder.pk)) == ("queued", "unknown")


def test_one_poison_message_never_holds_up_the_others(db, mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.3
    kinds.register(Kind("test_broken", "messages/test_broken", "Rusak"))
    kinds.register(Kind("test_facts", "messages/test_note", "Rusak", facts=lambda message: {"x": 1 / 0}))
    kinds.register(Kind("test_lost", "messages/no_such_template", "Rusak"))
    poison = [
        make_message(person(email="hang.a@contoh.go.id")),
        make_message(person(email="drop.b@contoh.go.id")),
        make_message(person(email="vanish.c@contoh.go.id")),
        make_message(person(email="refuse.d@contoh.go.id")),
        make_message(person(email="busy.e@contoh.go.id")),
        *(make_message(person(), kind=kinds.get(name)) for name in ("test_broken", "test_facts", "test_lost")),
    ]
    strange = make_message(person())
    Message.objects.filter(pk=strange.pk).update(kind="kind_that_is_gone")
    good = [make_message(person(email=f"baik{n}@contoh.go.id")) for n in range(3)]
    delivering.deliver_waiting()
    assert [state(message) for message in good] == ["sent"] * 3
    assert [state(message) for message in poison] == ["queued"] * 3 + ["failed", "queued"] + ["failed"] * 3
    assert state(strange) == "failed"


def test_an_address_that_no_mail_can_carry_fails_alone(db, mail_server):
    message = make_message(person())
    Message.objects.filter(pk=message.pk).update(address="dian@contoh.go.id\r\nBcc: semua@contoh.go.id")
    assert delivering.deliver(message.pk) == "failed"
    assert mail_server.taken == []


def test_the_sweep_uses_one_connection_and_sends_codes_before_reminders(db, mail_server):
    reminder = make_message(person(), kind=REMINDER, at=timezone.now() - timedelta(hours=1))
    notices = [make_message(person()) for _ in range(3)]
    assert delivering.deliver_waiting() == 4
    assert mail_server.ids() == [f"<{m.message_id}@linimasa>" for m in [*notices, reminder]]
    assert mail_server.connections == 1


def test_the_sweep_stops_in_time_and_goes_on_the_next_time(db, mail_server):
    for n in range(4):
        make_message(person(email=f"slow.{n}@contoh.go.id"))
    assert 1 <= delivering.deliver_waiting(seconds=0.6) <= 3
    delivering.deliver_waiting()
    assert Message.objects.filter(status="sent").count() == 4
    assert len(set(mail_server.ids())) == len(mail_server.ids()) == 4


# --- a worker died ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "becomes"), [(NOTICE, "queued"), (REMINDER, "unknown")])
def test_what_a_dead_worker_left_is_settled_when_nobody_can_still_be_sending(db, kind, becomes):
    old = make_message(person(), kind=kind, status="sending", at=timezone.now() - delivering.ABANDONED_AFTER - timedelta(seconds=1))
    young = make_message(person(), kind=kind, status="sending", at=timezone.now() - delivering.ABANDONED_AFTER + timedelta(seconds=5))
    assert delivering.settle_abandoned() == 1
    assert (state(old), state(young)) == (becomes, "sending")


def test_a_message_that_kills_its_worker_each_time_ends(db):
    message = make_message(person(), status="sending", at=timezone.now() - timedelta(hours=1), tries=delivering.MOST_TRIES)
    delivering.settle_abandoned()
    assert state(message) == "failed"


def test_the_demos_mailbox_takes_the_same_message_once(db):
    message = make_message(person())
    assert delivering.deliver(message.pk) == "sent"
    Message.objects.filter(pk=message.pk).update(status="sending", sent_at=None, claimed_at=timezone.now() - timedelta(hours=1))
    tasks.deliver_waiting()
    assert state(message) == "sent"
    assert DemoMail.objects.count() == 1


def test_a_worker_that_lost_its_claim_does_not_overrule_the_sweeper(db):
    message = make_message(person(), kind=REMINDER)
    claimed = delivering.claim(message.pk)
    delivering.settle_abandoned(now=timezone.now() + timedelta(hours=1))
    assert delivering._settle(claimed, "sent", sent_at=timezone.now()) is None
    assert state(message) == "unknown"


def test_a_task_delivered_three_times_sends_once(db):
    message = make_message(person())
    for _ in range(3):
        tasks.deliver(message.pk)
    tasks.deliver(987654321)
    assert DemoMail.objects.count() == 1


# --- EMAIL_URL --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://surat.example:2525", Server("surat.example", 2525)),
        ("smtp://surat.example", Server("surat.example", 25)),
        ("smtp://a%40b:s%2Fandi@surat.example:587?tls=1", Server("surat.example", 587, "a@b", "s/andi", "starttls")),
        ("smtp://surat.example?ssl=1", Server("surat.example", 465, security="tls")),
        ("smtps://surat.example", Server("surat.example", 465, security="tls")),
    ],
)
def test_email_url_names_the_server(url, server):
    assert server_of(url) == server


@pytest.mark.parametrize("url", ["http://surat.example", "smtp://", "surat.example:25"])
def test_another_email_url_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match="EMAIL_URL harus berbentuk"):
        server_of(url)


def letter(to: str = "dian@contoh.go.id", body: str = "Isi\n") -> Letter:
    return Letter("1@linimasa", "Linimasa <dari@contoh.go.id>", to, "Judul – é", body)


def test_a_body_with_dots_and_signs_arrives_as_it_was():
    body = ".\n..\n.titik di depan\nkalimat “é” –\n"
    with smtp.running() as server:
        way = SmtpTransport(server_of(server.url), timeout=5)
        way.send(letter(body=body))
        way.close()
    assert server.taken[0].mail.get_content().replace("\r\n", "\n") == body
    assert server.taken[0].mail["Subject"] == "Judul – é"


def test_a_line_that_the_server_closed_meanwhile_is_opened_again():
    with smtp.running() as server:
        way = SmtpTransport(server_of(server.url), timeout=5)
        for to in ("drop.a@contoh.go.id", "b@contoh.go.id", "vanish.c@contoh.go.id", "d@contoh.go.id"):
            with contextlib.suppress(NotAccepted, OutcomeUnknown):
                way.send(letter(to))
        way.close()
    assert [one.to for one in server.taken] == ["drop.a@contoh.go.id", "b@contoh.go.id", "d@contoh.go.id"]
