"""Quizzes and their rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from courses.models import Activity
from linimasa.constraints import one_of


class QuizPurpose(models.TextChoices):
    MODULE = "module", "Kuis modul"
    PRE_TEST = "pre_test", "Tes awal"
    POST_TEST = "post_test", "Tes akhir"
    ASSIGNMENT = "assignment", "Tugas praktik"


class FeedbackRule(models.TextChoices):
    AFTER_SUBMIT = "after_submit", "Setelah dikirim"
    AFTER_CLOSE = "after_close", "Setelah angkatan ditutup"
    NEVER = "never", "Tidak ditampilkan"


class Quiz(models.Model):
    """The draft of a quiz's rules; learners meet the frozen ones. ``draw``: list of ``{"module": code, "count": n}``; for an
    assignment ``{"question": code}``. Times in minutes, marks 0 to 1."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="quiz")
    purpose = models.CharField(max_length=12, choices=QuizPurpose.choices)
    intro = models.TextField(blank=True)
    draw = models.JSONField(default=list)
    attempts_allowed = models.PositiveSmallIntegerField(default=3)
    remedial_attempts = models.PositiveSmallIntegerField(default=0)
    time_limit = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Menit; kosong berarti tanpa batas.")
    pass_mark = models.DecimalField(
        max_digits=4, decimal_places=3, null=True, blank=True, help_text="0 sampai 1; kosong berarti tanpa batas lulus."
    )
    feedback = models.CharField(max_length=16, choices=FeedbackRule.choices, default=FeedbackRule.AFTER_SUBMIT)
    shuffle = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [
            one_of("purpose", QuizPurpose, name="quiz_purpose_valid"),
            one_of("feedback", FeedbackRule, name="quiz_feedback_valid"),
            models.CheckConstraint(name="quiz_pass_mark_0_1", condition=Q(pass_mark__isnull=True) | Q(pass_mark__gte=0, pass_mark__lte=1)),
            models.CheckConstraint(name="quiz_attempts_positive", condition=Q(attempts_allowed__gte=1)),
        ]

    def __str__(self) -> str:
        return f"quiz of {self.activity_id}"
