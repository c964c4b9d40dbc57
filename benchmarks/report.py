"""The table that ``make bench`` prints: what was measured, beside *plain*, and each goal with what was reached."""

from __future__ import annotations

from typing import Any


def goal(name: str, reached: float, limit: float, unit: str = "") -> dict[str, Any]:
    """One goal: ``reached`` should be at most ``limit``."""
    return {"name": name, "reached": round(reached, 3), "limit": limit, "unit": unit, "met": reached <= limit}


def table(found: dict[str, Any]) -> str:
    head = f"{'page':<34}{'CPU ms':>9}{'× plain':>9}{'SQL':>6}{'p50/p95 @4':>16}{'p50/p95 @16':>17}"
    lines = [head, "─" * len(head)]
    for name, cost in found["costs"].items():
        statements = "–" if cost["statements"] is None else cost["statements"]
        waits = [
            f"{cost['latencies'][key][0]:.1f}/{cost['latencies'][key][1]:.1f}" if key in cost["latencies"] else "–" for key in ("4", "16")
        ]
        lines.append(f"{name:<34}{cost['cpu_ms']:>9.2f}{cost['beside_plain']:>9.2f}{statements:>6}{waits[0]:>16}{waits[1]:>17}")
    lines += ["", f"{'goal':<58}{'reached':>10}{'limit':>9}", "─" * 84]
    for one in found["goals"]:
        lines.append(f"{one['name']:<58}{one['reached']:>10}{one['limit']:>9} {one['unit']:<4}{'' if one['met'] else '  MISSED'}")
    for name, one in found.get("weights", {}).items():
        lines.append(f"{name:<58}{one['seconds']:>9.2f}s{one['statements']:>7} SQL")
    for sentence in found["notes"]:
        lines.append(f"not measured: {sentence}")
    missed = sum(not one["met"] for one in found["goals"])
    lines.append(f"\n{len(found['goals']) - missed} of {len(found['goals'])} goals met (CPU: web and database together; latencies in ms).")
    return "\n".join(lines)
