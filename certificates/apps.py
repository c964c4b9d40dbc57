from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Sertifikat"

    def ready(self) -> None:
        from . import messages, own_data, readiness, receivers  # noqa: F401

        messages.register()
        own_data.register()
        readiness.register()
