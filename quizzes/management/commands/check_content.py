"""``manage.py check_content content/lini-masa``: proof-read a course's folder. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from courses.proofing import Fault, Proof, proof
from courses.proofing.sizes import MOST_BYTES
from linimasa import clock
from linimasa.writing import decimal, listed
from quizzes.proofing import Judged, judge

ROW = "{:<8} {:>6} {:>8} {:>8} {:>8} {:>8} {:>9}   {}"


class Command(BaseCommand):
    help = "Memeriksa isi kursus dalam folder: bentuk, bahasa, gambar, soal, ukuran; status keluar 1 bila ada kesalahan."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", help="Tulis semuanya sebagai JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = proof(options["folder"], clock.local(clock.now()).date())
        judged = judge(options["folder"], found.course, found.pages) if found.course else None
        faults = sorted({*found.faults, *(judged.faults if judged else [])}, key=lambda one: (one.file, one.line, one.code, one.sentence))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(faults, found, judged), ensure_ascii=False, indent=1))
        else:
            for line in (*fault_lines(faults), *lesson_lines(found, judged), *bank_lines(judged)):
                self.stdout.write(line)
            self.stdout.write(f"{len(found.measures)} pelajaran diperiksa: {len(faults)} kesalahan." if faults else "Semua isi baik.")
        if faults:
            raise SystemExit(1)


def fault_lines(faults: list[Fault]) -> Iterator[str]:
    for file, group in groupby(faults, key=lambda one: one.file):
        yield file
        for one in group:
            yield f"  {one.line or '':>4}  {one.code}: {one.sentence}"
        yield ""


def lesson_lines(found: Proof, judged: Judged | None) -> Iterator[str]:
    if not found.measures:
        return
    yield ROW.format("pelajaran", "kata", "kalimat", "teks", "gambar", "jumlah", "anggaran", "soal tiap tujuan")
    for one in found.measures:
        asked = " ".join(map(str, judged.asked.get(one.code, []))) if judged else ""
        share = f"{decimal(100 * one.total_bytes / MOST_BYTES, 1)} %"
        yield ROW.format(one.code, one.words, decimal(one.sentence, 1), one.text_bytes, one.figure_bytes, one.total_bytes, share, asked)
    yield f"Bita terkompresi; anggaran {MOST_BYTES} bita tiap pelajaran. Kalimat: rata-rata kata."
    yield ""


def bank_lines(judged: Judged | None) -> Iterator[str]:
    if judged is None:
        return
    bank = judged.balance
    modules = "; ".join(
        f"{module} {sum(levels.values())} ({', '.join(f'{level} {count}' for level, count in levels.items())})"
        for module, levels in bank.levels.items()
    )
    letters = listed(f"{letter} {count}" for letter, count in bank.letters.items())
    yield f"Bank: {bank.total} soal; {modules}."
    yield (
        f"Kunci: {letters} dari {bank.single} soal satu jawaban; benar {bank.statements[0]} dari {bank.statements[1]} pernyataan; "
        f"jawaban terpanjang pada {bank.longest}, kebetulan {decimal(bank.chance, 1)}."
    )


def as_json(faults: list[Fault], found: Proof, judged: Judged | None) -> dict[str, Any]:
    """The same as plain values: ``{faults, lessons, bank, budget}``."""
    return {
        "faults": [asdict(one) for one in faults],
        "lessons": [
            {**asdict(one), "total_bytes": one.total_bytes, "questions": judged.asked.get(one.code, []) if judged else []}
            for one in found.measures
        ],
        "bank": judged.balance.as_dict() if judged else None,
        "budget": MOST_BYTES,
    }
