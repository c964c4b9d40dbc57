"""All that a reviewer weighs about a draft, gathered once: what changes, what stands in the way, whom it reaches, what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from linimasa import writing

from . import comparing, hindrances, proposing, publishing, remarking, reviewing
from .aligning import Passage
from .checks import CheckError
from .holders import Holder, of_holder
from .models import Proposal, ProposalStatus, Version
from .publishing import Draft, Reach

VERSIONS_SHOWN = 4


@dataclass
class Weighed:
    """A draft as its page of review shows it. ``digest`` is empty while a check cannot be read."""

    holder: Holder
    digest: str
    found: hindrances.Found
    comparison: comparing.Comparison
    reaches: list[Reach]
    effects: list[str]
    proposal: Proposal | None
    last: Proposal | None
    authors: set[int]
    threads: list[remarking.Thread]
    versions: list[Version]
    shown_activities: set[int] = field(default_factory=set)

    @property
    def summary(self) -> str:
        """«Satu pelajaran dan dua soal berubah makna.»"""
        lessons, meant, other = len(self.comparison.lessons), self.comparison.meanings, len(self.comparison.details)
        told = [f"{writing.number_word(lessons)} pelajaran berubah"] if lessons else []
        if meant:
            told.append(f"{writing.number_word(meant)} soal berubah makna")
        elif other:
            told.append(f"{writing.number_word(other)} soal berubah")
        if not told:
            told = ["susunan atau aturannya berubah"]
        sentence = writing.listed(told)
        return f"{sentence[:1].upper()}{sentence[1:]}."

    @property
    def next_number(self) -> int:
        return (self.holder.current_version.number if self.holder.current_version else 0) + 1

    @property
    def old_name(self) -> str:
        return f"Versi {self.holder.current_version.number}" if self.holder.current_version else ""

    @property
    def new_name(self) -> str:
        return f"Versi {self.next_number}"

    @property
    def is_approved(self) -> bool:
        return self.proposal is not None and self.proposal.status == ProposalStatus.APPROVED and not self.changed_since

    @property
    def changed_since(self) -> bool:
        """The draft is no longer what was sent or approved."""
        return self.proposal is not None and self.proposal.digest != self.digest

    @property
    def was_approved(self) -> bool:
        """Somebody approved what the draft was before the latest edit."""
        return self.changed_since and self.proposal is not None and self.proposal.status == ProposalStatus.APPROVED

    @property
    def staying(self) -> int:
        """Learners who keep the version that they have."""
        return sum(reach.people for reach in self.reaches if reach.stays and reach.is_running)

    @property
    def reached(self) -> int:
        """Learners who see the new version at once."""
        return sum(reach.people for reach in self.reaches if not reach.stays and reach.is_running)

    @property
    def in_the_middle(self) -> int:
        return sum(reach.in_the_middle for reach in self.reaches if not reach.stays)

    @property
    def all_beside(self) -> bool:
        """There are remarks, and each of them stands beside the words that it is about."""
        beside = [one.is_open and not one.is_lost and one.remark.activity_id in self.shown_activities for one in self.threads]
        return bool(beside) and all(beside)

    @property
    def open_threads(self) -> int:
        return sum(1 for thread in self.threads if thread.is_open)


def weigh(holder: Holder) -> Weighed:
    """Gather it. Changes nothing. Statements do not grow with the lessons, remarks or cohorts."""
    try:
        draft: Draft | None = publishing.freeze(holder)
    except CheckError:
        draft = None
    comparison = comparing.diff(holder.current_version, draft) if draft is not None else comparing.Comparison()
    texts = {lesson.activity_id: lesson.body for lesson in draft.lessons} if draft else {}
    threads = remarking.of_holder(holder, texts)
    for change in comparison.lessons:
        beside = [one for one in threads if one.remark.activity_id == change.activity and one.is_open and not one.is_lost]
        change.threads = _beside(change, texts.get(change.activity, ""), beside)
    return Weighed(
        holder=holder,
        digest=proposing.digest_of(draft) if draft else "",
        found=hindrances.of(holder, draft),
        comparison=comparison,
        reaches=publishing.reaches(holder, comparison.activities),
        effects=publishing.effects(holder),
        proposal=proposing.open_proposal(holder),
        last=proposing.last_proposal(holder),
        authors=reviewing.authors_of(holder),
        threads=threads,
        versions=list(versions_of(holder)[:VERSIONS_SHOWN]),
        shown_activities={change.activity for change in comparison.lessons if change.kind != "removed"},
    )


def hindering(holder: Holder) -> int:
    """How many things stand in the way of approving this draft, where it can be sent to be reviewed at all."""
    if proposing.sending_problems(holder):
        return 0
    return len(hindrances.blocking(holder, publishing.freeze(holder)))


def _beside(change: comparing.LessonChange, text: str, threads: list[remarking.Thread]) -> list[remarking.Thread]:
    """Give each remark to the changed passage that it quotes, the earliest words first; what is left is about the whole lesson."""
    passages = [(start, one) for start, one in _places(change, text) if one.kind != "same"]
    left: list[remarking.Thread] = []
    for thread in sorted(threads, key=lambda one: one.place.start if one.place else -1):
        at = thread.place.start if thread.place else -1
        found = next((one for start, one in passages if start <= at < start + len(one.text)), None)
        (found.threads if found else left).append(thread)
    return left


def _places(change: comparing.LessonChange, text: str) -> Iterator[tuple[int, Passage]]:
    """Where in today's text each passage begins; those that were removed stand nowhere."""
    at = 0
    for passage in change.passages:
        if passage.kind != "removed" and (found := text.find(passage.text.partition("\n\n")[0], at)) >= 0:
            yield found, passage
            at = found + 1


def versions_of(holder: Holder) -> QuerySet[Version]:
    """The holder's versions, the newest first, without their content."""
    return of_holder(Version.objects.all(), holder).defer("parts", "outline", "facts").select_related("published_by")
