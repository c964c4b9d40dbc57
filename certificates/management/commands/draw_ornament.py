"""``manage.py draw_ornament``: draw the certificate's ornament anew after a change of ``ornament.typ`` (and raise ``pdf.RENDERER``)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from certificates import ornament


class Command(BaseCommand):
    help = "Menggambar ulang hiasan sertifikat menjadi berkas SVG."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for part in ornament.PARTS:
            drawn = ornament.draw(part)
            ornament.file_of(part).write_text(drawn)
            self.stdout.write(f"{part}: {len(drawn)} bita")
