import json
import time

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from linimasa import health, tasks


def beats(monkeypatch, **ages):
    for part, age in ages.items():
        cache.set(f"heartbeat:{part}", time.time() - age, timeout=None)


def test_all_well_with_a_broker_and_young_heartbeats(client, db, real_broker, monkeypatch):
    beats(monkeypatch, worker=3, beat=4)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store" and answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == {"status": "ok", "database": "ok", "broker": "ok", "worker_age_s": 3, "beat_age_s": 4}


@pytest.mark.parametrize(("ages", "told"), [({}, None), ({"worker": 61, "beat": 1}, 61)])
def test_an_old_or_missing_heartbeat_is_503(client, db, real_broker, monkeypatch, ages, told):
    beats(monkeypatch, **ages)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker_age_s"] == told and answer.json()["broker"] == "ok"


def test_without_a_broker_it_is_503_at_once_and_the_rest_is_still_told(client, db, monkeypatch):
    beats(monkeypatch, worker=1, beat=1)
    started = time.monotonic()
    answer = client.get("/healthz")
    assert time.monotonic() - started < 1
    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "database": "ok", "broker": "down", "worker_age_s": 1, "beat_age_s": 1}


def test_without_a_database_it_is_503_and_no_error_page(client, monkeypatch):
    def down():
        raise OperationalError

    monkeypatch.setattr(health, "ages", down)
    answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json()["database"] == "down"


def test_it_costs_one_statement(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_it_takes_no_post(client, db):
    assert client.post("/healthz").status_code == 405


def test_the_worker_tells_by_the_task_and_beat_by_publishing_it(transactional_db, real_broker):
    tasks.heartbeat()
    assert health.ages()["worker"] == 0 and health.ages()["beat"] is None
    tasks.heartbeat.apply_async()
    assert health.ages()["beat"] == 0


@pytest.mark.worker
def test_a_real_worker_writes_its_heartbeat(real_worker):
    from tests.portal import wait_until

    tasks.heartbeat.apply_async()
    assert wait_until(lambda: health.ages()["worker"] is not None, 20)


def test_cleaning_removes_what_has_expired_and_nothing_else(db):
    cache.set("stays", 1, timeout=None)
    cache.set("later", 1, timeout=500)
    cache.set("gone", 1, timeout=-1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = '2020-01-01 00:00:00' WHERE cache_key LIKE '%later'")
    cache.set("young", 1, timeout=500)
    tasks.clear_ended()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache ORDER BY cache_key")
        assert [key.split(":")[-1] for (key,) in cursor.fetchall()] == ["stays", "young"]
