"""What grading tells people. These are no reminders: they go at once."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime

from notifications.kinds import Kind, register
from notifications.models import Message

from .correcting import telling


def register_kinds() -> None:
    """Called once from ``ready()``."""
    register(Kind("work_accepted", template="messages/work_accepted", label="Tugas diterima"))
    register(Kind("work_returned", template="messages/work_returned", label="Tugas perlu perbaikan", facts=returned))
    register(Kind("answers_judged", template="messages/answers_judged", label="Jawaban kuis dinilai"))
    register(Kind("mark_corrected", template="messages/mark_corrected", label="Nilai dikoreksi", facts=telling.facts))
    register(Kind("key_doubted", template="messages/key_doubted", label="Kunci soal diragukan"))
    register(Kind("marks_announced", template="messages/marks_announced", label="Nilai diumumkan"))
    register(Kind("accommodation_given", template="messages/accommodation_given", label="Pengecualian kuis diberikan", facts=closing))
    register(Kind("accommodation_ended", template="messages/accommodation_ended", label="Pengecualian kuis berakhir"))


def closing(message: Message) -> dict[str, Any]:
    """Until when an exception lets its learner take the quiz, if it says so."""
    return {"closes": parse_datetime(str(message.context.get("closes_at", "")))}


def returned(message: Message) -> dict[str, Any]:
    """Until when the work is to be sent again, if the trainer said so."""
    return {"due": parse_datetime(str(message.context.get("due_at", "")))}
