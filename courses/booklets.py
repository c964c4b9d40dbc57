"""Booklets: each published module as one PDF to be read on paper, drawn by a worker and kept with the SHA-256 of its bytes.

A version never changes, but its booklet explains terms of the course's glossary and is drawn by a template: ``renderer`` says which, and
the booklet of a current version is drawn anew when either changed. Pages never draw one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from PIL import Image

from linimasa import clock

from . import figures, glossary, printing, trees
from .models import Booklet, FrozenLesson, Media, MediaKind, Module, Rendition, Version

_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(frozen=True, slots=True)
class Known:
    """What a page says about a booklet that can be downloaded."""

    size: int
    pages: int


def renderer_of(course_version_id: int | None) -> str:
    """What a booklet that is up to date was drawn with: the template's number and the version of the course's glossary."""
    return f"{printing.DRAWING}.{course_version_id or 0}"


def known(version_id: int, course_version_id: int | None) -> Known | None:
    """The booklet of this module version, if there is one. One statement; none once an up-to-date one was seen in this process."""
    key = f"courses.booklet:{version_id}:{renderer_of(course_version_id)}"
    found = caches["local"].get(key)
    if found is None:
        row = Booklet.objects.filter(version=version_id).values_list("size", "pages", "renderer").first()
        if row is None:
            return None
        found = Known(row[0], row[1])
        if row[2] == renderer_of(course_version_id):
            caches["local"].set(key, found, None)
    return found


def missing() -> list[int]:
    """The current module versions whose booklet is not there or out of date. One statement."""
    rows = Module.objects.filter(archived_at__isnull=True, current_version__isnull=False).order_by("pk")
    seen = rows.values_list("current_version_id", "current_version__booklet__renderer", "course__current_version_id")
    return [version_id for version_id, renderer, course_version_id in seen if renderer != renderer_of(course_version_id)]


def make(version: Version) -> Booklet:
    """The booklet of a module version; drawn and stored where it is not there or, for a current version, out of date.

    Of two that draw the same at once, one is kept. Only for worker processes. Raises ``ValueError`` when it cannot be drawn small enough.
    """
    kept = Booklet.objects.filter(version=version).defer("data").first()
    wanted = renderer_of(version.course.current_version_id)
    is_current = version.module is not None and version.module.current_version_id == version.pk
    if kept is not None and (kept.renderer == wanted or not is_current):
        return kept
    data = draw(version)
    made = {
        "data": data,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "pages": len(_PAGE.findall(data)),
        "renderer": wanted,
    }
    with transaction.atomic():
        if kept is not None:
            Booklet.objects.filter(pk=kept.pk, renderer=kept.renderer).update(**made, made_at=clock.now())
        return Booklet.objects.get_or_create(version=version, defaults=made)[0]


def draw(version: Version) -> bytes:
    """The PDF of a module version: byte-identical as long as the version, the glossary and the template are the same."""
    by_activity = {lesson.activity_id: lesson for lesson in FrozenLesson.objects.filter(version=version).defer("body")}
    lessons = [by_activity[item["activity"]] for item in version.outline if item["activity"] in by_activity]
    terms = glossary.of_version(version.course.current_version_id)
    printed = printing.contents(version, lessons, terms, settings.PUBLIC_URL)
    return printing.render(printed, _pictures(version.course_id, lessons), version)


def _pictures(course_id: int, lessons: list[FrozenLesson]) -> dict[str, Image.Image | str]:
    """The pictures of the lessons by address: drawings in the colours of paper, photographs as they are kept."""
    wanted = {address.removeprefix("/m/") for lesson in lessons for address in trees.pictures(lesson.html)}
    paths = [f"course-media/{name}" for name in wanted]
    rows = Media.objects.filter(course=course_id, file__in=paths)
    drawn = {row.url: figures.styled(row.source, dark=False) if row.kind == MediaKind.FIGURE else _opened(row.file) for row in rows}
    drawn |= {f"/m/{row.name}": _opened(row.file) for row in Rendition.objects.filter(media__course=course_id, file__in=paths)}
    return {address: picture for address, picture in drawn.items() if picture is not None}


def _opened(file: FieldFile) -> Image.Image | None:
    """The photograph; None where its file is lost (its text alternative is printed instead)."""
    try:
        with default_storage.open(str(file.name)) as stored, Image.open(stored) as picture:
            return picture.copy()
    except OSError:
        return None
