"""The icons: ``static/icons.svg`` is the one list; a name that is not in it fails when the template is compiled."""

from __future__ import annotations

import re
from functools import cache

from .environment import ROOT

SPRITE = "icons.svg"


@cache
def names() -> frozenset[str]:
    """Every icon that the sprite holds."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / SPRITE).read_text()))
