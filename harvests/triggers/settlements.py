"""What the database refuses of settlements, beyond what a constraint can say.

Each trigger locks what it adds up before it adds: of two writers at once, the second sees what the
first has written.
"""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.purchase_documents import STANDS
from harvests.triggers.refusing import ONLY_READ_COMMITTED, refuse, refuse_missing
from kallari.refusals import explain
from kallari.units import KG_PER

PRODUCTION = 2
"""The environment of the tax office in which documents count (`PurchaseDocument.Environment`)."""
EARNED = "('delivery', 'premium', 'rule')"
"""Kinds of lines that a delivery earns."""

explain(
    "a_settlement_stays",
    _("Una liquidación no cambia: se aprueba, se descarta o se revierte con otra."),
    code="settlement_stays",
)
explain(
    "a_settlement_begins_as_a_draft",
    _("Una liquidación comienza por aprobar: la aprueba otra persona."),
    code="not_a_draft",
)
explain(
    "a_settlement_is_reversed_by_another",
    _("Una liquidación se revierte con otra que tiene las mismas líneas en contra."),
    code="not_its_reversal",
)
explain(
    "only_what_is_missing_is_carried",
    _("A la siguiente liquidación pasa solo lo que falta para que esta quede en cero."),
    code="carried_too_much",
)
explain(
    "lines_add_up_to_the_settlement",
    _("Las líneas de una liquidación se escriben juntas y suman su total."),
    code="lines_do_not_add_up",
)
explain(
    "a_line_says_what_its_delivery_is_worth",
    _(
        "Una entrega cambió mientras se hacía la liquidación, o no es de esa familia. Haga la"
        " liquidación otra vez."
    ),
    code="delivery_changed",
)
explain(
    "a_premium_line_is_by_its_rule",
    _(
        "Un premio no es el que dice su regla para esa entrega, o nadie ha confirmado la regla."
        " Haga la liquidación otra vez."
    ),
    code="premium_changed",
)
explain(
    "an_advance_is_taken_off_once",
    _("De ese anticipo no queda tanto por descontar."),
    code="advance_used_up",
)
explain(
    "what_is_carried_is_brought_once",
    _("Ese saldo no es de esta familia, o ya pasó a otra liquidación."),
    code="carried_elsewhere",
)
explain(
    "reversed_before_anything_depends_on_it",
    _(
        "Ya se pagó, o una liquidación posterior cuenta con esta. Revierta primero el pago o la"
        " posterior."
    ),
    code="others_depend",
)
explain(
    "reversed_only_unless_reported",
    _(
        "Tiene una liquidación de compra electrónica: primero se anula en el SRI y se anota aquí"
        " que se anuló."
    ),
    code="reported",
)
explain(
    "voided_only_before_settlement",
    _(
        "Esta entrega está en una liquidación: no se anula. Corríjala con otra y la diferencia"
        " pasa a la liquidación que sigue."
    ),
    code="settled",
)
explain(
    "an_advance_stays",
    _("Un anticipo no cambia: si se escribió mal, se anula una vez y se registra otro."),
    code="advance_stays",
)
explain(
    "inputs_of_an_advance_are_the_familys",
    _("Esa entrega de insumos está anulada o es de otra familia."),
    code="inputs_of_another",
)
explain(
    "inputs_given_on_credit_stay",
    _("Esta entrega consta como anticipo. Anule primero el anticipo."),
    code="given_on_credit",
)
explain(
    "an_advance_taken_off_stays",
    _("De este anticipo ya se descontó en una liquidación: no se anula."),
    code="advance_taken_off",
)


