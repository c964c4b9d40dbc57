"""One small indexed table for *plain*."""

from django.db import models


class Note(models.Model):
    shelf = models.IntegerField(db_index=True)
    title = models.CharField(max_length=120)
    body = models.TextField()

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.title
