"""How much is taken in, at most."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from harvests.models import ProductForm, Quota
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.models import Community, Family
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def set_quota(
    *,
    actor: User | None,
    form: ProductForm,
    starts_on: date,
    ends_on: date,
    limit_kg: Decimal,
    community: Community | None = None,
    family: Family | None = None,
    resolution: str = "",
    reason: str = "",
) -> Quota:
    """Say how many kilos of a form are taken in from a family, a community, or from all.

    Raises:
        ValidationError: ``not_weighed``; ``overlapping`` with a standing quota of the same form
            and the same families; what the constraints say.
    """
    with acting(actor, reason=reason):
        form = locked(form)
        if not form.is_weighed:
            raise refusal_at(
                "form",
                _("%(form)s se cuenta por unidad: un cupo va en kilos."),
                code="not_weighed",
                params={"form": form.name},
            )
        quota = Quota(
            form=form,
            community=community,
            family=family,
            starts_on=starts_on,
            ends_on=ends_on,
            limit_kg=limit_kg,
            resolution=resolution,
        )
        quota.full_clean()
        _refuse_overlapping(quota)
        quota.save()
    return quota


@transaction.atomic
def correct_quota(*, actor: User | None, quota: Quota, reason: str, **changes: Any) -> Quota:
    """Correct ``starts_on``, ``ends_on``, ``limit_kg``, ``resolution``. Of what and for whom it is
    stays: such a quota is withdrawn.

    Raises:
        ValidationError: ``reason_required``; ``withdrawn``; ``overlapping``.
    """
    refuse_other_fields(changes, {"starts_on", "ends_on", "limit_kg", "resolution"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(quota.form)
        quota = _standing(quota)
        if not assign(quota, changes):
            return quota
        quota.full_clean()
        _refuse_overlapping(quota)
        quota.save()
    return quota


@transaction.atomic
def withdraw_quota(*, actor: User | None, quota: Quota, reason: str) -> Quota:
    """From now on nobody is asked about a quota; what it said stays on record.

    Raises:
        ValidationError: ``reason_required``; ``withdrawn`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(quota.form)
        quota = _standing(quota)
        quota.withdrawn_on = timezone.localdate()
        quota.full_clean()
        quota.save()
    return quota


def _standing(quota: Quota) -> Quota:
    quota = locked(quota)
    if quota.withdrawn_on is not None:
        raise ValidationError(_("Este cupo está retirado. Ponga otro."), code="withdrawn")
    return quota


def _refuse_overlapping(quota: Quota) -> None:
    """Two limits for one day and the same people contradict each other."""
    others = Quota.objects.standing().filter(
        form=quota.form,
        community=quota.community,
        family=quota.family,
        starts_on__lte=quota.ends_on,
        ends_on__gte=quota.starts_on,
    )
    if other := others.exclude(pk=quota.pk).first():
        raise refusal_at(
            "starts_on",
            _("Ya hay un cupo de %(kg)s kg para esos días: corríjalo o retírelo."),
            code="overlapping",
            params={"kg": number_format(other.limit_kg.normalize(), force_grouping=True)},
        )
