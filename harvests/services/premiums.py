"""Rules of premiums: written down, confirmed by another person, closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harvests.models import PremiumRule, Product, ProductForm, SettlementLine
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.units import Unit
from members.services.locks import lock_numbers, locked

if TYPE_CHECKING:
    from harvests.querysets.settlements import PremiumRuleQuerySet
    from kallari.accounts.models import User


@transaction.atomic
def write_premium_rule(
    *,
    actor: User,
    name: str,
    usd_per_unit: Decimal,
    unit: str,
    valid_from: date,
    resolution: str,
    source: str,
    product: Product | None = None,
    form: ProductForm | None = None,
    certification_class: str = "",
    partners_only: bool = False,
    valid_until: date | None = None,
    reason: str = "",
) -> PremiumRule:
    """Write down a premium that was decided. It is paid once another person has confirmed it.

    Raises:
        ValidationError: ``unit_of_another_kind`` (what is weighed earns nothing by the piece); what
            the constraints say.
    """
    with acting(actor, reason=reason):
        if form is not None and (unit == Unit.PIECE) == form.is_weighed:
            raise refusal_at(
                "unit",
                _("%(form)s no se cuenta por esa unidad."),
                code="unit_of_another_kind",
                params={"form": form.name},
            )
        rule = PremiumRule(
            name=name,
            product=product,
            form=form,
            certification_class=certification_class,
            partners_only=partners_only,
            usd_per_unit=usd_per_unit,
            unit=unit,
            valid_from=valid_from,
            valid_until=valid_until,
            resolution=resolution,
            source=source,
            written_by=actor,
        )
        rule.full_clean()
        rule.save()
    return rule


@transaction.atomic
def confirm_premium_rule(*, actor: User, rule: PremiumRule, reason: str = "") -> PremiumRule:
    """Another person than who wrote it stands for a rule: from now on settlements pay it.

    Raises:
        ValidationError: ``confirmed`` already; ``own_rule``; ``paid_already``: it was written
            twice, and the other pays it.
    """
    with acting(actor, reason=reason or gettext("Se comprobó con la resolución.")):
        lock_numbers("premium_rule")
        rule = locked(rule)
        if rule.is_confirmed:
            raise ValidationError(_("Esa regla ya está confirmada."), code="confirmed")
        if rule.written_by_id == actor.pk:
            raise ValidationError(
                _("Quien anota un premio no lo confirma: lo confirma otra persona."),
                code="own_rule",
            )
        if _twins(rule).confirmed().exists():
            raise ValidationError(
                _(
                    "Ese premio está anotado dos veces, y el otro ya está confirmado: se pagaría"
                    " dos veces."
                ),
                code="paid_already",
            )
        rule.confirmed_at, rule.confirmed_by = timezone.now(), actor
        rule.full_clean()
        rule.save()
    return rule


SAME = (
    "product",
    "form",
    "certification_class",
    "partners_only",
    "usd_per_unit",
    "unit",
    "resolution",
)
"""What two rules have in common that pay one premium."""


def _twins(rule: PremiumRule) -> PremiumRuleQuerySet:
    """Other rules that pay the same by the same resolution, for some of the same days."""
    rows = PremiumRule.objects.exclude(pk=rule.pk).filter(
        models.Q(valid_until=None) | models.Q(valid_until__gte=rule.valid_from),
        **{name: getattr(rule, name) for name in SAME},
    )
    return rows if rule.valid_until is None else rows.begun(rule.valid_until)


@transaction.atomic
def close_premium_rule(
    *, actor: User | None, rule: PremiumRule, valid_until: date, reason: str
) -> PremiumRule:
    """Deliveries weighed after a day earn a premium no more.

    Raises:
        ValidationError: ``reason_required``; ``closed`` already; ``already_paid`` when a settlement
            has paid it for a later delivery.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_numbers("settlement")
        rule = locked(rule)
        if rule.valid_until is not None:
            raise ValidationError(_("Esa regla ya tiene su último día."), code="closed")
        later = SettlementLine.objects.counting().filter(
            premium_rule=rule, delivery__weighed_on__gt=valid_until
        )
        if later.exists():
            raise refusal_at(
                "valid_until",
                _("Ya se liquidó ese premio por una entrega posterior. Escoja otro día."),
                code="already_paid",
            )
        rule.valid_until = valid_until
        rule.full_clean()
        rule.save()
    return rule
