"""Telling people: one ledger of what was to be said, by which channel, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from linimasa.constraints import one_of

from . import kinds


class MessageStatus(models.TextChoices):
    QUEUED = "queued", "Menunggu"
    SENDING = "sending", "Sedang dikirim"
    SENT = "sent", "Terkirim"
    CANCELLED = "cancelled", "Dibatalkan"
    FAILED = "failed", "Tidak terkirim"
    UNKNOWN = "unknown", "Tidak diketahui"


class Channel(models.TextChoices):
    EMAIL = "email", "Surel"


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self, now: datetime) -> MessageQuerySet:
        """What is due to leave at that moment and not taken by a worker."""
        return self.filter(status=MessageStatus.QUEUED, due_at__lte=now)

    def told_to(self, person: Any) -> MessageQuerySet:
        """What reached the person, or may have: their inbox."""
        return self.filter(recipient=person, status__in=[MessageStatus.SENT, MessageStatus.UNKNOWN])


class Message(models.Model):
    """One thing told to one person by one channel. ``dedupe_key`` says the occasion: the same occasion is told once."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.EMAIL)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="messages_to", db_index=True
    )
    address = models.EmailField(max_length=254)
    is_reminder = models.BooleanField(default=False)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    context = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=MessageStatus.choices, default=MessageStatus.QUEUED)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    zone = models.CharField(max_length=20, blank=True, help_text="Zona penerima saat pengingat dikirim.")
    budget = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Jatah mingguan penerima saat pengingat dikirim.")
    note = models.CharField(max_length=300, blank=True, help_text="Mengapa dibatalkan, gagal, atau tidak diketahui.")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            one_of("status", MessageStatus, name="message_status_valid"),
            one_of("channel", Channel, name="message_channel_valid"),
            models.CheckConstraint(
                name="message_sent_at_iff_sent",
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=["queued", "sending"]), name="message_waiting"),
            models.Index(fields=["recipient", "is_reminder", "sent_at"]),
            models.Index(fields=["kind", "status", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.dedupe_key

    @property
    def label(self) -> str:
        """The kind in words for people."""
        return kinds.label_of(self.kind)

    @property
    def path(self) -> str:
        """Where in the portal this leads, if the teller said so."""
        path = str(self.context.get("path", ""))
        return path if path.startswith("/") and not path.startswith("//") else ""


class Preference(models.Model):
    """What a person wants to be told: per kind; and how many reminders a week at most."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    muted_kinds = models.JSONField(default=list)
    weekly_budget = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = [models.CheckConstraint(name="preference_budget_bounded", condition=Q(weekly_budget__lte=7))]

    def __str__(self) -> str:
        return f"preference of {self.person_id}"


class DemoMail(models.Model):
    """What the demo's mail transport delivered: readable at the demo's mail page instead of leaving the machine."""

    message_id = models.CharField(max_length=120, unique=True)
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    delivered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-delivered_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
