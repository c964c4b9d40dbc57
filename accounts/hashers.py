"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: OWASP's minimum.

    About 22 ms of CPU a sign-in; with Django's defaults (100 MiB, 8 lanes) a class that signs in together stalls two cores.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
