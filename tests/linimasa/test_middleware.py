"""What every answer carries, and whose zone a page speaks."""

from __future__ import annotations

import gzip
import io

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from linimasa.middleware import LARGEST_REQUEST, CompressionMiddleware, PersonalZoneMiddleware, SecurityHeadersMiddleware
from tests.factories import accounts
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


class Person:
    is_authenticated = True
    time_zone = "Asia/Jayapura"


class Visitor:
    is_authenticated = False


def answered(response, user=None):
    request = RequestFactory().get("/")
    if user is not None:
        request._cached_user = user
    return SecurityHeadersMiddleware(lambda _: response)(request)


@pytest.mark.parametrize("address", ["/bantuan/", "/aksesibilitas/", "/privasi/", "/papan/", "/tidak-ada/"])
def test_public_pages_answer_with_the_strict_policy(client, address):
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == (404 if address == "/tidak-ada/" else 200)
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "object-src 'none'" in policy
    assert "publickey-credentials-get=(self)" in response.headers["Permissions-Policy"]
    text = response.content.decode()
    assert " style=" not in text and "<style" not in text and " onclick" not in text and "<script>" not in text


def test_no_store_is_for_people_and_never_against_the_views_own_word():
    assert "Cache-Control" not in answered(HttpResponse()).headers
    assert "Cache-Control" not in answered(HttpResponse(), Visitor()).headers
    assert answered(HttpResponse(), Person()).headers["Cache-Control"] == "no-store"
    own = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert answered(own, Person()).headers["Cache-Control"] == "private, max-age=60"


@pytest.mark.parametrize("address", ["/bantuan/?cari=%00", "/bantuan/%00"])
def test_a_nul_in_the_address_is_400_with_a_sentence(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "tidak dapat dibaca" in response.content.decode()


class Unread(io.RawIOBase):
    """A body that fails whoever reads it."""

    def readinto(self, _buffer):
        raise AssertionError("The body was read.")


@pytest.mark.parametrize("address", ["/akun/masuk/", "/pemberitahuan/berhenti/x/", "/tidak-ada/"])
def test_a_body_that_no_page_takes_is_413_before_it_is_read(client, address):
    posted = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    response = client.generic("POST", address, CONTENT_LENGTH=str(LARGEST_REQUEST + 1), **posted)
    assert response.status_code == 413 and "terlalu besar" in response.content.decode()
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("length", ["", "x", "-1", "٣", str(LARGEST_REQUEST)])
def test_a_body_of_any_other_length_is_the_views_own_matter(length):
    request = RequestFactory().post("/", CONTENT_LENGTH=length)
    assert SecurityHeadersMiddleware(lambda _: HttpResponse("taken"))(request).content == b"taken"


@pytest.mark.parametrize(("user", "zone"), [(Person(), "Asia/Jayapura"), (Visitor(), "Asia/Jakarta"), (None, "Asia/Jakarta")])
def test_times_are_in_the_persons_zone(user, zone):
    seen = []
    request = RequestFactory().get("/")
    if user is not None:
        request.user = user
    PersonalZoneMiddleware(lambda _: seen.append(timezone.get_current_timezone_name()) or HttpResponse())(request)
    assert seen == [zone]


def test_a_visitor_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/bantuan/")


def test_pages_travel_compressed_and_files_as_they_are():
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    page = CompressionMiddleware(lambda _: HttpResponse("a" * 5000))(request)
    assert gzip.decompress(page.content) == b"a" * 5000
    assert "Content-Encoding" in CompressionMiddleware(lambda _: JsonResponse({"a": "b" * 500}))(request).headers
    file = CompressionMiddleware(lambda _: HttpResponse(b"a" * 5000, content_type="application/pdf"))(request)
    assert "Content-Encoding" not in file.headers


@pytest.mark.parametrize(
    ("chosen", "written"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ("", None), ('x"><script>', None)]
)
def test_the_theme_is_written_by_the_server(client, chosen, written):
    response = client.post("/tampilan/", {"tampilan": chosen, "kembali": "/bantuan/"})
    assert response.status_code == 302 and response.headers["Location"] == "/bantuan/"
    html = client.get("/bantuan/").content.decode()
    assert (written in html) if written else ("data-theme" not in html)


@pytest.mark.parametrize("elsewhere", ["https://jahat.example/", "//jahat.example/", "javascript:alert(1)", ""])
def test_the_theme_never_sends_anyone_elsewhere(client, elsewhere):
    assert client.post("/tampilan/", {"kembali": elsewhere}).headers["Location"] == "/"


def test_the_theme_changes_nothing_by_get(client):
    assert client.get("/tampilan/").status_code == 405


def test_a_form_sent_by_script_hears_where_its_answer_leads_and_the_message_waits_there():
    course, client = make_course(), accounts.client_of(accounts.admin())
    url, sent = reverse("courses:add_module", args=[course.pk]), {"title": "Modul baru", "minutes": "45"}
    answer = client.post(url, sent, headers={"X-Requested-With": "simpan"})
    assert answer.status_code == 200 and list(answer.json()) == ["to"]
    assert "Modul" in client.get(answer.json()["to"]).content.decode()
    assert client.post(url, {"title": ""}, headers={"X-Requested-With": "simpan"}).status_code == 422
    assert client.post(url, {**sent, "title": "Lain"}).status_code == 302


def test_to_sign_in_first_stays_a_redirect_for_scripts_too(client):
    answer = client.post("/kelola/modul/kursus/1/modul-baru/", {}, headers={"X-Requested-With": "simpan"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/akun/masuk/")
