"""Money given before the harvest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from harvests.services.advances import give_advance, void_advance
from kallari.demo import UNTIL, Scale
from members.demo import invented

if TYPE_CHECKING:
    from kallari.demo import DemoContext

GIVEN = {Scale.SMALL: 4, Scale.FULL: 30}
PURPOSES = ("Gastos de la escuela", "Machetes y podadoras", "Atención médica", "Abono orgánico")


def load(context: DemoContext) -> None:
    """Give some partners an advance; one receipt was written by mistake."""
    chance = context.random("advances")
    accountant = context.loaded["users"]["contabilidad"]
    scale = context.scale
    first = UNTIL - timedelta(days=80 if scale is Scale.SMALL else 700)
    days = sorted(chance.randrange((UNTIL - first).days) for _each in range(GIVEN[scale]))
    chosen = chance.sample(context.loaded["partners"], GIVEN[scale])
    given = [
        give_advance(
            actor=accountant,
            family=partner.family,
            amount_usd=Decimal(chance.randrange(4, 31) * 5),
            given_on=_weekday(first + timedelta(days=day)),
            given_by=accountant.full_name,
            purpose=chance.choice(PURPOSES),
            key=invented.key(chance),
        )
        for day, partner in zip(days, chosen, strict=True)
    ]
    void_advance(actor=accountant, advance=given[0], reason="El recibo se escribió dos veces.")


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))
