"""The one signal of the house, sent on commit. A nudge only: ``certificates`` finds missed ones by its own query."""

from django.dispatch import Signal

enrolment_completed = Signal()
"""Sent once, after the transaction that completed an enrolment: ``sender=Enrolment``, ``enrolment_id: int``."""
