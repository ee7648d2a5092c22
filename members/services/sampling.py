"""Whom the external body inspects again: by risk, and by a lot that anybody can repeat.

The lot: for each partner the SHA-256 of ``SEED:NUMBER`` (the partner's number in decimal figures)
in hexadecimal; the smallest come first. No program's own source of chance is asked, so that the
sample can be checked with any tool, years later.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from kallari.dates import refuse_future
from kallari.history.bulk import bulk_create_with_history
from kallari.history.context import acting
from kallari.refusals import refusal_at
from members.models import (
    CertificationScheme,
    ChakraCertification,
    CorrectiveAction,
    Finding,
    Inspection,
    Partner,
    ReinspectionSample,
    SampledPartner,
    Sanction,
    Severity,
)
from members.rules import (
    NOP_MINIMUM_PERCENT,
    NOP_ROOT_FACTOR,
    REINSPECTION_MINIMUM,
    REINSPECTION_PERCENT,
    REINSPECTION_RISK_PERCENT,
)
from members.services.locks import locked

if TYPE_CHECKING:
    from uuid import UUID

    from kallari.accounts.models import User


@dataclass(frozen=True)
class Size:
    """How many of a group are inspected again, by which rule, and whether it is confirmed."""

    number: int
    words: str
    is_confirmed: bool


def sample_size(sampling: str, members: int, on: date) -> Size:
    """Return the size of a sample of a group.

    EU: the larger of 5 % and 10; NOP: the larger of 1.4 √n and 2 % (REFERENCE.md; both formulas
    unconfirmed). Rounded up; never more than the group has.

    Raises:
        ValidationError: ``no_sampling``.
    """
    kinds = CertificationScheme.Sampling
    if sampling == kinds.PERCENT:
        rules = (REINSPECTION_PERCENT.row_on(on), REINSPECTION_MINIMUM.row_on(on))
        percent, least = REINSPECTION_PERCENT.on(on), REINSPECTION_MINIMUM.on(on)
        wanted = max(math.ceil(members * percent / 100), least)
        words = _("el mayor de %(percent)s %% y %(least)s") % {
            "percent": REINSPECTION_PERCENT.kind.words(percent),
            "least": least,
        }
    elif sampling == kinds.ROOT:
        rules = (NOP_ROOT_FACTOR.row_on(on), NOP_MINIMUM_PERCENT.row_on(on))
        factor, percent = NOP_ROOT_FACTOR.on(on), NOP_MINIMUM_PERCENT.on(on)
        root = factor * Decimal(members).sqrt()
        wanted = math.ceil(max(root, members * percent / 100))
        words = _("el mayor de %(factor)s por la raíz de %(members)s, y %(percent)s %%") % {
            "factor": NOP_ROOT_FACTOR.kind.words(factor),
            "members": members,
            "percent": NOP_MINIMUM_PERCENT.kind.words(percent),
        }
    else:
        raise ValidationError(_("Este esquema no pide ninguna muestra."), code="no_sampling")
    return Size(min(wanted, members), words, all(row.confirmed for row in rules))


@dataclass(frozen=True)
class Drawn:
    """A partner's place in a sample."""

    number: int
    why: str
    risk: int


def draw(population: Sequence[Sequence[int]], *, size: int, by_risk: int, seed: str) -> list[Drawn]:
    """Return the sample: the `by_risk` of highest risk, then the rest by lot. Pure arithmetic.

    Args:
        population: pairs of a partner's number and risk.
        by_risk: how many at most are taken for their risk; nobody without any is. Equal risks are
            told apart by the same lot.
    """
    lots = {number: _lot(seed, number) for number, _risk in population}
    risky = sorted(
        (one for one in population if one[1] > 0), key=lambda one: (-one[1], lots[one[0]])
    )[:by_risk]
    taken = {number for number, _risk in risky}
    rest = sorted((one for one in population if one[0] not in taken), key=lambda one: lots[one[0]])
    return [Drawn(number, SampledPartner.Why.RISK, risk) for number, risk in risky] + [
        Drawn(number, SampledPartner.Why.LOT, risk) for number, risk in rest[: size - len(risky)]
    ]


