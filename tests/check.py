"""``make check``: style, types, templates, migrations, deployment and content, all of them even when one fails."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".pytest_cache" / f"check-{os.getpid()}"
PYTHON = sys.executable
PRODUCTION = {
    "LINIMASA_ENV": "production",
    "ALLOWED_HOSTS": "belajar.example.go.id",
    "PUBLIC_URL": "https://belajar.example.go.id",
    "EMAIL_URL": "smtp://surel.example.go.id:587?tls=1",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SECOND_FACTOR_KEY": secrets.token_urlsafe(48),
    "DEBUG": "0",
}
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("gaya", [PYTHON, "-m", "ruff", "check", "."], {}),
    ("bentuk", [PYTHON, "-m", "ruff", "format", "--check", "."], {}),
    ("tipe", [PYTHON, "-m", "mypy", "."], {}),
    ("templat", [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"], {}),
    ("migrasi", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("pemeriksaan", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"], {}),
    ("produksi", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("isi", [PYTHON, "manage.py", "check_content", "content/lini-masa"], {}),
    ("tabel lingkungan", [PYTHON, "-m", "pytest", "-q", "tests/linimasa/test_environment.py"], {}),
]


def main(only: list[str]) -> int:
    DATA.mkdir(parents=True, exist_ok=True)
    failed = []
    try:
        for name, command, more in CHECKS:
            if only and name not in only:
                continue
            started = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env={**os.environ, "LINIMASA_DATA": str(DATA), **more}, capture_output=True, text=True, check=False
            )
            good = done.returncode == 0
            print(f"{'baik ' if good else 'SALAH'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
            if not good:
                failed.append(name)
                print((done.stdout + done.stderr)[-8000:], flush=True)
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    print("Semua pemeriksaan baik." if not failed else f"Belum baik: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
