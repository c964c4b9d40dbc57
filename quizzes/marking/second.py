"""A sample of graded work is marked again by another trainer who does not see the first marks. It never changes a grade.

Which work is in the sample was decided when its attempt began: by chance (its seed), with the share of the rules that it was started
under. So nobody can choose it, and asking again gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from audit import log
from cohorts.models import Cohort

from .. import claiming, grading
from ..models import Attempt, AttemptStatus, GradeEvent, GradeKind, Quiz, QuizPurpose, SecondMark
from ..models.attempt import AttemptQuerySet
from . import agreement

ROW, BAR = 40, 340  # of the drawing: one criterion's height, and how wide a kappa of 1 is
SIGNS = 8  # hexadecimal signs of the seed that decide


def is_sampled(attempt: Attempt) -> bool:
    """Whether this attempt is in the sample of its rules."""
    return attempt.seed[:SIGNS] < _limit(attempt.rules.get("second_marking") or 0)


def _limit(share: Any) -> str:
    """Seeds below this are in a sample of that share. A share of 1 takes all: «g» comes after every hexadecimal sign."""
    part = max(Decimal(0), min(Decimal(1), Decimal(str(share))))
    return "g" if part == 1 else f"{int(part * 16**SIGNS):0{SIGNS}x}"


def offered(user: User) -> AttemptQuerySet:
    """Graded practical work of the sample that this trainer may mark as the second: not graded by them, not marked twice yet.

    Two statements: one for the shares that are in use, and this one. The oldest first.
    """
    graded = Attempt.objects.gradable_by(user).filter(
        quiz__purpose=QuizPurpose.ASSIGNMENT, status=AttemptStatus.GRADED, rules__second_marking__gt=0, takes_effect_at__isnull=True
    )
    shares = list(graded.order_by().values_list("rules__second_marking", flat=True).distinct())
    chosen = Q(pk__in=[])
    for share in shares:
        chosen |= Q(rules__second_marking=share, seed__lt=_limit(share))
    own = GradeEvent.objects.filter(by=user).values("response__attempt")
    marked = SecondMark.objects.values("attempt")
    joined = ("enrolment__learner", "enrolment__agency", "enrolment__cohort", "quiz__activity__module", "quiz__activity__course")
    return graded.filter(chosen).exclude(pk__in=own).exclude(pk__in=marked).select_related(*joined).order_by("graded_at", "pk")


@transaction.atomic
def mark(attempt: Attempt, *, by: User, levels: Sequence[int], comment: str = "") -> SecondMark:
    """Keep the second marker's levels, once; the grade, the learner and the first marker notice nothing. Raises GradingError.

    Two who mark at the same time cannot both hold the work, and the claim is asked for here as for every judgement.
    """
    grading.hold(attempt, by=by)
    Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    if not offered(by).filter(pk=attempt.pk).exists():
        raise grading.GradingError("Pekerjaan ini tidak lagi menunggu penilai kedua.")
    points = grading.rubric_points(attempt, levels)
    criteria = {str(place): level for place, level in enumerate(levels)}
    try:
        with transaction.atomic():
            made = SecondMark.objects.create(attempt=attempt, by=by, points=points, criteria=criteria, comment=comment.strip())
    except IntegrityError:
        raise grading.GradingError("Anda sudah menilai pekerjaan ini.") from None
    log.record("attempt.second_marked", by=by, on=attempt)
    claiming.end(attempt)
    return made


def report(quiz: Quiz, cohorts: Sequence[Cohort] | Any) -> dict[str, Any]:
    """The agreement of first and second marks of this quiz: for each criterion of the rubric, and the distance of the marks.

    Three statements for any number of pairs. A criterion with fewer than five pairs has no figures.
    """
    marks = list(
        SecondMark.objects.filter(attempt__quiz=quiz, attempt__enrolment__cohort__in=cohorts)
        .order_by("pk")
        .values("attempt", "criteria", "points")
    )
    keys = [one["attempt"] for one in marks]
    first: dict[int, GradeEvent] = {}
    events = GradeEvent.objects.standing().filter(kind=GradeKind.TRAINER, response__attempt__in=keys).order_by("pk")
    for event in events.select_related("question_version", "response"):
        if event.criteria:
            first.setdefault(event.response.attempt_id, event)
    pairs: dict[str, list[tuple[int, int]]] = {}
    heights: dict[str, int] = {}
    distances: list[Decimal] = []
    for one in marks:
        judged = first.get(one["attempt"])
        if judged is None:
            continue
        distances.append(abs(judged.points - one["points"]))
        for place, criterion in enumerate(judged.question_version.content["rubric"]):
            name, key = criterion["criterion"], str(place)
            heights[name] = max(heights.get(name, 0), len(criterion["levels"]))
            if key in judged.criteria and key in one["criteria"]:
                pairs.setdefault(name, []).append((judged.criteria[key], one["criteria"][key]))
    rows: list[dict[str, Any]] = [
        {"criterion": name, "pairs": len(found), "agreement": agreement.of_pairs(found, heights[name])} for name, found in pairs.items()
    ]
    for place, row in enumerate(row for row in rows if row["agreement"] and row["agreement"].kappa is not None):
        width = round(max(row["agreement"].kappa, 0) * BAR)
        row["bar"] = {"label": place * ROW + 12, "top": place * ROW + 18, "value": place * ROW + 29, "width": width}
    enough = len(distances) >= agreement.LEAST_PAIRS
    return {
        "rows": rows,
        "pairs": len(distances),
        "least": agreement.LEAST_PAIRS,
        "distance": sum(distances, Decimal(0)) / len(distances) * 100 if enough else None,
        "is_enough": enough,
        "height": ROW * max(len(rows), 1),
    }
