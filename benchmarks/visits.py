"""What is measured, step by step, and which goal each number answers."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from benchmarks import measuring
from benchmarks.report import goal
from benchmarks.robot import Robot

if TYPE_CHECKING:
    from benchmarks.run import Bench

SAVES = 60  # a round, each with a key of its own
LONGEST = 150  # seconds for the rounds, so that the whole ends in eight minutes on a busy machine too
SIGN_INS = 8  # a round
RUNS = 3  # of a whole quiz a round: as many attempts as a learner has
STUDIO_KB, STUDIO_STATEMENTS = 150, 50  # a page of the studio: its first visit with all that it loads; its statements for a whole course
WARMING = 6  # learners who take it, and turns of signing in, before anything counts: both web processes have met every step


def header(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())}


def everything(bench: Bench, scene: dict[str, Any], *, rounds: int) -> dict[str, Any]:
    """All measurements, the rounds interleaved so that a noisy minute strikes all alike; goals and their numbers."""
    bench.cost("plain")
    bare = {
        "plain": {"path": "/plain/", "headers": {"Cookie": f"sessionid={scene['plain_session']}"}},
        "hello": {"path": "/hello/"},
    }
    pages = {
        "lesson": {"path": scene["lesson"], "headers": header(scene["reader"])},
        "dashboard": {"path": scene["home"], "headers": header(scene["reader"])},
        "module page": {"path": scene["module"], "headers": header(scene["reader"])},
        "verification": {"path": scene["verify"]},
        "dashboard, cohort of 50": {"path": scene["home"], "headers": header(scene["crowds"]["50"]["learner"])},
        "dashboard, cohort of 5,000": {"path": scene["home"], "headers": header(scene["crowds"]["5000"]["learner"])},
        "lesson, cohort of 50": {"path": scene["lesson"], "headers": header(scene["crowds"]["50"]["learner"])},
        "lesson, cohort of 5,000": {"path": scene["lesson"], "headers": header(scene["crowds"]["5000"]["learner"])},
        "cohort page, 50": {"path": scene["crowds"]["50"]["cohort"], "headers": header(scene["crowds"]["50"]["trainer"])},
        "cohort page, 5,000": {"path": scene["crowds"]["5000"]["cohort"], "headers": header(scene["crowds"]["5000"]["trainer"])},
        **{name: {"path": path, "headers": header(scene["author"])} for name, path in scene["studio"].items()},
    }
    notes: list[str] = []
    takers = list(scene["takers"])
    people = list(scene["people"])
    for step in bare.values():
        bench.warm(step, bare=True)
    for name, step in list(pages.items()):
        try:
            bench.warm(step)
        except RuntimeError as error:
            notes.append(f"{name}: {error}")
            del pages[name]
    for _ in range(WARMING):
        take_quiz(bench, scene["quiz"], takers.pop())
        signs_in(bench, scene, people)
    bench.cost("sign-in").cpu.clear()
    until = time.monotonic() + LONGEST
    for number in range(rounds):
        if number and time.monotonic() > until:
            notes.append(f"rounds {number + 1} to {rounds}: the machine is busy")
            break
        plain = [bench.cpu_of(bare["plain"], bare=True)]
        bench.cost("hello").cpu.append(bench.cpu_of(bare["hello"], bare=True))
        for name, step in pages.items():
            bench.cost(name).cpu.append(bench.cpu_of(step))
        plain.append(bench.cpu_of(bare["plain"], bare=True))
        for size, saver in scene["savers"].items():
            saves(bench, f"save one answer (of {size})", saver)
        bench.cost("whole quiz of 10").cpu.append(take_quiz(bench, scene["quiz"], takers.pop()))
        plain.append(bench.cpu_of(bare["plain"], bare=True))
        bench.cost("plain").cpu.append(sum(plain) / len(plain))
        bench.cost("one Argon2id check").cpu.append(measuring.argon2_ms())
        signs_in(bench, scene, people)
    whole = count_quiz(bench, scene["quiz"], takers.pop())
    for name, step in bare.items():
        bench.latencies(name, step, bare=True)
    for name, step in pages.items():
        bench.latencies(name, step)
        robot = Robot(bench.portal_port, counting=True)
        robot.cookies = dict(part.split("=", 1) for part in step.get("headers", {}).get("Cookie", "").split("; ") if part)
        for _ in range(3):
            robot.get(step["path"])
        bench.cost(name).statements = max(count for _, count in robot.statements)
    sizes = bytes_of_visits(bench, scene, notes)
    return {
        "costs": costs(bench),
        "goals": goals(bench, scene, sizes),
        "notes": notes,
        "quiz_statements": whole["by_step"],
        "visits": sizes,
    }


def saves(bench: Bench, name: str, saver: dict[str, Any]) -> None:
    """Save answers one after the other, as the page's script does."""
    robot = Robot(bench.portal_port, saver["cookies"])
    page = robot.get(f"/kuis/{saver['attempt']}/1/")
    form = next(form for form in page.forms() if any(key == "urutan" for key, _ in form.fields))
    answer = [pair for pair in form.answered() if pair[0] not in {"urutan", "kunci", "dasar", "tandai"}]
    sequence = saver.setdefault("sequence", 0)

    def save(number: int) -> None:
        fields = [*answer, ("urutan", str(number)), ("dasar", str(number - 1)), ("kunci", secrets.token_hex(16))]
        told = robot.post(page.url, fields, Accept="application/json")
        if told.status != 200:
            raise RuntimeError(f"a save answered {told.status}: {told.text[:300]}")

    for number in range(sequence + 1, sequence + 6):
        save(number)
    used = bench.measured(lambda: [save(number) for number in range(sequence + 6, sequence + 6 + SAVES)])
    bench.cost(name).cpu.append(used / SAVES)
    robot.counting = True
    save(sequence + SAVES + 6)
    robot.counting = False
    bench.cost(name).statements = robot.statements[-1][1]
    saver["sequence"] = sequence + SAVES + 6


