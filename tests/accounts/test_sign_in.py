"""Coming in: equal answers for known and unknown addresses, limits by account, a class behind one address, suspension."""

from __future__ import annotations

import re
from statistics import median
from time import perf_counter

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import limits, registration
from accounts.hashers import Argon2id
from accounts.models import ApprovedDomain, AttemptCount, Role, User
from tests.factories.accounts import PASSWORD, admin, client_of, person, second_factor, staff, totp_code

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP, RESET, BY_CODE = "account_login", "account_signup", "account_reset_password", "account_request_login_code"
GOOD = "perahu hijau di teluk tenang"


@pytest.fixture(autouse=True)
def letters(settings):
    """Mails are caught where they leave."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(reverse(LOGIN), {"login": email, "password": password}, **extra)


def code_in_mail() -> str:
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)


def test_passwords_are_kept_with_argon2id_at_owasps_minimum():
    kept = person().password
    assert isinstance(identify_hasher(kept), Argon2id)
    assert "m=19456,t=2,p=1" in kept and kept.startswith("argon2$argon2id$")


def test_from_sign_up_over_the_code_to_the_profile(client):
    answer = client.post(reverse(SIGNUP), {"email": "Baru@Sikkakab.go.id", "password1": GOOD})
    assert answer.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    assert mail.outbox[-1].to == ["baru@sikkakab.go.id"] and code_in_mail() in mail.outbox[-1].subject
    assert client.post(answer.url, {"code": "AAAA-AAAA"}).status_code == 422
    assert client.post(answer.url, {"code": code_in_mail()}).url == reverse("accounts:profile")
    assert User.objects.get(email="baru@sikkakab.go.id").current_grants() == []


def test_sign_up_answers_the_same_for_known_and_unknown_addresses(client):
    known = person()
    answers = [Client().post(reverse(SIGNUP), {"email": email, "password1": GOOD}) for email in (known.email, "baru@sikkakab.go.id")]
    assert [(one.status_code, one.url) for one in answers] == [(302, reverse("account_email_verification_sent"))] * 2
    assert [letter.to[0] for letter in mail.outbox] == [known.email, "baru@sikkakab.go.id"]
    assert "sudah punya akun" in mail.outbox[0].subject


@pytest.mark.parametrize("name", [RESET, BY_CODE])
def test_codes_are_promised_the_same_for_known_and_unknown_addresses(name):
    known = person()
    field = "email"
    answers = [Client().post(reverse(name), {field: email}) for email in (known.email, "hantu@sikkakab.go.id")]
    assert answers[0].status_code == 302 and [one.url for one in answers] == [answers[0].url] * 2
    assert len(mail.outbox) == 2


def test_a_wrong_password_and_an_unknown_address_get_the_same_page():
    known = person()
    pages = [sign_in(Client(), email, "salah sekali salah") for email in (known.email, "hantu@sikkakab.go.id")]
    plain = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages]
    assert plain[0] == plain[1] and [page.status_code for page in pages] == [422, 422]
    assert "Surel atau kata sandi tidak cocok. Periksa lagi atau minta kode masuk." in plain[0]


@pytest.mark.parametrize("door", ["login", "signup"])
def test_known_and_unknown_addresses_cost_the_same_hash(monkeypatch, door):
    """Time is counted in hashes, which are nearly all of it: a stop-watch would be a test of the machine."""
    hashes: list[str] = []
    make = Argon2id.encode
    check = Argon2id.verify
    monkeypatch.setattr(Argon2id, "encode", lambda self, *args: (hashes.append("make"), make(self, *args))[1])
    monkeypatch.setattr(Argon2id, "verify", lambda self, *args: (hashes.append("check"), check(self, *args))[1])
    known = person().email
    counts = []
    for email in (known, "hantu@sikkakab.go.id"):
        hashes.clear()
        data = {"login": email, "password": GOOD} if door == "login" else {"email": email, "password1": GOOD}
        Client().post(reverse(LOGIN if door == "login" else SIGNUP), data)
        counts.append(len(hashes))
    assert counts == [1, 1]


def test_known_and_unknown_addresses_take_about_the_same_time():
    known = person().email
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(4):
        for name, email in (("known", known), ("unknown", f"hantu{number}@sikkakab.go.id")):
            start = perf_counter()
            sign_in(Client(), email, "salah sekali salah")
            times[name].append(perf_counter() - start)
    assert 0.4 < median(times["known"]) / median(times["unknown"]) < 2.5


def test_a_class_of_200_behind_one_address_signs_in_at_once():
    """Every one of them passes the limits; a good part comes in through the page itself."""
    people = [person() for _ in range(12)]
    for number in range(200):
        tries = ((limits.ACCOUNT_SIGN_IN, f"orang{number}@sikkakab.go.id"), (limits.ADDRESS_SIGN_IN, "203.0.113.7"))
        assert limits.take(*tries)
        limits.give_back(*tries)
    assert [sign_in(Client(), who.email, REMOTE_ADDR="203.0.113.7").status_code for who in people] == [302] * 12
    assert set(AttemptCount.objects.values_list("count", flat=True)) == {0}


def test_one_accounts_guesses_are_stopped_and_the_others_are_not():
    victim, neighbour = person(), person()
    client = Client()
    for _ in range(5):
        assert "tidak cocok" in sign_in(client, victim.email, "tebakan demi tebakan").content.decode()
    answer = sign_in(client, victim.email)  # the right password, too late
    assert answer.status_code == 422 and "Terlalu sering dicoba. Coba lagi dalam 10 menit" in answer.content.decode()
    assert sign_in(Client(), victim.email.upper(), REMOTE_ADDR="198.51.100.9").status_code == 422
    assert sign_in(Client(), neighbour.email).status_code == 302


def test_a_window_ends():
    subject = ((limits.ACCOUNT_SIGN_IN, "a@b.go.id"),)
    assert [limits.take(*subject) for _ in range(6)] == [True] * 5 + [False]
    AttemptCount.objects.update(ends_at="2020-01-01T00:00:00Z")
    assert limits.take(*subject)
    AttemptCount.objects.update(ends_at="2020-01-01T00:00:00Z")
    assert limits.clear_ended() == 1


def test_parallel_guesses_count_each(in_parallel):
    done = in_parallel(20, lambda _: limits.take((limits.ACCOUNT_SIGN_IN, "a@b.go.id"), (limits.ADDRESS_SIGN_IN, "203.0.113.7")))
    assert sorted(done) == [False] * 15 + [True] * 5


def test_the_counts_name_nobody():
    sign_in(Client(), person().email, "tebakan demi tebakan")
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in AttemptCount.objects.values_list("key", flat=True))


def test_a_reset_by_code_gives_a_new_password_and_forgets_the_guesses(client):
    who = person()
    for _ in range(6):
        sign_in(Client(), who.email, "tebakan demi tebakan")
    to_code = client.post(reverse(RESET), {"email": who.email}).url
    to_new = client.post(to_code, {"code": code_in_mail()}).url
    assert client.post(to_new, {"password1": "pendek"}).status_code == 422
    assert client.post(to_new, {"password1": GOOD}).status_code == 302
    assert "_auth_user_id" not in client.session
    assert sign_in(Client(), who.email, GOOD).status_code == 302


def test_a_sign_in_code_opens_the_account(client):
    who = person()
    to_code = client.post(reverse(BY_CODE), {"email": who.email}).url
    assert client.post(to_code, {"code": code_in_mail()}).status_code == 302
    assert client.session["_auth_user_id"] == str(who.pk)


def test_the_second_factor_is_asked_and_a_used_code_is_worth_nothing(client):
    who = staff(Role.TRAINER)
    Authenticator.objects.filter(user=who).delete()
    secret = second_factor(who)
    assert sign_in(client, who.email).url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 422
    code = totp_code(secret)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get(reverse("accounts:overview")).status_code == 200
    other = Client()
    sign_in(other, who.email)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_new_trainer_sets_up_the_app_and_is_in(client):
    who = staff(Role.TRAINER)
    Authenticator.objects.filter(user=who).delete()
    sign_in(client, who.email)
    assert client.get(reverse("accounts:overview")).url == reverse("mfa_index")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'secret-key">(\w+)<', page).group(1)
    assert client.post(reverse("mfa_activate_totp"), {"code": "123"}).status_code == 422
    assert client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)}).status_code == 302
    assert client.get(reverse("accounts:overview")).status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_second_factor_secrets_are_encrypted_at_rest():
    who = person()
    secret = second_factor(who)
    for data in Authenticator.objects.filter(user=who).values_list("data", flat=True):
        assert secret not in str(data)
        for value in data.values():
            assert not isinstance(value, str) or value.startswith("gAAAA")


def test_staff_keep_a_factor_and_learners_may_drop_it():
    for who, status in ((staff(Role.TRAINER), 422), (person(), 302)):
        if not who.needs_second_factor:
            second_factor(who)
        assert client_of(who).post(reverse("mfa_deactivate_totp")).status_code == status
        assert Authenticator.objects.filter(user=who, type="totp").exists() == (status == 422)


def test_suspension_ends_every_session_and_shuts_the_doors():
    boss, who = admin(), person()
    client = Client()
    sign_in(client, who.email)
    assert client.get(reverse("accounts:overview")).status_code == 200
    registration.suspend(who, by=boss, reason="Pindah tugas")
    assert client.get(reverse("accounts:overview")).url.startswith(reverse(LOGIN))
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()
    again = Client()
    assert sign_in(again, who.email).url == reverse("account_inactive")
    assert "_auth_user_id" not in again.session
    registration.restore(who, by=boss, reason="Kembali")
    assert sign_in(Client(), who.email).url == "/beranda/"


def test_leaving_is_a_post(client):
    who = person()
    sign_in(client, who.email)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("password", "fine"),
    [("rahasia123456", False), ("Indonesia2026!", False), ("kominfo-kominfo", False), ("111111111111", False), ("pendek", False),
     ("123456789012", False), (GOOD, True), ("jeruk-terbang-7-meja", True), ("x" * 501, False)],
)  # fmt: skip
def test_weak_passwords_are_refused_at_sign_up(password, fine):
    answer = Client().post(reverse(SIGNUP), {"email": "baru@sikkakab.go.id", "password1": password})
    assert answer.status_code == (302 if fine else 422)


@pytest.mark.parametrize(
    ("address", "approved"),
    [
        ("a@go.id", True), ("a@sikkakab.go.id", True), ("a@dinas.sikkakab.go.id", True),
        ("a@palsugo.id", False), ("a@go.id.example.com", False), ("a@sikkakab-go.id", False), ("a@gmail.com", False),
    ],
)  # fmt: skip
def test_only_the_domain_and_true_subdomains_are_approved(address, approved):
    ApprovedDomain.objects.create(domain="go.id")
    assert registration.under_approved_domain(person(email=address)) == approved
    assert not registration.under_approved_domain(person(email="x" + address, verified=False))
