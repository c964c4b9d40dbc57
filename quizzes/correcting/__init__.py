"""A wrong key or rubric is put right in one place: look at the effect, apply it in the background, tell people, lower nothing earned.

``deciding.correct`` is the author's act, ``impact.impact`` what it would do, ``applying`` what the worker does, ``judging`` what everybody
asks who grades an answer.
"""
