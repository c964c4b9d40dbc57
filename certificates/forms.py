"""Shapes of input: what strangers type to check, and what an admin writes to correct or revoke."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from linimasa import writing
from linimasa.forms import Form

from .issuing import CODE_LENGTH
from .models import CertificateStatus
from .verification import plain_code

BIGGEST_FILE = 2_000_000  # bytes
SHA256 = re.compile(r"[0-9a-f]{64}")


class CodeForm(Form):
    kode = forms.CharField(
        label="Kode periksa",
        max_length=40,
        help_text="12 huruf dan angka di bawah kode QR. Contoh: 7KQ4-M2XD-9RTB",
        error_messages={"required": "Tulis kode periksanya, misalnya 7KQ4-M2XD-9RTB."},
        widget=forms.TextInput(
            attrs={"class": "code-long", "maxlength": 20, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_kode(self) -> str:
        code = self.cleaned_data["kode"]
        signs = len(plain_code(code))
        if signs != CODE_LENGTH:
            raise ValidationError(f"Kode terdiri dari {CODE_LENGTH} huruf dan angka. Anda mengetik {signs}.")
        return code


class NumberForm(Form):
    nomor = forms.CharField(
        label="Nomor sertifikat",
        max_length=100,
        help_text="Contoh: 0123/LINIMASA-III/DJKPM/XI/2026",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    nama = forms.CharField(
        label="Nama pemilik",
        max_length=320,
        help_text="Seperti yang tercetak, dengan atau tanpa gelar.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FileForm(Form):
    """A PDF, or (with JavaScript) only its fingerprint. The file is read once and not kept."""

    pdf = forms.FileField(
        label="Sertifikat dalam PDF",
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Pilih berkas PDF yang akan dibandingkan."},
        help_text="Letakkan berkas di kotak ini atau pilih dari perangkat. Berkas tidak disimpan; yang dibandingkan hanya sidik jarinya.",
        widget=forms.FileInput(attrs={"class": "drop", "accept": "application/pdf,.pdf"}),
    )
    sidik = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pdf"].required = not (self.is_bound and self.data.get("sidik"))

    def clean_sidik(self) -> str:
        digest = self.cleaned_data["sidik"].lower()
        if digest and not SHA256.fullmatch(digest):
            raise ValidationError("Sidik jari berkas tidak dikenal. Pilih berkasnya sekali lagi.")
        return digest

    def clean_pdf(self) -> UploadedFile | None:
        file = self.cleaned_data["pdf"]
        if file and file.size > BIGGEST_FILE:
            raise ValidationError(f"Ukuran berkas {writing.size(file.size)}. Paling besar {writing.size(BIGGEST_FILE)}.")
        if file is not None and not file.size:
            raise ValidationError("Berkas ini kosong. Pilih berkas lain.")
        return file

    def fingerprint(self) -> str:
        """The SHA-256 of the bytes, as sent or made here."""
        file = self.cleaned_data.get("pdf")
        return hashlib.sha256(file.read()).hexdigest() if file else self.cleaned_data["sidik"]


class CorrectionForm(Form):
    """The name as it should be printed, and why. Never re-cased."""

    prefix_titles = forms.CharField(label="Gelar depan", max_length=60, required=False)
    name = forms.CharField(label="Nama tanpa gelar", max_length=120)
    suffix_titles = forms.CharField(label="Gelar belakang", max_length=120, required=False)
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        help_text="Terbaca oleh siapa pun di halaman pemeriksaan edisi lama, misalnya: Perbaikan penulisan nama.",
    )


class RevocationForm(Form):
    reason = forms.CharField(
        label="Alasan", max_length=300, help_text="Terbaca oleh siapa pun di halaman pemeriksaan. Jangan menulis data pribadi."
    )


class FilterForm(Form):
    cari = forms.CharField(label="Cari nomor, kode, nama, atau instansi", max_length=120, required=False)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *CertificateStatus.choices])
