"""Attempts: what one learner was shown, what was answered, and when."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Enrolment
from linimasa.constraints import one_of

from ..kinds import kind_of
from .bank import QuestionVersion
from .quiz import Quiz


class AttemptStatus(models.TextChoices):
    OPEN = "open", "Berjalan"
    SUBMITTED = "submitted", "Menunggu penilaian"
    GRADED = "graded", "Dinilai"
    RETURNED = "returned", "Dikembalikan"


class ClosedBy(models.TextChoices):
    LEARNER = "learner", "Peserta"
    CLOCK = "clock", "Waktu habis"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of_learner(self, user: User) -> AttemptQuerySet:
        """The attempts of this person's own enrolments."""
        return self.filter(enrolment__learner=user)

    def gradable_by(self, trainer: User) -> AttemptQuerySet:
        """The attempts of the cohorts that this person teaches; never one's own."""
        return self.filter(enrolment__cohort__in=Cohort.objects.taught_by(trainer)).exclude(enrolment__learner=trainer)

    def awaiting_grade(self) -> AttemptQuerySet:
        """Handed in, and at least one response waits for a person; the one that waits longest first."""
        return self.filter(status=AttemptStatus.SUBMITTED).order_by("submitted_at", "pk")

    def running(self) -> AttemptQuerySet:
        return self.filter(status=AttemptStatus.OPEN)

    def overdue(self, at: datetime | None = None) -> AttemptQuerySet:
        """Still open although the server's clock says that their time is up."""
        return self.running().filter(deadline_at__lte=at or timezone.now())

    def counted(self) -> AttemptQuerySet:
        """Those that use up one of the allowed attempts: an improvement of returned work does not."""
        return self.filter(revision_of__isnull=True)


class Attempt(models.Model):
    """One percobaan. ``rules`` are the rules it was started under (pinned), ``seed`` the draw; ``score`` 0 to 1 once graded.

    ``revision_of``: the returned attempt that this one improves; such an attempt is not counted against the limit.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=AttemptStatus.choices, default=AttemptStatus.OPEN)
    rules = models.JSONField()
    seed = models.CharField(max_length=32)
    revision_of = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="revision")
    started_at = models.DateTimeField(auto_now_add=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=8, choices=ClosedBy.choices, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    stays_passed = models.BooleanField(default=False, help_text="Lulus sebelum kuncinya dikoreksi, jadi tetap lulus.")
    remarks = models.TextField(blank=True, help_text="Umpan balik pengajar untuk seluruh percobaan.")
    takes_effect_at = models.DateTimeField(
        null=True, blank=True, help_text="Sampai saat itu penilaian dapat diurungkan dan peserta belum melihatnya; kosong: sudah berlaku."
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            one_of("status", AttemptStatus, name="attempt_status_valid"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"],
                condition=Q(status="open"),
                name="attempt_one_open",
                violation_error_message="Selesaikan dulu percobaan yang sedang berjalan.",
            ),
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="attempt_number_once"),
            models.CheckConstraint(
                name="attempt_score_iff_graded",
                condition=Q(status__in=["graded", "returned"], score__isnull=False)
                | ~Q(status__in=["graded", "returned"]) & Q(score__isnull=True),
            ),
            models.CheckConstraint(
                name="attempt_submitted_at_iff_closed",
                condition=Q(status="open", submitted_at__isnull=True) | ~Q(status="open") & Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(status="open"), name="attempt_overdue"),
            models.Index(fields=["submitted_at"], condition=Q(status="submitted"), name="attempt_awaiting_grade"),
            models.Index(fields=["takes_effect_at"], condition=Q(takes_effect_at__isnull=False), name="attempt_takes_effect"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == AttemptStatus.OPEN

    @property
    def pass_mark(self) -> Decimal | None:
        """0 to 1 by the rules this attempt was started under; None when there is nothing to pass."""
        return Decimal(str(self.rules["pass_mark"])) if self.rules.get("pass_mark") is not None else None

    @property
    def is_passed(self) -> bool:
        """Graded, and at or above the pass mark (or there is none); once passed, a correction of the key takes nothing away."""
        return self.stays_passed or self.score is not None and (self.pass_mark is None or self.score >= self.pass_mark)

    def time_is_up(self, at: datetime | None = None) -> bool:
        """Whether the server's clock has reached the deadline."""
        return self.deadline_at is not None and self.deadline_at <= (at or timezone.now())


