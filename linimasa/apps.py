from django.apps import AppConfig


class LinimasaConfig(AppConfig):
    name = "linimasa"
    verbose_name = "Linimasa"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the deployment checks
