"""Money given to families before they deliver."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from harvests.models import Advance
from harvests.services import advances as services
from members.services.families import close_family
from tests.harvests.refusals import refused
from tests.members.factories import family

pytestmark = pytest.mark.django_db

GIVEN_ON = date(2026, 2, 2)


def _advance(of, amount="50.00", **told):
    return services.give_advance(
        actor=None,
        **{
            "family": of,
            "amount_usd": Decimal(amount),
            "given_on": GIVEN_ON,
            "given_by": "Contabilidad",
            **told,
        },
    )


def test_advances_are_numbered_without_gaps():
    grefa = family()
    numbers = [_advance(grefa).number for _ in range(2)]
    with refused("min_value"):
        _advance(grefa, "0")
    assert [*numbers, _advance(grefa).number] == [1, 2, 3]
    assert Advance.objects.get(number=3).code == "A-00003"


def test_an_advance_is_not_given_on_a_day_that_has_not_come():
    grefa, today = family(), timezone.localdate()
    with refused("in_the_future"):
        _advance(grefa, given_on=today + timedelta(days=1))
    assert _advance(grefa, given_on=today).given_on == today


def test_a_family_that_left_is_given_nothing_from_that_day_on():
    grefa = family()
    close_family(actor=None, family=grefa, closed_on=GIVEN_ON, reason="Se mudó.")
    with refused("family_closed"):
        _advance(grefa)
    assert _advance(grefa, given_on=GIVEN_ON - timedelta(days=1)).is_valid


def test_a_voided_advance_keeps_its_number_and_counts_for_nothing():
    advance = _advance(family())
    with refused("reason_required"):
        services.void_advance(actor=None, advance=advance, reason="")
    services.void_advance(actor=None, advance=advance, reason="Recibo repetido.")
    with refused("voided"):
        services.void_advance(actor=None, advance=advance, reason="Otra vez.")
    assert not Advance.objects.valid().exists()
    assert Advance.objects.get().number == 1


@pytest.mark.parametrize("typed", ["A-00002", "2", "a2", "Tanguila", "TANGUÍLA"])
def test_an_advance_is_found_by_its_number_or_by_the_family(typed):
    _advance(family("Grefa"))
    wanted = _advance(family("Tanguila"))
    assert list(Advance.objects.find(typed)) == [wanted]
