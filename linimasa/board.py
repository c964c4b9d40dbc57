"""The component board: every component drawn from the real templates, forms and styles. Nothing on it is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from . import clock, forms, markdown

SAMPLE = """\
Foto lama sering dipakai untuk peristiwa baru. Cari tahu **kapan foto itu pertama kali muncul**.

## Tiga langkah penelusuran

1. Simpan gambarnya, lalu cari balik.
2. Cocokkan petunjuk di dalam foto.
3. Tanyakan kepada yang bertugas.

/// lapangan | Di lapangan
Sinyal lemah? Kirim tangkapan layar kecil ke rekan satgas yang tersambung.
///

/// contoh | Contoh balasan
Kabar ini sedang kami periksa. Jawabannya ada di sini pukul 15.00 WITA.
///

| Tanda | Artinya |
|---|---|
| Akun baru | Pengikut sedikit |
| Kalimat mendesak | Menyuruh sebarkan |

- [x] Sumber sudah dicari
- [ ] Sudah ditanyakan ke BPBD
"""


class SampleForm(forms.Form):
    kode = django_forms.CharField(label="Kode masuk", help_text="6 angka yang kami kirim ke surel Anda", max_length=6)
    status = django_forms.ChoiceField(
        label="Status kepegawaian",
        choices=[("pns", "PNS atau CPNS"), ("pppk", "PPPK"), ("non_asn", "Non-ASN")],
        widget=django_forms.RadioSelect,
    )
    zona = django_forms.ChoiceField(label="Zona waktu", choices=clock.ZONE_CHOICES)
    sandi = django_forms.CharField(
        label="Kata sandi",
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Paling sedikit 12 karakter",
        required=False,
    )
    catatan = django_forms.CharField(label="Catatan untuk pengajar", widget=django_forms.Textarea(attrs={"rows": 3}), required=False)
    nilai = forms.DecimalField(label="Nilai", help_text="0 sampai 100, boleh dengan koma", min_value=0, max_value=100, required=False)
    berkas = django_forms.FileField(
        label="Berkas rencana konten",
        help_text="PDF, JPG, atau PNG. Paling besar 5 MB",
        widget=django_forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        required=False,
    )
    setuju = django_forms.BooleanField(label="Saya mengerjakan tugas ini sendiri")


COLOURS = (
    ("nila-900", "Bilah atas"),
    ("nila-700", "Tindakan, selesai"),
    ("nila-600", "Tautan"),
    ("kunyit-500", "Langkah berikutnya"),
    ("kunyit-700", "Tenggat"),
    ("pandan-700", "Tepat, berhasil"),
    ("mengkudu-700", "Galat"),
    ("soga-700", "Suara pengajar"),
)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "colours": COLOURS,
        "petal_words": ("Belum", "Mulai", "Setengah", "Hampir", "Selesai"),
        "sample": SampleForm({"kode": "12", "nilai": "8o"}, {}, auto_id="contoh_%s"),
        "prose": markdown.render(SAMPLE, id_prefix="contoh-"),
        "moments": (now - timedelta(minutes=5), now - timedelta(days=1), now + timedelta(days=1)),
        "page_obj": Paginator(range(95), 10).page(3),
        "dots": range(1, 11),
    }
    return render(request, "linimasa/board.html", context)
