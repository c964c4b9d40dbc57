from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.models import Certificate, CertificateStatus
from cohorts.models import EnrolmentStatus
from tests.factories.accounts import admin, client_of, person, staff
from tests.factories.certificates import completed_enrolment, issued, siti
from tests.factories.cohorts import do_everything, make_cohort, make_enrolment

pytestmark = pytest.mark.django_db
MINE = "certificates:mine"


def test_my_page_offers_the_file_with_its_size_and_the_link_to_share():
    certificate = issued(drawn=True)
    html = client_of(certificate.enrolment.learner).get(reverse(MINE)).content.decode()
    assert f"Unduh PDF ({round(certificate.file.size / 1000)} KB)" in html
    assert reverse("certificates:verify_token", args=[certificate.token]) in html


def test_my_page_says_what_is_missing_and_leads_there():
    enrolment = make_enrolment(learner=siti())
    do_everything(enrolment, but=("M2-TUGAS", "TES-AKHIR"))
    html = client_of(enrolment.learner).get(reverse(MINE)).content.decode()
    assert "Mengapa belum terbit?" in html and "Tugas Tugas Modul 2" in html and "Lanjutkan" in html
    assert "Unduh PDF" not in html


def test_my_page_is_honest_while_the_worker_is_at_it():
    enrolment = completed_enrolment()
    client = client_of(enrolment.learner)
    assert "sedang diterbitkan" in client.get(reverse(MINE)).content.decode()
    certificate = issued(enrolment.learner)
    assert "sedang dibuat" in client.get(reverse(MINE)).content.decode()
    response = client.get(reverse("certificates:download", args=[certificate.pk]))
    assert response.status_code == 202 and "sedang dibuat" in response.content.decode()


def test_my_page_is_empty_for_someone_new():
    assert "Belum ada sertifikat" in client_of(person()).get(reverse(MINE)).content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_my_page_costs_the_same_for_any_number(n, django_assert_num_queries):
    learner = siti()
    for _ in range(n):
        issued(learner, drawn=True)
        do_everything(make_enrolment(make_cohort(), learner, status=EnrolmentStatus.ACTIVE))
    client = client_of(learner)
    client.get(reverse(MINE))
    with CaptureQueriesContext(__import__("django.db").db.connection) as queries:
        client.get(reverse(MINE))
    assert len(queries) <= 8
    test_my_page_costs_the_same_for_any_number.__dict__.setdefault("costs", set()).add(len(queries))
    assert len(test_my_page_costs_the_same_for_any_number.__dict__["costs"]) == 1


@pytest.mark.parametrize("who", ["owner", "other", "admin", "anonymous"])
def test_only_the_owner_downloads_by_id(who):
    certificate = issued(drawn=True)
    people = {"owner": certificate.enrolment.learner, "other": person(), "admin": admin(), "anonymous": None}
    response = client_of(people[who]).get(reverse("certificates:download", args=[certificate.pk]))
    if who == "owner":
        assert response.content == bytes(certificate.file.data) and "no-store" in response["Cache-Control"]
    else:
        assert response.status_code == (302 if who == "anonymous" else 404)


@pytest.mark.parametrize("number", [10**6, 10**30])
def test_an_absent_id_is_404(number):
    client = client_of(admin())
    assert client.get(f"/sertifikat/{number}/unduh/").status_code == 404
    for tail in ("", "unduh/", "perbaiki/", "cabut/"):
        assert client.get(f"/kelola/sertifikat/{number}/{tail}").status_code == 404


@pytest.mark.parametrize("role", [None, "trainer", "coordinator", "organiser", "author"])
def test_staff_pages_are_only_for_admins(role):
    certificate = issued()
    client = client_of(staff(role) if role else person())
    assert client.get(reverse("certificates:certificates")).status_code == 404
    for name in ("certificate", "certificate_file", "correct", "revoke"):
        url = reverse(f"certificates:{name}", args=[certificate.pk])
        assert client.get(url).status_code in {302, 404}
        assert client.post(url, {"reason": "x", "name": "y"}).status_code in {302, 404, 405}
    assert Certificate.objects.get().status == CertificateStatus.VALID


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_any_length(n, django_assert_num_queries):
    for _ in range(n):
        issued(drawn=True)
    client = client_of(admin())
    with django_assert_num_queries(5):  # session, person, grants, count, rows
        response = client.get(reverse("certificates:certificates"))
    assert response.content.decode().count("data-main") == n


