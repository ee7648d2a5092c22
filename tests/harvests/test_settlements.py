"""What families are owed: settled once, approved by another person, corrected in the next."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from harvests.models import Advance, Delivery, Settlement, SettlementLine
from harvests.owed import owed_to
from harvests.services import premiums, settlements
from harvests.services.advances import give_advance, void_advance
from harvests.services.deliveries import void_delivery
from kallari.refusals import in_words
from members.models import Family
from tests.harvests import factories, handed_in, owed
from tests.harvests.handed_in import at
from tests.harvests.refusals import refused
from tests.members.factories import family, partner
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

REASON = "Así lo dice el acta."


@pytest.fixture
def bought():
    return factories.world()


def advance(of, usd="100.00", given_on=date(2026, 2, 2), **told):
    return give_advance(
        actor=None,
        family=of,
        amount_usd=Decimal(usd),
        given_on=given_on,
        given_by="Contabilidad",
        **told,
    )


def weighed(of, bought, quantity="100", day="2026-03-10", of_class="conventional", **told):
    """100 lb of conventional baba at 0.38: 38 dollars."""
    return handed_in.delivery(
        of, bought.primera, quantity, weighed_at=at(day), of_class=of_class, **told
    )


def corrected(of, quantity, **told):
    """Another delivery takes the place of one, in the same or another family."""
    handed_in.ended(of, Delivery.Status.SUPERSEDED)
    return handed_in.delivery(
        told.pop("family", of.family),
        of.quality,
        quantity,
        of.unit,
        weighed_at=of.weighed_at,
        supersedes=of,
        **told,
    )


# --- What a settlement holds ----------------------------------------------------------------------


def test_a_settlement_holds_what_was_weighed_up_to_its_last_day(bought):
    grefa, other = family("Grefa"), family("Tanguila")
    weighed(grefa, bought, "100", "2026-03-10")  # 38.00
    weighed(grefa, bought, "50", "2026-03-31", "organic")  # 21.00 and 1.50 of premium
    weighed(grefa, bought, "10", "2026-04-01")
    weighed(other, bought)
    made = owed.drafted(grefa)
    assert owed.amounts(made) == [
        ("delivery", Decimal("38.00")),
        ("delivery", Decimal("21.00")),
        ("premium", Decimal("1.50")),
    ]
    assert (made.total_usd, made.status, made.number) == (Decimal("60.50"), "drafted", 1)
    assert (made.first_on, made.last_on) == (date(2026, 3, 10), date(2026, 3, 31))
    assert made.code == "L-00001"


def test_what_was_bought_before_this_program_was_paid_then(bought):
    grefa = family()
    weighed(grefa, bought, via="import", reference="Cuaderno 2025, folio 3")
    with refused("nothing_to_settle"):
        owed.drafted(grefa)
    weighed(grefa, bought)
    assert owed.drafted(grefa).total_usd == Decimal("38.00")


def test_nothing_is_settled_up_to_a_day_that_has_not_come(bought):
    grefa = family()
    weighed(grefa, bought)
    with refused("in_the_future"):
        owed.drafted(grefa, date(2199, 1, 1))
    assert not Settlement.objects.exists()


def test_a_settlement_names_the_partner_of_its_last_day(bought):
    member = partner()
    weighed(member.family, bought)
    assert owed.drafted(member.family).partner == member


def test_an_advance_of_100_and_a_settlement_of_80_pay_nothing_and_leave_20(bought):
    grefa = family()
    given = advance(grefa, "100.00")
    weighed(grefa, bought, "210.526")  # 80.00
    made = owed.approved(grefa)
    assert owed.amounts(made) == [
        ("delivery", Decimal("80.00")),
        ("advance", Decimal("-80.00")),
    ]
    assert made.total_usd == 0
    assert Advance.objects.with_taken().get(pk=given.pk).left_usd == Decimal("20.00")
    weighed(grefa, bought, "100", "2026-04-02")  # 38.00
    later = owed.approved(grefa, date(2026, 4, 30))
    assert later.total_usd == Decimal("18.00")
    assert not Advance.objects.left().exists()


def test_advances_are_taken_off_the_oldest_first_and_none_of_a_later_day(bought):
    grefa = family()
    second = advance(grefa, "30", date(2026, 2, 10))
    first = advance(grefa, "20", date(2026, 2, 1), kind="inputs")
    advance(grefa, "10", date(2026, 4, 1))
    weighed(grefa, bought)
    lines = owed.drafted(grefa).lines.filter(kind="advance").order_by("pk")
    assert [(line.advance, line.amount_usd) for line in lines] == [
        (first, Decimal("-20.00")),
        (second, Decimal("-18.00")),
    ]


def test_a_voided_advance_is_not_taken_off_and_one_taken_off_is_not_voided(bought):
    grefa = family()
    mistake, given = advance(grefa, "5"), advance(grefa, "7")
    void_advance(actor=None, advance=mistake, reason=REASON)
    weighed(grefa, bought)
    made = owed.drafted(grefa)
    assert made.total_usd == Decimal("31.00")
    with refused("advance_taken_off"):
        void_advance(actor=None, advance=given, reason=REASON)
    settlements.discard_settlement(actor=owed.account(), settlement=made, reason=REASON)
    void_advance(actor=None, advance=given, reason=REASON)
    assert owed.drafted(grefa).total_usd == Decimal("38.00")


# --- Approving, discarding, reversing -------------------------------------------------------------


def test_an_author_does_not_approve_her_own_settlement(bought):
    grefa = family()
    weighed(grefa, bought)
    author, other = owed.account("administration"), owed.account("manager")
    made = owed.drafted(grefa, actor=author)
    with refused("own_settlement"):
        settlements.approve_settlement(actor=author, settlement=made)
    done = settlements.approve_settlement(actor=other, settlement=made)
    assert (done.status, done.approved_by) == ("approved", other)
    with refused("not_a_draft"):
        settlements.approve_settlement(actor=other, settlement=made)


def test_the_database_refuses_an_author_who_approves(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.drafted(grefa)
    with pytest.raises(IntegrityError, match="nobody_approves_her_own_settlement"):
        _sql(
            "UPDATE harvests_settlement SET status = 'approved', approved_by_id = author_id,"
            " approved_at = now() WHERE id = %s",
            made.pk,
        )


def test_a_family_has_one_draft(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.drafted(grefa)
    weighed(grefa, bought, day="2026-03-12")
    with refused("open_draft"):
        owed.drafted(grefa)
    settlements.approve_settlement(actor=owed.account("manager"), settlement=made)
    assert owed.drafted(grefa).total_usd == Decimal("38.00")


def test_what_stood_in_a_discarded_draft_can_be_settled_again(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.drafted(grefa)
    with refused("reason_required"):
        settlements.discard_settlement(actor=owed.account(), settlement=made, reason=" ")
    settlements.discard_settlement(actor=owed.account(), settlement=made, reason=REASON)
    assert list(made.lines.values_list("counts", flat=True)) == [False]
    again = owed.drafted(grefa)
    assert (again.number, again.total_usd) == (2, Decimal("38.00"))


def test_a_reversal_is_another_row_with_the_same_lines_negated(bought):
    grefa = family()
    given = advance(grefa, "10")
    weighed(grefa, bought)
    first = owed.approved(grefa)
    before = owed.amounts(first)
    reversal = settlements.reverse_settlement(
        actor=owed.account("manager"), settlement=first, reason=REASON
    )
    first.refresh_from_db()
    assert (first.status, first.total_usd, owed.amounts(first)) == (
        "reversed",
        Decimal("28.00"),
        before,
    )
    assert (reversal.kind, reversal.reverses, reversal.total_usd) == (
        "reversal",
        first,
        Decimal("-28.00"),
    )
    assert owed.amounts(reversal) == [(kind, -usd) for kind, usd in before]
    assert Advance.objects.with_taken().get(pk=given.pk).left_usd == Decimal(10)
    assert owed.approved(grefa).total_usd == Decimal("28.00")


def test_what_was_paid_is_not_reversed(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.approved(grefa)
    payment = owed.paid(made, "1.00")
    with refused("paid"):
        settlements.reverse_settlement(actor=owed.account(), settlement=made, reason=REASON)
    with pytest.raises(IntegrityError, match="others depend on it"):
        _sql(
            "UPDATE harvests_settlement SET status = 'reversed', ended_at = now() WHERE id = %s",
            made.pk,
        )
    from harvests.services.payments import reverse_payment

    reverse_payment(actor=owed.account(), payment=payment, reason=REASON)
    settlements.reverse_settlement(actor=owed.account(), settlement=made, reason=REASON)


def test_a_draft_in_which_a_delivery_was_corrected_is_not_approved(bought):
    grefa = family()
    delivery = weighed(grefa, bought)
    made = owed.drafted(grefa)
    corrected(delivery, "90")
    with refused("superseded"):
        settlements.approve_settlement(actor=owed.account("manager"), settlement=made)
    settlements.discard_settlement(actor=owed.account(), settlement=made, reason=REASON)
    assert owed.approved(grefa).total_usd == Decimal("34.20")


def test_several_are_approved_at_once_but_ones_own_and_those_with_a_correction(bought):
    grefa, cerda, andi = family("Grefa"), family("Cerda"), family("Andi")
    deliveries = [weighed(one, bought) for one in (grefa, cerda, andi)]
    accountant, boss = owed.account(), owed.account("administration")
    good = owed.drafted(grefa, actor=accountant)
    own = owed.drafted(cerda, actor=boss)
    stale = owed.drafted(andi, actor=accountant)
    corrected(deliveries[2], "90")
    done, left = settlements.approve_settlements(actor=boss, settlements=[good, own, stale])
    assert done == [good]
    assert {row.pk for row in left} == {own.pk, stale.pk}
    good.refresh_from_db()
    assert (good.status, good.approved_by) == ("approved", boss)


# --- Corrections after it was settled -------------------------------------------------------------


def test_a_correction_after_payment_leaves_the_original_and_adjusts_the_next(bought):
    grefa = family()
    delivery = weighed(grefa, bought, "100", of_class="organic")  # 42.00 and 3.00
    first = owed.approved(grefa)
    owed.paid(first, "45.00")
    corrected(delivery, "90", of_class="organic")  # 37.80 and 2.70
    weighed(grefa, bought, "100", "2026-04-05")  # 38.00
    second = owed.approved(grefa, date(2026, 4, 30))
    assert owed.amounts(second) == [
        ("delivery", Decimal("37.80")),
        ("premium", Decimal("2.70")),
        ("delivery", Decimal("38.00")),
        ("taken_back", Decimal("-45.00")),
    ]
    assert second.total_usd == Decimal("33.50")
    first.refresh_from_db()
    assert (first.status, first.total_usd) == ("approved", Decimal("45.00"))
    with refused("nothing_to_settle"):
        owed.drafted(grefa, date(2026, 5, 31))


def test_what_cannot_be_taken_back_is_carried_on_once(bought):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought, "100")  # 38.00
    owed.paid(owed.approved(grefa), "38.00")
    corrected(delivery, "100", family=tanguila)  # it was the other family's sack
    first = owed.approved(grefa, date(2026, 4, 10))
    assert owed.amounts(first) == [
        ("taken_back", Decimal("-38.00")),
        ("carried_forward", Decimal("38.00")),
    ]
    assert first.total_usd == 0
    assert owed.approved(tanguila).total_usd == Decimal("38.00")
    with refused("nothing_to_settle"):
        owed.drafted(grefa, date(2026, 4, 11))
    weighed(grefa, bought, "50", "2026-04-15")  # 19.00
    second = owed.approved(grefa, date(2026, 4, 20))
    assert owed.amounts(second) == [
        ("delivery", Decimal("19.00")),
        ("brought_forward", Decimal("-38.00")),
        ("carried_forward", Decimal("19.00")),
    ]
    weighed(grefa, bought, "100", "2026-05-15")  # 38.00
    third = owed.approved(grefa, date(2026, 5, 20))
    assert third.total_usd == Decimal("19.00")
    weighed(grefa, bought, "100", "2026-05-25")
    assert owed.approved(grefa, date(2026, 5, 31)).total_usd == Decimal("38.00")


def test_a_settlement_on_which_a_later_one_counts_is_not_reversed(bought):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought)
    weighed(grefa, bought, day="2026-03-11")
    first = owed.approved(grefa)
    corrected(delivery, "100", family=tanguila)
    later = owed.approved(grefa, date(2026, 4, 10))
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        settlements.reverse_settlement(actor=owed.account(), settlement=first, reason=REASON)
    assert in_words(refusal.value).code == "others_depend"
    settlements.reverse_settlement(actor=owed.account(), settlement=later, reason=REASON)
    settlements.reverse_settlement(actor=owed.account(), settlement=first, reason=REASON)


def test_a_delivery_is_voided_before_it_is_settled_and_never_after(bought):
    grefa = family()
    before, after = weighed(grefa, bought), weighed(grefa, bought, day="2026-03-12")
    void_delivery(actor=owed.account(), delivery=before, reason=REASON)
    made = owed.drafted(grefa)
    with pytest.raises(ValidationError) as refusal:
        void_delivery(actor=owed.account(), delivery=after, reason=REASON)
    assert refusal.value.code == "settled"
    with pytest.raises(IntegrityError, match="the delivery was settled"):
        _sql(
            "UPDATE harvests_delivery SET status = 'voided', ended_at = now() WHERE id = %s",
            after.pk,
        )
    settlements.discard_settlement(actor=owed.account(), settlement=made, reason=REASON)
    void_delivery(actor=owed.account(), delivery=after, reason=REASON)


def _between(of, until=None):
    return owed_to(Family.objects.filter(pk=of.pk), until).get(of.pk)


def test_what_was_paid_for_a_corrected_delivery_is_not_owed_again(bought):
    grefa = family()
    delivery = weighed(grefa, bought, "100", of_class="organic")  # 42.00 and 3.00
    owed.paid(owed.approved(grefa), "45.00")
    assert _between(grefa) is None
    corrected(delivery, "90", of_class="organic")  # 37.80 and 2.70
    between = _between(grefa)
    assert (between.unsettled, between.carried) == (Decimal("40.50"), Decimal("45.00"))
    assert (between.to_pay, between.to_take_off) == (Decimal(0), Decimal("4.50"))
    owed.approved(grefa, date(2026, 4, 30))  # 40.50 - 45.00, and 4.50 carried on
    between = _between(grefa)
    assert (between.unsettled, between.carried) == (Decimal(0), Decimal("4.50"))


def test_a_family_whose_sack_was_of_another_is_listed_with_what_it_was_paid(bought):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought)
    owed.paid(owed.approved(grefa), "38.00")
    corrected(delivery, "100", family=tanguila)
    assert (_between(grefa).carried, _between(grefa).to_pay) == (Decimal("38.00"), 0)
    assert _between(tanguila).to_pay == Decimal("38.00")


def test_nobody_is_docked_a_delivery_whose_correction_has_to_wait(bought):
    """Settled up to a day before both, neither is; up to their day, both are."""
    grefa = family()
    delivery = weighed(grefa, bought, "100", "2026-04-20")  # 38.00
    owed.approved(grefa, date(2026, 4, 30))
    corrected(delivery, "90")  # 34.20
    weighed(grefa, bought, "50", "2026-03-10")  # 19.00, handed in late
    assert _between(grefa, date(2026, 3, 31)).expected == Decimal("19.00")
    early = owed.approved(grefa, date(2026, 3, 31))
    assert owed.amounts(early) == [("delivery", Decimal("19.00"))]
    late = owed.approved(grefa, date(2026, 4, 30))
    assert owed.amounts(late) == [
        ("delivery", Decimal("34.20")),
        ("taken_back", Decimal("-38.00")),
        ("carried_forward", Decimal("3.80")),
    ]


@pytest.mark.parametrize(("day", "settled"), [("2026-03-09", True), ("2026-04-09", False)])
def test_a_delivery_whose_day_was_corrected_is_taken_back_with_the_other(bought, day, settled):
    grefa = family()
    delivery = weighed(grefa, bought, "100", "2026-03-20" if not settled else "2026-04-20")
    owed.approved(grefa, date(2026, 4, 30))
    handed_in.ended(delivery, Delivery.Status.SUPERSEDED)
    weighed(grefa, bought, "100", day, supersedes=delivery)
    if not settled:
        with refused("nothing_to_settle"):
            owed.drafted(grefa, date(2026, 3, 31))
        return
    assert owed.amounts(owed.drafted(grefa, date(2026, 3, 31))) == [
        ("delivery", Decimal("38.00")),
        ("taken_back", Decimal("-38.00")),
    ]


@pytest.mark.parametrize(
    ("days", "settled"),
    [
        (("2026-04-20", "2026-03-12"), True),
        (("2026-03-12", "2026-04-20"), False),
    ],
)
def test_what_was_corrected_twice_is_taken_back_with_what_stands_in_its_place(
    bought, days, settled
):
    """Not with what stood there between: the sack would be paid twice, or docked alone."""
    grefa = family()
    delivery = weighed(grefa, bought, "100", "2026-03-10")
    owed.paid(owed.approved(grefa), "38.00")
    for day in days:
        handed_in.ended(delivery, Delivery.Status.SUPERSEDED)
        delivery = weighed(grefa, bought, "100", day, supersedes=delivery)
    if not settled:
        with refused("nothing_to_settle"):
            owed.drafted(grefa)
        return
    assert owed.amounts(owed.drafted(grefa)) == [
        ("delivery", Decimal("38.00")),
        ("taken_back", Decimal("-38.00")),
    ]


def test_a_delivery_that_was_of_another_family_is_taken_back_by_its_own_day(bought):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought, "100", "2026-04-20")
    owed.approved(grefa, date(2026, 4, 30))
    corrected(delivery, "100", family=tanguila)
    with refused("nothing_to_settle"):
        owed.drafted(grefa, date(2026, 4, 19))
    assert owed.drafted(grefa, date(2026, 4, 20)).total_usd == 0


# --- Premiums by rule -----------------------------------------------------------------------------


def rule(of, usd="0.02", unit="kg", *, confirmed=True, **told):
    made = premiums.write_premium_rule(
        **{
            "actor": owed.account(),
            "name": "Prima de comercio justo",
            "product": of,
            "usd_per_unit": Decimal(usd),
            "unit": unit,
            "valid_from": date(2026, 3, 1),
            "resolution": "Asamblea 2026-01, 7 de febrero",
            "source": "Prima del contrato con el comprador",
        }
        | told,
    )
    if not confirmed:
        return made
    return premiums.confirm_premium_rule(actor=owed.account("manager"), rule=made)


def test_a_premium_by_rule_is_paid_once_for_each_delivery(bought):
    """100 lb are 45.359 kg; at 0.02 USD/kg 0.90718, 0.91 dollars."""
    grefa = family()
    weighed(grefa, bought)
    weighed(grefa, bought, day="2026-02-28")  # before it began
    made = rule(bought.cacao)
    settled = owed.approved(grefa)
    assert [(kind, usd) for kind, usd in owed.amounts(settled) if kind == "rule"] == [
        ("rule", Decimal("0.91"))
    ]
    with refused("nothing_to_settle"):
        owed.drafted(grefa)
    assert settled.lines.get(kind="rule").premium_rule == made


def test_a_premium_decided_later_is_paid_in_the_next_settlement(bought):
    grefa = family()
    delivery = weighed(grefa, bought)
    owed.approved(grefa)
    rule(bought.cacao, "0.10")
    later = owed.approved(grefa, date(2026, 4, 30))
    assert owed.amounts(later) == [("rule", Decimal("4.54"))]
    corrected(delivery, "50")
    last = owed.approved(grefa, date(2026, 5, 31))
    assert owed.amounts(last) == [
        ("delivery", Decimal("19.00")),
        ("rule", Decimal("2.27")),
        ("taken_back", Decimal("-42.54")),  # what both settlements paid for it
        ("carried_forward", Decimal("21.27")),
    ]


def test_an_unconfirmed_rule_pays_nothing(bought):
    grefa = family()
    weighed(grefa, bought)
    waiting = rule(bought.cacao, confirmed=False)
    assert owed.drafted(grefa).total_usd == Decimal("38.00")
    confirmed = premiums.confirm_premium_rule(actor=owed.account("manager"), rule=waiting)
    with refused("confirmed"):
        premiums.confirm_premium_rule(actor=owed.account("manager"), rule=confirmed)


@pytest.mark.parametrize(
    ("told", "earned"),
    [
        ({"partners_only": True}, {"partner"}),
        ({"certification_class": "organic"}, {"organic"}),
        ({"valid_until": date(2026, 3, 9)}, set()),
        ({}, {"partner", "organic", "other"}),
    ],
)
def test_a_premium_is_for_those_it_was_decided_for(bought, told, earned):
    member = partner()
    grefa = member.family
    rows = {
        weighed(grefa, bought, partner=member).pk: "partner",
        weighed(grefa, bought, of_class="organic").pk: "organic",
        weighed(grefa, bought).pk: "other",
    }
    handed_in.delivery(grefa, bought.hoja_primera, "10", weighed_at=at("2026-03-10"))
    rule(bought.cacao, **told)
    lines = owed.drafted(grefa).lines.filter(kind="rule")
    assert {rows[line.delivery_id] for line in lines} == earned


def test_a_premium_rule_never_changes_but_is_closed(bought):
    grefa = family()
    made = rule(bought.cacao)
    weighed(grefa, bought)
    owed.drafted(grefa)
    with pytest.raises(IntegrityError, match="stays as it was decided"):
        _sql("UPDATE harvests_premiumrule SET usd_per_unit = 9 WHERE id = %s", made.pk)
    with refused("already_paid"):
        premiums.close_premium_rule(
            actor=None, rule=made, valid_until=date(2026, 3, 9), reason=REASON
        )
    premiums.close_premium_rule(actor=None, rule=made, valid_until=date(2026, 3, 10), reason=REASON)
    with refused("closed"):
        premiums.close_premium_rule(
            actor=None, rule=made, valid_until=date(2026, 3, 20), reason=REASON
        )


def test_what_is_weighed_earns_no_premium_by_the_piece(bought):
    with refused("unit_of_another_kind"):
        rule(None, unit="piece", form=bought.baba)
    assert rule(None, unit="piece", form=bought.pieza).is_confirmed


def test_nobody_confirms_her_own_premium(bought):
    boss = owed.account("administration")
    waiting = rule(bought.cacao, confirmed=False, actor=boss)
    with refused("own_rule"):
        premiums.confirm_premium_rule(actor=boss, rule=waiting)
    with pytest.raises(IntegrityError, match="nobody_confirms_her_own_premium"):
        _sql(
            "UPDATE harvests_premiumrule SET confirmed_by_id = written_by_id, confirmed_at = now()"
            " WHERE id = %s",
            waiting.pk,
        )
    done = premiums.confirm_premium_rule(actor=owed.account("manager"), rule=waiting)
    assert (done.written_by, done.confirmed_by) == (boss, owed.account("manager"))


def test_a_premium_that_was_written_twice_is_paid_once(bought):
    """By whoever tapped twice, or two clerks with the same minutes before them."""
    grefa, manager = family(), owed.account("manager")
    weighed(grefa, bought)
    rule(bought.cacao)
    twin = rule(bought.cacao, confirmed=False, name="Prima CJ", valid_from=date(2026, 2, 1))
    with refused("paid_already"):
        premiums.confirm_premium_rule(actor=manager, rule=twin)
    assert owed.drafted(grefa).total_usd == Decimal("38.91")
    before = rule(bought.cacao, valid_from=date(2026, 1, 1), valid_until=date(2026, 2, 28))
    assert before.is_confirmed
    assert rule(bought.cacao, resolution="Asamblea 2026-02, 4 de mayo").is_confirmed


# --- In bulk --------------------------------------------------------------------------------------


def test_a_whole_community_is_settled_in_as_many_queries_as_one_family(bought):
    from members.models import Family

    def settle(number):
        for place in range(number):
            made = family(f"Grefa {place} {number}")
            weighed(made, bought)
            advance(made, "1")
        rows = Family.objects.filter(name__endswith=f" {number}")
        return queries_of(
            lambda: settlements.settle_families(
                actor=owed.account(), families=rows, until=owed.UNTIL
            )
        )

    owed.account()
    few, many = settle(2), settle(12)
    assert len(few) == len(many)
    assert Settlement.objects.count() == 14
    assert set(Settlement.objects.values_list("total_usd", flat=True)) == {Decimal("37.00")}


def test_settling_many_says_who_had_a_draft_and_who_had_nothing(bought):
    one, two, three = family("Uno"), family("Dos"), family("Tres")
    weighed(one, bought)
    weighed(two, bought)
    owed.drafted(two)
    settled = settlements.settle_families(
        actor=owed.account(), families=[one, two, three], until=owed.UNTIL
    )
    assert [row.family for row in settled.made] == [one]
    assert (settled.with_draft, settled.nothing) == ([two], 1)


# --- What the database holds ----------------------------------------------------------------------


def _sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def line_sql(settlement, kind, usd, **refers):
    columns = ["settlement_id", "kind", "amount_usd", "counts", *refers]
    _sql(
        f"INSERT INTO harvests_settlementline ({', '.join(columns)})"  # noqa: S608 - our own names
        f" VALUES ({', '.join(['%s'] * len(columns))})",
        settlement.pk,
        kind,
        usd,
        True,
        *refers.values(),
    )


def empty(of, total, *, number=900):
    """A draft without lines, as a program that goes round the services would write it."""
    return Settlement.objects.create(
        number=number,
        family=of,
        first_on=owed.UNTIL,
        last_on=owed.UNTIL,
        total_usd=Decimal(total),
        author=owed.account(),
        drafted_at=at("2026-04-01"),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_settlement SET total_usd = 99 WHERE id = %s",
        "UPDATE harvests_settlement SET family_id = gen_random_uuid() WHERE id = %s",
        "UPDATE harvests_settlement SET status = 'drafted', approved_by_id = NULL,"
        " approved_at = NULL WHERE id = %s",
        "UPDATE harvests_settlement SET status = 'discarded', ended_at = now(),"
        " approved_by_id = NULL, approved_at = NULL WHERE id = %s",
        "DELETE FROM harvests_settlement WHERE id = %s",
        "UPDATE harvests_settlementline SET amount_usd = 99 WHERE settlement_id = %s",
        "UPDATE harvests_settlementline SET counts = false WHERE settlement_id = %s",
        "DELETE FROM harvests_settlementline WHERE settlement_id = %s",
    ],
)
def test_an_approved_settlement_is_not_changed_by_sql(bought, statement):
    grefa = family()
    weighed(grefa, bought)
    made = owed.approved(grefa)
    with pytest.raises(DatabaseError) as refusal:
        _sql(statement, made.pk)
    assert in_words(refusal.value).code in {"settlement_stays", "never_removed"}


def test_a_discarded_settlement_leaves_no_line_that_counts(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.drafted(grefa)
    with pytest.raises(DatabaseError, match="lines of what ended still count"):
        _sql(
            "UPDATE harvests_settlement SET status = 'discarded', ended_at = now() WHERE id = %s",
            made.pk,
        )


def test_no_line_is_added_to_a_settlement_that_has_its_lines(bought):
    grefa = family()
    weighed(grefa, bought)
    made = owed.approved(grefa)
    more = weighed(grefa, bought, day="2026-03-12")
    for settlement in (made, owed.drafted(grefa)):
        with pytest.raises(IntegrityError, match="lines do not add up"):
            line_sql(settlement, "carried_forward", "0.00")
    assert more.settlement_lines.count() == 1


@pytest.mark.parametrize("total", ["37.99", "38.01", "0.00"])
def test_lines_add_up_to_the_total(bought, total):
    grefa = family()
    delivery = weighed(grefa, bought)
    with pytest.raises(IntegrityError, match="lines do not add up"):
        line_sql(empty(grefa, total), "delivery", "38.00", delivery_id=delivery.pk)


def test_a_settlement_without_lines_is_not_approved(bought):
    made = empty(family(), "38.00")
    with pytest.raises(IntegrityError, match="lines do not add up"):
        settlements.approve_settlement(actor=owed.account("manager"), settlement=made)


def test_a_line_is_worth_what_its_delivery_is(bought):
    grefa = family()
    delivery = weighed(grefa, bought)
    with pytest.raises(IntegrityError, match="not what it is worth"):
        line_sql(empty(grefa, "39.00"), "delivery", "39.00", delivery_id=delivery.pk)


def test_a_delivery_of_another_family_or_voided_or_later_is_not_settled(bought):
    grefa, other = family("Grefa"), family("Tanguila")
    of_another = weighed(other, bought)
    gone = handed_in.voided(weighed(grefa, bought))
    later = weighed(grefa, bought, day="2026-04-01")
    made = empty(grefa, "38.00")
    for delivery in (of_another, gone, later):
        with pytest.raises(IntegrityError, match="not what it is worth"):
            line_sql(made, "delivery", "38.00", delivery_id=delivery.pk)


def test_a_delivery_is_settled_once_even_by_sql(bought):
    grefa = family()
    delivery = weighed(grefa, bought)
    owed.approved(grefa)
    with pytest.raises(IntegrityError, match="a_delivery_is_settled_once"):
        line_sql(empty(grefa, "38.00"), "delivery", "38.00", delivery_id=delivery.pk)


def test_no_more_is_taken_off_an_advance_than_is_left(bought):
    grefa = family()
    given = advance(grefa, "10.00")
    made = empty(grefa, "0.00")
    with pytest.raises(IntegrityError, match="used up"), transaction.atomic():
        SettlementLine.objects.bulk_create(  # without history: what the database is asked for
            [
                SettlementLine(settlement=made, kind="advance", amount_usd="-10.01", advance=given),
                SettlementLine(settlement=made, kind="carried_forward", amount_usd="10.01"),
            ]
        )


def test_an_advance_taken_off_is_neither_voided_nor_reduced_by_sql(bought):
    grefa = family()
    given = advance(grefa, "10.00")
    for change, refusal in (
        ("voided_on = current_date", "something was taken off it"),
        ("amount_usd = 5", "stays as it was given"),
    ):
        with transaction.atomic():
            weighed(grefa, bought)
            made = owed.drafted(grefa)
            with pytest.raises(IntegrityError, match=refusal):
                _sql(f"UPDATE harvests_advance SET {change} WHERE id = %s", given.pk)  # noqa: S608 - our own words
            settlements.discard_settlement(actor=owed.account(), settlement=made, reason=REASON)


@pytest.mark.parametrize(
    "told",
    [
        {"confirmed": False},
        {"valid_from": date(2026, 3, 11)},
        {"valid_until": date(2026, 3, 9)},
        {"certification_class": "organic"},
        {"partners_only": True},
        {"product": None, "form": "seco"},
        {"product": "guayusa"},
        {"unit": "piece"},
    ],
)
def test_a_premium_by_a_rule_of_something_else_is_refused_by_the_database(bought, told):
    """100 lb of conventional baba weighed on 10 March: 45.359 kg, at 0.02 USD/kg 0.91 dollars."""
    grefa = family()
    delivery = weighed(grefa, bought)
    named = {key: getattr(bought, told[key]) for key in ("product", "form") if told.get(key)}
    wrong = rule(bought.cacao, **told | named)
    right = rule(bought.cacao, resolution="Asamblea 2026-02, 4 de mayo")
    made = empty(grefa, "0.91")
    with pytest.raises(IntegrityError, match="not by its rule"):
        line_sql(made, "rule", "0.91", delivery_id=delivery.pk, premium_rule_id=wrong.pk)
    line_sql(made, "rule", "0.91", delivery_id=delivery.pk, premium_rule_id=right.pk)


@pytest.mark.parametrize("usd", ["0.90", "0.92", "0.00"])
def test_a_premium_of_another_worth_than_its_rule_gives_is_refused_by_the_database(bought, usd):
    grefa = family()
    delivery, made = weighed(grefa, bought), rule(bought.cacao)
    with pytest.raises(IntegrityError, match="not by its rule") as refusal:
        line_sql(empty(grefa, usd), "rule", usd, delivery_id=delivery.pk, premium_rule_id=made.pk)
    assert in_words(refusal.value).code == "premium_changed"


@pytest.mark.parametrize("unit", ["kg", "lb", "qq", "arroba"])
@pytest.mark.parametrize("quantity", ["0.5", "33.333", "1234.567"])
def test_the_database_reckons_premiums_by_weight_as_the_program_does(bought, unit, quantity):
    grefa = family()
    weighed(grefa, bought, quantity)
    made = rule(bought.cacao, "1.2345", unit)
    (line,) = owed.drafted(grefa).lines.filter(kind="rule")
    assert line.amount_usd == made.of(line.delivery)


def test_the_database_reckons_premiums_by_the_piece_as_the_program_does(bought):
    grefa = family()
    handed_in.delivery(grefa, bought.pieza_unica, "3", weighed_at=at("2026-03-10"))
    rule(None, "0.25", "piece", form=bought.pieza)
    assert ("rule", Decimal("0.75")) in owed.amounts(owed.drafted(grefa))


def test_a_rule_is_not_closed_before_what_it_paid_even_by_sql(bought):
    grefa, made = family(), rule(bought.cacao)
    weighed(grefa, bought)  # on 10 March
    owed.drafted(grefa)
    closing = "UPDATE harvests_premiumrule SET valid_until = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="paid for a later delivery") as refusal:
        _sql(closing, date(2026, 3, 9), made.pk)
    assert in_words(refusal.value).code == "already_paid"
    _sql(closing, date(2026, 3, 10), made.pk)


def test_a_total_below_zero_is_refused(bought):
    with pytest.raises(IntegrityError, match="no_settlement_is_below_zero"), transaction.atomic():
        empty(family(), "-0.01")


def test_a_rest_is_not_brought_on_from_another_family(bought):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought)
    owed.approved(grefa)
    corrected(delivery, "100", family=tanguila)
    carried = owed.approved(grefa, date(2026, 4, 10))
    made = empty(tanguila, "0.00")
    with pytest.raises(IntegrityError, match="not what was carried"), transaction.atomic():
        SettlementLine.objects.bulk_create(  # without history: what the database is asked for
            [
                SettlementLine(
                    settlement=made,
                    kind="brought_forward",
                    amount_usd="-38.00",
                    from_settlement=carried,
                ),
                SettlementLine(settlement=made, kind="carried_forward", amount_usd="38.00"),
            ]
        )


# --- Two clerks at once ---------------------------------------------------------------------------


def _together(number, act):
    """Let several threads begin at the same moment; return what each gave or refused with."""
    results, start = [], threading.Barrier(number)

    def run(place):
        try:
            start.wait(timeout=20)
            results.append(act(place))
        except (ValidationError, DatabaseError) as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_settle_one_family_at_once_settle_it_once():
    bought, grefa = factories.world(), family()
    weighed(grefa, bought)
    clerks = [owed.account(), owed.account("administration")]
    results = _together(2, lambda place: owed.drafted(grefa, actor=clerks[place]))
    made = [one for one in results if isinstance(one, Settlement)]
    refusals = [one for one in results if isinstance(one, ValidationError)]
    assert len(made) == len(refusals) == 1
    assert refusals[0].code == "open_draft"
    assert SettlementLine.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_the_second_clerk_is_refused_by_the_database(monkeypatch):
    """The twin: both find the delivery unsettled, and the database keeps it from being settled
    twice."""
    bought, grefa = factories.world(), family()
    weighed(grefa, bought)
    clerks = [owed.account(), owed.account("administration")]
    both_have_looked = threading.Barrier(2)
    numbers = iter(range(1, 10))

    def written(*args, **told):
        both_have_looked.wait(timeout=20)
        return write(*args, **told)

    write = settlements._write
    monkeypatch.setattr(settlements, "_write", written)
    monkeypatch.setattr(settlements, "lock_numbers", lambda series: None)
    monkeypatch.setattr(settlements, "locked_all", list)
    monkeypatch.setattr(settlements, "next_number", lambda model: next(numbers))
    results = _together(2, lambda place: owed.drafted(grefa, actor=clerks[place]))
    refusals = [one for one in results if isinstance(one, IntegrityError)]
    assert len(refusals) == 1
    assert "one_draft_a_family" in str(refusals[0])
    assert SettlementLine.objects.count() == 1
