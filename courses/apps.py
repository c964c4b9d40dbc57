from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Kurikulum"

    def ready(self) -> None:
        from . import scoping

        scoping.register()
