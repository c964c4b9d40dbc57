"""``manage.py prepare``: everything between a fresh checkout and a portal that can serve. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from linimasa.checks import no_demo_accounts, own_secrets
from linimasa.environment import ROOT

CURRICULUM = ROOT / "content" / "lini-masa"


class Command(BaseCommand):
    help = "Menyiapkan basis data, berkas statis, wilayah, kurikulum, dan (hanya dalam demo, hanya bila kosong) data demo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"Basis data tidak dapat dihubungi ({error}). Periksa DATABASE_URL.".replace("\n", " ")) from error
        self._say("Menyiapkan basis data …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        for wrong in [*no_demo_accounts(), *own_secrets()]:
            raise CommandError(f"{wrong.msg} {wrong.hint}")
        self._say("Mengumpulkan berkas statis …")
        call_command("collectstatic", interactive=False, verbosity=0)
        self._load()

    def _load(self) -> None:
        if not apps.get_model("accounts", "Region").objects.exists():
            self._say("Memuat wilayah …")
            call_command("load_regions", verbosity=0)
        if not apps.get_model("courses", "Course").objects.exists():
            self._say("Memuat kurikulum …")
            call_command("load_course", str(CURRICULUM), verbosity=0)
        elif apps.get_model("courses", "Course").objects.filter(slug=CURRICULUM.name).exists():  # set up before there were channels
            call_command("load_channels", str(CURRICULUM), verbosity=0)
        if not settings.PRODUCTION and not get_user_model()._default_manager.exists():
            self._say("Memuat data demo …")
            with transaction.atomic():
                call_command("load_demo", verbosity=0)

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
