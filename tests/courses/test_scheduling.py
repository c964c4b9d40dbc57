"""A planned publication: done by a worker, harmless twice, and where something hinders it, nothing is published and people know why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from courses import proposing, scheduling, tasks
from courses.models import LinkCheck, LinkState, Proposal, ProposalStatus, Version
from courses.proposing import ProposingError
from notifications.models import Message
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def planned(desk):
    proposal = desk.approved()
    at = timezone.now() + timedelta(days=2)
    return scheduling.plan(proposal, by=desk.reviewer, at=at)


def later() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=3), tick=False)


def test_only_an_approved_unchanged_draft_is_planned_and_only_ahead(desk):
    desk.write()
    proposal, soon = desk.propose(), timezone.now() + timedelta(hours=1)
    with pytest.raises(ProposingError, match="sudah disetujui"):
        scheduling.plan(proposal, by=desk.reviewer, at=soon)
    desk.approve(proposal)
    for wrong in (timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=4000)):
        with pytest.raises(ProposingError, match="sesudah sekarang"):
            scheduling.plan(proposal, by=desk.reviewer, at=wrong)
    for _ in range(2):
        scheduling.plan(proposal, by=desk.reviewer, at=soon)
    assert Entry.objects.filter(action="proposal.scheduled").count() == 1
    desk.write("Lain.\n")
    with pytest.raises(ProposingError, match="berubah sesudah disetujui"):
        scheduling.plan(proposal, by=desk.reviewer, at=soon + timedelta(hours=1))


def test_the_moment_publishes_once_however_often_it_is_run(desk, planned):
    assert tasks.publish_due() == 0 and not scheduling.run(planned.pk)
    with later():
        assert tasks.publish_due() == 1
        assert tasks.publish_due() == 0 and not tasks.publish_planned(planned.pk)
    version = Version.objects.get(module=desk.module, number=2)
    planned.refresh_from_db()
    assert (planned.status, planned.version, planned.publish_at) == (ProposalStatus.PUBLISHED, version, None)
    assert version.published_by is None
    assert {letter.recipient for letter in Message.objects.filter(kind="proposal_published")} == {desk.author, desk.reviewer}


def test_a_cancelled_plan_publishes_nothing_and_keeps_the_approval(desk, planned):
    for _ in range(2):
        scheduling.cancel(planned, by=desk.reviewer)
    with later():
        assert tasks.publish_due() == 0
    assert planned.status == ProposalStatus.APPROVED and Entry.objects.filter(action="proposal.unscheduled").count() == 1


@pytest.mark.parametrize("why", ["edited", "link"])
def test_what_hinders_then_stops_it_and_everybody_hears_why_once(desk, planned, why):
    if why == "edited":
        desk.write("Diubah sesudah dijadwalkan.\n", by=desk.admin)
    else:
        desk.write("[Lapor](https://aduan.go.id/x)\n")
        desk.approve(planned)
        LinkCheck.objects.create(url="https://aduan.go.id/x", state=LinkState.BROKEN)
    with later():
        assert tasks.publish_due() == 0 and tasks.publish_due() == 0
    planned.refresh_from_db()
    assert (planned.status, planned.publish_at, planned.hindrance != "") == (ProposalStatus.APPROVED, None, True)
    assert Version.objects.filter(module=desk.module).count() == 1
    told = Message.objects.filter(kind="proposal_hindered")
    assert {desk.author, desk.reviewer} <= {letter.recipient for letter in told}
    assert told.first().context["hindrance"] == planned.hindrance
    assert Entry.objects.filter(action="proposal.hindered").count() == 1


@pytest.mark.concurrency
def test_two_workers_at_once_make_one_version(desk, planned, in_parallel):
    Proposal.objects.filter(pk=planned.pk).update(publish_at=timezone.now() - timedelta(seconds=5))
    found = in_parallel(4, lambda n: scheduling.run(planned.pk))
    assert found.count(True) == 1 and Version.objects.filter(module=desk.module).count() == 2


def test_publishing_by_hand_before_the_moment_leaves_nothing_for_the_worker(desk, planned):
    proposing.publish(planned, by=desk.reviewer)
    with later():
        assert tasks.publish_due() == 0
    assert Version.objects.filter(module=desk.module).count() == 2


def test_whoever_planned_it_hears_of_a_hindrance_too(desk):
    proposal = desk.approved()
    scheduling.plan(proposal, by=desk.admin, at=timezone.now() + timedelta(days=2))
    desk.write("Diubah sesudah dijadwalkan.\n")
    with later():
        assert tasks.publish_due() == 0
    told = {letter.recipient for letter in Message.objects.filter(kind="proposal_hindered")}
    assert {desk.author, desk.reviewer, desk.admin} <= told
