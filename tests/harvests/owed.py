"""Settlements, payments and cash, as the services would make them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from harvests.services import cash, payments, settlements
from tests.people import make_account

UNTIL = date(2026, 3, 31)
REASON = "Así lo dice el recibo firmado."


def account(role: str = "accountant") -> Any:
    """Who keeps the accounts, or holds another role."""
    from kallari.accounts.models import User

    found = User.objects.filter(username=f"cuentas-{role}").first()
    return found or make_account(role, username=f"cuentas-{role}")


def drafted(family: Any, until: date = UNTIL, **told: Any) -> Any:
    """A settlement that waits to be approved."""
    return settlements.settle_family(
        **{"actor": account(), "family": family, "until": until} | told
    )


def approved(family: Any, until: date = UNTIL, **told: Any) -> Any:
    """A settlement that is to be paid."""
    return settlements.approve_settlement(
        actor=account("manager"), settlement=drafted(family, until, **told)
    )


def opened(usd: str = "1000.00", *, name: str = "Caja de la oficina") -> Any:
    """An open cash box with so much in it."""
    box = cash.add_cash_box(actor=None, name=name, custodian=account())
    return cash.open_cash_box(
        actor=account(), box=box, opening_usd=Decimal(usd), opening_note="Fondo inicial"
    )


def paid(settlement: Any, usd: str, *, method: str = "transfer", **told: Any) -> Any:
    """A payment, by transfer where nothing else is said."""
    if method == "transfer":
        told = {"reference": "TR-8841", **told}
    return payments.pay_settlement(
        **{
            "actor": account(),
            "settlement": settlement,
            "amount_usd": Decimal(usd),
            "method": method,
            "paid_on": date(2026, 4, 2),
            "paid_by": "Contabilidad",
        }
        | told
    )


def amounts(settlement: Any) -> list[tuple[str, Decimal]]:
    """The lines of a settlement: kind and dollars."""
    return list(settlement.lines.order_by("pk").values_list("kind", "amount_usd"))
