from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Socios y comunidades")

    def ready(self) -> None:
        from members.home import offer_parts
        from members.timeline import certification, chakras, community_life, own

        offer_parts()
        own.offer_entries()
        chakras.offer_entries()
        certification.offer_entries()
        community_life.offer_entries()
