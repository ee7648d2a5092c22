from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "kallari.accounts"
    label = "accounts"
    verbose_name = _("Cuentas y roles")

    def ready(self) -> None:
        from kallari.accounts import checks, signals  # noqa: F401 - importing connects them
        from kallari.accounts.home import offer_parts

        offer_parts()
