"""What a certificate prints, taken once from the rows of its day. Paper and verification page read only this."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from cohorts import completion, structure
from cohorts.models import CohortKind, Enrolment, Progress
from cohorts.structure import Structure, Unit
from courses.models import ActivityKind, Version
from linimasa import writing
from linimasa.writing import MINUTES_PER_JP

from . import wording

FORMAT = 1
OTHER = "Kegiatan lain dalam program"


@dataclass(frozen=True)
class Identity:
    """What makes one edition itself."""

    number: str
    code: str
    token: str
    issued_at: datetime


def code_text(code: str) -> str:
    """«7KQ4-M2XD-9RTB»"""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def url_of(token: str) -> str:
    """The public address that link and QR lead to."""
    return settings.PUBLIC_URL + reverse("certificates:verify_token", args=[token])


def take(enrolment: Enrolment, identity: Identity) -> dict[str, Any]:
    """Everything that is printed, as text. A NIP enters by its last four digits only. JSON values throughout."""
    plan = structure.of(enrolment)
    words = wording.of_rules(plan.rules)
    progress = Progress.objects.by_activity(enrolment)
    mark = completion.final_mark(enrolment, progress=progress)
    units = _units(enrolment, plan, progress)
    minutes = completion.minutes_earned(enrolment, progress=progress)
    learner, cohort = enrolment.learner, enrolment.cohort
    agency = enrolment.agency or learner.agency
    return {
        "format": FORMAT,
        "example": not settings.PRODUCTION,
        "example_note": "" if settings.PRODUCTION else wording.EXAMPLE_NOTE,
        **_identity(identity),
        "issuer": {"institution": words["institution"], "unit": words["unit"]},
        "holder": holder_of(learner.prefix_titles, learner.name, learner.suffix_titles)
        | {"nip_label": wording.nip_label(learner), "nip": wording.masked(learner.nip)}
        | {"position": learner.position, "agency": agency.name if agency else ""},
        "activity": f"{enrolment.course.full_title or enrolment.course.title}, {cohort.name}",
        "course": enrolment.course.title,
        "cohort": cohort.name,
        "mode": words["mode"],
        **_dates(enrolment),
        "place": words["place"],
        "jp": writing.jp(minutes),
        "minutes": minutes,
        "minutes_text": writing.decimal(minutes),
        "predicate": completion.predicate(mark, completion.rules_of(plan)),
        "mark": writing.mark(mark / 100) if mark is not None else "–",
        "signatory": _signatory(words["signatory"]),
        "rows": _rows(units, plan, progress, minutes),
        "outcomes": _outcomes(units, int(words["outcomes"])),
        "calculation": _calculation(plan, progress),
        "note": "",
    }


def with_name(snapshot: Mapping[str, Any], identity: Identity, *, prefix_titles: str, name: str, suffix_titles: str) -> dict[str, Any]:
    """The next edition's snapshot: the same but for the name, its own number, code and date, and a note of what it replaces."""
    made = copy.deepcopy(dict(snapshot))
    made.update(_identity(identity))
    made["holder"].update(holder_of(prefix_titles, name, suffix_titles))
    made["note"] = f"Menggantikan sertifikat nomor {snapshot['number']}."
    return made


def holder_of(prefix_titles: str, name: str, suffix_titles: str) -> dict[str, str]:
    full_name = User(prefix_titles=prefix_titles, name=name, suffix_titles=suffix_titles).full_name
    return {"prefix_titles": prefix_titles, "name": name, "suffix_titles": suffix_titles, "full_name": full_name}


def _identity(identity: Identity) -> dict[str, Any]:
    address = url_of(identity.token)
    return {
        "number": identity.number,
        "code": code_text(identity.code),
        "url": address,
        "site": re.sub(r"^https?://", "", settings.PUBLIC_URL + reverse("certificates:verify")),
        "issued": {**wording.day(identity.issued_at), "moment": identity.issued_at.isoformat()},
    }


def _dates(enrolment: Enrolment) -> dict[str, Any]:
    """A scheduled cohort's own dates; when learning alone, from joining to completion."""
    cohort = enrolment.cohort
    done = enrolment.completed_at or enrolment.requested_at
    if cohort.kind == CohortKind.SCHEDULED and cohort.starts_at and cohort.ends_at:
        return {"starts": wording.day(cohort.starts_at), "ends": wording.day(cohort.ends_at)}
    return {"starts": wording.day(enrolment.joined_at or enrolment.requested_at), "ends": wording.day(done)}


def _signatory(signatory: Mapping[str, str] | None) -> dict[str, str]:
    found = signatory or {"position": "", "name": "", "nip": ""}
    return {"position": found["position"], "name": found["name"], "nip": wording.masked(found["nip"])}


def _units(enrolment: Enrolment, plan: Structure, progress: Mapping[int, Any]) -> list[Unit]:
    """The parts that count: core modules, the course's own, and optional modules that were completed."""
    chosen = {unit.index for unit in completion.optional_units_completed(enrolment, progress=progress)}
    return [unit for unit in plan.units if not unit.optional or unit.index in chosen]


