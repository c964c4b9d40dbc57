"""One renderer draws every form, and one base refuses what no field of ours wants (control characters, endless text).

``{{ form }}`` draws the fields; ``{% form_errors form %}`` the summary at the top of ``<main>``. A refused form answers 422.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import cached_property

from . import writing

ONE_LINE_LIMIT = 500
MANY_LINES_LIMIT = 20_000
UNPROCESSABLE = 422

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\t\n\r]")
_DECIMAL = re.compile(r"-?\d{1,20}(?:[.,]\d{1,10})?")
_REQUIRED = str(forms.Field.default_error_messages["required"])


def text_problem(value: str, *, many_lines: bool, limit: int) -> str:
    """Why this text cannot be taken, as a sentence, or an empty string. ``limit`` counts characters."""
    if len(value) > limit:
        return f"Paling banyak {writing.decimal(limit)} karakter. Anda mengisi {writing.decimal(len(value))}."
    found = _CONTROL.search(value)
    if found or (not many_lines and _LINE_BREAKS.search(value.strip())):
        return "Ada karakter yang tidak dapat dibaca dalam isian ini. Ketik ulang, atau tempel sebagai teks biasa."
    return ""


def clean_text(value: str, max_length: int = ONE_LINE_LIMIT, *, many_lines: bool = False) -> str:
    """The text trimmed, line breaks as ``\\n``. Raises ValidationError with a sentence for control characters or endless text."""
    problem = text_problem(value, many_lines=many_lines, limit=max_length)
    if problem:
        raise ValidationError(problem, code="text")
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


class Bound(forms.BoundField):
    """A field on a page: knows which drawing it wants, and ties hint and error to the control."""

    @cached_property
    def drawing(self) -> str:
        """``check``, ``choices``, ``file``, ``password``, ``group``, ``select`` or ``text``."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if isinstance(widget, forms.FileInput):
            return "file"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        if isinstance(widget, forms.MultiWidget):
            return "group"
        return "select" if isinstance(widget, forms.Select) else "text"

    @cached_property
    def anchor(self) -> str:
        """The id that the error summary links to: the first choice of a group, else the control itself."""
        return f"{self.auto_id}_0" if self.drawing in {"choices", "group"} else self.auto_id

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for the control or for the fieldset around choices."""
        parts = []
        if self.help_text:
            parts.append(f"{self.auto_id}_hint")
        if self.errors:
            parts.append(f"{self.auto_id}_error")
        return " ".join(parts)

    @property
    def accepts(self) -> str:
        return self.field.widget.attrs.get("accept", "")

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        widget.attrs.pop("placeholder", None)  # a label that vanishes while typing is none
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("aria-describedby", None)
        if self.drawing == "choices":
            attrs.pop("aria-invalid", None)
        elif not widget.is_hidden:
            described = " ".join(filter(None, (widget.attrs.get("aria-describedby"), self.described_by)))
            if described:
                attrs["aria-describedby"] = described
        if self.drawing in {"text", "select", "password", "group"} and not widget.is_hidden:
            attrs["class"] = " ".join(filter(None, ("input", widget.attrs.get("class"))))
        if self.drawing == "password":
            attrs.setdefault("spellcheck", "false")
            attrs.setdefault("autocapitalize", "none")
        return attrs


class Renderer(forms.renderers.DjangoTemplates):
    """Draws forms with ``templates/ui/``; widgets that we do not draw ourselves keep Django's own templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = Bound

    def get_template(self, template_name: str) -> Any:
        if not template_name.startswith("django/forms/widgets/"):
            try:
                return get_template(template_name)
            except TemplateDoesNotExist:
                pass
        return super().get_template(template_name)


class SafeTextMixin:
    """Refuses control characters and endless text in every field before the field's own check, and words the plain refusals.

    The refusal comes first because some databases answer a NUL with an error of their own.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refused: dict[str, str] = {}
        for name, field in self.fields.items():
            _word(field, name)

    def _clean_fields(self) -> None:
        self._refused = {}
        refused = {bound.name: problem for bound in self if (problem := _raw_problem(bound))}  # type: ignore[attr-defined]
        self._refused = refused
        super()._clean_fields()  # type: ignore[misc]
        for name, problem in refused.items():
            self.add_error(name, ValidationError(problem, code="text"))

    def _bound_items(self) -> Any:
        return ((name, bound) for name, bound in super()._bound_items() if name not in self._refused)  # type: ignore[misc]

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)  # type: ignore[misc]


def _raw_problem(bound: forms.BoundField) -> str:
    """What is wrong with the raw text that was sent for this field."""
    field, widget = bound.field, bound.field.widget
    many_lines = isinstance(widget, forms.Textarea)
    limit = getattr(field, "max_length", None) or (MANY_LINES_LIMIT if many_lines else ONE_LINE_LIMIT)
    data = bound.data
    values = data if isinstance(data, list | tuple) else [data]
    for value in values:
        if isinstance(value, str) and (problem := text_problem(value, many_lines=many_lines, limit=limit)):
            return problem
    return ""


def _word(field: forms.Field, name: str) -> None:
    """Give the plain refusals words that say what to do. Words that a field brought along stay."""
    label = str(field.label or name.replace("_", " "))
    label = label[:1].lower() + label[1:] if not label[:2].isupper() else label
    if str(field.error_messages.get("required")) == _REQUIRED:
        verb = "Pilih" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField) else "Isi"
        if isinstance(field, forms.BooleanField):
            field.error_messages["required"] = "Centang pernyataan ini untuk melanjutkan."
        else:
            field.error_messages["required"] = f"{verb} {label}."
    if "invalid_choice" in field.error_messages:
        field.error_messages["invalid_choice"] = "Pilihan ini tidak dikenal. Pilih salah satu dari daftar."
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator) and isinstance(field, forms.CharField):
            validator.message = "Paling banyak %(limit_value)d karakter. Anda mengisi %(show_value)d."


class Form(SafeTextMixin, forms.Form):
    """The base of every form of ours."""


class ModelForm(SafeTextMixin, forms.ModelForm):
    """The base of every form that writes one row."""


class DecimalField(forms.DecimalField):
    """A number with a decimal comma or point; thousands are not grouped. Never infinite, never a number of a million digits."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs inherit an int
        if isinstance(value, str):
            value = value.strip()
            if value in self.empty_values:
                return None
            if not _DECIMAL.fullmatch(value):
                raise ValidationError("Tulis sebagai angka, misalnya 82,5.", code="invalid")
            value = Decimal(value.replace(",", "."))
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it was empty (a form of nothing is a refused form); None for a page that was only asked for."""
    return request.POST if request.method == "POST" else None


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *of_page: forms.BaseForm | None, status: int = 200
) -> HttpResponse:
    """The page with its form in the context (of several, the one that was sent and refused, else the first); 422 when it was refused,
    so that machines see it too."""
    there = [form for form in of_page if form is not None]
    refused = next((form for form in there if form.is_bound and form.errors), None)
    if there:
        context = {"form": refused or there[0], **context}
    if refused is not None:
        context["has_errors"] = True
        status = UNPROCESSABLE
    return render(request, template, context, status=status)
