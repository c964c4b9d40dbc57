"""Every form: drawn by one renderer, deaf to control characters, bounded, answered with 422 and a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from linimasa import forms
from linimasa.clock import ZONE_CHOICES


class Sample(forms.Form):
    name = django_forms.CharField(
        label="Nama lengkap", max_length=120, help_text="Tanpa gelar", widget=django_forms.TextInput({"autocomplete": "name"})
    )
    note = django_forms.CharField(label="Catatan", widget=django_forms.Textarea, required=False)
    zone = django_forms.ChoiceField(label="Zona waktu", choices=ZONE_CHOICES, required=False)
    kind = django_forms.ChoiceField(label="Jenis", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect)
    mark = forms.DecimalField(label="Nilai", required=False, max_value=100)
    secret = django_forms.CharField(label="Kata sandi", widget=django_forms.PasswordInput, required=False)


def sent(**changes):
    return Sample({"name": "Siti Nur’aini", "kind": "a", **changes})


def test_a_good_form_passes_and_is_trimmed():
    form = sent(name="  Siti Ḥasan ", note="satu\r\ndua\tsel", mark=" 82,5 ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Siti Ḥasan"
    assert form.cleaned_data["mark"] == Decimal("82.5")


@pytest.mark.parametrize("field", ["name", "note", "zone", "kind", "mark", "secret"])
@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\x7fb", "a\u2028b", "a\u202eb", "a\u2066b", "\ud800"])
def test_control_characters_get_a_sentence_in_every_field(field, value):
    form = sent(**{field: value})
    assert not form.is_valid()
    assert form.errors[field] == ["Ada karakter yang tidak dapat dibaca dalam isian ini. Ketik ulang, atau tempel sebagai teks biasa."]


def test_a_line_break_is_fine_in_many_lines_and_not_in_one():
    assert sent(note="a\nb").is_valid()
    assert "name" in sent(name="a\nb").errors


@pytest.mark.parametrize("field", ["name", "note", "zone", "kind", "mark", "secret"])
def test_a_million_characters_get_a_sentence(field):
    form = sent(**{field: "9" * 10**6})
    assert not form.is_valid()
    assert form.errors[field][0].startswith("Paling banyak ")
    assert len(form.errors[field][0]) < 100


@pytest.mark.parametrize(("text", "number"), [("82,5", "82.5"), ("82.5", "82.5"), ("0", "0"), ("", None)])
def test_decimals_take_comma_and_point(text, number):
    form = sent(mark=text)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["mark"] == (None if number is None else Decimal(number))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e9", "8o", "1.000,5", "--1"])
def test_other_numbers_are_refused(text):
    assert sent(mark=text).errors["mark"] == ["Tulis sebagai angka, misalnya 82,5."]


def test_refusals_say_what_to_do():
    form = Sample({"kind": "z"})
    assert form.errors["name"] == ["Isi nama lengkap."]
    assert form.errors["kind"] == ["Pilihan ini tidak dikenal. Pilih salah satu dari daftar."]


def test_the_drawing_ties_hint_and_error_to_the_control():
    html = str(Sample({}))
    assert '<label for="id_name">Nama lengkap</label>' in html
    assert 'id="id_name_hint">Tanpa gelar' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'autocomplete="name"' in html
    assert html.count('aria-invalid="true"') == 1  # the group of choices says it by its fieldset
    assert '<fieldset class="field is-bad" id="id_kind" aria-describedby="id_kind_error">' in html
    assert "checked" not in html
    assert " style=" not in html and "onclick" not in html


def test_optional_fields_are_marked_and_required_ones_are_not():
    html = str(Sample())
    assert html.count("(opsional)") == 4
    assert "*" not in html


def test_django_forms_of_others_are_drawn_too():
    class Theirs(django_forms.Form):
        when = django_forms.SplitDateTimeField(label="Waktu")
        agree = django_forms.BooleanField(label="Setuju", widget=django_forms.CheckboxInput({"placeholder": "x"}))
        file = django_forms.FileField(label="Berkas", widget=django_forms.ClearableFileInput({"accept": ".pdf"}))
        token = django_forms.CharField(widget=django_forms.HiddenInput)

    html = str(Theirs())
    assert "placeholder" not in html
    assert '<input type="hidden" name="token"' in html
    assert 'class="choice" for="id_agree"' in html
    assert 'accept=".pdf"' in html
    assert html.count('class="input"') == 2


def test_clean_text_trims_and_refuses():
    assert forms.clean_text(" a\r\nb ", many_lines=True) == "a\nb"
    with pytest.raises(ValidationError, match="karakter"):
        forms.clean_text("a\x00")
    with pytest.raises(ValidationError, match=r"Paling banyak 3 karakter. Anda mengisi 1.000.000"):
        forms.clean_text("a" * 10**6, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "status"), [(None, 200), ({"kode": "123456"}, 422)])
def test_a_refused_form_answers_422_and_names_the_error_in_the_title(data, status):
    class Code(forms.Form):
        kode = django_forms.CharField(label="Kode masuk")
        lain = django_forms.CharField(label="Alasan")

    response = forms.answer(RequestFactory().get("/"), "linimasa/help.html", {}, Code(data))
    text = response.content.decode()
    assert response.status_code == status
    assert ("<title>Galat: Bantuan – Linimasa</title>" in text) is (status == 422)
    assert ('<a href="#id_lain">Isi alasan.</a>' in text) is (status == 422)


def test_the_summary_is_drawn_once():
    from django.template import engines

    template = engines["django"].from_string("{% form_errors form %}{% form_errors form %}{{ form }}")
    html = template.render({"form": Sample({})})
    assert html.count("Ada yang perlu diperbaiki") == 1
    assert '<a href="#id_kind_0">Pilih jenis.</a>' in html
