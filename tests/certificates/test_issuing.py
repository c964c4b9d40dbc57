from __future__ import annotations

import base64
import copy
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from certificates import files, invariants, issuing
from certificates.issuing import CODE_ALPHABET, IssuingError
from certificates.models import Certificate, CertificateStatus, NumberSequence
from cohorts.models import CohortKind, EnrolmentStatus, Progress
from linimasa.invariants import broken
from notifications.models import Message
from tests.factories.accounts import admin, client_of, staff
from tests.factories.certificates import completed_enrolment, issued, siti
from tests.factories.cohorts import make_cohort, make_published_course

pytestmark = pytest.mark.django_db


def of_certificates() -> list:
    return [(one.name, rows) for one, rows in broken() if one.check.__module__ == invariants.__name__]


def test_a_fulfilled_enrolment_gets_a_certificate_that_says_everything():
    with time_machine.travel(datetime(2026, 11, 2, 3, 0, tzinfo=UTC)):
        cohort = make_cohort(code="LINIMASA-III", name="Angkatan III", jp=8)
        learner = siti()
        certificate = issued(learner, cohort=cohort)
    face = certificate.snapshot
    assert certificate.number == face["number"] == "0001/LINIMASA-III/DJKPM/XI/2026"
    assert face["holder"]["full_name"] == "Siti Nur'aini, S.I.Kom."
    assert face["holder"]["nip"] == f"•••••••••••••• {learner.nip[-4:]}" and learner.nip not in str(face)
    assert (face["holder"]["position"], face["holder"]["agency"]) == ("Pranata Humas Ahli Pertama", learner.agency.name)
    assert face["activity"].endswith(", Angkatan III")
    assert (face["jp"], face["minutes"], face["mark"], face["predicate"]) == ("8", 360, "86,2", "Memuaskan")
    assert [row["title"] for row in face["rows"]] == [
        "Orientasi dan tes awal",
        "Modul 1 Judul modul 1",
        "Modul 2 Judul modul 2",
        "Modul 3 Judul modul 3",
        "Tes akhir dan penutup",
    ]
    assert [row["mark"] for row in face["rows"]] == ["", "86,2", "86,2", "86,2", "86,2"]
    assert sum(row["minutes"] for row in face["rows"]) == face["minutes"] and [row["jp"] for row in face["rows"]] == [
        "1",
        "2",
        "2",
        "2",
        "1",
    ]
    assert face["issued"]["text"] == "2 November 2026" and face["place"] == "Jakarta"
    assert face["example"] is True
    assert face["url"].endswith(f"/periksa/{certificate.token}/")


def test_token_has_128_random_bits_and_code_60():
    one, other = issued(), issued()
    assert len(base64.urlsafe_b64decode(one.token + "==")) == 16
    assert len(set(CODE_ALPHABET)) == 32 and not set("OI01") & set(CODE_ALPHABET)
    assert len(one.code) == 12 and set(one.code) <= set(CODE_ALPHABET)
    assert one.token != other.token and one.code != other.code


def test_issuing_again_gives_the_same_certificate_and_tells_once():
    enrolment = completed_enrolment()
    first, again = issuing.issue(enrolment), issuing.issue(enrolment)
    assert first.pk == again.pk
    assert NumberSequence.objects.get().last == 1
    assert Entry.objects.filter(action="certificate.issued").count() == 1
    message = Message.objects.get(kind="certificate_issued")
    assert message.recipient == enrolment.learner and not message.is_reminder


def test_nothing_is_issued_while_something_is_missing_and_no_number_is_used():
    enrolment = completed_enrolment()
    Progress.objects.filter(enrolment=enrolment, activity__code="M1-TUGAS").update(points="0.5")
    with pytest.raises(IssuingError, match="Tugas Modul 1"):
        issuing.issue(enrolment)
    assert not Certificate.objects.exists() and not NumberSequence.objects.filter(last__gt=0).exists()


def test_an_enrolment_that_is_not_completed_gets_none():
    enrolment = completed_enrolment()
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=EnrolmentStatus.WITHDRAWN, completed_at=None)
    with pytest.raises(IssuingError):
        issuing.issue(enrolment)


def test_production_issues_nothing_without_a_signatory(settings):
    course = make_published_course()
    enrolment = completed_enrolment(cohort=make_cohort(course))
    settings.PRODUCTION = True
    with pytest.raises(IssuingError, match="penanda tangannya"):
        issuing.issue(enrolment)
    signatory = {"position": "Direktur", "name": "Rina, M.Si.", "nip": "197803142003122004"}
    course.current_version.facts["rules"] = {"certificate": {"signatory": signatory, "unit_code": "DKP"}}
    course.current_version.save()
    other = completed_enrolment(cohort=make_cohort(type(course).objects.get(pk=course.pk)))
    face = issuing.issue(other).snapshot
    assert face["signatory"] == {"position": "Direktur", "name": "Rina, M.Si.", "nip": "•••••••••••••• 2004"}
    assert "/DKP/" in face["number"] and face["example"] is False and face["example_note"] == ""


