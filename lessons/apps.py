from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LessonsConfig(AppConfig):
    name = "lessons"
    verbose_name = "Sessions, step by step"

    def ready(self):
        from . import checks, demo_user  # noqa: F401  (importing checks registers them)

        post_migrate.connect(demo_user.make, sender=self)
