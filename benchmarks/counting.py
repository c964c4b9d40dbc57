"""Counts a request's SQL statements (session and user too, transaction control not) when the request asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

ASKED = "HTTP_X_COUNT_STATEMENTS"


class CountingMiddleware:
    """Outermost; costs one dictionary look-up when nobody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASKED not in request.META:
            return self.get_response(request)
        told: list[str] = []

        def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            told.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response.headers["X-Statements"] = str(len([sql for sql in told if not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK;"))]))
        return response