@pytest.mark.parametrize("production", [True, False])
def test_a_missing_signatory_is_told_on_the_cohorts_and_the_courses_page(settings, production):
    cohort = make_cohort(make_published_course())
    boss = client_of(admin())
    trainer = client_of(staff("trainer", "cohort", cohort.pk))
    settings.PRODUCTION = production
    words = "Sertifikat belum dapat terbit"
    for address in (reverse("cohorts:cohort", args=[cohort.pk]), reverse("courses:publish_course", args=[cohort.course_id])):
        assert (words in boss.get(address).content.decode()) is production
    assert words not in trainer.get(reverse("cohorts:cohort", args=[cohort.pk])).content.decode()


@time_machine.travel(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
def test_month_and_year_of_a_number_are_those_of_wib():
    assert issued().number.endswith("/I/2027")


def test_numbers_begin_anew_each_year_and_a_rolled_back_one_leaves_no_gap():
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC)):
        issued()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            issued()
            raise ZeroDivisionError
        assert issued().order == 2
    with time_machine.travel(datetime(2027, 2, 1, tzinfo=UTC)):
        assert issued().number.startswith("0001/")
    assert of_certificates() == []


def test_a_scheduled_cohort_prints_its_own_dates():
    starts, ends = datetime(2026, 10, 5, 1, tzinfo=UTC), datetime(2026, 10, 30, 9, tzinfo=UTC)
    cohort = make_cohort(kind=CohortKind.SCHEDULED, starts_at=starts, ends_at=ends, jp=20)
    face = issued(cohort=cohort).snapshot
    assert (face["starts"]["text"], face["ends"]["text"], face["jp"]) == ("5 Oktober 2026", "30 Oktober 2026", "20")


def test_hours_beyond_the_activities_are_the_stages_of_the_programme_and_add_up():
    course = make_published_course()
    course.current_version.facts["programme"] = [
        {"title": "Orientasi dan tes awal", "minutes": 45, "items": ["ORIENTASI", "TES-AWAL"]},
        {"title": "Modul 1", "module": "modul-1", "minutes": 90},
        {"title": "Sesi diskusi", "minutes": 90, "items": []},
        {"title": "Tes akhir dan penutup", "minutes": 45, "items": ["TES-AKHIR"]},
    ]
    course.current_version.save()
    rows = issued(cohort=make_cohort(course, jp=10)).snapshot["rows"]
    assert [row["title"] for row in rows[-2:]] == ["Sesi diskusi", "Tes akhir dan penutup"]
    assert sum(row["minutes"] for row in rows) == 450
    more = issued(cohort=make_cohort(course, code="LEBIH", jp=12)).snapshot["rows"]
    assert more[-2]["title"] == "Kegiatan lain dalam program" and sum(row["minutes"] for row in more) == 540
    less = issued(cohort=make_cohort(course, code="KURANG", jp=4)).snapshot["rows"]
    assert {row["jp"] for row in less} == {"–"}, "no hours are printed that do not add up"


def test_an_issued_certificate_never_changes_whatever_happens_to_its_sources():
    certificate = issued(drawn=True)
    before = (copy.deepcopy(certificate.snapshot), bytes(certificate.file.data), certificate.file.sha256)
    enrolment = certificate.enrolment
    User.objects.filter(pk=enrolment.learner_id).update(name="Nama Lain", suffix_titles="", position="Lain", nip="")
    enrolment.course.modules.update(title="Judul lain", current_version=None)
    type(enrolment.course).objects.filter(pk=enrolment.course_id).update(title="Kursus lain", current_version=None)
    Progress.objects.filter(enrolment=enrolment).delete()
    type(enrolment).objects.filter(pk=enrolment.pk).delete()
    kept = Certificate.objects.get(pk=certificate.pk)
    files.make(kept)
    assert kept.enrolment is None
    assert (kept.snapshot, bytes(kept.file.data), kept.file.sha256) == before


