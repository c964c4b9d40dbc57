"""An address that is refused for good: marked once, shown where it can be mended, clean after a change."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts import contacting
from accounts.models import Role, ScopeKind, User
from audit.models import Entry
from tests.factories.accounts import admin, client_of, person, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused() -> User:
    who = person()
    assert contacting.mark_refused(who, who.email.upper(), at=timezone.now())
    return who


def test_marking_again_is_no_news_and_another_address_starts_clean(refused):
    assert not contacting.mark_refused(refused, refused.email, at=timezone.now())
    assert Entry.objects.filter(action="person.address_refused").count() == 1
    assert not contacting.mark_refused(refused, "lama@contoh.go.id", at=timezone.now())
    assert refused.address_refused
    refused.email = "baru@contoh.go.id"
    assert not refused.address_refused


@pytest.mark.parametrize("address", ["/beranda/", "/akun/"])
def test_the_person_reads_it_where_it_can_be_mended(refused, address):
    page = client_of(refused).get(address).content.decode()
    assert "Surel Anda ditolak" in page and refused.email in page
    assert "Surel Anda ditolak" not in client_of(person()).get(address).content.decode()


def test_coordinator_and_admin_see_it_in_their_lists(refused):
    coordinator = staff(Role.COORDINATOR, ScopeKind.AGENCY, refused.agency_id)
    for who, address in ((coordinator, "/instansi/orang/"), (admin(), "/kelola/pengguna/")):
        assert '<span class="tag tag--bad">Ditolak</span>' in client_of(who).get(address).content.decode()


def test_an_admin_takes_the_mark_away_once(refused):
    client, url = client_of(admin()), f"/kelola/pengguna/{refused.pk}/surel/"
    assert "Cabut tanda" in client.get(f"/kelola/pengguna/{refused.pk}/").content.decode()
    assert client_of(staff(Role.COORDINATOR)).post(url).status_code == 404
    assert "Tanda dicabut" in client.post(url, follow=True).content.decode()
    assert "tidak sedang ditandai" in client.post(url, follow=True).content.decode()
    refused.refresh_from_db()
    assert (refused.refused_address, refused.refused_at) == ("", None)
    assert Entry.objects.filter(action="person.address_cleared", object_id=str(refused.pk)).count() == 1
