from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Penilaian"

    def ready(self) -> None:
        from courses import publishing

        from . import messages, part

        messages.register_kinds()
        publishing.register_part("quizzes", part.QuizzesPart())
        publishing.register_effect(part.running_attempts_keep_theirs)
