"""What chakras are under schemes, and who was approved on a day."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from members.models import (
    CertificationScheme,
    CertificationStatus,
    Chakra,
    ChakraCertification,
    Partner,
)
from members.services import certification as services
from members.services import partners as partner_services
from tests.members import factories
from tests.members.certified import (
    CERTIFIED_ON,
    STARTED_ON,
    certified,
    fair_trade,
    in_transition,
    scheme,
)
from tests.members.factories import REASON, RESOLUTION, chakra

pytestmark = pytest.mark.django_db


def statuses(row: ChakraCertification) -> list[tuple[str, date, date | None]]:
    rows = ChakraCertification.objects.filter(chakra=row.chakra, scheme=row.scheme)
    return list(rows.order_by("starts_on").values_list("status", "starts_on", "ends_on"))


# --- The transition -------------------------------------------------------------------------------


def test_a_transition_of_36_months_has_three_years_and_then_waits() -> None:
    assert services.stage_dates(date(2022, 11, 1)) == {
        CertificationStatus.T0: date(2022, 11, 1),
        CertificationStatus.T1: date(2023, 11, 1),
        CertificationStatus.T2: date(2024, 11, 1),
        CertificationStatus.T3: date(2025, 11, 1),
    }


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2023, 10, 31), "t0"),
        (date(2023, 11, 1), "t1"),
        (date(2025, 10, 31), "t2"),
        (date(2025, 11, 1), "t3"),
        (date(2026, 8, 1), "t3"),
    ],
)
def test_the_year_of_transition_changes_on_its_day(day: date, stage: str) -> None:
    assert services.stage_on(STARTED_ON, day) == stage


def test_transitions_advance_with_each_year_from_its_own_first_day() -> None:
    row = in_transition()
    moved = services.advance_transitions(actor=None, on=date(2025, 1, 15), reason=REASON)
    assert moved == 1
    assert statuses(row) == [
        ("t0", date(2022, 11, 1), date(2023, 11, 1)),
        ("t1", date(2023, 11, 1), date(2024, 11, 1)),
        ("t2", date(2024, 11, 1), None),
    ]


def test_advancing_again_changes_nothing() -> None:
    in_transition()
    services.advance_transitions(actor=None, on=date(2025, 1, 15), reason=REASON)
    assert services.advance_transitions(actor=None, on=date(2025, 1, 15), reason=REASON) == 0


def test_a_recognized_earlier_start_shortens_the_transition() -> None:
    row = services.begin_transition(
        actor=None,
        chakra=chakra(),
        scheme=scheme(),
        starts_on=date(2025, 2, 1),
        transition_started_on=date(2023, 6, 1),
    )
    assert (row.status, row.starts_on) == ("t1", date(2025, 2, 1))


def test_a_chakra_is_certified_on_the_day_its_transition_is_over() -> None:
    row = certified(on=date(2025, 11, 1))
    assert row.status == "certified"


def test_a_chakra_is_not_certified_a_day_before() -> None:
    with pytest.raises(ValidationError) as refused:
        certified(on=date(2025, 10, 31))
    assert refused.value.error_dict["starts_on"][0].code == "transition_not_over"
    assert "1 de noviembre de 2025" in str(refused.value)


def test_an_organic_chakra_is_not_certified_without_any_transition() -> None:
    with pytest.raises(ValidationError, match="transición") as refused:
        services.certify_chakra(
            actor=None,
            chakra=chakra(),
            scheme=scheme(),
            starts_on=CERTIFIED_ON,
            resolution=RESOLUTION,
        )
    assert refused.value.code == "no_transition_begun"


def test_fair_trade_needs_no_transition() -> None:
    row = services.certify_chakra(
        actor=None,
        chakra=chakra(),
        scheme=fair_trade(),
        starts_on=CERTIFIED_ON,
        resolution=RESOLUTION,
    )
    assert row.status == "certified"


def test_a_suspended_chakra_is_again_what_it_was() -> None:
    row = certified()
    told: dict[str, Any] = {
        "actor": None,
        "chakra": row.chakra,
        "scheme": row.scheme,
        "resolution": RESOLUTION,
        "reason": REASON,
    }
    services.suspend_chakra(starts_on=date(2026, 2, 1), **told)
    back = services.reinstate_chakra(starts_on=date(2026, 5, 1), **told)
    assert (back.status, back.starts_on) == ("certified", date(2026, 5, 1))


def test_an_excluded_chakra_begins_a_new_transition() -> None:
    row = certified()
    services.exclude_chakra(
        actor=None,
        chakra=row.chakra,
        scheme=row.scheme,
        starts_on=date(2026, 2, 1),
        resolution=RESOLUTION,
        reason=REASON,
    )
    with pytest.raises(ValidationError) as refused:
        services.certify_chakra(
            actor=None,
            chakra=row.chakra,
            scheme=row.scheme,
            starts_on=date(2026, 3, 1),
            resolution=RESOLUTION,
        )
    assert refused.value.code == "no_transition_begun"
    again = services.begin_transition(
        actor=None, chakra=row.chakra, scheme=row.scheme, starts_on=date(2026, 3, 1)
    )
    assert (again.status, again.transition_started_on) == ("t0", date(2026, 3, 1))


def excluded(row: ChakraCertification, on: date = date(2026, 2, 1)) -> ChakraCertification:
    return services.exclude_chakra(
        actor=None,
        chakra=row.chakra,
        scheme=row.scheme,
        starts_on=on,
        resolution=RESOLUTION,
        reason=REASON,
    )


def certify(chakra: Chakra, under: CertificationScheme, on: date) -> ChakraCertification:
    return services.certify_chakra(
        actor=None, chakra=chakra, scheme=under, starts_on=on, resolution=RESOLUTION
    )


def test_an_excluded_chakra_is_certified_again_where_no_transition_is_asked() -> None:
    row = certify(chakra(), fair_trade(), CERTIFIED_ON)
    excluded(row)
    certify(row.chakra, row.scheme, date(2026, 5, 1))
    assert statuses(row) == [
        ("certified", CERTIFIED_ON, date(2026, 2, 1)),
        ("excluded", date(2026, 2, 1), date(2026, 5, 1)),
        ("certified", date(2026, 5, 1), None),
    ]


@pytest.mark.parametrize("is_ended", [False, True])
def test_no_time_before_an_exclusion_counts_for_the_next_transition(is_ended: bool) -> None:
    row = certified()
    out = excluded(row)
    if is_ended:
        services.correct_status(
            actor=None, certification=out, ends_on=date(2026, 2, 15), reason=REASON
        )
    told: dict[str, Any] = {
        "actor": None,
        "chakra": row.chakra,
        "scheme": row.scheme,
        "starts_on": date(2026, 3, 1),
    }
    with pytest.raises(ValidationError) as refused:
        services.begin_transition(transition_started_on=date(2026, 1, 31), **told)
    codes = refused.value.error_dict["transition_started_on"]
    assert [one.code for one in codes] == ["before_the_exclusion"]
    again = services.begin_transition(transition_started_on=date(2026, 2, 1), **told)
    assert again.status == "t0"
    with pytest.raises(ValidationError, match="fue excluida"):
        services.correct_status(
            actor=None,
            certification=again,
            transition_started_on=date(2026, 1, 31),
            reason=REASON,
        )


def test_a_suspension_asks_why() -> None:
    row = certified()
    with pytest.raises(ValidationError) as refused:
        services.suspend_chakra(
            actor=None,
            chakra=row.chakra,
            scheme=row.scheme,
            starts_on=date(2026, 2, 1),
            resolution=RESOLUTION,
            reason=" ",
        )
    assert refused.value.code == "reason_required"


# --- Corrections ----------------------------------------------------------------------------------


def corrected(row: ChakraCertification, **changes: Any) -> ChakraCertification:
    return services.correct_status(actor=None, certification=row, reason=REASON, **changes)


def test_a_status_that_has_ended_is_not_the_present_one() -> None:
    row = certify(chakra(), fair_trade(), CERTIFIED_ON)
    corrected(row, ends_on=date(2026, 3, 1))
    with pytest.raises(ValidationError) as refused:
        certify(row.chakra, row.scheme, date(2026, 2, 28))
    assert refused.value.code == "already"
    certify(row.chakra, row.scheme, date(2026, 3, 1))
    assert statuses(row)[-1] == ("certified", date(2026, 3, 1), None)


def test_what_has_ended_is_neither_suspended_nor_given_back() -> None:
    row = certify(chakra(), fair_trade(), CERTIFIED_ON)
    corrected(row, ends_on=date(2026, 3, 1))
    with pytest.raises(ValidationError) as refused:
        excluded(row, date(2026, 4, 1))
    assert refused.value.code == "not_listed"


def test_a_status_that_was_to_end_later_ends_with_the_decision() -> None:
    row = certify(chakra(), fair_trade(), CERTIFIED_ON)
    corrected(row, ends_on=date(2200, 1, 1))
    excluded(row)
    assert statuses(row) == [
        ("certified", CERTIFIED_ON, date(2026, 2, 1)),
        ("excluded", date(2026, 2, 1), None),
    ]


@pytest.mark.parametrize(
    ("field", "day", "code"),
    [
        ("starts_on", date(2025, 10, 31), "transition_not_over"),
        ("starts_on", date(2200, 1, 1), "in_the_future"),
        ("transition_started_on", date(2023, 1, 2), "transition_not_over"),
        ("transition_started_on", None, "no_transition_begun"),
    ],
)
def test_a_correction_certifies_nothing_before_its_time(
    field: str, day: date | None, code: str
) -> None:
    row = certified(on=date(2026, 1, 1))
    first = ChakraCertification.objects.get(status="t0")
    corrected(first, ends_on=date(2025, 10, 1))
    with pytest.raises(ValidationError) as refused:
        corrected(row, **{field: day})
    errors = getattr(refused.value, "error_dict", {}).get("starts_on", [refused.value])
    assert [one.code for one in errors] == [code]


def test_a_correction_may_reach_the_day_on_which_the_transition_is_over() -> None:
    row = certified(on=date(2026, 1, 1))
    corrected(ChakraCertification.objects.get(status="t0"), ends_on=date(2025, 10, 1))
    assert corrected(row, starts_on=CERTIFIED_ON).starts_on == CERTIFIED_ON
    assert corrected(row, transition_started_on=date(2022, 10, 1)).pk == row.pk


# --- What the database refuses --------------------------------------------------------------------

INSERT = """
    INSERT INTO members_chakracertification
        (chakra_id, scheme_id, status, starts_on, ends_on, transition_started_on, resolution)
    VALUES (%s, %s, 'certified', %s, %s, NULL, 'x')