def a_settlement_stays() -> pgtrigger.Trigger:
    """Of a settlement changes where it stands, once or twice: approved by somebody, discarded
    before, reversed after. Approved it has lines that add up to its total; reversed, nothing was
    paid, no later settlement has brought on its rest or taken back what it paid for, and no
    document of it stands at the tax office."""
    changing = "ARRAY['status', 'approved_by_id', 'approved_at', 'ended_at']"
    return pgtrigger.Trigger(
        name="a_settlement_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""{ONLY_READ_COMMITTED}
            IF (to_jsonb(NEW) - {changing}) IS DISTINCT FROM (to_jsonb(OLD) - {changing})
               OR (OLD.status, NEW.status) NOT IN (
                   ('drafted', 'approved'), ('drafted', 'discarded'), ('approved', 'reversed'))
               OR OLD.kind = 'reversal'
               OR (OLD.status = 'approved' AND (NEW.approved_by_id, NEW.approved_at)
                   IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at)) THEN
                {refuse("a_settlement_stays", "a settlement stays as it was made")}
            END IF;
            IF NEW.status = 'approved' AND NEW.total_usd IS DISTINCT FROM
               (SELECT sum(amount_usd) FROM harvests_settlementline
                WHERE settlement_id = NEW.id) THEN
                {refuse("lines_add_up_to_the_settlement", "lines do not add up")}
            END IF;
            IF NEW.status = 'reversed' AND (
                (SELECT coalesce(sum(amount_usd), 0) FROM harvests_payment
                 WHERE settlement_id = NEW.id) <> 0
                OR EXISTS (SELECT 1 FROM harvests_settlementline later
                           WHERE later.from_settlement_id = NEW.id AND later.counts)
                OR EXISTS (SELECT 1 FROM harvests_settlementline mine
                           JOIN harvests_settlementline later
                             ON later.delivery_id = mine.delivery_id
                            AND later.kind = 'taken_back' AND later.counts
                            AND later.settlement_id <> NEW.id
                           WHERE mine.settlement_id = NEW.id AND mine.counts
                             AND mine.kind IN {EARNED})
            ) THEN
                {refuse("reversed_before_anything_depends_on_it", "others depend on it")}
            END IF;
            IF NEW.status = 'reversed' AND EXISTS (
                SELECT 1 FROM harvests_purchasedocument document
                WHERE document.settlement_id = NEW.id AND document.environment = {PRODUCTION}
                  AND {STANDS}) THEN
                {refuse("reversed_only_unless_reported", "reported to the tax office")}
            END IF;
            RETURN NEW;
        """,
    )


def a_settlement_begins_as_a_draft() -> pgtrigger.Trigger:
    """A settlement is drafted, and approved later: of none can be paid what nobody approved. One
    that reverses another has nothing to be approved."""
    return pgtrigger.Trigger(
        name="a_settlement_begins_as_a_draft",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.kind <> 'reversal' AND NEW.status <> 'drafted'"),
        func=refuse("a_settlement_begins_as_a_draft", "a settlement begins as a draft"),
    )


def a_settlement_is_reversed_by_another() -> pgtrigger.Trigger:
    """At the end of the transaction, what is reversed has another settlement that reverses it: of
    the same family and days, with each of its lines negated and no other. And what reverses, has
    reversed."""
    return pgtrigger.Trigger(
        name="a_settlement_is_reversed_by_another",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Condition("NEW.kind = 'reversal' OR NEW.status = 'reversed'"),
        declare=[("first", "harvests_settlement%ROWTYPE"), ("back", "harvests_settlement%ROWTYPE")],
        func=f"""
            SELECT * INTO first FROM harvests_settlement
            WHERE id = coalesce(NEW.reverses_id, NEW.id);
            SELECT * INTO back FROM harvests_settlement
            WHERE reverses_id = first.id;
            IF first.id IS NULL OR back.id IS NULL
               OR first.kind <> 'ordinary' OR first.status <> 'reversed'
               OR (back.family_id, back.first_on, back.last_on, back.total_usd)
                  <> (first.family_id, first.first_on, first.last_on, -first.total_usd)
               OR EXISTS (
                   SELECT 1
                   FROM (SELECT * FROM harvests_settlementline
                         WHERE settlement_id = first.id) line
                   FULL JOIN (SELECT * FROM harvests_settlementline
                              WHERE settlement_id = back.id) undoing
                     ON undoing.undoes_id = line.id
                   WHERE (undoing.kind, undoing.amount_usd)
                         IS DISTINCT FROM (line.kind, -line.amount_usd)
               ) THEN
                {refuse("a_settlement_is_reversed_by_another", "not reversed by another")}
            END IF;
            RETURN NULL;
        """,
    )


def what_ended_counts_no_more() -> pgtrigger.Trigger:
    """When a settlement was discarded or reversed, its lines count no more at the end of the
    transaction: otherwise nobody could settle those deliveries again."""
    return pgtrigger.Trigger(
        name="what_ended_counts_no_more",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Condition("NEW.status IN ('discarded', 'reversed')"),
        func=f"""
            IF EXISTS (SELECT 1 FROM harvests_settlementline
                       WHERE settlement_id = NEW.id AND counts) THEN
                {refuse("a_settlement_stays", "lines of what ended still count")}
            END IF;
            RETURN NULL;
        """,
    )


def a_line_stays() -> pgtrigger.Trigger:
    """Of a line one thing changes, once: that it counts no more, with its settlement."""
    return pgtrigger.Trigger(
        name="a_line_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF (to_jsonb(NEW) - 'counts') IS DISTINCT FROM (to_jsonb(OLD) - 'counts')
               OR NEW.counts OR NOT OLD.counts
               OR NOT EXISTS (SELECT 1 FROM harvests_settlement
                              WHERE id = NEW.settlement_id
                                AND status IN ('discarded', 'reversed')) THEN
                {refuse("a_settlement_stays", "a line of a settlement stays as it was made")}
            END IF;
            RETURN NEW;
        """,
    )


