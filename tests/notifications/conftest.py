"""Kinds with a template of the tests' own, and a mail server."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.conf import settings as live

from notifications import kinds
from tests import smtp
from tests.factories import notifications as factory


@pytest.fixture(autouse=True)
def _test_kinds(settings, monkeypatch) -> None:
    monkeypatch.setattr(kinds, "_registry", dict(kinds._registry))
    factory.register_kinds()
    templates = copy.deepcopy(live.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], live.ROOT / "tests" / "templates"]
    settings.TEMPLATES = templates
    settings.EMAIL_BACKEND = "notifications.channels.email.OutboxBackend"  # the test runner puts another one in its place


@pytest.fixture
def mail_server(settings) -> Iterator[smtp.Server]:
    with smtp.running() as server:
        settings.EMAIL_URL = server.url
        yield server
