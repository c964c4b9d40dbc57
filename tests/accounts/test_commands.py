"""What the shell can do: load the regions, make the first admin, show a demo code."""

from __future__ import annotations

import io
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts import demo
from accounts.loading import load_regions
from accounts.models import Agency, AgencyKind, Region, Role, User
from tests.factories.accounts import admin, person, second_factor

pytestmark = pytest.mark.django_db


def run(name: str, *args: str, stdin: str = "", monkeypatch: pytest.MonkeyPatch | None = None, **options: object) -> str:
    out = io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def test_the_regions_and_their_agencies_are_loaded_once():
    first, second = load_regions(), load_regions()
    assert (first.regions, Region.objects.count(), Region.objects.filter(autonomous=True).count()) == (552, 552, 546)
    assert first.new_agencies == Agency.objects.count() == 546 * 2 + 2
    assert (second.new_regions, second.new_agencies) == (0, 0)
    office = Agency.objects.get(region_id="72.09", kind=AgencyKind.COMMUNICATIONS)
    assert office.name == "Dinas Komunikasi dan Informatika Kabupaten Tojo Una Una"
    assert office.parent.name == "Pemerintah Kabupaten Tojo Una Una"
    zones = dict(Region.objects.filter(code__in=["62", "63", "53.07", "94.01"]).values_list("code", "time_zone"))
    assert zones == {"62": "Asia/Jakarta", "63": "Asia/Makassar", "53.07": "Asia/Makassar", "94.01": "Asia/Jayapura"}
    assert not Agency.objects.filter(region_id="31.01").exists()  # Kepulauan Seribu is not autonomous


def test_what_people_added_stays_when_regions_are_loaded_again():
    load_regions()
    Agency.objects.create(name="RSUD Maumere", kind=AgencyKind.HOSPITAL, region_id="53.07")
    Region.objects.filter(pk="53.07").update(name="Salah")
    assert load_regions().new_agencies == 0
    assert Region.objects.get(pk="53.07").name == "Kabupaten Sikka" and Agency.objects.filter(name="RSUD Maumere").exists()


def test_the_first_admin_is_made_without_printing_the_password(monkeypatch):
    told = run("create_admin", email="Bos@Komdigi.go.id", password_stdin=True, stdin="perahu hijau di teluk\n", monkeypatch=monkeypatch)
    boss = User.objects.get(email="bos@komdigi.go.id")
    assert boss.check_password("perahu hijau di teluk") and boss.roles() == {Role.ADMIN} and boss.needs_second_factor
    assert "perahu" not in told and "Faktor kedua dipasang saat pertama kali masuk." in told


@pytest.mark.parametrize(
    ("email", "password"), [("bukan surel", "perahu hijau di teluk"), ("bos@komdigi.go.id", "pendek"), ("bos@komdigi.go.id", "")]
)
def test_a_weak_password_or_wrong_address_makes_no_admin(monkeypatch, email, password):
    with pytest.raises(CommandError):
        run("create_admin", email=email, password_stdin=True, stdin=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()


def test_an_address_that_has_an_account_is_refused(monkeypatch):
    with pytest.raises(CommandError, match="sudah punya akun"):
        run("create_admin", email=person().email, password_stdin=True, stdin="perahu hijau di teluk", monkeypatch=monkeypatch)


@pytest.fixture
def demo_people():
    return demo.make_demo_people()


def test_the_demo_fills_every_seat_once(demo_people):
    assert len(demo_people) == len(demo.DEMO_PEOPLE) == User.objects.filter(is_demo=True).count()
    assert [one.pk for one in demo.make_demo_people()] == [one.pk for one in demo_people]
    assert all(one.profile_complete and one.check_password(demo.PASSWORD) for one in demo_people[:2])
    assert {role for one in demo_people for role in one.roles()} >= {
        Role.ADMIN,
        Role.AUTHOR,
        Role.REVIEWER,
        Role.ORGANISER,
        Role.COORDINATOR,
    }
    assert {one.time_zone for one in demo_people} == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    assert set(Authenticator.objects.filter(type="totp").values_list("user__email", flat=True)) == {
        one.email for one in demo.DEMO_PEOPLE if one.role or one.short.startswith("pengajar")
    }
    assert demo.PASSWORD in demo.table() and all(one.email in demo.table() for one in demo.DEMO_PEOPLE)


def test_the_code_of_a_demo_account_signs_in(client, demo_people):
    who = demo.person("admin")
    client.post("/akun/masuk/", {"login": who.email, "password": demo.PASSWORD})
    code = run("code", "admin").strip()
    assert client.post("/akun/masuk/faktor-kedua/", {"code": code}).status_code == 302
    assert client.get("/kelola/pengguna/").status_code == 200


@pytest.mark.parametrize("who", ["hantu", "peserta", "", "nyata"])
def test_a_code_is_shown_for_demo_staff_only(demo_people, who):
    if who == "nyata":
        real = admin()
        second_factor(person())
        who = real.email
    with pytest.raises(CommandError, match="Tidak ada akun demo"):
        run("code", who)


def test_no_demo_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError):
        demo.make_demo_people()
    with pytest.raises(CommandError, match="hanya untuk demo"):
        run("code", "admin")
