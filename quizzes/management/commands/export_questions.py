"""``manage.py export_questions --format gift --category "Modul 1" soal.gift``: questions of the bank for other systems."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes.exchange import choosing, exporting, writing
from quizzes.exchange.rows import ExchangeError


class Command(BaseCommand):
    help = "Mengekspor soal sebuah kategori (dengan semua di bawahnya). Status 1 bila ada soal yang tidak dapat ditulis."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=sorted(writing.FORMATS))
        parser.add_argument("--category", required=True, help="Kategori, misalnya “Modul 1/Akun”.")
        parser.add_argument("--course", default="", help="Alamat (slug) kursus; boleh kosong bila hanya ada satu.")
        parser.add_argument("--module", default="", help="Hanya bank modul ini.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            course = choosing.course_of(options["course"])
            module = choosing.module_of(course, options["module"])
            category = choosing.category_of(course, options["category"])
        except ExchangeError as error:
            raise CommandError(str(error)) from None
        plan = writing.planned(options["format"], exporting.questions_of(course, module=module, category=category))
        for name, why in plan.left:
            self.stderr.write(f"{name}: {why}.")
        for name, words in plan.lost if options["verbosity"] > 1 else ():
            self.stdout.write(f"{name}: tanpa {words}.")
        if not plan.taken:
            raise CommandError("Tidak ada soal yang dapat ditulis. Berkas tidak dibuat.")
        try:
            options["file"].write_bytes(exporting.file_of(course, plan, by=None))
        except OSError:
            raise CommandError(f"Berkas {options['file']} tidak dapat ditulis. Periksa foldernya.") from None
        if options["verbosity"]:
            self.stdout.write(f"{len(plan.taken)} soal ditulis ke {options['file']}, {len(plan.left)} tidak dapat ditulis.")
        if plan.left:
            sys.exit(1)
