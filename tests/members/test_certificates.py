"""Which certificate counts on a day, and where the cover of a scheme ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kallari.accounts.models import User
from members import certification_reports as reports
from members.models import Certificate
from members.reports import Register
from members.services import certification as services
from tests.members import certified
from tests.members.factories import REASON
from tests.people import make_account

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 1)


@pytest.fixture
def manager() -> User:
    return make_account("manager")


@pytest.fixture
def scheme() -> Any:
    return certified.scheme()


def paper(scheme: Any, first: date, last: date) -> Certificate:
    return certified.certificate(scheme, valid_from=first, valid_until=last)


def newest(day: date) -> list[Certificate]:
    return list(Certificate.objects.newest_of_each_scheme(day))


def test_a_past_day_has_the_certificate_of_then(scheme: Any, manager: User) -> None:
    old = paper(scheme, date(2024, 1, 1), date(2024, 12, 31))
    new = paper(scheme, date(2025, 1, 1), date(2025, 12, 31))
    assert newest(date(2024, 6, 1)) == [old]
    assert newest(date(2025, 6, 1)) == [new]
    assert Register(manager, date(2024, 6, 1)).certificates() == [old]
    assert Register(manager, date(2023, 6, 1)).certificates() == []


def test_a_certificate_withdrawn_later_still_counts_before(scheme: Any, manager: User) -> None:
    held = paper(scheme, date(2025, 1, 1), date(2025, 12, 31))
    services.correct_certificate(
        actor=None, certificate=held, withdrawn_on=date(2025, 8, 1), reason=REASON
    )
    assert newest(date(2025, 7, 31)) == [held]
    assert newest(date(2025, 8, 1)) == []
    assert Register(manager, date(2025, 7, 31)).certificates() == [held]


def expiring(user: User, day: date = DAY) -> list[Certificate]:
    return reports.expiring_certificates(user, day)


def test_a_gap_before_the_next_certificate_is_warned_of(scheme: Any, manager: User) -> None:
    ending = paper(scheme, date(2025, 4, 1), date(2026, 3, 31))
    paper(scheme, date(2026, 6, 1), date(2027, 5, 31))
    assert expiring(manager) == [ending]
    assert expiring(manager, date(2026, 4, 15)) == [ending]
    assert expiring(manager, date(2026, 6, 1)) == []


def test_a_certificate_that_takes_over_the_next_day_ends_the_warning(
    scheme: Any, manager: User
) -> None:
    paper(scheme, date(2025, 4, 1), date(2026, 3, 31))
    assert len(expiring(manager)) == 1
    paper(scheme, date(2026, 4, 1), date(2027, 3, 31))
    assert expiring(manager) == []


def test_a_withdrawal_that_is_announced_ends_the_cover(scheme: Any, manager: User) -> None:
    held = paper(scheme, date(2025, 4, 1), date(2027, 3, 31))
    assert expiring(manager) == []
    services.correct_certificate(
        actor=None, certificate=held, withdrawn_on=date(2026, 2, 15), reason=REASON
    )
    held.refresh_from_db()
    assert held.last_on == date(2026, 2, 14)
    assert expiring(manager) == [held]


def test_schemes_are_covered_each_by_its_own_certificates(scheme: Any, manager: User) -> None:
    first = paper(scheme, date(2025, 4, 1), date(2026, 3, 31))
    second = paper(certified.scheme(), date(2025, 4, 1), date(2026, 2, 28))
    paper(certified.scheme(), date(2026, 4, 1), date(2027, 3, 31))
    assert reports.covering_certificates(manager, DAY) == [second, first]
