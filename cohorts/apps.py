from importlib import import_module

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = "Angkatan"

    def ready(self) -> None:
        import_module("cohorts.receivers")
        import_module("cohorts.messages").register_kinds()
        import_module("cohorts.reminders").register_kinds()
        import_module("cohorts.own_data").register()
        import_module("cohorts.publication").register_with_neighbours()
