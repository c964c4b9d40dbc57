"""What grading tells people. These are no reminders: they go at once."""

from __future__ import annotations

from notifications.kinds import Kind, register


def register_kinds() -> None:
    """Called once from ``ready()``."""
    register(Kind("work_accepted", template="messages/work_accepted", label="Tugas diterima"))
    register(Kind("work_returned", template="messages/work_returned", label="Tugas perlu perbaikan"))
    register(Kind("answers_judged", template="messages/answers_judged", label="Jawaban kuis dinilai"))
