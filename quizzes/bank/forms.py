"""The shapes of what authors send about the bank. What a question says has a form for each kind: ``quizzes.kinds.editors``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from courses.models import Activity, Course, Module
from linimasa.forms import Form

from ..models import MOST_OBJECTIVES, Category, Level, Question
from . import categories, editing, listing

HIGHEST = 2_000_000_000


def asked(data: Mapping[str, Any], course: Course, branches: Sequence[categories.Branch]) -> FilterForm:
    """The filters as the address has them; what cannot be read is left out."""
    return FilterForm(data, choices=listing.choices(course, branches))


class FilterForm(Form):
    """What to look for in the bank. Every field may be empty; ``values()`` of what can be read."""

    cari = forms.CharField(label="Kata atau kode", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    modul = forms.ChoiceField(label="Modul", required=False)
    kategori = forms.ChoiceField(label="Kategori", required=False)
    jenis = forms.ChoiceField(label="Jenis", required=False)
    tingkat = forms.ChoiceField(label="Tingkat", required=False)
    pelajaran = forms.ChoiceField(label="Pelajaran", required=False)
    tujuan = forms.IntegerField(label="Tujuan ke-", min_value=1, max_value=MOST_OBJECTIVES, required=False)
    tag = forms.CharField(label="Tag", max_length=editing.LONGEST_TAG, required=False)
    keadaan = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        super().__init__(data, auto_id="f-%s")
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    FIRST = ("cari", "modul", "kategori", "jenis")

    def first(self) -> list[forms.BoundField]:
        """Those that always stand open."""
        return [self[name] for name in self.FIRST]

    def more(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if one.name not in self.FIRST]

    def has_more(self) -> bool:
        """Whether one of the others is in use or was refused."""
        return any(one.value() or one.errors for one in self.more())

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class FactsForm(Form):
    """What is known of a question beside what it says. ``edit_number`` is the version that the page was opened with.

    Each field brings along what it showed when the page was opened: only what the author changed is saved (``changed()``), so that a
    stale tab puts no older fact back.
    """

    edit_number = forms.IntegerField(min_value=0, max_value=HIGHEST, widget=forms.HiddenInput, required=False)
    module = forms.ChoiceField(label="Modul", required=False)
    lesson = forms.ChoiceField(label="Pelajaran tertaut", required=False, help_text="Peserta yang belum tepat diarahkan ke pelajaran ini.")
    objective = forms.IntegerField(label="Tujuan ke-", min_value=1, max_value=MOST_OBJECTIVES, required=False)
    level = forms.ChoiceField(label="Tingkat", choices=Level.choices)
    category = forms.ChoiceField(label="Kategori", required=False)
    tags = forms.CharField(label="Tag", required=False, max_length=600, help_text="Pisahkan dengan koma.")

    def __init__(self, data: Any, *, course: Course, branches: Sequence[categories.Branch], initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.modules = {one.code: one for one in listing.modules_of(course)}
        self.lessons = {one.code: one for one in listing.lessons_of(course)}
        self.categories = {str(one.category.pk): one.category for one in branches}
        offered = {
            "module": [("", "Milik kursus, tanpa modul"), *((code, f"{code} {one.title}") for code, one in self.modules.items())],
            "lesson": [("", "Belum tertaut"), *((code, f"{code} {one.title}") for code, one in self.lessons.items())],
            "category": [("", "Tanpa kategori"), *((str(one.category.pk), one.path) for one in branches)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in editing.FACTS:
            self.fields[name].show_hidden_initial = True

    def clean_tags(self) -> list[str]:
        try:
            return editing.tidy_tags(self.cleaned_data["tags"].split(","))
        except editing.EditingError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        lesson, objective = self.lessons.get(data.get("lesson") or ""), data.get("objective")
        if not {"lesson", "objective"} & set(self.changed_data):  # a lesson may have lost objectives since; that is no fault of this form
            return data
        if objective and lesson is None and "lesson" not in self.errors:
            self.add_error("objective", "Pilih pelajarannya dulu: ini nomor tujuan sebuah pelajaran.")
        elif objective and lesson is not None:
            count = len(lesson.lesson.objectives) if hasattr(lesson, "lesson") else 0
            if objective > count:
                self.add_error("objective", f"{lesson.code} memiliki {count} tujuan.")
        return data

    def facts(self) -> dict[str, Any]:
        """All facts as ``editing`` takes them; of a valid form."""
        data = self.cleaned_data
        return {
            "module": self.modules.get(data["module"]),
            "lesson": self.lessons.get(data["lesson"]),
            "objective": data["objective"],
            "level": data["level"],
            "category": self.categories.get(data["category"]),
            "tags": data["tags"],
        }

    def changed(self) -> dict[str, Any]:
        """Only those that the author changed since the page was opened."""
        facts, touched = self.facts(), set(self.changed_data)
        return {name: value for name, value in facts.items() if name in touched}

    def chosen_lesson(self) -> Activity | None:
        return self.lessons.get(self["lesson"].value() or "")


def initial_facts(question: Question) -> dict[str, Any]:
    """What the form shows of this question (with module and lesson loaded)."""
    return {
        "edit_number": question.current_version.number if question.current_version else 0,
        "module": question.module.code if question.module else "",
        "lesson": question.lesson.code if question.lesson else "",
        "objective": question.objective,
        "level": question.level,
        "category": str(question.category_id or ""),
        "tags": ", ".join(question.tags),
    }


def new_facts(module: Module | None) -> dict[str, Any]:
    """What the form of a new question shows."""
    return {"edit_number": 0, "module": module.code if module else "", "level": Level.MEDIUM}


class CategoryForm(Form):
    """A category's name and where it hangs; ``top`` is what the empty choice is called."""

    name = forms.CharField(label="Nama kategori", max_length=categories.LONGEST)
    parent = forms.ChoiceField(label="Di dalam", required=False)

    def __init__(self, data: Any, *, branches: Sequence[categories.Branch], own: Category | None = None) -> None:
        initial = {"name": own.name, "parent": str(own.parent_id or "")} if own else {}
        super().__init__(data, initial=initial)
        below = next((one.below for one in branches if own and one.category.pk == own.pk), [])
        self.categories = {str(one.category.pk): one.category for one in branches if one.category.pk not in below}
        offered = [(key, next(one.path for one in branches if one.category == value)) for key, value in self.categories.items()]
        self.fields["parent"].choices = [("", "Paling atas"), *offered]  # type: ignore[attr-defined]

    def chosen_parent(self) -> Category | None:
        return self.categories.get(self.cleaned_data["parent"])


