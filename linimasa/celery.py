"""The Celery application. The beat table is static: one truth, in the settings."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")

app = Celery("linimasa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