def _lot(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def group_on(scheme: CertificationScheme, day: date) -> dict[int, Partner]:
    """Return the partners of the group of a scheme on a day by their numbers: registered, with a
    chakra that the group holds (`ChakraCertificationQuerySet.listed_on`)."""
    listed = ChakraCertification.objects.listed_on(day).filter(
        scheme=scheme, chakra__family=models.OuterRef("family")
    )
    partners = (
        Partner.objects.members_on(day)
        .filter(models.Exists(listed))
        .select_related("person", "family__community")
    )
    return {one.number: one for one in partners if one.number is not None}


WEIGHTS = {Severity.MINOR: 1, Severity.MAJOR: 3, Severity.CRITICAL: 6}
OVERDUE_WEIGHT = 2
SANCTION_WEIGHT = 5
NOT_INSPECTED_WEIGHT = 3


def risks_on(scheme: CertificationScheme, day: date) -> dict[UUID, int]:
    """Return the risk of each family under a scheme, from what three years up to a day showed:
    findings by severity (1, 3, 6), 2 for each action overdue, 5 for each sanction, 3 where no
    internal inspection was made in the last twelve months. The weights only order a sample."""
    since = day.replace(year=day.year - 3, day=min(day.day, 28))
    risks: dict[UUID, int] = {}

    def add(family: UUID, weight: int) -> None:
        """Put a weight on a family."""
        risks[family] = risks.get(family, 0) + weight

    findings = Finding.objects.filter(
        inspection__checklist__scheme=scheme,
        inspection__inspected_on__gt=since,
        inspection__inspected_on__lte=day,
    )
    for family, severity in findings.values_list("inspection__family", "severity"):
        add(family, WEIGHTS[Severity(severity)])
    overdue = CorrectiveAction.objects.overdue_on(day).filter(
        finding__inspection__checklist__scheme=scheme, finding__inspection__inspected_on__lte=day
    )
    for family in overdue.values_list("finding__inspection__family", flat=True):
        add(family, OVERDUE_WEIGHT)
    sanctions = Sanction.objects.filter(scheme=scheme, starts_on__gt=since, starts_on__lte=day)
    for family in sanctions.values_list("family", flat=True):
        add(family, SANCTION_WEIGHT)
    visited = set(
        Inspection.objects.internal()
        .filter(
            checklist__scheme=scheme,
            inspected_on__gt=day.replace(year=day.year - 1, day=min(day.day, 28)),
            inspected_on__lte=day,
        )
        .values_list("family", flat=True)
    )
    for partner in group_on(scheme, day).values():
        if partner.family_id not in visited:
            add(partner.family_id, NOT_INSPECTED_WEIGHT)
    return risks


@transaction.atomic
def draw_sample(
    *,
    actor: User | None,
    scheme: CertificationScheme,
    drawn_on: date,
    seed: str = "",
    reason: str = "",
) -> ReinspectionSample:
    """Draw the sample of a scheme's group as it is on a day, and keep all it was drawn from.

    Args:
        seed: said by somebody who watches; without one, drawn at random.

    Raises:
        ValidationError: ``in_the_future``; ``no_sampling``; ``nobody`` when the group is empty;
            ``already_drawn`` when there is a sample of that group and day and no `reason` says why
            there has to be another: nobody draws until the lot pleases.
    """
    refuse_future("drawn_on", drawn_on)
    group = group_on(scheme, drawn_on)
    size = sample_size(scheme.sampling, len(group), drawn_on)
    if not group:
        raise ValidationError(_("Ese día nadie está en el grupo."), code="nobody")
    risks = risks_on(scheme, drawn_on)
    by_risk = int(size.number * REINSPECTION_RISK_PERCENT.on(drawn_on) / 100)
    with acting(actor, reason=reason):
        locked(scheme)
        drawn_already = ReinspectionSample.objects.filter(scheme=scheme, drawn_on=drawn_on)
        if not reason.strip() and drawn_already.exists():
            message = _("Ya hay una muestra de ese día. Diga por qué se sortea otra.")
            raise refusal_at("reason", message, code="already_drawn")
        sample = ReinspectionSample(
            scheme=scheme,
            drawn_on=drawn_on,
            seed=seed or secrets.token_hex(8),
            size=size.number,
            by_risk=by_risk,
            rule=size.words,
            rule_is_confirmed=size.is_confirmed,
            population=[
                [number, risks.get(partner.family_id, 0), str(partner.pk)]
                for number, partner in sorted(group.items())
            ],
        )
        sample.full_clean()
        sample.save()
        drawn = draw(sample.lots, size=size.number, by_risk=by_risk, seed=sample.seed)
        bulk_create_with_history(
            [
                SampledPartner(
                    sample=sample,
                    partner=group[one.number],
                    place=place,
                    why=one.why,
                    risk=one.risk,
                )
                for place, one in enumerate(drawn, 1)
            ],
            actor=actor,
        )
    return sample


def is_as_drawn(sample: ReinspectionSample) -> bool:
    """Whether the sample comes out again from what was kept: population, seed and sizes. A
    partner's number corrected since then changes nothing."""
    again = draw(sample.lots, size=sample.size, by_risk=sample.by_risk, seed=sample.seed)
    kept = sample.sampled.order_by("place").select_related("partner")
    return [(sample.number_of(one.partner), one.why, one.risk) for one in kept] == [
        (one.number, str(one.why), one.risk) for one in again
    ]
