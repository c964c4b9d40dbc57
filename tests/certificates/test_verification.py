from __future__ import annotations

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AttemptCount
from certificates import issuing, verification
from certificates.verification import State
from tests.certificates.paper import text_of
from tests.factories.accounts import admin
from tests.factories.certificates import issued

pytestmark = pytest.mark.django_db
# The fixed words of the paper that carry no fact: labels, and how the sentences on it go.
LABELS = set(
    re.findall(
        r"\w+",
        "linimasa sertifikat nomor diberikan kepada yang telah menyelesaikan diselenggarakan dengan predikat mulai selesai terbit di "
        "lampiran no nip keaslian pindai kode qr atau ketik data sana berlaku bila berbeda cetakan periksa ini",
    )
)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w•']+", text.lower()))


def page_text(response) -> str:
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<form.*?</form>", " ", main).replace("<wbr>", ""))
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&").split())


@pytest.fixture
def certificate():
    return issued(drawn=True)


def test_everything_printed_on_the_paper_is_on_the_page(client, certificate):
    face = certificate.snapshot
    page = page_text(client.get(reverse("certificates:verify_token", args=[certificate.token])))
    paper = " ".join(text_of(bytes(certificate.file.data)))
    site = words(face["site"])
    numbered = {str(n) for n in range(1, len(face["rows"]) + 1)}
    assert words(paper) - words(page) - LABELS - site - numbered == set()
    assert face["holder"]["nip"] in page and certificate.enrolment.learner.nip not in page
    holder, signatory = face["holder"], face["signatory"]
    whole = [*holder.values(), *signatory.values(), face["number"], face["code"], face["activity"], face["calculation"], face["mark"]]
    whole += [row["title"] for row in face["rows"]] + [face["issued"]["text"], face["starts"]["text"], face["ends"]["text"]]
    assert [text for text in whole if " ".join(text.split()) not in page] == []


@pytest.mark.parametrize("typed", ["{0}-{1}-{2}", "{0}{1}{2}", " {0} {1}  {2} ", "lower"])
def test_a_code_is_found_however_it_is_typed(client, certificate, typed):
    parts = re.findall("....", certificate.code)
    code = certificate.code.lower() if typed == "lower" else typed.format(*parts)
    response = client.get(reverse("certificates:verify"), {"kode": code})
    assert response.status_code == 200 and "Sertifikat ini sah" in response.content.decode()


def test_a_changed_code_is_not_found(client, certificate):
    wrong = ("A" if certificate.code[0] != "A" else "B") + certificate.code[1:]
    response = client.get(reverse("certificates:verify"), {"kode": wrong})
    text = response.content.decode()
    assert response.status_code == 404 and "tidak ditemukan" in text and f'value="{wrong}"' in text
    assert certificate.snapshot["holder"]["name"] not in text


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Tulis kode periksanya"),
        ("ABC", "Anda mengetik 3"),
        ("A" * 13, "Anda mengetik 13"),
        ("A" * 10**4, "Paling banyak 40"),
        ("A\x01B", "karakter"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_a_sentence(client, code, sentence):
    response = client.get(reverse("certificates:verify"), {"kode": code})
    assert response.status_code == 422 and sentence in response.content.decode()
    assert "<title>Galat: " in response.content.decode()


def test_a_wrong_link_is_not_found(client, certificate):
    for token in (certificate.token[:-1], certificate.token.swapcase(), "x" * 500, "nomorx"):
        response = client.get(f"/periksa/{token}/")
        assert response.status_code == 404 and "tidak ditemukan" in response.content.decode()


def test_number_alone_opens_nothing_and_a_wrong_name_is_answered_like_an_unknown_number(client, certificate, django_assert_num_queries):
    url = reverse("certificates:verify_number")
    name = certificate.snapshot["holder"]["full_name"]
    assert client.post(url, {"nomor": certificate.number}).status_code == 422
    known = client.post(url, {"nomor": certificate.number, "nama": "Orang Lain"})
    unknown = client.post(url, {"nomor": "9999/X/Y/I/2026", "nama": "Orang Lain"})

    def neutral(response) -> str:
        return response.content.decode().replace(certificate.number, "N").replace("9999/X/Y/I/2026", "N")

    assert known.status_code == unknown.status_code == 404 and neutral(known) == neutral(unknown)
    for number, fits in ((certificate.number, False), ("9999/X/Y/I/2026", False), (certificate.number, True)):
        with django_assert_num_queries(1):
            finding = verification.by_number(number, name if fits else "Orang Lain")
        assert (finding.state == State.VALID) is fits


@pytest.mark.parametrize("name", ["Siti Nur'aini, S.I.Kom.", "siti nur’aini", " SITI  NUR'AINI ", "Siti Nur'aini S.I.Kom"])
def test_the_name_may_be_typed_with_or_without_titles(client, certificate, name):
    number = certificate.number.lower().replace("/", " / ")
    response = client.post(reverse("certificates:verify_number"), {"nomor": number, "nama": name})
    assert response.status_code == 200 and "Sertifikat ini sah" in response.content.decode()


def test_the_issued_file_is_recognised_by_fingerprint_and_as_a_file(client, certificate):
    data, url = bytes(certificate.file.data), reverse("certificates:verify_file")
    strict = Client(enforce_csrf_checks=True)
    for sent in ({"sidik": hashlib.sha256(data).hexdigest()}, {"pdf": SimpleUploadedFile("a.pdf", data)}):
        response = strict.post(url, sent)
        assert response.status_code == 200
        assert "Sertifikat ini sah" in response.content.decode() and "sama dengan yang diterbitkan" in response.content.decode()


def test_a_changed_file_is_not_the_issued_one(client, certificate):
    changed = bytes(certificate.file.data).replace(b"%PDF-1.7", b"%PDF-1.6")
    response = client.post(reverse("certificates:verify_file"), {"pdf": SimpleUploadedFile("a.pdf", changed)})
    assert response.status_code == 404 and "tidak sama dengan yang diterbitkan" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "Pilih berkas PDF"),
        ({"sidik": "zz"}, 422, "Sidik jari"),
        ({"sidik": "a" * 10_000}, 422, "Paling banyak 64"),
        ({"pdf": b""}, 422, "Berkas ini kosong"),
        ({"pdf": b"x" * 2_000_001}, 422, "Paling besar 2 MB"),
        ({"pdf": b"x" * 3_000_000}, 413, "paling besar 2 MB"),
        ({"pdf": "bukan berkas"}, 422, "Pilih berkas PDF"),
    ],
)
def test_files_that_cannot_be_a_certificate_get_a_sentence(client, sent, status, sentence):
    sent = {key: SimpleUploadedFile("a.pdf", value) if isinstance(value, bytes) else value for key, value in sent.items()}
    response = client.post(reverse("certificates:verify_file"), sent)
    assert response.status_code == status and sentence in response.content.decode()


