"""Rows of the register, as the services would make them."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from members.services import (
    allies,
    chakras,
    families,
    gatherings,
    inputs,
    partners,
    persons,
    volunteers,
)
from members.services import communities as services

BORN_ON = date(1980, 3, 25)
REGISTERED_ON = date(2022, 6, 1)
RESOLUTION = "Resolución AG-2022-01"
REASON = "Así lo dice el acta."

_numbers = itertools.count(1)


def community(name="Rumi Yaku", *aliases, **fields):
    made = services.add_community(actor=None, name=name, **{"distinct": True, **fields})
    for spelling in aliases:
        services.add_alias(actor=None, community=made, spelling=spelling)
    return made


def cedula(number=None):
    """A valid identity number of Napo (province 15): another one at each call, or that of a
    number. The check digit is computed as in "Registro Civil": weights 2, 1, 2, 1…, sum of the
    digits of each product, complement to ten."""
    number = next(_numbers) if number is None else number
    digits = f"150{number:06d}"
    total = sum(
        int(digit) * 2 - 9 if place % 2 == 0 and int(digit) > 4 else int(digit) * (2 - place % 2)
        for place, digit in enumerate(digits)
    )
    return f"{digits}{-total % 10}"


def family(name="Grefa Andi", *, of=None, **fields):
    from members.models import Community

    of = of or Community.objects.first() or community()
    return families.add_family(actor=None, name=name, community=of, **fields)


def person(surnames="Grefa Andi", given_names="Rosa Elena", *, of=None, **told):
    fields: dict[str, Any] = {"born_on": BORN_ON, "sex": "F", "distinct": True} | told
    if "cedula" not in fields and "cedula_missing_reason" not in fields:
        fields["cedula"] = cedula()
    return persons.add_person(
        actor=None,
        family=of or family(surnames),
        surnames=surnames,
        given_names=given_names,
        **fields,
    )


def bank_account(of, **fields):
    told: dict[str, Any] = {
        "institution": "Cooperativa Tena",
        "kind": "savings",
        "number": "2200114455",
        "on": date(2024, 1, 2),
        "reason": REASON,
    }
    return persons.add_bank_account(actor=None, person=of, **told | fields)


def traded(of, product="cocoa", *, since=REGISTERED_ON - timedelta(days=400), until=None):
    """A paper of earlier trade."""
    return partners.add_trade_evidence(
        actor=None,
        family=of,
        product=product,
        first_on=since,
        last_on=until or since,
        reference="Cuaderno de compras, folio 14",
    )


def applicant(of=None, *, applied_on=REGISTERED_ON - timedelta(days=30), **fields):
    of = of or person()
    return partners.apply_for_partnership(actor=None, person=of, applied_on=applied_on, **fields)


def partner(of=None, *, registered_on=REGISTERED_ON, resolution=RESOLUTION, number=None, **fields):
    of = of or person(**fields)
    traded(of.family, since=registered_on - timedelta(days=400))
    asked = applicant(of, applied_on=registered_on - timedelta(days=30))
    return partners.register_partner(
        actor=None,
        partner=asked,
        registered_on=registered_on,
        resolution=resolution,
        number=number,
    )


def chakra(*, of=None, **fields):
    return chakras.add_chakra(actor=None, family=of or family(), **fields)


def square(west=-77.8, south=-1.0, side=0.001, height=None):
    """A GeoJSON square, counter-clockwise; 0.001 degrees are about 111 m."""
    east, north = round(west + side, 6), round(south + (height or side), 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def conflict(first, second=None):
    """Two chakras of two families, the second half over the first."""
    from members.models import ChakraConflict

    one = chakra(of=first)
    other = chakra(of=second or family("Cerda", of=first.community))
    for measured, west in ((one, -77.8), (other, -77.7995)):
        chakras.set_geometry(
            actor=None,
            chakra=measured,
            geometry=square(west=west),
            captured_on=REGISTERED_ON,
            method="walk",
        )
    return ChakraConflict.objects.of(one).get()


def landmark(name="Misahuallí", *, kind="river", geometry=None):
    from members.models import Landmark

    course = {"type": "LineString", "coordinates": [[-77.81, -1.005], [-77.79, -0.995]]}
    made = Landmark(kind=kind, name=name, geometry=geometry or course, source="IGM 1:50 000")
    made.full_clean()
    made.save()
    return made


# --- Community life ----------------------------------------------------------------------------

HELD_ON = date(2026, 3, 14)


def gathering(topic="Poda del cacao", *, of=None, **fields):
    told: dict[str, Any] = {
        "kind": "training",
        "held_on": HELD_ON,
        "led_by": "Técnica de campo",
    } | fields
    return gatherings.add_gathering(
        actor=None, topic=topic, community=of or _some_community(), **told
    )


def _some_community():
    from members.models import Community

    return Community.objects.first() or community()


def input_kind(name="Plantas de cacao", *, unit="plant", is_organic=True, **fields):
    return inputs.add_input_kind(actor=None, name=name, unit=unit, is_organic=is_organic, **fields)


def handed_out(kind=None, *, to=None, **fields):
    from members.models import InputKind

    told: dict[str, Any] = {
        "quantity": Decimal(40),
        "handed_on": HELD_ON,
        "handed_by": "Técnica",
    } | fields
    return inputs.hand_out_input(
        actor=None,
        kind=kind or InputKind.objects.first() or input_kind(),
        family=to or family(),
        **told,
    )


def volunteer(surnames="Muster", given_names="Anna", *, country="DE", **fields):
    return volunteers.add_volunteer(
        actor=None, surnames=surnames, given_names=given_names, country=country, **fields
    )


def stay(of=None, *, community=None, **fields):
    told: dict[str, Any] = {
        "kind": "volunteer",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 7, 31),
        "helps_drying": True,
    } | fields
    return volunteers.add_stay(
        actor=None,
        volunteer=of or volunteer(),
        community=community or _some_community(),
        **told,
    )


def ally(name="FECD", **fields):
    return allies.add_ally(actor=None, name=name, **{"kind": "foundation", **fields})


def contribution(of=None, amount="1000.00", **fields):
    told: dict[str, Any] = {
        "kind": "money",
        "description": "Vivero de cacao",
        "received_on": date(2026, 1, 15),
    } | fields
    return allies.receive_contribution(
        actor=None, ally=of or ally(), amount=Decimal(amount), **told
    )
