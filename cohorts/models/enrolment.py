"""Enrolments: a person takes a course in a cohort."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum

from accounts.access import scope
from accounts.models import Agency, Role, User
from courses.models import Activity, Course, Module
from linimasa.constraints import one_of

from .cohort import Cohort


class EnrolmentStatus(models.TextChoices):
    REQUESTED = "requested", "Menunggu persetujuan"
    ACTIVE = "active", "Aktif"
    COMPLETED = "completed", "Selesai"
    DECLINED = "declined", "Tidak disetujui"
    WITHDRAWN = "withdrawn", "Mengundurkan diri"


class JoinedBy(models.TextChoices):
    DOMAIN = "domain", "Alamat dinas"
    COORDINATOR = "coordinator", "Persetujuan koordinator"
    INVITATION = "invitation", "Undangan"


def stamp_of(course: str) -> dict[str, Subquery]:
    """What a row is annotated with so that ``cohorts.structure`` knows whether its outline has changed; ``course`` names the column."""
    current = (
        Module.objects.filter(course=OuterRef(course), archived_at__isnull=True, current_version__isnull=False)
        .order_by()
        .values("course_id")
    )
    return {
        "modules_sum": Subquery(current.annotate(found=Sum("current_version_id")).values("found")),
        "modules_count": Subquery(current.annotate(found=Count("pk")).values("found")),
    }


def stamped(row: Any, enrolment: Enrolment) -> None:
    """Hand what ``row`` was annotated with (``stamp_of``) on to its enrolment, which then is as if loaded by ``with_stamp()``."""
    enrolment.modules_sum, enrolment.modules_count = row.modules_sum, row.modules_count  # type: ignore[attr-defined]  # annotations


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def learning(self) -> EnrolmentQuerySet:
        """Those that may open lessons: running ones, and completed ones (what was learnt stays readable)."""
        return self.filter(status__in=[EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED])

    def running(self) -> EnrolmentQuerySet:
        """Requested or active: at most one a person and course."""
        return self.filter(status__in=[EnrolmentStatus.REQUESTED, EnrolmentStatus.ACTIVE])

    def seated(self) -> EnrolmentQuerySet:
        """Those that take a seat in their cohort."""
        return self.filter(status__in=[EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED])

    def requested(self) -> EnrolmentQuerySet:
        """Waiting for a coordinator, oldest first."""
        return self.filter(status=EnrolmentStatus.REQUESTED).order_by("requested_at", "pk")

    def with_stamp(self) -> EnrolmentQuerySet:
        """With cohort and course, and what ``cohorts.structure`` needs to know whether it has the outline at hand: no more SQL."""
        return self.select_related("cohort", "course").annotate(**stamp_of("course_id"))

    def taught_by(self, user: User) -> EnrolmentQuerySet:
        """Enrolments in the cohorts that the person teaches."""
        return self.filter(cohort__in=Cohort.objects.taught_by(user))

    def decidable_by(self, user: User) -> EnrolmentQuerySet:
        """Enrolments that the person may approve or decline: of the own agencies (coordinator), of the own cohorts (organiser).

        Never one's own.
        """
        held = scope(user, Role.COORDINATOR)
        others = self.exclude(learner=user)
        if held.everything:
            return others
        return others.filter(held.agency_filter("agency__") | Q(cohort__in=Cohort.objects.manageable_by(user)))

    def visible_to(self, user: User) -> EnrolmentQuerySet:
        """The only door to other people's enrolments: one's own, and those within one's roles. Nobody sees another agency's people."""
        held = scope(user, Role.COORDINATOR)
        if held.everything:
            return self
        return self.filter(Q(learner=user) | held.agency_filter("agency__") | Q(cohort__in=Cohort.objects.visible_to(user)))


class Enrolment(models.Model):
    """A person takes a course in a cohort. Keeps the agency the person had. At most one running per person and course."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=EnrolmentStatus.choices, default=EnrolmentStatus.REQUESTED)
    joined_by = models.CharField(max_length=12, choices=JoinedBy.choices, blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    last_activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "learner"],
                name="enrolment_once_per_cohort",
                violation_error_message="Anda sudah terdaftar pada angkatan ini.",
            ),
            one_of("status", EnrolmentStatus, name="enrolment_status_valid"),
            models.UniqueConstraint(
                fields=["learner", "course"],
                condition=Q(status__in=["requested", "active"]),
                name="enrolment_one_running",
                violation_error_message="Anda sudah terdaftar pada kursus ini.",
            ),
            models.CheckConstraint(
                name="enrolment_completed_at_iff_completed",
                condition=Q(status="completed", completed_at__isnull=False) | ~Q(status="completed") & Q(completed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "id"]),
            models.Index(fields=["cohort", "status"]),
            models.Index(fields=["agency", "status"]),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"
