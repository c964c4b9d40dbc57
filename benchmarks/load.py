"""A small bounded load generator: a process of its own, keep-alive connections, a fixed number of requests.

``python -m benchmarks.load`` reads one JSON object (port, requests, connections, seconds, steps) from standard input and
prints the latencies in ms. It only ever speaks to 127.0.0.1 and stops by itself.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any


def work(order: dict[str, Any], share: int, latencies: list[float], wrong: list[int], until: float) -> None:
    """One connection's share of the requests, one after the other."""
    wire = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=30)
    step = order["step"]
    headers = {"Host": f"localhost:{order['port']}", "Accept-Encoding": "gzip, deflate, br, zstd", **step.get("headers", {})}
    for _ in range(share):
        if time.monotonic() > until:
            break
        began = time.perf_counter()
        wire.request(step.get("method", "GET"), step["path"], body=step.get("body"), headers=headers)
        answer = wire.getresponse()
        answer.read()
        latencies.append((time.perf_counter() - began) * 1000)
        if answer.status != step.get("status", 200):
            wrong.append(answer.status)
    wire.close()


def main() -> None:
    order = json.load(sys.stdin)
    latencies: list[float] = []
    wrong: list[int] = []
    until = time.monotonic() + min(60.0, order.get("seconds", 30.0))
    count, connections = min(5_000, order["requests"]), min(32, order["connections"])
    threads = [threading.Thread(target=work, args=(order, count // connections, latencies, wrong, until)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"latencies": latencies, "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
