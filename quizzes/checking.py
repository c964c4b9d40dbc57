"""«Periksa»: feedback while the attempt runs. A question is locked with the answer that is saved, and only then shows its key.

The order is what promise 6 rests on: first the lock (after it no save changes the answer, see ``attempts``), then the explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User

from . import access, noting
from .marking import release
from .models import Attempt, AttemptEventKind, FeedbackRule, Response


def explains_at_once(attempt: Attempt) -> bool:
    """Whether the rules that the attempt was started under explain each question as soon as it is checked.

    Not where they hold the marks: rules that say both are refused today, but versions that were published earlier may hold them.
    """
    return explains(attempt.rules)


def explains(rules: Mapping[str, Any]) -> bool:
    """``explains_at_once`` by the rules alone."""
    return bool(rules.get("feedback") == FeedbackRule.DURING) and not release.is_held(rules)


@transaction.atomic
def check(by: User, attempt_id: int, position: int, *, device: str = "") -> Response:
    """Lock the saved answer of one question of the own running attempt, once; the question as it then stands. 404 when it is not theirs.

    Locks nothing where the rules do not explain at once, where nothing is answered, and when the time is up.
    """
    response, _following = access.own_question_to_answer(by, attempt_id, position)
    attempt = response.attempt
    if response.checked_at or not explains_at_once(attempt) or not attempt.is_open or attempt.time_is_up():
        return response
    now = timezone.now()
    if Response.objects.filter(pk=response.pk, checked_at__isnull=True, answer__isnull=False).update(checked_at=now):
        noting.note(attempt, AttemptEventKind.CHECKED, device=device, number=position)
    response.refresh_from_db(fields=["answer", "sequence", "checked_at"])
    return response
