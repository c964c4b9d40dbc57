"""What goes with a course beside its lessons: the glossary, the register of ageing facts, misconceptions, guides for trainers.

``read_companions`` takes them from files, ``companion_files`` writes them back byte for byte; between the two they are one row
(``models.Companions``), apart from ``Course`` because they are long and a page that names a course has no use for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from linimasa import markdown

from . import channels
from .files import FileProblem, Placed, read_lesson, read_text, read_yaml, write_lesson, write_yaml
from .models import Companions, Course
from .reporting import Report
from .taking import CODE, SLUG, Taker

CONFIDENCES = ("tinggi", "sedang", "belum pasti")
TERM = ("slug", "term", "definition", "also")
FACT = ("key", "fact", "confidence", "origin", "lessons", "review_again_on")
GUIDE = ("slug", "title", "minutes", "summary")
# What each is called, what a row is known by, and what it is named with.
IN_WORDS = {
    "glossary": ("Istilah", "slug", "term"),
    "facts": ("Fakta yang mudah berubah", "key", "key"),
    "misconceptions": ("Salah paham", "tag", "tag"),
    "guides": ("Panduan pengajar", "slug", "title"),
}
ORDER: dict[str, Callable[[Mapping[str, Any]], str]] = {  # as their files want them; facts stay in the order of their writing
    "glossary": lambda row: str(row.get("term", "")).casefold(),
    "misconceptions": lambda row: row["tag"],
    "guides": lambda row: row["slug"],
}
MOST = {"glossary.yaml": 300, "channels.yaml": 200, "facts.yaml": 200, "misconceptions.yaml": 500, "guides": 40}


@dataclass
class GuideFile:
    """A guide for trainers as its file says; ``body`` is Markdown."""

    slug: str
    title: str
    minutes: int
    summary: str
    body: str
    where: str


@dataclass
class CompanionFiles:
    """What stands beside the course's outline; every part may be empty. Terms and facts remember their place."""

    glossary: list[Placed] = field(default_factory=list)
    facts: list[Placed] = field(default_factory=list)
    misconceptions: dict[str, str] = field(default_factory=dict)
    guides: list[GuideFile] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    channels: list[Placed] = field(default_factory=list)


def read_companions(folder: Path, found: CompanionFiles, report: Report) -> None:
    """Fill ``found`` from glossary.yaml, facts.yaml, misconceptions.yaml, channels.yaml, guides/*.md and media/figures/*.svg (all
    optional).

    Raises FileProblem when a file cannot be read; everything else is a line of the report with file and line.
    """
    found.glossary = _rows(folder, "glossary.yaml", _term, report)
    _once(found.glossary, "slug", report)
    _sorted("glossary.yaml", found.glossary, ORDER["glossary"], "istilahnya", report)
    found.facts = _rows(folder, "facts.yaml", _fact, report)
    _once(found.facts, "key", report)
    found.misconceptions = _misconceptions(folder, report)
    found.channels = _rows(folder, "channels.yaml", channels.read_row, report)
    _once(found.channels, "key", report)
    _sorted("channels.yaml", found.channels, lambda row: str(row.get("key", "")), "kuncinya", report)
    found.guides = [_guide(path, report) for path in _files(folder, "guides", ".md")]
    found.figures = {path.name: read_text(path, f"media/figures/{path.name}") for path in _files(folder, "media/figures", ".svg")}


def _rows(folder: Path, name: str, check: Callable[[Taker], None], report: Report) -> list[Placed]:
    if not (folder / name).exists():
        return []
    rows = read_yaml(folder / name, name)
    if not isinstance(rows, list) or len(rows) > MOST[name] or not all(isinstance(row, Placed) for row in rows):
        raise FileProblem(f"{name}:1", f"Berkas ini harus berupa daftar, paling banyak {MOST[name]} butir.")
    for row in rows:
        check(Taker(row, report))
    return rows


def _term(take: Taker) -> None:
    take.only(TERM)
    take.text("slug", 60, pattern=SLUG)
    take.text("term", 80)
    take.text("definition", 300)
    if "also" in take.mapping:
        take.texts("also", most=6, limit=80, least=1)


