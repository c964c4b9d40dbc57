"""The shape of the history's filter."""

from __future__ import annotations

from typing import Any

from django import forms

from linimasa.forms import Form

from . import reading, sentences


class HistoryFilter(Form):
    """Who, what, on which thing, between which days."""

    pelaku = forms.CharField(label="Pelaku", required=False, max_length=100, help_text="Nama, surel, atau “sistem”.")
    perbuatan = forms.ChoiceField(label="Perbuatan", required=False)
    benda = forms.ChoiceField(label="Benda", required=False)
    nomor = forms.CharField(label="Nomor benda", required=False, max_length=64)
    dari = forms.DateField(label="Dari tanggal", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    sampai = forms.DateField(label="Sampai tanggal", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["perbuatan"].choices = [("", "Semua perbuatan"), *reading.actions()]  # type: ignore[attr-defined]
        things = sorted(sentences.THINGS.items(), key=lambda item: item[1])
        self.fields["benda"].choices = [("", "Semua benda"), *((label, word.capitalize()) for label, word in things)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("dari") and told.get("sampai") and told["dari"] > told["sampai"]:
            self.add_error("sampai", "Tanggal akhir harus sama dengan atau sesudah tanggal awal.")
        return told

    def conditions(self) -> dict[str, Any]:
        """What ``reading.entries`` is asked; nothing at all for a filter that was refused."""
        told = self.cleaned_data if self.is_valid() else {}
        return {
            "actor": told.get("pelaku", ""),
            "action": told.get("perbuatan", ""),
            "object_type": told.get("benda", ""),
            "object_id": told.get("nomor", ""),
            "since": told.get("dari"),
            "until": told.get("sampai"),
        }