def test_revoked_and_replaced_say_so_and_lead_on(client, certificate):
    boss, url = admin(), reverse("certificates:verify_token", args=[certificate.token])
    new = issuing.correct_name(certificate, by=boss, reason="Salah tulis", prefix_titles="", name="Siti Nuraini", suffix_titles="")
    old_page = page_text(client.get(url))
    assert "sudah digantikan" in old_page and "Salah tulis" in old_page and new.number in old_page and "ini sah" not in old_page
    assert reverse("certificates:verify_token", args=[new.token]) in client.get(url).content.decode()
    issuing.revoke(new, by=boss, reason="Diterbitkan dua kali")
    page = page_text(client.get(reverse("certificates:verify_token", args=[new.token])))
    assert "Sertifikat ini dicabut" in page and "Diterbitkan dua kali" in page and "ini sah" not in page
    assert client.get(reverse("certificates:verify_download", args=[new.token])).status_code == 404


def test_link_and_page_cost_one_statement(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(reverse("certificates:verify_token", args=[certificate.token]))
    with django_assert_num_queries(0):
        client.get(reverse("certificates:verify"))


def test_answers_are_neither_indexed_nor_kept_nor_told_to_others(client, certificate):
    for url in (reverse("certificates:verify"), reverse("certificates:verify_token", args=[certificate.token])):
        response = client.get(url)
        assert response["X-Robots-Tag"] == "noindex, nofollow" and response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer" and "noindex" in response.content.decode()
        assert not response.cookies


def test_misses_are_limited_for_an_address_and_links_and_hits_never(client, certificate):
    url, right, wrong = reverse("certificates:verify"), {"kode": certificate.code}, {"kode": "A" * 12}
    for _ in range(35):
        assert client.get(url, right).status_code == 200
    statuses = [client.get(url, wrong).status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]
    assert client.post(reverse("certificates:verify_number"), {"nomor": "1", "nama": "x"}).status_code == 429
    assert client.get(reverse("certificates:verify_token", args=[certificate.token])).status_code == 200
    assert Client(REMOTE_ADDR="10.9.8.7").get(url, wrong).status_code == 404
    assert not AttemptCount.objects.filter(key__contains="127.0.0.1").exists()


def test_an_ipv6_household_is_one_address():
    assert verification.network_of("2001:db8::1") == verification.network_of("2001:db8::ffff") == "2001:db8::/64"
    assert verification.network_of("192.0.2.1") == "192.0.2.1"


def test_names_with_markup_are_only_text(client):
    from tests.factories.certificates import siti

    certificate = issued(siti(name='<script>alert(1)</script> #x $y \\ "', suffix_titles=""), drawn=True)
    html = client.get(reverse("certificates:verify_token", args=[certificate.token])).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_the_public_download_is_the_issued_file(client, certificate):
    response = client.get(reverse("certificates:verify_download", args=[certificate.token]))
    assert response.content == bytes(certificate.file.data) and response["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="Sertifikat-[A-Za-z0-9-]+\.pdf"', response["Content-Disposition"])