class Response(models.Model):
    """One row an attempt and question: the newest accepted answer, and the fold of its grade events in ``points`` (0 to 1)."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    order = models.JSONField(default=list, help_text="Urutan pilihan yang ditampilkan.")
    answer = models.JSONField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Nomor urut simpanan terakhir yang diterima.")
    saved_at = models.DateTimeField(null=True, blank=True)
    is_flagged = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="Diperiksa peserta: jawabannya terkunci, penjelasannya terbuka.")
    points = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_once"),
            models.UniqueConstraint(fields=["attempt", "question_version"], name="response_question_once"),
            models.CheckConstraint(name="response_points_0_1", condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=1)),
        ]

    def __str__(self) -> str:
        return f"response {self.pk}"

    @property
    def is_answered(self) -> bool:
        return self.answer is not None

    def shown(self) -> dict[str, Any]:
        """The question as its page shows it: with the learner's own answer, never with the key."""
        return kind_of(self.question_version).public(self.order, self.answer)


class AnswerEvent(models.Model):
    """Every answer that reached the server, kept: the accepted ones and those that came too late or out of date."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=64, help_text="Kunci idempotensi dari gawai.")
    sequence = models.PositiveIntegerField()
    answer = models.JSONField(null=True, blank=True)
    was_accepted = models.BooleanField()
    device = models.CharField(max_length=16, blank=True, help_text="Tanda gawai: membedakan gawai, tidak mengenalinya.")
    opened = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Soal yang ditampilkan sesudahnya pada gawai yang sama.")
    given_at = models.DateTimeField(null=True, blank=True, help_text="Menurut gawai; hanya petunjuk.")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["response", "pk"]
        constraints = [models.UniqueConstraint(fields=["response", "key"], name="answer_event_key_once")]

    def __str__(self) -> str:
        return f"answer event {self.pk}"


class Upload(models.Model):
    """A file handed in with a practical assignment: served only through a view that checks rights, never unpacked."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="uploads")
    file = models.FileField(upload_to="handed-in/%Y/%m/", max_length=120)
    original_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["response", "sha256"], name="upload_once")]

    def __str__(self) -> str:
        return self.original_name


class AttemptEventKind(models.TextChoices):
    STARTED = "started", "Mulai"
    OPENED = "opened", "Membuka soal"
    RESUMED = "resumed", "Melanjutkan di perangkat lain"
    OFFLINE = "offline", "Terputus"
    ONLINE = "online", "Tersambung lagi"
    WARNED = "warned", "Peringatan waktu"
    CHECKED = "checked", "Memeriksa jawaban"
    EXTENDED = "extended", "Waktu ditambah"
    SENT = "sent", "Mengirim"
    CLOSED = "closed", "Ditutup oleh waktu"


class AttemptEvent(models.Model):
    """What happened in an attempt beside its answers (those are ``AnswerEvent``): for a trainer who replays it after a complaint.

    ``device`` tells devices apart and says nothing else about them; ``number`` is the question that was opened, or the minutes that
    were left when a warning was shown; ``detail`` holds numbers and codes, never answers. What has a number is noted once a device.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=AttemptEventKind.choices)
    at = models.DateTimeField(auto_now_add=True)
    device = models.CharField(max_length=16, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["attempt", "pk"]
        constraints = [
            one_of("kind", AttemptEventKind, name="attempt_event_kind_valid"),
            models.UniqueConstraint(fields=["attempt", "kind", "device", "number"], name="attempt_event_once"),
        ]

    def __str__(self) -> str:
        return f"attempt event {self.pk}"
