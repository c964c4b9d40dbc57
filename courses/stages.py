"""How far each part of a course's draft has come: draf, ditinjau, disetujui, terbit; and whether it must be looked at again.

What every page of the studio says about the state of a part is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import F, Max

from accounts.models import User
from linimasa import clock

from . import freshness
from .models import OPEN_PROPOSALS, Activity, ActivityKind, Course, FrozenLesson, Module, Proposal, ProposalStatus, Revision, Version
from .publishing import registered_parts


class Stage(Enum):
    """Where a part stands on its way to the learners: the petals of its icon, its word, the tone of its tag."""

    DRAFT = (1, "Draf", "info")
    IN_REVIEW = (2, "Ditinjau", "note")
    APPROVED = (3, "Disetujui", "info")
    PUBLISHED = (4, "Terbit", "")

    @property
    def petals(self) -> int:
        return self.value[0]

    @property
    def word(self) -> str:
        return self.value[1]

    @property
    def tone(self) -> str:
        return self.value[2]


@dataclass(frozen=True)
class Standing:
    """One part. ``due``: why it must be looked at again, in a sentence, or empty. ``by`` and ``at``: whose last change, or whose review."""

    stage: Stage
    is_new: bool = False
    due: str = ""
    by: User | None = None
    at: datetime | None = None

    @property
    def is_due(self) -> bool:
        return bool(self.due)

    @property
    def is_ready(self) -> bool:
        """Nothing is left to do by those who write."""
        return self.stage in {Stage.APPROVED, Stage.PUBLISHED} and not self.due


@dataclass(frozen=True)
class Stages:
    """The standing of every part that is not archived, by activity id and by module id; ``own``: the course's words and rules."""

    activities: Mapping[int, Standing] = field(default_factory=dict)
    modules: Mapping[int, Standing] = field(default_factory=dict)
    own: Standing = Standing(Stage.DRAFT)
    proposals: Mapping[int | None, Proposal] = field(default_factory=dict)

    def of(self, activity: Activity) -> Standing:
        return self.activities[activity.pk]

    def of_module(self, module: Module) -> Standing:
        return self.modules[module.pk]


def of_course(course: Course) -> Stages:
    """Where every part of the course stands now. The same number of statements for any number of parts."""
    rows = list(
        Activity.objects.filter(course=course, archived_at__isnull=True)
        .select_related("lesson", "lesson__updated_by")
        .defer("lesson__body")
        .order_by("position", "pk")
    )
    modules = list(Module.objects.filter(course=course, archived_at__isnull=True).select_related("draft_changed_by"))
    versions = _versions(course, modules)
    holders: dict[int | None, Module | Course] = {module.pk: module for module in modules} | {None: course}
    proposals = {
        one.module_id: one
        for one in Proposal.objects.filter(course=course, status__in=OPEN_PROPOSALS).select_related("sent_by", "decided_by")
    }
    differing = _differing(course, rows, versions)
    due = _due(rows)
    kept = _last_changes(course)
    standings = {}
    for row in rows:
        if row.module_id not in holders:
            continue  # of an archived module
        version = versions.get(row.module_id)
        published = _item(version, row.pk)
        changed_by, changed_at = kept.get(row.pk) or _changed(row)
        stage = Stage.PUBLISHED
        by, at = changed_by, changed_at
        if published is None or row.pk in differing:
            stage, by, at = _on_the_way(proposals.get(row.module_id), changed_by, changed_at)
        standings[row.pk] = Standing(stage, published is None, due.get(row.pk, ""), by, at)
    of_modules = {
        module.pk: _whole(module, versions.get(module.pk), [standings[row.pk] for row in rows if row.module_id == module.pk], proposals)
        for module in modules
    }
    own = _whole(course, versions.get(None), [standings[row.pk] for row in rows if row.module_id is None], proposals)
    return Stages(standings, of_modules, own, proposals)


def _versions(course: Course, modules: Iterable[Module]) -> dict[int | None, Version]:
    """The current versions by module, the course's own under None."""
    wanted = [module.current_version_id for module in modules] + [course.current_version_id]
    rows = Version.objects.filter(pk__in=[pk for pk in wanted if pk]).defer("parts", "facts")
    return {version.module_id: version for version in rows}


