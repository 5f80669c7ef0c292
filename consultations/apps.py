from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        from consultations import colleague_notices, decision_notices, notices, queue_notices

        notices.register()
        decision_notices.register()
        colleague_notices.register()
        queue_notices.register()
