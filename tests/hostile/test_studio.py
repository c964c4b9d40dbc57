"""Hostile strings in every text field of the studio leave nothing active in any page, letter or file that shows them.

The strings are sent through the real forms (found on the pages, so that a new field is met too), then every page is fetched by everybody
who may open it and judged. ``make test`` sends a seeded sample, ``make soak`` 9,000.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from courses.models import Lesson
from courses.publishing import PublishingError
from linimasa import markdown
from tests import doors_world
from tests.courses.pictures import png
from tests.doors_world import SAMPLES, World
from tests.factories import courses
from tests.hostile import filling, judge, strings
from tests.test_doors import ALL

SEED = int(os.environ.get("HOSTILE_SEED", "20261124"))
STUDIO = re.compile(r"^/?(?:kelola/(?:modul|soal|kuis)/|angkatan/<int:cohort_id>/(?:pindah|versi))")
NOT_SENT = {"quizzes:correct", "quizzes:bank_retire", "quizzes:bank_picked"}  # acts on the answers of people; no field is shown anywhere
FORMULA_SIGNS, NUMBER = tuple("=+-@\t\r"), re.compile(r"^[+-]?[\d.,]+$")
STORED = {
    *(f"courses:studio_module.{one}" for one in ("title", "summary", "objectives", "discussion")),
    *(f"courses:studio_lesson.{one}" for one in ("title", "body", "objectives")),
    *(f"courses:channel.{one}" for one in ("name", "purpose", "note")),
    *(f"courses:term.{one}" for one in ("term", "definition")),
    *(f"courses:fact.{one}" for one in ("fact", "origin")),
    *(f"courses:trainer_guide.{one}" for one in ("title", "summary", "body")),
    "courses:misconception.sentence",
    *(f"courses:media_item.{one}" for one in ("title", "alternative_text")),
    *(f"courses:new_course.{one}" for one in ("title", "full_title", "summary")),
    *(f"quizzes:bank_question.{one}" for one in ("text", "feedback")),
    *("courses:part.title", "courses:review_module.body", "courses:review_course.body"),
    *("courses:lesson_freshness.note", "courses:library.alternative_text", "quizzes:rules.intro"),
}
LOOKS_ONLY = {"coba", "periksa"}
KEPT = ("base", "base_values", "csrfmiddlewaretoken", "handle", "key", "address")
READERS = ("admin", "learner", "trainer", "author")


@dataclass
class Siege:
    """The world under attack: its strings, and what the judge said."""

    world: World
    strings: Iterator[str]
    used: int = 0
    found: list[str] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)

    def next(self) -> Iterator[str]:
        for one in self.strings:
            self.used += 1
            yield one

    def tame(self) -> Iterator[str]:
        """Those that forms do not refuse for a control sign."""
        return (one for one in self.next() if one.isprintable())

    def look(self, name: str, answer: Any) -> str:
        """Judge an answer, whatever it is; its text."""
        assert answer.status_code < 500, f"{name}: {answer.status_code}"
        kind = answer.headers.get("Content-Type", "")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.judge(name, kind, body)
        return body.decode(errors="replace") if kind.startswith("text/html") else ""

    def judge(self, name: str, kind: str, body: bytes) -> None:
        if kind.startswith("text/html"):
            self.found += [f"{name}: {one}" for one in judge.active(body.decode())]
        elif kind.startswith("application/json"):
            self.found += [f"{name}: {one}" for one in _html_in(body)]
        elif kind.startswith("text/csv"):
            rows = csv.reader(StringIO(body.decode("utf-8-sig"), newline=""))
            self.found += [
                f"{name}: cell {cell[:60]!r}" for row in rows for cell in row if cell[:1] in FORMULA_SIGNS and not NUMBER.match(cell)
            ]
        elif "zip" in kind:
            with zipfile.ZipFile(BytesIO(body)) as packed:
                for one in packed.namelist():
                    if one.endswith((".html", ".xhtml")):
                        self.judge(f"{name}/{one}", "text/html", packed.read(one))


def _html_in(body: bytes) -> list[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, one in value.items():
                if key != "body":  # what the author typed, for a field
                    yield from walk(one)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one)
        elif isinstance(value, str) and value.lstrip().startswith("<") and "class=" in value[:300]:
            yield from judge.active(value)

    return list(walk(json.loads(body)))


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield doors_world.build()
        transaction.set_rollback(True)


def address(world: World, name: str) -> str:
    return reverse(name, kwargs=SAMPLES[name].words(world) if name in SAMPLES else {})


def studio_pages() -> list[str]:
    """Every page of the studio by name."""
    return [name for name, pattern in ALL.items() if STUDIO.match(str(pattern.pattern))]


def attack(siege: Siege) -> None:
    """Fill every text field that the studio's pages show an admin, and send each form by each of its buttons that saves."""
    client, upload = siege.world.clients["admin"], png()
    for name in studio_pages():
        here = address(siege.world, name)
        html = siege.look(name, client.get(here))
        for number, form in enumerate(filling.forms_of(html, here)):
            if form.texts and name not in NOT_SENT:
                _send(siege, client, name, here, number, upload)


