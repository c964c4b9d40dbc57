"""Who comes in how; seats hold under any number of parallel joins; a decision is made once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApprovedDomain, Role, ScopeKind
from audit.models import Entry
from cohorts import joining
from cohorts.joining import JoiningError, approve, decline, join, withdraw
from cohorts.models import Cohort, CohortKind, CohortStatus, Enrolment, EnrolmentStatus, Invitation, JoinedBy
from notifications.models import Message
from tests.factories.accounts import admin, agency, client_of, person, staff
from tests.factories.cohorts import make_cohort, make_enrolment, make_progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved_domain():
    return ApprovedDomain.objects.get_or_create(domain="go.id")[0]


def kinds_told(to) -> list[str]:
    return sorted(Message.objects.filter(recipient=to).values_list("kind", flat=True))


def entries(action: str, enrolment: Enrolment) -> int:
    return Entry.objects.filter(action=action, object_id=str(enrolment.pk), object_type="cohorts.enrolment").count()


def test_an_address_under_an_approved_domain_joins_a_self_paced_cohort_at_once(approved_domain):
    who = person()
    enrolment = join(make_cohort(), by=who)
    assert (enrolment.status, enrolment.joined_by, enrolment.agency) == (EnrolmentStatus.ACTIVE, JoinedBy.DOMAIN, who.agency)
    assert enrolment.joined_at is not None and kinds_told(who) == ["joined"]
    assert entries("enrolment.joined", enrolment) == 1


@pytest.mark.parametrize(
    ("address", "verified"), [("a@gmail.com", True), ("a@palsugo.id", True), ("a@go.id.example", True), ("a@sikkakab.go.id", False)]
)
def test_every_other_address_waits_for_the_coordinator_who_is_told(approved_domain, address, verified):
    where = agency()
    coordinator = staff(Role.COORDINATOR, ScopeKind.AGENCY, where.pk)
    who = person(email=address, verified=verified, agency=where)
    enrolment = join(make_cohort(), by=who)
    assert (enrolment.status, enrolment.joined_at) == (EnrolmentStatus.REQUESTED, None)
    assert kinds_told(coordinator) == ["join_requested"] and kinds_told(who) == []


def test_the_regions_coordinator_and_the_parents_coordinator_are_told_and_another_agencys_is_not():
    parent = agency(region_code="53")
    where = agency(region_code="53.07", parent=parent)
    region = staff(Role.COORDINATOR, ScopeKind.REGION, "53")
    above = staff(Role.COORDINATOR, ScopeKind.AGENCY, parent.pk)
    other = staff(Role.COORDINATOR, ScopeKind.AGENCY, agency().pk)
    join(make_cohort(), by=person(email="a@gmail.com", agency=where))
    assert (kinds_told(region), kinds_told(above), kinds_told(other)) == (["join_requested"], ["join_requested"], [])


def test_without_a_coordinator_the_admins_are_told():
    boss = admin()
    join(make_cohort(), by=person(email="a@gmail.com"))
    assert kinds_told(boss) == ["join_requested"]


def test_joining_twice_gives_the_same_enrolment_and_tells_once(approved_domain):
    cohort, who = make_cohort(), person()
    assert join(cohort, by=who) == join(cohort, by=who)
    assert Enrolment.objects.count() == 1 and kinds_told(who) == ["joined"]


def test_an_incomplete_profile_comes_first_and_leads_there(approved_domain):
    who = person(position="")
    with pytest.raises(JoiningError) as caught:
        join(make_cohort(), by=who)
    assert caught.value.url == reverse("accounts:profile") and Enrolment.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"status": CohortStatus.CLOSED},
        {"status": CohortStatus.PLANNED},
        {"kind": CohortKind.SCHEDULED, "starts_at": timedelta(days=-9), "ends_at": timedelta(days=-1)},
    ],
)
def test_a_cohort_that_takes_nobody_refuses(approved_domain, fields):
    moments = {key: timezone.now() + value if isinstance(value, timedelta) else value for key, value in fields.items()}
    with pytest.raises(JoiningError):
        join(make_cohort(**moments), by=person())
    assert Enrolment.objects.count() == 0


def test_a_scheduled_cohort_does_not_take_by_domain(approved_domain):
    assert join(make_cohort(kind=CohortKind.SCHEDULED), by=person()).status == EnrolmentStatus.REQUESTED


def test_only_one_running_enrolment_a_course(approved_domain):
    first, who = make_cohort(), person()
    second = make_cohort(first.course)
    join(first, by=who)
    with pytest.raises(JoiningError) as caught:
        join(second, by=who)
    assert first.name in str(caught.value)


def test_an_invited_address_joins_a_scheduled_cohort_at_once_when_it_is_verified():
    cohort, who = make_cohort(kind=CohortKind.SCHEDULED), person(email="tamu@mitra.example")
    Invitation.objects.create(cohort=cohort, email="tamu@mitra.example")
    email_confirmed.send(EmailAddress, request=None, email_address=EmailAddress.objects.get(user=who))
    enrolment = Enrolment.objects.get(learner=who)
    assert (enrolment.status, enrolment.joined_by) == (EnrolmentStatus.ACTIVE, JoinedBy.INVITATION)
    assert Invitation.objects.get().used_at is not None


def test_an_unverified_address_uses_no_invitation():
    cohort, who = make_cohort(kind=CohortKind.SCHEDULED), person(email="tamu@mitra.example", verified=False)
    Invitation.objects.create(cohort=cohort, email="tamu@mitra.example")
    assert joining.join_invited(who) == []
    assert joining.way_in(cohort, who) == JoinedBy.COORDINATOR


def test_an_invitation_waits_on_the_dashboard_until_the_profile_is_complete(client):
    cohort, who = make_cohort(kind=CohortKind.SCHEDULED), person(email="tamu@mitra.example", position="")
    Invitation.objects.create(cohort=cohort, email="tamu@mitra.example")
    assert joining.join_invited(who) == []
    who.position = "Staf"
    who.save()
    assert f"Anda diundang ke {cohort.name}" in client_of(who).get(reverse("cohorts:home")).content.decode()


# --- decisions --------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting():
    return make_enrolment(make_cohort(seats=1), status=EnrolmentStatus.REQUESTED)


def test_approving_lets_in_once(waiting):
    boss = admin()
    approve(waiting, by=boss)
    assert (waiting.status, waiting.joined_by, waiting.decided_by) == (EnrolmentStatus.ACTIVE, JoinedBy.COORDINATOR, boss)
    assert kinds_told(waiting.learner) == ["join_approved"]
    with pytest.raises(JoiningError):
        approve(waiting, by=boss)
    assert entries("enrolment.approved", waiting) == 1


def test_declining_needs_a_reason_and_tells_it(waiting):
    with pytest.raises(JoiningError):
        decline(waiting, by=admin(), reason="  ")
    decline(waiting, by=admin(), reason="Bukan anggota satgas.")
    assert (waiting.status, waiting.reason) == (EnrolmentStatus.DECLINED, "Bukan anggota satgas.")
    assert Message.objects.get(kind="join_declined").context["reason"] == "Bukan anggota satgas."
    with pytest.raises(JoiningError):
        approve(waiting, by=admin())


def test_a_full_cohort_approves_nobody(waiting):
    make_enrolment(waiting.cohort)
    with pytest.raises(JoiningError) as caught:
        approve(waiting, by=admin())
    assert "kursi" in str(caught.value)
    assert Enrolment.objects.get(pk=waiting.pk).status == EnrolmentStatus.REQUESTED


def test_after_declining_or_withdrawing_one_may_come_again_and_keeps_what_was_earned(approved_domain):
    cohort, who = make_cohort(), person()
    enrolment = join(cohort, by=who)
    make_progress(enrolment, "ORIENTASI")
    withdraw(enrolment, by=who)
    assert enrolment.status == EnrolmentStatus.WITHDRAWN
    again = join(cohort, by=who)
    assert (again.pk, again.status, again.progress.count()) == (enrolment.pk, EnrolmentStatus.ACTIVE, 1)
    with pytest.raises(JoiningError):
        withdraw(make_enrolment(cohort, status=EnrolmentStatus.COMPLETED), by=who)


def test_the_enrolment_keeps_the_agency_of_that_time(approved_domain):
    who = person()
    old = who.agency
    enrolment = join(make_cohort(), by=who)
    who.agency = agency()
    who.save()
    assert Enrolment.objects.get(pk=enrolment.pk).agency == old


# --- many at once -----------------------------------------------------------------------------------------------------
@pytest.mark.concurrency
def test_the_last_seats_go_to_as_many_as_there_are(in_parallel):
    ApprovedDomain.objects.get_or_create(domain="go.id")
    cohort = make_cohort(seats=3)
    where = agency()
    people = [person(agency=where) for _ in range(20)]
    results = in_parallel(20, lambda n: join(Cohort.objects.get(pk=cohort.pk), by=people[n]))
    assert sum(isinstance(r, Enrolment) for r in results) == 3
    assert sum(isinstance(r, JoiningError) for r in results) == 17
    assert Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.ACTIVE).count() == 3


@pytest.mark.concurrency
def test_one_person_pressing_twenty_times_joins_once(in_parallel):
    ApprovedDomain.objects.get_or_create(domain="go.id")
    cohort, who = make_cohort(), person()
    results = in_parallel(20, lambda n: join(Cohort.objects.get(pk=cohort.pk), by=who).pk)
    assert len(set(results)) == 1 and Enrolment.objects.count() == 1
    assert Entry.objects.filter(action="enrolment.joined").count() == 1


@pytest.mark.concurrency
def test_two_coordinators_decide_once(in_parallel):
    enrolment, boss = make_enrolment(status=EnrolmentStatus.REQUESTED), admin()

    def act(number: int):
        found = Enrolment.objects.get(pk=enrolment.pk)
        return approve(found, by=boss) if number % 2 else decline(found, by=boss, reason="Alasan.")

    results = in_parallel(10, act)
    assert sum(isinstance(r, Enrolment) for r in results) == 1
    assert Entry.objects.filter(action__in=["enrolment.approved", "enrolment.declined"]).count() == 1


# --- pages ------------------------------------------------------------------------------------------------------------
def test_joining_on_the_page_leads_home(approved_domain):
    cohort, who = make_cohort(), person()
    client, url = client_of(who), reverse("cohorts:join", args=[cohort.pk])
    assert "Gabung sekarang" in client.get(url).content.decode()
    assert Enrolment.objects.count() == 0
    response = client.post(url)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("cohorts:home"))
    assert Enrolment.objects.get(learner=who).status == EnrolmentStatus.ACTIVE


def test_a_refusal_on_the_page_is_a_sentence_with_422():
    cohort = make_cohort()
    response = client_of(person(position="")).post(reverse("cohorts:join", args=[cohort.pk]))
    assert response.status_code == 422 and "Lengkapi profil" in response.content.decode()


def test_an_absent_or_closed_cohort_is_404():
    client = client_of(person())
    assert client.get(reverse("cohorts:join", args=[999])).status_code == 404
    assert client.get(reverse("cohorts:join", args=[make_cohort(status=CohortStatus.CLOSED).pk])).status_code == 404


def test_nobody_decides_on_the_own_request():
    boss = staff(Role.COORDINATOR)
    own = make_enrolment(make_cohort(), boss, status=EnrolmentStatus.REQUESTED)
    assert client_of(boss).get(reverse("cohorts:decide", args=[own.pk])).status_code == 404
    assert client_of(staff(Role.COORDINATOR)).get(reverse("cohorts:decide", args=[own.pk])).status_code == 200


def test_a_coordinator_sees_and_decides_only_the_own_agencys_requests():
    mine, theirs = agency(), agency()
    coordinator = client_of(staff(Role.COORDINATOR, ScopeKind.AGENCY, mine.pk))
    cohort = make_cohort()
    own = make_enrolment(cohort, person(name="Kristina Nona", nip="198609262015051001", agency=mine), status=EnrolmentStatus.REQUESTED)
    foreign = make_enrolment(cohort, person(name="Orang Lain", agency=theirs), status=EnrolmentStatus.REQUESTED)
    page = coordinator.get(reverse("cohorts:approvals")).content.decode()
    assert "Kristina Nona" in page and "Orang Lain" not in page
    assert "••••••••••••••1001" in page and "198609262015051001" not in page
    assert coordinator.get(reverse("cohorts:decide", args=[foreign.pk])).status_code == 404
    assert coordinator.post(reverse("cohorts:decide", args=[foreign.pk]), {"keputusan": "setuju"}).status_code == 404
    assert coordinator.post(reverse("cohorts:decide", args=[own.pk]), {"keputusan": "setuju"}).status_code == 302
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.status, foreign.status) == (EnrolmentStatus.ACTIVE, EnrolmentStatus.REQUESTED)


@pytest.mark.parametrize("reason", ["", " ", "a\x00b", "x" * 1_000_000])
def test_declining_on_the_page_refuses_bad_reasons_with_422(waiting, reason):
    response = client_of(admin()).post(reverse("cohorts:decide", args=[waiting.pk]), {"keputusan": "tolak", "reason": reason})
    assert response.status_code == 422
    assert Enrolment.objects.get(pk=waiting.pk).status == EnrolmentStatus.REQUESTED


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_requests_costs_the_same_for_any_length(n, django_assert_max_num_queries):
    cohort = make_cohort()
    for _ in range(n):
        make_enrolment(cohort, status=EnrolmentStatus.REQUESTED)
    client = client_of(admin())
    with django_assert_max_num_queries(5):
        assert client.get(reverse("cohorts:approvals")).status_code == 200


def test_requests_are_listed_oldest_first():
    cohort = make_cohort()
    names = ["Pertama", "Kedua", "Ketiga"]
    for days, name in zip((3, 2, 1), names, strict=True):
        row = make_enrolment(cohort, person(name=name), status=EnrolmentStatus.REQUESTED)
        Enrolment.objects.filter(pk=row.pk).update(requested_at=timezone.now() - timedelta(days=days))
    page = client_of(admin()).get(reverse("cohorts:approvals")).content.decode()
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
