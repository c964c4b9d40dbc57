"""Prepared querysets answer as the querysets do, and a session is found by its key alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from cohorts.models import Enrolment, Progress
from linimasa.prepared import Prepared, PreparedUpdate, add, insert
from linimasa.sessions import SessionStore
from tests.factories.cohorts import make_enrolment, make_progress

pytestmark = pytest.mark.django_db
BY_LEARNER = Prepared(lambda who, slug: Enrolment.objects.filter(learner=who, course__slug=slug).with_stamp(), int, str)


def test_objects_are_those_of_the_queryset_with_relations_and_annotations(django_assert_num_queries):
    enrolment = make_enrolment()
    expected = Enrolment.objects.with_stamp().get(pk=enrolment.pk)
    slug = enrolment.course.slug
    for _ in range(2):
        with django_assert_num_queries(1):
            (found,) = BY_LEARNER.objects(enrolment.learner_id, slug)
            assert (found.cohort, found.course) == (expected.cohort, expected.course)
        assert vars(found)["modules_sum"] == vars(expected)["modules_sum"] and found.joined_at == expected.joined_at
        assert {f.attname: getattr(found, f.attname) for f in Enrolment._meta.fields} == {
            f.attname: getattr(expected, f.attname) for f in Enrolment._meta.fields
        }


def test_other_parameters_give_other_rows():
    one, two = make_enrolment(), make_enrolment()
    assert [e.pk for e in BY_LEARNER.objects(one.learner_id, one.course.slug)] == [one.pk]
    assert [e.pk for e in BY_LEARNER.objects(two.learner_id, two.course.slug)] == [two.pk]
    assert BY_LEARNER.objects(one.learner_id, two.course.slug) == []


def test_rows_are_converted_like_values():
    row = make_progress(make_enrolment(), "M1-KUIS", points=0.75)
    prepared = Prepared(lambda pk: Progress.objects.filter(pk=pk).values_list("points", "completed_at", "state"), int)
    assert prepared.rows(row.pk) == list(Progress.objects.filter(pk=row.pk).values_list("points", "completed_at", "state"))


def test_a_parameter_that_reaches_no_sql_is_refused():
    with pytest.raises(ValueError, match="parameter"):
        Prepared(lambda pk, _other: Progress.objects.filter(pk=pk), int, int).rows(1, 2)


@pytest.mark.parametrize("state", ["live", "ended", "absent", "strange"])
def test_a_session_is_loaded_only_while_it_lives(state, django_assert_num_queries):
    store = SessionStore()
    store["seen"] = True
    store.create()
    key = {"absent": "x" * 32, "strange": "a\x00b"}.get(state, store.session_key)
    if state == "ended":
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    loaded = SessionStore(key)
    with django_assert_num_queries(0 if state == "strange" else 1):
        assert loaded.get("seen") is (True if state == "live" else None)


def test_a_new_session_never_takes_the_place_of_another(django_assert_num_queries):
    first, second = SessionStore(), SessionStore()
    first["mine"] = 1
    first.create()
    second._session_key = first.session_key
    second["mine"] = 2
    with pytest.raises(CreateError):
        second.save(must_create=True)
    assert SessionStore(first.session_key)["mine"] == 1
    second.create()
    assert second.session_key != first.session_key


def test_a_session_that_was_ended_meanwhile_is_not_written_again():
    store = SessionStore()
    store.create()
    store["more"] = 1
    store.save()
    assert SessionStore(store.session_key)["more"] == 1
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_forged_session_cookie_is_a_visitor():
    client = Client()
    client.cookies["sessionid"] = "a' OR 1=1"
    assert client.get("/beranda/").status_code == 302


RAISED = PreparedUpdate(lambda key, least: Enrolment.objects.filter(pk=key, pk__gte=least), int, int, fields=("reason", "joined_at"))


def test_an_update_writes_only_the_rows_of_its_parameters_and_counts_them(django_assert_num_queries):
    one, two = make_enrolment(), make_enrolment()
    now = timezone.now()
    for text in ("pertama", "kedua"):
        with django_assert_num_queries(1):
            assert RAISED.update(one.pk, 1, reason=text, joined_at=now) == 1
        one.refresh_from_db()
        assert (one.reason, one.joined_at) == (text, now)
    two.refresh_from_db()
    assert two.reason == ""
    assert RAISED.update(one.pk, one.pk + 1, reason="tidak", joined_at=now) == 0


def test_an_inserted_row_is_what_saving_it_would_make(django_assert_num_queries):
    entries = [Entry(action="thing.done", object_type="x.y", object_id="1", details={"a": [1, None]}) for _ in range(3)]
    entries[0].save(force_insert=True)
    with django_assert_num_queries(1):
        insert(entries[1])
    with django_assert_num_queries(1):
        add(entries[2])
    assert Entry.objects.get(pk=entries[2].pk).at == entries[2].at and not entries[2]._state.adding
    kept = list(Entry.objects.filter(object_type="x.y").values_list("action", "object_id", "details", "actor"))
    assert kept == [("thing.done", "1", {"a": [1, None]}, None)] * 3


def test_rows_are_inserted_together_and_those_that_are_there_can_be_left(django_assert_num_queries):
    enrolment = make_enrolment()
    kept = make_progress(enrolment, "M1-KUIS", points=0.75)
    with django_assert_num_queries(1):
        insert(*(Entry(action="thing.done", object_type="x.y", object_id=str(number)) for number in range(3)))
    assert sorted(Entry.objects.filter(object_type="x.y").values_list("object_id", flat=True)) == ["0", "1", "2"]
    again = Progress(enrolment=enrolment, activity_id=kept.activity_id, state="started")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
    with django_assert_num_queries(1):
        insert(again, or_leave=True)
    assert list(enrolment.progress.values_list("state", "points")) == [(kept.state, kept.points)]
    with django_assert_num_queries(0):
        insert()


NEWEST = PreparedUpdate(
    lambda kind: Entry.objects.filter(object_type=kind),
    str,
    fields=("action",),
    computed=lambda: {
        "object_id": Subquery(Entry.objects.filter(action=OuterRef("action")).order_by("-pk").values("object_id")[:1]),
        "actor": F("actor") + 0,
    },
)


def test_the_database_works_out_what_is_computed(django_assert_num_queries):
    for number in range(3):
        Entry.objects.create(action="thing.done", object_type="x.y" if number else "x.z", object_id=str(number))
    with django_assert_num_queries(1):
        assert NEWEST.update("x.y", action="thing.said") == 2
    assert list(Entry.objects.order_by("pk").values_list("action", "object_id")) == [
        ("thing.done", "0"),
        ("thing.said", "2"),
        ("thing.said", "2"),
    ]


def test_a_key_that_no_column_can_hold_finds_nothing():
    assert BY_LEARNER.objects(10**30, "x") == []
