"""When a learner may know: a minute after a trainer's judgement, and, where a quiz holds its marks, once they are announced.

``Attempt.takes_effect_at`` is the minute; ``QuizWindow.released_at`` of the quiz and the cohort is the announcement. Whoever shows a
mark to a learner shows the attempt ``as_seen``: an attempt that is not released looks like one that still waits for its trainer.
Work that was returned is never held: the learner needs the words to go on, and gets them without the mark.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from linimasa.prepared import Prepared

from ..models import Attempt, AttemptStatus, QuizWindow, Release

JUDGED = (AttemptStatus.GRADED, AttemptStatus.RETURNED)

_RELEASED = Prepared(
    lambda quiz, cohort: QuizWindow.objects.filter(quiz=quiz, cohort=cohort, released_at__isnull=False).order_by().values_list("pk"),
    *(int, int),
)


def is_held(rules: Any) -> bool:
    """Whether these rules keep marks back until they are announced."""
    return bool(rules) and rules.get("release") == Release.HELD


def is_masked(attempt: Attempt) -> bool:
    """Whether this is an attempt as its learner sees it before it is released."""
    return getattr(attempt, "is_masked", False)


def is_announced(quiz_id: int, cohort_id: int) -> bool:
    """Whether the marks of this quiz were announced to this cohort. One statement."""
    return bool(_RELEASED.rows(quiz_id, cohort_id))


def is_released(attempt: Attempt, standing: Any = None) -> bool:
    """Whether the learner may see what this attempt scored. One statement for a judged attempt of a quiz that holds its marks, else none.

    ``standing`` saves that statement where it already shows the attempt as seen. Needs ``enrolment`` (its ``cohort_id``).
    """
    if is_masked(attempt):
        return False
    if not _in_effect(attempt):
        return False
    if not is_held(attempt.rules):
        return True
    if standing is not None and (known := next((one for one in standing.attempts if one.pk == attempt.pk), None)) is not None:
        return not is_masked(known)
    return is_announced(attempt.quiz_id, attempt.enrolment.cohort_id)


def words_are_seen(attempt: Attempt, standing: Any = None) -> bool:
    """Whether the learner may read the trainer's words and notes: with the mark, and of returned work without it too."""
    if attempt.status == AttemptStatus.RETURNED and attempt.takes_effect_at is None:
        return True
    return attempt.status in JUDGED and is_released(attempt, standing)


def as_seen(attempts: Iterable[Attempt], *, announced: bool) -> list[Attempt]:
    """The attempts of one learner and quiz as the learner sees them. No statement.

    One that is not released is a copy that waits for its trainer: without score, words and marks (``is_masked``); never saved. Returned
    work that took effect keeps its status and words, and loses its score.
    """
    return [_masked(one) if _is_hidden(one, announced) else one for one in attempts]


def shown(attempt: Attempt) -> Attempt:
    """``as_seen`` of one attempt. One statement where its marks are held, else none. Needs ``enrolment`` (its ``cohort_id``)."""
    announced = is_held(attempt.rules) and is_announced(attempt.quiz_id, attempt.enrolment.cohort_id)
    return as_seen([attempt], announced=announced)[0]


def _is_hidden(attempt: Attempt, announced: bool) -> bool:
    if attempt.status == AttemptStatus.OPEN:
        return False
    return not _in_effect(attempt) or (is_held(attempt.rules) and not announced)


def _in_effect(attempt: Attempt) -> bool:
    """By the clock, not by the worker; but returned work only when its next try is open."""
    if attempt.takes_effect_at is None:
        return True
    return attempt.status == AttemptStatus.GRADED and attempt.takes_effect_at <= timezone.now()


def _masked(attempt: Attempt) -> Attempt:
    shown = copy.copy(attempt)
    shown.is_masked = True  # type: ignore[attr-defined]
    shown.score, shown.stays_passed = None, False
    if attempt.status == AttemptStatus.RETURNED and attempt.takes_effect_at is None:
        return shown
    shown.status, shown.remarks, shown.graded_at = AttemptStatus.SUBMITTED, "", None
    return shown
