"""What families were owed each month, approved, and paid: the last month waits for the accountant,
the one before is not all paid yet."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvests.models import Delivery, Payment, Product, Settlement
from harvests.rules import ISSUER_RUC
from harvests.services import cash, payments, premiums, settlements, statement_links
from kallari.demo import UNTIL, Scale
from kallari.rules.services import add_rule_value
from members.demo import invented
from members.models import Family

if TYPE_CHECKING:
    from random import Random

    from harvests.models import CashSession
    from kallari.accounts.models import User
    from kallari.demo import DemoContext

MONTHS = {Scale.SMALL: 2, Scale.FULL: 3}
"""How many months are settled one by one; what came before is settled at once, and paid."""
CASH_BY = Decimal(60)
"""Up to how many dollars a family is paid in cash."""
MOST_IN_CASH = 12
"""Families paid in cash at once; the others have an account."""


def load(context: DemoContext) -> None:
    """Settle month by month up to the one before the last, approve, pay, and leave the newest to
    be approved."""
    chance = context.random("settlements")
    accountant: User = context.loaded["users"]["contabilidad"]
    manager: User = context.loaded["users"]["gerencia"]
    _premium(accountant, manager)
    _tax_number(manager)
    session = _open_box(accountant)
    days = _month_ends(MONTHS[context.scale])
    families = list(Family.objects.order_by("number"))
    for place, day in enumerate(days):
        made = settlements.settle_families(
            actor=accountant,
            families=families,
            until=day,
            keys={family.pk: invented.key(chance) for family in families},
        ).made
        if place == len(days) - 1:
            break  # these wait to be approved
        settlements.approve_settlements(actor=manager, settlements=made)
        share = 1.0 if place < len(days) - 2 else 0.7
        _pay(accountant, made, day, session, chance, share)
    cash.move_cash(
        actor=accountant,
        session=session,
        kind="banked",
        amount_usd=Decimal(100),
        note="Depósito de lo que no se necesita",
    )
    statement_links.make_statement_link(
        actor=accountant, family=context.loaded["partners"][0].family
    )


def _month_ends(number: int) -> list[date]:
    """The last days of the months before the last of the demo, and a day of that last one."""
    ends = [UNTIL - timedelta(days=10)]
    day = UNTIL.replace(day=1)
    for _each in range(number):
        day = (day - timedelta(days=1)).replace(day=1)
        ends.append(day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    first = Delivery.objects.valid().order_by("weighed_at").first()
    return sorted(end for end in ends if first is None or end >= first.weighed_on)


def _premium(accountant: User, manager: User) -> None:
    rule = premiums.write_premium_rule(
        actor=accountant,
        name="Prima de comercio justo 2026",
        product=Product.objects.get(code="cacao"),
        certification_class="organic",
        partners_only=True,
        usd_per_unit=Decimal("0.05"),
        unit="kg",
        valid_from=date(2026, 7, 1),
        resolution="Asamblea, resolución 2026-02",
        source="Prima de comercio justo del contrato de exportación",
    )
    premiums.confirm_premium_rule(actor=manager, rule=rule)


def _tax_number(manager: User) -> None:
    """Without one no purchase document can be tried. Of nobody: Napo (15), a company (9), all
    nines, and the check digit that is right for them."""
    add_rule_value(
        actor=manager,
        rule=ISSUER_RUC,
        value="1599999996001",
        valid_from=date(UNTIL.year, 1, 1),
        source="Inventado, de demostración",
    )


def _open_box(accountant: User) -> CashSession:
    box = cash.add_cash_box(actor=accountant, name="Caja de la oficina", custodian=accountant)
    return cash.open_cash_box(
        actor=accountant,
        box=box,
        opening_usd=Decimal(20_000),
        opening_note="Fondo inicial para pagar las liquidaciones",
    )


def _pay(
    accountant: User,
    made: list[Settlement],
    day: date,
    session: CashSession,
    chance: Random,
    share: float,
) -> None:
    """A few small ones in cash, the others by one order to the bank."""
    owed = [one for one in made if one.total_usd and chance.random() <= share]
    in_cash = [one for one in owed if one.total_usd <= CASH_BY][:MOST_IN_CASH]
    told: dict[str, Any] = {
        "actor": accountant,
        "paid_on": day + timedelta(days=5),
        "paid_by": accountant.full_name,
    }
    payments.pay_by_one_transfer(
        settlements=[one for one in owed if one not in in_cash],
        reference=f"TR-{chance.randrange(10**6, 10**7)}",
        keys={one.pk: invented.key(chance) for one in owed},
        **told,
    )
    for settlement in in_cash:
        payments.pay_settlement(
            settlement=settlement,
            amount_usd=settlement.total_usd,
            method=Payment.Method.CASH,
            session=session,
            key=invented.key(chance),
            **told,
        )
