"""The shape of what people send to these pages."""

from __future__ import annotations

from typing import Any

from django import forms

from linimasa.forms import Form

from . import kinds
from .models import MessageStatus, Preference
from .preferring import MOST_BUDGET

BUDGETS = [(0, "Tidak ada pengingat"), *((n, f"Paling banyak {n} pengingat") for n in range(1, MOST_BUDGET + 1))]


class PreferenceForm(Form):
    """Which reminders may come, and how many in seven days."""

    wanted = forms.MultipleChoiceField(
        label="Pengingat yang boleh dikirim",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Hilangkan centang pada yang tidak perlu.",
    )
    weekly_budget = forms.TypedChoiceField(
        label="Dalam tujuh hari", choices=BUDGETS, coerce=int, help_text="Pengingat yang melebihi jatah ini menunggu atau tidak dikirim."
    )

    def __init__(self, *args: Any, preference: Preference, **kwargs: Any) -> None:
        shown = [(kind.name, kind.label) for kind in kinds.reminders()]
        kwargs["initial"] = {
            "wanted": [name for name, _ in shown if name not in preference.muted_kinds],
            "weekly_budget": preference.weekly_budget,
        }
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = shown  # type: ignore[attr-defined]

    def muted_kinds(self) -> list[str]:
        """The kinds left unticked."""
        wanted = self.cleaned_data["wanted"]
        return [kind.name for kind in kinds.reminders() if kind.name not in wanted]


class LedgerFilter(Form):
    """What the ledger shows; unknown values are refused with a sentence."""

    cari = forms.CharField(label="Cari orang", required=False, max_length=100)
    status = forms.ChoiceField(label="Keadaan", required=False)
    jenis = forms.ChoiceField(label="Jenis", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Semua keadaan"), *MessageStatus.choices]  # type: ignore[attr-defined]
        self.fields["jenis"].choices = [  # type: ignore[attr-defined]
            ("", "Semua pengingat"),
            *((kind.name, kind.label) for kind in kinds.reminders()),
            ("semua", "Semua pemberitahuan"),
            *((kind.name, kind.label) for kind in kinds.all_kinds() if not kind.is_reminder),
        ]
