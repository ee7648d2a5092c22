"""What was handed to families, with the unit and the permission of its day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from members.models import InputDistribution
from members.services import families, inputs
from tests.members.factories import REASON, community, family, handed_out, input_kind, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23T15:00:00+00:00")]


def test_receipts_are_numbered_one_after_another():
    assert [handed_out().code, handed_out().code] == ["I-00001", "I-00002"]


def test_what_is_not_allowed_in_organic_asks_why():
    urea, grefa = input_kind("Urea", unit="sack", is_organic=False), family()
    with pytest.raises(ValidationError, match="no está permitido en chakras orgánicas"):
        handed_out(urea, to=grefa)
    given = handed_out(urea, to=grefa, note="Para el vivero, fuera de la chakra")
    assert not given.was_organic


def test_a_receipt_keeps_the_unit_and_the_permission_of_its_day():
    kind = input_kind("Bioabono", unit="sack")
    before = handed_out(kind)
    inputs.correct_input_kind(
        actor=None, kind=kind, unit="kg", is_organic=False, reason="Salió de la lista"
    )
    before.refresh_from_db()
    assert (before.unit, before.was_organic) == ("sack", True)
    after = handed_out(kind, note="Se acabó el permiso")
    assert (after.unit, after.was_organic) == ("kg", False)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"quantity": Decimal(0)}, {"quantity": Decimal("0.001")}),
        ({"value_usd": Decimal(0)}, {"value_usd": None}),
        ({"handed_on": date(2026, 11, 24)}, {"handed_on": date(2026, 11, 23)}),
        ({"handed_by": ""}, {"handed_by": "Rosa"}),
    ],
)
def test_a_handing_out_is_refused_or_taken(wrong, right):
    kind, grefa = input_kind(), family()
    with pytest.raises(ValidationError):
        handed_out(kind, to=grefa, **wrong)
    handed_out(kind, to=grefa, **right)


def test_nothing_is_handed_to_a_family_after_it_left():
    grefa = family()
    grefa = families.close_family(
        actor=None, family=grefa, closed_on=date(2026, 5, 1), reason=REASON
    )
    with pytest.raises(ValidationError, match="retirada"):
        handed_out(to=grefa, handed_on=date(2026, 5, 1))
    handed_out(to=grefa, handed_on=date(2026, 4, 30))


def test_what_is_no_longer_given_is_refused_from_that_day():
    kind = inputs.correct_input_kind(
        actor=None, kind=input_kind(), retired_on=date(2026, 5, 1), reason=REASON
    )
    with pytest.raises(ValidationError, match="ya no se entrega"):
        handed_out(kind, handed_on=date(2026, 5, 1))
    handed_out(kind, handed_on=date(2026, 4, 30))


def test_a_receipt_is_voided_with_a_reason_and_never_removed():
    given = handed_out()
    with pytest.raises(ValidationError):
        inputs.void_input(actor=None, distribution=given, reason=" ")
    inputs.void_input(actor=None, distribution=given, reason=REASON)
    assert not InputDistribution.objects.valid().exists()
    with pytest.raises(ValidationError, match="anulada"):
        inputs.correct_input(actor=None, distribution=given, quantity=Decimal(1), reason=REASON)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        InputDistribution.objects.filter(pk=given.pk)._raw_delete("default")


def test_three_years_reach_back_from_the_day_of_the_inspection():
    grefa = family()
    for day in (date(2023, 6, 30), date(2023, 7, 1), date(2026, 6, 30), date(2026, 7, 1)):
        handed_out(to=grefa, handed_on=day)
    within = InputDistribution.objects.years_before(date(2026, 6, 30), 3)
    assert sorted(one.handed_on for one in within) == [date(2023, 7, 1), date(2026, 6, 30)]


def test_a_receipt_is_found_by_its_number_and_by_any_spelling_of_a_name():
    mine = handed_out(to=person("Tapuy Wampa", "Pedro", sex="M").family)
    handed_out(to=family("Grefa"))
    find = InputDistribution.objects.find
    assert [one.pk for one in find("i-00001")] == [mine.pk]
    assert [one.pk for one in find("tapui guampa")] == [mine.pk]
    assert not find("Andi").exists()


def test_agents_see_what_was_given_in_their_communities(account):
    rumi, serena = community("Rumi Yaku"), community("Serena")
    here = handed_out(to=family(of=rumi))
    handed_out(to=family(of=serena))
    agent = account("extension_agent")
    families.assign_community(actor=None, user=agent, community=rumi)
    assert list(InputDistribution.objects.visible_to(agent)) == [here]
    assert InputDistribution.objects.visible_to(account("auditor")).count() == 2
    assert not InputDistribution.objects.visible_to(account("delegate")).exists()