def a_line_refers_to_what_is_on_record() -> pgtrigger.Trigger:
    """What a line is about, and its settlement, are written before it: the other triggers of lines
    look at them."""
    return pgtrigger.Trigger(
        name="a_line_refers_to_what_is_on_record",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM written
                LEFT JOIN harvests_settlement its ON its.id = written.settlement_id
                LEFT JOIN harvests_delivery delivery ON delivery.id = written.delivery_id
                LEFT JOIN harvests_premiumrule rule ON rule.id = written.premium_rule_id
                LEFT JOIN harvests_advance advance ON advance.id = written.advance_id
                LEFT JOIN harvests_settlement earlier ON earlier.id = written.from_settlement_id
                LEFT JOIN harvests_settlementline first ON first.id = written.undoes_id
                WHERE its.id IS NULL
                   OR num_nulls(written.delivery_id, written.premium_rule_id, written.advance_id,
                                written.from_settlement_id, written.undoes_id)
                      <> num_nulls(delivery.id, rule.id, advance.id, earlier.id, first.id)
            ) THEN
                {refuse_missing()}
            END IF;
            RETURN NULL;
        """,
    )


def lines_add_up_to_the_settlement() -> pgtrigger.Trigger:
    """The lines of a settlement are written together, while it is a draft, count, and add up to its
    total. Those of a reversal undo each a line of the settlement that it reverses, all of it.

    Only what lifts the total to nothing is carried on to the next one: whoever earned something is
    not owed more by what is written down as carried, nor are advances taken off what is not earned.
    """
    return pgtrigger.Trigger(
        name="lines_add_up_to_the_settlement",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_settlement
            WHERE id IN (SELECT settlement_id FROM written) ORDER BY id FOR UPDATE;
            IF EXISTS (
                SELECT 1
                FROM (SELECT settlement_id, count(*) AS number, sum(amount_usd) AS usd,
                             count(undoes_id) AS undone, bool_and(counts) AS counts
                      FROM written GROUP BY settlement_id) told
                JOIN harvests_settlement settlement ON settlement.id = told.settlement_id
                LEFT JOIN harvests_settlement first ON first.id = settlement.reverses_id
                WHERE told.usd <> settlement.total_usd
                   OR told.number <> (SELECT count(*) FROM harvests_settlementline line
                                      WHERE line.settlement_id = settlement.id)
                   OR CASE settlement.kind
                      WHEN 'reversal' THEN told.undone <> told.number
                           OR settlement.total_usd <> -first.total_usd
                           OR told.number <> (SELECT count(*) FROM harvests_settlementline line
                                              WHERE line.settlement_id = first.id)
                      ELSE told.undone <> 0 OR NOT told.counts
                           OR settlement.status <> 'drafted' END
            ) OR EXISTS (
                SELECT 1 FROM written
                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id
                JOIN harvests_settlementline first ON first.id = written.undoes_id
                WHERE first.settlement_id IS DISTINCT FROM settlement.reverses_id
                   OR first.amount_usd <> -written.amount_usd OR first.kind <> written.kind
            ) THEN
                {refuse("lines_add_up_to_the_settlement", "lines do not add up")}
            END IF;
            IF EXISTS (
                SELECT 1 FROM written
                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id
                WHERE written.kind = 'carried_forward' AND written.undoes_id IS NULL
                  AND (settlement.total_usd <> 0
                       OR EXISTS (SELECT 1 FROM written other
                                  WHERE other.settlement_id = written.settlement_id
                                    AND other.kind = 'advance'))
            ) THEN
                {refuse("only_what_is_missing_is_carried", "more is carried than is missing")}
            END IF;
            RETURN NULL;
        """,
    )


