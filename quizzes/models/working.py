"""Long work on the bank and on grades, done by the worker: imports, corrections of keys, statistics."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models import Course, Module
from linimasa.constraints import one_of

from .bank import Category, Question, QuestionVersion
from .quiz import Quiz


class ImportStatus(models.TextChoices):
    PREVIEWED = "previewed", "Menunggu persetujuan"
    APPLIED = "applied", "Sudah masuk"
    DROPPED = "dropped", "Dibatalkan"


class ImportBatch(models.Model):
    """Questions from a file, read and shown, not yet taken. ``rows`` in its order: ``[{where, title, kind, problems, question}]``."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="question_imports")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    format = models.CharField(max_length=12)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=ImportStatus.choices, default=ImportStatus.PREVIEWED)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "import batches"
        constraints = [one_of("status", ImportStatus, name="import_batch_status_valid")]

    def __str__(self) -> str:
        return self.file_name


class CorrectionChoice(models.TextChoices):
    FULL_CREDIT = "full_credit", "Nilai penuh bagi semua"
    BOTH = "both", "Kunci lama dan baru sama-sama tepat"
    NEW_KEY = "new_key", "Hanya kunci baru"
    LEAVE = "leave", "Biarkan nilai yang sudah ada"


class CorrectionStatus(models.TextChoices):
    QUEUED = "queued", "Menunggu"
    RUNNING = "running", "Berjalan"
    DONE = "done", "Selesai"


class Correction(models.Model):
    """A wrong key or rubric put right in one place; the worker applies it response by response, each an event with the reason."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="corrections")
    old_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    new_version = models.ForeignKey(QuestionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=12, choices=CorrectionChoice.choices)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    over_trainers = models.BooleanField(default=False, help_text="Jawaban yang sudah dinilai pengajar ikut dikoreksi.")
    status = models.CharField(max_length=8, choices=CorrectionStatus.choices, default=CorrectionStatus.QUEUED)
    reached = models.PositiveBigIntegerField(default=0, help_text="Percobaan terakhir yang selesai diperiksa.")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            one_of("choice", CorrectionChoice, name="correction_choice_valid"),
            one_of("status", CorrectionStatus, name="correction_status_valid"),
            models.UniqueConstraint(
                fields=["question"],
                condition=~Q(status="done"),
                name="correction_one_running",
                violation_error_message="Soal ini masih dikoreksi. Tunggu sampai selesai.",
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class CorrectedVersion(models.Model):
    """What a correction reaches: answers given to this version are judged by it, whenever they are handed in."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="covered")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        ordering = ["correction", "version"]
        constraints = [models.UniqueConstraint(fields=["correction", "version"], name="corrected_version_once")]

    def __str__(self) -> str:
        return f"version {self.version_id} in correction {self.correction_id}"


class Statistics(models.Model):
    """What the worker computed of a quiz, for one cohort or (``cohort`` empty) for all; ``asked_at`` after ``computed_at``: out of date."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="statistics")
    cohort = models.ForeignKey("cohorts.Cohort", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["quiz", "cohort"]
        verbose_name_plural = "statistics"
        constraints = [
            models.UniqueConstraint(fields=["quiz", "cohort"], condition=Q(cohort__isnull=False), name="statistics_once_for_cohort"),
            models.UniqueConstraint(fields=["quiz"], condition=Q(cohort__isnull=True), name="statistics_once_for_all"),
        ]

    def __str__(self) -> str:
        return f"statistics of {self.quiz_id}"
