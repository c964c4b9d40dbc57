"""``make test`` and ``make soak``: every group of tests, on two cores side by side, and one line that adds them up.

On one core everything on SQLite, then what needs PostgreSQL, and concurrency again, on PostgreSQL; on the other what drives the browser and
real workers. Each group is a process with its own folder, broker and database. What the second one says is printed when it ends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import browsers

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache"
REAL = "(browser or worker)"
AGAIN = 3
CI = os.environ.get("CI") == "true"


def bring_chromium() -> None:
    """Install Debian's Chromium where it is missing and may be installed."""
    if browsers.program() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Chromium belum ada; memasang paket Debian …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        subprocess.run(["apt-get", *words], env=quiet, check=False, stdout=subprocess.DEVNULL)


def run(title: str, marks: str, arguments: list[str], *, name: str, aside: bool = False, **environment: str) -> dict[str, int]:
    """One group; its counts, with pytest's exit code as ``code``. ``aside``: its output comes in one piece when it has ended."""
    CACHE.mkdir(exist_ok=True)
    counts_file, told = CACHE / f"counts-{name}.json", CACHE / f"told-{name}.txt"
    counts_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, "-o", f"cache_dir={CACHE / name}", *arguments]
    surroundings = {**os.environ, "TEST_COUNTS": str(counts_file), **environment}
    if aside:
        with told.open("wb") as out:
            done = subprocess.run(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out, check=False)
        print(f"\n=== {title}\n{told.read_text(errors='replace')}", flush=True)
    else:
        print(f"\n=== {title}", flush=True)
        done = subprocess.run(command, cwd=ROOT, env=surroundings, check=False)
    counts = json.loads(counts_file.read_text()) if counts_file.exists() else {}
    return {**counts, "code": 0 if done.returncode == 5 else done.returncode}


def run_real(kind: str, arguments: list[str]) -> dict[str, int]:
    """What drives Chromium and workers. Real processes on a busy machine miss a beat: up to ``AGAIN`` failures are run once more, by
    themselves; what then passes counts as passed and is told as ``unsteady``, for somebody to look at."""
    title, more = "Pekerja dan Chromium", ["--last-failed", "--last-failed-no-failures=none"]
    first = run(title, f"{REAL} and {kind}", arguments, name="real", aside=True)
    if not 0 < first.get("failed", 0) <= AGAIN or first.get("error", 0):
        return first
    second = run(f"{title}: sekali lagi", f"{REAL} and {kind}", [*arguments, *more], name="real", aside=True)
    mended = first["failed"] - second.get("failed", 0)
    return {**first, "passed": first["passed"] + mended, "failed": first["failed"] - mended, "unsteady": mended, "code": second["code"]}


def main(words: list[str]) -> int:
    soak = "--soak" in words
    arguments = [word for word in words if word != "--soak"]
    bring_chromium()
    kind = "soak" if soak else "not soak"
    with ThreadPoolExecutor(1) as beside:
        real = beside.submit(run_real, kind, arguments)
        groups = [
            run("SQLite", f"not {REAL} and {kind}", arguments, name="sqlite"),
            run("PostgreSQL", f"(postgres or concurrency) and {kind}", arguments, name="postgres", TEST_DATABASE="postgres"),
            real.result(),
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
    if unsteady := total("unsteady"):
        print(f"\n!!! {unsteady} pengujian baru lulus pada kali kedua; lihat galat pertamanya di atas.")
    if broken and not failed:
        print("\nSalah satu kelompok berhenti sebelum selesai." if not missing else "\nDengan CI=true peramban wajib ada.")
    print(f"\n{total('passed')} passed, {failed} failed, {total('skipped')} skipped", flush=True)
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
