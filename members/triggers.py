"""What the database itself refuses, beyond what a constraint can say."""

from __future__ import annotations

import pgtrigger


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
