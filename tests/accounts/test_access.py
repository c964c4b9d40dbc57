"""Where roles reach, and whom that lets one see."""

from __future__ import annotations

import pytest

from accounts import access
from accounts.models import Agency, Role, ScopeKind, User
from tests.factories.accounts import admin, agency, client_of, grant, person, region, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """One person for each agency of a small tree: Sikka's government, its office, the office's unit; Bandung; a partner."""
    government = agency("Pemerintah Kabupaten Sikka", kind="pemda")
    office = agency("Diskominfo Sikka", parent=government)
    unit = agency("UPTD Radio Sikka", parent=office)
    places = {
        "government": government, "office": office, "unit": unit,
        "bandung": agency("Diskominfo Bandung", region_code="32.04"), "partner": agency("Meta Indonesia", region_code=None, kind="mitra"),
    }  # fmt: skip
    return {key: person(agency=place, name=key) for key, place in places.items()}


def seen(by: User) -> set[str]:
    return set(access.people_visible_to(by).exclude(pk=by.pk).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("kind", "where", "expected"),
    [
        (ScopeKind.AGENCY, "government", {"government", "office", "unit"}),
        (ScopeKind.AGENCY, "office", {"office", "unit"}),
        (ScopeKind.AGENCY, "unit", {"unit"}),
        (ScopeKind.REGION, "53", {"government", "office", "unit"}),
        (ScopeKind.REGION, "53.07", {"government", "office", "unit"}),
        (ScopeKind.REGION, "32", {"bandung"}),
        (ScopeKind.REGION, "5", set()),
        (ScopeKind.EVERYTHING, "", {"government", "office", "unit", "bandung", "partner"}),
    ],
)
def test_a_coordinator_sees_the_scope_with_all_below_it(people, kind, where, expected):
    scope_id = people[where].agency_id if where in people else where
    who = staff(Role.COORDINATOR, kind, scope_id, agency=None)
    assert seen(who) == expected


def test_without_a_role_one_sees_oneself_only(people):
    assert seen(people["office"]) == set()
    assert list(access.people_visible_to(people["office"])) == [people["office"]]


def test_another_role_shows_nobody(people):
    assert seen(staff(Role.TRAINER)) == set()


def test_an_admin_reaches_everything_in_every_role(people):
    boss = admin(agency=None)
    assert seen(boss) == set(people)
    assert all(access.scope(boss, role).everything for role in Role)


def test_ended_and_future_grants_and_suspended_people_reach_nothing(people):
    who = person(agency=None)
    given = grant(who, Role.COORDINATOR, ScopeKind.REGION, "53")
    assert access.scope(who, Role.COORDINATOR)
    given.ends_at = given.starts_at
    given.save()
    fresh = User.objects.get(pk=who.pk)
    assert not access.scope(fresh, Role.COORDINATOR)
    given.ends_at = None
    given.save()
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert not access.scope(User.objects.get(pk=who.pk), Role.COORDINATOR)


def test_a_loop_in_the_tree_ends(people):
    office = people["office"].agency
    Agency.objects.filter(pk=office.parent_id).update(parent=people["unit"].agency)
    assert len(access.with_all_below({str(office.pk)})) == 3


def test_foreign_equals_absent(people):
    client = client_of(admin())
    assert client.get(f"/kelola/pengguna/{people['office'].pk}/").status_code == 200
    assert client.get("/kelola/pengguna/999999/").status_code == 404
    coordinator = staff(Role.COORDINATOR, ScopeKind.REGION, "32", agency=None)
    assert client_of(coordinator).get(f"/kelola/pengguna/{people['bandung'].pk}/").status_code == 404


def test_the_coordinators_list_shows_their_people_with_the_nip_masked(people):
    User.objects.filter(pk=people["office"].pk).update(nip="198609262015051001", employment_status="pns")
    coordinator = staff(Role.COORDINATOR, ScopeKind.REGION, "53", agency=None)
    page = client_of(coordinator).get("/instansi/orang/").content.decode()
    assert "office" in page and "bandung@" not in page and people["bandung"].email not in page
    assert "198609262015051001" not in page and "••••••••••••••1001" in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("url", ["/kelola/pengguna/", "/instansi/orang/"])
def test_lists_cost_the_same_for_any_length(url, count, django_assert_num_queries):
    region("53.07")
    boss = admin(agency=None)
    for _ in range(count):
        person()
    client = client_of(boss)
    with django_assert_num_queries(6 if "kelola" in url else 5):  # session, person, grants, count, rows (grants of rows)
        client.get(url)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nur'aini", {"Siti Nur'aini"}),
        ("SITI", {"Siti Nur'aini"}),
        ("1001", {"Siti Nur'aini"}),
        ("tojo una una", {"Wa"}),
        ("wa@", {"Wa"}),
        ("tidak ada", set()),
    ],
)
def test_people_are_found_by_name_address_agency_or_last_digits(words, found):
    person(name="Siti Nur'aini", nip="198609262015051001", email="siti@sikkakab.go.id", agency=None)
    person(name="Wa", agency=agency("Pemerintah Kabupaten Tojo Una-Una", region_code="72.09"), email="wa@tojounaunakab.go.id")
    assert set(User.objects.all().matching(words).values_list("name", flat=True)) == found
