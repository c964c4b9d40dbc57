"""``manage.py load_channels content/lini-masa``: the referral channels that a course does not have yet, from its files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses import channels
from courses.models import Course
from courses.reading import read_course
from courses.reporting import Report


class Command(BaseCommand):
    help = "Menambahkan kanal rujukan yang belum ada pada kursus; yang sudah ada, juga yang diarsipkan, tidak disentuh. Idempoten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Folder kursus dengan course.yaml dan channels.yaml.")

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report()
        found = read_course(options["folder"], report)
        if found is None:
            for line in report.lines():
                self.stderr.write(line)
            raise CommandError("Tidak ada yang dimuat. Perbaiki masalah di atas, lalu ulangi.")
        course = Course.objects.filter(slug=found.slug).first()
        if course is None:
            raise CommandError(f"Kursus {found.slug} belum ada. Muat dahulu dengan `manage.py load_course`.")
        made = channels.complete(course, found.channels)
        if options["verbosity"]:
            self.stdout.write(f"{len(made)} kanal ditambahkan." if made else "Tidak ada kanal baru.")
