"""Who, how much, of which class, for how much: plain functions over drafts and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from harvests.intake.facts import CLASSES, CONVENTIONAL, Facts, Form, as_text, local_day, ripe_from
from harvests.intake.reading import Draft, Refusal, Refused
from harvests.price import Price
from kallari.units import GRAM, in_kg, worth

NO_SUCH_ROW = _("No existe, o no está a su cargo.")
NO_PRICE = _("No hay un precio que rija para esa presentación y calidad en ese momento.")
PRICE_OF_OTHER_UNIT = _("El precio publicado es por otra clase de unidad.")
MOST_KG = Decimal(100_000)
"""More than a truck carries: a slip of the finger."""
MOST_PIECES = 100_000


@dataclass(slots=True)
class Alert:
    """Something to look at: a kind of `DeliveryAlert`, with its figures as text."""

    kind: str
    facts: dict[str, Any]
    other: str | None = None


@dataclass(slots=True)
class Valued:
    """A delivery ready to be written."""

    draft: Draft
    family: str
    partner: str | None
    community: int
    center: int
    center_code: str
    form: Form
    variety: int | None
    quality: int | None
    quality_code: str | None
    rank: int
    weighed_at: datetime
    weighed_on: date
    told_at: datetime | None
    gross_kg: Decimal | None
    net_kg: Decimal | None
    line: int | None
    """The key of the price line; None of an earlier record."""
    price_usd: Decimal
    premium_unit_usd: Decimal
    price_unit: str
    amount_usd: Decimal
    premium_usd: Decimal
    shares: list[tuple[str, Decimal, Decimal | None]]
    alerts: list[Alert] = field(default_factory=list)
    folio: str = ""
    folio_year: int = 0
    folio_number: int = 0


def true_instant(told: datetime, offset_ms: int | None, now: datetime) -> datetime:
    """When it was weighed: what the telephone's clock showed, corrected by its measured offset
    (server minus telephone), and never later than now."""
    try:
        corrected = told + timedelta(milliseconds=offset_ms or 0)
    except OverflowError:
        return now
    return min(corrected, now)


def value(draft: Draft, facts: Facts, *, now: datetime) -> Valued:
    """Return what a draft comes to. Of an earlier record, which says what was paid, that is kept.

    Raises:
        Refused: with every refusal at once: ``does_not_exist``,
            ``family_closed``, ``other_family``, ``retired``, ``no_center``, ``center_closed``,
            ``wrong_unit``, ``quality_needed``, ``not_positive``, ``too_heavy``,
            ``other_chakra``, ``no_price_in_force``.
    """
    refusals: list[Refusal] = []
    at = true_instant(draft.weighed_at, draft.clock_offset_ms, now)
    day = local_day(at)
    family, community = _family(draft, facts, day, refusals)
    form = _form(draft, facts, day, refusals)
    center = _center(draft, facts, day, refusals)
    if family is None or form is None or center is None:
        raise Refused(*refusals)
    quality = _quality(draft, facts, form, refusals)
    variety = None
    if draft.variety is not None:
        variety = facts.varieties.get((form.product, draft.variety))
        if variety is None:
            refusals.append(Refusal("variety", "does_not_exist", _("No hay esa variedad.")))
    gross, net = _weights(draft, form, refusals)
    worked = facts.open_chakras(family, day)
    told_shares = _told_shares(draft, facts, family, worked, refusals)
    if refusals:
        raise Refused(*refusals)
    from_chakras = [chakra for chakra, _share in told_shares] or worked
    rank = max((facts.class_of(one, day) for one in from_chakras), default=CONVENTIONAL)
    price = draft.paid or (None if quality is None else facts.price(form.id, quality, rank, at))
    if price is None:
        raise Refused(Refusal(None, "no_price_in_force", NO_PRICE))
    if (price.unit == "piece") is form.is_weighed:
        raise Refused(Refusal(None, "no_price_in_force", PRICE_OF_OTHER_UNIT))
    counted_in = "kg" if form.is_weighed else "piece"
    counted = net if net is not None else draft.quantity
    valued = Valued(
        draft=draft,
        family=family,
        partner=facts.membership_on(family, day),
        community=community,
        center=center,
        center_code=_center_code(draft, facts, center),
        form=form,
        variety=variety,
        quality=quality,
        quality_code=_quality_code(draft, facts, quality),
        rank=rank,
        weighed_at=at,
        weighed_on=day,
        told_at=None if at == draft.weighed_at else draft.weighed_at,
        gross_kg=gross,
        net_kg=net,
        line=price.line,
        price_usd=price.price_usd,
        premium_unit_usd=price.premium_usd,
        price_unit=price.unit,
        amount_usd=worth(counted, counted_in, price.price_usd, price.unit),
        premium_usd=worth(counted, counted_in, price.premium_usd, price.unit),
        shares=split(net, told_shares),
    )
    valued.alerts += _own_alerts(draft, facts, form, price, day, at, now)
    return valued


def _family(
    draft: Draft, facts: Facts, day: date, refusals: list[Refusal]
) -> tuple[str | None, int]:
    told = as_text(draft.family)
    if draft.partner is not None:
        of_partner = facts.partners.get(str(draft.partner))
        if of_partner is None:
            refusals.append(Refusal("partner", "does_not_exist", NO_SUCH_ROW))
            return None, 0
        if told is not None and told != of_partner:
            refusals.append(
                Refusal("partner", "other_family", _("La socia o el socio es de otra familia."))
            )
            return None, 0
        told = of_partner
    known = facts.families.get(told or "")
    if known is None or (facts.reach is not None and known[0] not in facts.reach):
        refusals.append(Refusal("family", "does_not_exist", NO_SUCH_ROW))
        return None, 0
    community, closed = known
    if closed is not None and closed <= day:
        refusals.append(
            Refusal("family", "family_closed", _("La familia ya no está en la asociación."))
        )
        return None, 0
    return told, community


def _form(draft: Draft, facts: Facts, day: date, refusals: list[Refusal]) -> Form | None:
    form = facts.forms.get(draft.form)
    if form is None:
        refusals.append(
            Refusal("product_form", "does_not_exist", _("No se compra una presentación así."))
        )
    elif form.retired_on is not None and form.retired_on <= day:
        refusals.append(Refusal("product_form", "retired", _("Esa presentación ya no se compra.")))
        return None
    return form


def _center(draft: Draft, facts: Facts, day: date, refusals: list[Refusal]) -> int | None:
    def is_open(closed: date | None) -> bool:
        return closed is None or day < closed

    if draft.center is None:
        opened = [key for key, closed in facts.centers.values() if is_open(closed)]
        if len(opened) == 1:
            return opened[0]
        refusals.append(Refusal("center", "no_center", _("Diga en qué centro de acopio.")))
        return None
    known = facts.centers.get(draft.center)
    if known is None:
        refusals.append(Refusal("center", "does_not_exist", _("No hay ese centro de acopio.")))
        return None
    if not is_open(known[1]):
        refusals.append(Refusal("center", "center_closed", _("Ese centro estaba cerrado.")))
        return None
    return known[0]


def _center_code(draft: Draft, facts: Facts, center: int) -> str:
    if draft.center is not None:
        return draft.center
    return next(code for code, (key, _closed) in facts.centers.items() if key == center)


def _quality(draft: Draft, facts: Facts, form: Form, refusals: list[Refusal]) -> int | None:
    if draft.quality is None:
        usual = None if draft.paid else facts.usual_quality.get(form.id)
        if usual is None and draft.paid is None:
            refusals.append(Refusal("quality", "quality_needed", _("Diga de qué calidad.")))
        return usual
    quality = facts.qualities.get((form.id, draft.quality))
    if quality is None:
        refusals.append(
            Refusal("quality", "does_not_exist", _("Esa presentación no tiene esa calidad."))
        )
    return quality


def _quality_code(draft: Draft, facts: Facts, quality: int | None) -> str | None:
    if draft.quality is not None or quality is None:
        return draft.quality
    return next(code for (_form, code), key in facts.qualities.items() if key == quality)


def _weights(
    draft: Draft, form: Form, refusals: list[Refusal]
) -> tuple[Decimal | None, Decimal | None]:
    """Gross and net kilos; neither of what is counted by the piece."""
    if form.is_weighed is (draft.unit == "piece"):
        refusals.append(
            Refusal(
                "unit",
                "wrong_unit",
                _("Eso se cuenta por unidades.") if not form.is_weighed else _("Eso se pesa."),
            )
        )
        return None, None
    if not form.is_weighed:
        if draft.tare_kg or draft.deduction_kg:
            refusals.append(
                Refusal("tare_kg", "wrong_unit", _("Lo que se cuenta no lleva tara ni descuento."))
            )
        if draft.quantity > MOST_PIECES:
            refusals.append(Refusal("quantity", "too_heavy", _("Demasiadas: revise la cantidad.")))
        if draft.quantity != draft.quantity.to_integral_value():
            refusals.append(
                Refusal("quantity", "invalid", _("Escriba cuántas, en números enteros."))
            )
        return None, None
    gross = in_kg(draft.quantity, draft.unit)
    net = gross - draft.tare_kg - draft.deduction_kg
    if net <= 0:
        refusals.append(
            Refusal(
                "quantity",
                "not_positive",
                _("Sin la tara y el descuento no queda nada: revise los pesos."),
            )
        )
    elif gross > MOST_KG:
        refusals.append(
            Refusal("quantity", "too_heavy", _("Más de cien toneladas: revise la cantidad."))
        )
    return gross, net


def _told_shares(
    draft: Draft, facts: Facts, family: str, worked: list[str], refusals: list[Refusal]
) -> list[tuple[str, Decimal]]:
    """Chakras and their parts: those that were told, or all of it from the only chakra that the
    family works. Several chakras and nothing told: unknown."""
    if not draft.chakras:
        return [(worked[0], Decimal(1))] if len(worked) == 1 else []
    own = {chakra for chakra, _closed in facts.chakras.get(family, ())}
    told = [(str(chakra), share) for chakra, share in draft.chakras]
    if any(chakra not in own for chakra, _share in told):
        refusals.append(
            Refusal("chakras", "other_chakra", _("Una de las chakras no es de esa familia."))
        )
    return told


def split(
    net: Decimal | None, shares: Sequence[tuple[str, Decimal]]
) -> list[tuple[str, Decimal, Decimal | None]]:
    """Part kilos among chakras so that the parts add up to all of it, to the gram: each gets its
    whole grams, and the grams left over go to the largest remainders (Hamilton's method)."""
    if net is None:
        return [(chakra, share, None) for chakra, share in shares]
    grams = int(net / GRAM)
    exact = [grams * share for _chakra, share in shares]
    whole = [int(one) for one in exact]
    order = sorted(range(len(shares)), key=lambda place: (whole[place] - exact[place], place))
    for place in order[: grams - sum(whole)]:
        whole[place] += 1
    return [
        (chakra, share, part * GRAM) for (chakra, share), part in zip(shares, whole, strict=True)
    ]


def _own_alerts(
    draft: Draft,
    facts: Facts,
    form: Form,
    price: Price,
    day: date,
    at: datetime,
    now: datetime,
) -> list[Alert]:
    """What a delivery tells by itself."""
    alerts = []
    late = facts.figure(form.id, "late_days", day)
    if draft.harvested_on is not None and late is not None:
        days = (day - draft.harvested_on).days
        if days > late:
            alerts.append(Alert("late_harvest", {"days": days, "most": str(late.normalize())}))
    months = facts.figure(form.id, "ripe_months", day)
    if draft.pollinated_on is not None and months is not None:
        ripe = ripe_from(draft.pollinated_on, months)
        if day < ripe:
            alerts.append(Alert("unripe", {"ripe_on": ripe.isoformat()}))
    if draft.price_line_seen is not None and draft.price_line_seen != price.line:
        alerts.append(Alert("price_seen", {"seen": draft.price_line_seen, "applied": price.line}))
    seconds = facts.rules[day][2] if day in facts.rules else 0
    off = abs((at - draft.weighed_at).total_seconds())
    if seconds and off > seconds:
        alerts.append(
            Alert(
                "clock",
                {
                    "told": draft.weighed_at.astimezone(UTC).isoformat(),
                    "offset_ms": draft.clock_offset_ms,
                    "was_future": draft.weighed_at > now,
                },
            )
        )
    return alerts


def row_of(valued: Valued, *, agent: int, via: str, now: datetime) -> dict[str, Any]:
    """The columns of a delivery, each as JSON has it."""
    draft = valued.draft
    return {
        "id": str(draft.id),
        "folio": valued.folio,
        "folio_year": valued.folio_year,
        "folio_number": valued.folio_number,
        "status": "valid",
        "ended_at": None,
        "supersedes_id": as_text(draft.supersedes),
        "family_id": valued.family,
        "partner_id": valued.partner,
        "community_id": valued.community,
        "center_id": valued.center,
        "agent_id": agent,
        "device_id": as_text(draft.device),
        "via": via,
        "reference": draft.reference,
        "form_id": valued.form.id,
        "variety_id": valued.variety,
        "quality_id": valued.quality,
        "certification_class": CLASSES[valued.rank],
        "harvested_on": _text(draft.harvested_on),
        "pollinated_on": _text(draft.pollinated_on),
        "quantity": str(draft.quantity),
        "unit": draft.unit,
        "containers": draft.containers,
        "gross_kg": _text(valued.gross_kg),
        "tare_kg": str(draft.tare_kg),
        "deduction_kg": str(draft.deduction_kg),
        "deduction_reason": draft.deduction_reason,
        "net_kg": _text(valued.net_kg),
        "moisture_percent": _text(draft.moisture_percent),
        "price_line_id": valued.line,
        "unit_price_usd": str(valued.price_usd),
        "premium_unit_usd": str(valued.premium_unit_usd),
        "price_unit": valued.price_unit,
        "amount_usd": str(valued.amount_usd),
        "premium_usd": str(valued.premium_usd),
        "weighed_at": valued.weighed_at.isoformat(),
        "told_weighed_at": None if valued.told_at is None else valued.told_at.isoformat(),
        "clock_offset_ms": draft.clock_offset_ms,
        "received_at": now.isoformat(),
        "longitude": _text(draft.longitude),
        "latitude": _text(draft.latitude),
        "accuracy_m": _text(draft.accuracy_m),
        "note": draft.note,
        "content_digest": draft.digest,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
