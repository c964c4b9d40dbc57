"""``manage.py create_admin``: the first admin, made from the shell. The password is asked for and never printed."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import registration


class Command(BaseCommand):
    help = "Membuat admin pertama. Kata sandi ditanyakan, atau dibaca dari masukan baku dengan --password-stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="Alamat surel; ditanyakan bila kosong.")
        parser.add_argument("--name", default="", help="Nama lengkap tanpa gelar.")
        parser.add_argument("--password-stdin", action="store_true", help="Baca kata sandi dari masukan baku (satu baris).")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or input("Surel: ")
        try:
            admin = registration.create_admin(email, password=self._password(options["password_stdin"]), name=options["name"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except registration.RegistrationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Admin {admin.email} dibuat. Faktor kedua dipasang saat pertama kali masuk.")

    def _password(self, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        first = getpass.getpass("Kata sandi: ")
        if getpass.getpass("Kata sandi sekali lagi: ") != first:
            raise CommandError("Kedua kata sandi berbeda. Jalankan lagi.")
        return first
