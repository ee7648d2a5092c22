"""Trainings and mingas: who came, counted as of that day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kallari.rules.services import add_rule_value
from members.models import Attendance, Gathering
from members.querysets.gatherings import Tally, tally_of, total_of
from members.rules import YOUTH_TO_AGE
from members.services import gatherings as services
from tests.members.factories import HELD_ON, REASON, community, family, gathering, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23T15:00:00+00:00")]


def came(to, *people, **fields):
    return services.call_roll(actor=None, gathering=to, came=people, **fields)


def codes(caught):
    return (
        {one.code for one in caught.value.error_list}
        if hasattr(caught.value, "error_list")
        else {one.code for errors in caught.value.error_dict.values() for one in errors}
    )


@pytest.mark.parametrize(
    ("born_on", "band"),
    [
        # The Ley Orgánica de las Juventudes counts from 18 to 29 completed years.
        (date(2008, 3, 15), "not_youth"),  # 17 years and 364 days on 14 March 2026
        (date(2008, 3, 14), "youth"),  # 18 that day
        (date(1996, 3, 15), "youth"),  # 29 years and 364 days
        (date(1996, 3, 14), "not_youth"),  # 30 that day
        (None, "unknown"),
    ],
)
def test_youth_is_counted_as_of_the_day_of_the_gathering(born_on, band):
    held = gathering(held_on=date(2026, 3, 14))
    came(held, person(born_on=born_on))
    assert held.attendances.with_age().get().age_band == band


def test_a_birthday_on_29_february_is_the_28th_in_other_years():
    """As `kallari.dates.anniversary` and PostgreSQL's interval of years have it."""
    held = gathering(held_on=date(2022, 2, 28))
    came(held, person(born_on=date(2004, 2, 29)))
    assert held.attendances.with_age().get().age_band == "youth"


def test_a_new_rule_changes_no_gathering_before_it():
    before, after = gathering(held_on=date(2026, 3, 14)), gathering(held_on=date(2026, 6, 14))
    of_thirty = person(born_on=date(1995, 12, 1))
    came(before, of_thirty)
    came(after, of_thirty)
    add_rule_value(
        actor=None,
        rule=YOUTH_TO_AGE,
        value=35,
        valid_from=date(2026, 5, 1),
        source="Resolución de prueba",
        reason=REASON,
    )
    assert (tally_of(before).youth, tally_of(after).youth) == (0, 1)


def test_unknown_sex_and_age_are_counted_as_unknown_and_never_guessed():
    held = gathering(visiting_women=2, visiting_men=1, visiting_unknown=4)
    came(
        held,
        person(given_names="Rosa", sex="F", born_on=date(2000, 1, 1)),
        person(given_names="Sisa", sex="X", born_on=date(1970, 1, 1)),
        person(given_names="Ana", sex="", born_on=None, birth_year=2000),
    )
    assert tally_of(held) == Tally(
        gatherings=1,
        women=3,
        men=1,
        other_sex=1,
        unknown_sex=5,
        youth=1,
        not_youth=1,
        unknown_age=8,
    )
    assert tally_of(held).total == 10
    assert tally_of(held).women_percent == 60  # 3 of 5 whose sex is known
    assert tally_of(held).youth_percent == 50


def test_a_gathering_without_anybody_has_no_shares():
    nobody = tally_of(gathering())
    assert (nobody.total, nobody.women_percent, nobody.youth_percent) == (0, None, None)


def test_totals_add_up():
    assert total_of([Tally(gatherings=1, women=2), Tally(gatherings=1, men=3)]) == Tally(
        gatherings=2, women=2, men=3
    )


def test_the_roll_notes_once_who_is_ticked_twice():
    held, rosa = gathering(), person()
    assert came(held, rosa) == (1, 0)
    assert came(held, rosa) == (0, 0)
    assert held.attendances.count() == 1


def test_two_telephones_do_not_undo_each_other():
    held, rosa, pedro = gathering(), person(), person(given_names="Pedro", sex="M")
    came(held, rosa)
    came(held, pedro)
    assert held.attendances.count() == 2


def test_who_is_struck_from_the_roll_asks_for_a_reason():
    held, rosa = gathering(), person()
    came(held, rosa)
    with pytest.raises(ValidationError) as caught:
        services.call_roll(actor=None, gathering=held, struck=[rosa])
    assert codes(caught) == {"reason_required"}
    assert held.attendances.exists()
    assert services.call_roll(actor=None, gathering=held, struck=[rosa], reason=REASON) == (0, 1)
    assert Attendance.history.first().history_change_reason == REASON