def whole_quiz(robot: Robot, start: str) -> None:
    """As the page's script does it: start page, start, question 1, ten saves that answer with the next question, send, result."""
    page = robot.get(start)
    page = robot.send(page, page.form_to("/kuis/mulai/"))
    address = page.url
    for _ in range(12):
        form = next(form for form in page.forms() if any(key == "urutan" for key, _ in form.fields))
        answer = [pair for pair in form.answered() if pair[0] != "tandai"]
        page = robot.post(address, answer, **{"X-Requested-With": "fragment"})
        if page.status not in {200, 204}:
            raise RuntimeError(f"an answer on {address} gave {page.status}: {page.text[:300]}")
        address = page.headers["X-Address"]
        if page.status == 204:
            break
    token = ("csrfmiddlewaretoken", robot.cookies.get("csrftoken", ""))
    page = robot.post(address.replace("tinjau", "kirim"), [token, ("yakin", "1")])
    if page.status != 200 or "/hasil/" not in page.url:
        raise RuntimeError(f"sending ended at {page.url} with {page.status}")


def take_quiz(bench: Bench, start: str, cookies: dict[str, str]) -> float:
    """CPU ms of one whole quiz, the mean of all attempts that one learner has."""
    return bench.measured(lambda: [whole_quiz(Robot(bench.portal_port, cookies), start) for _ in range(RUNS)]) / RUNS


def count_quiz(bench: Bench, start: str, cookies: dict[str, str]) -> dict[str, Any]:
    """The statements of one whole quiz, by step: the most of all attempts that one learner has."""
    counted = []
    for _ in range(RUNS):
        robot = Robot(bench.portal_port, cookies, counting=True)
        whole_quiz(robot, start)
        counted.append(robot.statements)
    most = max(counted, key=lambda steps: sum(count for _, count in steps))
    bench.cost("whole quiz of 10").statements = sum(count for _, count in most)
    return {"by_step": most}


