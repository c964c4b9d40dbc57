"""Every address × everyone × GET and POST × plain, HTMX and JSON.

Closed by default: an address without a declared ``who`` fails the build, and so does one with parameters and no sample.
Foreign equals absent equals 404; no GET changes anything, nor does a POST through a closed door; nothing that anybody asks
for is answered with 5xx.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linimasa.doors import STAFF, Who
from tests import doors_world
from tests.doors_world import PERSONAS, ROLES, SAMPLES, SIGNED_IN, Sample, World

STYLES: dict[str, dict[str, str]] = {
    "plain": {},
    "htmx": {"HTTP_HX_REQUEST": "true"},
    "json": {"HTTP_ACCEPT": "application/json"},
}
SIGN_IN = {  # allauth's pages before one is signed in
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_signup",
    "account_email_verification_sent",
    "account_inactive",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
LEADS_BACK = SIGN_IN | {"mfa_reauthenticate_webauthn"}  # allauth leads back to the start when nothing is awaited
PUBLIC = SIGN_IN | {
    "linimasa:healthz",
    "linimasa:board",
    "linimasa:help",
    "linimasa:accessibility",
    "linimasa:privacy",
    "linimasa:theme",
    "courses:landing",
    "courses:catalogue",
    "courses:glossary",
    "courses:module_page",
    "certificates:verify",
    "certificates:verify_token",
    "certificates:verify_number",
    "certificates:verify_file",
    "certificates:verify_download",
    "notifications:preferences_by_link",  # a signed link in a letter
    "notifications:unsubscribe",
    "notifications:demo_mail",
    "notifications:demo_mail_item",
}


def addresses(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project by its full name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


ALL = dict(addresses(get_resolver().url_patterns))


def who_of(name: str) -> frozenset[Who] | None:
    """Who is let in by the door of this address; None when nobody said."""
    return getattr(ALL[name].callback, "who", None)


def test_every_address_says_who_may_open_it():
    assert [name for name in ALL if name.endswith("None") or who_of(name) is None] == []


def test_no_two_addresses_share_a_name():
    names = [name for name, _ in addresses(get_resolver().url_patterns)]
    assert len(names) == len(set(names))


def test_the_public_pages_are_these_and_no_others():
    public = {name for name in ALL if Who.PUBLIC in (who_of(name) or ())}
    assert public - PUBLIC == set(), "A new public page must be listed here by hand."


def test_every_address_with_parameters_has_a_sample():
    wanted = {name for name, pattern in ALL.items() if pattern.pattern.converters}
    assert wanted - set(SAMPLES) == set()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield doors_world.build()
        transaction.set_rollback(True)


NOTED = {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}  # allauth notes that the codes have been looked at
OWN_BOOKS = ("django_session", "usersessions_usersession", "cache")  # who is signed in where; limits


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements within that change a table, other than the books of signing in."""
    found: list[str] = []

    def watch(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        words = sql.split(maxsplit=3)
        if words[0] in {"INSERT", "UPDATE", "DELETE", "REPLACE"} and not any(f'"{table}"' in sql for table in OWN_BOOKS):
            found.append(" ".join(words[:3]))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield found


def ask(client: Client, method: str, address: str, headers: dict[str, str]) -> Any:
    """One request whose changes are undone; the session is the same for the next one."""
    cookies = client.cookies.output()
    kept = {key: morsel.value for key, morsel in client.cookies.items()}
    with transaction.atomic(), writes() as written:
        answer = getattr(client, method)(address, **headers)
        if answer.streaming:
            answer.getvalue()  # read to the end, so that the file is closed
        transaction.set_rollback(True)
    answer.written = written
    if client.cookies.output() != cookies:
        client.cookies.clear()
        for key, value in kept.items():
            client.cookies[key] = value
    return answer


def expected(name: str, persona: str, sample: Sample | None) -> str:
    """``open``, ``closed`` (sign in first), ``absent`` (the door's 404) or ``foreign`` (the object's 404) for this persona here."""
    who = who_of(name) or frozenset()
    if Who.PUBLIC in who:
        return "open"
    if persona not in SIGNED_IN:
        return "closed"
    if who <= STAFF and (persona not in ROLES or str(ROLES[persona]) not in who):
        return "absent"
    if sample is not None and sample.theirs is not None and persona not in sample.theirs:
        return "foreign"
    return "open"


def complaint(answer: Any, name: str, method: str, want: str) -> str | None:
    """What is wrong with this answer, or None."""
    status = answer.status_code
    to_login = status in {301, 302, 303} and answer.get("Location", "").startswith(reverse("account_login"))
    if status >= 500 and not (name == "linimasa:healthz" and status == 503):  # its voice: no broker runs here
        return f"{status}"
    if answer.written and (method == "get" and name not in NOTED or want != "open"):
        return f"changed something: {answer.written}"
    if want == "closed" and not to_login and status not in {401, 404}:
        return f"{status}, expected the sign-in page"
    if want == "absent" and status != 404:
        return f"{status}, expected 404"
    if want == "foreign" and status not in {404, 405}:  # a method that the address does not take tells nothing about the object
        return f"{status}, expected 404"
    if (
        want == "open" and to_login and name not in SIGN_IN | {"mfa_reauthenticate_webauthn"}
    ):  # allauth leads back to the start when no code is awaited
        return "sent to the sign-in page"
    if want == "open" and method == "get" and status in {403, 404}:
        return f"{status}, though it is theirs"
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, pattern in ALL.items() if name in SAMPLES or not pattern.pattern.converters))
def test_the_matrix(world: World, name: str) -> None:
    sample = SAMPLES.get(name)
    address = reverse(name, kwargs=sample.words(world) if sample else None)
    wrong = []
    for persona in PERSONAS:
        client = world.clients.get(persona) or Client(raise_request_exception=False)
        want = expected(name, persona, sample)
        for method in ("get", "post"):
            for style, headers in STYLES.items():
                if bad := complaint(ask(client, method, address, headers), name, method, want):
                    wrong.append(f"{persona} {method.upper()} {style}: {bad}")
    assert not wrong, "\n".join(wrong)
