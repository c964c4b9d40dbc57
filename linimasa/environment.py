"""What the environment says: every variable that Linimasa reads, in one place, with its default and its meaning.

`docs/operations.md` holds the same table; a test compares the two.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class MisconfiguredEnvironment(Exception):
    """A variable is missing or wrong; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("LINIMASA_ENV", "demo", "`demo` atau `production`."),
    Variable("LINIMASA_DATA", "data/", "Satu folder untuk semua keadaan: basis data, berkas, kunci, perantara pesan."),
    Variable("PORT", "8000", "Porta server web di 127.0.0.1."),
    Variable("SECRET_KEY", "dibuat di LINIMASA_DATA (demo)", "Rahasia penandatangan; wajib dalam produksi."),
    Variable("SECOND_FACTOR_KEY", "dibuat di LINIMASA_DATA (demo)", "Kunci enkripsi rahasia faktor kedua; wajib dalam produksi."),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1", "Nama host, dipisah koma; wajib dalam produksi."),
    Variable("PUBLIC_URL", "http://localhost:PORT", "Alamat publik, dipakai dalam surel, QR, dan sertifikat."),
    Variable("TRUSTED_PROXIES", "0", "Jumlah proksi tepercaya di depan server."),
    Variable("DATABASE_URL", "sqlite di LINIMASA_DATA", "`postgres://user:sandi@host:porta/nama` atau `sqlite:///berkas`."),
    Variable("REDIS_URL", "perantara tertanam", "Perantara pesan Celery, misalnya `redis://localhost:6379/0`."),
    Variable("EMAIL_URL", "kotak surat demo", "`smtp://user:sandi@host:porta?tls=1`; kosong dalam demo berarti kotak surat demo."),
    Variable("EMAIL_FROM", "Linimasa <tidak-dibalas@linimasa.test>", "Pengirim surel."),
    Variable("DEBUG", "0", "Hanya untuk pengembangan; ditolak dalam produksi."),
    Variable("WEB_WORKERS", "2", "Jumlah proses server web."),
    Variable("TASK_WORKERS", "2", "Jumlah proses pekerja Celery."),
    Variable("CHECK_LINKS", "1 (produksi), 0 (demo)", "`1`: pekerja memeriksa tautan pelajaran ke situs lain; `0`: tidak."),
    Variable("UNDO_SECONDS", "60", "Berapa detik pengajar dapat mengurungkan penilaian sebelum peserta melihatnya."),
)
DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def read(name: str, default: str = "") -> str:
    """The variable's value with spaces trimmed, or the default. Only declared names may be read."""
    if name not in DEFAULTS:
        raise KeyError(name)
    return os.environ.get(name, "").strip() or default


def whole_number(name: str, *, lowest: int = 1, highest: int = 65_535) -> int:
    """The variable as a whole number. Raises MisconfiguredEnvironment for anything else, or outside the bounds."""
    value = read(name, DEFAULTS[name])
    if not (value.isascii() and value.isdecimal() and lowest <= int(value[:9]) <= highest):
        raise MisconfiguredEnvironment(f"{name} harus bilangan bulat {lowest}–{highest}, bukan `{value[:40]}`.")
    return int(value)


def is_production() -> bool:
    value = read("LINIMASA_ENV", "demo")
    if value not in {"demo", "production"}:
        raise MisconfiguredEnvironment(f"LINIMASA_ENV harus `demo` atau `production`, bukan `{value}`.")
    return value == "production"


def data_folder() -> Path:
    """The one folder that holds all state (absolute); made when missing, readable by its owner only."""
    folder = Path(read("LINIMASA_DATA", str(ROOT / "data"))).expanduser()
    if not folder.is_absolute():
        folder = ROOT / folder
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise MisconfiguredEnvironment(
            f"Folder data {folder} tidak dapat dibuat ({error.strerror}). Beri izin tulis atau setel LINIMASA_DATA ke folder lain."
        ) from error
    if not os.access(folder, os.W_OK):
        raise MisconfiguredEnvironment(
            f"Folder data {folder} tidak dapat ditulisi. Beri izin tulis atau setel LINIMASA_DATA ke folder lain."
        )
    return folder


def secret(name: str) -> str:
    """A secret from the environment; in the demo one is made once and kept in the data folder (mode 0600)."""
    value = read(name)
    if value:
        if is_production() and len(value) < 32:
            raise MisconfiguredEnvironment(f"{name} terlalu pendek untuk produksi. Isi sekurang-kurangnya 32 karakter acak.")
        return value
    if is_production():
        raise MisconfiguredEnvironment(f"{name} belum diisi. Dalam produksi isi dengan rahasia acak milik Anda sendiri.")
    file = data_folder() / f"{name.lower()}.txt"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's settings for one database from its URL. Raises MisconfiguredEnvironment for an unknown scheme."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.removeprefix("sqlite:///")) or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "linimasa.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {
                "prepare_threshold": 2,
                "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
                "options": "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s",
                **query,
            },
        }
    raise MisconfiguredEnvironment("DATABASE_URL harus diawali `sqlite:///` atau `postgres://`.")


def broker_file() -> Path:
    """Where the embedded broker leaves its address: port and password (mode 0600)."""
    return data_folder() / "broker.json"


def broker_url() -> str:
    """`REDIS_URL`, else the embedded broker's address, else one that nobody answers (pages work without a broker)."""
    url = read("REDIS_URL")
    if url:
        return url
    try:
        told = json.loads(broker_file().read_text())
        return f"redis://:{told['password']}@127.0.0.1:{told['port']}/0"
    except (OSError, ValueError, KeyError):
        return "redis://127.0.0.1:1/0"
