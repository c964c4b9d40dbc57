"""A whole class presses «Mulai» in the same second: the real server starts each of them once and refuses nobody."""

from __future__ import annotations

import http.client
import re
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from linimasa.supervisor import web_command
from quizzes.models import Attempt, Response
from tests import portal
from tests.factories import cohorts
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person
from tests.fixtures import database, run_in_parallel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency, pytest.mark.worker]
PATIENCE = 60  # seconds for one answer: a slow machine may be slow, but refuses nobody


class Serving(NamedTuple):
    """The running server: its port, and its process with what it wrote."""

    port: int
    process: portal.Process

    def complaint(self):
        """What the server wrote of its errors, so that a failed run says why."""
        lines = self.process.told().splitlines()
        return "\n".join(line for line in lines if "error" in line.lower() or "Traceback" in line)[-6_000:] or "\n".join(lines[-40:])


@pytest.fixture
def server():
    """The web server as production runs it, on this test's database."""
    port = portal.free_port()
    environment = portal.environment_of(settings.DATA, PORT=str(port), WEB_WORKERS="2", **database())
    running = portal.Process("web", web_command(port), environment, settings.DATA)
    portal.wait_until(lambda: answers(port) or running.process.poll() is not None, 60, what=f"the web server: {running.told()[-1500:]}")
    assert running.process.poll() is None, running.told()[-2000:]
    yield Serving(port, running)
    running.stop(10)


def answers(port):
    try:
        return ask(port, "GET", "/healthz")[0] > 0  # without a worker it is not well, and serves all the same
    except OSError:
        return False


def ask(port, method, path, cookies="", fields=None):
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Host": f"localhost:{port}", "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        wire.request(method, path, urlencode(fields) if fields else None, headers)
        answer = wire.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        wire.close()


def starts_together(server, count):
    port = server.port
    course = factory.make_course(rules={"draw": [{"module": "M1", "count": 10}], "time_limit": 20})
    first = factory.make_enrolment(course)
    lessons = list(course.activities.filter(module__code="M1", kind="lesson"))
    learners = [first]
    for _ in range(count - 1):
        learners.append(cohorts.make_enrolment(first.cohort, person()))
        for lesson in lessons:
            cohorts.make_progress(learners[-1], lesson)
    path = reverse("quizzes:start", args=[factory.quiz_of(course).activity_id])
    sessions = [f"sessionid={client_of(one.learner).cookies['sessionid'].value}" for one in learners]
    ready = []
    for session in sessions:
        status, headers, page = ask(port, "GET", path, session)
        assert status == 200, f"{page[:500]}\n{server.complaint()}"
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        cookies = "; ".join([session, *(one.partition(";")[0] for one in headers.get_all("Set-Cookie") or [])])
        ready.append((cookies, token))

    def press(number):
        cookies, token = ready[number]
        status, headers, page = ask(port, "POST", path, cookies, {"csrfmiddlewaretoken": token})
        return status, headers.get("Location", page[:300])

    results = run_in_parallel(count, press)
    refused = [one for one in results if isinstance(one, Exception) or one[0] != 302 or not one[1].endswith("/1/")]
    assert refused == [], server.complaint()
    assert len({one[1] for one in results}) == count
    assert Attempt.objects.running().count() == count
    assert Response.objects.count() == count * 10


def test_twelve_learners_start_in_the_same_second(server):
    starts_together(server, 12)


@pytest.mark.soak
def test_two_hundred_learners_start_in_the_same_second(server):
    starts_together(server, 200)