def _send(siege: Siege, client: Client, name: str, here: str, number: int, upload: bytes) -> None:
    """All fields at once; where that is refused, each field alone in the form as it stands then, so that one that takes no hostile word
    keeps no other from being met."""
    form = filling.forms_of(client.get(here).content.decode(), here)[number]
    if _posted(siege, client, name, form, filling.filled(form, siege.next(), keep=KEPT), upload) != 422:
        return
    for one in [one for one in form.texts if one not in KEPT]:
        now = filling.forms_of(client.get(here).content.decode(), here)
        if number < len(now) and one in now[number].texts:
            _posted(siege, client, name, now[number], filling.alone(now[number], one, siege.tame()), upload)


def _posted(siege: Siege, client: Client, name: str, form: filling.Form, values: dict[str, list[str]], upload: bytes) -> int:
    """Send the form by its button that saves, and judge what comes; the status."""
    button = next((one for one in form.buttons if one[1] not in LOOKS_ONLY), None)
    answer = filling.send(client, form, values, button=button, upload=upload)
    siege.look(f"{name} → {answer.status_code}", answer)
    if answer.status_code == 302:
        siege.stored |= {f"{name}.{one}" for one in form.texts if values[one] != form.values.get(one)}
        siege.look(f"{name} after", client.get(answer["Location"]))
    return int(answer.status_code)


def read(siege: Siege, *readers: str) -> None:
    """Every page and file of courses, quizzes and cohorts that these people may open, and the letters."""
    for reader, (name, pattern) in itertools.product(readers, ALL.items()):
        if name.startswith(("courses:", "quizzes:", "cohorts:", "audit:", "notifications:")) and (
            not pattern.pattern.converters or name in SAMPLES
        ):
            siege.look(f"{reader} {name}", siege.world.clients[reader].get(address(siege.world, name)))


def lessons(siege: Siege, batches: int) -> None:
    """Lesson bodies, looked at in the preview; the last of them is published for learners with everything else that was written."""
    world = siege.world
    for _ in range(batches):
        body = filling.many(siege.next(), filling.LONGEST["body"])
        if not markdown.problem(body):
            Lesson.objects.filter(activity=world.lesson).update(body=f"{body}\n")
            siege.look("preview", world.clients["author"].get(reverse("courses:lesson_preview", args=[world.lesson.pk])))
    with contextlib.suppress(PublishingError):
        courses.publish(world.module)
    with contextlib.suppress(PublishingError):
        courses.publish(world.course)


def besiege(world: World, least: int, *readers: str) -> Siege:
    """Rounds of writing and reading until at least so many strings were written."""
    siege = Siege(world, strings.generate(10**6, SEED))
    while siege.used < least:
        attack(siege)
        lessons(siege, 4)
        read(siege, *readers)
    return siege


@pytest.mark.django_db
def test_what_is_written_in_the_studio_becomes_active_nowhere(world):
    siege = besiege(world, 300, "learner")
    assert not siege.found, "\n".join(dict.fromkeys(siege.found))
    assert siege.stored >= STORED, f"no hostile string was taken by {sorted(STORED - siege.stored)}"


@pytest.mark.soak
@pytest.mark.django_db
def test_nine_thousand_hostile_strings_become_active_nowhere(world):
    siege = besiege(world, 9_000, *READERS)
    assert not siege.found, "\n".join(dict.fromkeys(siege.found))


def test_the_judge_finds_what_is_active():
    for one in strings.FRAGMENTS[:4]:
        words = {"m": "zq1", "tag": "img", "event": "onerror", "act": "alert(1)", "scheme": "javascript:"}
        assert judge.active(f"<p>{one.format(**words)}</p>"), one
    assert judge.active('<p><a href="jav\tascript:alert(1)">x</a></p>') and judge.active('<form action="//jahat.example/"></form>')
    assert not judge.active('<p>&lt;script&gt;</p><a href="/m/a.webp">x</a><form action="?q=1"></form>')
