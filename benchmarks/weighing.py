"""What the large bank and the large quiz weigh: seconds and statements of each step, beside the goals."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from benchmarks.report import goal
from benchmarks.robot import Robot

if TYPE_CHECKING:
    from benchmarks.run import Bench

MOST_STATEMENTS, STATISTICS_SECONDS = 50, 5.0


def nothing() -> dict[str, Any]:
    """What is found when nothing else was measured."""
    return {"costs": {}, "goals": [], "notes": [], "quiz_statements": [], "visits": {}}


def assessment(bench: Bench, found: dict[str, Any], told: dict[str, Any]) -> None:
    """Add to ``found`` what ``benchmarks.assessment`` told and what its pages cost over the wire."""
    weights = dict(told["steps"])
    robot = Robot(bench.portal_port, told["cookies"], counting=True)
    for name, path in told["pages"].items():
        robot.get(path)  # the process has met it
        robot.statements.clear()
        began = time.perf_counter()
        page = robot.get(path)
        if page.status != 200:
            raise RuntimeError(f"{path} answered {page.status}")
        weights[name] = {"seconds": time.perf_counter() - began, "statements": sum(count for _, count in robot.statements)}
    weights["laying out 10,000 questions and 400,000 answers"] = {"seconds": told["laid_out"], "statements": 0}
    found["weights"] = weights
    for name, one in told["steps"].items():
        found["goals"].append(goal(f"{name}: statements", one["statements"], MOST_STATEMENTS))
    for name in told["pages"]:
        found["goals"].append(goal(f"{name}: statements", weights[name]["statements"], MOST_STATEMENTS))
    found["goals"].append(goal("statistics task, 20,000 × 20 answers", weights["statistics task"]["seconds"], STATISTICS_SECONDS, "s"))
