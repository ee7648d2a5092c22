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
