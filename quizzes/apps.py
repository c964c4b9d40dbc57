from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Penilaian"

    def ready(self) -> None:
        from cohorts import moving, words
        from courses import leaning, publishing, reviewing
        from courses.media import releasing, using
        from courses.packing import contents

        from . import advising, believing, messages, own_data, packing, part, picturing, quoting
        from .bank import listing

        messages.register_kinds()
        publishing.register_part("quizzes", part.QuizzesPart())
        publishing.register_effect(part.running_attempts_keep_theirs)
        publishing.register_advice(advising.without_feedback)
        reviewing.register_authors(advising.authors)
        publishing.register_annex(listing.annex)
        using.register_uses(picturing.uses)
        leaning.register_beliefs(believing.carrying)
        releasing.register_shows(picturing.shows)
        moving.register_effect(part.running_attempts_in)
        contents.register(packing.QuizzesInPackages())
        own_data.register()
        words.register(quoting.words_on_returned_work)
