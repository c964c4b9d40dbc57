"""``manage.py load_regions``"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import loading


class Command(BaseCommand):
    help = "Memuat 552 wilayah dan instansi bawaannya. Boleh dijalankan berulang kali."

    def handle(self, *args: Any, **options: Any) -> None:
        report = loading.load_regions()
        self.stdout.write(f"{report.regions} wilayah ({report.new_regions} baru), {report.agencies} instansi ({report.new_agencies} baru).")
