"""Whose work a trainer sees: the learner's name, or a pseudonym where the quiz hides names.

One place decides, for pages, titles, sentences and names of files: whatever leaves the server for a trainer asks here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from accounts.models import User

from ..models import Attempt, Upload

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
OTHER_TRAINER = "pengajar lain"


@dataclass(frozen=True)
class Shown:
    """How a trainer's page names the person behind an attempt. ``agency`` is empty where names are hidden."""

    name: str
    agency: str
    initials: str
    is_hidden: bool


def is_hidden(attempt: Attempt) -> bool:
    """Whether this attempt is graded without names, by the rules that it was started under."""
    return bool(attempt.rules.get("names_hidden"))


def pseudonym(attempt: Attempt) -> str:
    """«Peserta 7F3A»: the same for one attempt for ever, and telling nothing about the person or about another attempt."""
    digest = salted_hmac("quizzes.pseudonym", str(attempt.pk)).digest()
    return "Peserta " + "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:4])


def who(attempt: Attempt) -> Shown:
    """Whom a trainer's page names. Without hiding it needs ``enrolment.learner`` and ``enrolment.agency`` loaded."""
    if is_hidden(attempt):
        name = pseudonym(attempt)
        return Shown(name, "", name[-4:-2], True)
    learner, agency = attempt.enrolment.learner, attempt.enrolment.agency
    initials = "".join(word[0] for word in learner.name.split()[:2]).upper()
    return Shown(learner.name, agency.name if agency else "", initials, False)


def trainer(person: User | None, attempt: Attempt) -> str:
    """Another trainer, as the page may name them: not where names are hidden."""
    return OTHER_TRAINER if person is None or is_hidden(attempt) else person.name


def file_name(upload: Upload, place: int, attempt: Attempt) -> str:
    """The name under which a trainer sees and downloads a handed-in file: «peserta-7f3a-berkas-1.pdf» where names are hidden."""
    if not is_hidden(attempt):
        return upload.original_name
    ending = upload.original_name.rpartition(".")[2].lower()
    return f"{pseudonym(attempt).replace(' ', '-').lower()}-berkas-{place}.{ending}"


def place_of(upload: Upload) -> int:
    """Which of the work's files this is, from 1. One statement."""
    return Upload.objects.filter(response=upload.response_id, pk__lte=upload.pk).count()
