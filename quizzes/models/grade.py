"""Grades: an append-only list of events; what a response scores is their fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of
from linimasa.prepared import PreparedUpdate, insert

from .attempt import Attempt, Response
from .bank import QuestionVersion


class GradeKind(models.TextChoices):
    AUTOMATIC = "automatic", "Otomatis"
    TRAINER = "trainer", "Pengajar"
    REGRADE = "regrade", "Penilaian ulang"
    OVERRIDE = "override", "Penyesuaian"


def fold(events: Iterable[tuple[int, Decimal, int | None]]) -> Decimal | None:
    """What a response scores by its events ``(key, points, key of the event that it undoes or None)``, oldest first.

    The last judgement that was not taken back holds; an event that takes another back is no judgement itself. None without any.
    """
    events = list(events)
    undone = {undoes for _key, _points, undoes in events if undoes is not None}
    return next((points for key, points, undoes in reversed(events) if undoes is None and key not in undone), None)


def mean(points: Iterable[Decimal]) -> Decimal:
    """An attempt's score by its responses' points: their mean, five decimals."""
    all_points = list(points)
    return share(sum(all_points, Decimal(0)), len(all_points))


def share(total: Decimal, count: int) -> Decimal:
    """``mean`` of that many points that add up to ``total``."""
    return (total / (count or 1)).quantize(Decimal("0.00001"), ROUND_HALF_UP)


class GradeEventQuerySet(models.QuerySet["GradeEvent"]):
    def standing(self) -> GradeEventQuerySet:
        """The judgements that hold or held: neither taken back nor taking one back."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)

    def undo(self, event: GradeEvent, *, by: Any, reason: str) -> GradeEvent:
        """Take one judgement back by a new event, and let ``response.points`` be the fold again (None without any other).

        A judgement is taken back once: IntegrityError for a second time.
        """
        made = self.create(
            response=event.response,
            question_version_id=event.question_version_id,
            kind=event.kind,
            points=event.points,
            criteria=event.criteria,
            by=by,
            reason=reason,
            undoes=event,
        )
        event.response.points = self.filter(response=event.response).standing().order_by("-pk").values_list("points", flat=True).first()
        event.response.save(update_fields=["points"])
        return made

    def append(
        self,
        response: Response,
        *,
        kind: str,
        points: Decimal,
        by: Any | None,
        reason: str = "",
        comment: str = "",
        criteria: Mapping[str, int] | None = None,
        question_version: QuestionVersion | None = None,
    ) -> GradeEvent:
        """Add one judgement and let ``response.points`` be the fold again. ``by`` None means the server itself."""
        event = self.create(
            response=response,
            question_version=question_version or response.question_version,
            kind=kind,
            points=points,
            by=by,
            reason=reason,
            comment=comment,
            criteria=dict(criteria or {}),
        )
        response.points = event.points
        response.save(update_fields=["points"])
        return event

    def append_automatic(self, attempt: Attempt, judged: Iterable[tuple[Response, Decimal]], judge: Any = None) -> None:
        """Add the server's own judgement of many responses of one attempt (two statements in all).

        ``judge`` (see ``correcting.judging``) says which version's key judged, and why, where that is not the version that was shown.
        """
        judged = list(judged)
        insert(
            *(
                GradeEvent(
                    response=response,
                    question_version_id=judge.version(response.question_version).pk if judge else response.question_version_id,
                    kind=GradeKind.AUTOMATIC,
                    points=points,
                    reason=judge.reason(response.question_version) if judge else "",
                )
                for response, points in judged
            )
        )
        for response, points in judged:
            response.points = points
        _FOLD.update(attempt.pk)


class GradeEvent(models.Model):
    """One judgement: never changed, never deleted. ``criteria``: ``{criterion index: level index}`` for a rubric. Points 0 to 1."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="grade_events")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=GradeKind.choices)
    points = models.DecimalField(max_digits=6, decimal_places=5)
    criteria = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    correction = models.ForeignKey("Correction", null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    at = models.DateTimeField(auto_now_add=True)

    objects = GradeEventQuerySet.as_manager()

    class Meta:
        ordering = ["response", "pk"]
        constraints = [
            one_of("kind", GradeKind, name="grade_event_kind_valid"),
            models.UniqueConstraint(fields=["correction", "response"], name="grade_event_once_per_correction"),
            models.CheckConstraint(name="grade_event_points_0_1", condition=Q(points__gte=0, points__lte=1)),
        ]

    def __str__(self) -> str:
        return f"grade event {self.pk}"


def _newest() -> models.Subquery:
    own = GradeEvent.objects.standing().filter(response=models.OuterRef("pk"))
    return models.Subquery(own.order_by("-pk").values("points")[:1])


_FOLD = PreparedUpdate(lambda attempt: Response.objects.filter(attempt=attempt), int, computed=lambda: {"points": _newest()})
