"""The form of a quiz's rules: plain fields, and rows for the blueprint and for the conditions. Works without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from courses.models import Activity, Course, Module
from linimasa import writing
from linimasa.forms import DecimalField, Form

from . import rules
from .models import Category, FeedbackRule, GradeMethod, Level, Quiz, QuizPurpose, Release

FREE_ROWS = 2  # empty rows to go on with
MOST_ROWS = 40
Choices = list[tuple[str, str]]
QUIZ_ONLY = (
    *("remedial_attempts", "time_limit", "waiting_minutes", "grade_method", "feedback"),
    *("shuffle", "shuffle_groups", "page_size"),
)


def _percent(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)) * 100


class RulesForm(Form):
    """Everything of a quiz but its blueprint and conditions. Marks are typed 0 to 100."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=16)
    intro = forms.CharField(label="Pengantar", max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    time_limit = forms.IntegerField(
        label="Batas waktu (menit)", min_value=1, max_value=1_440, required=False, help_text="Kosong: tanpa batas."
    )
    attempts_allowed = forms.IntegerField(label="Kesempatan", min_value=1, max_value=100)
    remedial_attempts = forms.IntegerField(
        label="Kesempatan remedial", min_value=0, max_value=100, help_text="Hanya bagi yang belum lulus."
    )
    waiting_minutes = forms.IntegerField(
        label="Jeda antarpercobaan (menit)", min_value=0, max_value=rules.MOST_WAITING, help_text="0: boleh langsung."
    )
    grade_method = forms.ChoiceField(
        label="Nilai yang dipakai",
        choices=GradeMethod.choices,
        help_text="Kelulusan yang sudah diperoleh tidak hilang oleh percobaan berikutnya.",
    )
    pass_mark = DecimalField(
        label="Batas lulus (0 sampai 100)", min_value=0, max_value=100, required=False, help_text="Kosong: tanpa batas."
    )
    feedback = forms.ChoiceField(
        label="Penjelasan jawaban",
        choices=FeedbackRule.choices,
        help_text="“Setelah setiap soal”: peserta menekan Periksa, dan jawaban soal itu terkunci.",
    )
    page_size = forms.IntegerField(label="Soal per halaman", min_value=1, max_value=rules.MOST_PER_PAGE)
    shuffle = forms.BooleanField(label="Acak urutan soal dan pilihan", required=False)
    shuffle_groups = forms.BooleanField(
        label="Baris rancangan tetap pada urutannya", required=False, help_text="Soal hanya diacak di dalam barisnya."
    )
    names_hidden = forms.BooleanField(label="Sembunyikan nama peserta dari penilai", required=False)
    release = forms.ChoiceField(label="Nilai terlihat", choices=Release.choices)
    second_marking = DecimalField(
        label="Dinilai dua pengajar (persen)",
        min_value=0,
        max_value=100,
        help_text="Bagian percobaan yang dinilai dua kali, untuk melihat kesepakatan.",
    )

    def __init__(self, *args: Any, quiz: Quiz, shown: str, **options: Any) -> None:
        self.is_assignment = quiz.purpose == QuizPurpose.ASSIGNMENT
        names = [name for name in type(self).base_fields if name != "shown"]
        initial = {name: getattr(quiz, name) for name in names} | {"shown": shown}
        for name in ("pass_mark", "second_marking"):
            value = _percent(getattr(quiz, name))
            initial[name] = None if value is None else writing.decimal(value, 1)
        super().__init__(*args, initial=initial, **options)
        for name in QUIZ_ONLY if self.is_assignment else ():
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget.attrs["inputmode"] = "numeric"
                field.error_messages["invalid"] = "Tulis sebagai angka, misalnya 15."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("feedback") == FeedbackRule.DURING and (data.get("page_size") or 1) > 1:
            self.add_error("page_size", "Penjelasan setelah setiap soal memerlukan satu soal per halaman. Isi 1.")
        if data.get("feedback") == FeedbackRule.DURING and data.get("release") == Release.HELD:
            self.add_error("release", "Penjelasan setelah setiap soal menunjukkan nilainya, jadi nilainya tidak dapat ditahan.")
        return data

    def values(self) -> dict[str, Any]:
        """Fields of the quiz."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "shown"}
        for name in ("pass_mark", "second_marking"):
            if data[name] is not None:
                data[name] = (data[name] / 100).quantize(Decimal("0.001"))
        return data


class LayerForm(Form):
    """One row of the blueprint: a random draw, or a fixed question by its code. A row without a number and a code is empty."""

    module = forms.ChoiceField(label="Bank modul", required=False)
    lesson = forms.ChoiceField(label="Pelajaran", required=False)
    objective = forms.IntegerField(label="Tujuan", min_value=1, max_value=20, required=False)
    level = forms.ChoiceField(label="Tingkat", required=False, choices=[("", "Semua"), *Level.choices])
    tag = forms.CharField(label="Tag", max_length=60, required=False)
    category = forms.ChoiceField(label="Kategori", required=False)
    count = forms.IntegerField(label="Jumlah soal", min_value=1, max_value=100, required=False)
    question = forms.CharField(label="atau kode soal tetap", max_length=24, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, some in choices.items():
            own = str(self.initial.get(name) or "")
            known = [*some, (own, f"{own} (tidak ada)")] if own and own not in dict(some) else some
            self.fields[name].choices = known  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("objective", "count"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            self.fields[name].error_messages["invalid"] = "Tulis sebagai angka."

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data.get("count") and not self.cleaned_data.get("question") and not self.errors

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("question"):
            others = [name for name in ("lesson", "objective", "level", "tag", "category", "count") if data.get(name)]
            if others:
                self.add_error("question", "Soal tetap tidak memerlukan isian lain di baris ini. Kosongkan salah satunya.")
        elif data.get("count"):
            if not data.get("module"):
                self.add_error("module", "Pilih bank modulnya.")
            if data.get("objective") and not data.get("lesson"):
                self.add_error("lesson", "Tujuan adalah nomor tujuan sebuah pelajaran. Pilih pelajarannya.")
        elif any(data.get(name) for name in ("lesson", "objective", "level", "tag", "category")):
            self.add_error("count", "Isi jumlah soal untuk baris ini, atau kosongkan barisnya.")
        return data

    def layer(self) -> dict[str, Any]:
        """The row as the draft keeps it."""
        data = self.cleaned_data
        if data.get("question"):
            return {"question": data["question"]}
        return {name: data[name] for name in rules.LAYER_KEYS if name != "question" and data.get(name)}


class ConditionForm(Form):
    """One thing that must be done before."""

    activity = forms.ChoiceField(label="Kegiatan", required=False)
    at_least = DecimalField(label="Nilai paling sedikit (0 sampai 100)", min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        own = str(self.initial.get("activity") or "")
        known = choices if not own or own in dict(choices) else [*choices, (own, f"{own} (tidak ada)")]
        self.fields["activity"].choices = known  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("at_least") is not None and not data.get("activity"):
            self.add_error("activity", "Pilih kegiatannya, atau kosongkan nilainya.")
        return data

    def condition(self) -> dict[str, Any]:
        least = self.cleaned_data.get("at_least")
        return rules.condition_of(
            {"activity": self.cleaned_data["activity"], "at_least": None if least is None else float(Decimal(least) / 100)}
        )


class Sheet:
    """The whole page's input: the plain rules and the rows, read and checked together."""

    def __init__(self, quiz: Quiz, data: QueryDict | None, *, shown: str) -> None:
        self.quiz = quiz
        self.form = RulesForm(data, quiz=quiz, shown=shown)
        course = quiz.activity.course
        choices = layer_choices(course)
        self.rows = [] if self.form.is_assignment else _rows("baris", quiz.draw, data, LayerForm, choices)
        wanted = [{**one, "at_least": _said(one.get("at_least"))} for one in quiz.conditions]
        self.conditions = _rows("syarat", wanted, data, ConditionForm, condition_choices(course, quiz))

    @property
    def forms(self) -> list[Any]:
        return [self.form, *self.rows, *self.conditions]

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]  # every one is asked, so that each tells its own errors

    def values(self) -> dict[str, Any]:
        """Fields of the quiz, its blueprint and conditions included. For valid input only."""
        values = self.form.values()
        if not self.form.is_assignment:
            values["draw"] = [row.layer() for row in self.rows if not row.is_empty]
        values["conditions"] = [one.condition() for one in self.conditions if one.cleaned_data.get("activity")]
        return values


