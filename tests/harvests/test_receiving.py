"""What a delivery comes to: kilos, class, price, shares, folio."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from harvests.intake import watching
from harvests.intake.valuing import split
from harvests.intake.watching import LOCK_FAMILIES
from harvests.models import Delivery, DeliveryAlert, DeliveryShare, FolioSeries, Quota
from harvests.services import deliveries as services
from harvests.services.catalog import add_center
from kallari.units import in_kg
from members.services import certification
from members.services.families import correct_family
from members.services.yields import estimate_yield
from tests.harvests import factories
from tests.harvests.factories import GUAYAQUIL
from tests.harvests.telephones import payload
from tests.members import certified
from tests.members import factories as register
from tests.people import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return factories.world()


@pytest.fixture
def operator() -> Any:
    return make_account("center_operator")


def receive(operator: Any, family: Any = None, **told: Any) -> Delivery:
    family = family or register.family()
    return services.receive_delivery(actor=operator, told=payload(family, **told))


def refused(operator: Any, family: Any = None, **told: Any) -> set[tuple[str, str | None]]:
    """Fields and codes of what is refused."""
    with pytest.raises(ValidationError) as error:
        receive(operator, family, **told)
    return {(field, one.code) for field, errors in error.value.error_dict.items() for one in errors}


# --- Kilos ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "unit", "kilos"),
    [
        # 1 lb = 0.45359237 kg exactly (international pound), a quintal 100 of them, an arroba 25.
        ("1", "qq", "45.359"),
        ("3", "arroba", "34.019"),
        ("100", "lb", "45.359"),
        ("0.5", "kg", "0.500"),
    ],
)
def test_what_is_typed_becomes_kilos_to_the_gram(
    quantity: str, unit: str, kilos: str, world: Any, operator: Any
) -> None:
    delivery = receive(operator, quantity=quantity, unit=unit)
    assert (delivery.gross_kg, delivery.net_kg) == (Decimal(kilos), Decimal(kilos))
    assert (delivery.quantity, delivery.unit) == (Decimal(quantity), unit)


def test_net_is_gross_less_tare_and_deduction(world: Any, operator: Any) -> None:
    delivery = receive(
        operator,
        quantity="50",
        unit="kg",
        containers=2,
        tare_kg="1.4",
        deduction_kg="2.25",
        deduction_reason="mojada",
    )
    assert delivery.net_kg == Decimal("46.350")


def test_a_deduction_without_a_reason_is_refused(world: Any, operator: Any) -> None:
    assert refused(operator, deduction_kg="2") == {("deduction_reason", "required")}


def test_nothing_left_is_refused(world: Any, operator: Any) -> None:
    assert refused(operator, quantity="1", unit="kg", tare_kg="1") == {("quantity", "not_positive")}


def _by_sql(statement: str) -> None:
    """Behind the program's back, with its triggers silenced: the constraints are left."""
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_net_that_does_not_add_up(world: Any, operator: Any) -> None:
    receive(operator)
    for statement in (
        "UPDATE harvests_delivery SET net_kg = net_kg + 0.001",
        "UPDATE harvests_delivery SET tare_kg = 0.5",
        "UPDATE harvests_delivery SET net_kg = 0, gross_kg = 0, amount_usd = 0",
    ):
        with pytest.raises(IntegrityError, match="net_is_gross"):
            _by_sql(statement)


def test_the_database_refuses_an_amount_that_is_not_the_product(world: Any, operator: Any) -> None:
    delivery = receive(operator, quantity="100", unit="lb")
    assert delivery.amount_usd == Decimal("38.00")  # 100 lb × 0.38 USD
    for statement in (
        "UPDATE harvests_delivery SET amount_usd = amount_usd + 0.01",
        "UPDATE harvests_delivery SET amount_usd = amount_usd - 0.01",
        "UPDATE harvests_delivery SET premium_usd = 0.01",
    ):
        with pytest.raises(IntegrityError, match="an_amount_is"):
            _by_sql(statement)