def _fact(take: Taker) -> None:
    take.only(FACT)
    take.text("key", 60, pattern=SLUG)
    take.text("fact", 600)
    take.one_of("confidence", CONFIDENCES)
    take.text("origin", 300)
    take.texts("lessons", most=10, limit=16, least=1)
    take.day("review_again_on", needed=True)


def _once(rows: list[Placed], key: str, report: Report) -> None:
    seen: dict[Any, str] = {}
    for row in rows:
        value = row.get(key)
        if isinstance(value, str) and value in seen:
            report.problem(row, f"«{value}» sudah dipakai di {seen[value]}. Pakai yang lain.")
        elif isinstance(value, str):
            seen[value] = row.where


def _sorted(name: str, rows: list[Placed], order: Callable[[Placed], str], what: str, report: Report) -> None:
    for before, after in zip(rows, rows[1:], strict=False):
        if order(before) > order(after):
            report.problem(after, f"Urutkan {name} menurut {what}: butir ini harus mendahului butir sebelumnya.")
            return


def _misconceptions(folder: Path, report: Report) -> dict[str, str]:
    name = "misconceptions.yaml"
    if not (folder / name).exists():
        return {}
    data = read_yaml(folder / name, name)
    if not isinstance(data, Placed) or len(data) > MOST[name]:
        raise FileProblem(f"{name}:1", f"Berkas ini harus berisi pasangan tanda dan kalimat, paling banyak {MOST[name]}.")
    _pairs(Taker(data, report))
    if list(data) != sorted(data):
        report.problem(data, f"Urutkan {name} menurut tandanya.")
    return dict(data)


def _pairs(take: Taker) -> None:
    for tag in take.mapping:
        take.text(tag, 200)
        if not SLUG.fullmatch(tag) or len(tag) > 60:
            told = f"Tanda «{tag[:60]}» hanya boleh huruf kecil, angka, dan tanda hubung, paling panjang 60 karakter."
            take.report.problem(take.mapping, told)


def _guide(path: Path, report: Report) -> GuideFile:
    name = f"guides/{path.name}"
    data, body = read_lesson(path, name)
    guide = _guide_of(Taker(data, report), body)
    if guide.slug and path.stem != guide.slug:
        report.problem(data, f"Nama berkas panduan harus sama dengan alamatnya: {guide.slug}.md.")
    return guide


def _guide_of(take: Taker, body: str) -> GuideFile:
    take.only(GUIDE)
    guide = GuideFile(
        slug=take.text("slug", 80, pattern=SLUG),
        title=take.text("title", 200),
        minutes=take.whole("minutes", 600),
        summary=take.text("summary", 600),
        body=body,
        where=take.mapping.where,
    )
    if not body.strip():
        take.report.problem(take.mapping, "Panduan ini masih kosong. Tulis isinya atau hapus berkasnya.")
    elif problem := markdown.problem(body):
        take.report.problem(take.mapping, problem)
    return guide


def row_problems(name: str, row: Mapping[str, Any]) -> list[str]:
    """What the rules of the files say against one row of ``name`` as the draft keeps it (a misconception as ``{tag, sentence}``), in
    sentences; so what the studio saves is what a file may hold."""
    report, placed = Report(), Placed(row)
    if name == "glossary":
        _term(Taker(placed, report))
    elif name == "facts":
        _fact(Taker(Placed({**row, "review_again_on": date.fromisoformat(row["review_again_on"])}), report))
    elif name == "misconceptions":
        _pairs(Taker(Placed({row["tag"]: row["sentence"]}), report))
    else:
        _guide_of(Taker(Placed({key: value for key, value in row.items() if key != "body"}), report), row["body"])
    return [sentence for _where, sentence in report.problems]


def _files(folder: Path, inner: str, ending: str) -> Iterable[Path]:
    """The files of an optional folder in the order of their names. Raises FileProblem for a name that a dump could not write."""
    home = folder / inner
    if not home.is_dir():
        return []
    paths = sorted(path for path in home.iterdir() if not path.name.startswith("."))
    if len(paths) > MOST.get(inner, 400):
        raise FileProblem(inner, f"Folder ini berisi lebih dari {MOST.get(inner, 400)} berkas.")
    for path in paths:
        if path.suffix != ending or not SLUG.fullmatch(path.stem) or len(path.name) > 80:
            why = f"Nama berkas di sini hanya huruf kecil, angka, dan tanda hubung, lalu {ending}."
            raise FileProblem(f"{inner}/{path.name[:80]}", why)
    return paths