def signs_in(bench: Bench, scene: dict[str, Any], people: list[str]) -> None:
    """The POST of the sign-in form with the right password; each person once."""
    some = [people.pop() for _ in range(SIGN_INS)]
    robots = []
    for email in some:
        robot = Robot(bench.portal_port)
        page = robot.get(scene["sign_in"])
        robots.append((robot, page, page.form_to("/masuk/").answered(), email))

    def go(robot: Robot, page: Any, fields: list[tuple[str, str]], email: str) -> None:
        kept = [pair for pair in fields if pair[0] not in {"login", "password"}]
        told = robot.post(page.url, [*kept, ("login", email), ("password", scene["password"])], follow=False)
        if told.status not in {302, 303}:
            raise RuntimeError(f"signing in answered {told.status}")

    bench.cost("sign-in").cpu.append(bench.measured(lambda: [go(*one) for one in robots]) / len(robots))


def bytes_of_visits(bench: Bench, scene: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Bytes on the wire and requests of a first and a repeat visit of a lesson in a real Chromium, figures left out; the studio's first."""
    from benchmarks import wire

    try:
        sizes = wire.lesson(bench.portal_port, scene["lesson"], scene["reader"])
        sizes["studio"] = {
            name: wire.lesson(bench.portal_port, path, scene["author"], width=1280)["first_bytes"] for name, path in scene["studio"].items()
        }
        return sizes
    except wire.NoBrowser:
        notes.append("bytes of a visit: Chromium is missing")
        return {}


def costs(bench: Bench) -> dict[str, Any]:
    return {
        name: {
            "cpu_ms": round(cost.cpu_ms, 3),
            "beside_plain": round(cost.beside(bench.costs["plain"]), 3),
            "rounds": [round(one, 3) for one in cost.cpu],
            "statements": cost.statements,
            "latencies": {
                str(key): [round(measuring.percentile(values, 0.5), 2), round(measuring.percentile(values, 0.95), 2)]
                for key, values in cost.latencies.items()
            },
        }
        for name, cost in bench.costs.items()
    }


def goals(bench: Bench, scene: dict[str, Any], sizes: dict[str, Any]) -> list[dict[str, Any]]:
    """Each goal with what was reached."""
    plain = bench.costs["plain"]
    found: list[dict[str, Any]] = []

    def ratio(name: str, limit: float, statements: int | None = None) -> None:
        if name not in bench.costs:
            return
        found.append(goal(f"{name}: CPU beside plain", bench.costs[name].beside(plain), limit, "×"))
        if statements and bench.costs[name].statements is not None:
            found.append(goal(f"{name}: statements", bench.costs[name].statements or 0, statements))

    ratio("lesson", 0.6, 5)
    ratio("dashboard", 1.2, 8)
    ratio("module page", 1.2, 8)
    ratio("save one answer (of 10)", 0.7)
    found.append(
        goal("save in a quiz of 100 beside one of 10", pair(bench, "save one answer (of 100)", "save one answer (of 10)"), 1.1, "×")
    )
    ratio("whole quiz of 10", 12, 100)
    ratio("verification", 0.6)
    for name in scene["studio"]:
        if bench.costs[name].statements is not None:
            found.append(goal(f"{name}: statements", bench.costs[name].statements or 0, STUDIO_STATEMENTS))
    found.append(goal("sign-in beside one Argon2id check", pair(bench, "sign-in", "one Argon2id check"), 1.5, "×"))
    found.append(goal("one certificate's PDF", scene["pdf_ms"], 20, "ms"))
    if sizes:
        found.append(goal("first visit of a lesson", sizes["first_bytes"] / 1024, 40, "KB"))
        found.append(goal("first visit of a lesson: requests", sizes["first_requests"], 5))
        found.append(goal("repeat visit of a lesson", sizes["repeat_bytes"] / 1024, 8, "KB"))
        found.append(goal("repeat visit of a lesson: requests", sizes["repeat_requests"], 1))
        found += [goal(f"first visit of {name}", size / 1024, STUDIO_KB, "KB") for name, size in sizes["studio"].items()]
    for page in ("dashboard, cohort of", "lesson, cohort of", "cohort page,"):
        if f"{page} 50" in bench.costs and f"{page} 5,000" in bench.costs:
            found.append(goal(f"{page} 5,000 beside 50", pair(bench, f"{page} 5,000", f"{page} 50"), 1.1, "×"))
    return found


def pair(bench: Bench, one: str, other: str) -> float:
    return bench.costs[one].beside(bench.costs[other])
