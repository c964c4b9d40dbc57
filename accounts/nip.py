"""The number of a civil servant: what it must look like, and why a PPPK's differs from a PNS's.

PNS: birth date (8), year and month of appointment (6), sex (1), serial (3); Perka BKN 22 and 43/2007. PPPK: the two digits
after the year are the contract's code and no month, so only a PNS's are checked as one.
"""

from __future__ import annotations

from datetime import date

from .models import EmploymentStatus

DIGITS = 18
YOUNGEST, OLDEST = 17, 70  # years of age
WITH_NIP = frozenset({EmploymentStatus.PNS, EmploymentStatus.PPPK})
_BLANKS = str.maketrans("", "", " .-\u00a0\u2007\u202f\t")


def tidy(text: str) -> str:
    """The number without the blanks, dots and hyphens that people group it with."""
    return text.translate(_BLANKS)


def nip_problem(text: str, status: str, *, today: date) -> str:
    """What is wrong with the NIP of someone of this employment status, as a sentence, or an empty string.

    ``text`` may be grouped. A status without NIP has no problem, whatever stands there: the number is cleared.
    """
    if status not in WITH_NIP:
        return ""
    nip = tidy(text)
    if not nip:
        return "Isi NIP Anda, 18 angka."
    if not (nip.isascii() and nip.isdigit()):
        return "NIP hanya berisi angka. Hapus huruf atau tanda lain."
    if len(nip) != DIGITS:
        return f"NIP harus 18 angka. Anda mengisi {len(nip)}."
    return _parts_problem(nip, status, today)


def _parts_problem(nip: str, status: str, today: date) -> str:
    try:
        born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        return f"Angka 1–8 NIP adalah tanggal lahir. {nip[6:8]}-{nip[4:6]}-{nip[:4]} bukan tanggal."
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        return f"Tahun lahir dalam NIP ({born.year}) tidak mungkin. Periksa angka 1–4."
    if not born.year + YOUNGEST <= int(nip[8:12]) <= today.year + 1:
        return f"Tahun pengangkatan dalam NIP ({nip[8:12]}) tidak mungkin. Periksa angka 9–12."
    if status == EmploymentStatus.PNS and not 1 <= int(nip[12:14]) <= 12:
        return f"Bulan pengangkatan dalam NIP ({nip[12:14]}) harus 01–12. Periksa angka 13–14, atau pilih PPPK bila Anda PPPK."
    if nip[14] not in "12":
        return f"Angka ke-15 NIP adalah jenis kelamin, 1 atau 2. Anda mengisi {nip[14]}."
    return ""
