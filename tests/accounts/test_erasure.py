"""UU 27/2022: a person's data is downloaded, corrected within 3 × 24 hours, erased; certificates go on verifying."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts import erasure, granting, registration, requesting
from accounts.models import DataRequest, Role, RoleGrant, User
from audit.models import Entry
from linimasa import invariants as registry
from notifications.models import Message, Preference
from quizzes.models import Upload
from tests.factories import certificates, quizzes
from tests.factories.accounts import admin, client_of, person, second_factor
from tests.factories.notifications import make_message
from tests.quizzes.test_grading import handed_in

pytestmark = pytest.mark.django_db
PERSONAL = ["Siti Aminah", "siti@sikkakab.go.id", "198609262015051001", "+6281234567890", "Dr.", "S.I.Kom.", "Pranata Humas"]


@pytest.fixture
def boss() -> User:
    return admin(name="Made Admin")


@pytest.fixture
def siti() -> User:
    return person(name="Siti Aminah", email="siti@sikkakab.go.id", nip="198609262015051001", employment_status="pns",
                  whatsapp="+6281234567890", prefix_titles="Dr.", suffix_titles="S.I.Kom.", position="Pranata Humas")  # fmt: skip


def everything_stored(who: User) -> str:
    """The account's own row and rows, as text."""
    row = User.objects.filter(pk=who.pk).values().get()
    return json.dumps(
        [row, list(EmailAddress.objects.filter(user=who).values()), list(Message.objects.filter(recipient=who).values())], default=str
    )


# --- erasing ----------------------------------------------------------------------------------------------------------
def test_nothing_that_says_who_it_was_stays(siti, boss):
    second_factor(siti)
    make_message(siti, status="sent", subject="Untuk Siti Aminah", body="Halo Siti Aminah", context={"learner_name": "Siti Aminah"})
    waiting = make_message(siti)
    Preference.objects.create(person=siti)
    client = client_of(siti)
    erasure.erase(siti, by=boss, reason="Diminta lewat portal.")
    stored = everything_stored(siti)
    assert [word for word in PERSONAL if word in stored] == []
    siti.refresh_from_db()
    waiting.refresh_from_db()
    assert (siti.is_active, siti.agency, siti.has_usable_password(), waiting.status) == (False, None, False, "cancelled")
    assert not Authenticator.objects.filter(user=siti).exists() and not Preference.objects.filter(person=siti).exists()
    assert Session.objects.count() == 0 and client.get("/beranda/").status_code == 302


def test_erasing_again_changes_and_records_nothing(siti, boss):
    erasure.erase(siti, by=boss, reason="Diminta.")
    first = everything_stored(siti)
    erasure.erase(siti, by=boss, reason="Lagi.")
    assert everything_stored(siti) == first
    assert Entry.objects.filter(action="person.erased", object_id=str(siti.pk)).count() == 1
    with pytest.raises(registration.RegistrationError, match="tidak dapat dipulihkan"):
        registration.restore(siti, by=boss)


def test_not_oneself_and_not_the_last_admin(siti, boss):
    with pytest.raises(registration.RegistrationError, match="akun sendiri"):
        erasure.erase(boss, by=boss, reason="x")
    with pytest.raises(registration.RegistrationError, match="admin terakhir"):
        erasure.erase(boss, by=siti, reason="x")
    granting.grant(siti, Role.ADMIN, scope_kind="everything", by=boss)
    erasure.erase(siti, by=boss, reason="x")
    assert not RoleGrant.objects.in_force().filter(person=siti).exists()


def test_the_certificate_goes_on_verifying(siti, boss):
    certificate = certificates.issued(siti, drawn=True)
    before = client_of(None).get(reverse("certificates:verify_token", args=[certificate.token])).content.decode()
    erasure.erase(siti, by=boss, reason="Diminta.")
    after = client_of(None).get(reverse("certificates:verify_token", args=[certificate.token])).content.decode()
    assert "Siti Aminah" in before and "Siti Aminah" in after and "sertifikat ini sah" in after.lower()


def test_work_loses_its_words_and_files_but_not_its_marks(boss, django_capture_on_commit_callbacks):
    work = handed_in(text="Saya, Siti Aminah, mengaudit kanal.")
    response = work.responses.get()
    Upload.objects.create(
        response=response, file="x/y.pdf", original_name="siti-aminah.pdf", content_type="application/pdf", size=1, sha256="0"
    )
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(work.enrolment.learner, by=boss, reason="Diminta.")
    response.refresh_from_db()
    work.enrolment.refresh_from_db()
    assert (response.answer, Upload.objects.count(), work.enrolment.status) == (None, 0, "withdrawn")
    assert work.enrolment.agency_id is not None and "Siti" not in json.dumps(list(response.events.values("answer")))


