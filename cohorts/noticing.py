"""What the people who run a cohort should know about it from other rooms. Apps to the right register who tells."""

from __future__ import annotations

from collections.abc import Callable

from linimasa.problems import Problem

from .models import Cohort

Notice = Callable[[Cohort], list[Problem]]
_sources: list[Notice] = []


def register(source: Notice) -> None:
    """Add one who tells. Once each; called in ``ready()``."""
    if source not in _sources:
        _sources.append(source)


def notices(cohort: Cohort) -> list[Problem]:
    """Sentences for organisers and admins: what will not work in this cohort until it is mended."""
    return [problem for source in _sources for problem in source(cohort)]
