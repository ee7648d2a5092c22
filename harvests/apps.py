from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HarvestsConfig(AppConfig):
    name = "harvests"
    verbose_name = _("Cosechas")

    def ready(self) -> None:
        from harvests import home, timeline
        from harvests.delivered import kilos_of_chakras
        from harvests.family_links import links_of_account
        from harvests.trade import trade_in_deliveries
        from harvests.worklist import number_waiting
        from kallari.navigation import count_waiting
        from members.delivered import offer_delivered
        from members.family_links import offer_family_links
        from members.trade import offer_trade

        offer_trade(trade_in_deliveries)
        offer_delivered(kilos_of_chakras)
        offer_family_links(links_of_account)
        timeline.offer_entries()
        home.offer_parts()
        count_waiting("harvests:worklist", number_waiting)
