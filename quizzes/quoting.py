"""What a trainer wrote about work that came back, for the learner's own pages elsewhere."""

from __future__ import annotations

from collections.abc import Collection

from cohorts.models import Enrolment

from .models import AttemptStatus, GradeEvent, GradeKind


def words_on_returned_work(enrolment: Enrolment, activity_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """{activity id: (the last comment on returned work, its trainer's name)}. One statement, however many activities."""
    events = (
        GradeEvent.objects.standing()
        .filter(
            response__attempt__enrolment=enrolment,
            response__attempt__status=AttemptStatus.RETURNED,
            response__attempt__takes_effect_at__isnull=True,
            response__attempt__quiz__activity__in=list(activity_ids),
            kind=GradeKind.TRAINER,
        )
        .exclude(comment="")
    )
    rows = events.order_by("pk").values_list("response__attempt__quiz__activity_id", "comment", "by__name")
    return {activity_id: (comment, name or "") for activity_id, comment, name in rows}
