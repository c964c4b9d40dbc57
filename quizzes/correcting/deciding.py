"""The author's decision: the question's key (or rubric) was wrong, and this is what becomes of the marks. The worker does the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from linimasa.prepared import insert
from linimasa.work import hint

from .. import tasks
from ..bank import editing
from ..models import CorrectedVersion, Correction, CorrectionChoice, CorrectionStatus, Question, QuestionVersion, Response
from . import carrying, regrading
from .judging import Rule

NO_REASON = "Tulis alasan koreksi. Peserta dan pengajar membacanya."
NO_KEY = "Kunci baru sama dengan yang lama. Ubah kuncinya, atau pilih nilai penuh bagi semua."
ALREADY = "Soal ini masih dikoreksi. Tunggu sampai selesai, lalu lihat lagi."
OWN = "Anda sendiri pernah menjawab soal ini sebagai peserta, jadi nilai Anda ikut berubah. Minta penulis lain mengoreksinya."


class CorrectingError(Exception):
    """This correction cannot be made; the message is a sentence for the author."""


def problems(question: Question, choice: str, content: Mapping[str, Any] | None, *, reason: str) -> list[str]:
    """Why this correction cannot be made, in sentences; empty when it can."""
    version, found = question.current_version, []
    if version is None:
        return ["Soal ini belum ditulis."]
    if choice not in CorrectionChoice.values:
        found.append("Pilih apa yang terjadi pada nilai yang sudah ada.")
    if not reason.strip():
        found.append(NO_REASON)
    if content is None or same_key(version.content, content):
        found += [NO_KEY] if choice != CorrectionChoice.FULL_CREDIT else []
    else:
        found += editing.content_problems(question.kind, content, question.course)
        try:
            carrying.carrier(question.kind, version.content, content) if not found else None
        except carrying.NotCarried as error:
            found.append(str(error))
    if Correction.objects.filter(question=question).exclude(status=CorrectionStatus.DONE).exists():
        found.append(ALREADY)
    return found


def covered(question: Question, content: Mapping[str, Any] | None = None, also: Iterable[int] = ()) -> dict[int, QuestionVersion]:
    """The versions that a correction of the current one reaches: those that say the same with the same key, and those that an earlier
    correction brought to the current key. Versions that say something else keep their key, except those named in ``also`` whose
    answers the new ``content`` can judge.
    """
    current, chosen = question.current_version, set(also)
    assert current is not None  # noqa: S101 - a question that was asked has a version
    brought = set(CorrectedVersion.objects.filter(correction__new_version=current).values_list("version_id", flat=True))
    found, wanted = {}, current.content if content is None else content
    for version in question.versions.filter(kind=current.kind).order_by("number"):
        is_same = version.pk == current.pk or version.pk in brought or same_key(version.content, current.content)
        if is_same or version.pk in chosen and carrying.can_carry(version.kind, version.content, wanted):
            found[version.pk] = version
    return found


TOLD_AFTER = frozenset({"feedback", "feedback_options", "misconceptions", "samples", "template", "hints"})


def same_key(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents judge every answer alike: all that is not only told afterwards is equal."""
    return bool(_judging(one) == _judging(other))


def _judging(content: Any) -> Any:
    """The content without what is only told afterwards: of the question, of each of its values and gaps; of a picture only the file."""
    if isinstance(content, Mapping):
        return {key: one["file"] if key == "picture" else _judging(one) for key, one in content.items() if key not in TOLD_AFTER}
    return [_judging(one) for one in content] if isinstance(content, list) else content


def _has_answered(person: User, versions: Iterable[int]) -> bool:
    """Whether a correction of these versions would decide about the person's own marks. One statement."""
    return Response.objects.filter(question_version__in=list(versions), attempt__enrolment__learner=person).exists()


def rule_of(choice: str, question: Question, content: Mapping[str, Any] | None, *, reason: str = "") -> Rule:
    """The correction as it would judge, before it is made: nothing is written."""
    current = question.current_version
    if content is None or current is None or content == current.content:
        return Rule(0, choice, None, reason)
    return Rule(0, choice, QuestionVersion(question=question, kind=question.kind, content=dict(content)), reason)


@transaction.atomic
def correct(
    question: Question,
    choice: str,
    content: Mapping[str, Any] | None,
    *,
    by: User | None,
    reason: str,
    over_trainers: bool = False,
    also: Iterable[int] = (),
    edit_number: int | None = None,
) -> Correction:
    """Record that the key (or rubric) was wrong, write the right one as the question's new version, and let the worker apply it.

    ``content`` None or as it was: only with FULL_CREDIT, the question stays as it is. ``edit_number``: the version that the author
    looked at; ``also``: see ``covered``. From this moment on no answer is judged by the old key, whatever version its attempt shows.
    Writes one audit entry (and the bank's own for the new version). Raises CorrectingError, or ``bank.editing.StaleEdit``.
    """
    locked = Question.objects.select_for_update(of=("self",)).select_related("course", "module", "current_version").get(pk=question.pk)
    if found := problems(locked, choice, content, reason=reason):
        raise CorrectingError(" ".join(found))
    versions, old = covered(locked, content, also), locked.current_version
    if by is not None and choice != CorrectionChoice.LEAVE and _has_answered(by, versions):
        raise CorrectingError(OWN)
    assert old is not None  # noqa: S101 - said by problems()
    new = editing.save_version(locked, content, by=by, edit_number=edit_number) if content is not None else old
    made = Correction.objects.create(
        question=locked,
        old_version=old,
        new_version=None if new.pk == old.pk else new,
        choice=choice,
        reason=reason.strip(),
        by=by,
        over_trainers=over_trainers,
        total=regrading.closed_answers(versions).count() if choice != CorrectionChoice.LEAVE else 0,
        **({"status": CorrectionStatus.DONE, "finished_at": timezone.now()} if choice == CorrectionChoice.LEAVE else {}),
    )
    insert(*(CorrectedVersion(correction=made, version=version) for version in versions.values()))
    log.record("question.corrected", by=by, on=locked, code=locked.code, choice=choice, correction=made.pk, reason=made.reason)
    if made.status != CorrectionStatus.DONE:
        hint(tasks.apply_correction, made.pk)
    question.refresh_from_db()
    return made
