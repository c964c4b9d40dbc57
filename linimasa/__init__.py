"""The shell of Linimasa: it wires the apps and holds nothing of the domain."""

from .celery import app as celery_app

__all__ = ["celery_app"]
