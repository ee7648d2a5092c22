"""What the database refuses of payments, cash, premiums and links to statements, beyond what a
constraint can say. Each trigger locks what it adds up before it adds.
"""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import ONLY_READ_COMMITTED, refuse, refuse_missing
from kallari.refusals import explain

explain(
    "a_payment_is_of_an_approved_settlement",
    _("Solo se paga una liquidación aprobada."),
    code="not_approved",
)
explain(
    "payments_within_the_settlement",
    _("Los pagos pasarían de lo que se debe por esa liquidación."),
    code="more_than_owed",
)
explain(
    "a_payment_follows_its_settlement",
    _("Se paga desde el último día de la liquidación."),
    code="before_its_settlement",
)
explain(
    "cash_moves_for_somebody",
    _("Lo que sale de la caja por un pago o un anticipo, y vuelve, se registra con él."),
    code="comes_with_its_payment",
)
explain(
    "a_reversal_undoes_a_whole_payment",
    _("Un pago se revierte entero, una sola vez y por el mismo medio."),
    code="not_its_payment",
)
explain(
    "cash_comes_out_of_the_box",
    _("El movimiento de caja no es el de este pago o anticipo."),
    code="not_its_movement",
)
explain(
    "a_cash_reversal_undoes_its_movement",
    _("Un movimiento se revierte entero, una sola vez y en su misma caja."),
    code="not_its_movement",
)
explain(
    "a_voided_advance_returns_to_its_box",
    _("El dinero de un anticipo que se anula vuelve a su caja."),
    code="not_its_movement",
)
explain(
    "a_cash_count_stays",
    _("Una caja cerrada no cambia, y una abierta solo se cierra con lo que dicen sus movimientos."),
    code="session_closed",
)
explain(
    "a_cash_box_is_never_overdrawn",
    _("En la caja no hay tanto dinero."),
    code="not_enough_cash",
)
explain(
    "cash_moves_while_the_box_is_open",
    _("Esa caja está cerrada. Ábrala primero."),
    code="session_closed",
)
explain(
    "a_premium_rule_stays",
    _("Una regla de premio no cambia: se confirma o se cierra, y se escribe otra."),
    code="premium_rule_stays",
)
explain(
    "a_premium_rule_ends_after_what_it_paid",
    _("Ya se liquidó ese premio por una entrega posterior. Escoja otro día."),
    code="already_paid",
)


DAY_OF = "({} AT TIME ZONE 'America/Guayaquil')::date"
"""The day of a moment where the association is."""


def payments_within_the_settlement() -> pgtrigger.Trigger:
    """What is paid of a settlement lies between nothing and its total, and is paid from its last
    day on. Its row is locked, so that of two payments at once the second sees the first."""
    return pgtrigger.Trigger(
        name="payments_within_the_settlement",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("owed", "harvests_settlement%ROWTYPE"), ("paid", "numeric")],
        func=f"""{ONLY_READ_COMMITTED}
            SELECT * INTO owed FROM harvests_settlement
            WHERE id = NEW.settlement_id FOR UPDATE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
            IF owed.status <> 'approved' OR owed.kind <> 'ordinary' THEN
                {refuse("a_payment_is_of_an_approved_settlement", "not approved")}
            END IF;
            SELECT sum(amount_usd) INTO paid FROM harvests_payment
            WHERE settlement_id = NEW.settlement_id;
            IF paid < 0 OR paid > owed.total_usd THEN
                {refuse("payments_within_the_settlement", "more than is owed")}
            END IF;
            IF NEW.paid_on < owed.last_on THEN
                {refuse("a_payment_follows_its_settlement", "paid before what it pays")}
            END IF;
            IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM harvests_payment first
                WHERE first.id = NEW.reverses_id AND first.settlement_id = NEW.settlement_id
                  AND first.amount_usd = -NEW.amount_usd AND first.method = NEW.method
                  AND first.reverses_id IS NULL) THEN
                {refuse("a_reversal_undoes_a_whole_payment", "not its payment")}
            END IF;
            IF NEW.cash_movement_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM harvests_cashmovement moved
                WHERE moved.id = NEW.cash_movement_id AND moved.amount_usd = -NEW.amount_usd
                  AND moved.kind = CASE WHEN NEW.reverses_id IS NULL
                                   THEN 'payment' ELSE 'payment_back' END
                  AND moved.reverses_id IS NOT DISTINCT FROM (
                      SELECT first.cash_movement_id FROM harvests_payment first
                      WHERE first.id = NEW.reverses_id)) THEN
                {refuse("cash_comes_out_of_the_box", "another movement")}
            END IF;
            RETURN NULL;
        """,
    )


