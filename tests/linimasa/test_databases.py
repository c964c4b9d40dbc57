"""What the databases themselves promise, SQLite and PostgreSQL alike where nothing else is said."""

import threading
import time

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import ApprovedDomain
from linimasa.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.concurrency
def test_of_fifty_who_write_the_same_one_succeeds_and_the_others_are_told(in_parallel):
    results = in_parallel(50, lambda number: ApprovedDomain.objects.create(domain="sikkakab.go.id").pk)
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, IntegrityError) for result in results) == 49


@pytest.mark.concurrency
def test_fifty_writers_at_once_all_get_through(in_parallel):
    def act(number):
        for turn in range(4):
            with transaction.atomic():
                ApprovedDomain.objects.create(domain=f"{number}-{turn}.go.id")
        return "written"

    assert in_parallel(50, act) == ["written"] * 50
    assert ApprovedDomain.objects.count() == 200


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("name", "value"), [("statement_timeout", "15s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s")]
)
def test_nothing_waits_for_ever(name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (value,)


@pytest.mark.postgres
def test_a_waiting_lock_ends_in_an_error_and_not_in_a_hang():
    domain = ApprovedDomain.objects.create(domain="sikkakab.go.id")
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            ApprovedDomain.objects.select_for_update().get(pk=domain.pk)
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        with pytest.raises(OperationalError), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            ApprovedDomain.objects.select_for_update().get(pk=domain.pk)
    finally:
        done.set()
        holder.join()


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_replaced_before_anybody_notices():
    connection.ensure_connection()
    connection.close()  # back into the pool, idle
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    place = {
        key: connection.settings_dict[name] for key, name in {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}.items()
    }
    with psycopg.connect(**place, autocommit=True) as own:
        ended = {pid for pid, _ in own.execute(f"SELECT pid, pg_terminate_backend(pid) {others}").fetchall()}
        assert ended
        while own.execute(f"SELECT count(*) {others} AND pid = ANY(%s)", [list(ended)]).fetchone() != (0,):
            time.sleep(0.01)
    for _ in range(10):  # more than the pool holds
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone()[0] not in ended
        connection.close()


@pytest.mark.postgres
def test_a_prepared_cursor_plans_once_and_is_counted_like_every_other(django_assert_num_queries):
    by_domain = Prepared(lambda domain: ApprovedDomain.objects.filter(domain=domain).order_by(), str)
    ApprovedDomain.objects.create(domain="sikkakab.go.id")
    for _ in range(6):
        with django_assert_num_queries(1):
            assert len(by_domain.objects("sikkakab.go.id")) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%accounts_approveddomain%%'")
        assert cursor.fetchone() == (1,)
