"""The shapes of what people send to the library."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from linimasa.forms import DecimalField, Form, clean_text

from ..models import Media, MediaKind

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


class LibraryForm(PickForm):
    keadaan = forms.ChoiceField(
        label="Keadaan",
        choices=(("", "Dipakai dan belum"), ("lengkapi", "Perlu transkrip atau takarir"), ("arsip", "Arsip")),
        required=False,
    )


class DescribeForm(Form):
    """The words of one thing: which of them depends on its kind. Captions come as a file, so that nobody types times."""

    title = forms.CharField(label="Judul", max_length=120, required=False, help_text="Nama yang dibaca peserta.")
    alternative_text = forms.CharField(
        label="Teks alternatif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Apa yang terlihat dan mengapa penting, dalam satu atau dua kalimat.",
    )
    captions = forms.FileField(
        label="Takarir (WebVTT)",
        required=False,
        help_text="Berkas .vtt berisi teks yang diucapkan dengan waktunya.",
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
        error_messages={"empty": "Berkas takarir ini kosong. Pilih berkas lain."},
    )
    no_captions = forms.BooleanField(label="Hapus takarir yang ada", required=False)
    transcript = forms.CharField(
        label="Transkrip",
        max_length=60_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Semua yang diucapkan dan yang penting terlihat, sebagai teks. Wajib sebelum terbit.",
    )

    def __init__(self, media: Media, *args: Any, **words: Any) -> None:
        kept = {key: getattr(media, key) for key in ("title", "alternative_text", "transcript")}
        super().__init__(*args, initial=kept, **words)
        if not media.is_picture:
            del self.fields["alternative_text"]
        else:
            self.fields["title"].help_text = "Nama dalam pustaka."
        if not media.is_played:
            del self.fields["captions"], self.fields["transcript"]
        if not media.captions:
            del self.fields["no_captions"]

    def clean_captions(self) -> str:
        """The file's text. Its own faults are named by ``captions.check``."""
        file = self.cleaned_data["captions"]
        if not file:
            return ""
        if file.size > 800_000:
            raise forms.ValidationError("Berkas takarir ini lebih besar dari 800 KB. Pakai hanya teks yang diucapkan.")
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError:
            raise forms.ValidationError("Berkas takarir ini bukan teks UTF-8. Simpan ulang sebagai UTF-8.") from None

    def clean_transcript(self) -> str:
        return clean_text(self.cleaned_data["transcript"], 60_000, many_lines=True)

    def values(self) -> dict[str, str]:
        """What changes: captions only when a file came or they are to go."""
        found: dict[str, str] = {
            key: self.cleaned_data[key] for key in ("title", "alternative_text", "transcript") if key in self.cleaned_data
        }
        if self.cleaned_data.get("captions") or self.cleaned_data.get("no_captions"):
            found["captions"] = self.cleaned_data["captions"]
        return found


def _percent(label: str, initial: int) -> forms.DecimalField:
    return DecimalField(label=label, min_value=0, max_value=100, max_digits=6, decimal_places=2, initial=initial)


class CutForm(Form):
    """The crop and the focus in percent of the whole picture: what the drawing on the page writes, and what one may type."""

    x = _percent("Dari kiri (%)", 0)
    y = _percent("Dari atas (%)", 0)
    width = _percent("Lebar (%)", 100)
    height = _percent("Tinggi (%)", 100)
    focus_x = _percent("Fokus dari kiri (%)", 50)
    focus_y = _percent("Fokus dari atas (%)", 50)

    @staticmethod
    def of(media: Media) -> dict[str, Any]:
        crop = media.crop or {"x": 0, "y": 0, "width": 1, "height": 1}
        return {key: _hundredths(value) for key, value in {**crop, "focus_x": media.focus_x, "focus_y": media.focus_y}.items()}

    def crop(self) -> dict[str, float]:
        return {key: float(self.cleaned_data[key]) / 100 for key in ("x", "y", "width", "height")}

    def focus(self) -> dict[str, float]:
        return {"x": float(self.cleaned_data["focus_x"]) / 100, "y": float(self.cleaned_data["focus_y"]) / 100}


def _hundredths(value: float) -> Decimal:
    return Decimal(f"{value * 100:.2f}").normalize() + 0


class ReplaceForm(Form):
    replacement = forms.FileField(
        label="Berkas pengganti",
        help_text="Sejenis dengan yang sekarang. Naskah pelajaran tidak perlu diubah.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Berkas ini kosong. Pilih berkas lain."},
    )
