"""Quizzes and their rules."""

from __future__ import annotations

from django.conf import settings
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
    DURING = "during", "Setelah setiap soal"
    AFTER_SUBMIT = "after_submit", "Setelah dikirim"
    AFTER_CLOSE = "after_close", "Setelah angkatan ditutup"
    NEVER = "never", "Tidak ditampilkan"


class GradeMethod(models.TextChoices):
    HIGHEST = "highest", "Nilai tertinggi"
    LAST = "last", "Nilai percobaan terakhir"
    AVERAGE = "average", "Rata-rata semua percobaan"


class Release(models.TextChoices):
    AT_ONCE = "at_once", "Begitu dinilai"
    HELD = "held", "Bersama-sama, setelah diumumkan pengajar"


class Quiz(models.Model):
    """The draft of a quiz's rules; learners meet the frozen ones. Times in minutes, marks 0 to 1.

    ``draw``: the layers in order. ``{"module": code, "count": n}`` draws at random, and only questions that match what else it names
    (``lesson``, ``objective``, ``level``, ``tag``, ``category``): that is the blueprint. ``{"question": code}`` is a fixed question.
    ``shuffle``: the order of questions and options; with ``shuffle_groups`` the layers stay in their order and only what is inside
    a layer is mixed. ``conditions``: what must be done before, ``[{"activity": code, "at_least": 0 to 1 or null}]``.
    """

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
    shuffle_groups = models.BooleanField(default=False)
    page_size = models.PositiveSmallIntegerField(default=1, help_text="Soal dalam satu halaman.")
    grade_method = models.CharField(max_length=8, choices=GradeMethod.choices, default=GradeMethod.HIGHEST)
    waiting_minutes = models.PositiveIntegerField(default=0, help_text="Jarak antara dua percobaan.")
    conditions = models.JSONField(default=list)
    names_hidden = models.BooleanField(default=False, help_text="Penilai tidak melihat nama peserta.")
    release = models.CharField(max_length=8, choices=Release.choices, default=Release.AT_ONCE)
    second_marking = models.DecimalField(
        max_digits=4, decimal_places=3, default=0, help_text="Bagian yang dinilai dua pengajar, 0 sampai 1."
    )

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [
            one_of("purpose", QuizPurpose, name="quiz_purpose_valid"),
            one_of("feedback", FeedbackRule, name="quiz_feedback_valid"),
            one_of("grade_method", GradeMethod, name="quiz_grade_method_valid"),
            one_of("release", Release, name="quiz_release_valid"),
            models.CheckConstraint(name="quiz_page_size_1_50", condition=Q(page_size__gte=1, page_size__lte=50)),
            models.CheckConstraint(name="quiz_second_marking_0_1", condition=Q(second_marking__gte=0, second_marking__lte=1)),
            models.CheckConstraint(name="quiz_pass_mark_0_1", condition=Q(pass_mark__isnull=True) | Q(pass_mark__gte=0, pass_mark__lte=1)),
            models.CheckConstraint(name="quiz_attempts_positive", condition=Q(attempts_allowed__gte=1)),
        ]

    def __str__(self) -> str:
        return f"quiz of {self.activity_id}"


class QuizWindow(models.Model):
    """When a cohort may take a quiz, and whether its held marks were released. No row: whenever the cohort is open; not released."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="windows")
    cohort = models.ForeignKey("cohorts.Cohort", on_delete=models.CASCADE, related_name="quiz_windows")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["cohort", "quiz"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "cohort"], name="quiz_window_once"),
            models.CheckConstraint(
                name="quiz_window_ordered",
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message="Waktu tutup harus sesudah waktu buka.",
            ),
        ]

    def __str__(self) -> str:
        return f"window of {self.quiz_id} for {self.cohort_id}"


class Accommodation(models.Model):
    """An exception for one learner or a whole cohort, with its reason: more time, more attempts, a later closing. Never changed: a new
    one replaces it, ``ended_at`` ends it."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="accommodations")
    enrolment = models.ForeignKey("cohorts.Enrolment", null=True, blank=True, on_delete=models.CASCADE, related_name="accommodations")
    cohort = models.ForeignKey("cohorts.Cohort", null=True, blank=True, on_delete=models.CASCADE, related_name="accommodations")
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    extra_attempts = models.PositiveSmallIntegerField(default=0)
    closes_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="accommodation_for_one_or_group",
                condition=Q(enrolment__isnull=True, cohort__isnull=False) | Q(enrolment__isnull=False, cohort__isnull=True),
                violation_error_message="Pilih satu peserta, atau satu angkatan.",
            ),
            models.UniqueConstraint(
                fields=["quiz", "enrolment"], condition=Q(ended_at__isnull=True), name="accommodation_one_running_for_learner"
            ),
            models.UniqueConstraint(
                fields=["quiz", "cohort"], condition=Q(ended_at__isnull=True), name="accommodation_one_running_for_cohort"
            ),
        ]

    def __str__(self) -> str:
        return f"accommodation {self.pk}"
