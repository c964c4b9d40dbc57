"""Constraints that the database keeps, with sentences for people."""

from __future__ import annotations

from django.db import models


def one_of(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    """The field holds one of the enum's values: ``choices``, enforced by the database."""
    return models.CheckConstraint(
        name=name, condition=models.Q(**{f"{field}__in": list(choices.values)}), violation_error_message="Pilihan ini tidak dikenal."
    )
