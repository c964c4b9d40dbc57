"""The shapes of input: practical work, and a trainer's judgement."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms as fields
from django.core.exceptions import ValidationError
from django.utils import timezone

from cohorts.forms import MomentField
from linimasa import clock, forms

from .kinds import kind_of
from .kinds.practical import LONGEST
from .models import Response
from .reading import HIGHEST, KEY, WRITERS, Sent, moment, writers_of

LONGEST_DUE = timedelta(days=366)
UNKNOWN = "Pilihan ini tidak dikenal. Pilih salah satu dari daftar."


class WorkForm(forms.Form):
    """A draft of practical work and one more file. ``urutan`` and ``dasar``: the page's sequence and what it had seen; ``kunci`` and
    ``asal``: the save's key and the pages it goes on for; ``percobaan``: the number of the attempt it is written in.
    """

    text = fields.CharField(
        label="Jawaban Anda",
        required=False,
        max_length=LONGEST,
        widget=fields.Textarea(attrs={"rows": 12}),
        error_messages={"max_length": f"Paling banyak {LONGEST // 1000}.000 karakter. Panjangkan lewat berkas bila perlu."},
    )
    file = fields.FileField(label="Tambah berkas", required=False, allow_empty_file=True)
    urutan = fields.IntegerField(widget=fields.HiddenInput, min_value=1, max_value=HIGHEST, initial=1)
    dasar = fields.IntegerField(widget=fields.HiddenInput, min_value=0, max_value=HIGHEST, required=False)
    percobaan = fields.IntegerField(widget=fields.HiddenInput, min_value=1, max_value=HIGHEST, required=False)
    kunci = fields.RegexField(rf"^{KEY.pattern}\Z", widget=fields.HiddenInput, required=False)
    asal = fields.RegexField(rf"^{WRITERS.pattern}\Z", widget=fields.HiddenInput, required=False)

    def first_error(self) -> str:
        return next((str(sentence) for sentences in self.errors.values() for sentence in sentences), "")

    def sent(self) -> Sent:
        """The save as the engine reads it; a page without a script has a key of its own."""
        told, key = self.cleaned_data, self.cleaned_data["kunci"] or uuid.uuid4().hex
        return Sent(
            raw={"text": [told["text"]]},
            sequence=told["urutan"],
            key=key,
            given_at=moment(self.data.get("saat", "")),
            base=told["dasar"],
            writers=writers_of(key, told["asal"]),
        )

    def seeing(self, response: Response) -> WorkForm:
        """The same page, having seen what is stored now."""
        seen = {"urutan": str(response.sequence + 1), "dasar": str(response.sequence), "kunci": "", "asal": ""}
        self.data = {**dict(self.data.items()), **seen}
        return self


class RubricForm(forms.Form):
    """One level for each criterion of a rubric, and words. ``levels()`` are indexes, 0 the best."""

    comment = fields.CharField(
        label="Umpan balik", required=False, max_length=5000, widget=fields.Textarea(attrs={"rows": 4, "accesskey": "u"})
    )
    due = MomentField(label="Tenggat perbaikan")

    def __init__(self, rubric: list[dict[str, Any]], *args: Any, zone: str = clock.DEFAULT_ZONE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        self.fields["due"].zone = zone  # type: ignore[attr-defined]  # a MomentField
        self.fields["due"].label = f"Tenggat perbaikan ({clock.ZONES.get(zone, 'WIB')})"
        self.fields["due"].help_text = "Hanya dipakai bila Anda meminta perbaikan. Kosong berarti tanpa tenggat khusus."
        for place, criterion in enumerate(rubric):
            choices = [(str(level), one["title"]) for level, one in enumerate(criterion["levels"])]
            self.fields[f"c{place}"] = fields.ChoiceField(
                label=criterion["criterion"],
                choices=choices,
                widget=fields.RadioSelect,
                error_messages={"required": f"Pilih tingkat untuk kriteria {criterion['criterion']}.", "invalid_choice": UNKNOWN},
            )
        self.order_fields([*(f"c{place}" for place in range(len(rubric))), "comment", "due"])

    def clean_due(self) -> datetime | None:
        due = self.cleaned_data["due"]
        if due is not None and not timezone.now() < due < timezone.now() + LONGEST_DUE:
            raise ValidationError("Tenggat harus sesudah sekarang, paling lama setahun lagi.")
        return due

    def levels(self) -> list[int]:
        return [int(self.cleaned_data[f"c{place}"]) for place in range(len(self.rubric))]

    def rows(self) -> list[dict[str, Any]]:
        """What the bench draws: the criterion's bound field, weight, and each level (the best last) with its words."""
        found = []
        for place, criterion in enumerate(self.rubric):
            bound = self[f"c{place}"]
            chosen = str(bound.value()) if bound.value() is not None else ""
            best = len(criterion["levels"])
            levels = [
                {"index": str(level), "key": best - level, "checked": str(level) == chosen, **one}
                for level, one in enumerate(criterion["levels"])
            ][::-1]
            found.append(
                {"field": bound, "name": bound.html_name, "weight": criterion["weight"], "levels": levels, "label": criterion["criterion"]}
            )
        return found


class AnswersForm(forms.Form):
    """Right or wrong for each short answer that waits for a person."""

    comment = fields.CharField(label="Catatan untuk peserta", required=False, max_length=2000, widget=fields.Textarea(attrs={"rows": 3}))

    def __init__(self, waiting: list[Response], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        for response in waiting:
            self.fields[f"r{response.pk}"] = fields.ChoiceField(
                label=f"Soal {response.position}",
                choices=[("1", "Tepat"), ("0", "Belum tepat")],
                widget=fields.RadioSelect,
                error_messages={
                    "required": f"Nilai jawaban soal {response.position}: tepat atau belum tepat.",
                    "invalid_choice": UNKNOWN,
                },
            )

    def verdicts(self) -> dict[int, bool]:
        return {one.pk: self.cleaned_data[f"r{one.pk}"] == "1" for one in self.waiting}

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"response": one, "field": self[f"r{one.pk}"], "content": one.question_version.content, "said": _said(one)}
            for one in self.waiting
        ]


def _said(response: Response) -> str:
    """The learner's own words, as feedback would show them."""
    rows = kind_of(response.question_version).rows(response.answer, None)
    return "; ".join(rows[0]["texts"]) if rows and response.answer is not None else ""


class SomeAnswersForm(forms.Form):
    """Right or wrong for some answers to one question, of different learners; at least one."""

    def __init__(self, rows: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            row["name"] = f"r{row['response'].pk}"
            self.fields[row["name"]] = fields.ChoiceField(
                label=row["who"].name,
                choices=[("1", "Tepat"), ("0", "Belum tepat")],
                widget=fields.RadioSelect,
                required=False,
                error_messages={"invalid_choice": UNKNOWN},
            )
            row["field"] = self[row["name"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise ValidationError("Pilih tepat atau belum tepat untuk paling sedikit satu jawaban.")
        return data

    def verdicts(self) -> list[tuple[Response, bool]]:
        """Each answer that was judged, with whether it is right."""
        return [(row["response"], self.cleaned_data[row["name"]] == "1") for row in self.rows if self.cleaned_data[row["name"]]]


class LateForm(forms.Form):
    """Why an answer that came too late counts after all."""

    reason = fields.CharField(label="Alasan", max_length=300, error_messages={"required": "Tulis alasan mengapa jawaban ini dihitung."})
