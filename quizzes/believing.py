"""Which questions carry the tag of a misconception, for the studio's page of them; see ``courses.leaning``."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse

from courses.media.using import Use
from courses.models import Course

from .models import Question


def carrying(course: Course) -> dict[str, list[Use]]:
    """The questions in use whose current version marks a choice with a tag, by the tag. One statement."""
    rows = Question.objects.filter(course=course, retired_at=None, current_version__isnull=False).order_by("code", "pk")
    found: dict[str, list[Use]] = defaultdict(list)
    for pk, code, tags in rows.values_list("pk", "code", "current_version__content__misconceptions"):
        for tag in dict.fromkeys(tags.values()) if isinstance(tags, dict) else ():
            if isinstance(tag, str):
                found[tag].append(Use(f"soal {code}", reverse("quizzes:bank_question", args=[pk])))
    return dict(found)
