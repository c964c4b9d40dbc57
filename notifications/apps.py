from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Pemberitahuan"

    def ready(self) -> None:
        import_module("notifications.own_data").register()
