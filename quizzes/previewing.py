"""A quiz tried as a learner would meet it, from its draft: start page, every question, the result with its explanations.

Nothing of it is stored as an attempt: what was drawn and answered lies in the session of the person who tries, one trial at a time, and
goes with it. The objects that pages and kinds are given are never saved.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from . import checking, drawing, part, rules, scoring
from .kinds import AnswerError, Raw, kind_of
from .models import Attempt, AttemptStatus, QuestionVersion, Quiz, Response

KEPT = "quiz_trial"  # in the session
Session = MutableMapping[str, Any]


@dataclass
class Trial:
    """One trial. ``attempt`` and ``responses`` are unsaved; ``checked`` the places that were locked by «Periksa»."""

    attempt: Attempt
    responses: list[Response]
    checked: set[int] = field(default_factory=set)

    @property
    def shows_during(self) -> bool:
        return checking.explains_at_once(self.attempt)

    @property
    def blank(self) -> list[int]:
        return [one.position for one in self.responses if one.answer is None]

    def at(self, position: int) -> Response | None:
        return self.responses[position - 1] if 1 <= position <= len(self.responses) else None


def draft_rules(quiz: Quiz) -> dict[str, Any]:
    """The draft's rules as its next version would freeze them."""
    return part.rules_of(quiz, rules.lessons_of(quiz.activity.course))


def begin(quiz: Quiz, session: Session, *, seed: str = "") -> Trial:
    """Draw a new trial, in place of the one that was there. The same ``seed`` draws the same. Raises drawing.DrawError with a sentence."""
    ruled, seed = draft_rules(quiz), seed or secrets.token_hex(8)
    items = drawing.draw(ruled, rules.draft_banks(quiz.activity.course), seen={}, seed=seed)
    session[KEPT] = {
        "activity": quiz.activity_id,
        "seed": seed,
        "rules": ruled | {"questions": len(items)},
        "items": [[item.question, item.version] for item in items],
        "answers": {},
        "checked": [],
        "started": timezone.now().isoformat(),
    }
    found = current(quiz, session)
    assert found is not None  # noqa: S101 - it was just put there
    return found


def current(quiz: Quiz, session: Session) -> Trial | None:
    """The trial of this quiz that the session holds; None without one, or when a question of it is gone. One statement."""
    kept = session.get(KEPT)
    if not isinstance(kept, dict) or kept.get("activity") != quiz.activity_id:
        return None
    versions = QuestionVersion.objects.select_related("question__module").in_bulk([version for _question, version in kept["items"]])
    if len(versions) < len(kept["items"]):
        return None
    return Trial(*_made(quiz, kept, versions), checked=set(kept["checked"]))


def _made(quiz: Quiz, kept: dict[str, Any], versions: dict[int, QuestionVersion]) -> tuple[Attempt, list[Response]]:
    ruled, started = kept["rules"], parse_datetime(kept["started"]) or timezone.now()
    limit = ruled.get("time_limit")
    attempt = Attempt(pk=0, quiz=quiz, number=1, rules=ruled, seed=kept["seed"], started_at=started)
    attempt.deadline_at = started + timedelta(minutes=limit) if limit else None
    responses = []
    for position, (question, version) in enumerate(kept["items"], 1):
        order = kind_of(versions[version]).shuffle(f"{kept['seed']}:{question}", free=ruled.get("shuffle", True))
        response = Response(pk=0, attempt=attempt, question_version=versions[version], position=position, order=order)
        response.answer = kept["answers"].get(str(position))
        responses.append(response)
    return attempt, responses


def give(trial: Trial, session: Session, position: int, raw: Raw, *, may_be_blank: bool, checks: bool = False) -> Response:
    """Keep what was given for one question; with ``checks`` it is locked then, if this quiz explains at once. Raises AnswerError."""
    response = trial.at(position)
    assert response is not None  # noqa: S101 - the view found it
    if position in trial.checked:
        return response
    kind = kind_of(response.question_version)
    answer = kind.clean(raw, response.order)
    if answer is None and not may_be_blank:
        raise AnswerError(kind.missing)
    response.answer = answer
    kept = session[KEPT]
    kept["answers"][str(position)] = answer
    if checks and trial.shows_during and answer is not None:
        trial.checked.add(position)
        kept["checked"] = sorted(trial.checked)
    session[KEPT] = kept
    return response


def judged(trial: Trial, now: datetime | None = None) -> Attempt:
    """The trial as if it were sent: every answer's points, the score where nobody has to judge. Nothing is stored."""
    attempt = trial.attempt
    for one in trial.responses:
        one.points = kind_of(one.question_version).points(one.answer)
    attempt.submitted_at = now or timezone.now()
    waits = any(one.points is None for one in trial.responses)
    attempt.status = AttemptStatus.SUBMITTED if waits else AttemptStatus.GRADED
    attempt.score = None if waits else scoring.mean(one.points or Decimal(0) for one in trial.responses)
    return attempt