def test_the_list_finds_by_name_number_code_agency_and_state():
    one, other = issued(siti(name="Yuliana Wonda")), issued(siti(name="Teuku Muda"))
    client = client_of(admin())

    def found(**query: str) -> set[str]:
        html = client.get(reverse("certificates:certificates"), query).content.decode()
        return {face.number for face in (one, other) if face.number in html}

    assert found(cari="yuliana") == {one.number}
    assert found(cari=other.number) == {other.number}
    assert found(cari=one.snapshot["code"].lower()) == {one.number}
    assert found(cari=other.snapshot["holder"]["agency"]) == {other.number}
    assert found(keadaan="revoked") == set() and found(keadaan="valid") == {one.number, other.number}
    assert client.get(reverse("certificates:certificates"), {"keadaan": "x"}).status_code == 422
    assert client.get(reverse("certificates:certificates"), {"cari": "a" * 10**5, "hal": "999"}).status_code == 422


def test_an_admin_corrects_a_name_as_a_new_edition(hinted, django_capture_on_commit_callbacks):
    certificate, boss = issued(drawn=True), admin()
    client, url = client_of(boss), reverse("certificates:correct", args=[certificate.pk])
    assert "Siti Nur" in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url, {"name": "Siti Nuraini", "suffix_titles": "S.I.Kom.", "reason": "Perbaikan penulisan nama"})
    edition = Certificate.objects.get(edition=2)
    assert response.status_code == 302 and response["Location"] == reverse("certificates:certificate", args=[edition.pk])
    assert ("certificates.tasks.make_file", (edition.pk,)) in hinted
    page = client.get(response["Location"]).content.decode()
    assert certificate.number in page and "Siti Nuraini" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "reason": "x"}, "Isi"),
        ({"name": "Siti", "reason": ""}, "Isi alasan"),
        ({"name": "A" * 10**6, "reason": "x"}, "Paling banyak 120"),
        ({"name": "a\x07b", "reason": "x"}, "karakter"),
        ({"name": "Siti Nur'aini", "suffix_titles": "S.I.Kom.", "reason": "x"}, "sama dengan"),
    ],
)
def test_a_bad_correction_gets_a_sentence_and_changes_nothing(sent, sentence):
    certificate = issued()
    response = client_of(admin()).post(reverse("certificates:correct", args=[certificate.pk]), sent)
    assert response.status_code == 422 and sentence in response.content.decode()
    assert Certificate.objects.get().status == CertificateStatus.VALID


def test_an_admin_revokes_with_a_reason_and_sees_who_did_it():
    certificate, boss = issued(), admin(name="Rina Admin")
    client, url = client_of(boss), reverse("certificates:revoke", args=[certificate.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    response = client.post(url, {"reason": "Diterbitkan dua kali"}, follow=True)
    assert "Rina Admin" in response.content.decode() and "Diterbitkan dua kali" in response.content.decode()
    assert client.post(url, {"reason": "Lagi"}).status_code == 422
    assert Certificate.objects.get().status == CertificateStatus.REVOKED


@pytest.mark.parametrize("name", ["correct", "revoke"])
def test_correcting_and_revoking_ask_for_a_fresh_proof(name):
    certificate = issued()
    stale = client_of(admin(), proof_age=3600)
    response = stale.post(reverse(f"certificates:{name}", args=[certificate.pk]), {"name": "Lain", "reason": "x"})
    assert response.status_code == 302 and "next=%2Fkelola%2Fsertifikat%2F" in response["Location"]
    assert Certificate.objects.get().status == CertificateStatus.VALID
