"""How things are measured: CPU of process trees, latencies of a load, the cost of one step."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from tests.portal import ROOT, family

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms(*roots: int) -> float:
    """CPU (user and system) that these processes and all below them have used so far, ended ones too, in ms."""
    total = 0
    for root in roots:
        for pid in family(root):
            try:
                words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += sum(int(word) for word in words[11:15])
    return total * TICK_MS


def load(port: int, step: dict[str, Any], *, requests: int, connections: int) -> list[float]:
    """Send the step that many times; the latencies in ms. Raises when an answer is not what the step expects."""
    order = {"port": port, "step": step, "requests": requests, "connections": connections}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], cwd=ROOT, input=json.dumps(order), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    if told["wrong"]:
        raise RuntimeError(f"{step['path']}: {len(told['wrong'])} answers were {sorted(set(told['wrong']))}")
    return told["latencies"]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@dataclass
class Cost:
    """What one step costs: each round's CPU ms a request, statements, latencies by number of connections."""

    name: str
    cpu: list[float] = field(default_factory=list)
    statements: int | None = None
    latencies: dict[int, list[float]] = field(default_factory=dict)

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu)

    def beside(self, other: Cost) -> float:
        """How many times the other this costs: the median of the rounds' ratios, because both met the same noise in a round."""
        return statistics.median(one / two for one, two in zip(self.cpu, other.cpu, strict=True))


def argon2_ms() -> float:
    """CPU ms of one Argon2id check as the portal does it (19 MiB, t=2, p=1), here and now."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    kept, taken = hasher.hash("tiga kuda"), []
    for _ in range(9):
        before = time.process_time()
        hasher.verify(kept, "tiga kuda")
        taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken)
