"""A cohort's desk: who sees whom, what may be changed, what leaves as a file."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, ScopeKind
from audit.models import Entry
from cohorts import opening, structure
from cohorts.models import Cohort, CohortKind, CohortModule, CohortStatus, Deadline, Enrolment, EnrolmentStatus, Invitation
from cohorts.opening import OpeningError
from linimasa import invariants, spreadsheets
from notifications.models import Message
from tests.factories.accounts import admin, agency, client_of, person, staff
from tests.factories.cohorts import activity_of, make_cohort, make_enrolment, make_progress

pytestmark = pytest.mark.django_db
PAGES = ["cohort", "edit", "deadlines", "invitations", "versions", "export"]


@pytest.fixture
def cohort():
    return make_cohort(kind=CohortKind.SCHEDULED)


def text(response) -> str:
    return response.content.decode()


def at(name: str, cohort: Cohort) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.pk])


# --- who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "kind", "own", "opens"),
    [
        (Role.ADMIN, ScopeKind.EVERYTHING, True, set(PAGES)),
        (Role.ORGANISER, ScopeKind.COHORT, True, set(PAGES)),
        (Role.ORGANISER, ScopeKind.COHORT, False, set()),
        (Role.ORGANISER, ScopeKind.COURSE, True, set(PAGES)),
        (Role.TRAINER, ScopeKind.COHORT, True, {"cohort"}),
        (Role.TRAINER, ScopeKind.COHORT, False, set()),
        (Role.COORDINATOR, ScopeKind.AGENCY, True, {"cohort"}),
        (Role.COORDINATOR, ScopeKind.AGENCY, False, set()),
        (Role.AUTHOR, ScopeKind.EVERYTHING, True, set()),
        (None, "", True, set()),
    ],
)
def test_a_cohorts_pages_open_to_those_who_run_teach_or_coordinate_it(cohort, role, kind, own, opens):
    where = agency()
    make_enrolment(cohort, person(agency=where))
    ids = {ScopeKind.COHORT: cohort.pk, ScopeKind.COURSE: cohort.course_id, ScopeKind.AGENCY: where.pk, ScopeKind.EVERYTHING: "", "": ""}
    foreign = {ScopeKind.COHORT: make_cohort().pk, ScopeKind.AGENCY: agency().pk}
    who = staff(role, kind, ids[kind] if own else foreign[kind]) if role else person()
    client = client_of(who)
    assert {name for name in PAGES if client.get(at(name, cohort)).status_code == 200} == opens
    assert {client.get(at(name, cohort)).status_code for name in PAGES if name not in opens} <= {404}


def test_a_coordinator_sees_only_the_own_agencys_people_in_a_cohort(cohort):
    mine = agency()
    make_enrolment(cohort, person(name="Kristina Nona", agency=mine))
    make_enrolment(cohort, person(name="Orang Lain", agency=agency()))
    page = text(client_of(staff(Role.COORDINATOR, ScopeKind.AGENCY, mine.pk)).get(at("cohort", cohort)))
    assert "Kristina Nona" in page and "Orang Lain" not in page and "1 orang" in page


def test_the_list_holds_only_ones_own_cohorts_and_tells_a_coordinator_no_totals(cohort):
    other, mine = make_cohort(), agency()
    make_enrolment(cohort, person(agency=mine))
    trainer = text(client_of(staff(Role.TRAINER, ScopeKind.COHORT, cohort.pk)).get(reverse("cohorts:cohorts")))
    assert cohort.name in trainer and at("cohort", other) not in trainer
    coordinator = text(client_of(staff(Role.COORDINATOR, ScopeKind.AGENCY, mine.pk)).get(reverse("cohorts:cohorts")))
    assert at("cohort", cohort) in coordinator and 'data-label="Peserta" class="num">–' in coordinator


# --- the list of people -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Aminah", "Budi", "Citra"}),
        ("?saring=belum-mulai", {"Aminah"}),
        ("?saring=terhenti", {"Budi"}),
        ("?saring=selesai", {"Citra"}),
        ("?saring=lain", {"Aminah", "Budi", "Citra"}),
        ("?q=bud", {"Budi"}),
        ("?q=%00", {"Aminah", "Budi", "Citra"}),
        ("?q=" + "x" * 3000, {"Aminah", "Budi", "Citra"}),
        ("?hal=999", {"Aminah", "Budi", "Citra"}),
    ],
)
def test_filters_and_search(cohort, query, found):
    now = timezone.now()
    make_enrolment(cohort, person(name="Aminah"))
    make_enrolment(cohort, person(name="Budi"), last_seen_at=now - timedelta(days=9))
    make_enrolment(cohort, person(name="Citra"), status=EnrolmentStatus.COMPLETED, last_seen_at=now)
    response = client_of(admin()).get(at("cohort", cohort) + query)
    assert response.status_code == (400 if "%00" in query else 200)
    if response.status_code == 200:
        assert {name for name in ("Aminah", "Budi", "Citra") if name in text(response)} == found


def test_a_page_of_people_costs_the_same_for_any_number(cohort, django_assert_max_num_queries):
    client, counts = client_of(admin()), []
    for _ in range(2):
        for _ in range(1 if not counts else 2):
            made = make_enrolment(cohort)
            make_progress(made, "M1.1")
        client.get(at("cohort", cohort))
        with django_assert_max_num_queries(15) as found:
            client.get(at("cohort", cohort))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_list_of_cohorts_costs_the_same_for_any_number(cohort, django_assert_max_num_queries):
    client, counts = client_of(admin()), []
    for _ in range(2):
        with django_assert_max_num_queries(10) as found:
            client.get(reverse("cohorts:cohorts"))
        counts.append(len(found))
        for _ in range(2):
            make_cohort(cohort.course)
    assert counts[0] == counts[1]


# --- making, opening, closing -----------------------------------------------------------------------------------------
def form(course, /, **changes):
    values = {"course": course.pk, "name": "Angkatan V", "code": "lini-v", "kind": "scheduled", "starts_on": "2026-12-01"}
    return values | {"ends_on": "2026-12-31", "time_zone": "Asia/Makassar", "seats": "30", "jp": "18"} | changes


def test_a_scheduled_cohort_is_made_with_days_in_its_zone(cohort):
    response = client_of(admin()).post(reverse("cohorts:create"), form(cohort.course))
    made = Cohort.objects.get(name="Angkatan V")
    assert response.headers["Location"] == at("cohort", made)
    assert (made.code, made.status, made.starts_at) == ("LINI-V", CohortStatus.PLANNED, datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    assert made.ends_at == datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert Entry.objects.filter(action="cohort.created", object_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 1_000_000},
        {"course": "999"},
        {"course": "x"},
        {"code": "lini v"},
        {"kind": "lain"},
        {"starts_on": ""},
        {"starts_on": "31/12/2026"},
        {"ends_on": "2026-11-01"},
        {"kind": "self_paced"},
        {"time_zone": "Europe/Paris"},
        {"seats": "0"},
        {"seats": "9" * 30},
        {"jp": "-1"},
        {"jp": ""},
    ],
)
def test_bad_input_makes_no_cohort(cohort, changes):
    response = client_of(admin()).post(reverse("cohorts:create"), form(cohort.course, **changes))
    assert response.status_code == 422 and "Ada yang perlu diperbaiki" in text(response)
    assert Cohort.objects.count() == 1


def test_the_same_code_twice_in_a_course_is_refused_with_a_sentence(cohort):
    client = client_of(admin())
    client.post(reverse("cohorts:create"), form(cohort.course))
    assert client.post(reverse("cohorts:create"), form(cohort.course, name="Lain")).status_code == 422


def test_an_organiser_of_one_course_makes_no_cohort_of_another(cohort):
    other = make_cohort()
    client = client_of(staff(Role.ORGANISER, ScopeKind.COURSE, other.course_id))
    assert client.post(reverse("cohorts:create"), form(cohort.course)).status_code == 422
    assert client.post(reverse("cohorts:create"), form(other.course)).status_code == 302


def test_seats_are_not_lowered_below_those_taken(cohort):
    make_enrolment(cohort)
    make_enrolment(cohort)
    values = {"name": "Baru", "starts_on": "2026-12-01", "ends_on": "2026-12-31", "time_zone": "Asia/Jakarta", "jp": "18"}
    client = client_of(admin())
    assert client.post(at("edit", cohort), {**values, "seats": "1"}).status_code == 422
    assert client.post(at("edit", cohort), {**values, "seats": "2"}).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.seats, cohort.name, cohort.kind) == (2, "Baru", CohortKind.SCHEDULED)


def test_opening_a_scheduled_cohort_pins_and_is_done_once():
    cohort, boss = make_cohort(kind=CohortKind.SCHEDULED, status=CohortStatus.PLANNED), admin()
    opening.open_cohort(cohort, by=boss)
    assert cohort.status == CohortStatus.OPEN and cohort.course_version_id == cohort.course.current_version_id
    assert set(cohort.cohort_modules.values_list("follows_latest", flat=True)) == {False}
    assert cohort.cohort_modules.count() == 4
    with pytest.raises(OpeningError):
        opening.open_cohort(cohort, by=boss)
    opening.close_cohort(cohort, by=boss)
    with pytest.raises(OpeningError):
        opening.close_cohort(cohort, by=boss)
    assert sorted(Entry.objects.filter(object_type="cohorts.cohort").values_list("action", flat=True)) == ["cohort.closed", "cohort.opened"]


def test_opening_a_self_paced_cohort_follows_the_latest():
    cohort = make_cohort(status=CohortStatus.PLANNED)
    opening.open_cohort(cohort, by=admin())
    assert set(cohort.cohort_modules.values_list("follows_latest", "version")) == {(True, None)} and cohort.course_version_id is None


@pytest.mark.concurrency
def test_twenty_people_open_a_cohort_once(in_parallel):
    cohort, boss = make_cohort(kind=CohortKind.SCHEDULED, status=CohortStatus.PLANNED), admin()
    results = in_parallel(20, lambda n: opening.open_cohort(Cohort.objects.get(pk=cohort.pk), by=boss))
    assert sum(isinstance(r, Cohort) for r in results) == 1
    assert Entry.objects.filter(action="cohort.opened").count() == 1 and CohortModule.objects.filter(cohort=cohort).count() == 4


# --- deadlines --------------------------------------------------------------------------------------------------------
def test_deadlines_are_typed_in_the_cohorts_zone_and_seen_at_once():
    cohort = make_cohort(time_zone="Asia/Jayapura")
    quiz = activity_of(cohort.course, "M1-KUIS")
    response = client_of(admin()).post(at("deadlines", cohort), {f"due_{quiz.pk}": "2026-12-04T23:59"})
    assert response.status_code == 302
    assert Deadline.objects.get().due_at == datetime(2026, 12, 4, 14, 59, tzinfo=UTC)
    cohort.refresh_from_db()
    assert structure.of_cohort(cohort).by_activity[quiz.pk].due_at == datetime(2026, 12, 4, 14, 59, tzinfo=UTC)
    assert Entry.objects.filter(action="cohort.deadlines_changed").count() == 1
    client_of(admin()).post(at("deadlines", cohort), {f"due_{quiz.pk}": ""})
    assert Deadline.objects.count() == 0


@pytest.mark.parametrize(("opens", "due"), [("", "besok"), ("2026-12-05T08:00", "2026-12-04T08:00"), ("\x00", ""), ("", "9" * 400)])
def test_bad_deadlines_change_nothing(cohort, opens, due):
    quiz = activity_of(cohort.course, "M1-KUIS")
    response = client_of(admin()).post(at("deadlines", cohort), {f"opens_{quiz.pk}": opens, f"due_{quiz.pk}": due})
    assert response.status_code == 422 and Deadline.objects.count() == 0


def test_deadlines_of_foreign_activities_are_refused(cohort):
    foreign = activity_of(make_cohort().course, "M1-KUIS")
    with pytest.raises(OpeningError):
        opening.set_deadlines(cohort, {foreign.pk: (None, timezone.now())}, by=admin())


# --- invitations ------------------------------------------------------------------------------------------------------
def test_addresses_are_invited_once_and_people_known_to_the_portal_are_told(cohort):
    known = person(email="kenal@sikkakab.go.id")
    client = client_of(admin())
    client.post(at("invitations", cohort), {"addresses": "Kenal@sikkakab.go.id, baru@mitra.example;\nbaru@mitra.example"})
    client.post(at("invitations", cohort), {"addresses": "baru@mitra.example"})
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["baru@mitra.example", "kenal@sikkakab.go.id"]
    assert Message.objects.filter(kind="invited", recipient=known).count() == 1
    assert Entry.objects.filter(action="cohort.invited").count() == 1


@pytest.mark.parametrize("addresses", ["", "bukan alamat", "a@b\x00.id", "a@b.id " * 501, "x" * 1_000_000])
def test_bad_addresses_invite_nobody(cohort, addresses):
    response = client_of(admin()).post(at("invitations", cohort), {"addresses": addresses})
    assert response.status_code == 422 and Invitation.objects.count() == 0


# --- export -----------------------------------------------------------------------------------------------------------
def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_export_masks_neutralises_and_is_audited(cohort):
    boss = admin()
    make_enrolment(cohort, person(name="=HYPERLINK(1)", nip="198609262015051001", position="+62 staf"))
    response = client_of(boss).post(at("export", cohort))
    row = rows_of(response)[0]
    assert (row["Nama"], row["Jabatan"], row["NIP"]) == ("'=HYPERLINK(1)", "'+62 staf", "••••••••••••••1001")
    assert response.headers["Content-Disposition"].startswith("attachment")
    entry = Entry.objects.get(action="cohort.exported")
    assert (entry.actor, entry.details) == (boss, {"rows": 1})


def test_an_export_asks_for_a_fresh_proof_and_looking_exports_nothing(cohort):
    assert client_of(admin(), proof_age=600).post(at("export", cohort)).status_code == 302
    assert client_of(admin()).get(at("export", cohort)).status_code == 200
    assert Entry.objects.filter(action="cohort.exported").count() == 0


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(value):
    assert spreadsheets.cell(value) == f"'{value}"
    assert spreadsheets.cell("Aman") == "Aman" and spreadsheets.cell(None) == ""


# --- invariants -------------------------------------------------------------------------------------------------------
def broken(name: str) -> list[str]:
    return [row for one, rows in invariants.broken() if one.name == f"cohorts.invariants.{name}" for row in rows]


def test_the_invariants_hold_on_a_good_day_and_name_what_is_broken(cohort):
    enrolment = make_enrolment(cohort)
    row = make_progress(enrolment, "M1.1")
    assert broken("completed_stays_completed") == broken("seats_hold") == broken("completion_is_audited_once") == []
    type(row).objects.filter(pk=row.pk).update(state="started")
    Cohort.objects.filter(pk=cohort.pk).update(seats=0)
    Enrolment.objects.filter(pk=enrolment.pk).update(status="completed", completed_at=timezone.now())
    assert broken("completed_stays_completed") == [f"Progress {row.pk}: pernah selesai, sekarang tidak."]
    assert broken("seats_hold") and broken("completion_is_audited_once") and broken("completed_enrolments_have_progress")
