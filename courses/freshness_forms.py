"""The shapes of what the pages of freshness and channels send."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from linimasa.forms import Form

from .forms import DayField
from .models import ChannelState

ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:/\S*)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?[\d][\d ()-]{2,24}", re.I)


class LookedAtForm(Form):
    """«Sudah saya tinjau»; without a day as far ahead as last time."""

    again_on = DayField(label="Tinjau lagi pada", required=False)


class MarkForm(Form):
    """What learners read on a lesson that is being looked at."""

    note = forms.CharField(
        label="Catatan untuk peserta",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Apa yang sedang diperiksa, dan apa yang tetap berlaku. Paling panjang 300 karakter.",
    )


class ChannelForm(Form):
    """What a channel is; what a person found of it is another act."""

    name = forms.CharField(label="Nama kanal", max_length=120)
    address = forms.CharField(
        label="Alamat",
        max_length=300,
        help_text="Seperti tertulis dalam pelajaran, misalnya aduankonten.id atau 0811-1234-567.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    purpose = forms.CharField(label="Untuk apa", max_length=300, required=False)

    def clean_address(self) -> str:
        value = self.cleaned_data["address"]
        if not ADDRESS.fullmatch(value):
            raise ValidationError("Tulis alamat situs, surel, atau nomor telepon, misalnya aduankonten.id.", code="address")
        return value


class ChannelCheckForm(Form):
    """What a person found today."""

    state = forms.ChoiceField(label="Keadaan", choices=ChannelState.choices, widget=forms.RadioSelect, initial=ChannelState.WORKS)
    note = forms.CharField(
        label="Catatan", max_length=300, required=False, help_text="Wajib bila berubah atau tidak berfungsi: apa yang Anda temukan."
    )
    again_on = DayField(label="Periksa lagi pada", required=False, help_text="Kosong berarti 90 hari lagi.")
