"""docs/promises.md names tests that exist; and the promise that only all pages together can show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import doors_world
from tests.doors_world import SAMPLES, World
from tests.test_bad_input import let_in
from tests.test_doors import ALL

ROOT = Path(__file__).resolve().parent.parent
TIME = re.compile(r"(?<![\d.,/-])(?:[01]\d|2[0-3])\.[0-5]\d(?![\d.,]*\d)(?!–)(?! (?:WIB|WITA|WIT)\b| waktu )")


def test_every_test_that_keeps_a_promise_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")))
    written = {name for file in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}
    assert named and named - written == set()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield doors_world.build()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pukul 23.59 WITA", 0),
        ("13.30–15.00 WIB", 0),
        ("pukul 23.59", 1),
        ("nilai 12,50; 1.204 orang; versi 1.10", 0),
        ("selesai 08.05.", 1),
    ],
)
def test_a_time_without_its_zone_is_seen(text: str, found: int) -> None:
    assert len(TIME.findall(text)) == found


@pytest.mark.django_db
def test_every_time_on_every_page_names_its_zone(world: World) -> None:
    wrong, times = [], 0
    for name, pattern in sorted(ALL.items()):
        if name not in SAMPLES and pattern.pattern.converters:
            continue
        address = reverse(name, kwargs=SAMPLES[name].words(world) if name in SAMPLES else None)
        for persona in let_in(name):
            page = (world.clients.get(persona) or Client()).get(address)
            if page.streaming:
                page.getvalue()
                continue
            if page.get("Content-Type", "").startswith("text/html"):
                text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|template)\b.*?</\1>", "", page.content.decode())))
                times += len(re.findall(r"\d\d\.\d\d (?:WIB|WITA|WIT)\b", text))
                wrong += [f"{address} ({persona}): …{text[max(0, at.start() - 30) : at.end() + 10]}…" for at in TIME.finditer(text)]
    assert (wrong, times > 20) == ([], True)
