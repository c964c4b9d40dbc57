"""What the import and export pages ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from courses.models import Course, Module
from linimasa import writing as words
from linimasa.forms import Form

from ..bank.categories import Branch
from ..models import Category
from . import reading, writing
from .rows import MOST_BYTES

TOO_LARGE = "too_large"


class _Places(Form):
    """A module's bank and a category of one course."""

    module = forms.ChoiceField(label="Bank", required=False)
    category = forms.ChoiceField(label="Kategori", required=False)

    def __init__(self, *args: Any, course: Course, branches: Sequence[Branch], no_module: str, no_category: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.branches = {str(one.category.pk): one.category for one in branches}
        self.modules = {
            str(one.pk): one for one in Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")
        }
        named = [(key, f"{one.code} {one.title}") for key, one in self.modules.items()]
        self.fields["module"].choices = [("", no_module), *named]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", no_category), *((str(one.category.pk), one.path) for one in branches)]  # type: ignore[attr-defined]

    def chosen_module(self) -> Module | None:
        return self.modules.get(self.cleaned_data["module"])

    def chosen_category(self) -> Category | None:
        return self.branches.get(self.cleaned_data["category"])


class ImportForm(_Places):
    """The file and where its questions go."""

    file = forms.FileField(
        label="Berkas soal",
        help_text=f"GIFT, Moodle XML, Aiken, CSV atau XLSX dari templat, atau QTI. Paling besar {words.size(MOST_BYTES)}, 2.000 soal.",
        widget=forms.FileInput(attrs={"accept": ".txt,.gift,.xml,.csv,.xlsx,.zip"}),
        error_messages={"empty": "Berkas ini kosong. Pilih berkas lain."},
    )
    format = forms.ChoiceField(label="Bentuk berkas", required=False, choices=[("", "Kenali sendiri"), *reading.NAMES.items()])
    own_categories = forms.BooleanField(label="Pakai kategori dari berkas, bila ada", required=False, initial=True)
    field_order = ("file", "format", "module", "category", "own_categories")

    def __init__(self, *args: Any, course: Course, branches: Sequence[Branch], **more: Any) -> None:
        super().__init__(
            *args, course=course, branches=branches, no_module="Bank kursus, tanpa modul", no_category="Tanpa kategori", **more
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            message = f"Berkas ini {words.size(file.size)}. Paling besar {words.size(MOST_BYTES)}: pecah menjadi beberapa berkas."
            raise forms.ValidationError(message, code=TOO_LARGE)
        return file


class ApplyForm(Form):
    """Whether broken rows are left out."""

    skip_bad = forms.BooleanField(label="Tinggalkan yang bermasalah, masukkan yang lain", required=False)


class ExportForm(_Places):
    """Which questions, and in which format."""

    format = forms.ChoiceField(label="Bentuk berkas", choices=[(code, one.name) for code, one in writing.FORMATS.items()])

    def __init__(self, *args: Any, course: Course, branches: Sequence[Branch], **more: Any) -> None:
        super().__init__(*args, course=course, branches=branches, no_module="Semua bank", no_category="Semua kategori", **more)
