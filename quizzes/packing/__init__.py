"""Quizzes in packages for other systems: ``playing`` for the player of a SCORM package, ``profile`` for Common Cartridge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from courses.models import ActivityKind, Version
from courses.packing.contents import Question, Quiz, Task

from .. import drawing, frozen
from ..models import QuestionKind
from . import playing, profile


class QuizzesInPackages:
    """What ``courses.packing`` asks of the app that knows questions."""

    def gathered(
        self, version: Version, banks: Mapping[str, Version], idents: Mapping[int, str]
    ) -> tuple[dict[int, Quiz | Task], list[str]]:
        """Each quiz and practical work of the version by its activity, and in sentences what of them could not be taken."""
        known = {code: frozen.part_of(one.pk).bank for code, one in banks.items()}
        if version.module is None:
            known[""] = frozen.part_of(version.pk).bank
        rules = frozen.part_of(version.pk).rules
        found: dict[int, Quiz | Task] = {}
        told: list[str] = []
        for item in version.outline:
            if item["activity"] not in rules:
                continue
            ident, own = idents[item["activity"]], rules[item["activity"]]
            if item["kind"] == ActivityKind.ASSIGNMENT:
                found[item["activity"]] = _task(ident, item, own, known)
                continue
            missing = sorted({layer["module"] for layer in own["draw"] if layer.get("module", "") not in known and "module" in layer})
            if missing:
                where = f"{item['code']} {item['title']}: soal dari bank {', '.join(missing)}"
                told.append(f"{where} tidak ikut, karena modul itu tidak ada dalam paket.")
            found[item["activity"]] = _quiz(ident, item, own, known)
        return found, told

    def assessment(self, quiz: Quiz) -> tuple[bytes | None, list[str]]:
        """The quiz as one assessment of the profile."""
        return profile.assessment(quiz)

    def bank(self, ident: str, title: str, questions: list[Question]) -> bytes | None:
        """All questions that the profile can say as a question bank; None when there is none."""
        return profile.bank(ident, questions)


def _quiz(ident: str, item: Mapping[str, Any], rules: Mapping[str, Any], banks: drawing.Banks) -> Quiz:
    layers = []
    used: dict[str, Any] = {}
    for layer in rules["draw"]:
        matching = drawing.matching(layer, banks)
        used |= {one.code: one for one in matching}
        layers.append({"count": layer.get("count", 1), "from": [one.code for one in matching]})
    versions = frozen.questions([one.version for one in used.values()])
    questions = []
    pictures: list[str] = []
    for code, one in sorted(used.items()):
        content = versions[one.version].content
        if address := (content.get("picture") or {}).get("address", ""):
            pictures.append(address.removeprefix("/m/"))
        questions.append(Question(code, one.kind, content, playing.played(one.kind, content)))
    return Quiz(
        ident=ident,
        code=item["code"],
        title=item["title"],
        minutes=item["minutes"],
        required=item["required"],
        intro=rules.get("intro", ""),
        pass_mark=rules.get("pass_mark"),
        shuffle=rules.get("shuffle", True),
        layers=tuple(layers),
        questions=tuple(questions),
        pictures=tuple(pictures),
    )


def _task(ident: str, item: Mapping[str, Any], rules: Mapping[str, Any], banks: drawing.Banks) -> Task:
    row = next((one for layer in rules["draw"] for one in drawing.matching(layer, banks) if one.kind == QuestionKind.PRACTICAL), None)
    content: Mapping[str, Any] = frozen.questions([row.version])[row.version].content if row else {}
    names = ("instructions", "deliverables", "prohibitions")
    texts = {name: tuple(str(one) for one in content.get(name, ())) for name in names}
    return Task(ident=ident, code=item["code"], title=item["title"], minutes=item["minutes"], **texts)
