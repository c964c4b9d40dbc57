"""What is taught: courses of modules of activities, drafts in the open and versions that never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of


class Course(models.Model):
    """A bimtek. ``rules`` holds what it asks of its learners (see ``courses.rules``), ``programme`` its stages in order
    (``{title, short, minutes, module: code}`` or ``{…, items: [activity codes]}``); both are published by a version."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    full_title = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    rules = models.JSONField(default=dict)
    programme = models.JSONField(default=list)
    draft_changed_at = models.DateTimeField(null=True, blank=True)
    draft_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    current_version = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Companions(models.Model):
    """What goes with a course beside its outline; the draft, published with the course's own version.

    ``glossary``: ``[{slug, term, definition, also?}]``; ``facts``: ``[{key, fact, confidence, origin, lessons, review_again_on}]``;
    ``misconceptions``: ``{tag: sentence}``; ``guides``: ``[{slug, title, minutes, summary, body}]`` (Markdown).
    """

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="companions")
    glossary = models.JSONField(default=list)
    facts = models.JSONField(default=list)
    misconceptions = models.JSONField(default=dict)
    guides = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "companions"

    def __str__(self) -> str:
        return f"companions of {self.course_id}"

    @property
    def is_written(self) -> bool:
        """Whether the course has any, or ever had."""
        return not self._state.adding


class Module(models.Model):
    """A mata pelatihan: part of a course, published on its own."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules")
    code = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    discussion = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_optional = models.BooleanField(default=False)
    current_version = models.ForeignKey("Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    draft_changed_at = models.DateTimeField(null=True, blank=True)
    draft_changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["course", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="module_code_once"),
            models.UniqueConstraint(fields=["course", "slug"], name="module_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityKind(models.TextChoices):
    LESSON = "lesson", "Pelajaran"
    QUIZ = "quiz", "Kuis"
    ASSIGNMENT = "assignment", "Tugas praktik"
    SESSION = "session", "Kelas langsung"
    EVALUATION = "evaluation", "Evaluasi"
    ACTION_PLAN = "action_plan", "Rencana tindak lanjut"


class Activity(models.Model):
    """An item of the outline with an identity that lasts across versions. ``module`` is empty for the course's own items."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="activities")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    code = models.CharField(max_length=16, help_text="M1.1, M1-KUIS, TES-AWAL …")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(default=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["module__position", "position", "pk"]
        verbose_name_plural = "activities"
        constraints = [
            one_of("kind", ActivityKind, name="activity_kind_valid"),
            models.UniqueConstraint(fields=["course", "code"], name="activity_code_once"),
            models.UniqueConstraint(fields=["module", "slug"], condition=Q(module__isnull=False), name="activity_slug_once_in_module"),
            models.UniqueConstraint(fields=["course", "slug"], condition=Q(module__isnull=True), name="activity_slug_once_in_course"),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """The draft of a lesson: Markdown by a person; what learners read is a FrozenLesson."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="lesson")
    objectives = models.JSONField(default=list)
    body = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    review_again_on = models.DateField(null=True, blank=True)
    edit_number = models.PositiveIntegerField(default=0, help_text="Naik pada tiap simpan: tab lama tidak menimpa yang baru.")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"lesson of {self.activity_id}"


class Version(models.Model):
    """An immutable publication of a module (or, with ``module`` empty, of the course's own outline and rules).

    ``outline`` is a list of ``{activity, kind, code, slug, title, minutes, required, position}``; ``facts`` holds the module's or
    course's title, summary, objectives and the rules; ``parts`` what other apps froze (``parts["quizzes"]``).
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    outline = models.JSONField(default=list)
    parts = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], condition=Q(module__isnull=False), name="version_number_once_in_module"),
            models.UniqueConstraint(fields=["course", "number"], condition=Q(module__isnull=True), name="version_number_once_in_course"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class FrozenLesson(models.Model):
    """A lesson as one version shows it: sanitised HTML, ready to serve."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="lessons")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="frozen")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, help_text="Markdown yang diterbitkan.")
    html = models.TextField(help_text="HTML yang sudah disaring.")
    sanitiser = models.CharField(max_length=20)
    objectives = models.JSONField(default=list)
    checks = models.JSONField(default=list, help_text="Cek pemahaman dalam pelajaran; tidak dinilai.")
    reviewed_on = models.DateField(null=True, blank=True)
    words = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0, help_text="Bita HTML terkompresi beserta gambarnya.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "activity"], name="frozen_lesson_once")]

    def __str__(self) -> str:
        return self.title


class MediaQuerySet(models.QuerySet["Media"]):
    def in_use(self) -> MediaQuerySet:
        """What a text may name today: not a figure that was replaced or left out."""
        return self.filter(archived_at__isnull=True)

    def figures(self) -> MediaQuerySet:
        return self.filter(kind=MediaKind.FIGURE)


class MediaKind(models.TextChoices):
    IMAGE = "image", "Gambar"
    FIGURE = "figure", "Ilustrasi"


class Media(models.Model):
    """A picture of the library under a name that says nothing of where it came from and never changes what it shows.

    An *image* was re-encoded by Pillow, without metadata, under a random name. A *figure* is an own drawing from the course's files:
    ``source`` is the SVG as authored, ``handle`` its file's name there and in the text of lessons, ``file`` the same with the style
    sheet, under its hash. A changed figure is a new row; the old one is archived and still served to those who read an older version.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="media")
    kind = models.CharField(max_length=8, choices=MediaKind.choices, default=MediaKind.IMAGE)
    handle = models.CharField(max_length=80, blank=True, default="")
    source = models.TextField(blank=True, default="")
    file = models.FileField(upload_to="course-media/", max_length=120)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0, help_text="Bita yang dimuat gawai pembaca: SVG dihitung terkompresi.")
    sha256 = models.CharField(max_length=64)
    alternative_text = models.CharField(max_length=300)
    original_name = models.CharField(max_length=120)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MediaQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            one_of("kind", MediaKind, name="media_kind_valid"),
            models.UniqueConstraint(fields=["course", "sha256"], name="media_once_per_course"),
            models.UniqueConstraint(
                fields=["course", "handle"], condition=Q(archived_at__isnull=True) & ~Q(handle=""), name="media_handle_once_per_course"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def name(self) -> str:
        """The stored name without its folder: the only handle of its address."""
        return str(self.file.name).rsplit("/", 1)[-1]

    @property
    def url(self) -> str:
        """Its address on the page."""
        return f"/m/{self.name}"

    @property
    def written(self) -> str:
        """Its address in a lesson's text: a figure's stays when the figure changes."""
        return f"/m/{self.handle}" if self.handle else self.url

    @property
    def line(self) -> str:
        """What an author copies into a lesson's text."""
        if self.handle:
            return f"/// gambar | {self.handle}\n{self.alternative_text}\n\nKeterangan gambar.\n///"
        return f"![{self.alternative_text}]({self.url})"


class Booklet(models.Model):
    """A module version as one PDF for paper, made by a worker. Drawn anew only when the drawing or the course's glossary changed."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="booklet")
    data = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bita.")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    renderer = models.CharField(max_length=40, help_text="Versi penggambar dan versi kursus yang membuat berkas ini.")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256
