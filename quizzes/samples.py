"""Two answers to practical work, an exemplary and a weak one, with what the rubric says of each.

They belong to the question version beside its rubric (see ``kinds.practical``). A learner sees those of the version that the own work
was handed in under, because their scores are read against the rubric that graded it; trainers on the bench see the same ones; staff
without an attempt see what is published. Before the own work is handed in they are absent: they would be copied.
"""

from __future__ import annotations

from typing import Any

from linimasa import markdown, writing

from . import frozen
from .kinds import Practical, kind_of
from .models import QuestionVersion, Quiz

WORDS = {"exemplary": "Contoh teladan", "weak": "Contoh yang masih lemah"}
KEY = "samples"


def drawn(content: dict[str, Any]) -> dict[str, Any]:
    """What ``QuestionVersion.drawn`` keeps for this content: the samples' HTML by kind; empty without samples."""
    found = {one["kind"]: str(markdown.render(one["body"], id_prefix=f"{one['kind']}-")) for one in content.get(KEY, [])}
    return {"sanitiser": markdown.SANITISER_VERSION, KEY: found} if found else {}


def shown(version: QuestionVersion) -> list[dict[str, Any]]:
    """Each sample with its text, its mark and every criterion's level and reason; empty without samples. Renders nothing."""
    kind = kind_of(version)
    assert isinstance(kind, Practical)  # noqa: S101 - only practical work has samples
    return [_shown(kind, one, version.drawn[KEY][one["kind"]]) for one in version.content.get(KEY, [])]


def _shown(kind: Practical, sample: dict[str, Any], html: str) -> dict[str, Any]:
    rows = [
        {
            "criterion": criterion["criterion"],
            "weight": criterion["weight"],
            "level": criterion["levels"][level]["title"],
            "place": len(criterion["levels"]) - level,
            "of": len(criterion["levels"]),
            "earned": writing.decimal(kind.earned(place, level)),
            "why": score["why"],
        }
        for place, (criterion, level, score) in enumerate(
            zip(kind.content["rubric"], kind.sample_levels(sample), sample["scores"], strict=True)
        )
    ]
    return {
        "kind": sample["kind"],
        "word": WORDS[sample["kind"]],
        "title": sample["title"],
        "body": markdown.replace_blocks(html, lambda _key: ""),  # an inline check has no one to answer it here
        "rows": rows,
        "mark": writing.mark(kind.sample_points(sample)),
    }


def published(quiz: Quiz) -> QuestionVersion | None:
    """The practical work as its module's current version (or the course's own) publishes it; None when it is not published."""
    holder = quiz.activity.module or quiz.activity.course
    if holder.current_version_id is None:
        return None
    return frozen.one_question({"": frozen.part_of(holder.current_version_id).bank}, quiz.draw[0]["question"])
