"""Makes *plain*'s tables, its rows and one session; prints the session's key."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.plain.settings"

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from benchmarks.plain.models import Note  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
Note.objects.bulk_create(
    Note(shelf=number % 500, title=f"Catatan {number}", body="Isi catatan yang cukup panjang. " * 8) for number in range(20_000)
)
session = SessionStore()
session["seen"] = True
session.create()
print(session.session_key)
