"""``manage.py code WHO``: what a demo account's authenticator app would show now. Real accounts have none here."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import demo


class Command(BaseCommand):
    help = "Menampilkan kode faktor kedua sebuah akun demo saat ini, misalnya: code admin"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("who", help="Surel atau nama pendek akun demo.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(demo.current_code(options["who"]))
        except demo.NoCode as error:
            raise CommandError(str(error)) from error
