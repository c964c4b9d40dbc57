"""Every table and column has a policy, and the nightly job keeps it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from audit import log
from audit.models import Entry
from linimasa import retention
from notifications.models import DemoMail
from tests.factories.accounts import person

WITHOUT_PEOPLE = {"auth.Permission", "auth.Group", "contenttypes.ContentType"}


def test_every_table_and_column_has_a_policy() -> None:
    told = {rule.model._meta.label: rule.columns for rule in retention.rules()}
    real = {
        model._meta.label: {field.name for field in model._meta.concrete_fields if not field.primary_key}
        for model in apps.get_models()
        if model._meta.label not in WITHOUT_PEOPLE
    }
    assert told == real


def test_every_period_names_a_moment_of_its_table() -> None:
    for rule in retention.rules():
        if rule.days is not None:
            assert rule.model._meta.get_field(rule.since).get_internal_type() == "DateTimeField", rule.model


@pytest.mark.django_db
def test_what_is_past_its_time_goes_and_the_rest_stays() -> None:
    who = person()
    old, fresh = log.record("person.tested", by=who, on=who), log.record("person.tested", by=who, on=who)
    Entry.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=1826))
    DemoMail.objects.create(message_id="a", to="a@b.id", subject="s", body="b")
    told = retention.execute()
    assert set(Entry.objects.filter(action="person.tested")) == {fresh}
    assert (told["audit.Entry"], DemoMail.objects.count()) == (1, 1)
    assert retention.execute()["audit.Entry"] == 0
