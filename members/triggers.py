"""What the database itself refuses, beyond what a constraint can say."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from kallari.refusals import explain

explain(
    "legal_age_at_registration",
    _(
        "El día del registro todavía no era mayor de edad, o falta su fecha de nacimiento. Revise"
        " las dos fechas."
    ),
    code="not_of_age",
)
explain(
    "attended_what_was_held",
    _("El encuentro se suspendió: no lleva asistencia."),
    code="called_off",
)
explain(
    "uses_within_the_contribution",
    _("Lo que se usó pasa de lo que se aportó. Revise los valores."),
    code="more_than_contributed",
)
explain(
    "small_enough_for_a_point",
    _("Una chakra de esa área necesita su lindero completo, no un solo punto."),
    code="boundary_needed",
)
explain(
    "no_verification_with_an_open_conflict",
    _("Una chakra sin lugar, o con un traslape abierto, no se verifica. Resuélvalo primero."),
    code="open_conflict",
)


def legal_age_at_registration() -> pgtrigger.Trigger:
    """Nobody is registered before the legal age in force on that day (rule
    ``partner.minimum_age``), or without a known birth date."""
    return pgtrigger.Trigger(
        name="legal_age_at_registration",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("registered_on", "person_id"),
        condition=pgtrigger.Condition("NEW.registered_on IS NOT NULL"),
        declare=[("born", "date"), ("years", "int")],
        func="""
            SELECT born_on INTO born FROM members_person WHERE id = NEW.person_id FOR SHARE;
            years := kallari_rule_value('partner.minimum_age', NEW.registered_on)::text::int;
            IF born IS NULL OR years IS NULL
               OR NEW.registered_on < (born + make_interval(years => years))::date THEN
                RAISE EXCEPTION 'not of legal age on the day of registration'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_age_at_registration';
            END IF;
            RETURN NULL;
        """,
    )


def legal_age_of_partners() -> pgtrigger.Trigger:
    """A corrected birth date must not make a registered partner too young on that day."""
    return pgtrigger.Trigger(
        name="legal_age_of_partners",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("born_on"),
        func="""
            IF EXISTS (
                SELECT 1 FROM members_partner partner
                WHERE partner.person_id = NEW.id AND partner.registered_on IS NOT NULL
                  AND (NEW.born_on IS NULL OR partner.registered_on < (
                       NEW.born_on + make_interval(years => kallari_rule_value(
                           'partner.minimum_age', partner.registered_on)::text::int))::date)
            ) THEN
                RAISE EXCEPTION 'a registered partner would not be of legal age'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_age_at_registration';
            END IF;
            RETURN NULL;
        """,
    )


def attended_what_was_held() -> pgtrigger.Trigger:
    """Attendance is of gatherings that were not called off. (Whether the day has come is asked by
    the service: the database's clock is not the association's calendar.)"""
    return pgtrigger.Trigger(
        name="attended_what_was_held",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("gathering_id"),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM members_gathering WHERE id = NEW.gathering_id
                AND cancelled_on IS NULL
            ) THEN
                RAISE EXCEPTION 'the gathering was called off'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'attended_what_was_held';
            END IF;
            RETURN NULL;
        """,
    )


def uses_within_the_contribution() -> pgtrigger.Trigger:
    """What a contribution paid for is never worth more than the contribution. Its row is locked,
    so that of two uses at once the second sees the first."""
    return pgtrigger.Trigger(
        name="uses_within_the_contribution",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("amount_usd", "contribution_id"),
        declare=[("available", "numeric"), ("used", "numeric")],
        func="""
            SELECT value_usd INTO available FROM members_contribution
            WHERE id = NEW.contribution_id FOR UPDATE;
            SELECT sum(amount_usd) INTO used FROM members_contributionuse
            WHERE contribution_id = NEW.contribution_id;
            IF used > available THEN
                RAISE EXCEPTION 'uses exceed the contribution'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'uses_within_the_contribution';
            END IF;
            RETURN NULL;
        """,
    )


def value_covers_its_uses() -> pgtrigger.Trigger:
    """A corrected contribution is still worth what was used of it."""
    return pgtrigger.Trigger(
        name="value_covers_its_uses",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("value_usd"),
        func="""
            IF NEW.value_usd < (SELECT coalesce(sum(amount_usd), 0) FROM members_contributionuse
                                WHERE contribution_id = NEW.id) THEN
                RAISE EXCEPTION 'uses exceed the contribution'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'uses_within_the_contribution';
            END IF;
            RETURN NULL;
        """,
    )


def small_enough_for_a_point() -> pgtrigger.Trigger:
    """Above the area of the rule ``chakra.point_max_ha`` a chakra needs its boundary (EUDR)."""
    return pgtrigger.Trigger(
        name="small_enough_for_a_point",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Condition("NEW.kind = 'Point' AND NEW.is_current"),
        func="""
            IF NEW.area_ha >
               (kallari_rule_value('chakra.point_max_ha', NEW.captured_on) #>> '{}')::numeric THEN
                RAISE EXCEPTION 'a chakra of this area needs its boundary'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'small_enough_for_a_point';
            END IF;
            RETURN NULL;
        """,
    )


def a_boundary_stays_as_it_was_taken() -> pgtrigger.Trigger:
    """Of a version of a boundary one thing changes: that it is no longer the present one."""
    return pgtrigger.Trigger(
        name="a_boundary_stays_as_it_was_taken",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF (to_jsonb(NEW) - 'is_current') IS DISTINCT FROM (to_jsonb(OLD) - 'is_current')
               OR (NEW.is_current AND NOT OLD.is_current) THEN
                RAISE EXCEPTION '% is append-only: another version is added', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


def no_verification_with_an_open_conflict() -> pgtrigger.Trigger:
    """Nobody stands for a chakra while another family's boundary lies on it undecided."""
    return pgtrigger.Trigger(
        name="no_verification_with_an_open_conflict",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        condition=pgtrigger.Condition("NEW.state = 'verified'"),
        func="""
            IF EXISTS (SELECT 1 FROM members_chakraconflict conflict
                       WHERE conflict.decided_on IS NULL
                         AND NEW.id IN (conflict.one_id, conflict.other_id)) THEN
                RAISE EXCEPTION 'an open conflict blocks the verification'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'no_verification_with_an_open_conflict';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM members_chakrageometry geometry
                           WHERE geometry.chakra_id = NEW.id AND geometry.is_current) THEN
                RAISE EXCEPTION 'a chakra without a place is not verified'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'no_verification_with_an_open_conflict';
            END IF;
            RETURN NULL;
        """,
    )
