"""What every question's editor shares: fields of its own, a growing list of rows that needs no script, and the check by the kind.

``Editor(data, content=…, register=…, pictures=…)``; ``{{ form }}`` draws all of it, and a page that wants its own drawing takes
``opening``, ``rows`` and ``closing``. The button that asks for more rows is a submit button named ``tambah``: then the form is drawn
again, longer, with what was typed and without errors (``wants_more``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from linimasa.forms import Form

from .choice import LONGEST_TAG
from .kind import MOST_PARTS, MOST_TEXT, Content, Kind

MORE = "tambah"  # the name of the button
COUNT = "baris"  # the hidden field that says how many rows the page has
GROWS_BY = 2
UNKNOWN = {"invalid_choice": "Pilihan ini tidak dikenal. Pilih salah satu dari daftar."}


def words(label: str, *, rows: int = 2, required: bool = False, most: int = MOST_TEXT, hint: str = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, required=required, max_length=most, help_text=hint, widget=forms.Textarea(attrs={"rows": rows}))


def line(label: str, *, required: bool = False, most: int = 300, hint: str = "") -> forms.CharField:
    """A text of one line."""
    return forms.CharField(label=label, required=required, max_length=most, help_text=hint)


class TagInput(forms.TextInput):
    """A slug, chosen from the course's register of misconceptions or written freely; the first one on a page carries the list."""

    template_name = "quizzes/kinds/tag_input.html"
    LIST = "salah-paham"

    def __init__(self, register: Mapping[str, str], *, carries_list: bool) -> None:
        self.register, self.carries_list = register, carries_list
        super().__init__(attrs={"list": self.LIST, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"register": self.register if self.carries_list else None, "list": self.LIST}


def tag_field(label: str, register: Mapping[str, str], *, carries_list: bool) -> forms.CharField:
    """What a wrong answer stands for."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_TAG, widget=TagInput(register, carries_list=carries_list))


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines are left out."""

    def __init__(self, *, most: int = MOST_PARTS, **more: Any) -> None:
        self.most = most
        super().__init__(max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}), **more)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [one.strip() for one in super().clean(value).splitlines() if one.strip()]
        if len(lines) > self.most:
            raise ValidationError(f"Paling banyak {self.most} baris. Anda mengisi {len(lines)}.")
        return lines


@dataclass(frozen=True)
class Row:
    """One row on the page. ``name`` is its letter or number; ``key`` the radio or checkbox that makes it right, where the kind has one."""

    number: int
    name: str
    label: str
    key: Any
    fields: list[forms.BoundField]

    @property
    def has_errors(self) -> bool:
        return any(one.errors for one in self.fields)