class PickedForm(Form):
    """Questions picked in the list, and what to do with them."""

    MOST = 100
    act = forms.ChoiceField(choices=(("pindah", "Pindahkan"), ("pensiun", "Pensiunkan"), ("pulih", "Kembalikan ke bank")))
    kategori = forms.ChoiceField(label="Kategori", required=False)
    soal = forms.TypedMultipleChoiceField(label="Soal", coerce=int, error_messages={"required": "Pilih sekurang-kurangnya satu soal."})

    def __init__(self, data: Any, *, branches: Sequence[categories.Branch]) -> None:
        super().__init__(data)
        sent = data.getlist("soal")[: self.MOST + 1]
        numbers = [one for one in sent if one.isascii() and one.isdecimal() and len(one) < 19]
        self.fields["soal"].choices = [(int(one), one) for one in numbers]  # type: ignore[attr-defined]
        self.categories = {str(one.category.pk): one.category for one in branches}
        self.fields["kategori"].choices = [("", ""), *((key, key) for key in self.categories)]  # type: ignore[attr-defined]

    def clean_soal(self) -> list[int]:
        picked = self.cleaned_data["soal"]
        if len(picked) > self.MOST:
            raise ValidationError(f"Paling banyak {self.MOST} soal sekaligus.")
        return picked

    def category(self) -> Category | None:
        return self.categories.get(self.cleaned_data["kategori"])
