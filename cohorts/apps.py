from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = "Angkatan"

    def ready(self) -> None:
        from courses import publishing

        from . import messages, own_data, publication, receivers, reminders, scoping  # noqa: F401 - receivers listen once imported

        messages.register_kinds()
        reminders.register_kinds()
        own_data.register()
        scoping.register()
        publishing.register_reach(publication.reach)
