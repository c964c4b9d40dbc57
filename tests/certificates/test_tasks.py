from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from audit.models import Entry
from certificates import files, pdf, tasks
from certificates.models import Certificate, CertificateFile, NumberSequence
from cohorts import completion
from cohorts.models import Enrolment, EnrolmentStatus, Progress
from linimasa import invariants
from notifications.models import Message
from tests.conftest import ROOT
from tests.factories.certificates import completed_enrolment, issued
from tests.factories.cohorts import do_everything, make_cohort, make_enrolment

pytestmark = pytest.mark.django_db


def test_completing_an_enrolment_asks_for_its_certificate_after_commit(hinted, django_capture_on_commit_callbacks):
    enrolment = make_enrolment()
    do_everything(enrolment)
    with django_capture_on_commit_callbacks(execute=True):
        assert completion.complete_if_ready(enrolment)
    assert ("certificates.tasks.issue", (enrolment.pk,)) in hinted


def test_issue_makes_certificate_and_file_and_running_it_again_changes_nothing():
    enrolment = completed_enrolment()
    tasks.issue(enrolment.pk)
    kept = CertificateFile.objects.get()
    before = (kept.certificate_id, kept.sha256, bytes(kept.data), kept.made_at)
    for again in (lambda: tasks.issue(enrolment.pk), lambda: tasks.make_file(kept.certificate_id), tasks.issue_missing):
        again()
    tasks.make_missing_files()
    kept = CertificateFile.objects.get()
    assert (kept.certificate_id, kept.sha256, bytes(kept.data), kept.made_at) == before
    assert Entry.objects.filter(action="certificate.issued").count() == Message.objects.filter(kind="certificate_issued").count() == 1


def test_tasks_for_what_is_gone_or_not_ready_do_nothing():
    enrolment = make_enrolment()
    tasks.issue(enrolment.pk)
    tasks.issue(10**6)
    tasks.make_file(10**6)
    assert not Certificate.objects.exists()


def test_the_sweeper_finds_what_no_hint_told_in_batches_and_past_a_broken_one(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    cohort = make_cohort()
    enrolments = [completed_enrolment(cohort=cohort) for _ in range(5)]
    broken = enrolments[1]
    Progress.objects.filter(enrolment=broken).delete()
    assert tasks.issue_missing() == 5
    assert set(Certificate.objects.values_list("enrolment_id", flat=True)) == {one.pk for one in enrolments} - {broken.pk}
    assert CertificateFile.objects.count() == 4
    assert tasks.issue_missing() == 1


def test_a_file_that_was_never_drawn_is_drawn_by_the_sweeper():
    certificate = issued()
    assert tasks.make_missing_files() == 1
    assert bytes(certificate.file.data) == pdf.render(certificate.snapshot)
    assert tasks.make_missing_files() == 0


def test_a_drawing_that_fails_holds_up_nobody(monkeypatch):
    first, second = issued(), issued()
    real = pdf.render
    monkeypatch.setattr(pdf, "render", lambda face: 1 / 0 if face["number"] == first.number else real(face))
    tasks.make_missing_files()
    assert list(CertificateFile.objects.values_list("certificate_id", flat=True)) == [second.pk]


def test_of_two_workers_that_draw_at_once_one_file_stays(monkeypatch):
    certificate = issued()
    real = pdf.render

    def slow(face):
        data = real(face)
        if not CertificateFile.objects.exists():
            monkeypatch.setattr(pdf, "render", real)
            files.make(certificate)
        return data + b"\n"

    monkeypatch.setattr(pdf, "render", slow)
    kept = files.make(certificate)
    assert CertificateFile.objects.count() == 1 and bytes(kept.data) == real(certificate.snapshot)


WORKER = """
import os, sys
os.environ.update(LINIMASA_DATA={data!r}, DJANGO_SETTINGS_MODULE="linimasa.settings")
if {url!r}: os.environ["DATABASE_URL"] = {url!r}
import django
django.setup()
from django.conf import settings
from django.db import connection
if {name!r}: settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = {name!r}
from certificates import tasks
print("ready", flush=True)
tasks.issue_missing()
tasks.make_missing_files()
"""


def worker() -> subprocess.Popen[str]:
    """A separate process that sweeps this test's database."""
    name = str(connection.settings_dict["NAME"])
    code = WORKER.format(data=str(settings.DATA), url=os.environ.get("DATABASE_URL", ""), name=name)
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_leave_every_certificate_issued_once():
    cohort = make_cohort()
    enrolments = [completed_enrolment(cohort=cohort).pk for _ in range(12)]
    for enough in (2, 6):
        process = worker()
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        until = time.monotonic() + 30
        while Certificate.objects.count() < enough and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    process = worker()
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert sorted(Certificate.objects.values_list("enrolment_id", flat=True)) == enrolments
    assert sorted(Certificate.objects.values_list("order", flat=True)) == list(range(1, 13))
    assert CertificateFile.objects.count() == NumberSequence.objects.get().last == 12
    assert Entry.objects.filter(action="certificate.issued").count() == Message.objects.filter(kind="certificate_issued").count() == 12
    assert [rows for one, rows in invariants.broken() if one.number in {8, 9}] == []
    assert Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED).count() == 12
