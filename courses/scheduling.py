"""Publishing at a planned moment: a worker does it, the row remembers it, and what hinders it is told to people.

``publish_at`` on an approved proposal is the plan. A task gets its id, a sweeper finds whatever is due; both call ``run``, which is
harmless when it was run before. If something stands in the way at that moment nothing is published, the plan is taken off, and the
reviewer, the authors and whoever planned it are told why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit import log
from audit.models import Entry
from linimasa import clock
from notifications import outbox

from . import proposing, reviewing
from .models import Proposal, ProposalStatus
from .proposing import ProposingError
from .publishing import PublishingError

FURTHEST = timedelta(days=2 * 366)


@transaction.atomic
def plan(proposal: Proposal, *, by: User, at: datetime, note: str = "") -> Proposal:
    """Plan the publication of an approved draft. Planned again for the same moment: nothing happens.

    Raises ProposingError for a moment that is past or too far, and for a draft that was not approved or changed since.
    """
    if not clock.now() < at < clock.now() + FURTHEST:
        raise ProposingError("Pilih waktu sesudah sekarang, paling lama dua tahun lagi.")
    current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if current.status != ProposalStatus.APPROVED:
        raise ProposingError("Hanya draf yang sudah disetujui yang dapat dijadwalkan.")
    holder = proposing.holder_of(current)
    if proposing.digest(holder) != current.digest:
        raise ProposingError("Draf berubah sesudah disetujui. Mintalah peninjau melihatnya lagi, lalu jadwalkan.")
    if current.publish_at == at:
        return current
    Proposal.objects.filter(pk=current.pk).update(publish_at=at, note=note or current.note, hindrance="")
    current.refresh_from_db()
    log.record("proposal.scheduled", by=by, on=holder, proposal=current.pk, at=at.isoformat())
    return current


@transaction.atomic
def cancel(proposal: Proposal, *, by: User) -> Proposal:
    """Take the plan off; the approval stays. Harmless when repeated."""
    changed = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.APPROVED, publish_at__isnull=False).update(publish_at=None)
    proposal.refresh_from_db()
    if changed:
        log.record("proposal.unscheduled", by=by, on=proposing.holder_of(proposal), proposal=proposal.pk)
    return proposal


def due() -> list[int]:
    """The ids of the proposals whose moment has come, the oldest first. One statement."""
    rows = Proposal.objects.filter(status=ProposalStatus.APPROVED, publish_at__lte=clock.now())
    return list(rows.order_by("publish_at", "pk").values_list("pk", flat=True))


def run(proposal_id: int) -> bool:
    """Publish it if its moment has come; whether it was published now. Run again, or by two workers at once, the same end state."""
    proposal = Proposal.objects.filter(pk=proposal_id, status=ProposalStatus.APPROVED, publish_at__lte=clock.now()).first()
    if proposal is None:
        return False
    try:
        with transaction.atomic():
            proposing.locked(proposing.holder_of(proposal))  # the draft first, then the proposal, as every act does
            current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
            if current.status != ProposalStatus.APPROVED or current.publish_at != proposal.publish_at:
                return False
            proposing.publish(current, by=None)
    except (ProposingError, PublishingError) as error:
        _hinder(proposal, str(error))
        return False
    return True


@transaction.atomic
def _hinder(proposal: Proposal, reason: str) -> None:
    """Nothing was published: the plan is taken off and the people are told why, once."""
    changed = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.APPROVED, publish_at=proposal.publish_at).update(
        publish_at=None, hindrance=reason[:1000]
    )
    if not changed:
        return
    holder = proposing.holder_of(proposal)
    log.record("proposal.hindered", by=None, on=holder, proposal=proposal.pk, reason=reason[:300])
    planned = Entry.objects.filter(action="proposal.scheduled", details__proposal=proposal.pk).order_by("-pk")
    planner = planned.values_list("actor", flat=True).first()
    people = {proposal.sent_by_id, proposal.decided_by_id, planner, *reviewing.authors_of(holder)} - {None}
    context = proposing.context_of(proposal, holder, None) | {"hindrance": reason}
    for person in User.objects.filter(pk__in=people, is_active=True):
        key = f"proposal-hindered:{proposal.pk}:{proposal.publish_at:%Y%m%d%H%M}:{person.pk}"
        outbox.enqueue("proposal_hindered", to=person, dedupe_key=key, context=context)
