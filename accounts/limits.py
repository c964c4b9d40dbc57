"""How often something may be tried: counted by one statement for each try, so that parallel tries count too.

Limits hold for an account first and are wide for an IP address: a class of 200 sits behind one address. What succeeds is
given back. Keys are keyed hashes, so that the table names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from linimasa.prepared import PreparedUpdate

from .models import AttemptCount


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries within ``minutes`` for one subject."""

    name: str
    most: int
    minutes: int

    def key(self, subject: str) -> str:
        return salted_hmac(f"limit:{self.name}", subject, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


ACCOUNT_SIGN_IN = Limit("sign-in-account", most=5, minutes=10)
ADDRESS_SIGN_IN = Limit("sign-in-address", most=1_000, minutes=10)


def take(*tries: tuple[Limit, str]) -> bool:
    """Count one try for each limit and its subject; False when any of them is over its limit. One statement."""
    now = timezone.now()
    table = connection.ops.quote_name(AttemptCount._meta.db_table)
    rows = {limit.key(subject): limit for limit, subject in tries}
    adapt = connection.ops.adapt_datetimefield_value
    values: list[Any] = []
    for key, limit in rows.items():
        values += [key, adapt(now + timedelta(minutes=limit.minutes))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS kept (key, count, ends_at) VALUES {', '.join(['(%s, 1, %s)'] * len(rows))} "  # noqa: S608
            "ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN kept.ends_at <= %s THEN 1 ELSE kept.count + 1 END, "
            "ends_at = CASE WHEN kept.ends_at <= %s THEN excluded.ends_at ELSE kept.ends_at END "
            "RETURNING key, count",
            [*values, adapt(now), adapt(now)],
        )
        counted = dict(cursor.fetchall())
    return all(counted[key] <= limit.most for key, limit in rows.items())


def give_back(*tries: tuple[Limit, str]) -> None:
    """The tries succeeded and do not count. One statement each, so that no two rows are locked in changing order."""
    for limit, subject in tries:
        _ONE_LESS.update(limit.key(subject))


_ONE_LESS = PreparedUpdate(lambda key: AttemptCount.objects.filter(key=key, count__gt=0), str, computed=lambda: {"count": F("count") - 1})


def forget(limit: Limit, subject: str) -> None:
    """Start this subject's count afresh (after a password reset)."""
    AttemptCount.objects.filter(key=limit.key(subject)).delete()


def clear_ended() -> int:
    """Delete counts whose window is over (nightly); returns how many."""
    return AttemptCount.objects.filter(ends_at__lt=timezone.now()).delete()[0]
