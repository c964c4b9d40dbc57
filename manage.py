#!/usr/bin/env python3
"""The door to every command. Works with any python3: it goes on in the project's own environment (.venv) by itself."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    own = ROOT / ".venv" / "bin" / "python"
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve() and own.exists() and "VIRTUAL_ENV" not in os.environ:
        os.execv(own, [str(own), str(ROOT / "manage.py"), *sys.argv[1:]])  # noqa: S606 - our own interpreter
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Lingkungan Python belum siap. Jalankan `make run` sekali, lalu ulangi perintah ini.")
    from linimasa.environment import MisconfiguredEnvironment

    try:
        execute_from_command_line(sys.argv)
    except MisconfiguredEnvironment as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