def test_a_delivery_cannot_be_changed_or_removed_with_sql(world: Any, operator: Any) -> None:
    delivery = receive(operator)
    for statement in (
        "UPDATE harvests_delivery SET note = 'otra'",
        "UPDATE harvests_delivery SET net_kg = 1, gross_kg = 1",
        "DELETE FROM harvests_delivery",
        "UPDATE harvests_deliveryshare SET share = 0.5",
    ):
        with connection.cursor() as cursor, pytest.raises(Exception, match=r"append-only|never"):
            with transaction.atomic():
                cursor.execute(statement)
    delivery.refresh_from_db()
    assert delivery.note == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_folioseries SET last = last - 1",
        "UPDATE harvests_folioseries SET year = year + 1",
        "DELETE FROM harvests_folioseries",
        "UPDATE harvests_collectioncenter SET code = 'OTRO'",
    ],
)
def test_no_folio_is_given_twice_by_sql(world: Any, operator: Any, statement: str) -> None:
    receive(operator)
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"append-only|never"):
        with transaction.atomic():
            cursor.execute(statement)
    assert receive(operator).folio == "TENA-2026-000002"


def test_pieces_are_counted_and_not_weighed(world: Any, operator: Any) -> None:
    delivery = receive(operator, product_form="pieza", quantity="3", unit="piece")
    assert (delivery.net_kg, delivery.amount_usd) == (None, Decimal("13.50"))  # 3 × 4.50
    assert refused(operator, product_form="pieza", quantity="3", unit="kg") == {
        ("unit", "wrong_unit")
    }
    assert refused(operator, product_form="pieza", quantity="2.5", unit="piece") == {
        ("quantity", "invalid")
    }
    assert refused(operator, quantity="3", unit="piece") == {("unit", "wrong_unit")}


# --- Chakras --------------------------------------------------------------------------------------


def test_two_chakras_share_a_delivery_to_the_gram(world: Any, operator: Any) -> None:
    family = register.family()
    one, other = register.chakra(of=family), register.chakra(of=family)
    delivery = receive(
        operator,
        family,
        quantity="1",
        unit="qq",
        chakras=[
            {"chakra": str(one.pk), "share": "0.60"},
            {"chakra": str(other.pk), "share": "0.40"},
        ],
    )
    # 45.359 kg: 60 % is 27.2154, 40 % is 18.1436; the gram left goes to the larger remainder.
    assert dict(delivery.shares.values_list("chakra", "net_kg")) == {
        one.pk: Decimal("27.215"),
        other.pk: Decimal("18.144"),
    }


@given(
    grams=st.integers(min_value=1, max_value=10**9),
    parts=st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=12),
)
def test_parts_add_up_to_the_gram_whatever_they_are(grams: int, parts: list[int]) -> None:
    total = sum(parts)
    shares = [round(Decimal(part) / total, 6) for part in parts[:-1]]
    last = Decimal(1) - sum(shares)
    if last <= 0:
        return
    net = Decimal(grams) / 1000
    divided = split(net, [(str(place), share) for place, share in enumerate([*shares, last])])
    assert sum(kilos for _chakra, _share, kilos in divided if kilos is not None) == net
    for _chakra, share, kilos in divided:
        assert kilos is not None
        assert abs(kilos - net * share) < Decimal("0.001") * 2


def test_shares_that_do_not_add_up_are_refused(world: Any, operator: Any) -> None:
    family = register.family()
    one, other = register.chakra(of=family), register.chakra(of=family)
    shares = [
        {"chakra": str(one.pk), "share": "0.60"},
        {"chakra": str(other.pk), "share": "0.41"},
    ]
    assert refused(operator, family, chakras=shares) == {("chakras", "shares_do_not_add_up")}


def test_the_database_refuses_shares_that_do_not_add_up(world: Any, operator: Any) -> None:
    family = register.family()
    chakra = register.chakra(of=family)
    register.chakra(of=family)
    delivery = receive(operator, family)
    assert delivery.net_kg is not None
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        DeliveryShare.objects.create(
            delivery=delivery,
            chakra=chakra,
            weighed_on=delivery.weighed_on,
            share=Decimal(1),
            net_kg=delivery.net_kg - Decimal("0.001"),
        )


def test_a_chakra_of_another_family_is_refused(world: Any, operator: Any) -> None:
    elsewhere = register.chakra(of=register.family("Cerda"))
    shares = [{"chakra": str(elsewhere.pk), "share": "1"}]
    assert refused(operator, chakras=shares) == {("chakras", "other_chakra")}


def test_a_family_with_one_chakra_delivers_from_it(world: Any, operator: Any) -> None:
    family = register.family()
    chakra = register.chakra(of=family)
    delivery = receive(operator, family)
    share = delivery.shares.get()
    assert (share.chakra, share.share) == (chakra, Decimal(1))
    assert share.net_kg == delivery.net_kg


def test_of_several_chakras_and_nothing_told_the_origin_is_unknown(
    world: Any, operator: Any
) -> None:
    family = register.family()
    register.chakra(of=family)
    register.chakra(of=family)
    assert not receive(operator, family).shares.exists()


