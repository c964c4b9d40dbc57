"""The migrated, empty SQLite database, made once for each state of the migrations and copied for every run after it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from contextlib import closing
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "schema"


def kept() -> Path:
    """Where the database of today's migrations is kept, whether it is there or not."""
    digest = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for package in ("django", "django-allauth"):
        digest.update(metadata.version(package).encode())
    for file in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/models.py"), *ROOT.glob("*/models/*.py"), Path(__file__)]):
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:24]}.sqlite3"


def bring(target: Path) -> bool:
    """Copy the kept database to ``target``; False when there is none yet."""
    try:
        target.write_bytes(kept().read_bytes())
    except FileNotFoundError:
        return False
    return True


def keep(source: Path) -> None:
    """Keep this freshly migrated database for the runs to come, and nothing of older migrations."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    half, whole = FOLDER / f"{os.getpid()}.half", kept()
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(half),))
    half.replace(whole)
    for old in FOLDER.glob("*.sqlite3"):
        if old != whole:
            old.unlink(missing_ok=True)
