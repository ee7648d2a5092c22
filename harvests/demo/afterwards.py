"""What the office did about deliveries: corrected, voided, explained."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from harvests.models import Delivery, DeliveryAlert
from harvests.services.deliveries import correct_delivery, decide_alert, void_delivery
from kallari.demo import UNTIL, Scale
from members.demo import invented

if TYPE_CHECKING:
    from harvests.demo.deliveries import Weighed
    from kallari.demo import DemoContext

CORRECTED = {Scale.SMALL: 3, Scale.FULL: 24}
VOIDED = {Scale.SMALL: 2, Scale.FULL: 12}
SLIPS = (
    "Se escribió otro peso; el recibo firmado dice el correcto.",
    "La balanza no estaba en cero.",
    "Se pesó un saco menos.",
)
EXPLAINED = {
    "late_harvest": "La familia avisó; la baba llegó en buen estado.",
    "unripe": "Se revisaron las vainas una por una; las verdes se devolvieron.",
    "above_estimate": "El técnico visitó la chakra: la estimación era baja.",
    "quota": "La directiva aceptó el excedente de esa semana.",
    "double": "Son dos sacos distintos; la familia trajo dos ese día.",
}


def load(context: DemoContext) -> None:
    """Correct and void some, decide on what was asked over a month ago."""
    chance = context.random("afterwards")
    office = context.loaded["users"]["administracion"]
    weighed: list[Weighed] = context.loaded["weighed"]
    asked = set(DeliveryAlert.objects.values_list("delivery", flat=True)) | set(
        DeliveryAlert.objects.values_list("other", flat=True)
    )
    mended = [
        one
        for one in weighed
        if one.payload["product_form"] == "baba"
        and one.key not in asked
        and Decimal(one.payload["quantity"]) > 45
    ]
    chosen = chance.sample(mended, CORRECTED[context.scale] + VOIDED[context.scale])
    deliveries = Delivery.objects.in_bulk([one.key for one in chosen])
    for place, one in enumerate(chosen):
        if place < VOIDED[context.scale]:
            reason = "Se registró a nombre de otra familia."
            void_delivery(actor=office, delivery=deliveries[one.key], reason=reason)
            continue
        heavier = Decimal(one.payload["quantity"]) + chance.choice((-10, 10, 5, -5, 60))
        correct_delivery(
            actor=office,
            delivery=deliveries[one.key],
            told=one.payload | {"quantity": str(abs(heavier))},
            reason=chance.choice(SLIPS),
            key=invented.key(chance),
        )
    old = DeliveryAlert.objects.filter(
        is_open=True, delivery__weighed_on__lt=UNTIL - timedelta(days=30)
    )
    for alert in old.select_related("delivery").order_by("pk"):
        if alert.delivery.is_valid:
            decide_alert(
                actor=office,
                alert=alert,
                decision=DeliveryAlert.Decision.EXPLAINED,
                reason=EXPLAINED[alert.kind],
            )
