"""What is written while the portal runs: one JSON object a line, with ids and never names, addresses, answers or secrets.

Ours are written as ``logger.error("attempt.not_closed", attempt=attempt.pk)``: what happened, then ids. What Django and Celery write is
told by route and task, because their own sentences hold addresses with tokens in them. Of an exception only its kind and its lines are
kept: its message may quote a row.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, Processor

Told = tuple[type[BaseException], BaseException, TracebackType | None]


def _by_route(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Django's lines about a request: its method, route and answer, and who was signed in, instead of its address."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        event.update({"event": "request", "method": request.method, "status": getattr(record, "status_code", None)})
        event["route"] = request.resolver_match.route if request.resolver_match else ""
        event["person"] = getattr(getattr(request, "_cached_user", None), "pk", None)
    return event


def _by_task(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Celery's lines about a task: its name and id, instead of what it was called with and what it said."""
    told = getattr(event.get("_record"), "data", None)
    if isinstance(told, dict) and "name" in told:
        event.update({"event": "task", "task": told["name"], "id": told.get("id")})
    return event


def _without_message(exc_info: Told) -> str:
    """Its kind and where it happened (file, line, function: the innermost last), the cause first."""
    kind, error, lines = exc_info
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = _without_message((type(cause), cause, cause.__traceback__)) + "\n" if cause is not None else ""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(lines)]
    return before + "\n".join([f"{kind.__module__}.{kind.__qualname__}", *places])


class StandardError(logging.StreamHandler):
    """Writes to whatever standard error is at that moment, not to what it was when the portal started."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property  # the library keeps it as an attribute
    def stream(self) -> TextIO:
        return sys.stderr


SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [*SHARED, _by_route, _by_task],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_message),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"lines": {"()": StandardError, "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # to root: Django's own handlers say nothing outside DEBUG
        "django.request": {"level": "ERROR"},  # a 404 is no news
        "django.server": {"handlers": [], "propagate": True},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},  # one line for each task received
        "celery.app.trace": {"level": "WARNING"},  # … and one for each that went well
    },
}


def configure(settings: dict[str, Any]) -> None:
    """Django's ``LOGGING_CONFIG``: called once in every process, web and workers alike."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