def an_advance_comes_out_of_the_box() -> pgtrigger.Trigger:
    """The movement of an advance in cash is of its amount; when the advance is voided, another one
    has brought it back."""
    return pgtrigger.Trigger(
        name="an_advance_comes_out_of_the_box",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("cash_movement_id", "amount_usd", "voided_on"),
        condition=pgtrigger.Condition("NEW.cash_movement_id IS NOT NULL"),
        func=f"""
            IF NOT EXISTS (SELECT 1 FROM harvests_cashmovement
                           WHERE id = NEW.cash_movement_id AND kind = 'advance'
                             AND amount_usd = -NEW.amount_usd) THEN
                {refuse("cash_comes_out_of_the_box", "another movement")}
            END IF;
            IF NEW.voided_on IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM harvests_cashmovement
                WHERE reverses_id = NEW.cash_movement_id AND kind = 'advance_back') THEN
                {refuse("a_voided_advance_returns_to_its_box", "not brought back")}
            END IF;
            RETURN NULL;
        """,
    )


def a_cash_count_stays() -> pgtrigger.Trigger:
    """A session of a cash box changes once, when it is closed: with what its movements leave."""
    changing = "ARRAY['closed_at', 'closed_by_id', 'expected_usd', 'counted_usd', 'closing_note']"
    return pgtrigger.Trigger(
        name="a_cash_count_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""{ONLY_READ_COMMITTED}
            IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
               OR (to_jsonb(NEW) - {changing}) IS DISTINCT FROM (to_jsonb(OLD) - {changing})
               OR NEW.expected_usd IS DISTINCT FROM NEW.opening_usd + (
                   SELECT coalesce(sum(amount_usd), 0) FROM harvests_cashmovement
                   WHERE session_id = NEW.id) THEN
                {refuse("a_cash_count_stays", "a session is closed once, by its movements")}
            END IF;
            RETURN NEW;
        """,
    )


def a_cash_box_is_never_overdrawn() -> pgtrigger.Trigger:
    """Cash moves while the box is open, not before its day, and there is never less than nothing in
    it. The session is locked, so that of two movements at once the second sees the first."""
    return pgtrigger.Trigger(
        name="a_cash_box_is_never_overdrawn",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("opened", "harvests_cashsession%ROWTYPE")],
        func=f"""{ONLY_READ_COMMITTED}
            SELECT * INTO opened FROM harvests_cashsession
            WHERE id = NEW.session_id FOR UPDATE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
            IF opened.closed_at IS NOT NULL
               OR {DAY_OF.format("NEW.moved_at")} < {DAY_OF.format("opened.opened_at")} THEN
                {refuse("cash_moves_while_the_box_is_open", "the box is closed")}
            END IF;
            IF opened.opening_usd + (SELECT sum(amount_usd) FROM harvests_cashmovement
                                     WHERE session_id = NEW.session_id) < 0 THEN
                {refuse("a_cash_box_is_never_overdrawn", "not that much in the box")}
            END IF;
            RETURN NULL;
        """,
    )


def cash_moves_for_somebody() -> pgtrigger.Trigger:
    """At the end of the transaction, what came out of a box for a payment or an advance has it, and
    what came back has the payment that takes it back, or the advance that was voided."""
    return pgtrigger.Trigger(
        name="cash_moves_for_somebody",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(
            "NEW.kind IN ('payment', 'payment_back', 'advance', 'advance_back')"
        ),
        func=f"""
            IF NOT (CASE
                WHEN NEW.kind IN ('payment', 'payment_back') THEN EXISTS (
                    SELECT 1 FROM harvests_payment WHERE cash_movement_id = NEW.id)
                WHEN NEW.kind = 'advance' THEN EXISTS (
                    SELECT 1 FROM harvests_advance WHERE cash_movement_id = NEW.id)
                ELSE EXISTS (
                    SELECT 1 FROM harvests_advance
                    WHERE cash_movement_id = NEW.reverses_id AND voided_on IS NOT NULL)
                END) THEN
                {refuse("cash_moves_for_somebody", "cash moved for nobody")}
            END IF;
            RETURN NULL;
        """,
    )


def a_cash_reversal_undoes_its_movement() -> pgtrigger.Trigger:
    """What undoes a movement of cash undoes all of it, in the same box, by the kind that belongs to
    it. (That it is undone once says a unique index.)"""
    return pgtrigger.Trigger(
        name="a_cash_reversal_undoes_its_movement",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.reverses_id IS NOT NULL"),
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM harvests_cashmovement first
                JOIN harvests_cashsession its ON its.id = first.session_id
                JOIN harvests_cashsession opened ON opened.id = NEW.session_id
                WHERE first.id = NEW.reverses_id AND first.amount_usd = -NEW.amount_usd
                  AND its.box_id = opened.box_id
                  AND NEW.kind = CASE first.kind
                                 WHEN 'payment' THEN 'payment_back'
                                 WHEN 'advance' THEN 'advance_back'
                                 WHEN 'put_in' THEN 'reversal'
                                 WHEN 'banked' THEN 'reversal' END) THEN
                {refuse("a_cash_reversal_undoes_its_movement", "not its movement")}
            END IF;
            RETURN NULL;
        """,
    )


