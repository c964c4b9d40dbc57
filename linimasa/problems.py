"""Why not, and what is still missing: one list that decides **and** explains (page, mail and verb share it)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way. ``sentence`` is Indonesian and says how to mend it; ``url`` leads there."""

    code: str
    sentence: str
    url: str = ""
