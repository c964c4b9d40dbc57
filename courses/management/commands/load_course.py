"""``manage.py load_course content/lini-masa``: bring a course's files into the portal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.loading import LoadError, load_course


class Command(BaseCommand):
    help = "Memuat kursus dari berkas: idempoten, semua atau tidak sama sekali; menerbitkan hanya yang berubah."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--overwrite-drafts", action="store_true", help="Gantikan juga draf studio yang belum terbit.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_course(options["folder"], overwrite_drafts=options["overwrite_drafts"])
        except LoadError as error:
            for line in error.report.lines():
                self.stderr.write(line)
            raise CommandError("Tidak ada yang dimuat. Perbaiki masalah di atas, lalu ulangi.") from None
        for line in report.lines():
            if options["verbosity"]:
                self.stdout.write(line)
