"""What an author decides about the marks, and what a trainer says of a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Count

from linimasa.forms import Form

from ..models import CorrectionChoice, Question, QuestionVersion, Response
from . import deciding

LONGEST_REASON = 300


class CorrectionForm(Form):
    """Each choice says what it does to those who have answered already."""

    LABELS: ClassVar[tuple[tuple[str, str], ...]] = (
        (CorrectionChoice.NEW_KEY, "Hanya kunci baru. Jawaban dinilai ulang; nilai dapat naik atau turun, kelulusan tetap."),
        (CorrectionChoice.BOTH, "Kunci lama dan baru sama-sama tepat. Tidak ada nilai yang turun."),
        (CorrectionChoice.FULL_CREDIT, "Nilai penuh bagi semua yang mendapat soal ini, juga yang tidak menjawab."),
        (CorrectionChoice.LEAVE, "Biarkan nilai yang sudah ada. Kunci baru hanya untuk jawaban yang dikirim sesudah ini."),
    )

    choice = forms.ChoiceField(label="Nilai yang sudah ada", choices=LABELS, widget=forms.RadioSelect)
    over_trainers = forms.BooleanField(
        label="Ikutkan jawaban yang sudah dinilai pengajar", required=False, help_text="Kalau tidak, nilai dari pengajar dibiarkan."
    )
    also = forms.TypedMultipleChoiceField(
        label="Versi lain yang ikut dikoreksi",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Isinya berbeda dari versi sekarang. Centang hanya bila kuncinya juga keliru.",
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Peserta yang nilainya berubah dan pengajar membacanya.",
    )

    def __init__(self, data: Any = None, *, question: Question, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        others = _others(question)
        if others:
            self.fields["also"].choices = [(one.pk, f"Versi {one.number}, {count} jawaban") for one, count in others]  # type: ignore[attr-defined]
        else:
            del self.fields["also"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data.setdefault("also", [])
        return self.cleaned_data


def _others(question: Question) -> list[tuple[QuestionVersion, int]]:
    """Versions with answers that the correction does not reach by itself."""
    found = {one.pk: one for one in question.versions.exclude(pk__in=deciding.covered(question)).order_by("number")}
    rows = Response.objects.filter(question_version__in=found).order_by().values_list("question_version").annotate(count=Count("pk"))
    counts = dict(rows)
    return [(one, counts[pk]) for pk, one in found.items() if pk in counts]


class DoubtForm(Form):
    """Which question of the attempt, and why."""

    question = forms.TypedChoiceField(label="Soal", coerce=int)
    text = forms.CharField(label="Mengapa kuncinya mungkin keliru", max_length=1_000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any = None, *, asked: Mapping[int, tuple[int, QuestionVersion]]) -> None:
        super().__init__(data)
        self.fields["question"].choices = [(key, f"Soal {place}. {_start(version)}") for key, (place, version) in asked.items()]  # type: ignore[attr-defined]


def _start(version: QuestionVersion) -> str:
    text = " ".join(str(version.content.get("text", "Tugas praktik")).split())
    return text if len(text) <= 70 else f"{text[:69]}…"
