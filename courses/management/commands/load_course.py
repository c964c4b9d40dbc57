"""``manage.py load_course content/lini-masa`` (or an archive, ``arsip.zip``): bring a course's files into the portal."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.loading import LoadError, load_course
from courses.packing import archives
from courses.packing.zips import ZipError


class Command(BaseCommand):
    help = "Memuat kursus dari berkas: idempoten, semua atau tidak sama sekali; menerbitkan hanya yang berubah."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Folder kursus, atau arsip .zip.")
        parser.add_argument("--overwrite-drafts", action="store_true", help="Gantikan juga draf studio yang belum terbit.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with _folder(options["folder"]) as folder:
                report = load_course(folder, overwrite_drafts=options["overwrite_drafts"])
        except ZipError as error:
            raise CommandError(str(error)) from None
        except LoadError as error:
            for line in error.report.lines():
                self.stderr.write(line)
            raise CommandError("Tidak ada yang dimuat. Perbaiki masalah di atas, lalu ulangi.") from None
        for line in report.lines():
            if options["verbosity"]:
                self.stdout.write(line)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """The folder itself, or that of an archive while it is open."""
    if not path.is_file():
        yield path
        return
    with archives.opened(path) as folder:
        yield folder
