"""``manage.py check_invariants``: the promises that rows can show, checked on live data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from linimasa import invariants


class Command(BaseCommand):
    help = "Memeriksa janji-janji Linimasa pada data yang ada; status keluar 1 bila ada yang dilanggar."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = {one.name: rows for one, rows in invariants.broken()}
        everything = invariants.registered()
        for one in everything:
            rows = broken.get(one.name, [])
            self.stdout.write(f"{'MELANGGAR' if rows else 'baik     '}  {one.number:>2}  {one.sentence}")
            for row in rows[: invariants.MOST_ROWS_TOLD]:
                self.stdout.write(f"              {row}")
            if len(rows) > invariants.MOST_ROWS_TOLD:
                self.stdout.write(f"              … dan {len(rows) - invariants.MOST_ROWS_TOLD} baris lain")
        self.stdout.write(f"{len(everything)} pemeriksaan, {len(broken)} dilanggar.")
        if broken:
            raise SystemExit(1)
