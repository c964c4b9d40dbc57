"""Every form of every page with nothing, too much, control characters and the wrong kind of value; every list with strange filters.

Bad input gets an answer below 500, and nothing half-done: each request is undone, and what it would have changed is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from linimasa.doors import Who
from tests import doors_world
from tests.doors_world import PERSONAS, ROLES, SAMPLES, World
from tests.test_doors import ALL, expected, who_of

HUGE = "9" * 1_000_000
BAD: dict[str, str] = {
    "empty": "",
    "huge": HUGE,
    "control": "a\x00b\x1b[31m\u2028\ud7ff",
    "wrong": "-1e9'\"><script>alert(1)</script>{{7*7}}%s",
    "number": "99999999999999999999",
}
FILES = {
    "empty": b"",
    "page": b"<html><script>alert(1)</script></html>",
    "picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    "archive": b"PK\x03\x04" + b"\xff" * 64,
}
KEPT = {"csrfmiddlewaretoken"}
UNTRIED = {"account_logout"}  # it would end the session of the one who tries the rest


@dataclass
class Form:
    """A form as the page has it: where it goes and what it sends."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page, with fields that sit elsewhere and name their form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and told.get("name") and tag in {"input", "select", "textarea", "button"}:
            if told.get("type") == "file":
                self._open.files.add(told["name"])
            else:
                self._open.fields.setdefault(told["name"], told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield doors_world.build()
        transaction.set_rollback(True)


def ask(client: Client, method: str, address: str, data: dict[str, Any]) -> int:
    """One request whose changes are undone; its status."""
    kept = {key: morsel.value for key, morsel in client.cookies.items()}
    with transaction.atomic():
        answer = getattr(client, method)(address, data)
        if answer.streaming:
            answer.getvalue()
        transaction.set_rollback(True)
    client.cookies.clear()
    for key, value in kept.items():
        client.cookies[key] = value
    return int(answer.status_code)


def let_in(name: str) -> list[str]:
    """Who may open this page with its sample: the anonymous where it is public, else one learner and one of the staff at most."""
    sample = SAMPLES.get(name)
    found = [persona for persona in PERSONAS if expected(name, persona, sample) == "open"]
    if Who.PUBLIC in (who_of(name) or ()):
        return ["anonymous"]
    learners, staff = [one for one in found if one not in ROLES], [one for one in found if one in ROLES]
    return learners[:1] + (["admin"] if "admin" in staff else staff[:1])


def variants(form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent in place of what the form holds."""
    for word, value in BAD.items():
        changed = {name: old if name in KEPT else value for name, old in form.fields.items()}
        yield word, changed | {name: SimpleUploadedFile("a.pdf", FILES["empty"]) for name in form.files}
    for word, data in FILES.items() if form.files else ():
        yield f"file {word}", form.fields | {name: SimpleUploadedFile(f"{word}.pdf", data) for name in form.files}
    yield "nothing", {}
    yield "lists", {name: ["x", "y"] for name in form.fields}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", sorted(name for name, pattern in ALL.items() if (name in SAMPLES or not pattern.pattern.converters) and name not in UNTRIED)
)
def test_bad_input_is_answered_below_500(world: World, name: str) -> None:
    sample = SAMPLES.get(name)
    address = reverse(name, kwargs=sample.words(world) if sample else None)
    wrong = []
    for persona in let_in(name):
        client = world.clients.get(persona) or Client()
        page = client.get(address)
        if page.streaming:
            page.getvalue()  # read to the end, so that the file is closed
        if page.streaming or not page.get("Content-Type", "").startswith("text/html") or page.status_code != 200:
            continue
        for form in Forms(page.content.decode()).forms:
            target = form.action.split("#")[0] or address
            if not target.startswith("/") and not target.startswith("?"):
                continue
            target = address if target.startswith("?") else target
            if target == reverse("account_logout"):
                continue
            for word, data in variants(form):
                if form.method == "get":
                    data = {key: value[:4000] if isinstance(value, str) else value for key, value in data.items()}
                status = ask(client, "post" if form.method == "post" else "get", target, data)
                if status >= 500:
                    wrong.append(f"{persona} {form.method} {target} {word}: {status}")
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, pattern in ALL.items() if not pattern.pattern.converters and name not in UNTRIED))
@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "x\x00y", "'; --", "١٢٣"])
def test_lists_with_strange_pages_and_filters_are_answered_below_500(world: World, name: str, value: str) -> None:
    words = (
        "halaman",
        "page",
        "hal",
        "cari",
        "q",
        "tugas",
        "modul",
        "jenis",
        "status",
        "saring",
        "provinsi",
        "dari",
        "sampai",
        "next",
        "kode",
    )
    for persona in let_in(name):
        status = ask(world.clients.get(persona) or Client(), "get", reverse(name), dict.fromkeys(words, value))
        assert status < 500 or name == "linimasa:healthz"
