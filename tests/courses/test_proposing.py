"""Two people publish: one sends, another approves what they saw, and only that is published."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role, ScopeKind
from audit.models import Entry
from courses import arranging, editing, media, proposing
from courses.invariants import publications_are_audited_once
from courses.media import changing
from courses.models import LinkCheck, LinkState, Module, Proposal, ProposalStatus, Revision, Version
from courses.proposing import ProposingError, PublishingError, Unsuitable
from notifications.models import Message
from tests.courses.pictures import png
from tests.factories import accounts
from tests.factories import courses as make
from tests.factories.reviews import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def actions() -> list[str]:
    return list(Entry.objects.filter(action__startswith="proposal.").order_by("pk").values_list("action", flat=True))


def test_an_unchanged_draft_is_not_sent(desk):
    with pytest.raises(ProposingError, match="sama dengan yang sudah terbit"):
        desk.propose()
    desk.write()
    assert desk.propose().status == ProposalStatus.IN_REVIEW


def test_sent_twice_is_one_proposal_one_entry_and_one_letter(desk):
    desk.write()
    first, second = desk.propose("Kata diperbaiki"), desk.propose("Kata diperbaiki")
    assert first == second and actions() == ["proposal.sent"]
    assert [one.recipient for one in Message.objects.filter(kind="proposal_sent")] == [desk.reviewer]


def test_an_approved_draft_becomes_the_next_version_once(desk):
    proposal = desk.approved()
    version = proposing.publish(proposal, by=desk.reviewer)
    assert proposing.publish(proposal, by=desk.reviewer) == version
    desk.module.refresh_from_db()
    proposal.refresh_from_db()
    assert (version.number, desk.module.current_version, proposal.version) == (2, version, version)
    assert proposal.status == ProposalStatus.PUBLISHED and proposing.open_proposal(desk.module) is None
    assert actions() == ["proposal.sent", "proposal.approved"]
    assert Entry.objects.filter(action="module.published", details__version=version.pk).count() == 1
    assert publications_are_audited_once() == []


def test_nothing_is_published_before_a_second_person_said_yes(desk):
    desk.write()
    proposal = desk.propose()
    with pytest.raises(ProposingError, match="belum disetujui"):
        proposing.publish(proposal, by=desk.admin)
    assert Version.objects.filter(module=desk.module).count() == 1


@pytest.mark.parametrize("who", ["sender", "earlier_editor", "last_editor", "admin_who_edited"])
def test_whoever_sent_or_wrote_does_not_approve(desk, who):
    people = {name: accounts.staff(Role.REVIEWER, ScopeKind.COURSE, desk.module.course_id) for name in ("earlier_editor", "last_editor")}
    people |= {"sender": desk.author, "admin_who_edited": desk.admin}
    for number, writer in enumerate(("earlier_editor", "admin_who_edited", "last_editor")):
        desk.write(f"Tulisan {number}.\n", by=people[writer])
    accounts.grant(desk.author, Role.REVIEWER, ScopeKind.COURSE, desk.module.course_id)
    proposal = desk.propose()
    with pytest.raises(Unsuitable):
        desk.approve(proposal, by=people[who])
    assert desk.approve(proposal).decided_by == desk.reviewer


def test_whoever_wrote_before_there_was_a_history_does_not_approve(desk):
    desk.write(by=desk.reviewer)
    Revision.objects.all().delete()
    Module.objects.filter(pk=desk.module.pk).update(draft_changed_by=desk.author)
    with pytest.raises(Unsuitable):
        desk.approve(desk.propose())


def test_an_edit_after_the_approval_is_not_published_until_somebody_looked_again(desk):
    proposal = desk.approved()
    desk.write("Sisipan sesudah disetujui.\n")
    with pytest.raises(PublishingError, match="berubah sesudah disetujui"):
        proposing.publish(proposal, by=desk.reviewer)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.APPROVED and Version.objects.filter(module=desk.module).count() == 1
    desk.approve(proposal)
    assert proposing.publish(proposal, by=desk.reviewer).lessons.filter(body="Sisipan sesudah disetujui.\n").exists()


def test_an_approval_is_for_what_the_page_showed(desk):
    desk.write()
    proposal, seen = desk.propose(), proposing.digest(desk.module)
    desk.write("Diubah sementara peninjau membaca.\n")
    with pytest.raises(ProposingError, match="berubah sesudah halaman ini dibuka"):
        proposing.approve(proposal, by=desk.reviewer, seen=seen)
    assert actions() == ["proposal.sent"]


def test_the_digest_names_the_content_and_nothing_else(desk):
    desk.write()
    seen = proposing.digest(desk.module)
    desk.write("Lain.\n")
    assert proposing.digest(desk.module) != seen
    desk.write(by=desk.admin)
    assert proposing.digest(desk.module) == seen


def test_a_draft_sent_again_after_an_edit_loses_its_approval(desk):
    proposal = desk.approved()
    desk.write("Lain lagi.\n")
    again = desk.propose()
    assert again.pk == proposal.pk and (again.status, again.decided_by) == (ProposalStatus.IN_REVIEW, None)


def test_a_draft_goes_back_with_a_reason_and_the_author_is_told(desk):
    desk.write()
    proposal = desk.propose()
    with pytest.raises(ProposingError, match="Tulis apa"):
        proposing.return_to_author(proposal, by=desk.reviewer, decision="  ")
    proposing.return_to_author(proposal, by=desk.reviewer, decision="Tambah sumber.")
    with pytest.raises(ProposingError, match="tidak menunggu"):
        proposing.return_to_author(proposal, by=desk.reviewer, decision="Tambah sumber.")
    with pytest.raises(ProposingError, match="tidak menunggu"):
        desk.approve(proposal)
    letter = Message.objects.get(kind="proposal_returned")
    assert letter.recipient == desk.author and letter.context["decision"] == "Tambah sumber."
    assert desk.propose().pk != proposal.pk


def test_the_author_takes_it_back_and_repeating_that_is_harmless(desk):
    desk.write()
    proposal = desk.propose()
    proposing.withdraw(proposal, by=desk.author)
    proposing.withdraw(proposal, by=desk.author)
    assert actions() == ["proposal.sent", "proposal.withdrawn"] and proposing.open_proposal(desk.module) is None
    with pytest.raises(ProposingError):
        desk.approve(proposal)


def test_a_broken_link_blocks_approval_and_publication(desk):
    desk.write("Laporkan ke [aduan](https://aduan.go.id/lapor).\n")
    proposal = desk.propose()
    link = LinkCheck.objects.create(url="https://aduan.go.id/lapor", state=LinkState.BROKEN)
    with pytest.raises(ProposingError, match="tidak menjawab"):
        desk.approve(proposal)
    LinkCheck.objects.filter(pk=link.pk).update(state=LinkState.WORKS)
    desk.approve(proposal)
    LinkCheck.objects.filter(pk=link.pk).update(state=LinkState.BROKEN)
    with pytest.raises(PublishingError, match="tidak menjawab"):
        proposing.publish(proposal, by=desk.reviewer)
    assert Version.objects.filter(module=desk.module).count() == 1


def test_a_courses_own_draft_goes_the_same_way(desk):
    course = desk.module.course
    editing.touch(course, by=desk.author)
    type(course).objects.filter(pk=course.pk).update(title="Bimtek baru")
    course.refresh_from_db()
    proposal = proposing.propose(course, by=desk.author)
    proposing.approve(proposal, by=desk.reviewer, seen=proposing.digest(course))
    assert proposing.publish(proposal, by=desk.reviewer).facts["title"] == "Bimtek baru"


def test_without_a_reviewer_the_admins_are_told(desk):
    desk.reviewer.grants.all().delete()
    desk.write()
    desk.propose()
    assert [one.recipient for one in Message.objects.filter(kind="proposal_sent")] == [desk.admin]


@pytest.mark.concurrency
def test_two_who_approve_at_once_are_one_approval(desk, in_parallel):
    desk.write()
    proposal, seen = desk.propose(), proposing.digest(desk.module)
    people = [desk.reviewer, desk.admin] * 3
    in_parallel(6, lambda n: proposing.approve(Proposal.objects.get(pk=proposal.pk), by=people[n], seen=seen))
    assert actions() == ["proposal.sent", "proposal.approved"]
    assert Message.objects.filter(kind="proposal_approved").count() == 1


@pytest.mark.concurrency
def test_two_who_publish_at_once_make_one_version(desk, in_parallel):
    proposal = desk.approved()
    found = in_parallel(6, lambda n: proposing.publish(Proposal.objects.get(pk=proposal.pk), by=desk.reviewer))
    assert {one.number for one in found if isinstance(one, Version)} == {2}
    assert Version.objects.filter(module=desk.module).count() == 2
    assert Entry.objects.filter(action="module.published", details__number=2).count() == 1


@pytest.mark.concurrency
def test_sent_by_many_at_once_is_one_proposal(desk, in_parallel):
    desk.write()
    in_parallel(6, lambda n: proposing.propose(type(desk.module).objects.get(pk=desk.module.pk), by=desk.author))
    assert Proposal.objects.count() == 1 and actions() == ["proposal.sent"]


def picture_of(desk, by):
    made = media.add_image(desk.module.course, SimpleUploadedFile("a.png", png()), alternative_text="Peta", by=by)
    desk.write(f"## Isi\n\n![Peta]({made.written})\n")
    return made


def test_whoever_put_another_picture_in_place_of_one_that_is_shown_does_not_approve(desk):
    shown = picture_of(desk, desk.author)
    proposal = desk.propose()
    seen = proposing.digest(desk.module)
    accounts.grant(desk.reviewer, Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id)
    changing.replace(shown, SimpleUploadedFile("b.png", png(60, 50)), by=desk.reviewer)
    assert proposing.digest(desk.module) != seen
    with pytest.raises(Unsuitable, match="ikut menulis"):
        desk.approve(proposal)
    assert desk.approve(proposal, by=desk.admin).status == ProposalStatus.APPROVED


def test_whoever_wrote_a_part_before_somebody_else_moved_it_here_does_not_approve(desk):
    other = make.make_module(desk.module.course, lessons=1, title="Lain", position=9)
    activity = other.activities.get()
    accounts.grant(desk.reviewer, Role.AUTHOR, ScopeKind.COURSE, desk.module.course_id)
    editing.save_lesson(
        activity, by=desk.reviewer, edit_number=activity.lesson.edit_number, body="## Baru\n\nDari peninjau.\n", values={}, facts={}
    )
    activity = other.activities.get()
    editing.save_lesson(
        activity, by=desk.author, edit_number=activity.lesson.edit_number, body="## Baru\n\nDari penulis.\n", values={}, facts={}
    )
    arranging.place(other.activities.get(), by=desk.author, target=desk.module)
    proposal = desk.propose()
    with pytest.raises(Unsuitable, match="ikut menulis"):
        desk.approve(proposal)