# --- asking and deciding ----------------------------------------------------------------------------------------------
def test_a_request_has_a_clock_of_three_times_24_hours_and_the_admins_are_told(siti, boss):
    page = client_of(siti).post("/akun/data/", {"kind": "correction", "text": "Gelar saya kurang."}, follow=True).content.decode()
    asked = DataRequest.objects.get()
    assert asked.due_at - asked.asked_at == timedelta(hours=72) and "Dijawab paling lambat" in page
    assert [one.recipient for one in Message.objects.filter(kind="data_request_asked")] == [boss]
    again = client_of(siti).post("/akun/data/", {"kind": "correction", "text": "Lagi."})
    assert again.status_code == 422 and "sudah menunggu" in again.content.decode()
    assert client_of(siti).post("/akun/data/", {"kind": "correction", "text": " "}).status_code == 422


def test_the_list_shows_what_is_due_first_and_names_the_zone(siti, boss):
    requesting.ask(person(name="Budi"), "erasure", text="")
    sooner = requesting.ask(siti, "erasure", text="")
    DataRequest.objects.filter(pk=sooner.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    page = client_of(boss).get("/kelola/permintaan-data/").content.decode()
    assert page.index("Siti Aminah") < page.index("Budi") and "Lewat tenggat" in page and "WIB" in page


@pytest.mark.parametrize(("press", "state"), [("dipenuhi", "done"), ("tidak", "declined")])
def test_one_admin_decides_and_the_person_is_told(siti, boss, press, state):
    asked = requesting.ask(siti, "correction", text="Gelar.")
    url = f"/kelola/permintaan-data/{asked.pk}/"
    assert client_of(boss).post(url, {"putusan": press, "reason": ""}).status_code == 422
    assert client_of(boss).post(url, {"putusan": press, "reason": "Sudah dicek."}).status_code == 302
    assert client_of(boss).post(url, {"putusan": press, "reason": "Sekali lagi."}).status_code == 422
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.reason) == (state, boss, "Sudah dicek.")
    assert Entry.objects.filter(action=f"data_request.{state}").count() == 1
    assert [one.recipient for one in Message.objects.filter(kind="data_request_decided")] == [siti]
    assert "Sudah dicek." in client_of(siti).get("/akun/data/").content.decode()


def test_erasing_needs_a_fresh_proof_and_settles_the_request(siti, boss):
    asked = requesting.ask(siti, "erasure", text="Saya pindah.")
    url = f"/kelola/pengguna/{siti.pk}/hapus-data/"
    with pytest.raises(requesting.RequestingError):
        requesting.settle(asked, by=boss, reason="x")
    assert "/akun/bukti/" in client_of(boss, proof_age=301).post(url, {"reason": "Diminta."}).url
    assert client_of(boss).post(url, {"reason": "Diminta."}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.text) == ("done", "")
    assert not Message.objects.filter(kind="data_request_decided").exists()
    assert "Data dihapus" in client_of(boss).get(f"/kelola/pengguna/{siti.pk}/").content.decode()


def test_the_database_refuses_two_open_requests_and_a_decision_without_a_time(siti):
    requesting.ask(siti, "erasure", text="")
    with pytest.raises(IntegrityError):
        DataRequest.objects.create(person=siti, kind="erasure", due_at=timezone.now())


# --- downloading ------------------------------------------------------------------------------------------------------
def test_the_download_holds_every_rooms_part_and_no_key(boss):
    attempt = quizzes.start()
    who = attempt.enrolment.learner
    make_message(who, status="sent", subject="Perihal", body="Isi")
    certificates.issued(who, drawn=True)
    data = json.loads(client_of(who).post("/akun/data/unduh/").content)
    assert {"akun", "keikutsertaan", "percobaan", "sertifikat", "pemberitahuan"} <= set(data)
    assert len(data["sertifikat"]) == 1 and data["pemberitahuan"]["pesan"] and data["keikutsertaan"]["angkatan"][0]["kemajuan"]
    text = json.dumps(data)
    assert "Penjelasan rahasia" not in text and '"points"' not in text and '"key"' not in text


def test_every_promise_that_rows_show_still_holds_after_an_erasure(boss):
    erasure.erase(handed_in().enrolment.learner, by=boss, reason="Diminta.")
    assert [name.sentence for name, rows in registry.broken()] == []
