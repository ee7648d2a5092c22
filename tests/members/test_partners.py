"""Memberships: what is asked before one begins, what may follow, and what nobody can do."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kallari.history.context import acting
from members import trade
from members.models import Partner, Person, Standing
from members.services import chakras, communities, families, persons
from members.services import partners as services
from members.services import requirements as asked
from tests.members import factories
from tests.members.factories import REASON, REGISTERED_ON, RESOLUTION

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(f"{TODAY}T12:00:00-05:00", tick=False)


def codes(error):
    if hasattr(error.value, "error_dict"):
        return {one.code for errors in error.value.error_dict.values() for one in errors}
    return {one.code for one in error.value.error_list}


def register(partner, on=TODAY, **fields):
    return services.register_partner(
        actor=None, partner=partner, registered_on=on, resolution=RESOLUTION, **fields
    )


def ready_to_register(on=TODAY, **fields):
    person = factories.person(**fields)
    factories.traded(person.family, since=on - timedelta(days=400))
    return factories.applicant(person, applied_on=on)


# --- Age and trade ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_eighteen_today_is_of_age_and_a_day_younger_is_not():
    eighteen = ready_to_register(surnames="Andi", born_on=date(2008, 3, 2))
    younger = ready_to_register(surnames="Cerda", born_on=date(2008, 3, 3))
    assert register(eighteen).registered_on == TODAY
    with pytest.raises(ValidationError) as error:
        register(younger)
    assert codes(error) == {"not_of_age"}
    younger.refresh_from_db()
    assert younger.registered_on is None


@pytest.mark.django_db
def test_without_a_birth_date_nobody_is_registered():
    partner = ready_to_register(born_on=None, birth_year=1980)
    with pytest.raises(ValidationError) as error:
        register(partner)
    assert codes(error) == {"not_of_age"}


@pytest.mark.django_db
@pytest.mark.parametrize("product", ["cocoa", "guayusa", "vanilla"])
def test_a_year_of_trade_is_365_days_and_364_are_refused(product):
    person = factories.person()
    factories.traded(person.family, product, since=TODAY - timedelta(days=365))
    partner = factories.applicant(person, applied_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError) as error:
        register(partner, TODAY - timedelta(days=1))
    assert codes(error) == {"not_enough_trade"}
    assert register(partner, TODAY).number == 1


@pytest.mark.django_db
def test_coffee_alone_does_not_count_however_long():
    person = factories.person()
    factories.traded(person.family, "coffee", since=date(2015, 1, 1))
    partner = factories.applicant(person, applied_on=TODAY)
    with pytest.raises(ValidationError) as error:
        register(partner)
    assert codes(error) == {"not_enough_trade"}
    factories.traded(person.family, "cocoa", since=date(2015, 1, 1))
    assert register(partner).standing_today == Standing.REGISTERED


@pytest.mark.django_db
def test_deliveries_that_another_app_keeps_count_as_trade():
    partner = factories.applicant(applied_on=TODAY)
    family = partner.family_id

    def deliveries(families, until):
        found = trade.Trade("cocoa", TODAY - timedelta(days=365), until, "12 entregas")
        return {family: [found]} if family in families else {}

    trade.offer_trade(deliveries)
    try:
        found = asked.requirements(partner, TODAY)[1]
        assert found.met
        assert [str(one.shown_by) for one in found.evidence] == ["12 entregas"]
        assert register(partner).number == 1
    finally:
        trade.withdraw_trade(deliveries)


@pytest.mark.django_db
def test_all_that_is_missing_is_said_at_once():
    person = factories.person(born_on=date(2010, 1, 1))
    factories.partner(factories.person(given_names="Luz", of=person.family))
    family = person.family
    family.trade_evidence.all()
    partner = factories.applicant(person, applied_on=TODAY)
    with pytest.raises(ValidationError) as error:
        register(partner)
    assert codes(error) == {"not_of_age", "family_has_partner"}


@pytest.mark.django_db
def test_the_database_itself_knows_the_legal_age():
    """By SQL, past every check of the application."""
    partner = ready_to_register(born_on=date(2008, 3, 3))
    sql = (
        "UPDATE members_partner SET registered_on = %s, number = 7, resolution = 'x' WHERE id = %s"
    )
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(sql, [TODAY, partner.pk])
        cursor.execute("UPDATE members_person SET born_on = %s", [date(2008, 3, 2)])
        cursor.execute(sql, [TODAY, partner.pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE members_person SET born_on = %s", [date(2008, 3, 3)])


@pytest.mark.django_db
def test_a_birth_date_cannot_be_corrected_below_legal_age():
    partner = factories.partner()
    too_late = factories.REGISTERED_ON - timedelta(days=365 * 17)
    with pytest.raises(ValidationError) as error:
        persons.correct_person(actor=None, person=partner.person, born_on=too_late, reason=REASON)
    assert codes(error) == {"not_of_age"}
    corrected = persons.correct_person(
        actor=None, person=partner.person, born_on=date(1981, 1, 1), reason=REASON
    )
    assert corrected.birth_year == 1981


# --- One a family, one a person ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_family_has_one_registered_partner():
    first = factories.partner()
    second = factories.person(given_names="Luz", of=first.family)
    asked = factories.applicant(second, applied_on=TODAY)
    with pytest.raises(ValidationError) as error:
        register(asked)
    assert codes(error) == {"family_has_partner"}
    services.end_partnership(
        actor=None, partner=first, ended_on=TODAY, how=Partner.Ending.LEFT, reason=REASON
    )
    assert register(asked).number == 2


@pytest.mark.django_db
def test_a_suspended_partner_keeps_the_place_of_the_family():
    first = factories.partner()
    services.suspend_partner(
        actor=None, partner=first, starts_on=TODAY, resolution="CV-3", reason=REASON
    )
    asked = factories.applicant(factories.person(given_names="Luz", of=first.family))
    with pytest.raises(ValidationError) as error:
        register(asked)
    assert codes(error) == {"family_has_partner"}


@pytest.mark.django_db
def test_a_person_asks_once():
    person = factories.person()
    factories.applicant(person)
    with pytest.raises(ValidationError) as error:
        factories.applicant(person)
    assert "one_live_partnership_per_person" not in str(error.value)
    assert "ya es socia o aspirante" in str(error.value)


@contextmanager
def two_at_once(act, first, second):
    """Run `act` on two rows in two threads; yields what each gave or raised."""
    barrier = threading.Barrier(2)
    results = {}

    def run(name, row):
        try:
            barrier.wait(10)
            results[name] = act(row)
        except (ValidationError, IntegrityError) as refusal:
            results[name] = refusal
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair) for pair in (("one", first), ("two", second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    yield list(results.values())


def two_applicants():
    one = ready_to_register()
    two = factories.applicant(factories.person(given_names="Luz", of=one.family), applied_on=TODAY)
    return one, two


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_at_once_in_one_family_one_is_refused_in_words():
    with two_at_once(register, *two_applicants()) as results:
        refused = [one for one in results if isinstance(one, ValidationError)]
        assert len(refused) == 1
        assert {one.code for one in refused[0].error_list} == {"family_has_partner"}
    assert Partner.objects.members_on(TODAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_the_same_race_leaves_two(monkeypatch):
    """The twin: it shows that the race is there, and that lock and constraint hold it."""
    one, two = two_applicants()
    met = threading.Barrier(2)
    check = asked.refuse_unmet

    def unlocked(row):
        return type(row)._base_manager.get(pk=row.pk)

    def check_together(partner, on):
        check(partner, on)
        met.wait(10)

    drawn = iter((101, 102))
    monkeypatch.setattr(services, "locked", unlocked)
    monkeypatch.setattr(services, "lock_numbers", lambda series: None)
    monkeypatch.setattr(services, "next_number", lambda model: next(drawn))
    monkeypatch.setattr(services, "refuse_unmet", check_together)
    constraint = next(
        one for one in Partner._meta.constraints if one.name == "one_registered_partner_per_family"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Partner, constraint)
    try:
        monkeypatch.setattr(
            Partner._meta, "constraints", [c for c in Partner._meta.constraints if c != constraint]
        )
        with two_at_once(register, one, two) as results:
            assert not any(isinstance(one, Exception) for one in results)
        assert Partner.objects.members_on(TODAY).count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE members_partner DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM members_partner")
            cursor.execute("ALTER TABLE members_partner ENABLE TRIGGER USER")
        with connection.schema_editor() as editor:
            editor.add_constraint(Partner, constraint)


# --- Standing and its end ---------------------------------------------------------------------


@pytest.mark.django_db
def test_a_life_from_application_to_succession():
    partner = ready_to_register()
    assert partner.standing_today == Standing.APPLICANT
    partner = register(partner)
    assert (partner.number, partner.standing_today) == (1, Standing.REGISTERED)
    services.suspend_partner(
        actor=None, partner=partner, starts_on=TODAY, resolution="CV-3", reason=REASON
    )
    assert Partner.objects.with_standing().get().standing == Standing.SUSPENDED
    services.reinstate_partner(
        actor=None, partner=partner, ends_on=TODAY, resolution="CV-4", reason=REASON
    )
    assert Partner.objects.with_standing().get().standing == Standing.REGISTERED
    services.record_death(actor=None, person=partner.person, died_on=TODAY, reason=REASON)
    partner.refresh_from_db()
    assert partner.standing_on(TODAY) == Standing.DIED
    daughter = factories.person(given_names="Luz", of=partner.family, kinship="child")
    successor = services.succeed_partner(
        actor=None,
        former=partner,
        successor=daughter,
        registered_on=TODAY,
        resolution="AG-9",
    )
    assert (successor.number, successor.succeeds) == (2, partner)
    assert list(Partner.objects.members_on(TODAY)) == [successor]


@pytest.mark.django_db
def test_only_the_same_family_succeeds():
    partner = factories.partner()
    services.record_death(actor=None, person=partner.person, died_on=TODAY, reason=REASON)
    partner.refresh_from_db()
    stranger = factories.person("Cerda", "Luz")
    factories.traded(stranger.family)
    with pytest.raises(ValidationError) as error:
        services.succeed_partner(
            actor=None, former=partner, successor=stranger, registered_on=TODAY, resolution="AG-9"
        )
    assert codes(error) == {"other_family"}


@pytest.mark.django_db
def test_an_expulsion_has_its_resolution():
    partner = factories.partner()
    told = {"partner": partner, "ended_on": TODAY, "how": "expelled", "reason": REASON}
    with pytest.raises(ValidationError) as error:
        services.end_partnership(actor=None, **told)
    assert codes(error) == {"resolution_required"}
    ended = services.end_partnership(actor=None, resolution="AG-5", **told)
    assert ended.standing_today == Standing.EXPELLED


@pytest.mark.django_db
def test_no_membership_is_removed_or_ended_without_a_reason():
    partner = factories.partner()
    with pytest.raises(ValidationError) as error:
        services.end_partnership(
            actor=None, partner=partner, ended_on=TODAY, how="left", reason=" "
        )
    assert codes(error) == {"reason_required"}
    with pytest.raises(Exception, match="closed, never removed"), acting(reason=REASON):
        with transaction.atomic():
            partner.delete()


@pytest.mark.django_db
def test_who_returns_has_a_new_membership_and_the_old_one_stays():
    partner = factories.partner()
    services.end_partnership(
        actor=None, partner=partner, ended_on=date(2024, 1, 1), how="left", reason=REASON
    )
    again = register(factories.applicant(partner.person, applied_on=TODAY))
    assert again.number == 2
    assert [one.number for one in Partner.objects.members_on(date(2023, 1, 1))] == [1]
    assert [one.number for one in Partner.objects.members_on(date(2025, 1, 1))] == []
    assert [one.number for one in Partner.objects.members_on(TODAY)] == [2]


# --- The list of a past day -------------------------------------------------------------------

FIRST_DAY = date(2022, 1, 1)
DAYS = 40
moments = st.integers(min_value=0, max_value=DAYS)
events = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "die", "suspend", "correct_start", "correct_end"]),
        st.integers(min_value=0, max_value=3),
        moments,
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target],  # a database is slow
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=events)
def test_the_list_of_any_past_day_is_right_after_joins_exits_and_corrections(events):
    """Against a model that knows nothing of the database: periods of membership on paper."""
    with transaction.atomic():
        paper: list[dict] = []
        people = [factories.person(f"Apellido{n}", "Ana") for n in range(4)]
        for person in people:
            factories.traded(person.family, since=FIRST_DAY - timedelta(days=500))
        for event, who, moment in events:
            _happen(event, people[who], FIRST_DAY + timedelta(days=moment), paper)
        for offset in range(-1, DAYS + 2):
            day = FIRST_DAY + timedelta(days=offset)
            expected = {
                one["number"]
                for one in paper
                if one["from"] <= day and (one["to"] is None or day < one["to"])
            }
            listed = set(Partner.objects.members_on(day).values_list("number", flat=True))
            assert listed == expected, day
            standing = Partner.objects.with_standing(day).in_bulk()
            for partner in standing.values():
                assert (partner.standing or None) == partner.standing_on(day)
        transaction.set_rollback(True)


def _happen(event, person, day, paper):
    """Let something happen, in the register and on paper, or be refused in both."""
    open_ones = list(Partner.objects.filter(person=person, ended_on=None))
    partner = open_ones[0] if open_ones else None
    line = next((one for one in paper if partner and one["number"] == partner.number), None)
    if Person.objects.get(pk=person.pk).died_on is not None:
        return
    try:
        with transaction.atomic():
            if event == "join" and partner is None:
                made = factories.applicant(person, applied_on=day)
                made = register(made, day)
                paper.append({"number": made.number, "from": day, "to": None})
            elif partner is None or line is None:
                return
            elif event == "leave":
                services.end_partnership(
                    actor=None, partner=partner, ended_on=day, how="left", reason=REASON
                )
                line["to"] = day
            elif event == "die":
                services.record_death(actor=None, person=person, died_on=day, reason=REASON)
                line["to"] = max(day, line["from"])
            elif event == "suspend":
                services.suspend_partner(
                    actor=None, partner=partner, starts_on=day, resolution="CV", reason=REASON
                )
            elif event == "correct_start":
                services.correct_partner(
                    actor=None, partner=partner, applied_on=day, registered_on=day, reason=REASON
                )
                line["from"] = day
            elif event == "correct_end":
                ended = Partner.objects.filter(person=person).exclude(ended_on=None).last()
                if ended is not None:
                    services.correct_partner(actor=None, partner=ended, ended_on=day, reason=REASON)
                    of_ended = next(one for one in paper if one["number"] == ended.number)
                    of_ended["to"] = day
    except ValidationError:
        pass


@pytest.mark.django_db
def test_numbers_are_drawn_one_after_the_other_and_given_ones_are_unique():
    assert [factories.partner(surnames=name).number for name in ("Andi", "Cerda")] == [1, 2]
    with pytest.raises(ValidationError) as error:
        factories.partner(surnames="Tapuy", number=2)
    assert codes(error) == {"unique"}
    assert factories.partner(surnames="Shiguango", number=305).number == 305


@pytest.mark.django_db
def test_a_family_with_a_partner_is_not_closed():
    partner = factories.partner()
    with pytest.raises(ValidationError) as error:
        families.close_family(actor=None, family=partner.family, closed_on=TODAY, reason=REASON)
    assert codes(error) == {"has_partner"}
    services.end_partnership(
        actor=None, partner=partner, ended_on=REGISTERED_ON, how="left", reason=REASON
    )
    closed = families.close_family(
        actor=None, family=partner.family, closed_on=TODAY, reason=REASON
    )
    assert not closed.is_open


@pytest.mark.django_db
def test_a_family_is_not_closed_before_its_last_partner_ended():
    partner = factories.partner()
    ended_on = date(2024, 5, 1)
    services.end_partnership(
        actor=None, partner=partner, ended_on=ended_on, how="left", reason=REASON
    )
    closing: dict[str, Any] = {"actor": None, "family": partner.family, "reason": REASON}
    with pytest.raises(ValidationError, match="1 de mayo de 2024") as error:
        families.close_family(**closing, closed_on=ended_on - timedelta(days=1))
    assert codes(error) == {"before_last_partner"}
    assert families.close_family(**closing, closed_on=ended_on).closed_on == ended_on


@pytest.mark.django_db
def test_a_family_is_closed_once_it_has_given_up_its_chakras_and_takes_none_up_again():
    home = factories.family()
    first, second = factories.chakra(of=home), factories.chakra(of=home)
    closing: dict[str, Any] = {"actor": None, "closed_on": TODAY, "reason": REASON}
    chakras.close_chakra(**closing, chakra=first)
    with pytest.raises(ValidationError, match=f"trabaja {second.code}\\.") as error:
        families.close_family(**closing, family=home)
    assert codes(error) == {"has_chakras"}
    chakras.close_chakra(**closing, chakra=second)
    assert not families.close_family(**closing, family=home).is_open
    with pytest.raises(ValidationError) as error:
        chakras.reopen_chakra(actor=None, chakra=first, reason=REASON)
    assert codes(error) == {"family_closed"}
    families.reopen_family(actor=None, family=home, reason=REASON)
    assert chakras.reopen_chakra(actor=None, chakra=first, reason=REASON).is_open


@pytest.mark.django_db
def test_a_community_that_closed_meanwhile_takes_no_family():
    """What was read before is not what is judged."""
    pano, serena = factories.community("Pano"), factories.community("Serena")
    home = factories.family(of=serena)
    communities.close_community(actor=None, community=pano, closed_on=TODAY, reason=REASON)
    assert pano.is_open
    for act in (
        lambda: families.add_family(actor=None, name="Andi", community=pano),
        lambda: families.correct_family(actor=None, family=home, community=pano, reason=REASON),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert codes(error) == {"community_closed"}
    communities.reopen_community(actor=None, community=pano, reason=REASON)
    assert families.add_family(actor=None, name="Andi", community=pano).community == pano


@pytest.mark.django_db(transaction=True)
def test_a_community_is_not_closed_while_a_family_is_coming():
    pano = factories.community("Pano")
    family_is_there, closed = threading.Event(), threading.Event()

    def close(_row):
        assert family_is_there.wait(10)
        communities.close_community(actor=None, community=pano, closed_on=TODAY, reason=REASON)
        closed.set()

    def come(_row):
        with transaction.atomic():
            refuse = families._refuse_closed
            refuse(pano)
            family_is_there.set()
            return closed.wait(1)

    with two_at_once(lambda act: act(None), close, come) as results:
        assert closed.is_set()
        assert False in results


@pytest.mark.django_db
def test_whether_a_place_is_free_is_judged_by_what_the_register_says_now():
    former = factories.partner()
    heir = factories.person(given_names="Luz", of=former.family)
    services.end_partnership(actor=None, partner=former, ended_on=TODAY, how="left", reason=REASON)
    assert former.ended_on is None
    asked = factories.applicant(heir, applied_on=TODAY, succeeds=former)
    assert asked.succeeds == former


@pytest.mark.django_db
def test_a_corrected_day_of_registration_still_asks_for_a_year_of_trade():
    partner = factories.partner()
    first = REGISTERED_ON - timedelta(days=400)
    days = {"enough": first + timedelta(days=365), "short": first + timedelta(days=364)}
    told = {"partner": partner, "applied_on": first, "reason": REASON}
    with pytest.raises(ValidationError) as error:
        services.correct_partner(actor=None, registered_on=days["short"], **told)
    assert codes(error) == {"not_enough_trade"}
    corrected = services.correct_partner(actor=None, registered_on=days["enough"], **told)
    assert corrected.registered_on == days["enough"]


@pytest.mark.django_db
@pytest.mark.parametrize("corrected", [date(2025, 3, 1), date(2024, 11, 1), date(2024, 3, 1)])
def test_a_suspension_that_the_end_closed_follows_the_corrected_end(corrected):
    partner = factories.partner()
    began, lifted, again = date(2024, 1, 1), date(2024, 2, 1), date(2024, 7, 1)
    told: dict[str, Any] = {"actor": None, "partner": partner, "reason": REASON}
    services.suspend_partner(**told, starts_on=began, resolution="CV-2")
    services.reinstate_partner(**told, ends_on=lifted, resolution="CV-3")
    services.suspend_partner(**told, starts_on=again, resolution="CV-4")
    services.end_partnership(**told, ended_on=date(2025, 1, 1), how="left")
    for ended_on in (corrected, date(2025, 6, 1), corrected):
        services.correct_partner(**told, ended_on=ended_on)
        kept = Partner.objects.get().suspensions.values_list("starts_on", "ends_on")
        assert list(kept) == [(began, lifted), (again, max(ended_on, again))]
        day_before = Partner.objects.get().standing_on(ended_on - timedelta(days=1))
        assert (day_before == Standing.SUSPENDED) == (ended_on > again)


@pytest.mark.django_db
def test_a_suspension_lifted_on_the_day_of_the_end_does_not_follow_it():
    partner = factories.partner()
    told: dict[str, Any] = {"actor": None, "partner": partner, "reason": REASON}
    services.suspend_partner(**told, starts_on=date(2024, 7, 1), resolution="CV-4")
    services.reinstate_partner(**told, ends_on=date(2025, 1, 1), resolution="CV-5")
    services.end_partnership(**told, ended_on=date(2025, 1, 1), how="left")
    services.correct_partner(**told, ended_on=date(2025, 3, 1))
    assert Partner.objects.get().standing_on(date(2025, 2, 1)) == Standing.REGISTERED


@pytest.mark.django_db
def test_a_registration_is_not_corrected_to_after_a_suspension():
    partner = factories.partner()
    first = REGISTERED_ON + timedelta(days=10)
    told: dict[str, Any] = {"actor": None, "partner": partner, "reason": REASON}
    services.suspend_partner(**told, starts_on=first, resolution="CV-2")
    with pytest.raises(ValidationError) as error:
        services.correct_partner(**told, registered_on=first + timedelta(days=1))
    assert codes(error) == {"suspended_before"}
    assert services.correct_partner(**told, registered_on=first).registered_on == first


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [["number"], ["registered_on", "number", "resolution"]])
def test_a_correction_neither_registers_nor_un_registers(fields):
    filled = {"registered_on": TODAY, "number": 7, "resolution": "AG-9"}
    empty = {"registered_on": None, "number": None, "resolution": ""}
    registered, applicant = factories.partner(), ready_to_register(surnames="Cerda")
    for partner, values in ((registered, empty), (applicant, filled)):
        with pytest.raises(ValidationError) as error:
            services.correct_partner(
                actor=None,
                partner=partner,
                reason=REASON,
                **{name: values[name] for name in fields},
            )
        assert codes(error) == {"not_a_correction"}
    kept = services.correct_partner(actor=None, partner=applicant, reason=REASON, note="a", **empty)
    assert kept.note == "a"


# --- A death that was noted wrongly -----------------------------------------------------------


def correct_death(person, died_on):
    return services.correct_death(actor=None, person=person, died_on=died_on, reason=REASON)


def dead_partner(died_on=TODAY):
    partner = factories.partner()
    services.suspend_partner(
        actor=None, partner=partner, starts_on=date(2025, 1, 1), resolution="CV-3", reason=REASON
    )
    services.record_death(actor=None, person=partner.person, died_on=died_on, reason=REASON)
    partner.refresh_from_db()
    return partner


@pytest.mark.django_db
def test_a_death_that_is_withdrawn_gives_back_what_it_ended():
    partner = dead_partner()
    assert correct_death(partner.person, None).is_alive
    partner.refresh_from_db()
    assert (partner.ended_on, partner.ended_how) == (None, "")
    assert partner.standing_today == Standing.SUSPENDED
    with pytest.raises(ValidationError) as error:
        correct_death(partner.person, None)
    assert codes(error) == {"not_dead"}


@pytest.mark.django_db
@pytest.mark.parametrize("right_day", [date(2026, 1, 7), date(2025, 6, 1)])
def test_a_death_on_another_day_ends_the_membership_on_that_day(right_day):
    partner = dead_partner(date(2025, 9, 1))
    assert correct_death(partner.person, right_day).died_on == right_day
    partner = Partner.objects.get()
    assert partner.standing_on(right_day - timedelta(days=1)) == Standing.SUSPENDED
    assert partner.standing_on(right_day) == Standing.DIED
    assert partner.suspensions.get().ends_on == right_day


@pytest.mark.django_db
def test_an_application_that_a_death_ended_goes_on():
    applicant = factories.applicant(applied_on=TODAY)
    services.record_death(
        actor=None, person=applicant.person, died_on=date(2026, 1, 1), reason=REASON
    )
    correct_death(applicant.person, None)
    applicant.refresh_from_db()
    assert applicant.standing_today == Standing.APPLICANT


@pytest.mark.django_db
def test_a_death_is_not_withdrawn_once_somebody_has_asked_for_the_place_or_has_it():
    partner = dead_partner(date(2025, 9, 1))
    heir = factories.person(given_names="Luz", of=partner.family)
    asked = factories.applicant(heir, applied_on=date(2025, 12, 1), succeeds=partner)
    with pytest.raises(ValidationError, match="ha pedido ocupar su lugar") as error:
        correct_death(partner.person, None)
    assert codes(error) == {"followed"}
    register(asked, date(2025, 12, 1))
    with pytest.raises(ValidationError, match="una sola persona registrada"):
        correct_death(partner.person, None)
    with pytest.raises(ValidationError, match="no puede ser posterior") as error:
        correct_death(partner.person, date(2025, 12, 2))
    assert codes(error) == {"followed"}
    assert not Person.objects.get(pk=partner.person_id).is_alive
    assert correct_death(partner.person, date(2025, 12, 1)).died_on == date(2025, 12, 1)


@pytest.mark.django_db
def test_a_death_is_withdrawn_once_the_succession_has_been_turned_away():
    partner = dead_partner()
    heir = factories.person(given_names="Luz", of=partner.family)
    asked = factories.applicant(heir, applied_on=TODAY, succeeds=partner)
    services.end_application(
        actor=None, partner=asked, ended_on=TODAY, how="withdrew", reason=REASON
    )
    assert correct_death(partner.person, None).is_alive


@pytest.mark.django_db
def test_a_death_is_not_withdrawn_into_a_family_that_she_has_no_more():
    partner = dead_partner()
    closing: dict[str, Any] = {"actor": None, "family": partner.family, "reason": REASON}
    families.close_family(**closing, closed_on=TODAY)
    with pytest.raises(ValidationError) as error:
        correct_death(partner.person, None)
    assert codes(error) == {"family_closed"}
    families.reopen_family(**closing)
    persons.move_person(
        actor=None, person=partner.person, family=factories.family("Cerda"), reason=REASON
    )
    with pytest.raises(ValidationError) as error:
        correct_death(Person.objects.get(), None)
    assert codes(error) == {"other_family"}


@pytest.mark.django_db
def test_a_membership_that_ended_on_another_day_is_corrected_before_the_death():
    partner = dead_partner()
    correcting: dict[str, Any] = {"actor": None, "partner": partner, "reason": REASON}
    services.correct_partner(**correcting, ended_on=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="1 de marzo de 2026") as error:
        correct_death(partner.person, None)
    assert codes(error) == {"other_end"}
    services.correct_partner(**correcting, ended_on=TODAY)
    assert correct_death(partner.person, None).is_alive


@pytest.mark.django_db
def test_a_death_before_the_registration_asks_to_look_at_both_dates():
    partner = factories.partner()
    before = {"person": partner.person, "died_on": REGISTERED_ON - timedelta(days=1)}
    with pytest.raises(ValidationError, match="Consta su registro el 1 de junio de 2022") as error:
        services.record_death(actor=None, reason=REASON, **before)
    assert codes(error) == {"registered_later"}
    services.record_death(actor=None, person=partner.person, died_on=TODAY, reason=REASON)
    with pytest.raises(ValidationError) as error:
        correct_death(**before)
    assert codes(error) == {"registered_later"}


@pytest.mark.django_db(transaction=True)
def test_a_succession_and_a_registration_at_once_do_not_block_each_other():
    former = factories.partner()
    services.record_death(actor=None, person=former.person, died_on=TODAY, reason=REASON)
    former.refresh_from_db()
    heir = factories.person(given_names="Luz", of=former.family)
    other = factories.applicant(
        factories.person(given_names="Inés", of=former.family), applied_on=TODAY
    )

    def act(row):
        if isinstance(row, Person):
            return services.succeed_partner(
                actor=None,
                former=former,
                successor=row,
                registered_on=TODAY,
                resolution=RESOLUTION,
            )
        return register(row)

    with two_at_once(act, heir, other) as results:
        assert len(results) == 2
        assert sum(isinstance(one, ValidationError) for one in results) == 1