@pytest.mark.parametrize(
    ("held_on", "refused"), [(date(2026, 11, 23), False), (date(2026, 11, 24), True)]
)
def test_nobody_attends_before_the_day(held_on, refused):
    planned, rosa = gathering(held_on=held_on), person()
    if not refused:
        assert came(planned, rosa) == (1, 0)
        return
    with pytest.raises(ValidationError) as caught:
        came(planned, rosa)
    assert codes(caught) == {"not_held_yet"}


def test_visitors_are_not_counted_before_the_day():
    with pytest.raises(ValidationError) as caught:
        gathering(held_on=date(2026, 12, 1), visiting_men=3)
    assert codes(caught) == {"not_held_yet"}
    assert gathering(held_on=date(2026, 12, 1)).is_planned


def test_nobody_attends_what_was_called_off():
    off = services.cancel_gathering(actor=None, gathering=gathering(), reason=REASON)
    rosa = person()
    with pytest.raises(ValidationError) as caught:
        came(off, rosa)
    assert codes(caught) == {"cancelled"}
    with pytest.raises(IntegrityError, match="called off"), transaction.atomic():
        Attendance(gathering=off, person=rosa).save()


def test_what_somebody_came_to_is_not_called_off():
    held, rosa = gathering(), person()
    came(held, rosa)
    with pytest.raises(ValidationError) as caught:
        services.cancel_gathering(actor=None, gathering=held, reason=REASON)
    assert codes(caught) == {"has_attendance"}
    services.call_roll(actor=None, gathering=held, struck=[rosa], reason=REASON)
    services.cancel_gathering(actor=None, gathering=held, reason=REASON)


def test_the_dead_do_not_attend_but_who_died_later_did():
    from members.services import partners

    held, rosa = gathering(held_on=date(2026, 3, 14)), person()
    later = partners.record_death(actor=None, person=rosa, died_on=date(2026, 3, 15), reason=REASON)
    assert came(held, later) == (1, 0)
    earlier = gathering(held_on=date(2026, 3, 16))
    with pytest.raises(ValidationError) as caught:
        came(earlier, later)
    assert codes(caught) == {"not_alive"}


def test_the_day_is_not_moved_to_the_future_once_somebody_came():
    held = gathering()
    came(held, person())
    with pytest.raises(ValidationError) as caught:
        services.correct_gathering(
            actor=None, gathering=held, held_on=date(2027, 1, 1), reason=REASON
        )
    assert codes(caught) == {"has_attendance"}


def test_the_name_of_a_topic_is_found_in_any_spelling():
    gathering("Poda del cacao")
    gathering("Minga del camino", kind="minga")
    assert [one.topic for one in Gathering.objects.search("PODA kakao")] == ["Poda del cacao"]


def test_agents_and_delegates_see_the_gatherings_of_their_communities(account):
    from members.services.families import assign_community

    rumi, serena = community("Rumi Yaku"), community("Serena")
    here, there = gathering(of=rumi), gathering(of=serena)
    visitor = person(of=family(of=serena))
    came(here, visitor)
    for role in ("extension_agent", "delegate"):
        user = account(role)
        assert not Gathering.objects.visible_to(user).exists()
        assign_community(actor=None, user=user, community=rumi)
        assert list(Gathering.objects.visible_to(user)) == [here]
        assert [one.person for one in Attendance.objects.visible_to(user)] == [visitor]
    assert set(Gathering.objects.visible_to(account("auditor"))) == {here, there}
    assert not Gathering.objects.visible_to(account("nobody")).exists()


def test_tallies_ask_twice_whatever_the_number(django_assert_num_queries):
    for _number in range(3):
        came(gathering(), person(distinct=True))
    with django_assert_num_queries(2):
        assert len(Gathering.objects.all().tallies()) == 3


def test_what_took_place_is_counted_by_month():
    gathering(held_on=HELD_ON)
    gathering(held_on=HELD_ON, kind="minga")
    gathering(held_on=date(2026, 12, 2))
    assert Gathering.objects.all().per_month(2026) == {(3, "training"): 1, (3, "minga"): 1}
