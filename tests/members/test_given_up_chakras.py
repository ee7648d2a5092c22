"""A chakra that is given up leaves the groups of its schemes, on that day and for good."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kallari.history.context import acting
from members import certification_reports as reports
from members.models import Chakra, ChakraCertification, Partner
from members.reports import Register
from members.services import certification as services
from members.services import chakras, sampling
from tests.members import factories
from tests.members.certified import CERTIFIED_ON, certified, fair_trade, in_transition, scheme
from tests.members.factories import REASON, RESOLUTION, chakra
from tests.people import make_account

pytestmark = pytest.mark.django_db

GIVEN_UP_ON = date(2026, 3, 1)
BEFORE = date(2026, 2, 28)


@pytest.fixture
def farmer() -> Partner:
    return factories.partner()


def give_up(of: Chakra, on: date = GIVEN_UP_ON) -> Chakra:
    return chakras.close_chakra(actor=None, chakra=of, closed_on=on, reason=REASON)


def take_up(of: Chakra) -> Chakra:
    return chakras.reopen_chakra(actor=None, chakra=of, reason=REASON)


def periods(of: Chakra) -> list[tuple[str, date, date | None]]:
    rows = ChakraCertification.objects.filter(chakra=of).order_by("starts_on")
    return list(rows.values_list("status", "starts_on", "ends_on"))


def test_what_a_chakra_is_ends_with_it() -> None:
    row = certified()
    give_up(row.chakra)
    assert periods(row.chakra)[-1] == ("certified", CERTIFIED_ON, GIVEN_UP_ON)


def test_what_was_decided_after_it_was_given_up_lasts_its_first_day() -> None:
    row = certified()
    give_up(row.chakra, date(2025, 10, 1))
    assert periods(row.chakra) == [
        ("t0", date(2022, 11, 1), date(2025, 10, 1)),
        ("certified", CERTIFIED_ON, date(2025, 11, 2)),
    ]


def test_a_chakra_taken_up_again_is_not_certified_until_it_is_decided(farmer: Partner) -> None:
    fair = fair_trade()
    row = services.certify_chakra(
        actor=None,
        chakra=chakra(of=farmer.family),
        scheme=fair,
        starts_on=CERTIFIED_ON,
        resolution=RESOLUTION,
    )
    give_up(row.chakra)
    back = take_up(row.chakra)
    today = date(2026, 4, 1)
    assert not ChakraCertification.objects.approved_on(today).exists()
    assert ChakraCertification.objects.approved_on(BEFORE).get() == row
    services.certify_chakra(
        actor=None, chakra=back, scheme=fair, starts_on=today, resolution=RESOLUTION
    )
    assert ChakraCertification.objects.approved_on(today).exists()


def test_a_period_brought_in_for_a_given_up_chakra_ends_when_it_is_taken_up() -> None:
    given_up = give_up(chakra())
    row = ChakraCertification(
        chakra=given_up,
        scheme=fair_trade(),
        status="certified",
        starts_on=CERTIFIED_ON,
        resolution=RESOLUTION,
    )
    row.full_clean()
    row.save()
    take_up(given_up)
    assert periods(given_up) == [("certified", CERTIFIED_ON, GIVEN_UP_ON)]


def test_nothing_is_decided_about_a_given_up_chakra() -> None:
    given_up = give_up(chakra())
    with pytest.raises(ValidationError) as refused:
        services.certify_chakra(
            actor=None,
            chakra=given_up,
            scheme=fair_trade(),
            starts_on=CERTIFIED_ON,
            resolution=RESOLUTION,
        )
    assert refused.value.code == "closed"


# --- Where it counted -----------------------------------------------------------------------------


@pytest.fixture
def open_period(farmer: Partner) -> ChakraCertification:
    """Of a chakra given up, as it was before giving up ended it."""
    row = in_transition(chakra(of=farmer.family), scheme())
    row.chakra.closed_on = GIVEN_UP_ON
    with acting(None, reason=REASON):
        row.chakra.save()
    return row


def test_a_given_up_chakra_reaches_no_year_of_transition(open_period: Any) -> None:
    assert open_period in services.due_turns(BEFORE)
    assert services.due_turns(GIVEN_UP_ON) == {}


def test_a_given_up_chakra_puts_nobody_into_a_group(farmer: Partner, open_period: Any) -> None:
    manager = make_account("manager")
    under = open_period.scheme
    for day, number in ((BEFORE, 1), (GIVEN_UP_ON, 0)):
        assert len(sampling.group_on(under, day)) == number
        assert reports.group_conditions(day).members == number
        assert reports.uninspected(manager, day).count() == number


def test_the_overview_and_the_totals_count_the_same_chakras(open_period: Any) -> None:
    manager = make_account("manager")
    certified(chakra(of=open_period.chakra.family), open_period.scheme)
    for day, in_years in ((BEFORE, 1), (GIVEN_UP_ON, 0)):
        counts = dict(reports.schemes_with_counts(manager, day))[open_period.scheme]
        (totals,) = Register(manager, day).certification_by_scheme()
        assert totals["transition"] == in_years
        assert counts == {"certified": 1} | ({"t0": 1} if in_years else {})


def test_a_suspended_chakra_stays_in_the_group_and_an_excluded_one_does_not(
    farmer: Partner,
) -> None:
    row = certified(chakra(of=farmer.family))
    told: dict[str, Any] = {
        "actor": None,
        "chakra": row.chakra,
        "scheme": row.scheme,
        "resolution": RESOLUTION,
        "reason": REASON,
    }
    services.suspend_chakra(starts_on=date(2026, 1, 1), **told)
    services.exclude_chakra(starts_on=date(2026, 2, 1), **told)
    assert list(sampling.group_on(row.scheme, date(2026, 1, 31)).values()) == [farmer]
    assert sampling.group_on(row.scheme, date(2026, 2, 1)) == {}
