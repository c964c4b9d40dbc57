"""Cohorts: one run of a course, which versions it shows, when things are due, and who was invited."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import Scope, scope
from accounts.models import Role, User
from courses.models import Activity, Course, Module, Version
from linimasa.clock import DEFAULT_ZONE, ZONE_CHOICES
from linimasa.constraints import one_of


class CohortKind(models.TextChoices):
    SELF_PACED = "self_paced", "Mandiri"
    SCHEDULED = "scheduled", "Terjadwal"


class CohortStatus(models.TextChoices):
    PLANNED = "planned", "Direncanakan"
    OPEN = "open", "Berjalan"
    CLOSED = "closed", "Ditutup"


class CohortQuerySet(models.QuerySet["Cohort"]):
    def within(self, user: User, *roles: Role) -> CohortQuerySet:
        """Cohorts in which the person holds one of the roles (granted for the cohort, its course, or everything)."""
        found = Q(pk__in=[])
        for role in roles:
            held = scope(user, role)
            if held.everything:
                return self
            if held.cohorts or held.courses:
                found |= Q(pk__in=[int(key) for key in held.cohorts if key.isdecimal()])
                found |= Q(course_id__in=[int(key) for key in held.courses if key.isdecimal()])
        return self.filter(found)

    def manageable_by(self, user: User) -> CohortQuerySet:
        """Cohorts that the person runs: an organiser's own; all for an admin."""
        return self.within(user, Role.ORGANISER)

    def taught_by(self, user: User) -> CohortQuerySet:
        """Cohorts in which the person is a trainer."""
        return self.within(user, Role.TRAINER)

    def visible_to(self, user: User) -> CohortQuerySet:
        """Cohorts whose page the person may open: its organisers and trainers, coordinators of its people; all for an admin."""
        own = self.within(user, Role.ORGANISER, Role.TRAINER)
        held = scope(user, Role.COORDINATOR)
        if held.everything or not held:
            return own
        theirs = self.filter(enrolments__in=_people_of(held))
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=theirs.values("pk")))

    def joinable(self) -> CohortQuerySet:
        """Cohorts that take people: open ones, and scheduled ones that are planned; never after their end."""
        now = timezone.now()
        return self.filter(Q(status="open") | Q(status="planned", kind="scheduled")).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def _people_of(held: Scope) -> models.QuerySet[models.Model]:
    """Enrolments of the agencies that a coordinator looks after."""
    return apps.get_model("cohorts", "Enrolment").objects.filter(held.agency_filter("agency__"))


class Cohort(models.Model):
    """One run of a course (angkatan). A self-paced one has no dates; a scheduled one pins its versions when it opens."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=24, help_text="Dipakai dalam nomor sertifikat, misalnya LINIMASA-III.")
    kind = models.CharField(max_length=12, choices=CohortKind.choices)
    status = models.CharField(max_length=12, choices=CohortStatus.choices, default=CohortStatus.PLANNED)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=20, choices=ZONE_CHOICES, default=DEFAULT_ZONE)
    seats = models.PositiveIntegerField(null=True, blank=True)
    course_version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Kosong berarti mengikuti versi terbaru."
    )
    jp = models.PositiveSmallIntegerField(default=18, help_text="JP pada sertifikat angkatan ini tanpa modul pilihan.")
    revision = models.PositiveIntegerField(default=0, help_text="Naik pada tiap perubahan susunan, pin versi, atau tenggat.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            one_of("kind", CohortKind, name="cohort_kind_valid"),
            one_of("status", CohortStatus, name="cohort_status_valid"),
            models.UniqueConstraint(fields=["course", "code"], name="cohort_code_once"),
            models.CheckConstraint(
                name="cohort_dates_iff_scheduled",
                condition=Q(kind="self_paced", starts_at__isnull=True, ends_at__isnull=True)
                | Q(kind="scheduled", starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=models.F("starts_at")),
                violation_error_message="Angkatan terjadwal memerlukan tanggal mulai dan tanggal selesai sesudahnya.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CohortModule(models.Model):
    """Which version of a module a cohort shows. ``follows_latest``: the module's current version, whatever ``version`` says."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="cohort_modules")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    follows_latest = models.BooleanField(default=True)

    class Meta:
        ordering = ["module__position"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "module"], name="cohort_module_once"),
            models.CheckConstraint(name="cohort_module_pinned_or_follows", condition=Q(follows_latest=True) | Q(version__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}:{self.module_id}"

    @property
    def has_newer(self) -> bool:
        """Is there a newer published version than the pinned one?"""
        return not self.follows_latest and self.module.current_version_id not in {None, self.version_id}


class Deadline(models.Model):
    """When an activity opens and is due in a scheduled cohort."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="deadlines")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "activity"], name="deadline_once")]

    def __str__(self) -> str:
        return f"{self.cohort_id}:{self.activity_id}"


class Invitation(models.Model):
    """An address invited into a cohort: whoever verifies it joins at once."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "email"], name="invitation_once")]

    def __str__(self) -> str:
        return self.email
