"""``manage.py import_questions soal.gift --format gift --category "Modul 1/Akun"``: questions of other systems into the draft bank."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from linimasa import writing
from quizzes.bank import categories
from quizzes.exchange import batches, choosing, reading
from quizzes.exchange.rows import MOST_BYTES, ExchangeError
from quizzes.models import ImportBatch


class Command(BaseCommand):
    help = "Mengimpor soal ke draf bank: semua atau tidak sama sekali, kecuali --skip-bad. Status 1 bila ada soal yang tidak masuk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=sorted(reading.NAMES))
        parser.add_argument("--category", required=True, help="Kategori tujuan, misalnya “Modul 1/Akun”; dibuat bila belum ada.")
        parser.add_argument("--course", default="", help="Alamat (slug) kursus; boleh kosong bila hanya ada satu.")
        parser.add_argument("--module", default="", help="Kode modul; kosong berarti bank kursus.")
        parser.add_argument("--dry-run", action="store_true", help="Hanya membaca dan melaporkan.")
        parser.add_argument("--skip-bad", action="store_true", help="Tinggalkan soal yang bermasalah, masukkan yang lain.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refused = self._import(options)
        except (ExchangeError, categories.CategoryError) as error:
            raise CommandError(str(error)) from None
        if refused:
            sys.exit(1)

    @transaction.atomic
    def _import(self, options: dict[str, Any]) -> int:
        """How many questions could not be taken."""
        course = choosing.course_of(options["course"])
        module = choosing.module_of(course, options["module"])
        path = _checked_path(options["category"])
        batch = batches.preview(
            course,
            module=module,
            category=None,
            data=_bytes_of(options["file"]),
            file_name=options["file"].name,
            format=options["format"],
            by=None,
            own_categories=False,
            category_path=path,
        )
        for entry in batch.rows:
            for sentence in entry["notes"] if options["verbosity"] > 1 else ():
                self.stdout.write(f"{entry['where']}: {sentence}")
            if entry["problems"]:
                self.stderr.write(f"{_named(entry)}: {' '.join(entry['problems'])}")
        refused = batches.counts(batch)["bad"]
        self._finish(batch, refused, options)
        return refused

    def _finish(self, batch: ImportBatch, refused: int, options: dict[str, Any]) -> None:
        """Apply, or say why not; the preview of a run that brings nothing in is not kept."""
        count = batches.counts(batch)
        if options["dry_run"] or (refused and not options["skip_bad"]):
            words = "Uji coba: " if options["dry_run"] else ""
            self._say(
                f"{words}{count['new']} soal dapat masuk, {count['already']} sudah ada, {refused} bermasalah. Tidak ada yang diubah.",
                options,
            )
            batch.delete()
            return
        done = batches.apply(batch, by=None, skip_bad=options["skip_bad"])
        self._say(f"{len(done.codes)} soal masuk, {done.already} sudah ada, {done.left_out} ditinggalkan.", options)

    def _say(self, sentence: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)


def _named(entry: dict[str, Any]) -> str:
    where, title = entry["where"], entry["title"]
    return where if not title or title in where else f"{where} “{title}”"


def _checked_path(path: str) -> str:
    names = [" ".join(one.split()) for one in path.split("/") if one.strip()]
    if not names or len(names) > categories.DEEPEST:
        raise ExchangeError(f"Kategori ditulis seperti “Modul 1/Akun”, 1 sampai {categories.DEEPEST} tingkat.")
    for name in names:
        if problem := categories.name_problem(name):
            raise ExchangeError(problem)
    return "/".join(names)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExchangeError(f"Berkas ini lebih besar dari {writing.size(MOST_BYTES)}. Pecah menjadi beberapa berkas.")
        return path.read_bytes()
    except OSError:
        raise ExchangeError(f"Berkas {path} tidak dapat dibaca. Periksa namanya.") from None
