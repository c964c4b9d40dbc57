"""Who did what, when, to whom: append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act, written in the same transaction as the act itself. ``details`` holds ids and values, never secrets or answers."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "-at"]), models.Index(fields=["actor", "-at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_id}"