def a_line_says_what_its_delivery_is_worth() -> pgtrigger.Trigger:
    """What is settled is a delivery of that family that counts, for what it is worth; what is taken
    back, one that was corrected, for all that was settled of it."""
    return pgtrigger.Trigger(
        name="a_line_says_what_it_is_worth",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_delivery
            WHERE id IN (SELECT delivery_id FROM written WHERE undoes_id IS NULL)
            ORDER BY id FOR SHARE;
            IF EXISTS (
                SELECT 1 FROM written
                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id
                JOIN harvests_delivery delivery ON delivery.id = written.delivery_id
                WHERE written.undoes_id IS NULL AND (
                    delivery.family_id <> settlement.family_id
                    OR delivery.via = 'import'
                    OR (written.kind IN {EARNED}
                        AND (delivery.status <> 'valid'
                             OR delivery.weighed_on > settlement.last_on))
                    OR (written.kind = 'delivery' AND written.amount_usd <> delivery.amount_usd)
                    OR (written.kind = 'premium' AND written.amount_usd <> delivery.premium_usd)
                    OR (written.kind = 'taken_back' AND (
                        delivery.status <> 'superseded'
                        OR -written.amount_usd IS DISTINCT FROM (
                            SELECT sum(earlier.amount_usd) FROM harvests_settlementline earlier
                            JOIN harvests_settlement its ON its.id = earlier.settlement_id
                            WHERE earlier.delivery_id = delivery.id AND earlier.counts
                              AND earlier.kind IN {EARNED} AND its.status = 'approved')))
                )
            ) THEN
                {refuse("a_line_says_what_its_delivery_is_worth", "not what it is worth")}
            END IF;
            RETURN NULL;
        """,
    )


def a_premium_line_is_by_its_rule() -> pgtrigger.Trigger:
    """What a rule adds to a delivery: by a rule that is confirmed, of that delivery's day, form or
    product, unit, class and partner, for what was counted at its rate (`PremiumRule.of`)."""
    kilos = " ".join(f"WHEN '{unit}' THEN {kg}" for unit, kg in KG_PER.items())
    return pgtrigger.Trigger(
        name="a_premium_line_is_by_its_rule",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_premiumrule
            WHERE id IN (SELECT premium_rule_id FROM written WHERE undoes_id IS NULL)
            ORDER BY id FOR SHARE;
            IF EXISTS (
                SELECT 1 FROM written
                JOIN harvests_premiumrule rule ON rule.id = written.premium_rule_id
                JOIN harvests_delivery delivery ON delivery.id = written.delivery_id
                JOIN harvests_productform form ON form.id = delivery.form_id
                WHERE written.undoes_id IS NULL AND (
                    rule.confirmed_at IS NULL
                    OR delivery.weighed_on < rule.valid_from
                    OR delivery.weighed_on > rule.valid_until
                    OR delivery.form_id <> rule.form_id
                    OR form.product_id <> rule.product_id
                    OR rule.certification_class NOT IN ('', delivery.certification_class)
                    OR (rule.partners_only AND delivery.partner_id IS NULL)
                    OR (rule.unit = 'piece') <> (delivery.unit = 'piece')
                    OR written.amount_usd IS DISTINCT FROM round(
                        CASE rule.unit
                            WHEN 'piece' THEN delivery.quantity * rule.usd_per_unit
                            ELSE delivery.net_kg * rule.usd_per_unit
                                 / CASE rule.unit {kilos} END
                        END, 2)
                )
            ) THEN
                {refuse("a_premium_line_is_by_its_rule", "not by its rule")}
            END IF;
            RETURN NULL;
        """,
    )


