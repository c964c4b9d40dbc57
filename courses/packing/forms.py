"""What the pages of bringing out and in ask."""

from __future__ import annotations

from typing import Any

from django import forms

from linimasa import writing
from linimasa.forms import Form

from ..models import Course, Module, PackageKind
from . import arriving

TOO_LARGE = "too_large"
WHOLE = "kursus"  # the whole of it, where a module could stand
WORDS = {
    PackageKind.SCORM12: "SCORM 1.2, untuk hampir semua LMS",
    PackageKind.SCORM2004: "SCORM 2004 edisi ke-4",
    PackageKind.CARTRIDGE: "Common Cartridge 1.3, untuk dibuka dan disunting di LMS lain",
    PackageKind.ARCHIVE: "Arsip kursus, untuk portal seperti ini",
}


class OutForm(Form):
    """What goes out, and as what."""

    target = forms.ChoiceField(label="Yang dibawa")
    kind = forms.ChoiceField(label="Bentuk", choices=[(kind.value, WORDS[kind]) for kind in reversed(WORDS)])

    def __init__(self, *args: Any, course: Course, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = Module.objects.filter(course=course, archived_at__isnull=True).select_related("current_version").order_by("position", "pk")
        self.modules = {str(one.pk): one for one in rows}
        named = [(key, f"{one.code} {one.title}") for key, one in self.modules.items()]
        self.fields["target"].choices = [(WHOLE, "Seluruh kursus"), *named]  # type: ignore[attr-defined]  # a choice field; the stubs know a Field

    def module(self) -> Module | None:
        return self.modules.get(self.cleaned_data["target"])


class InForm(Form):
    """An archive; ``slug`` only where it becomes a new course."""

    file = forms.FileField(
        label="Arsip kursus",
        help_text=f"Berkas .zip yang dibawa keluar dari portal seperti ini, paling besar {writing.size(arriving.MOST_BYTES)}.",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        error_messages={"empty": "Berkas ini kosong. Pilih berkas lain."},
    )
    slug = forms.CharField(
        label="Alamat kursus baru", max_length=60, help_text="Huruf kecil, angka, dan tanda hubung, misalnya lini-masa-2028."
    )

    def __init__(self, *args: Any, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_new:
            del self.fields["slug"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > arriving.MOST_BYTES:
            sentence = f"Arsip paling besar {writing.size(arriving.MOST_BYTES)}. Yang lebih besar dimuat dengan perintah load_course."
            raise forms.ValidationError(sentence, code=TOO_LARGE)
        return file


class AgreeForm(Form):
    """That the archive is to enter; asked only where unpublished drafts are in its way."""

    over_drafts = forms.BooleanField(label="Gantikan draf yang belum terbit itu", required=False)
