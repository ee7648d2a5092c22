"""The project as an app: its commands, its checks, the roles' groups filled after every migrate."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf.locale import LANG_INFO
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

LANG_INFO.setdefault(
    "qu",
    {"bidi": False, "code": "qu", "name": "Kichwa", "name_local": "Kichwa"},
)


class KallariConfig(AppConfig):
    name = "kallari"
    verbose_name = "Kallari"

    def ready(self) -> None:
        from kallari import embedded_postgres_checks, roles  # noqa: F401 - registers its check
        from kallari.api import schema  # noqa: F401 - registers how the API is described
        from kallari.api.home import offer_parts

        offer_parts()
        post_migrate.connect(roles.fill_groups, dispatch_uid="kallari.roles.fill_groups")


class KallariAdminConfig(AdminConfig):
    """Django's admin with our site in the place of the default one."""

    default_site = "kallari.admin_site.KallariAdminSite"
