from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "kallari.history"
    label = "history"
    verbose_name = _("Historia")

    def ready(self) -> None:
        from kallari.history.coverage import check_history
        from kallari.history.home import offer_parts

        checks.register(check_history, checks.Tags.models)
        offer_parts()
