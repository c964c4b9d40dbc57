"""The sources of a lesson move into its text as a block, and a check gets a feedback on every choice; both can be taken back.

Only rows, in batches; the columns go with the next migration.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from django.db import migrations

BATCH = 200
READ_AGAIN = "Baca lagi bagian di atas, lalu pilih jawaban lain."
CHECK = re.compile(r"^(?P<head>/{3}[ \t]*cek[ \t]*\|[^\n]*)\n(?P<body>.*?)^/{3}[ \t]*$", re.M | re.S)
SOURCES = re.compile(r"\n\n/// sumber \| (?P<day>\d{4}-\d\d-\d\d)\n\n(?P<rows>(?:- [^\n]*\n)+)\n///\n\Z")


def in_batches(rows: Any) -> Iterator[Any]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def in_one_line(sources: list[Any]) -> list[str]:
    return [line for source in sources if (line := " ".join(str(source).split()))]


def with_sources(body: str, sources: list[str], day: datetime.date) -> str:
    rows = "".join(f"- {source}\n" for source in sources)
    end = "\n"
    return f"{body.rstrip(end)}\n\n/// sumber | {day.isoformat()}\n\n{rows}\n///\n"


def without_sources(body: str) -> tuple[str, list[str]]:
    found = SOURCES.search(body)
    if found is None:
        return body, []
    return f"{body[: found.start()]}\n", [row.removeprefix("- ") for row in found["rows"].splitlines()]


def choices_with_feedback(check: dict[str, Any]) -> dict[str, Any]:
    if "feedback" not in check:
        return check
    rows = [
        {"text": text, "feedback": check["feedback"] if number == check["answer"] else READ_AGAIN}
        for number, text in enumerate(check["choices"])
    ]
    return {"key": check["key"], "prompt": check["prompt"], "choices": rows, "answer": check["answer"]}


def one_feedback(check: dict[str, Any]) -> dict[str, Any]:
    if "feedback" in check:
        return check
    rows = check["choices"]
    feedback = rows[check["answer"]]["feedback"]
    return {
        "key": check["key"],
        "prompt": check["prompt"],
        "choices": [row["text"] for row in rows],
        "answer": check["answer"],
        "feedback": feedback,
    }


def block_with_feedback(data: dict[str, Any]) -> dict[str, Any] | None:
    if set(data) != {"pertanyaan", "pilihan", "jawaban", "umpan"} or not isinstance(data["pilihan"], list):
        return None
    rows = [
        {"teks": text, "umpan": data["umpan"] if number == data["jawaban"] else READ_AGAIN}
        for number, text in enumerate(data["pilihan"], start=1)
    ]
    return {"pertanyaan": data["pertanyaan"], "pilihan": rows, "jawaban": data["jawaban"]}


def block_with_one_feedback(data: dict[str, Any]) -> dict[str, Any] | None:
    rows = data.get("pilihan")
    if set(data) != {"pertanyaan", "pilihan", "jawaban"} or not isinstance(rows, list):
        return None
    if not all(isinstance(row, dict) and {"teks", "umpan"} <= set(row) for row in rows) or not 1 <= data["jawaban"] <= len(rows):
        return None
    return {
        "pertanyaan": data["pertanyaan"],
        "pilihan": [row["teks"] for row in rows],
        "jawaban": data["jawaban"],
        "umpan": rows[data["jawaban"] - 1]["umpan"],
    }


def checks_rewritten(body: str, rewrite: Callable[[dict[str, Any]], dict[str, Any] | None]) -> str:
    """Every check of a text that can be read in the other form; a text that a person left half done stays as it is."""

    def one(found: re.Match[str]) -> str:
        try:
            data = yaml.safe_load(found["body"])
            made = rewrite(data) if isinstance(data, dict) else None
        except (yaml.YAMLError, TypeError, ValueError):
            made = None
        if made is None:
            return found[0]
        text = yaml.safe_dump(made, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000)
        return f"{found['head']}\n{text}///"

    return CHECK.sub(one, body)


def sources_html(sources: list[str]) -> str:
    return f"\n<h2>Sumber</h2>\n<ul>{''.join(f'<li>{html.escape(source)}</li>' for source in sources)}</ul>"


def forwards(apps: Any, schema_editor: Any) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    lessons = apps.get_model("courses", "Lesson").objects
    for lesson in in_batches(lessons):
        body = checks_rewritten(lesson.body, block_with_feedback)
        if sources := in_one_line(lesson.sources):
            body = with_sources(body, sources, lesson.reviewed_on or today)
        if body != lesson.body:
            lessons.filter(pk=lesson.pk).update(body=body)
    frozen = apps.get_model("courses", "FrozenLesson").objects
    for lesson in in_batches(frozen.select_related("version")):
        body, shown = checks_rewritten(lesson.body, block_with_feedback), lesson.html
        if sources := in_one_line(lesson.sources):
            body = with_sources(body, sources, lesson.reviewed_on or lesson.version.published_at.date())
            shown += sources_html(sources)
        checks = [choices_with_feedback(check) for check in lesson.checks]
        if (body, shown, checks) != (lesson.body, lesson.html, lesson.checks):
            frozen.filter(pk=lesson.pk).update(body=body, html=shown, checks=checks)


def backwards(apps: Any, schema_editor: Any) -> None:
    lessons = apps.get_model("courses", "Lesson").objects
    for lesson in in_batches(lessons):
        body, sources = without_sources(lesson.body)
        body = checks_rewritten(body, block_with_one_feedback)
        if body != lesson.body:
            lessons.filter(pk=lesson.pk).update(body=body, sources=sources)
    frozen = apps.get_model("courses", "FrozenLesson").objects
    for lesson in in_batches(frozen):
        body, sources = without_sources(lesson.body)
        body = checks_rewritten(body, block_with_one_feedback)
        shown = lesson.html.removesuffix(sources_html(sources))
        checks = [one_feedback(check) for check in lesson.checks]
        if (body, shown, checks) != (lesson.body, lesson.html, lesson.checks):
            frozen.filter(pk=lesson.pk).update(body=body, html=shown, checks=checks, sources=sources)


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