def lessons_known(found: CompanionFiles, codes: set[str], report: Report) -> None:
    """Every lesson that the register names is one of the course."""
    for row in found.facts:
        for code in row.get("lessons") or []:
            if not isinstance(code, str) or not CODE.fullmatch(code) or code not in codes:
                report.problem(row, f"Pelajaran «{str(code)[:40]}» tidak ada pada kursus ini.")


def values_of(found: CompanionFiles) -> dict[str, Any]:
    """The fields of ``Companions`` as the files say them, ready for JSON."""
    return {
        "glossary": [dict(row) for row in found.glossary],
        "facts": [{**row, "review_again_on": row["review_again_on"].isoformat()} for row in found.facts],
        "misconceptions": dict(found.misconceptions),
        "guides": [{**{key: getattr(guide, key) for key in GUIDE}, "body": guide.body} for guide in found.guides],
    }


def of_course(course: Course) -> Companions:
    """The course's companions; an empty, unsaved row when it has none."""
    return Companions.objects.filter(course=course).first() or Companions(course=course)


def frozen(course: Course, draw: Callable[[str], str]) -> dict[str, Any]:
    """What a version of the course holds of them: those that there are, guides with the HTML that ``draw`` makes of their text."""
    kept = of_course(course)
    guides = [{**guide, "html": draw(guide["body"]), "sanitiser": markdown.SANITISER_VERSION} for guide in kept.guides]
    found = {"glossary": kept.glossary, "facts": kept.facts, "misconceptions": kept.misconceptions, "guides": guides}
    return {name: value for name, value in found.items() if value}


def state(course: Course) -> dict[str, Any]:
    """All of them as the history keeps them."""
    kept = of_course(course)
    return {name: getattr(kept, name) for name in IN_WORDS}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What changes between the facts of two versions of a course, in sentences."""
    told = []
    for name, (word, key, title) in IN_WORDS.items():
        before, after = _by_key(old.get(name), key), _by_key(new.get(name), key)
        for one, row in after.items():
            if one not in before:
                told.append(f"{word} «{row[title]}» ditambahkan.")
            elif before[one] != row:
                told.append(f"{word} «{row[title]}» berubah.")
        told += [f"{word} «{row[title]}» dikeluarkan." for one, row in before.items() if one not in after]
    return told


def _by_key(rows: Any, key: str) -> dict[str, dict[str, Any]]:
    if isinstance(rows, Mapping):
        return {tag: {"tag": tag, "sentence": sentence} for tag, sentence in rows.items()}
    return {row[key]: row for row in rows or []}


def counts(course: Course) -> list[tuple[int, str]]:
    """How much of each the course's draft has: «60 istilah»; what it has none of is left out."""
    kept = of_course(course)
    words = (
        ("glossary", "istilah"),
        ("facts", "fakta yang mudah berubah"),
        ("misconceptions", "salah paham"),
        ("guides", "panduan pengajar"),
    )
    return [(len(getattr(kept, name)), word) for name, word in words if getattr(kept, name)]


def companion_files(course: Course) -> dict[str, str]:
    """Every text file of the companions by its name in the course's folder."""
    kept = of_course(course)
    files = {}
    if kept.glossary:
        files["glossary.yaml"] = write_yaml([_in_order(row, TERM) for row in kept.glossary])
    if kept.facts:
        dated = [{**row, "review_again_on": date.fromisoformat(row["review_again_on"])} for row in kept.facts]
        files["facts.yaml"] = write_yaml([_in_order(row, FACT) for row in dated])
    if kept.misconceptions:
        files["misconceptions.yaml"] = write_yaml(dict(sorted(kept.misconceptions.items())))
    files |= channels.files(course)
    for guide in kept.guides:
        files[f"guides/{guide['slug']}.md"] = write_lesson(_in_order(guide, GUIDE), guide["body"])
    return files


def _in_order(row: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: row[key] for key in keys if key in row}
