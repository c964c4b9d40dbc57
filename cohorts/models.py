"""Who is taking it: cohorts, enrolments, and the one table of progress that everything reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
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
    created_at = models.DateTimeField(auto_now_add=True)

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

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
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
        indexes = [models.Index(fields=["cohort", "status"]), models.Index(fields=["agency", "status"])]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class ProgressState(models.TextChoices):
    STARTED = "started", "Dimulai"
    SUBMITTED = "submitted", "Menunggu penilaian"
    RETURNED = "returned", "Perlu perbaikan"
    FAILED = "failed", "Belum lulus"
    COMPLETED = "completed", "Selesai"


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
