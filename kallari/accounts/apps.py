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
        _call_roles_by_their_names()


def _call_roles_by_their_names() -> None:
    """A group is a role here: wherever one is shown, it goes by the name that people know."""
    from django.contrib.auth.models import Group

    from kallari.roles import labels

    Group.add_to_class("__str__", lambda group: labels([group.name]) or group.name)
