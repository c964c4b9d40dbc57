"""From a draft to its publication by two people: sent to be reviewed, approved by somebody who did not write it, published.

A ``Proposal`` is for one holder (a module, or the course for its own outline and rules). At most one is open at a time; the database
says so. An approval holds for the digest that the approver saw: an edit afterwards withdraws nothing, but the draft has to be looked
at again before it is published. Publication by command (``load_course``) needs no proposal: whoever reaches the server decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Role, RoleGrant, ScopeKind, User
from audit import log
from linimasa.problems import Problem
from notifications import outbox

from . import hindrances, publishing, reviewing
from .checks import CheckError
from .holders import Holder, of_holder
from .models import OPEN_PROPOSALS, Course, Module, Proposal, ProposalStatus, Version
from .publishing import Draft, PublishingError


class ProposingError(Exception):
    """This step is not possible now; the message says why and what to do."""


class Unsuitable(ProposingError):
    """Not by this person: they wrote it themselves."""


def open_proposal(holder: Holder) -> Proposal | None:
    """The proposal of this draft that is in review or approved and not yet published. One statement."""
    return _of(holder).filter(status__in=OPEN_PROPOSALS).select_related("sent_by", "decided_by").first()


def waiting(courses: Iterable[Course]) -> QuerySet[Proposal]:
    """The drafts of these courses that wait for a reviewer, the longest waiting first."""
    rows = Proposal.objects.filter(course__in=list(courses), status=ProposalStatus.IN_REVIEW)
    return rows.select_related("course", "module", "sent_by").order_by("sent_at", "pk")


def last_proposal(holder: Holder) -> Proposal | None:
    """The latest proposal of this draft, whatever became of it. One statement."""
    return _of(holder).select_related("sent_by", "decided_by", "version").first()


def holder_of(proposal: Proposal) -> Holder:
    """The module, or the course, whose draft was proposed."""
    return proposal.module if proposal.module is not None else proposal.course


def digest(holder: Holder) -> str:
    """The name of exactly what a publication would freeze now (SHA-256, 64 signs); empty while a check cannot be read."""
    draft = _readable(holder)
    return digest_of(draft) if draft else ""


def _readable(holder: Holder) -> Draft | None:
    try:
        return publishing.freeze(holder)
    except CheckError:
        return None


def digest_of(draft: Draft) -> str:
    """The same content has the same digest, whoever wrote it and whenever it is asked for."""
    lessons = [
        [one.activity_id, one.title, one.body, one.html, list(one.objectives), one.reviewed_on.isoformat() if one.reviewed_on else None]
        for one in draft.lessons
    ]
    content = {"facts": draft.facts, "outline": draft.outline, "lessons": lessons, "parts": draft.parts}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def sending_problems(holder: Holder) -> list[Problem]:
    """Why this draft cannot be sent to be reviewed: nothing in it, a check that cannot be read, or nothing that differs.

    What else stands in the way of publishing may be mended while it is reviewed.
    """
    kept = {"archived", "empty_module", "bad_check"}
    found = [problem for problem in publishing.holder_problems(holder) if problem.code in kept]
    if not found and not publishing.has_changes(holder):
        found.append(Problem("unchanged", "Draf ini sama dengan yang sudah terbit. Tidak ada yang perlu ditinjau."))
    return found


@transaction.atomic
def propose(holder: Holder, *, by: User, note: str = "") -> Proposal:
    """Send the draft to be reviewed and tell the reviewers. Sent again while one is open: that one, harmlessly; where the draft was
    changed in between, an approval is taken back and the reviewers are told. Raises ProposingError."""
    holder = locked(holder)
    problems = sending_problems(holder)
    if problems:
        raise ProposingError(problems[0].sentence)
    now_digest, now = digest(holder), timezone.now()
    open_one = _of(holder).select_for_update(of=("self",)).filter(status__in=OPEN_PROPOSALS).first()
    if open_one is not None and open_one.digest == now_digest:
        return open_one
    values = {"digest": now_digest, "note": note, "sent_by": by, "sent_at": now}
    if open_one is not None:
        Proposal.objects.filter(pk=open_one.pk, status__in=OPEN_PROPOSALS).update(
            **values, status=ProposalStatus.IN_REVIEW, decided_by=None, decided_at=None, decision="", publish_at=None, hindrance=""
        )
        open_one.refresh_from_db()
        proposal = open_one
    else:
        try:
            with transaction.atomic():
                proposal = Proposal.objects.create(**_keys(holder), **values)
        except IntegrityError:  # somebody sent it in this very moment
            return _of(holder).get(status__in=OPEN_PROPOSALS)
    log.record("proposal.sent", by=by, on=holder, proposal=proposal.pk, note=note)
    _tell_reviewers(proposal, holder, by)
    return proposal


@transaction.atomic
def approve(proposal: Proposal, *, by: User, seen: str, decision: str = "") -> Proposal:
    """Approve what this person saw: ``seen`` is the digest on their page. Approving an approved draft again after an edit counts too.

    Raises Unsuitable for whoever sent or changed the draft, and ProposingError when it changed after the page was drawn, when
    something stands in the way of publishing, or when it is no longer open.
    """
    holder = locked(holder_of(proposal))
    own = reviewing.review_problems(holder, by=by)
    if own:
        raise Unsuitable(own[0].sentence)
    current = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk, status__in=OPEN_PROPOSALS).first()
    if current is None:
        raise ProposingError("Kiriman ini sudah tidak menunggu peninjauan. Muat ulang halaman untuk melihat keadaannya.")
    draft = _readable(holder)
    now_digest = digest_of(draft) if draft else ""
    if draft is None or now_digest != seen:
        raise ProposingError("Draf berubah sesudah halaman ini dibuka. Lihat dahulu perubahannya, lalu setujui.")
    if current.status == ProposalStatus.APPROVED and current.digest == now_digest:
        return current
    problems = hindrances.blocking(holder, draft)
    if problems:
        raise ProposingError(problems[0].sentence)
    Proposal.objects.filter(pk=current.pk).update(
        status=ProposalStatus.APPROVED, digest=now_digest, decided_by=by, decided_at=timezone.now(), decision=decision, hindrance=""
    )
    current.refresh_from_db()
    log.record("proposal.approved", by=by, on=holder, proposal=current.pk, note=decision)
    tell_authors("proposal_approved", current, holder, by)
    return current


@transaction.atomic
def return_to_author(proposal: Proposal, *, by: User, decision: str) -> Proposal:
    """Give the draft back with what is still to be done. Raises ProposingError without a reason, or when it is no longer open."""
    if not decision.strip():
        raise ProposingError("Tulis apa yang perlu diperbaiki, agar penulis tahu langkahnya.")
    holder = holder_of(proposal)
    changed = Proposal.objects.filter(pk=proposal.pk, status__in=OPEN_PROPOSALS).update(
        status=ProposalStatus.RETURNED, decided_by=by, decided_at=timezone.now(), decision=decision.strip(), publish_at=None, hindrance=""
    )
    if not changed:
        raise ProposingError("Kiriman ini sudah tidak menunggu peninjauan. Muat ulang halaman untuk melihat keadaannya.")
    proposal.refresh_from_db()
    log.record("proposal.returned", by=by, on=holder, proposal=proposal.pk, note=decision.strip())
    tell_authors("proposal_returned", proposal, holder, by)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """Take the draft back to write on. Harmless when repeated; raises ProposingError when it was decided or published meanwhile."""
    holder = holder_of(proposal)
    changed = Proposal.objects.filter(pk=proposal.pk, status__in=OPEN_PROPOSALS).update(
        status=ProposalStatus.WITHDRAWN, publish_at=None, hindrance=""
    )
    proposal.refresh_from_db()
    if not changed:
        if proposal.status == ProposalStatus.WITHDRAWN:
            return proposal
        raise ProposingError("Kiriman ini sudah diputuskan. Muat ulang halaman untuk melihat keadaannya.")
    log.record("proposal.withdrawn", by=by, on=holder, proposal=proposal.pk)
    return proposal


@transaction.atomic
def publish(proposal: Proposal, *, by: User | None, note: str = "") -> Version:
    """Publish what was approved, once; repeated, the version that it became. ``by`` None: a worker at the planned time.

    Raises ProposingError when it was not approved or changed since, PublishingError when something stands in the way.
    """
    holder = locked(holder_of(proposal))
    current = Proposal.objects.select_for_update(of=("self",)).select_related("version").get(pk=proposal.pk)
    if current.status == ProposalStatus.PUBLISHED and current.version is not None:
        return current.version
    if current.status != ProposalStatus.APPROVED:
        raise ProposingError("Draf ini belum disetujui orang kedua. Mintalah persetujuan sebelum menerbitkannya.")

    def against(draft: Draft) -> list[Problem]:
        if digest_of(draft) != current.digest:
            return [Problem("changed_since", "Draf berubah sesudah disetujui. Mintalah peninjau melihatnya lagi.")]
        return hindrances.blocking(holder, draft)

    version = publishing.publish_checked(holder, by=by, note=note or current.note, check=against)
    Proposal.objects.filter(pk=current.pk, status=ProposalStatus.APPROVED).update(
        status=ProposalStatus.PUBLISHED, version=version, publish_at=None, hindrance=""
    )
    tell_authors("proposal_published", current, holder, by, version=version, others=() if by else [current.decided_by_id])
    return version


def reviewers_of(course: Course) -> list[User]:
    """Whoever may approve drafts of this course now: its reviewers, or the admins where there is none. Two statements at most.
    Nobody is told of a practice course."""
    if course.is_practice:
        return []
    for role in (Role.REVIEWER, Role.ADMIN):
        reach = Q(scope_kind=ScopeKind.EVERYTHING) | Q(scope_kind=ScopeKind.COURSE, scope_id=str(course.pk))
        grants = RoleGrant.objects.in_force().filter(reach, role=role)
        found = list(User.objects.filter(pk__in=grants.values("person"), is_active=True).order_by("pk")[:50])
        if found:
            return found
    return []


def _tell_reviewers(proposal: Proposal, holder: Holder, by: User) -> None:
    authors = reviewing.authors_of(holder)
    for person in reviewers_of(proposal.course):
        if person.pk != by.pk and person.pk not in authors:
            key = f"proposal-sent:{proposal.pk}:{proposal.digest[:16]}:{person.pk}"
            outbox.enqueue("proposal_sent", to=person, dedupe_key=key, context=context_of(proposal, holder, by))


def tell_authors(
    kind: str,
    proposal: Proposal,
    holder: Holder,
    by: User | None,
    version: Version | None = None,
    others: Iterable[int | None] = (),
) -> None:
    """The sender, whoever else changed the draft, and these ``others``; never the one who acted."""
    people = {proposal.sent_by_id, *reviewing.authors_of(holder), *others} - {None, by.pk if by else None}
    for person in User.objects.filter(pk__in=people, is_active=True):
        context = context_of(proposal, holder, by)
        if version:
            context |= {"number": version.number, "path": reviewing.address_of_version(version)}
        key = f"{kind}:{proposal.pk}:{version.pk if version else proposal.digest[:16]}:{person.pk}"
        outbox.enqueue(kind, to=person, dedupe_key=key, context=context)


def context_of(proposal: Proposal, holder: Holder, by: User | None) -> dict[str, Any]:
    return {
        "who": by.name if by else "Penerbitan terjadwal",
        "title": holder.title,
        "note": proposal.note,
        "decision": proposal.decision,
        "path": reviewing.address_of(holder),
    }


def _keys(holder: Holder) -> dict[str, Any]:
    if isinstance(holder, Module):
        return {"course_id": holder.course_id, "module": holder}
    return {"course": holder, "module": None}


def _of(holder: Holder) -> QuerySet[Proposal]:
    return of_holder(Proposal.objects.all(), holder)


def locked(holder: Holder) -> Holder:
    """The holder, locked for the length of the transaction: one act on a draft's way at a time."""
    return type(holder).objects.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)


__all__ = [
    "ProposingError",
    "PublishingError",
    "Unsuitable",
    "approve",
    "digest",
    "digest_of",
    "holder_of",
    "last_proposal",
    "locked",
    "open_proposal",
    "propose",
    "publish",
    "return_to_author",
    "reviewers_of",
    "sending_problems",
    "withdraw",
]
