"""``manage.py dump_course lini-masa DIR`` (or ``arsip.zip``): write a course's draft back as files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.dumping import dump_course
from courses.models import Course
from courses.packing import archives


class Command(BaseCommand):
    help = "Menulis kursus menjadi berkas yang dapat dimuat kembali, bita demi bita."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("folder", type=Path, help="Folder baru atau kosong, atau nama arsip .zip.")

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.filter(slug=options["slug"]).first()
        if course is None:
            raise CommandError(
                f"Kursus «{options['slug']}» tidak ada. Yang ada: {', '.join(Course.objects.values_list('slug', flat=True))}."
            )
        if options["folder"].suffix == ".zip":
            self._archive(course, options["folder"])
            return
        try:
            written = dump_course(course, options["folder"])
        except FileExistsError:
            raise CommandError(f"Folder {options['folder']} sudah berisi. Pilih folder baru atau kosong.") from None
        self.stdout.write(f"{len(written)} berkas ditulis ke {options['folder']}.")

    def _archive(self, course: Course, path: Path) -> None:
        if path.exists():
            raise CommandError(f"Berkas {path} sudah ada. Pilih nama lain.")
        self.stdout.write(f"{archives.as_file(course, path)} berkas ditulis ke arsip {path}.")
