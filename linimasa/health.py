"""``GET /healthz``: is every part of the portal alive? Cheap, public, never cached, no names."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache, caches
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

OLD_SECONDS = 60  # a heartbeat comes every 10 s
PARTS = ("worker", "beat")


def beat_of(part: str) -> None:
    """Write down that this part lives now: in the database's cache, so that a flushed broker forgets nothing."""
    cache.set(f"heartbeat:{part}", time.time(), timeout=None)


def ages() -> dict[str, int | None]:
    """Whole seconds since each part's last heartbeat; None when there never was one. One statement."""
    marks = cache.get_many([f"heartbeat:{part}" for part in PARTS])
    now = time.time()
    return {part: max(0, int(now - marks[key])) if (key := f"heartbeat:{part}") in marks else None for part in PARTS}


def report() -> tuple[dict[str, Any], bool]:
    """What /healthz tells, and whether all is well."""
    told: dict[str, Any] = {"database": "ok", "broker": "ok", "worker_age_s": None, "beat_age_s": None}
    try:
        told.update({f"{part}_age_s": age for part, age in ages().items()})
    except Error:
        told["database"] = "down"
    try:
        caches["hints"].get("healthz")
    except (RedisError, OSError):
        told["broker"] = "down"
    young = all(told[f"{part}_age_s"] is not None and told[f"{part}_age_s"] <= OLD_SECONDS for part in PARTS)
    well = told["database"] == told["broker"] == "ok" and young
    return {"status": "ok" if well else "degraded", **told}, well


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and beat all live, else 503; the body says which does not."""
    told, well = report()
    answer = JsonResponse(told, status=200 if well else 503)
    answer["Cache-Control"] = "no-store"
    return answer