def _item(version: Version | None, activity_id: int) -> Mapping[str, Any] | None:
    return next((item for item in version.outline if item["activity"] == activity_id), None) if version else None


def _differing(course: Course, rows: list[Activity], versions: Mapping[int | None, Version]) -> set[int]:
    """The activities whose draft is not what their current version says."""
    found = set()
    same = _same_lessons(rows, versions)
    for row in rows:
        item = _item(versions.get(row.module_id), row.pk)
        if item is None:
            continue
        facts_differ = (item["title"], item["minutes"], item["required"]) != (row.title, row.minutes, row.is_required)
        if facts_differ or (row.kind == ActivityKind.LESSON and row.pk not in same):
            found.add(row.pk)
    for part in registered_parts().values():
        found |= part.differing(course) if hasattr(part, "differing") else set()
    return found


def _same_lessons(rows: list[Activity], versions: Mapping[int | None, Version]) -> set[int]:
    """The lessons that are published word for word; their bodies are compared where they lie. One statement."""
    frozen = FrozenLesson.objects.filter(version__in=[one.pk for one in versions.values()], body=F("activity__lesson__body"))
    facts = {pk: (objectives, reviewed_on) for pk, objectives, reviewed_on in frozen.values_list("activity", "objectives", "reviewed_on")}
    lessons = (row for row in rows if row.kind == ActivityKind.LESSON and hasattr(row, "lesson"))
    return {row.pk for row in lessons if facts.get(row.pk) == (row.lesson.objectives, row.lesson.reviewed_on)}


def _due(rows: Iterable[Activity]) -> dict[int, str]:
    found = {}
    for row in rows:
        lesson = getattr(row, "lesson", None)
        if lesson is None:
            continue
        if lesson.under_review_since:
            found[row.pk] = lesson.under_review_note or "Isinya sedang diperiksa."
        elif freshness.is_due(lesson):
            found[row.pk] = f"Perlu ditinjau lagi sejak {clock.day_text(lesson.review_again_on)}."
    return found


def _last_changes(course: Course) -> dict[int, tuple[User | None, datetime]]:
    """Who changed each part last, as the history knows. Two statements."""
    rows = Revision.objects.filter(course=course, activity__isnull=False, by__isnull=False).order_by().values("activity")
    last = rows.annotate(last=Max("pk")).values_list("last", flat=True)
    found = Revision.objects.filter(pk__in=list(last)).defer("content").select_related("by")
    return {one.activity_id: (one.by, one.at) for one in found if one.activity_id}


def _changed(row: Activity) -> tuple[User | None, datetime | None]:
    lesson = getattr(row, "lesson", None)
    return (lesson.updated_by, lesson.updated_at) if lesson else (None, None)


def _on_the_way(proposal: Proposal | None, by: User | None, at: datetime | None) -> tuple[Stage, User | None, datetime | None]:
    """What was changed after it was sent is a draft again."""
    if proposal is None or (at is not None and at > proposal.sent_at):
        return Stage.DRAFT, by, at
    if proposal.status == ProposalStatus.APPROVED:
        return Stage.APPROVED, proposal.decided_by, proposal.decided_at
    return Stage.IN_REVIEW, proposal.sent_by, proposal.sent_at


def _whole(holder: Module | Course, version: Version | None, parts: list[Standing], proposals: Mapping[int | None, Proposal]) -> Standing:
    """A module is as far as its least part; what is changed in its words or order alone counts too."""
    stages: list[Stage] = [one.stage for one in parts if one.stage is not Stage.PUBLISHED]
    if version is None or (holder.draft_changed_at and not stages):
        proposal = proposals.get(holder.pk if isinstance(holder, Module) else None)
        stages.append(_on_the_way(proposal, holder.draft_changed_by, holder.draft_changed_at)[0])
    stage = min(stages, key=lambda one: one.petals, default=Stage.PUBLISHED)
    return Standing(stage, version is None, "", holder.draft_changed_by, holder.draft_changed_at)
