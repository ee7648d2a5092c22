"""Deliveries count as trade, as kilos of chakras, and stand in the story of a family."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from harvests.trade import trade_in_deliveries
from members.delivered import delivered, is_known
from members.services.families import assign_community
from members.services.partners import register_partner
from members.services.requirements import requirements
from members.timeline import story_of
from tests.harvests import factories as bought
from tests.harvests.handed_in import at, corrected, delivery, voided
from tests.members import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

REGISTERED_ON = date(2026, 6, 1)
TRADED_FOR_A_YEAR = REGISTERED_ON - timedelta(days=365)
"""A year of trade is 365 days (rule ``partner.trade_days``)."""


@pytest.fixture
def sold():
    return bought.world()


@pytest.fixture
def asked():
    """Somebody who would be a partner, without any paper of trade."""
    return factories.applicant(applied_on=REGISTERED_ON - timedelta(days=30))


def registered(partner):
    return register_partner(
        actor=None,
        partner=partner,
        registered_on=REGISTERED_ON,
        resolution=factories.RESOLUTION,
    )


def test_a_year_of_deliveries_admits_an_applicant(sold, asked):
    delivery(asked.family, sold.primera, weighed_at=at(TRADED_FOR_A_YEAR))
    assert registered(asked).registered_on == REGISTERED_ON


def test_a_day_less_than_a_year_does_not(sold, asked):
    delivery(asked.family, sold.primera, weighed_at=at(TRADED_FOR_A_YEAR + timedelta(days=1)))
    with pytest.raises(ValidationError) as refusal:
        registered(asked)
    assert [error.code for error in refusal.value.error_list] == ["not_enough_trade"]


def test_a_voided_delivery_is_no_trade(sold, asked):
    voided(delivery(asked.family, sold.primera, weighed_at=at(TRADED_FOR_A_YEAR)))
    with pytest.raises(ValidationError) as refusal:
        registered(asked)
    assert [error.code for error in refusal.value.error_list] == ["not_enough_trade"]


def test_the_day_of_trade_is_the_day_in_ecuador(sold, asked):
    """23:30 in Tena is the next day in UTC."""
    delivery(asked.family, sold.primera, weighed_at=at(TRADED_FOR_A_YEAR, 23, 30))
    assert registered(asked)


def test_the_other_familys_deliveries_do_not_count(sold, asked):
    delivery(factories.family("Tapuy"), sold.primera, weighed_at=at(TRADED_FOR_A_YEAR))
    with pytest.raises(ValidationError):
        registered(asked)


def test_crafts_do_not_make_a_partner_and_are_shown(sold, asked):
    """The book counts cocoa, guayusa and vanilla (FACTS, "who may be a partner")."""
    delivery(asked.family, sold.pieza_unica, "3", weighed_at=at(TRADED_FOR_A_YEAR))
    trade = next(one for one in requirements(asked, REGISTERED_ON) if one.code == "trade")
    assert not trade.met
    assert [(one.product, str(one.shown_by)) for one in trade.evidence] == [("crafts", "1 entrega")]


def test_trade_is_told_by_kind_of_product_with_its_days_and_number(sold):
    family = factories.family()
    for day in ("2025-02-01", "2025-03-01"):
        delivery(family, sold.primera, weighed_at=at(day))
    delivery(family, sold.seco_primera, weighed_at=at("2025-04-01"))
    delivery(family, sold.hoja_primera, weighed_at=at("2025-05-01"))
    delivery(family, sold.primera, weighed_at=at("2025-07-01"))
    found = trade_in_deliveries([family.pk], date(2025, 6, 1))
    told = {(one.product, one.first_on, one.last_on, str(one.shown_by)) for one in found[family.pk]}
    assert told == {
        ("cocoa", date(2025, 2, 1), date(2025, 4, 1), "3 entregas"),
        ("guayusa", date(2025, 5, 1), date(2025, 5, 1), "1 entrega"),
    }


def test_trade_of_many_families_is_one_query(sold):
    families = [factories.family(f"Grefa {number}") for number in range(4)]
    for family in families:
        delivery(family, sold.primera, weighed_at=at("2025-02-01"))
    keys = [family.pk for family in families]
    assert len(queries_of(lambda: trade_in_deliveries(keys, date(2026, 1, 1)))) == 1


def test_a_chakra_gave_its_shares_of_what_counts(sold):
    """Of 10 kg, 60 and 40 % are 6 and 4; voided ones, other years and what says no chakra are in
    no sum."""
    family = factories.family()
    one, other = factories.chakra(of=family), factories.chakra(of=family)
    shares = {one: "0.60", other: "0.40"}
    delivery(family, sold.primera, "10", "kg", weighed_at=at("2025-02-01"), chakras=shares)
    delivery(family, sold.hoja_primera, "5", "kg", weighed_at=at("2025-02-01"), chakras={one: "1"})
    delivery(family, sold.primera, "7", "kg", weighed_at=at("2024-12-31"), chakras={one: "1"})
    voided(
        delivery(family, sold.primera, "3", "kg", weighed_at=at("2025-02-02"), chakras={one: "1"})
    )
    delivery(family, sold.primera, "9", "kg", weighed_at=at("2025-02-03"))
    assert is_known()
    assert delivered([one.pk, other.pk], 2025) == {
        (one.pk, "cocoa"): Decimal("6.000"),
        (other.pk, "cocoa"): Decimal("4.000"),
        (one.pk, "guayusa"): Decimal("5.000"),
    }


def test_a_family_reads_its_deliveries_in_its_story(sold, account):
    family = factories.family()
    first = delivery(family, sold.primera, "100", "lb", weighed_at=at("2026-02-01"))
    corrected(first, "90")
    told = [one.entry for one in story_of(family, account("manager"), kind="entregas").told]
    assert [(one.on, str(one.title)) for one in told] == [
        (date(2026, 2, 1), "Entregó 90\N{NO-BREAK SPACE}lb: Baba")
    ]
    # 90 lb are 40.823 kg; 90 × 0.38 USD are 34.20
    assert "40,823\N{NO-BREAK SPACE}kg" in told[0].detail
    assert "34,20\N{NO-BREAK SPACE}USD" in told[0].detail


def test_who_sees_no_values_reads_none_in_the_story(sold, account):
    family = factories.family()
    delivery(family, sold.primera, weighed_at=at("2026-02-01"))
    delegate = account("delegate")
    assign_community(actor=None, user=delegate, community=family.community)
    (told,) = story_of(family, delegate, kind="entregas").told
    assert "kg" in told.entry.detail
    assert "USD" not in told.entry.detail
