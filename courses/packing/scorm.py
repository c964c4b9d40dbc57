"""A published module as a SCORM package, 1.2 or 2004 4th edition: one page that plays by itself, and tells the system it runs in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import json_script

from ..models import PackageKind, Version
from . import zips
from .contents import Contents, Page, Quiz, Task, gather
from .xml import Element, element, written

PLAYER = Path(__file__).parent / "player"
OWN_FILES = ("linimasa.css", "linimasa.js", "nilai.js", "jawaban.js")
KEY_TRAVELS = "Kunci jawaban kuis ikut di dalam paket, karena paket menilai sendiri. Bagikan hanya ke sistem yang Anda percaya."


def make(version: Version, kind: str) -> tuple[bytes, list[str]]:
    """The package, and in sentences what it could not take. The same bytes for the same version."""
    contents = gather(version)
    told = list(contents.told)
    files = {name: (PLAYER / name).read_bytes() for name in OWN_FILES} | contents.media
    files["index.html"] = page(contents).encode()
    for quiz in contents.quizzes:
        told += _left(quiz)
    read_only = "tugas praktik hanya dapat dibaca di dalam paket; pengajar menilainya di tempat lain."
    told += [f"{task.code} {task.title}: {read_only}" for task in contents.tasks]
    if any(_played(quiz) for quiz in contents.quizzes):
        told.append(KEY_TRAVELS)
    files["imsmanifest.xml"] = _MANIFESTS[PackageKind(kind)](contents, f"{version.course.slug}-{contents.ident}", sorted(files))
    return zips.pack(files), told


def _left(quiz: Quiz) -> list[str]:
    """What the player cannot judge, and what it judges otherwise than the portal."""
    told = []
    if unjudged := [one.code for one in quiz.questions if one.played is None]:
        told.append(f"{quiz.code} {quiz.title}: soal {', '.join(unjudged)} tidak dapat dinilai di dalam paket dan hanya dibaca.")
    if typed := ", ".join(one.code for one in quiz.questions if one.kind == "short_answer"):
        told.append(f"{quiz.code}: isian singkat ({typed}) yang tidak cocok dinilai 0 di dalam paket; di portal pengajar menilainya.")
    return told


def _played(quiz: Quiz) -> dict[str, dict[str, Any]]:
    return {one.code: one.played for one in quiz.questions if one.played is not None}


def page(contents: Contents) -> str:
    """The one page of the package: every lesson, quiz and task, readable also without a script."""
    units: list[dict[str, Any]] = []
    quizzes: dict[str, Any] = {}
    for item in contents.items:
        if isinstance(item, Quiz):
            known = _played(item)
            layers = [{"count": one["count"], "from": [code for code in one["from"] if code in known]} for one in item.layers]
            quizzes[item.ident] = {"layers": layers, "shuffle": item.shuffle, "questions": known}
            rest = [str(one.content.get("text", "")) for one in item.questions if one.played is None]
            units.append({"item": item, "kind": "quiz", "word": "Kuis", "rest": rest, "played": bool(known)})
        else:
            kind, word = ("page", "Pelajaran") if isinstance(item, Page) else ("task", "Tugas praktik")
            units.append({"item": item, "kind": kind, "word": word, "rest": [], "played": False})
    data = {"version": f"{contents.ident}.{contents.number}", "units": [_unit(one) for one in units], "quizzes": quizzes}
    terms = [(slug, *words) for slug, words in sorted(contents.terms.items())]
    html = render_to_string("courses/packages/player.html", {"contents": contents, "units": units, "data": "", "terms": terms})
    told = json.loads(json.dumps(data))
    return html.replace('<script type="application/json" id="data"></script>', str(json_script(told, "data")))


def _unit(one: dict[str, Any]) -> dict[str, Any]:
    item = one["item"]
    found = {"id": item.ident, "kind": one["kind"], "required": not isinstance(item, Task) and item.required, "played": one["played"]}
    return found | {"pass": item.pass_mark if isinstance(item, Quiz) else None}


# --- manifests --------------------------------------------------------------------------------------------------------
def _resource(names: list[str], **facts: str) -> Element:
    files = [element("file", href=name) for name in names]
    return element("resource", *files, identifier="RES-1", type="webcontent", href="index.html", **facts)


def _scorm12(contents: Contents, ident: str, names: list[str]) -> bytes:
    """SCORM 1.2: Content Aggregation Model 1.2, chapter 2.3."""
    item = element("item", element("title", contents.title), identifier="ITEM-1", identifierref="RES-1", isvisible="true")
    root = element(
        "manifest",
        element("metadata", element("schema", "ADL SCORM"), element("schemaversion", "1.2")),
        element("organizations", element("organization", element("title", contents.title), item, identifier="ORG-1"), default="ORG-1"),
        element("resources", _resource(names, **{"adlcp:scormtype": "sco"})),
        **{
            "identifier": f"M-{ident}",
            "version": str(contents.number),
            "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
            "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
        },
    )
    return written(root)


def _scorm2004(contents: Contents, ident: str, names: list[str]) -> bytes:
    """SCORM 2004 4th edition: Content Aggregation Model, chapters 3 and 5. The page itself says when it is completed and passed."""
    control = element("imsss:deliveryControls", completionSetByContent="true", objectiveSetByContent="true")
    inside = (element("title", contents.title), element("imsss:sequencing", control))
    item = element("item", *inside, identifier="ITEM-1", identifierref="RES-1")
    root = element(
        "manifest",
        element("metadata", element("schema", "ADL SCORM"), element("schemaversion", "2004 4th Edition")),
        element("organizations", element("organization", element("title", contents.title), item, identifier="ORG-1"), default="ORG-1"),
        element("resources", _resource(names, **{"adlcp:scormType": "sco"})),
        **{
            "identifier": f"M-{ident}",
            "version": str(contents.number),
            "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
            "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
            "xmlns:imsss": "http://www.imsglobal.org/xsd/imsss",
        },
    )
    return written(root)


_MANIFESTS = {PackageKind.SCORM12: _scorm12, PackageKind.SCORM2004: _scorm2004}
