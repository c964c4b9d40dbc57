"""``make test`` and ``make soak``: every group of tests, one after the other, and one line that adds them up.

1. everything on SQLite, with the browser and real workers; 2. what needs PostgreSQL, and concurrency again, on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import browsers

ROOT = Path(__file__).resolve().parent.parent
COUNTS = ROOT / ".pytest_cache" / "counts.json"
CI = os.environ.get("CI") == "true"


def bring_chromium() -> None:
    """Install Debian's Chromium where it is missing and may be installed."""
    if browsers.program() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Chromium belum ada; memasang paket Debian …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        subprocess.run(["apt-get", *words], env=quiet, check=False, stdout=subprocess.DEVNULL)


def run(title: str, marks: str, arguments: list[str], **environment: str) -> dict[str, int]:
    """One group; its counts, with pytest's exit code as ``code``."""
    print(f"\n=== {title}", flush=True)
    COUNTS.parent.mkdir(exist_ok=True)
    COUNTS.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", marks, *arguments],
        cwd=ROOT,
        env={**os.environ, "TEST_COUNTS": str(COUNTS), **environment},
        check=False,
    )
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    return {**counts, "code": 0 if done.returncode == 5 else done.returncode}


def main(words: list[str]) -> int:
    soak = "--soak" in words
    arguments = [word for word in words if word != "--soak"]
    bring_chromium()
    kind = "soak" if soak else "not soak"
    groups = [
        run("SQLite, pekerja, dan Chromium", kind, arguments),
        run("PostgreSQL", f"(postgres or concurrency) and {kind}", arguments, TEST_DATABASE="postgres"),
    ]

    def total(key: str) -> int:
        return sum(group.get(key, 0) for group in groups)

    broken = any(group["code"] for group in groups)
    missing = total("without_browser")
    if missing:
        print(f"\n{'!' * 100}")
        print(f"!!! Chromium tidak ada: {missing} pengujian peramban TIDAK dijalankan. Pasang dengan: sudo apt install chromium")
        print("!" * 100)
        broken = broken or CI
    failed = total("failed") + total("error")
    if broken and not failed:
        print("\nSalah satu kelompok berhenti sebelum selesai." if not missing else "\nDengan CI=true peramban wajib ada.")
    print(f"\n{total('passed')} passed, {failed} failed, {total('skipped')} skipped", flush=True)
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