def a_premium_rule_stays() -> pgtrigger.Trigger:
    """A rule by which premiums are figured is confirmed once and closed once, not before the last
    delivery that a settlement counts it for; nothing else of it changes. Who settles by it holds
    its row, so that who closes it sees what was settled."""
    changing = "ARRAY['valid_until', 'confirmed_by_id', 'confirmed_at']"
    return pgtrigger.Trigger(
        name="a_premium_rule_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""{ONLY_READ_COMMITTED}
            IF (to_jsonb(NEW) - {changing}) IS DISTINCT FROM (to_jsonb(OLD) - {changing})
               OR (OLD.confirmed_at IS NOT NULL
                   AND (NEW.confirmed_at, NEW.confirmed_by_id)
                       IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id))
               OR (OLD.valid_until IS NOT NULL
                   AND NEW.valid_until IS DISTINCT FROM OLD.valid_until) THEN
                {refuse("a_premium_rule_stays", "a premium rule stays as it was decided")}
            END IF;
            IF NEW.valid_until IS DISTINCT FROM OLD.valid_until AND EXISTS (
                SELECT 1 FROM harvests_settlementline line
                JOIN harvests_delivery delivery ON delivery.id = line.delivery_id
                WHERE line.premium_rule_id = NEW.id AND line.counts
                  AND delivery.weighed_on > NEW.valid_until) THEN
                {refuse("a_premium_rule_ends_after_what_it_paid", "paid for a later delivery")}
            END IF;
            RETURN NEW;
        """,
    )


def a_statement_link_stays() -> pgtrigger.Trigger:
    """A link to a family's statement is revoked, for good; nothing else of it changes."""
    changing = "ARRAY['revoked_on', 'revoked_because']"
    return pgtrigger.Trigger(
        name="a_statement_link_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF OLD.revoked_on IS NOT NULL
               OR (to_jsonb(NEW) - {changing}) IS DISTINCT FROM (to_jsonb(OLD) - {changing}) THEN
                RAISE EXCEPTION '% is append-only: a link is revoked, for good', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )
