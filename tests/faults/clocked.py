"""A Celery process whose clock was moved: ``python -m tests.faults.clocked 2026-11-24T05:00:00+00:00 worker …``.

Reminders leave by day only, and the tests run at any hour.
"""

from __future__ import annotations

import sys
from datetime import datetime

import time_machine

if __name__ == "__main__":
    moment, *words = sys.argv[1:]
    time_machine.travel(datetime.fromisoformat(moment), tick=True).start()
    from celery.bin.celery import main

    sys.argv = ["celery", "-A", "linimasa", *words]
    sys.exit(main())
