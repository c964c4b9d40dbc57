"""Grades: an append-only list of events; what a response scores is their fold."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of

from .attempt import Response
from .bank import QuestionVersion


class GradeKind(models.TextChoices):
    AUTOMATIC = "automatic", "Otomatis"
    TRAINER = "trainer", "Pengajar"
    REGRADE = "regrade", "Penilaian ulang"
    OVERRIDE = "override", "Penyesuaian"


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
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["response", "pk"]
        constraints = [
            one_of("kind", GradeKind, name="grade_event_kind_valid"),
            models.CheckConstraint(name="grade_event_points_0_1", condition=Q(points__gte=0, points__lte=1)),
        ]

    def __str__(self) -> str:
        return f"grade event {self.pk}"
