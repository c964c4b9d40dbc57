"""One's own data: names as typed, a NIP by its rules, the agency by search, the time zone by region."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from accounts import approving, editing
from accounts.models import Agency, AgencyStatus, EmploymentStatus, User
from audit.models import Entry
from tests.factories.accounts import admin, agency, client_of, person, region

pytestmark = pytest.mark.django_db
PROFILE = "/akun/profil/"


def filled(**changes):
    return {"prefix_titles": "", "name": "Sutrisno", "suffix_titles": "", "employment_status": "non_asn", "nip": "",
            "position": "Staf", "whatsapp": "", "time_zone": ""} | changes  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "name", "suffix"),
    [
        ("", "Sutrisno", ""), ("", "Wa", ""), ("", "Siti Nur'aini", "S.I.Kom."), ("", "Moh. Syafi’i Ma'ruf", ""),
        ("dr.", "Ratna Dewi", "Sp.P."),
        ("Dr.", "Ratna Dewi", "M.Si."), ("", "Tiur Maida br. Sitorus", "S.I.P."), ("", "SITI AMINAH", ""),
        ("Prof. Dr. Ir. H.", "Muhammad Ma'mun Al-Qadri Hasibuan Nasution", "S.Sos., S.I.Kom., M.Si., M.I.Kom., Ph.D."),
    ],
)  # fmt: skip
def test_names_and_titles_stay_as_they_were_typed(prefix, name, suffix):
    who = person()
    assert client_of(who).post(PROFILE, filled(prefix_titles=prefix, name=name, suffix_titles=suffix)).status_code == 302
    who.refresh_from_db()
    assert (who.prefix_titles, who.name, who.suffix_titles) == (prefix, name, suffix)
    assert who.full_name == " ".join(filter(None, (prefix, name))) + (f", {suffix}" if suffix else "")


def test_a_nip_is_checked_kept_plain_and_cleared_where_there_is_none():
    who = person()
    client = client_of(who)
    refused = client.post(PROFILE, filled(employment_status="pns", nip="19860926 201505 1 00"))
    assert refused.status_code == 422 and "NIP harus 18 angka. Anda mengisi 17." in refused.content.decode()
    assert "<title>Galat: " in refused.content.decode()
    assert client.post(PROFILE, filled(employment_status="pns", nip="19860926 201505 1 001")).status_code == 302
    who.refresh_from_db()
    assert who.nip == "198609262015051001"
    assert "19860926 201505 1 001" in client.get(PROFILE).content.decode()
    client.post(PROFILE, filled(employment_status="non_asn", nip="198609262015051001"))
    who.refresh_from_db()
    assert (who.nip, who.employment_status) == ("", EmploymentStatus.NON_ASN)


def test_a_nip_belongs_to_one_active_account():
    person(nip="198609262015051001", employment_status="pns")
    gone = person(nip="199205082023082001", employment_status="pns", is_active=False)
    client = client_of(person())
    refused = client.post(PROFILE, filled(employment_status="pns", nip="198609262015051001"))
    assert refused.status_code == 422 and editing.NIP_TAKEN in refused.content.decode()
    assert client.post(PROFILE, filled(employment_status="pns", nip=gone.nip)).status_code == 302


def test_the_same_nip_at_once_is_kept_once(in_parallel):
    people = [person() for _ in range(6)]
    done = in_parallel(6, lambda n: editing.change_profile(people[n], by=people[n], nip="198609262015051001", employment_status="pns"))
    assert User.objects.filter(nip="198609262015051001").count() == 1
    assert sum(isinstance(one, editing.EditingError) for one in done) == 5


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 3456 7890", "+6281234567890"), ("+62 812-3456-7890", "+6281234567890"), ("62812 3456 7890", "+6281234567890"),
        ("81234567890", "+6281234567890"), ("(0812) 3456.7890", "+6281234567890"), ("", ""),
    ],
)  # fmt: skip
def test_a_whatsapp_number_is_kept_in_one_form(typed, kept):
    assert editing.whatsapp_number(typed) == kept


@pytest.mark.parametrize("typed", ["021 5551234", "0812", "0812345678901234567", "+1 202 555 0100", "kosong", "٠٨١٢٣٤٥٦٧٨٩٠"])
def test_what_is_no_mobile_number_gets_an_example(typed):
    refused = client_of(person()).post(PROFILE, filled(whatsapp=typed))
    assert refused.status_code == 422 and "misalnya 0812 3456 7890" in refused.content.decode()


def test_the_zone_follows_the_agency_until_it_is_chosen():
    who = person(agency=None)
    client = client_of(who)
    client.post("/akun/instansi/", {"agency": agency(region_code="94.01").pk})
    who.refresh_from_db()
    assert who.time_zone == "Asia/Jayapura"
    client.post(PROFILE, filled(time_zone="Asia/Jakarta"))
    client.post("/akun/instansi/", {"agency": agency(region_code="53.07").pk})
    who.refresh_from_db()
    assert (who.time_zone, who.time_zone_chosen) == ("Asia/Jakarta", True)
    client.post(PROFILE, filled(time_zone=""))
    who.refresh_from_db()
    assert (who.time_zone, who.time_zone_chosen) == ("Asia/Makassar", False)


def test_a_new_person_is_led_from_the_profile_over_the_agency_onward():
    place = agency()
    who = person(name="", agency=None, position="", employment_status="")
    client = client_of(who)
    to_agency = client.post(f"{PROFILE}?next=/gabung/1/", filled(next="/gabung/1/"))
    assert to_agency.url == "/akun/instansi/?next=%2Fgabung%2F1%2F"
    assert client.post("/akun/instansi/", {"agency": place.pk, "next": "/gabung/1/"}).url == "/gabung/1/"
    who.refresh_from_db()
    assert who.profile_complete


@pytest.mark.parametrize("url", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)"])
def test_nobody_is_led_out_of_the_portal(url):
    who = person(agency=None)
    assert client_of(who).post("/akun/instansi/", {"agency": agency().pk, "next": url}).url == "/beranda/"


def test_the_button_of_an_agency_far_down_the_list_chooses_it():
    who, place = person(agency=None), agency("Pemerintah Kabupaten Nabire", region_code="94.01", pk=1_094)
    page = client_of(who).get("/akun/instansi/", {"cari": "nabire"}).content.decode()
    value = page.split('name="agency" value="')[1].split('"')[0]
    assert client_of(who).post("/akun/instansi/", {"agency": value}).status_code == 302
    who.refresh_from_db()
    assert (who.agency, who.time_zone) == (place, "Asia/Jayapura")


@pytest.mark.parametrize("words", ["tojo una una", "TOJO UNA-UNA", "tojounauna", "Una-una"])
def test_agencies_are_found_however_the_name_is_typed(words):
    place = agency("Pemerintah Kabupaten Tojo Una-Una", region_code="72.09")
    agency("Diskominfo Sikka")
    page = client_of(person()).get("/akun/instansi/", {"cari": words, "wilayah": "72"}).content.decode()
    assert place.name in page and "Diskominfo Sikka" not in page and "1 instansi ditemukan" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_costs_the_same_for_any_length(count, django_assert_num_queries):
    who = person(agency=None)
    for number in range(count):
        agency(f"Dinas Uji {number}")
    client = client_of(who)
    with django_assert_num_queries(5):  # session, person, provinces, count, rows
        client.get("/akun/instansi/", {"cari": "dinas uji"})


def test_a_missing_agency_is_requested_and_approved_under_its_government():
    government = agency("Pemerintah Kabupaten Sikka", kind="pemda")
    who, boss = person(agency=None), admin()
    client = client_of(who)
    assert client.post("/akun/instansi/minta/", {"name": "RSUD Maumere", "kind": "rsud", "region": ""}).status_code == 422
    assert client.post("/akun/instansi/minta/", {"name": "RSUD Maumere", "kind": "rsud", "region": "53.07"}).status_code == 302
    asked = Agency.objects.get(name="RSUD Maumere")
    who.refresh_from_db()
    assert (asked.status, who.agency) == (AgencyStatus.REQUESTED, asked)
    assert asked.name in client_of(boss).get("/kelola/instansi/?keadaan=requested").content.decode()
    client_of(boss).post(f"/kelola/instansi/{asked.pk}/setujui/")
    asked.refresh_from_db()
    assert (asked.status, asked.parent) == (AgencyStatus.APPROVED, government)
    with pytest.raises(approving.ApprovingError, match="sudah diputuskan"):
        approving.decline(asked, by=boss, reason="Terlambat")
    assert list(Entry.objects.filter(action__startswith="agency.").order_by("pk").values_list("action", flat=True)) == [
        "agency.requested", "agency.approved",
    ]  # fmt: skip


def test_a_declined_request_asks_its_people_to_choose_again():
    who, boss = person(agency=None), admin()
    asked = approving.request_agency(who, name="Grup WA Warga", kind="mitra", region=None)
    assert client_of(boss).post(f"/kelola/instansi/{asked.pk}/tolak/", {"reason": "Bukan instansi"}).status_code == 302
    who.refresh_from_db()
    assert who.agency is None and not who.profile_complete


def test_what_exists_is_not_requested_again():
    agency("RSUD Maumere", kind="rsud")
    answer = client_of(person()).post("/akun/instansi/minta/", {"name": "rsud  maumere", "kind": "rsud", "region": "53.07"})
    assert answer.status_code == 422 and "sudah ada di daftar" in answer.content.decode()


def test_only_approved_agencies_can_be_chosen():
    waiting = agency("Belum", status=AgencyStatus.REQUESTED, requested_by=person())
    client = client_of(person())
    for value in (waiting.pk, 999_999, "abc", "", "9" * 40):
        assert client.post("/akun/instansi/", {"agency": value}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "status"), [("sikkakab.go.id", 302), ("@Sikkakab.GO.ID", 302), ("gmail.com", 422), ("go", 422), ("a b.id", 422)]
)
def test_domains_are_approved_if_they_belong_to_somebody(typed, status):
    assert client_of(admin()).post("/kelola/domain/", {"domain": typed}).status_code == status


def test_a_person_downloads_all_their_data():
    region("53.07")
    who = person(name="Siti Nur'aini", nip="198609262015051001", employment_status="pns")
    client = client_of(who)
    data = json.loads(client.post(reverse("accounts:download")).content)
    assert data["akun"]["nama"] == "Siti Nur'aini" and data["akun"]["nip"] == "198609262015051001"
    assert Entry.objects.filter(action="person.data_downloaded", object_id=str(who.pk)).count() == 1
    stale = client_of(who, proof_age=301).post(reverse("accounts:download"))
    assert stale.status_code == 302 and "/akun/bukti/" in stale.url


def test_a_declined_name_can_be_asked_again_and_a_waiting_one_is_joined() -> None:
    first, second = person(agency=None), person(agency=None)
    asked = approving.request_agency(first, name="Grup WA Warga", kind="mitra", region=None)
    joined = approving.request_agency(second, name="grup wa-warga", kind="mitra", region=None)
    assert (joined, second.agency, asked.requested_by) == (asked, asked, first)
    approving.decline(asked, by=admin(), reason="Bukan instansi.")
    again = approving.request_agency(second, name="Grup WA Warga", kind="mitra", region=None)
    assert (again.pk, again.status, again.requested_by) == (asked.pk, "requested", second)
    approving.approve(again, by=admin())
    with pytest.raises(approving.ApprovingError, match="sudah ada"):
        approving.request_agency(first, name="Grup WA Warga", kind="mitra", region=None)
