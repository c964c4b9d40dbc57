"""``make test`` and ``make soak``: every group of tests, on two cores side by side, and one line that adds them up.

The stories in a browser on the whole portal, what else drives a browser and real workers, everything on SQLite in two halves, and what
needs PostgreSQL (with concurrency again): each group is a process with its own folder, broker and database. Two run at a time, the longest
begin; whichever ends first takes the next. What a group says is printed when it ends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests import browsers

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache"
REAL = "(browser or worker)"
AGAIN = 3
LANES = 2  # groups at a time: one on each core
CI = os.environ.get("CI") == "true"


def bring_chromium() -> None:
    """Install Debian's Chromium where it is missing and may be installed."""
    if browsers.program() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Chromium belum ada; memasang paket Debian …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        subprocess.run(["apt-get", *words], env=quiet, check=False, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Group:
    """One process of pytest: its name for people and for files, its marks, where its tests are, and whether a failure is tried again."""

    title: str
    name: str
    marks: str
    where: tuple[str, ...] = ()
    again: bool = False
    environment: tuple[tuple[str, str], ...] = ()


ON_POSTGRES = (("TEST_DATABASE", "postgres"),)
STORIES, QUIZZES = "tests/journeys", "tests/quizzes"
POSTGRES = Group("PostgreSQL", "postgres", "(postgres or concurrency)", environment=ON_POSTGRES)
GROUPS = (  # the longest first
    Group("Kisah di Chromium", "stories", REAL, (STORIES,), again=True),
    Group("SQLite", "sqlite", f"not {REAL}", (f"--ignore={QUIZZES}",)),
    Group("SQLite: kuis", "quizzes", f"not {REAL}", (QUIZZES,)),
    Group("Pekerja dan Chromium", "real", REAL, (f"--ignore={STORIES}",), again=True),
    POSTGRES,
)
CHOSEN = (  # where arguments say which tests
    Group("SQLite", "sqlite", f"not {REAL}"),
    Group("Pekerja dan Chromium", "real", REAL, again=True),
    POSTGRES,
)


def run(group: Group, kind: str, arguments: list[str]) -> dict[str, int]:
    """One group; its counts, with pytest's exit code as ``code``. Its output comes in one piece when it has ended."""
    CACHE.mkdir(exist_ok=True)
    counts_file, told = CACHE / f"counts-{group.name}.json", CACHE / f"told-{group.name}.txt"
    counts_file.unlink(missing_ok=True)
    marks = f"{group.marks} and {kind}"
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, "-o", f"cache_dir={CACHE / group.name}", *group.where, *arguments]
    surroundings = {**os.environ, "TEST_COUNTS": str(counts_file), **dict(group.environment)}
    print(f"… {group.title}", flush=True)
    with told.open("wb") as out:
        done = subprocess.run(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out, check=False)
    print(f"\n=== {group.title}\n{told.read_text(errors='replace')}", flush=True)
    counts = json.loads(counts_file.read_text()) if counts_file.exists() else {}
    return {**counts, "code": 0 if done.returncode == 5 else done.returncode}


def run_steadily(group: Group, kind: str, arguments: list[str]) -> dict[str, int]:
    """``run``; but real processes on a busy machine miss a beat: of what drives Chromium and workers up to ``AGAIN`` failures are run once
    more, by themselves; what then passes counts as passed and is told as ``unsteady``, for somebody to look at."""
    first = run(group, kind, arguments)
    if not group.again or not 0 < first.get("failed", 0) <= AGAIN or first.get("error", 0):
        return first
    again = replace(group, title=f"{group.title}: sekali lagi")
    second = run(again, kind, [*arguments, "--last-failed", "--last-failed-no-failures=none"])
    mended = first["failed"] - second.get("failed", 0)
    return {**first, "passed": first["passed"] + mended, "failed": first["failed"] - mended, "unsteady": mended, "code": second["code"]}


def main(words: list[str]) -> int:
    soak = "--soak" in words
    arguments = [word for word in words if word != "--soak"]
    bring_chromium()
    kind = "soak" if soak else "not soak"
    with ThreadPoolExecutor(LANES) as lanes:
        groups = list(lanes.map(lambda group: run_steadily(group, kind, arguments), CHOSEN if arguments else GROUPS))

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