class Editor(Form):
    """The form of one question. Subclasses name their rows and put content together."""

    kind: ClassVar[type[Kind]]
    row_label: ClassVar[str] = "Pilihan"
    is_lettered: ClassVar[bool] = True
    key_in_rows: ClassVar[bool] = False  # the field "key" has one button a row
    starts_with: ClassVar[int] = 4  # rows on an empty page; 0: this kind has none
    last: ClassVar[tuple[str, ...]] = ("feedback",)  # fields that come after the rows
    file_fields: ClassVar[tuple[str, ...]] = ()  # fields about a file; a page that takes none leaves them out
    worksheet_data: bytes = b""  # the file that was sent for learners to fill in; only practical work has one

    text = words("Pertanyaan", rows=3, required=True)
    feedback = words("Penjelasan", rows=3, required=True, hint="Peserta membacanya setelah jawabannya boleh diperlihatkan.")

    def __init__(
        self,
        data: Any = None,
        *,
        content: Content | None = None,
        register: Mapping[str, str] | None = None,
        pictures: Mapping[str, Content] | None = None,
        takes_files: bool = True,
        **more: Any,
    ) -> None:
        """``content`` is what the question says today; ``register`` the course's misconceptions (tag → sentence); ``pictures`` the
        course's library by file name, each as ``quizzes.picturing`` describes it; ``takes_files``: whether the page sends files."""
        self.base, self.register, self.pictures = content or {}, register or {}, pictures or {}
        self.made: dict[str, Any] = {}
        self.dropped: list[str] = []  # what the form left out by itself, a sentence each
        self.wants_more = data is not None and MORE in data
        initial = self.initial_of(content) if content else {}
        self.count = self._count(data, initial)
        if data is not None and self.starts_with:
            data = data.copy()
            data[COUNT] = str(self.count)
        super().__init__(data, initial=initial | {COUNT: self.count} | (more.pop("initial", None) or {}), **more)
        if self.starts_with:
            self.fields[COUNT] = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST_PARTS)
        self.grow()
        for name in () if takes_files else self.file_fields:
            del self.fields[name]
        self.order_fields([name for name in self.fields if name not in self.last])

    def _count(self, data: Any, initial: Mapping[str, Any]) -> int:
        """How many rows the page has: what it says, two more when asked for; else enough for what there is."""
        if data is None:
            return max(self.starts_with, initial.get(COUNT, 0))
        said = str(data.get(COUNT, "") or "")[:3]
        count = int(said) if said.isascii() and said.isdecimal() else self.starts_with
        return min(count + (GROWS_BY if self.wants_more else 0), MOST_PARTS) if self.starts_with else 0

    # --- rows ---------------------------------------------------------------------------------------------------------
    def row_fields(self, number: int) -> dict[str, forms.Field]:
        """The fields of one row, by their names without the number."""
        return {}

    def grow(self) -> None:
        """Add the fields of every row."""
        for number in range(1, self.count + 1):
            for name, field in self.row_fields(number).items():
                field.label = f"{self.row_label} {self.name_of(number)}: {field.label}"
                self.fields[f"{name}_{number}"] = field

    def name_of(self, number: int) -> str:
        return "ABCDEFGHIJKLMNOPQRST"[number - 1] if self.is_lettered else str(number)

    def rows(self) -> list[Row]:
        """Every row as it is drawn."""
        keys = list(self["key"].subwidgets) if self.key_in_rows else []
        return [
            Row(
                number=number,
                name=self.name_of(number),
                label=f"{self.row_label} {self.name_of(number)}",
                key=keys[number - 1] if keys else None,
                fields=[self[f"{name}_{number}"] for name in self.row_fields(number)],
            )
            for number in range(1, self.count + 1)
        ]

    @property
    def opening(self) -> list[forms.BoundField]:
        """The fields that come before the rows."""
        return [one for one in self.visible_fields() if one.name not in (*self.last, *self._in_rows)]

    @property
    def closing(self) -> list[forms.BoundField]:
        """The fields that come after the rows."""
        return [self[name] for name in self.last if name in self.fields]

    @cached_property
    def _in_rows(self) -> set[str]:
        names = {f"{name}_{number}" for number in range(1, self.count + 1) for name in self.row_fields(number)}
        return names | ({"key"} if self.key_in_rows else set())

    def filled(self, name: str) -> list[tuple[int, str]]:
        """The rows in which this field says something: number and text."""
        found = [(number, self.cleaned_data.get(f"{name}_{number}") or "") for number in range(1, self.count + 1)]
        return [(number, value) for number, value in found if value]

    def value(self, name: str, number: int) -> Any:
        return self.cleaned_data.get(f"{name}_{number}")

    def drop_tag(self, name: str, part: str) -> None:
        """Leave out the misconception in this field, because the part that carried it is the key now; the page tells it."""
        self.dropped.append(f"{part} sekarang kunci, jadi label salah pahamnya “{self.cleaned_data[name]}” dilepas.")
        self.cleaned_data[name] = ""

    # --- reading and writing ------------------------------------------------------------------------------------------
    def full_clean(self) -> None:
        if self.wants_more:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return not self.wants_more and super().is_valid()

    def look_on(self) -> None:
        """Say what else is missing where something cannot be taken already, so that nobody mends a question twice."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            self.look_on()
        else:
            made = self.compose()
            if not self.errors:
                made = {key: made[key] for key in self.kind.keys if key in made}
                for sentence in self.kind.problems(made):
                    self.add_error(None, sentence)
                self.made = made
        return self.cleaned_data

    def compose(self) -> dict[str, Any]:
        """The content as the fields say it; adds errors to fields where it cannot."""
        return {"text": self.cleaned_data["text"], "feedback": self.cleaned_data["feedback"]}

    def content(self) -> dict[str, Any]:
        """The content as the course's files have it, keys in their order. Only of a valid form."""
        return dict(self.made)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """What the fields hold for this content."""
        return {name: content[name] for name in ("text", "feedback", "scenario") if name in content}


def numbered(values: Iterable[Any], **of: Callable[[Any], Any]) -> dict[str, Any]:
    """Initial values of rows: ``numbered(pairs, left=lambda one: one["left"])`` gives ``left_1``, ``left_2`` … and their count."""
    found: dict[str, Any] = {}
    count = 0
    for count, value in enumerate(values, 1):
        found |= {f"{name}_{count}": take(value) for name, take in of.items()}
    return found | {COUNT: count}
