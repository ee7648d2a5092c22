"""What is paid: from a draft to prices that nobody changes any more."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from harvests.intake import facts
from harvests.intake.reading import read_delivery
from harvests.models import MarketPrice, PriceLine
from harvests.services import prices as services
from harvests.services.locks import SHARE_PRICES
from kallari.history.context import acting
from tests.harvests import factories
from tests.harvests.factories import CONVENTIONAL, ORGANIC, TRANSITION
from tests.harvests.refusals import refused
from tests.harvests.telephones import payload
from tests.members.factories import family

pytestmark = pytest.mark.django_db


def _prices_at(instant):
    return {
        (line.quality.code, line.certification_class): line.price_usd
        for line in PriceLine.objects.with_names().in_force(instant)
    }


def test_prices_are_in_force_from_the_instant_of_their_publication_on():
    # Issue 4: a price published at 11:30 values 11:29 by the old and 11:30 by the new line.
    world = factories.world()
    half_past = datetime(2025, 11, 26, 11, 30, tzinfo=factories.GUAYAQUIL)
    factories.price_list((world.primera, ORGANIC, "0.55"), valid_from=half_past)
    before, after = (_prices_at(half_past - timedelta(minutes=1)), _prices_at(half_past))
    assert before["baba-primera", ORGANIC] == Decimal("0.42")
    assert after["baba-primera", ORGANIC] == Decimal("0.55")
    assert after["baba-primera", TRANSITION] == Decimal("0.40"), "other kinds keep their price"


def test_nothing_was_in_force_before_the_first_list():
    factories.world()
    assert _prices_at(factories.PRICES_FROM - timedelta(seconds=1)) == {}
    assert len(_prices_at(factories.PRICES_FROM)) == 16


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_priceline SET price_usd = price_usd + 1",
        "DELETE FROM harvests_priceline",
        "UPDATE harvests_pricelist SET valid_from = valid_from + interval '1 day'",
        "UPDATE harvests_pricelist SET published_at = NULL, valid_from = NULL",
        "UPDATE harvests_pricelist SET name = 'otra'",
        "DELETE FROM harvests_pricelist",
        "INSERT INTO harvests_priceline (price_list_id, form_id, quality_id, certification_class,"
        " price_usd, premium_usd, unit) SELECT price_list_id, form_id, quality_id, 'organic',"
        " 9, 0, unit FROM harvests_priceline WHERE unit = 'piece'",
    ],
)
def test_a_published_list_cannot_be_changed_by_sql(statement):
    factories.world()
    before = list(PriceLine.objects.order_by("pk").values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(PriceLine.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("way", ["move in", "move out"])
def test_no_price_is_moved_into_or_out_of_a_published_list(way):
    world = factories.world()
    draft = factories.draft((world.primera, ORGANIC, "0.55"))
    moved = draft.lines.get() if way == "move in" else world.price_list.lines.first()
    target = world.price_list if way == "move in" else draft
    with (
        pytest.raises(DatabaseError, match="published price list"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE harvests_priceline SET price_list_id = %s, certification_class = 'transition'"
            " WHERE id = %s",
            [target.pk, moved.pk],
        )


def test_a_draft_takes_its_price_again():
    world = factories.world()
    draft = factories.draft((world.primera, ORGANIC, "0.55"))
    services.set_line(
        actor=None,
        price_list=draft,
        form=world.baba,
        quality=world.primera,
        certification_class=ORGANIC,
        price_usd=Decimal("0.56"),
        unit="lb",
    )
    assert [line.price_usd for line in draft.lines.all()] == [Decimal("0.56")]
    services.remove_line(actor=None, line=draft.lines.get())
    assert not draft.lines.exists()


@pytest.mark.parametrize("way", ["changed", "added", "removed", "emptied", "the same"])
def test_a_price_that_changes_after_the_approval_withdraws_it(way):
    world = factories.world()
    draft = factories.draft((world.primera, ORGANIC, "0.55"), resolution="DIR-1")
    told = services.TablePrice(world.primera, ORGANIC, "lb", Decimal("0.55"))
    match way:
        case "changed":
            services.write_table(
                actor=None, price_list=draft, prices=[replace(told, price_usd=Decimal("5.5"))]
            )
        case "added":
            added = replace(told, certification_class=TRANSITION)
            services.write_table(actor=None, price_list=draft, prices=[told, added])
        case "removed":
            services.remove_line(actor=None, line=draft.lines.get())
        case "emptied":
            services.write_table(
                actor=None, price_list=draft, prices=[replace(told, price_usd=None)]
            )
        case _:
            services.write_table(actor=None, price_list=draft, prices=[told])
    draft.refresh_from_db()
    if way == "the same":
        assert draft.resolution == "DIR-1"
        return
    assert draft.resolution == ""
    said = draft.history.latest().history_change_reason
    assert said == "Cambiaron sus precios: la resolución «DIR-1» ya no la aprueba."
    with refused("no_lines" if way in {"removed", "emptied"} else "resolution_required"):
        services.publish_price_list(actor=None, price_list=draft)


def test_what_is_published_takes_no_line_through_the_service_either():
    world = factories.world()
    with refused("published"):
        services.set_line(
            actor=None,
            price_list=world.price_list,
            form=world.baba,
            quality=world.primera,
            certification_class=ORGANIC,
            price_usd=Decimal(1),
            unit="lb",
        )
    with refused("published"):
        services.remove_line(actor=None, line=world.price_list.lines.first())
    with refused("published"):
        services.publish_price_list(actor=None, price_list=world.price_list)


def test_a_list_is_published_with_prices_and_a_resolution_alone():
    world = factories.world()
    empty = services.draft_price_list(actor=None, name="Vacía", resolution="DIR-1")
    with refused("no_lines"):
        services.publish_price_list(actor=None, price_list=empty)
    draft = factories.draft((world.primera, ORGANIC, "0.55"))
    with refused("resolution_required"):
        services.publish_price_list(actor=None, price_list=draft)
    with refused("resolution_required"):
        services.approve(actor=None, price_list=draft, resolution=" - ")
    services.approve(actor=None, price_list=draft, resolution="DIR-2026-04")
    before = timezone.now()
    published = services.publish_price_list(actor=None, price_list=draft)
    assert published.valid_from
    assert before <= published.valid_from <= timezone.now()


def test_the_quality_of_a_price_is_of_its_form_and_its_unit_of_its_kind():
    world = factories.world()
    draft = factories.draft()
    told = {"actor": None, "price_list": draft, "certification_class": CONVENTIONAL}
    told |= {"price_usd": Decimal(1)}
    with refused("quality_of_another_form"):
        services.set_line(**told, form=world.seco, quality=world.primera, unit="lb")
    with refused("unit_of_another_kind"):
        services.set_line(**told, form=world.baba, quality=world.primera, unit="piece")
    with refused("unit_of_another_kind"):
        services.set_line(**told, form=world.pieza, quality=world.pieza_unica, unit="kg")


def test_two_lists_do_not_price_one_kind_from_one_instant():
    world = factories.world()
    other = factories.PRICES_FROM + timedelta(days=1)
    with refused("same_instant"):
        factories.price_list((world.primera, ORGANIC, "0.55"))
    assert factories.price_list((world.primera, ORGANIC, "0.55"), valid_from=other).is_published


def test_a_copy_has_the_prices_of_the_list_but_not_its_resolution():
    world = factories.world()
    copy = services.copy_price_list(actor=None, price_list=world.price_list, name="Febrero")
    kinds = ("form", "quality", "certification_class", "price_usd", "premium_usd", "unit")
    assert set(copy.lines.values_list(*kinds)) == set(world.price_list.lines.values_list(*kinds))
    assert copy.resolution == ""
    assert not copy.is_published


# --- A list that begins in the past ---------------------------------------------------------------


NOON = datetime(2025, 3, 5, 12, tzinfo=factories.GUAYAQUIL)


@pytest.fixture
def weighed_at_noon(account):
    """Organic first-quality baba, valued at noon by the only list there is."""
    world = factories.world()
    world.delivery = factories.weighed(
        world.primera,
        family=family(),
        at=NOON,
        center=world.tena,
        agent=account("center_operator"),
        certification_class=ORGANIC,
    )
    return world


def test_a_list_of_the_past_does_not_change_what_was_valued(weighed_at_noon):
    world = weighed_at_noon
    draft = factories.draft((world.primera, ORGANIC, "0.55"), resolution="DIR-1")
    with refused("already_valued"):
        services.publish_price_list(actor=None, price_list=draft, valid_from=NOON)
    after = NOON + timedelta(minutes=1)
    assert services.publish_price_list(actor=None, price_list=draft, valid_from=after).is_published


@pytest.mark.parametrize(
    ("quality", "certification_class"),
    [("segunda", ORGANIC), ("primera", TRANSITION), ("seco_primera", ORGANIC)],
)
def test_a_list_of_the_past_is_published_where_it_values_nothing_anew(
    weighed_at_noon, quality, certification_class
):
    # Organic first quality was weighed: neither another quality nor a weaker class reaches it.
    world = weighed_at_noon
    line = (getattr(world, quality), certification_class, "0.55", "lb")
    assert factories.price_list(line, valid_from=NOON).is_published


def test_a_list_of_earlier_years_is_published_where_a_later_one_values(weighed_at_noon):
    world = weighed_at_noon
    earlier = factories.PRICES_FROM - timedelta(days=365)
    assert factories.price_list((world.primera, ORGANIC, "0.35"), valid_from=earlier).is_published


def test_a_stronger_price_would_change_what_a_weaker_one_valued(account):
    world = factories.world()
    factories.weighed(
        world.primera,
        family=family(),
        at=NOON,
        center=world.tena,
        agent=account("center_operator"),
        certification_class=TRANSITION,
    )
    # What is in transition is paid as such; an organic price does not reach it.
    assert factories.price_list((world.primera, ORGANIC, "0.55"), valid_from=NOON).is_published
    with refused("already_valued"):
        factories.price_list(
            (world.primera, TRANSITION, "0.55"), valid_from=NOON - timedelta(seconds=1)
        )


def test_an_organic_price_would_change_what_was_paid_as_conventional(account):
    # Issue 4: organic kilos are paid as organic, else as transition, else as conventional.
    world = factories.world()
    until_then = factories.price_list(
        (world.segunda, CONVENTIONAL, "0.28"), valid_from=factories.PRICES_FROM - timedelta(days=9)
    )
    at = until_then.valid_from + timedelta(days=1)
    factories.weighed(
        world.segunda,
        family=family(),
        at=at,
        center=world.tena,
        agent=account("center_operator"),
        certification_class=ORGANIC,
    )
    with refused("already_valued"):
        factories.price_list((world.segunda, TRANSITION, "0.33"), valid_from=at)
    with refused("already_valued"):
        factories.price_list((world.segunda, ORGANIC, "0.33"), valid_from=at)


def test_what_no_longer_counts_does_not_stand_in_the_way(weighed_at_noon):
    world = weighed_at_noon
    delivery = world.delivery
    delivery.status, delivery.ended_at = delivery.Status.VOIDED, timezone.now()
    with acting(reason="No era cacao."):
        delivery.save()
    assert factories.price_list((world.primera, ORGANIC, "0.55"), valid_from=NOON).is_published


# --- While somebody weighs ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lock", [SHARE_PRICES, "SELECT 1"], ids=["with lock", "without"])
def test_a_list_waits_for_who_is_valuing_by_the_old_one(lock, account, monkeypatch):
    # The twin without the lock shows the race: the list is published under who values.
    monkeypatch.setattr(facts, "SHARE_PRICES", lock)
    world, operator = factories.world(), account("center_operator")
    told = read_delivery(payload(family()), key=uuid4(), digest="")
    draft = factories.draft((world.primera, ORGANIC, "0.55"), resolution="DIR-1")
    values, done = threading.Event(), threading.Event()

    def value():
        with closing(connection), transaction.atomic():
            facts.gather([told], actor=operator, instants=[told.weighed_at])
            values.set()
            done.wait(10)

    def publish():
        with closing(connection):
            services.publish_price_list(actor=None, price_list=draft)

    weighing = threading.Thread(target=value)
    weighing.start()
    assert values.wait(10)
    publishing = threading.Thread(target=publish)
    publishing.start()
    publishing.join(1)
    waited = publishing.is_alive()
    done.set()
    publishing.join(10)
    weighing.join(10)
    draft.refresh_from_db()
    assert draft.is_published
    assert waited == (lock == SHARE_PRICES)


# --- The market -----------------------------------------------------------------------------------


def test_a_day_has_one_market_price_corrected_with_a_reason():
    world = factories.world()
    told = {"actor": None, "product": world.cacao, "day": date(2026, 2, 2), "source": "ICE"}
    services.note_market_price(**told, usd_per_tonne=Decimal(3226))
    with refused("reason_required"):
        services.note_market_price(**told, usd_per_tonne=Decimal(3230))
    services.note_market_price(**told, usd_per_tonne=Decimal(3226))
    corrected = services.note_market_price(**told, usd_per_tonne=Decimal(3230), reason="Leí mal.")
    assert [price.usd_per_tonne for price in MarketPrice.objects.all()] == [Decimal(3230)]
    assert corrected.history.count() == 2
