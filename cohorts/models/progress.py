"""Progress: the one table that dashboard, unlocking, reminders and certificate conditions read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from courses.models import Activity
from linimasa.constraints import one_of

from .enrolment import Enrolment


class ProgressState(models.TextChoices):
    STARTED = "started", "Dimulai"
    SUBMITTED = "submitted", "Menunggu penilaian"
    RETURNED = "returned", "Perlu perbaikan"
    FAILED = "failed", "Belum lulus"
    COMPLETED = "completed", "Selesai"


class ProgressQuerySet(models.QuerySet["Progress"]):
    def by_activity(self, enrolment: Enrolment) -> dict[int, Progress]:
        """Everything this enrolment has touched, by activity id. One statement."""
        return {row.activity_id: row for row in self.filter(enrolment=enrolment)}


class Progress(models.Model):
    """Where an enrolment stands in one activity. Dashboard, unlocking, reminders and certificate conditions read only this."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ProgressState.choices, default=ProgressState.STARTED)
    points = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True, help_text="0 sampai 1.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="Tenggat khusus orang ini; kosong berarti tenggat angkatan.")
    started_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", ProgressState, name="progress_state_valid"),
            models.UniqueConstraint(fields=["enrolment", "activity"], name="progress_once"),
            models.CheckConstraint(name="progress_points_0_1", condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=1)),
            models.CheckConstraint(
                name="progress_completed_at_iff_completed",
                condition=Q(state="completed", completed_at__isnull=False) | ~Q(state="completed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}:{self.activity_id} {self.state}"
