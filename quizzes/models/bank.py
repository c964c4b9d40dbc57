"""The bank: questions with a lasting identity and immutable versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models import Activity, Course, Module
from linimasa.constraints import one_of

MOST_OBJECTIVES = 20  # of one lesson


class QuestionKind(models.TextChoices):
    SINGLE = "single", "Satu jawaban"
    MULTIPLE = "multiple", "Beberapa jawaban"
    TRUE_FALSE = "true_false", "Benar atau salah"
    SCENARIO = "scenario", "Skenario"
    SHORT_ANSWER = "short_answer", "Isian singkat"
    MATCHING = "matching", "Menjodohkan"
    ORDERING = "ordering", "Mengurutkan"
    NUMERIC = "numeric", "Isian angka"
    GAPS = "gaps", "Isian dalam teks"
    HOTSPOT = "hotspot", "Titik pada gambar"
    PRACTICAL = "practical", "Tugas praktik"


class Level(models.TextChoices):
    EASY = "easy", "Mudah"
    MEDIUM = "medium", "Sedang"
    HARD = "hard", "Sulit"


class Category(models.Model):
    """A folder of the bank, as deep as its author likes. They sort questions; which module's bank one is in says ``module``."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="question_categories")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["course", "position", "name", "pk"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["course", "parent", "name"],
                name="category_name_once_in_parent",
                violation_error_message="Kategori dengan nama ini sudah ada di tempat yang sama.",
            ),
            models.UniqueConstraint(
                fields=["course", "name"],
                condition=Q(parent__isnull=True),
                name="category_name_once_at_top",
                violation_error_message="Kategori dengan nama ini sudah ada.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question's lasting identity. ``module`` is the bank it belongs to; ``lesson`` where its answer is taught, ``objective`` the
    number of that lesson's objective, from 1."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="questions")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    lesson = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    objective = models.PositiveSmallIntegerField(null=True, blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    tags = models.JSONField(default=list, help_text="Kata bebas selain pelajaran, tujuan, dan tingkat.")
    code = models.CharField(max_length=24)
    kind = models.CharField(max_length=16, choices=QuestionKind.choices)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.MEDIUM)
    current_version = models.ForeignKey("QuestionVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["course", "code"]
        constraints = [
            one_of("kind", QuestionKind, name="question_kind_valid"),
            one_of("level", Level, name="question_level_valid"),
            models.UniqueConstraint(fields=["course", "code"], name="question_code_once"),
            models.CheckConstraint(
                name="question_objective_1_20",
                condition=Q(objective__isnull=True) | Q(objective__gte=1, objective__lte=MOST_OBJECTIVES),
                violation_error_message=f"Nomor tujuan pelajaran 1 sampai {MOST_OBJECTIVES}.",
            ),
        ]
        indexes = [models.Index(fields=["module", "kind"])]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """What a question says and what counts as right; never changed after it is written. ``content`` by kind: see quizzes/kinds.

    ``drawn`` is made of it: the HTML of practical work's sample answers (see ``quizzes.samples``); empty for all else.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=QuestionKind.choices)
    content = models.JSONField()
    drawn = models.JSONField(default=dict, help_text="HTML contoh jawaban yang sudah disaring.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["question", "-number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_once")]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class Worksheet(models.Model):
    """The bytes of a file to fill in, which practical work offers: once for each question and content, never changed.

    A question version names its worksheet by hash (``content["template"]``), so an older version keeps offering its own.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="worksheets")
    file = models.FileField(upload_to="worksheets/", max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["question", "sha256"], name="worksheet_once")]

    def __str__(self) -> str:
        return f"worksheet {self.pk}"