def an_advance_is_taken_off_once() -> pgtrigger.Trigger:
    """Settlements take off no more of an advance than was given, and of none that was voided."""
    return pgtrigger.Trigger(
        name="an_advance_is_taken_off_once",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_advance
            WHERE id IN (SELECT advance_id FROM written WHERE undoes_id IS NULL)
            ORDER BY id FOR UPDATE;
            IF EXISTS (
                SELECT 1 FROM written
                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id
                JOIN harvests_advance advance ON advance.id = written.advance_id
                WHERE written.undoes_id IS NULL AND (
                    advance.family_id <> settlement.family_id
                    OR advance.voided_on IS NOT NULL
                    OR -advance.amount_usd > (
                        SELECT sum(line.amount_usd) FROM harvests_settlementline line
                        WHERE line.advance_id = advance.id AND line.counts
                          AND line.undoes_id IS NULL))
            ) THEN
                {refuse("an_advance_is_taken_off_once", "the advance is used up")}
            END IF;
            RETURN NULL;
        """,
    )


def what_is_carried_is_brought_once() -> pgtrigger.Trigger:
    """What a settlement could not take off is brought on by a later one of the same family, all of
    it. (That it is brought on once says a unique index.)"""
    return pgtrigger.Trigger(
        name="what_is_carried_is_brought_once",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_settlement
            WHERE id IN (SELECT from_settlement_id FROM written WHERE undoes_id IS NULL)
            ORDER BY id FOR SHARE;
            IF EXISTS (
                SELECT 1 FROM written
                JOIN harvests_settlement settlement ON settlement.id = written.settlement_id
                JOIN harvests_settlement earlier ON earlier.id = written.from_settlement_id
                WHERE written.undoes_id IS NULL AND (
                    earlier.family_id <> settlement.family_id
                    OR earlier.status <> 'approved'
                    OR -written.amount_usd IS DISTINCT FROM (
                        SELECT sum(line.amount_usd) FROM harvests_settlementline line
                        WHERE line.settlement_id = earlier.id AND line.counts
                          AND line.kind = 'carried_forward'))
            ) THEN
                {refuse("what_is_carried_is_brought_once", "not what was carried")}
            END IF;
            RETURN NULL;
        """,
    )


def voided_only_before_settlement() -> pgtrigger.Trigger:
    """A delivery that a settlement counts is not voided; it may be superseded."""
    return pgtrigger.Trigger(
        name="voided_only_before_settlement",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Condition("NEW.status = 'voided' AND OLD.status <> 'voided'"),
        func=f"""{ONLY_READ_COMMITTED}
            IF EXISTS (SELECT 1 FROM harvests_settlementline
                       WHERE delivery_id = NEW.id AND counts) THEN
                {refuse("voided_only_before_settlement", "the delivery was settled")}
            END IF;
            RETURN NEW;
        """,
    )


def an_advance_stays() -> pgtrigger.Trigger:
    """Of an advance one thing changes, once: that it counts for nothing; and only while no
    settlement has taken off any of it."""
    return pgtrigger.Trigger(
        name="an_advance_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""{ONLY_READ_COMMITTED}
            IF OLD.voided_on IS NOT NULL OR NEW.voided_on IS NULL
               OR (to_jsonb(NEW) - 'voided_on') IS DISTINCT FROM (to_jsonb(OLD) - 'voided_on') THEN
                {refuse("an_advance_stays", "an advance stays as it was given")}
            END IF;
            IF EXISTS (SELECT 1 FROM harvests_settlementline
                       WHERE advance_id = NEW.id AND counts) THEN
                {refuse("an_advance_taken_off_stays", "something was taken off it")}
            END IF;
            RETURN NEW;
        """,
    )


def inputs_of_an_advance_are_the_familys() -> pgtrigger.Trigger:
    """What is owed for inputs is owed by the family that was given them, as long as that receipt
    counts. That it goes on counting holds ``inputs_given_on_credit_stay``, a trigger on the table
    of handings out, which belongs to `members` and is made by a migration of ours; the row is
    locked here, so that it is not voided meanwhile."""
    return pgtrigger.Trigger(
        name="inputs_of_an_advance_are_the_familys",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.inputs_id IS NOT NULL"),
        declare=[("given", "members_inputdistribution%ROWTYPE")],
        func=f"""{ONLY_READ_COMMITTED}
            SELECT * INTO given FROM members_inputdistribution
            WHERE id = NEW.inputs_id FOR SHARE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
            IF given.family_id <> NEW.family_id OR given.voided_on IS NOT NULL THEN
                {refuse("inputs_of_an_advance_are_the_familys", "voided or of another family")}
            END IF;
            RETURN NULL;
        """,
    )
