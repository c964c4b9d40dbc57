"""The Celery application. The beat table is static: one truth, in the settings."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")

app = Celery("linimasa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logs(**_: Any) -> None:
    """Listening is enough: Celery then leaves the logs to ``linimasa.logs``."""
