from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Kurikulum"

    def ready(self) -> None:
        from . import messages, publishing, reminding, scoping, tasks

        messages.register_kinds()
        reminding.register_kinds()
        publishing.register_after(tasks.ask_for_booklets)
        scoping.register()