# --- Class ----------------------------------------------------------------------------------------


def test_the_class_is_that_of_the_weakest_chakra(world: Any, operator: Any) -> None:
    family = register.family()
    organic, plain = register.chakra(of=family), register.chakra(of=family)
    certified.certified(organic)
    both = [
        {"chakra": str(organic.pk), "share": "0.9"},
        {"chakra": str(plain.pk), "share": "0.1"},
    ]
    alone = [{"chakra": str(organic.pk), "share": "1"}]
    assert receive(operator, family, chakras=both).certification_class == "conventional"
    assert receive(operator, family, chakras=alone).certification_class == "organic"
    assert receive(operator, family).certification_class == "conventional"  # unknown which


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # The transition began on 1 November 2022; T1, the second year, a year later.
        (date(2023, 10, 31), "conventional"),
        (date(2023, 11, 1), "transition"),
        (date(2025, 10, 31), "transition"),
        (date(2025, 11, 1), "organic"),
    ],
)
def test_the_class_is_that_of_the_day(day: date, expected: str, operator: Any) -> None:
    factories.world(valid_from=datetime(2020, 1, 1, tzinfo=GUAYAQUIL))
    row = certified.in_transition()
    certification.advance_transitions(actor=None, on=date(2025, 10, 31), reason="Pasa el año.")
    certification.certify_chakra(
        actor=None,
        chakra=row.chakra,
        scheme=row.scheme,
        starts_on=certified.CERTIFIED_ON,
        resolution="Informe 7",
    )
    weighed_at = f"{day.isoformat()}T10:00:00-05:00"
    delivery = receive(operator, row.chakra.family, weighed_at=weighed_at)
    assert delivery.certification_class == expected


# --- Prices ---------------------------------------------------------------------------------------


def test_a_price_holds_from_its_instant_however_late_a_delivery_arrives(operator: Any) -> None:
    world = factories.world()
    half_past_eleven = datetime(2026, 3, 2, 11, 30, tzinfo=GUAYAQUIL)
    factories.price_list(
        (world.primera, "conventional", "0.50"), valid_from=half_past_eleven, name="Marzo"
    )
    before = receive(operator, weighed_at="2026-03-02T11:29:59-05:00")
    at = receive(operator, weighed_at="2026-03-02T11:30:00-05:00")
    assert (before.unit_price_usd, at.unit_price_usd) == (Decimal("0.38"), Decimal("0.50"))
    with time_machine.travel("2026-06-01T09:00:00-05:00"):
        late = receive(operator, weighed_at="2026-03-02T11:29:00-05:00", note="llegó tarde")
    assert late.unit_price_usd == Decimal("0.38")


def test_without_a_price_in_force_nothing_is_bought(world: Any, operator: Any) -> None:
    assert refused(operator, weighed_at="2023-12-31T23:59:59-05:00") == {
        ("__all__", "no_price_in_force")
    }


def test_a_draft_values_nothing(world: Any, operator: Any) -> None:
    factories.draft((world.primera, "conventional", "9.99"))
    assert receive(operator).unit_price_usd == Decimal("0.38")


def test_the_premium_is_paid_beside_the_price(world: Any, operator: Any) -> None:
    chakra = register.chakra()
    certified.certified(chakra)
    delivery = receive(operator, chakra.family)
    # 100 lb of organic: 42.00 USD and a premium of 3.00 USD (factories.world).
    assert (delivery.amount_usd, delivery.premium_usd) == (Decimal("42.00"), Decimal("3.00"))
    assert delivery.total_usd == Decimal("45.00")


def test_kilos_priced_by_the_quintal_are_worth_their_part(world: Any, operator: Any) -> None:
    delivery = receive(operator, product_form="seco", quantity="50", unit="kg")
    # 50 kg / 45.359237 kg × 100 USD = 110.2311… USD
    assert delivery.amount_usd == Decimal("110.23")


# --- Folios ---------------------------------------------------------------------------------------


def test_folios_follow_each_other_by_center_and_year(world: Any, operator: Any) -> None:
    factories.center("ARCH", "Centro de Archidona")
    told = [
        ("TENA", "2026-03-02"),
        ("ARCH", "2026-03-02"),
        ("TENA", "2025-12-31"),
        ("TENA", "2026-03-03"),
    ]
    folios = [
        receive(operator, center=center, weighed_at=f"{day}T09:00:00-05:00").folio
        for center, day in told
    ]
    assert folios == [
        "TENA-2026-000001",
        "ARCH-2026-000001",
        "TENA-2025-000001",
        "TENA-2026-000002",
    ]


