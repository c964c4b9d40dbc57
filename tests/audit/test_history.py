import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from audit import log, reading
from audit.models import Entry
from linimasa import spreadsheets
from tests.factories.accounts import client_of, grant, person, second_factor

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def admin(db):
    who = person(name="Ratna Wulandari")
    grant(who, Role.ADMIN)
    second_factor(who)
    return who


@pytest.fixture
def browser(admin):
    signed_in = client_of(admin)
    Entry.objects.all().delete()  # what making an admin wrote
    return signed_in


def record(action="person.suspended", *, by=None, on=None, at=NOON, **details) -> Entry:
    entry = log.record(action, by=by, on=on or person(), **details)
    Entry.objects.filter(pk=entry.pk).update(at=at)
    return entry


def page(browser, **query):
    return browser.get(reverse("audit:history"), query)


def test_the_trail_is_read_as_sentences_with_zone_and_reason(browser, admin):
    target = person(email="dian@sikkakab.go.id")
    record(by=admin, on=target, reason="Pindah instansi <b>")
    text = page(browser, nomor=target.pk).content.decode()
    assert "<strong>Ratna Wulandari</strong> menangguhkan akun dian@sikkakab.go.id" in text
    assert "24 Nov 2026 pukul 12.00 WIB" in text
    assert "Pindah instansi &lt;b&gt;" in text


def test_an_act_of_the_system_and_of_an_unknown_kind_is_readable(browser):
    record("something.new", on=person())
    text = page(browser, pelaku="sistem").content.decode()
    assert "<strong>Sistem</strong> mencatat “something.new” pada" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"a", "b", "c"}),
        ({"pelaku": "ratna"}, {"a"}),
        ({"pelaku": "SISTEM"}, {"b"}),
        ({"perbuatan": "person.restored"}, {"c"}),
        ({"benda": "accounts.user"}, {"a", "b", "c"}),
        ({"benda": "quizzes.attempt"}, set()),
        ({"dari": "2026-11-24", "sampai": "2026-11-24"}, {"a", "c"}),
        ({"sampai": "2026-11-23"}, {"b"}),
        ({"dari": "2026-11-25"}, set()),
    ],
)
def test_filters(browser, admin, query, found):
    rows = {
        "a": record(by=admin),
        "b": record(at=NOON - timedelta(days=1)),
        "c": record("person.restored", by=person(name="Budi"), at=datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)),  # 23.59.59 WIB
    }
    shown = {line.entry.pk for line in page(browser, **query).context["lines"]}
    assert shown == {rows[name].pk for name in found}


@pytest.mark.parametrize(
    "query",
    [
        {"perbuatan": "no.such"},
        {"benda": "x"},
        {"dari": "besok"},
        {"dari": "2026-11-24", "sampai": "2026-11-23"},
        {"pelaku": "a\x07b"},
        {"nomor": "9" * 1_000_000},
    ],
)
def test_a_bad_filter_gets_a_sentence(browser, query):
    answer = page(browser, **query)
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in answer.content.decode()


@pytest.mark.parametrize("url", ["audit:history", "audit:export"])
def test_only_admins_read_the_trail(db, url):
    trainer = person()
    grant(trainer, Role.TRAINER)
    second_factor(trainer)
    for who in (person(), trainer):
        assert client_of(who).get(reverse(url)).status_code in {302, 404}


def test_the_page_costs_the_same_for_one_entry_and_for_three(browser, admin):
    costs = []
    for wanted in (1, 3):
        while Entry.objects.count() < wanted:
            record(by=admin)
        page(browser)
        with CaptureQueriesContext(connection) as taken:
            page(browser)
        costs.append(len(taken))
    assert costs[0] == costs[1]


def test_the_export_needs_a_fresh_proof(admin):
    before = Entry.objects.count()
    assert client_of(admin, proof_age=301).post(reverse("audit:export")).status_code == 302
    assert Entry.objects.count() == before
    assert client_of(admin, proof_age=200).post(reverse("audit:export")).status_code == 200


def test_the_export_neutralises_cells_and_is_itself_recorded(browser, admin):
    record(by=person(name="=HYPERLINK(1)"), reason="+62 812")
    record(by=admin, reason="Biasa, “baik”")
    assert browser.get(reverse("audit:export")).context["rows"] == 2
    answer = browser.post(reverse("audit:export"))
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and text.startswith("\ufeff")
    assert tuple(rows[0]) == reading.COLUMNS
    assert [(row[0], row[1], row[7]) for row in rows[1:]] == [
        ("2026-11-24 12:00:00", "Ratna Wulandari", "Biasa, “baik”"),
        ("2026-11-24 12:00:00", "'=HYPERLINK(1)", "'+62 812"),
    ]
    last = Entry.objects.order_by("-pk").first()
    assert (last.action, last.actor, last.details) == ("audit.exported", admin, {"rows": 2})


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(cell):
    assert spreadsheets.cell(cell) == f"'{cell}"


def test_looking_never_writes(browser):
    page(browser)
    browser.get(reverse("audit:export"))
    assert Entry.objects.count() == 0
