"""From a kind's code to its class."""

from __future__ import annotations

from typing import Any, Protocol

from .choice import Multiple, Scenario, Single, TrueFalse
from .gaps import Gaps
from .hotspot import Hotspot
from .kind import Content, Kind
from .matching import Matching
from .numeric import Numeric
from .ordering import Ordering
from .practical import Practical
from .short_answer import ShortAnswer

registry: dict[str, type[Kind]] = {
    one.code: one for one in (Single, Multiple, TrueFalse, Scenario, ShortAnswer, Matching, Ordering, Numeric, Gaps, Hotspot, Practical)
}


class HasContent(Protocol):
    kind: str
    content: Content


def kind_of(version: HasContent) -> Kind:
    """The kind of this question version, holding its content."""
    return registry[version.kind](version.content)


def correct_answer(kind_code: str, content: Content) -> Any:
    """A stored answer that is wholly right, for previews, tests and exports; None for practical work."""
    return registry[kind_code](content).correct()
