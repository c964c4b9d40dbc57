import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from audit.models import Entry
from notifications import links, preferring
from notifications.models import DemoMail, Message, Preference
from tests.factories.accounts import client_of, grant, person, second_factor
from tests.factories.notifications import NOTICE, REMINDER, make_message


@pytest.fixture
def who(db):
    return person(time_zone="Asia/Makassar")


@pytest.fixture
def admin(db):
    made = person()
    grant(made, Role.ADMIN)
    second_factor(made)
    return client_of(made)


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)


# --- inbox ------------------------------------------------------------------------------------------------------------
def test_the_inbox_shows_what_reached_me_and_nothing_else(who):
    make_message(who, status="sent", subject="Nilai <b>terbit</b>", body="Buka https://contoh.go.id & baca", context={"path": "/beranda/"})
    make_message(who, status="unknown", subject="Mungkin sampai")
    make_message(who, subject="Masih antre")
    make_message(who, status="cancelled", subject="Dibatalkan")
    make_message(person(), status="sent", subject="Milik orang lain")
    text = client_of(who).get(reverse("notifications:inbox")).content.decode()
    assert "Nilai &lt;b&gt;terbit&lt;/b&gt;" in text and 'href="/beranda/"' in text and "WITA" in text
    assert "Mungkin sampai" in text and "Mungkin tidak sampai" in text
    assert not re.search("Masih antre|Dibatalkan|orang lain", text)


def test_a_path_that_leads_elsewhere_is_no_link(who):
    message = make_message(who, status="sent", context={"path": "//jahat.example"})
    assert message.path == ""


@pytest.mark.parametrize("url", ["notifications:inbox", "notifications:demo_mail"])
def test_lists_cost_the_same_for_any_length(who, url):
    client, costs = client_of(who), []
    for wanted in (1, 3):
        while Message.objects.count() < wanted:
            make_message(who, status="sent", body="Isi")
            DemoMail.objects.create(message_id=f"{wanted}-{Message.objects.count()}", to="a@b.go.id", subject="S", body="B")
        costs.append(statements(client, reverse(url)))
    assert costs[0] == costs[1]


def test_the_ledger_costs_the_same_for_any_length(admin, who):
    costs = []
    for wanted in (1, 3):
        while Message.objects.count() < wanted:
            make_message(person(), kind=REMINDER)
        costs.append(statements(admin, reverse("notifications:ledger")))
    assert costs[0] == costs[1]


# --- preferences ------------------------------------------------------------------------------------------------------
def addresses(who):
    return [reverse("notifications:preferences"), links.preferences_url(who.pk).removeprefix("http://localhost:8000")]


@pytest.mark.parametrize("by_link", [False, True])
def test_preferences_are_shown_by_get_and_changed_by_post(who, by_link):
    client, address = (Client(), addresses(who)[1]) if by_link else (client_of(who), addresses(who)[0])
    page = client.get(address).content.decode()
    assert "Pengingat uji" in page and who.email in page
    assert (Preference.objects.count(), Entry.objects.filter(action="preference.changed").count()) == (0, 0)
    for _ in range(2):
        assert client.post(address, {"weekly_budget": "1"}).status_code == 302
    kept = Preference.objects.get(person=who)
    assert (REMINDER.name in kept.muted_kinds, kept.weekly_budget) == (True, 1)
    entry = Entry.objects.get(action="preference.changed")
    assert entry.actor == (None if by_link else who)


@pytest.mark.parametrize(
    "sent",
    [{}, {"weekly_budget": "8"}, {"weekly_budget": "-1"}, {"weekly_budget": "x" * 1_000_000}, {"weekly_budget": "3", "wanted": "no_such"}],
)
def test_bad_preferences_get_a_sentence_and_change_nothing(who, sent):
    answer = client_of(who).post(reverse("notifications:preferences"), sent)
    assert answer.status_code == 422
    assert Preference.objects.count() == 0


@pytest.mark.parametrize("budget", [-1, 8])
def test_a_budget_out_of_bounds_is_refused(who, budget):
    with pytest.raises(ValueError):
        preferring.choose(who, muted_kinds=[], weekly_budget=budget, by=who)


@pytest.mark.parametrize("name", ["notifications:preferences_by_link", "notifications:unsubscribe"])
def test_a_link_that_is_not_ours_is_unknown(who, name):
    good = links.preferences_url(who.pk).rstrip("/").rpartition("/")[2]
    other = links.unsubscribe_url(who.pk, REMINDER.name).rstrip("/").rpartition("/")[2]
    wrong = other if name.endswith("by_link") else good
    for token in ("x", wrong, wrong[:-1] + ("a" if wrong[-1] != "a" else "b")):
        assert Client().get(reverse(name, args=[token])).status_code == 404
        assert Client().post(reverse(name, args=[token])).status_code == 404


def test_one_post_from_a_mail_program_mutes_the_kind_and_a_get_does_not(who):
    address = links.unsubscribe_url(who.pk, REMINDER.name).removeprefix("http://localhost:8000")
    client = Client(enforce_csrf_checks=True)
    assert client.get(address).status_code == 200
    assert Preference.objects.count() == 0
    for _ in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get(person=who).muted_kinds == [REMINDER.name]
    assert Entry.objects.filter(action="preference.changed").count() == 1


# --- the demo's mailbox -----------------------------------------------------------------------------------------------
@pytest.fixture
def mail(db):
    return DemoMail.objects.create(message_id="1", to="siti@contoh.go.id", subject="Kode masuk", body="Kode Anda <123>")


def test_the_demos_mailbox_is_open_to_all(mail):
    text = Client().get(reverse("notifications:demo_mail"), {"kepada": "siti"}).content.decode()
    assert "Kode masuk" in text and "siti@contoh.go.id" in text
    assert "Kode Anda &lt;123&gt;" in Client().get(reverse("notifications:demo_mail_item", args=[mail.pk])).content.decode()
    assert "Kode masuk" not in Client().get(reverse("notifications:demo_mail"), {"kepada": "budi"}).content.decode()


def test_production_has_no_demo_mailbox(mail, settings):
    settings.PRODUCTION = True
    for address in (reverse("notifications:demo_mail"), reverse("notifications:demo_mail_item", args=[mail.pk])):
        assert Client().get(address).status_code == 404


# --- the ledger -------------------------------------------------------------------------------------------------------
def test_the_ledger_shows_states_and_never_the_text(admin, who):
    make_message(who, kind=REMINDER, status="unknown", note="Terputus.", body="Rahasia isi")
    make_message(person(name="Budi"), kind=REMINDER)
    make_message(who, kind=NOTICE, status="sent")
    answer = admin.get(reverse("notifications:ledger"))
    text = answer.content.decode()
    assert "Terputus." in text and "Rahasia isi" not in text
    assert answer.context["waiting"] == 1 and answer.context["page"].paginator.count == 2
    for query, count in [({"status": "unknown"}, 1), ({"cari": "budi"}, 1), ({"jenis": "semua"}, 3), ({"jenis": NOTICE.name}, 1)]:
        assert admin.get(reverse("notifications:ledger"), query).context["page"].paginator.count == count


@pytest.mark.parametrize("query", [{"status": "x"}, {"jenis": "x"}, {"cari": "x" * 1_000_000}, {"cari": "\x07"}])
def test_a_bad_filter_gets_a_sentence(admin, query):
    assert admin.get(reverse("notifications:ledger"), query).status_code == 422


def test_only_admins_see_the_ledger(who):
    make_message(who, kind=REMINDER, at=timezone.now())
    assert client_of(who).get(reverse("notifications:ledger")).status_code == 404
