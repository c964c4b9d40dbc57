"""The shapes of what people send to the library."""

from __future__ import annotations

from django import forms

from linimasa.forms import Form

from ..models import MediaKind

ACCEPT = "image/png,image/jpeg,image/webp,audio/mpeg,audio/mp4,audio/ogg,video/mp4,video/webm,.pdf,.docx,.xlsx,.pptx,.txt,.m4a"
KINDS = (("", "Semua"), ("picture", "Gambar"), *((value, label) for value, label in MediaKind.choices if value not in {"image", "figure"}))


class AddForm(Form):
    """A new file; ``image`` is what the editor calls a pasted picture."""

    file = forms.FileField(
        label="Berkas",
        help_text="Gambar (PNG, JPEG, WebP), audio (MP3, M4A, OGG), video pendek (MP4, WebM), atau dokumen (PDF, DOCX, XLSX, PPTX, TXT).",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Berkas ini kosong. Pilih berkas lain."},
    )
    alternative_text = forms.CharField(
        label="Teks alternatif",
        max_length=300,
        required=False,
        help_text="Wajib untuk gambar: apa yang terlihat dan mengapa penting, dalam satu atau dua kalimat.",
    )
    title = forms.CharField(
        label="Judul", max_length=120, required=False, help_text="Untuk audio, video, dan dokumen: nama yang dibaca peserta."
    )


class PickForm(Form):
    """The library's search; every field may be empty."""

    q = forms.CharField(label="Cari", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    jenis = forms.ChoiceField(label="Jenis", choices=KINDS, required=False)