def _said(least: float | None) -> str:
    return "" if least is None else writing.decimal(Decimal(str(least)) * 100, 1)


def _rows(name: str, given: Sequence[Mapping[str, Any]], data: QueryDict | None, form: Any, choices: Any) -> list[Any]:
    """A form for each row: as many as were sent, or those of the draft with a few empty ones."""
    count = len(given) + FREE_ROWS
    if data is not None:
        sent = data.get(f"{name}-jumlah", "")
        count = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else count
        count += FREE_ROWS if data.get("act") == f"tambah-{name}" else 0
    initial = [*given, *({} for _ in range(MOST_ROWS))]
    return [
        form(data, prefix=f"{name}-{number}", initial=dict(initial[number]) if number < len(given) else {}, choices=choices)
        for number in range(max(1, min(count, MOST_ROWS)))
    ]


def layer_choices(course: Course) -> dict[str, Choices]:
    """What a row may choose from. Three statements."""
    modules = Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")
    lessons = Activity.objects.filter(course=course, kind="lesson", archived_at__isnull=True).order_by("module__position", "position", "pk")
    paths = sorted(rules.paths_of(course).values()) if Category.objects.filter(course=course).exists() else []
    return {
        "module": [("", "Pilih bank"), *((one.code, f"{one.code} {one.title}") for one in modules)],
        "lesson": [("", "Semua"), *((one.code, f"{one.code} {one.title}") for one in lessons)],
        "category": [("", "Semua"), *((path, path) for path in paths)],
    }


def condition_choices(course: Course, quiz: Quiz) -> Choices:
    rows = Activity.objects.filter(course=course, archived_at__isnull=True).exclude(pk=quiz.activity_id)
    ordered = rows.order_by("module__position", "position", "pk").values_list("code", "title")
    return [("", "Tanpa syarat"), *((code, f"{code} {title}") for code, title in ordered)]
