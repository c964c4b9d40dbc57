from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Sertifikat"

    def ready(self) -> None:
        from . import messages, own_data, readiness, receivers  # noqa: F401 - receivers listen once imported

        messages.register_kinds()
        own_data.register()
        readiness.register()