def test_what_is_refused_leaves_no_hole_in_the_folios(world: Any, operator: Any) -> None:
    receive(operator)
    refused(operator, product_form="nada")
    refused(operator, quantity="0")
    assert receive(operator).folio == "TENA-2026-000002"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_folios_without_a_hole() -> None:
    factories.world()
    operator = make_account("center_operator")
    families = [register.family(f"Familia {letter}") for letter in "abcdefgh"]
    problems: list[BaseException] = []

    def weigh(family: Any) -> None:
        try:
            for _each in range(5):
                receive(operator, family)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=weigh, args=(family,)) for family in families]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    numbers = sorted(Delivery.objects.values_list("folio_number", flat=True))
    assert numbers == list(range(1, 41))
    assert FolioSeries.objects.get().last == 40


# --- Alerts ---------------------------------------------------------------------------------------


def alerts(delivery: Delivery) -> dict[str, bool]:
    return dict(delivery.alerts.values_list("kind", "is_open"))


def test_a_late_harvest_is_asked_about(world: Any, operator: Any) -> None:
    # Wet cocoa is delivered within 7 days of the harvest (REFERENCE.md).
    assert alerts(receive(operator, harvested_on="2026-02-23")) == {}
    assert alerts(receive(operator, harvested_on="2026-02-22")) == {"late_harvest": True}
    explained = receive(operator, harvested_on="2026-02-22", note="El río creció.")
    assert alerts(explained) == {"late_harvest": False}


def test_vanilla_before_eight_months_is_asked_about(world: Any, operator: Any) -> None:
    green = {"product_form": "vaina", "quantity": "1", "unit": "kg"}
    assert alerts(receive(operator, **green, pollinated_on="2025-07-02")) == {}
    assert alerts(receive(operator, **green, pollinated_on="2025-07-03")) == {"unripe": True}


def test_two_agents_weighing_one_sack_appear_for_review(world: Any, operator: Any) -> None:
    family = register.family()
    other_agent = make_account("center_operator", username="otra-balanza")
    first = receive(operator, family, quantity="100", unit="lb")
    second = receive(other_agent, family, quantity="98", unit="lb")  # 2 % less
    third = receive(operator, family, quantity="95", unit="lb")  # 3 % less than either
    alert = second.alerts.get()
    assert (alert.kind, alert.other, alert.is_open) == ("double", first, True)
    assert alerts(first) == alerts(third) == {}
    assert Delivery.objects.valid().count() == 3  # nothing is merged by itself


def test_another_day_or_product_is_no_double(world: Any, operator: Any) -> None:
    family = register.family()
    receive(operator, family)
    assert alerts(receive(operator, family, weighed_at="2026-03-03T08:30:00-05:00")) == {}
    leaves = receive(operator, family, product_form="hoja")
    assert alerts(leaves) == {}


def test_a_quota_is_asked_about_once_it_is_exceeded(world: Any, operator: Any) -> None:
    family = register.family()
    Quota.objects.create(
        form=world.hoja,
        family=family,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 31),
        limit_kg=Decimal(100),
    )
    leaves = {"product_form": "hoja", "unit": "kg"}
    assert alerts(receive(operator, family, quantity="60", **leaves)) == {}
    assert alerts(receive(operator, family, quantity="40", **leaves)) == {}
    assert alerts(receive(operator, family, quantity="0.001", **leaves)) == {"quota": True}
    assert alerts(receive(operator, quantity="500", **leaves)) == {}  # another family


