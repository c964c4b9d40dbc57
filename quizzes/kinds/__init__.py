"""One class a question kind: what its content must be, how an answer is read, what it scores, and what may be shown."""

from .choice import Multiple, Scenario, Single, TrueFalse
from .gaps import Gaps
from .hotspot import Hotspot
from .kind import AnswerError, Kind, Raw, letter
from .matching import Matching
from .numeric import Numeric
from .ordering import Ordering
from .practical import Practical
from .registry import correct_answer, kind_of, registry
from .short_answer import ShortAnswer, normalised

__all__ = [
    "AnswerError",
    "Gaps",
    "Hotspot",
    "Kind",
    "Matching",
    "Multiple",
    "Numeric",
    "Ordering",
    "Practical",
    "Raw",
    "Scenario",
    "ShortAnswer",
    "Single",
    "TrueFalse",
    "correct_answer",
    "kind_of",
    "letter",
    "normalised",
    "registry",
]
