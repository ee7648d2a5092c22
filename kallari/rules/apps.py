from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    name = "kallari.rules"
    label = "rules"
    verbose_name = _("Reglas")

    def ready(self) -> None:
        from kallari.rules.services import enter_shipped_values

        autodiscover_modules("rules")
        post_migrate.connect(
            enter_shipped_values, sender=self, dispatch_uid="kallari.rules.enter_shipped_values"
        )