def test_more_than_a_chakra_should_give_is_asked_about(world: Any, operator: Any) -> None:
    chakra = register.chakra()
    estimate_yield(
        actor=None,
        chakra=chakra,
        product="cocoa",
        year=2026,
        estimated_kg=Decimal(100),
        estimated_on=date(2026, 1, 15),
    )
    assert alerts(receive(operator, chakra.family, quantity="100", unit="kg")) == {}
    assert alerts(receive(operator, chakra.family, quantity="1", unit="kg")) == {
        "above_estimate": True
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lock", [LOCK_FAMILIES, ""], ids=["with lock", "without"])
def test_one_sack_weighed_at_two_centers_at_once_is_seen(
    lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The twin without the lock shows the race: neither sees the other.
    monkeypatch.setattr(watching, "LOCK_FAMILIES", lock)
    factories.world()
    add_center(actor=None, code="ARCH", name="Archidona")
    operator, family = make_account("center_operator"), register.family()
    weighed, done = threading.Event(), threading.Event()

    def weigh_first() -> None:
        with closing(connection), transaction.atomic():
            receive(operator, family, center="TENA")
            weighed.set()
            done.wait(10)

    def weigh_second() -> None:
        with closing(connection):
            receive(operator, family, center="ARCH")

    first = threading.Thread(target=weigh_first)
    first.start()
    assert weighed.wait(10)
    second = threading.Thread(target=weigh_second)
    second.start()
    second.join(1)
    waited = second.is_alive()
    done.set()
    second.join(10)
    first.join(10)
    doubles = DeliveryAlert.objects.filter(kind=DeliveryAlert.Kind.POSSIBLE_DOUBLE)
    assert (waited, doubles.count()) == ((True, 1) if lock else (False, 0))


# --- Corrections ----------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_the_first(world: Any, operator: Any) -> None:
    family = register.family()
    first = receive(operator, family, quantity="100")
    second = services.correct_delivery(
        actor=operator,
        delivery=first,
        told=payload(family, quantity="90"),
        reason="Se leyó mal la balanza.",
    )
    first.refresh_from_db()
    assert (first.status, first.net_kg) == ("superseded", in_kg(Decimal(100), "lb"))
    assert (second.supersedes, second.net_kg) == (first, in_kg(Decimal(90), "lb"))
    assert list(Delivery.objects.valid()) == [second]
    assert alerts(second) == {}  # the first counts no more, so it is no double of it
    assert first.history.latest("history_id").history_change_reason == "Se leyó mal la balanza."


def test_a_correction_leaves_the_family_where_it_lived_then(world: Any, operator: Any) -> None:
    family = register.family(of=register.community("Shandia"))
    first = receive(operator, family, quantity="100")
    moved = correct_family(
        actor=None, family=family, community=register.community("Pano"), reason="Se mudó."
    )
    second = services.correct_delivery(
        actor=operator, delivery=first, told=payload(family, quantity="90"), reason="Se leyó mal."
    )
    assert second.community == first.community != moved.community
    assert receive(operator, family).community == moved.community
    other = register.family(of=register.community("Rumi Yaku"))
    third = services.correct_delivery(
        actor=operator, delivery=second, told=payload(other), reason="Era de otra familia."
    )
    assert third.community == other.community


def test_a_delivery_is_corrected_once(world: Any, operator: Any) -> None:
    family = register.family()
    first = receive(operator, family)
    services.correct_delivery(
        actor=operator, delivery=first, told=payload(family, quantity="90"), reason="Error."
    )
    for act in (
        lambda: services.correct_delivery(
            actor=operator, delivery=first, told=payload(family, quantity="80"), reason="Error."
        ),
        lambda: services.void_delivery(actor=operator, delivery=first, reason="Error."),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert error.value.code == "not_valid"


def test_a_correction_that_is_refused_leaves_the_first_as_it_was(world: Any, operator: Any) -> None:
    family = register.family()
    first = receive(operator, family)
    with pytest.raises(ValidationError):
        services.correct_delivery(
            actor=operator, delivery=first, told=payload(family, quantity="0"), reason="Error."
        )
    first.refresh_from_db()
    assert first.is_valid
    assert Delivery.objects.count() == 1


def test_nothing_is_corrected_or_voided_without_a_reason(world: Any, operator: Any) -> None:
    first = receive(operator)
    with pytest.raises(ValidationError) as error:
        services.void_delivery(actor=operator, delivery=first, reason=" … ")
    assert error.value.code == "reason_required"


def test_voiding_a_double_decides_its_alert(world: Any, operator: Any) -> None:
    family = register.family()
    receive(operator, family)
    second = receive(operator, family)
    services.decide_alert(
        actor=operator,
        alert=second.alerts.get(),
        decision=DeliveryAlert.Decision.VOIDED,
        reason="Es el mismo saco.",
    )
    second.refresh_from_db()
    alert = second.alerts.get()
    assert (second.status, alert.decision, alert.is_open) == ("voided", "voided", False)
    assert alert.decided_by == operator


def test_voiding_the_first_of_two_settles_the_doubt_about_the_second(
    world: Any, operator: Any
) -> None:
    family = register.family()
    first, second = receive(operator, family), receive(operator, family)
    services.void_delivery(actor=operator, delivery=first, reason="Se pesó dos veces.")
    alert = second.alerts.get()
    assert (alert.decision, alert.is_open) == ("explained", False)
    second.refresh_from_db()
    assert second.is_valid
