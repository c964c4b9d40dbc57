"""What the files of an archive do to a course: tried first, then done. Everything stays a draft; publishing is the review's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from accounts.models import User

from .. import editing, publishing
from ..dumping import course_files
from ..holders import Holder
from ..loading import load_course
from ..media import naming
from ..models import Course, Module
from ..reporting import Report


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
    report = load_course(folder, by=by, overwrite_drafts=True, publish=False, slug=slug)
    course = Course.objects.get(slug=slug)
    holders: list[Holder] = [course, *Module.objects.filter(course=course, archived_at__isnull=True).select_related("current_version")]
    for holder in holders:
        if publishing.has_changes(holder):
            editing.touch(holder, by=by)
    return course, report


def unpublished(course: Course | None) -> list[str]:
    """The course's drafts that somebody changed and nobody published yet, as people call them."""
    if course is None:
        return []
    own = ["pengaturan kursus"] if course.draft_changed_at else []
    rows = Module.objects.filter(course=course, archived_at__isnull=True, draft_changed_at__isnull=False).order_by("position", "pk")
    return own + [f"modul {one.code} {one.title}" for one in rows]