def _rows(units: list[Unit], plan: Structure, progress: Mapping[int, Any], total: int) -> list[dict[str, Any]]:
    """One row a part, in order; their minutes add up to ``total``, or none is printed.

    What a cohort counts beyond its activities (a discussion session) is a stage of the published programme without items.
    """
    before, after, others = _stages(plan)
    titles = {"before": before, "after": after}
    made = [
        _row(titles.get(unit.stage) or _title(unit), unit.minutes, _mark(unit, progress)) | {"stage": unit.stage}
        for unit in units
        if unit.minutes
    ]
    rest = total - sum(row["minutes"] for row in made)
    place = next((index for index, row in enumerate(made) if row["stage"] == "after"), len(made))
    for title, minutes in others:
        if 0 < minutes <= rest:
            made.insert(place, _row(title, minutes, ""))
            place, rest = place + 1, rest - minutes
    if rest > 0:
        made.insert(place, _row(OTHER, rest, ""))
        rest = 0
    for row in made:
        row.pop("stage", None)
        if rest:
            row.update(jp="–", minutes_text="–")
    return made


def _row(title: str, minutes: int, mark: str) -> dict[str, Any]:
    return {"title": title, "jp": writing.jp(minutes), "minutes": minutes, "minutes_text": writing.decimal(minutes), "mark": mark}


def _stages(plan: Structure) -> tuple[str, str, list[tuple[str, int]]]:
    """Of the published programme: the titles of the course's own activities before and after the modules, and stages without items."""
    facts = Version.objects.values_list("facts", flat=True).filter(pk=plan.course_version_id or 0).first() or {}
    before, after, others, seen_module = "", "", [], False
    for stage in facts.get("programme") or []:
        seen_module = seen_module or bool(stage.get("module"))
        if stage.get("module"):
            continue
        if not stage.get("items"):
            others.append((str(stage.get("title", "")), int(stage.get("minutes") or 0)))
        elif seen_module:
            after = after or str(stage.get("title", ""))
        else:
            before = before or str(stage.get("title", ""))
    return before, after, others


def _title(unit: Unit) -> str:
    if unit.is_module:
        label = _label(unit)
        return unit.title if unit.title.startswith(label) else f"{label} {unit.title}".strip()
    names = list(dict.fromkeys(step.title for step in unit.steps))
    *first, last = names
    joined = f"{', '.join(first)} dan {last[:1].lower() + last[1:]}" if first else last
    return joined if len(joined) <= 160 else unit.title


def _label(unit: Unit) -> str:
    """«Modul 1» for M1, nothing for a code of another kind."""
    found = re.fullmatch(r"M(\d+)", unit.code)
    return f"Modul {found[1]}" if found else ""


def _mark(unit: Unit, progress: Mapping[int, Any]) -> str:
    """A module's mark is the mean of its assignments, else of its quizzes; after the modules it is the last test's."""
    if unit.stage == "before":
        return ""
    for kind in (ActivityKind.ASSIGNMENT, ActivityKind.QUIZ):
        points = [progress[step.activity_id].points for step in unit.steps if step.kind == kind and step.activity_id in progress]
        points = [point for point in points if point is not None]
        if unit.stage == "after":
            points = points[-1:]
        if points:
            return writing.mark(sum(points, Decimal(0)) / len(points))
    return ""


def _outcomes(units: list[Unit], most: int) -> list[dict[str, Any]]:
    """The first objectives of each module, in the words of the version that was taught."""
    modules = [unit for unit in units if unit.is_module and unit.version_id]
    facts = dict(Version.objects.filter(pk__in=[unit.version_id for unit in modules]).values_list("pk", "facts"))
    made = []
    for unit in modules:
        items = [str(item).rstrip(".") for item in (facts.get(unit.version_id or 0) or {}).get("objectives") or []][:most]
        if items:
            made.append({"title": _label(unit) or unit.title, "points": items})
    return made


def _calculation(plan: Structure, progress: Mapping[int, Any]) -> str:
    """How the final mark came about, with this person's marks."""
    rules, marks = completion.rules_of(plan), completion.marks_of(plan, progress)
    parts = []
    if marks.post_test and marks.post_test_mark is not None:
        parts.append((rules["weights"].get("post_test", 0), f"tes akhir {writing.mark(marks.post_test_mark)}"))
    if marks.assignments and marks.mean is not None:
        parts.append((rules["weights"].get("assignments", 0), f"rata-rata tugas praktik {writing.mark(marks.mean)}"))
    total = sum(weight for weight, _words in parts)
    sentences = [f"Predikat: {_bands(rules['predicates'])}.", f"Satu JP adalah {MINUTES_PER_JP} menit. Tanggal menurut WIB."]
    if len(parts) > 1:
        sentences.insert(0, f"Nilai akhir = ({' + '.join(f'{weight} × {words}' for weight, words in parts)}) : {total}.")
    elif parts:
        sentences.insert(0, f"Nilai akhir = {parts[0][1]}.")
    return " ".join(sentences)


def _bands(predicates: list[Any]) -> str:
    """«Sangat Memuaskan 90 ke atas; Memuaskan 80 sampai di bawah 90»"""
    said, above = [], None
    for least, word in predicates:
        said.append(f"{word} {least} ke atas" if above is None else f"{word} {least} sampai di bawah {above}")
        above = least
    return "; ".join(said)
