from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "lessons"
    verbose_name = "Sessions, step by step"

    def ready(self):
        from . import checks  # noqa: F401  (importing it registers the checks)
