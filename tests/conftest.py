"""What every test stands on. The environment is set before Django loads: one throw-away data folder for each run."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_FOLDER = ROOT / ".pytest_cache" / f"run-{os.getpid()}"
ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"
ENVIRONMENT = [
    "LINIMASA_ENV",
    "PORT",
    "SECRET_KEY",
    "SECOND_FACTOR_KEY",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "TRUSTED_PROXIES",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "EMAIL_FROM",
    "DEBUG",
    "WEB_WORKERS",
    "TASK_WORKERS",
    "UNDO_SECONDS",
]

for name in ENVIRONMENT:
    os.environ.pop(name, None)
os.environ["LINIMASA_DATA"] = str(RUN_FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "linimasa.settings"
sys.path.insert(0, str(ROOT))
RUN_FOLDER.mkdir(parents=True, exist_ok=True)
os.environ["PYTEST_DEBUG_TEMPROOT"] = str(RUN_FOLDER)  # tmp_path stays inside the clone
if len(str(RUN_FOLDER)) < 70:  # sockets' names may not be longer
    (RUN_FOLDER / "tmp").mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(RUN_FOLDER / "tmp")
atexit.register(shutil.rmtree, RUN_FOLDER, ignore_errors=True)

# Playwright's loop lives in the test's own thread; nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from linimasa import broker  # noqa: E402 - the environment comes first

broker.address()  # reserved now, so that settings name it; the broker itself starts only for tests that ask for it

if ON_POSTGRES:
    from tests.postgres import Postgres

    cluster = Postgres(RUN_FOLDER / "postgres").start()
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = cluster.url

import django  # noqa: E402
from django.conf import settings  # noqa: E402

if not ON_POSTGRES:
    settings.DATABASES["default"]["TEST"] = {"NAME": str(RUN_FOLDER / "test.sqlite3")}
django.setup()

import hypothesis  # noqa: E402

# A busy machine is slow and not wrong: no example has a deadline, anywhere.
hypothesis.settings.register_profile("linimasa", deadline=None)
hypothesis.settings.load_profile("linimasa")

pytest_plugins = ["tests.fixtures"]