"""


def test_the_database_takes_no_two_statuses_at_once() -> None:
    row = certified()
    with pytest.raises(IntegrityError, match="one_certification_status_at_a_time"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, [row.chakra_id, row.scheme_id, "2026-02-01", "2026-03-01"])


def test_the_database_takes_the_same_period_under_another_scheme() -> None:
    row = certified()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [row.chakra_id, scheme().pk, "2026-02-01", "2026-03-01"])
    assert ChakraCertification.objects.filter(chakra=row.chakra).count() == 3


def test_a_status_is_never_removed() -> None:
    row = certified()
    with pytest.raises(InternalError, match="never removed"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM members_chakracertification WHERE id = %s", [row.pk])


def test_a_correction_that_overlaps_is_refused_in_words() -> None:
    row = certified(on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="otro estado"):
        services.correct_status(
            actor=None, certification=row, starts_on=CERTIFIED_ON, reason=REASON
        )


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one_status() -> None:
    row = in_transition()
    row.chakra.refresh_from_db()
    barrier = threading.Barrier(2)
    outcomes: list[str | None] = []

    def certify() -> None:
        try:
            barrier.wait(10)
            services.certify_chakra(
                actor=None,
                chakra=row.chakra,
                scheme=row.scheme,
                starts_on=CERTIFIED_ON,
                resolution=RESOLUTION,
            )
            outcomes.append("certified")
        except ValidationError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=certify) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes, key=str) == ["already", "certified"]
    assert statuses(row)[-1] == ("certified", CERTIFIED_ON, None)
    assert len(statuses(row)) == 2


# --- The approved list ----------------------------------------------------------------------------


def approved(day: date) -> list[ChakraCertification]:
    return list(ChakraCertification.objects.approved_on(day))


@pytest.fixture
def farmer(db: None) -> Partner:
    return factories.partner()


def test_a_certified_chakra_of_a_registered_partner_is_approved(farmer: Partner) -> None:
    row = certified(chakra(of=farmer.family))
    assert approved(CERTIFIED_ON) == [row]
    assert approved(CERTIFIED_ON - timedelta(days=1)) == []


def test_a_family_without_a_partner_is_not_approved() -> None:
    certified()
    assert approved(CERTIFIED_ON) == []


def test_a_suspended_partner_is_not_approved_while_it_lasts(farmer: Partner) -> None:
    certified(chakra(of=farmer.family))
    told: dict[str, Any] = {
        "actor": None,
        "partner": farmer,
        "resolution": RESOLUTION,
        "reason": REASON,
    }
    partner_services.suspend_partner(starts_on=date(2026, 2, 1), **told)
    assert len(approved(date(2026, 1, 31))) == 1
    assert approved(date(2026, 2, 1)) == []


def test_a_date_corrected_later_corrects_the_list_of_that_day(farmer: Partner) -> None:
    row = certified(chakra(of=farmer.family))
    services.suspend_chakra(
        actor=None,
        chakra=row.chakra,
        scheme=row.scheme,
        starts_on=date(2026, 4, 1),
        resolution=RESOLUTION,
        reason=REASON,
    )
    assert len(approved(date(2026, 3, 15))) == 1
    last = ChakraCertification.objects.get(status="suspended")
    row.refresh_from_db()
    services.correct_status(actor=None, certification=row, ends_on=date(2026, 3, 1), reason=REASON)
    services.correct_status(
        actor=None, certification=last, starts_on=date(2026, 3, 1), reason=REASON
    )
    assert approved(date(2026, 3, 15)) == []
    assert len(approved(date(2026, 2, 28))) == 1


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_list_of_any_day_is_what_a_diary_of_that_day_would_say(
    data: st.DataObject, farmer: Partner
) -> None:
    """An independent model: a diary kept day by day, corrected as the dates are corrected."""
    first = date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(40)]
    with transaction.atomic():
        plot, under = chakra(of=farmer.family), scheme()
        diary: dict[date, str] = {}
        marks = sorted(data.draw(st.sets(st.integers(0, 39), min_size=2, max_size=6)))
        rows = []
        for start, end in zip(marks, [*marks[1:], None], strict=True):
            status = data.draw(st.sampled_from(["certified", "suspended", "excluded"]))
            row = ChakraCertification(
                chakra=plot,
                scheme=under,
                status=status,
                starts_on=days[start],
                ends_on=None if end is None else days[end],
                resolution=RESOLUTION,
            )
            row.full_clean()
            row.save()
            rows.append(row)
            diary |= dict.fromkeys(days[start:end], status)
        moved = data.draw(st.integers(0, len(rows) - 1))
        later = data.draw(st.integers(marks[moved], 39))
        wanted = rows[moved]
        if wanted.ends_on is None or days[later] < wanted.ends_on:
            services.correct_status(
                actor=None, certification=wanted, starts_on=days[later], reason=REASON
            )
            for day in days[marks[moved] : later]:
                diary.pop(day)
        for day in days:
            expected = diary.get(day) == "certified"
            assert bool(ChakraCertification.objects.approved_on(day).filter(chakra=plot)) == (
                expected
            ), day
        transaction.set_rollback(True)


def test_what_a_suspension_after_the_day_does_changes_no_earlier_list(farmer: Partner) -> None:
    row = certified(chakra(of=farmer.family))
    before = approved(date(2026, 1, 15))
    services.exclude_chakra(
        actor=None,
        chakra=row.chakra,
        scheme=row.scheme,
        starts_on=date(2026, 6, 1),
        resolution=RESOLUTION,
        reason=REASON,
    )
    partner_services.end_partnership(
        actor=None,
        partner=farmer,
        ended_on=date(2026, 7, 1),
        how="left",
        resolution=RESOLUTION,
        reason=REASON,
    )
    assert approved(date(2026, 1, 15)) == before
