"""What an answer scores where its version was corrected: the definition that grading, regrading and previews share.

An attempt keeps the version that it showed. So whoever grades it asks here whether that version has corrections, and judges by them in
their order. Nobody who hands in after a correction is judged by the wrong key, whatever version the cohort still shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from linimasa.prepared import Prepared

from .. import frozen
from ..kinds import kind_of
from ..models import Attempt, CorrectedVersion, CorrectionChoice, QuestionVersion, Response
from . import carrying

ONE, NOTHING = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Rule:
    """One correction as it judges. ``new`` is the version with the right key; None: only full credit, nothing was rewritten."""

    correction: int
    choice: str
    new: QuestionVersion | None
    reason: str = ""

    def judge(
        self, before: Decimal | None, version: QuestionVersion, answer: Any, through: Sequence[QuestionVersion] = ()
    ) -> Decimal | None:
        """What this answer to ``version`` scores now; ``before``: what it scored until now (None: it waits for a person); ``through``:
        what earlier corrections made of the version.

        An answer that the new key does not know and a server judged before is not right any more; one that a person still has to
        judge goes on waiting.
        """
        if self.choice == CorrectionChoice.FULL_CREDIT or self.new is None:
            return ONE
        points = kind_of(self.new).points(carrying.carried(version.kind, version, answer, self.new, through))
        if points is None and kind_of(self.new).graded_by_person and self.choice != CorrectionChoice.BOTH:
            return None
        if points is None:
            return before if before is None or self.choice == CorrectionChoice.BOTH else NOTHING
        return max(before or NOTHING, points) if self.choice == CorrectionChoice.BOTH else points


@dataclass(frozen=True)
class Judge:
    """How answers to these versions are judged: ``rules`` by version, in the order in which they were made."""

    rules: Mapping[int, Sequence[Rule]]

    def points(self, version: QuestionVersion, answer: Any) -> Decimal | None:
        """0 to 1; None when a person has to judge it."""
        points = kind_of(version).points(answer)
        for rule in self.rules.get(version.pk, ()):
            points = rule.judge(points, version, answer, self.through(version, before=rule.correction))
        return points

    def through(self, version: QuestionVersion, *, before: int = 0) -> list[QuestionVersion]:
        """What corrections made of the version, oldest first; only those older than ``before`` where it is given."""
        rules = self.rules.get(version.pk, ())
        return [rule.new for rule in rules if rule.new is not None and (not before or rule.correction < before)]

    def version(self, version: QuestionVersion) -> QuestionVersion:
        """The version whose key or rubric judges: the newest correction's, or the version itself."""
        return (self.through(version) or [version])[-1]

    def reason(self, version: QuestionVersion) -> str:
        """Why another key judged than the one that was shown; empty where none did."""
        rules = self.rules.get(version.pk, ())
        return rules[-1].reason if rules else ""

    def shown(self, version: QuestionVersion, answer: Any) -> tuple[QuestionVersion, Any]:
        """The version to explain the answer with, and the answer in its terms."""
        *through, new = self.through(version) or [version]
        return new, carrying.carried(version.kind, version, answer, new, through)


AS_SHOWN = Judge({})  # where nothing was corrected


def is_corrected() -> Exists:
    """What responses are annotated with to say whether their version has corrections: only then a judge has to be asked for."""
    return Exists(CorrectedVersion.objects.filter(version=OuterRef("question_version")).order_by())


_OF_ATTEMPT = Prepared(
    lambda attempt: (
        CorrectedVersion.objects.filter(version__in=Response.objects.filter(attempt=attempt).order_by().values("question_version"))
        .order_by("correction_id")
        .values_list("version_id", "correction_id", "correction__choice", "correction__new_version_id", "correction__reason")
    ),
    int,
)


def judge_of(attempt: Attempt) -> Judge:
    """How this attempt's answers are judged now. One statement; ask it after the attempt's row was locked."""
    return _judge(_OF_ATTEMPT.rows(attempt.pk))


def judge_for(version_ids: Iterable[int]) -> Judge:
    """How answers to these versions are judged now. One statement."""
    rows = CorrectedVersion.objects.filter(version__in=list(version_ids)).order_by("correction_id")
    return _judge(rows.values_list("version_id", "correction_id", "correction__choice", "correction__new_version_id", "correction__reason"))


def version_for(response: Response) -> QuestionVersion:
    """The version whose rubric a person judges this answer by: the corrected one where there is one. Two statements at most."""
    return judge_for([response.question_version_id]).version(response.question_version)


def _judge(rows: Iterable[tuple[int, int, str, int | None, str]]) -> Judge:
    found = list(rows)
    versions = frozen.questions(sorted({new for *_, new, _reason in found if new is not None})) if found else {}
    rules: dict[int, list[Rule]] = {}
    for version, correction, choice, new, reason in found:
        rules.setdefault(version, []).append(Rule(correction, choice, versions[new] if new is not None else None, reason))
    return Judge(rules)
