"""The NIP, by the rules of the employment status."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import EmploymentStatus
from accounts.nip import nip_problem, tidy

TODAY = date(2026, 11, 24)
PNS, PPPK = EmploymentStatus.PNS, EmploymentStatus.PPPK


@pytest.mark.parametrize(
    ("nip", "status"),
    [
        ("198609262015051001", PNS),
        ("199205082023082001", PNS),
        ("19860926 201505 1 001", PNS),
        ("19860926.201505.1.001", PNS),
        ("199009132025242014", PPPK),
        ("198812312022211003", PPPK),
        ("", EmploymentStatus.NON_ASN),
        ("salah", EmploymentStatus.MILITARY_POLICE),
    ],
)
def test_a_right_number_has_no_problem(nip, status):
    assert nip_problem(nip, status, today=TODAY) == ""


@pytest.mark.parametrize(
    ("nip", "status", "sentence"),
    [
        ("19860926201505100", PNS, "NIP harus 18 angka. Anda mengisi 17."),
        ("1986092620150510011", PNS, "NIP harus 18 angka. Anda mengisi 19."),
        ("", PNS, "Isi NIP Anda, 18 angka."),
        ("19860926201505100A", PNS, "NIP hanya berisi angka. Hapus huruf atau tanda lain."),
        ("198609262015051٠٠1", PNS, "NIP hanya berisi angka. Hapus huruf atau tanda lain."),
        ("198613262015051001", PNS, "Angka 1–8 NIP adalah tanggal lahir. 26-13-1986 bukan tanggal."),
        ("199902302022031001", PNS, "Angka 1–8 NIP adalah tanggal lahir. 30-02-1999 bukan tanggal."),
        ("198609262015053001", PNS, "Angka ke-15 NIP adalah jenis kelamin, 1 atau 2. Anda mengisi 3."),
        ("199009132025242014", PNS, "Bulan pengangkatan dalam NIP (24) harus 01–12. Periksa angka 13–14, atau pilih PPPK bila Anda PPPK."),
        ("198609262000051001", PNS, "Tahun pengangkatan dalam NIP (2000) tidak mungkin. Periksa angka 9–12."),
        ("198609262029051001", PNS, "Tahun pengangkatan dalam NIP (2029) tidak mungkin. Periksa angka 9–12."),
        ("201809262025051001", PPPK, "Tahun lahir dalam NIP (2018) tidak mungkin. Periksa angka 1–4."),
    ],
)
def test_a_wrong_number_gets_the_sentence_that_mends_it(nip, status, sentence):
    assert nip_problem(nip, status, today=TODAY) == sentence


births = st.dates(date(1957, 1, 1), TODAY - timedelta(days=18 * 366))


@given(birth=births, after=st.integers(17, 40), month=st.integers(0, 99), sex=st.sampled_from("12"), serial=st.integers(0, 999))
def test_only_a_pns_needs_a_month(birth, after, month, sex, serial):
    year = min(birth.year + after, TODAY.year + 1)
    nip = f"{birth:%Y%m%d}{year}{month:02}{sex}{serial:03}"
    assert nip_problem(nip, PPPK, today=TODAY) == ""
    assert (nip_problem(nip, PNS, today=TODAY) == "") == (1 <= month <= 12)


@given(text=st.text(max_size=40), status=st.sampled_from([PNS, PPPK]))
def test_whatever_is_typed_gets_a_sentence_or_is_eighteen_digits(text, status):
    problem = nip_problem(text, status, today=TODAY)
    assert problem.endswith(".") or (len(tidy(text)) == 18 and tidy(text).isdigit())
