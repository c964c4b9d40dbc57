"""The pictures that questions stand on: found in the course's library, and pinned by the address that never shows anything else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from courses.media.using import Use, names
from courses.models import Course, Media, Version

from .models import Question, QuestionKind, QuestionVersion, Response

Data = Mapping[str, Any]
KEYS = ("file", "alt")  # what the course's files say of a picture


class PictureError(ValueError):
    """The course's library has no such picture; a sentence."""


def library(course: Course) -> dict[str, dict[str, Any]]:
    """Every picture of the course that may be named today, by its file name: ``{file, alt, address, width, height}``. One statement."""
    rows = Media.objects.filter(course=course, width__gt=0, height__gt=0).in_use()
    found = {_file(one): _described(one, one.alternative_text) for one in rows}
    return dict(sorted(found.items()))


def completed(course: Course, kind: str, content: Data) -> dict[str, Any]:
    """The content as it is kept: a hot spot's picture with its address and size in pixels. Other kinds are given back as they are.

    A figure that changed in the library has another address, so the question gets another version. Raises PictureError when the library
    has no such file.
    """
    picture = content.get("picture")
    if kind != QuestionKind.HOTSPOT or not isinstance(picture, Mapping) or not isinstance(picture.get("file"), str):
        return dict(content)
    media = _named(course, picture["file"])
    if media is None:
        raise PictureError(f"Gambar {picture['file']} tidak ada di pustaka kursus ini. Unggah dulu, lalu sebut namanya.")
    return {**content, "picture": _described(media, picture.get("alt", ""))}


def as_written(content: Data) -> dict[str, Any]:
    """The content as the files have it: a picture by file and text alternative only."""
    picture = content.get("picture")
    return {**content, "picture": {key: picture[key] for key in KEYS if key in picture}} if isinstance(picture, Mapping) else dict(content)


def problem(content: Data) -> str:
    """Why this content's picture cannot be shown; empty when it can, or when there is none."""
    picture = content.get("picture")
    return "Gambarnya belum ada di pustaka kursus." if isinstance(picture, Mapping) and not picture.get("address") else ""


def uses(media: Media) -> list[Use]:
    """The questions whose current version names this thing of the library; see ``courses.media.using``."""
    name = _file(media)
    rows = Question.objects.filter(course=media.course_id, retired_at=None).select_related("current_version").order_by("code", "pk")
    return [
        Use(f"Soal {one.code}", reverse("quizzes:bank_question", args=[one.pk]))
        for one in rows
        if one.current_version and names(json.dumps(one.current_version.content), [name])
    ]


def shows(course_id: int, name: str) -> bool:
    """Whether a question that was published, or put to somebody, shows this file; see ``courses.media.releasing``."""
    rows = QuestionVersion.objects.filter(question__course=course_id)
    texts = rows.annotate(told=Cast("content", TextField()), shown=Cast("drawn", TextField()))
    found = set(texts.filter(Q(told__contains=f"/m/{name}") | Q(shown__contains=f"/m/{name}")).values_list("pk", flat=True))
    if not found:
        return False
    banks = Version.objects.filter(course=course_id).values_list("parts__quizzes__bank", flat=True)
    asked = Response.objects.filter(question_version__in=found)
    return asked.exists() or any(one["version"] in found for bank in banks for one in bank or ())


def _named(course: Course, name: str) -> Media | None:
    rows = Media.objects.filter(course=course, width__gt=0, height__gt=0).in_use()
    return rows.filter(handle=name).first() or rows.filter(handle="", file__endswith=f"/{name}").first()


def _file(media: Media) -> str:
    return media.handle or media.name


def _described(media: Media, alternative: str) -> dict[str, Any]:
    return {"file": _file(media), "alt": alternative, "address": media.url, "width": media.width, "height": media.height}
