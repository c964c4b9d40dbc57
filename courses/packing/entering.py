"""What the files of an archive do to a course: tried first, then done. Everything stays a draft; publishing is the review's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User

from .. import editing, publishing, revising
from ..dumping import course_files
from ..holders import Holder
from ..loading import load_course
from ..media import naming
from ..models import Activity, ActivityKind, Aspect, Course, Module, RevisionOrigin
from ..publishing import registered_parts
from ..reporting import Report

State = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """What entering would do. ``drafts``: unpublished drafts that the files would replace, by name."""

    report: Report
    drafts: list[str] = field(default_factory=list)


def fingerprint(course: Course | None) -> str:
    """Which drafts a trial was made against: another text, another value. Empty for a course that is not there yet."""
    if course is None:
        return ""
    digest = hashlib.sha256()
    for name, content in sorted(course_files(course).items()):
        data = content if isinstance(content, bytes) else content.encode()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def attempt(folder: Path, *, slug: str, by: User | None) -> Trial:
    """Enter the files, say what that did, and undo it all: no row and no file is left. Raises LoadError."""
    drafts = unpublished(Course.objects.filter(slug=slug).first())
    with transaction.atomic(), naming.dry():
        report = load_course(folder, by=by, overwrite_drafts=True, publish=False, slug=slug)
        transaction.set_rollback(True)
    return Trial(report, drafts)


@transaction.atomic
def enter(folder: Path, *, slug: str, by: User | None) -> tuple[Course, Report]:
    """Bring the files in as drafts of the course of this address, with a line of history for each changed part. Raises LoadError."""
    course = Course.objects.select_for_update().filter(slug=slug).first()
    before = _states(course) if course else {}
    report = load_course(folder, by=by, overwrite_drafts=True, publish=False, slug=slug)
    course = Course.objects.get(slug=slug)
    holders: list[Holder] = [course, *Module.objects.filter(course=course, archived_at__isnull=True).select_related("current_version")]
    for holder in holders:
        if publishing.has_changes(holder):
            editing.touch(holder, by=by)
    _keep(course, before, by)
    return course, report


def unpublished(course: Course | None) -> list[str]:
    """The course's drafts that somebody changed and nobody published yet, as people call them."""
    if course is None:
        return []
    own = ["pengaturan kursus"] if course.draft_changed_at else []
    rows = Module.objects.filter(course=course, archived_at__isnull=True, draft_changed_at__isnull=False).order_by("position", "pk")
    return own + [f"modul {one.code} {one.title}" for one in rows]


def _states(course: Course) -> dict[tuple[str, int], State]:
    """What the history knows of each part, by what it is of."""
    found: dict[tuple[str, int], State] = {}
    for one in Activity.objects.filter(course=course, archived_at__isnull=True).select_related("lesson"):
        if one.kind == ActivityKind.LESSON:
            found["activity", one.pk] = (Aspect.LESSON, revising.lesson_state(one))
        elif state := next(filter(None, (part.state(one) for part in registered_parts().values())), None):
            found["activity", one.pk] = (Aspect.QUIZ, revising.plain(state))
    for module in Module.objects.filter(course=course, archived_at__isnull=True):
        found["module", module.pk] = (Aspect.FACTS, revising.facts_state(module))
    found["course", course.pk] = (Aspect.FACTS, revising.facts_state(course))
    return found


def _keep(course: Course, before: dict[tuple[str, int], State], by: User | None) -> None:
    activities = Activity.objects.filter(course=course).select_related("module").in_bulk()
    modules = Module.objects.filter(course=course).in_bulk()
    for (what, pk), (aspect, state) in _states(course).items():
        former = before.get((what, pk))
        if former == (aspect, state):
            continue
        activity = activities[pk] if what == "activity" else None
        module = activity.module if activity else modules.get(pk) if what == "module" else None
        words: dict[str, Any] = {"aspect": aspect, "content": state, "by": by, "origin": RevisionOrigin.FILE}
        revising.keep(course, module=module, activity=activity, before=former[1] if former else None, **words)
