"""``manage.py serve``: the whole portal under one small supervisor (``make run`` ends here)."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linimasa import broker, supervisor
from linimasa.environment import ROOT, read

FIRST_PAGE_SECONDS = 180.0  # a busy machine needs a while for its first page


class Command(BaseCommand):
    help = "Menyiapkan dan menjalankan portal: perantara pesan, server web, pekerja, dan penjadwal. Ctrl-C menghentikan semuanya."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-preparing", action="store_true", help="Lewati migrasi dan pemuatan (sudah dilakukan `prepare`).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            supervisor.demand_port(settings.PORT)
            held = supervisor.hold_data_folder()
        except supervisor.CannotStart as error:
            raise CommandError(str(error)) from error
        with held:
            self._serve(prepare=not options["without_preparing"])

    def _serve(self, *, prepare: bool) -> None:
        family = supervisor.Supervisor(supervisor.everything(settings.PORT), self._say)
        family.listen()
        try:
            if family.children[0].name == "broker":
                family.start(family.children[0])  # first, so that the others find its address
            if prepare and not family.stopping:
                self._prepare(family)
            until = time.monotonic() + FIRST_PAGE_SECONDS
            family.run(until=lambda: time.monotonic() > until or supervisor.page_answers(settings.PORT))
            if not family.stopping:
                self._greet()
            family.run()
        except broker.BrokerFailed as error:
            raise CommandError(str(error)) from error
        finally:
            self._say("Menghentikan portal …")
            family.stop()

    def _prepare(self, family: supervisor.Supervisor) -> None:
        """In a process of its own, which reads the broker's fresh address."""
        done = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(ROOT / "manage.py"), "prepare"],
            cwd=ROOT,
            env=supervisor.child_environment(),
            start_new_session=True,
            preexec_fn=supervisor.dies_with_parent,
        )
        while done.poll() is None:
            if family.stopping:
                done.terminate()
                done.wait()
                return
            time.sleep(0.05)
        if done.returncode:
            raise CommandError("Portal tidak dimulai: persiapan belum selesai (lihat kalimat di atas).")

    def _greet(self) -> None:
        if not supervisor.page_answers(settings.PORT):
            self._say(f"Halaman pertama belum menjawab. Baca {supervisor.log_file('web')}.")
            return
        self._say(f"\nLinimasa siap: {read('PUBLIC_URL') or f'http://localhost:{settings.PORT}'}\n")
        if not settings.PRODUCTION:
            self._say(accounts_table())
        self._say("Tekan Ctrl-C untuk berhenti.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def accounts_table() -> str:
    """The demo accounts that exist, as a table for the terminal."""
    from accounts import demo  # noqa: PLC0415 - only the demo needs it

    return demo.table()
