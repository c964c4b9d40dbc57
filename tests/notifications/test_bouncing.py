"""Promises, 4: a provider's 5xx stops the message, marks the contact and tells the coordinator."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.mail import send_mail

from accounts import contacting
from accounts.models import Role, ScopeKind, User
from notifications import delivering
from notifications.channels.smtp import _is_about_address
from notifications.models import Message
from tests.factories.accounts import admin, person, staff
from tests.factories.notifications import NOTICE, REMINDER, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(datetime(2026, 11, 24, 5, 0, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def refused(mail_server) -> User:
    """Someone whose address the server has just refused."""
    who = person(email="refuse.siti@contoh.go.id", name="Siti Aminah")
    who.coordinator = staff(Role.COORDINATOR, ScopeKind.AGENCY, who.agency_id)  # type: ignore[attr-defined]
    staff(Role.COORDINATOR, ScopeKind.AGENCY, person().agency_id)
    assert delivering.deliver(make_message(who).pk) == "failed"
    who.refresh_from_db()
    return who


def test_the_contact_is_marked_and_the_agencys_coordinator_told_once(refused, mail_server):
    told = Message.objects.get(kind="address_refused")
    assert refused.address_refused and told.recipient == refused.coordinator
    send_mail("Kode masuk", "123456", None, [refused.email])
    assert delivering.deliver(Message.objects.get(kind="account_mail").pk) == "failed"
    assert Message.objects.filter(kind="address_refused").count() == 1
    assert delivering.deliver(told.pk) == "sent"
    text = mail_server.taken[-1].mail.get_content()
    assert "Siti Aminah" in text and refused.email not in text and "/instansi/orang/" in text


@pytest.mark.parametrize("kind", [NOTICE, REMINDER])
def test_nothing_but_codes_goes_there_until_it_is_mended(refused, mail_server, kind):
    before = make_message(refused, kind=kind)
    assert delivering.deliver(before.pk) is None
    before.refresh_from_db()
    assert (before.status, before.tries) == ("cancelled", 0) and "ditolak" in before.note
    User.objects.filter(pk=refused.pk).update(email="siti@contoh.go.id")
    refused.refresh_from_db()
    assert delivering.deliver(make_message(refused, kind=kind).pk) == "sent"


def test_after_an_admin_cleared_it_mail_is_tried_again(refused, mail_server):
    contacting.clear_refused(refused, by=admin())
    assert delivering.deliver(make_message(refused).pk) == "failed"


def test_without_a_coordinator_the_admins_are_told(mail_server):
    boss, who = admin(), person(email="refuse.budi@contoh.go.id")
    delivering.deliver(make_message(who).pk)
    assert [one.recipient for one in Message.objects.filter(kind="address_refused")] == [boss]


@pytest.mark.parametrize(
    ("code", "words", "at_recipient", "about"),
    [
        (550, b"5.1.1 tidak ada", True, True),
        (550, b"No such user", True, True),
        (550, b"5.1.1 tidak ada", False, True),
        (552, b"5.2.2 penuh", True, True),
        (550, b"5.7.1 relaying denied", True, False),
        (554, b"5.7.1 spam", False, False),
        (554, b"Message rejected", False, False),
        (530, b"5.7.0 authenticate first", True, False),
        (503, b"bad sequence", True, False),
        (450, b"4.2.1 later", True, False),
    ],
)
def test_only_a_refusal_of_the_mailbox_marks_the_contact(code, words, at_recipient, about):
    assert _is_about_address(code, words, at_recipient) is about
