"""Logs are JSON lines that hold ids, never names or addresses."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
import structlog
from django.test import RequestFactory
from django.urls import resolve


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, object]]]:
    """What was written to standard error, read as JSON lines."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_line_holds_what_happened_and_ids(written):
    structlog.get_logger("quizzes.attempts").error("attempt.not_closed", attempt=17)
    (line,) = written()
    assert line.pop("at")
    assert line == {"event": "attempt.not_closed", "attempt": 17, "level": "error", "logger": "quizzes.attempts"}


def test_an_exception_is_told_without_its_message(written):
    try:
        try:
            raise ValueError("Key (email)=(siti@sikkakab.go.id) already exists.")
        except ValueError as error:
            raise RuntimeError("Siti Nur'aini") from error
    except RuntimeError:
        structlog.get_logger("notifications.delivering").exception("message.not_written", message=3)
    (line,) = written()
    told = str(line["exception"])
    assert told.index("builtins.ValueError") < told.index("builtins.RuntimeError")
    assert "test_logs.py:" in told and told.endswith("test_an_exception_is_told_without_its_message")
    assert "sikkakab" not in json.dumps(line) and "Siti" not in json.dumps(line)


def test_a_request_is_told_by_its_route(written):
    request = RequestFactory().get("/periksa/rahasia-sekali/")
    request.resolver_match = resolve(request.path)
    extra = {"request": request, "status_code": 500}
    logging.getLogger("django.request").error("Internal Server Error: %s", request.path, extra=extra)
    (line,) = written()
    assert (line["event"], line["route"], line["status"], line["person"]) == ("request", "periksa/<slug:token>/", 500, None)
    assert "rahasia" not in json.dumps(line)


def test_a_failed_task_is_told_by_its_name(written):
    told = {"name": "certificates.tasks.issue", "id": "a1", "exc": "ValueError('Siti')", "args": "[7]"}
    logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", told, extra={"data": told})
    (line,) = written()
    assert (line["event"], line["task"], line["id"]) == ("task", "certificates.tasks.issue", "a1")
    assert "Siti" not in json.dumps(line)


def test_a_missing_page_is_no_news(written):
    logging.getLogger("django.request").warning("Not Found: /x")
    assert written() == []
