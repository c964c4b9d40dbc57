from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Kurikulum"

    def ready(self) -> None:
        import_module("courses.granting").register()
