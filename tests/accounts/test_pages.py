"""Every page of this room opens, in our words, and answers bad input with a sentence."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver, reverse

from accounts import requesting, sign_in_urls, urls
from accounts.models import Agency, AgencyStatus, ApprovedDomain, Role
from tests.factories.accounts import admin, agency, client_of, grant, person, region, second_factor

pytestmark = pytest.mark.django_db
HUGE, CONTROL = "x" * 1_000_000, "a\x00b\x1fc"
FOREIGN_WORDS = re.compile(
    r"\b(e-?mails?|log ?in|log ?out|password|passkeys?|sign ?(in|up|out)|security key|submit|username|authenticator code|account)\b",
    re.IGNORECASE,
)


@pytest.fixture
def world():
    who, boss = person(), admin()
    asked = agency("RSUD Maumere", status=AgencyStatus.REQUESTED, requested_by=who)
    domain = ApprovedDomain.objects.create(domain="go.id")
    given = grant(person(), Role.AUTHOR)
    return {
        "who": who,
        "boss": boss,
        "asked": asked,
        "domain": domain,
        "given": given,
        "request": requesting.ask(who, "correction", text="Gelar."),
    }


def addresses(world) -> list[str]:
    """Every address of the room, with the ids of things that exist."""
    ids = {
        "person_id": world["who"].pk,
        "grant_id": world["given"].pk,
        "agency_id": world["asked"].pk,
        "domain_id": world["domain"].pk,
        "request_id": world["request"].pk,
        "pk": 1,
    }
    found = []
    for module, space in ((urls, "accounts:"), (sign_in_urls, "")):
        for pattern in module.urlpatterns:
            found.append(reverse(f"{space}{pattern.name}", kwargs={name: ids[name] for name in pattern.pattern.converters}))
    return found


def words_on(html: str) -> str:
    """What people read: no tags, no scripts, no addresses."""
    return re.sub(r"\S+@\S+", "", re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|head).*?</\1>", " ", html)))


def test_every_page_opens_or_leads_somewhere_in_indonesian(world):
    for who in (None, world["who"], world["boss"]):
        client = client_of(who)
        for url in addresses(world):
            answer = client_of(who).get(url) if "keluar" in url else client.get(url)
            assert answer.status_code in {200, 302, 404, 405}, (who, url, answer.status_code)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                read = words_on(answer.content.decode())
                found = FOREIGN_WORDS.search(read)
                assert not found, (url, found)
                assert "style=" not in answer.content.decode().replace("xmlns:", ""), url


@pytest.mark.parametrize("value", ["", CONTROL, "<script>alert(1)</script>"])
def test_bad_input_gets_a_sentence_and_never_an_error(world, value):
    names = (
        "login password email password1 oldpassword code name credential remember prefix_titles suffix_titles employment_status nip"
        " position whatsapp time_zone agency kind region parent reason role scope_kind scope_id ends_on domain next action"
    )
    for who in (None, world["who"], world["boss"]):
        client = client_of(who)
        for url in addresses(world):
            if "data/" in url or "keluar" in url:
                continue
            answer = client.post(url, dict.fromkeys(names.split(), value))
            assert answer.status_code in {200, 302, 400, 403, 404, 405, 413, 422, 429}, (url, answer.status_code)
            assert answer.status_code != 200 or who is None or "akun" in url, (url, answer.status_code)


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/akun/masuk/", "login"), ("/akun/masuk/", "password"), ("/akun/daftar/", "email"), ("/akun/daftar/", "password1"),
        ("/akun/masuk/kode/", "email"), ("/akun/sandi/lupa/", "email"), ("/akun/sandi/ganti/", "oldpassword"), ("/akun/surel/", "email"),
        ("/akun/bukti/", "password"), ("/akun/faktor-kedua/aplikasi/", "code"), ("/akun/kunci-sandi/tambah/", "credential"),
        ("/akun/profil/", "name"), ("/akun/profil/", "nip"), ("/akun/profil/", "whatsapp"), ("/akun/instansi/minta/", "name"),
        ("/kelola/domain/", "domain"), ("/kelola/instansi/tambah/", "parent"),
    ],
)  # fmt: skip
def test_a_million_characters_get_a_sentence(world, url, field):
    who = (
        None if url.startswith(("/akun/masuk", "/akun/daftar", "/akun/sandi/lupa")) else world["boss"] if "kelola" in url else world["who"]
    )
    data = {"action_add": "1", "email": "a@b.go.id"} if "surel" in url else {}
    answer = client_of(who).post(url, data | {field: HUGE})
    assert answer.status_code == 422 and "Paling banyak" in answer.content.decode()


@pytest.mark.parametrize("value", ["", HUGE[:5000], CONTROL, "999999999999999999999", "%", "_", "'"])
def test_bad_search_words_find_nothing_and_break_nothing(world, value):
    client = client_of(world["boss"])
    for url in (
        "/kelola/pengguna/",
        "/kelola/instansi/",
        "/akun/instansi/",
        "/instansi/orang/",
        f"/kelola/pengguna/{world['who'].pk}/peran/",
    ):
        answer = client.get(url, {"cari": value, "hal": value, "wilayah": value, "keadaan": value, "peran": value, "lingkup": value})
        assert answer.status_code in {200, 400, 422}, (url, answer.status_code)


def test_nothing_is_changed_by_looking(world):
    before = Agency.objects.count(), ApprovedDomain.objects.count(), world["who"].__class__.objects.filter(is_active=True).count()
    client = client_of(world["boss"])
    for url in addresses(world):
        client.get(url)
    assert before == (Agency.objects.count(), ApprovedDomain.objects.count(), world["who"].__class__.objects.filter(is_active=True).count())


def test_what_allauth_offers_and_we_do_not_use_does_not_exist(client):
    for url in ("/accounts/login/", "/akun/login/", "/akun/social/connections/", "/accounts/3rdparty/"):
        assert client.get(url).status_code in {302, 404}
    assert not [name for name in get_resolver().reverse_dict if isinstance(name, str) and "social" in name]


def test_second_factor_pages_with_everything_set_up():
    who = person()
    second_factor(who)
    region("94.01")
    client = client_of(who)
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_reauthenticate",
        "usersessions_list",
        "accounts:security",
    ):
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name
        assert not FOREIGN_WORDS.search(words_on(answer.content.decode())), name
