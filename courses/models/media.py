"""The library of a course: pictures, drawings, sound, short films, documents."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from linimasa.constraints import one_of

from .course import Course


class MediaQuerySet(models.QuerySet["Media"]):
    def in_use(self) -> MediaQuerySet:
        """What a text may name today: not a figure that was replaced or left out."""
        return self.filter(archived_at__isnull=True)

    def figures(self) -> MediaQuerySet:
        return self.filter(kind=MediaKind.FIGURE)


class MediaKind(models.TextChoices):
    IMAGE = "image", "Gambar"
    FIGURE = "figure", "Ilustrasi"
    AUDIO = "audio", "Audio"
    VIDEO = "video", "Video"
    DOCUMENT = "document", "Dokumen"


BLOCKS = {"audio": "audio", "video": "video", "document": "berkas"}  # the block of a lesson's text that shows each kind


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
    title = models.CharField(max_length=120, blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    seconds = models.PositiveIntegerField(default=0, help_text="Lamanya audio atau video.")
    captions = models.TextField(blank=True, default="", help_text="WebVTT.")
    transcript = models.TextField(blank=True, default="")
    crop = models.JSONField(null=True, blank=True, help_text="{x, y, width, height}, bagian 0 sampai 1 dari gambar utuh.")
    focus_x = models.FloatField(default=0.5)
    focus_y = models.FloatField(default=0.5)

    objects = MediaQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            one_of("kind", MediaKind, name="media_kind_valid"),
            models.CheckConstraint(condition=Q(focus_x__gte=0, focus_x__lte=1, focus_y__gte=0, focus_y__lte=1), name="media_focus_inside"),
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
    def shown_name(self) -> str:
        """What people call it: its title, else the name of the file that was sent."""
        return self.title or self.original_name

    @property
    def suffix(self) -> str:
        """What it is kept as: «webp», «mp3», «pdf»."""
        return self.name.rpartition(".")[2]

    @property
    def download_name(self) -> str:
        """A name for the reader's own disk: safe signs only, with the suffix of what it really is."""
        stem = re.sub(r"[^A-Za-z0-9]+", "-", self.shown_name.rpartition(".")[0] or self.shown_name).strip("-")[:80]
        return f"{stem or 'berkas'}.{self.suffix}"

    @property
    def is_picture(self) -> bool:
        return self.kind in {MediaKind.IMAGE, MediaKind.FIGURE}

    @property
    def is_played(self) -> bool:
        """Sound or film: wants captions, a transcript, and a person who presses «play»."""
        return self.kind in {MediaKind.AUDIO, MediaKind.VIDEO}

    @property
    def line(self) -> str:
        """What an author puts into a lesson's text."""
        name = self.written.removeprefix("/m/")
        if self.kind == MediaKind.FIGURE:
            return f"/// gambar | {name}\n{self.alternative_text}\n\nKeterangan gambar.\n///"
        if self.kind == MediaKind.IMAGE:
            return f"![{self.alternative_text}]({self.written})"
        return f"/// {BLOCKS[self.kind]} | {name}\n{self.shown_name}\n///"

    @property
    def widths(self) -> list[Rendition]:
        """The renditions of today, narrowest first (prefetch ``renditions`` for lists)."""
        return sorted((one for one in self.renditions.all() if one.replaced_at is None and one.width), key=lambda one: one.width)

    @property
    def thumbnail(self) -> str:
        """The address of its smallest picture; empty for what is none."""
        if not self.is_picture:
            return ""
        return next((f"/m/{one.name}" for one in self.widths), self.url)

    @property
    def focus_step(self) -> tuple[int, int]:
        """The focus in tenths from the left and the top, for the style sheet that cuts thumbnails."""
        return round(self.focus_x * 10), round(self.focus_y * 10)


class Rendition(models.Model):
    """An image in one width, as WebP without metadata. A new crop makes new renditions; the replaced ones are still served."""

    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="renditions")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(upload_to="course-media/", max_length=120)
    size = models.PositiveIntegerField(help_text="Bita.")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["width"]
        constraints = [
            models.UniqueConstraint(fields=["media", "width"], condition=Q(replaced_at__isnull=True), name="rendition_width_once")
        ]

    def __str__(self) -> str:
        return f"{self.media_id} at {self.width}"

    @property
    def name(self) -> str:
        """The stored name without its folder: the only handle of its address."""
        return str(self.file.name).rsplit("/", 1)[-1]