def test_correcting_a_name_is_a_new_edition_and_the_old_one_is_replaced():
    boss, old = admin(), issued(drawn=True)
    new = issuing.correct_name(old, by=boss, reason="Perbaikan penulisan nama", prefix_titles="Dr.", name="Siti Nuraini", suffix_titles="")
    old.refresh_from_db()
    assert (old.status, old.reason, old.ended_by) == (CertificateStatus.REPLACED, "Perbaikan penulisan nama", boss)
    assert (new.edition, new.replaces, new.is_valid, new.order) == (2, old, True, 2)
    assert new.snapshot["holder"]["full_name"] == "Dr. Siti Nuraini" and old.snapshot["holder"]["full_name"] == "Siti Nur'aini, S.I.Kom."
    assert new.snapshot["note"] == f"Menggantikan sertifikat nomor {old.number}."
    assert new.token != old.token and new.code != old.code and new.number != old.number
    assert {key: new.snapshot[key] for key in ("rows", "mark", "jp", "activity")} == {
        key: old.snapshot[key] for key in ("rows", "mark", "jp", "activity")
    }
    assert old.file.sha256
    assert Entry.objects.filter(action="certificate.replaced", actor=boss).count() == 1
    assert Message.objects.filter(kind="certificate_issued").count() == 2
    assert of_certificates() == []


def test_a_correction_of_an_orphaned_certificate_still_works():
    boss, old = admin(), issued()
    type(old.enrolment).objects.filter(pk=old.enrolment_id).delete()
    old = Certificate.objects.get(pk=old.pk)
    new = issuing.correct_name(old, by=boss, reason="Salah tulis", prefix_titles="", name="Siti", suffix_titles="")
    assert new.number.split("/")[1:3] == old.number.split("/")[1:3]


@pytest.mark.parametrize(
    ("reason", "name", "message"), [("  ", "Siti", "alasan"), ("Salah", " ", "Nama"), ("Salah", "Siti Nur'aini", "sama")]
)
def test_a_correction_without_reason_name_or_change_is_refused_and_changes_nothing(reason, name, message):
    old = issued()
    suffix = "S.I.Kom."
    with pytest.raises(IssuingError, match=message):
        issuing.correct_name(old, by=admin(), reason=reason, prefix_titles="", name=name, suffix_titles=suffix)
    assert Certificate.objects.get().status == CertificateStatus.VALID


def test_revoking_names_who_and_why_and_happens_once():
    boss, certificate = admin(), issued()
    stale = Certificate.objects.get(pk=certificate.pk)
    issuing.revoke(certificate, by=boss, reason="Diterbitkan dua kali untuk orang yang sama")
    with pytest.raises(IssuingError, match="tidak berlaku"):
        issuing.revoke(stale, by=boss, reason="Lagi")
    kept = Certificate.objects.get()
    assert (kept.status, kept.ended_by, kept.reason) == (CertificateStatus.REVOKED, boss, "Diterbitkan dua kali untuk orang yang sama")
    assert Entry.objects.filter(action="certificate.revoked", actor=boss).count() == 1
    assert issuing.issue(kept.enrolment).pk == kept.pk, "a revoked one is not issued anew"


def test_the_database_refuses_a_second_valid_certificate():
    first = issued()
    twin = Certificate.objects.get(pk=first.pk)
    twin.pk, twin.edition, twin.number, twin.token, twin.code, twin.order = None, 2, "x", "t", "c", 99
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_invariants_find_a_gap_and_changed_bytes_and_a_changed_print():
    certificate = issued(drawn=True)
    assert of_certificates() == []
    NumberSequence.objects.update(last=7)
    certificate.file.data = b"%PDF changed"
    certificate.file.save()
    Certificate.objects.update(code="A" * 12)
    assert {name.rpartition(".")[2] for name, _rows in of_certificates()} == {
        "stored_hash_equals_bytes",
        "numbers_without_gaps",
        "printed_equals_checked",
    }


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_fifty_claims_at_once_issue_once(in_parallel):
    enrolment = completed_enrolment()
    results = in_parallel(50, lambda number: issuing.issue(enrolment).pk)
    assert len(set(results)) == 1, results
    assert Certificate.objects.count() == 1 and NumberSequence.objects.get().last == 1
    assert Entry.objects.filter(action="certificate.issued").count() == 1
    assert Message.objects.filter(kind="certificate_issued").count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_gaps(in_parallel):
    cohort = make_cohort()
    enrolments = [completed_enrolment(cohort=cohort) for _ in range(20)]
    results = in_parallel(20, lambda number: issuing.issue(enrolments[number]).order)
    assert sorted(results) == list(range(1, 21)), results
    assert of_certificates() == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_corrections_at_once_one_makes_an_edition(in_parallel):
    boss, certificate = admin(), issued()

    def correct(number: int) -> int:
        mine = Certificate.objects.get(pk=certificate.pk)
        return issuing.correct_name(mine, by=boss, reason="Salah", prefix_titles="", name=f"Siti {number}", suffix_titles="").pk

    results = in_parallel(10, correct)
    assert sum(isinstance(result, int) for result in results) == 1, results
    assert all(isinstance(result, int | IssuingError) for result in results), results
    assert Certificate.objects.filter(status=CertificateStatus.VALID).count() == 1 and connection.vendor
    assert of_certificates() == []
