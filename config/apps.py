from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Tasks are sent through this application by every process, not only by workers.
        from config import celery  # noqa: F401
