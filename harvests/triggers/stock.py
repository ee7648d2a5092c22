"""The law of kilos, held by the database: nothing is taken that is not there, nothing comes out
that did not go in, and nothing is certified that did not arrive so.

The order in which rows are locked, in triggers and services alike: the batch (its totals), then
deliveries, then lots, each by primary key, and their balances with them.
"""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.lots import RANK
from harvests.triggers.refusing import ONLY_READ_COMMITTED, refuse, refuse_missing
from kallari.refusals import explain

explain(
    "only_what_is_weighed_is_worked",
    _("Lo que se recibió por unidad no entra a un proceso."),
    code="not_weighed",
)


explain(
    "a_movement_has_happened",
    _("Esa hora todavía no llega."),
    code="in_the_future",
)
explain(
    "a_finished_batch_takes_no_more",
    _("El proceso ya terminó: no le entra nada más."),
    code="ended",
)
explain(
    "no_more_comes_back_than_went",
    _("No vuelve más de lo que entró o salió."),
    code="more_than_went",
)
explain(
    "what_changes_class_stays_as_much",
    _("Lo que cambia de certificación sigue pesando lo mismo."),
    code="other_weight",
)
explain(
    "nothing_moves_before_it_was",
    _("A esa hora eso todavía no estaba: se recibió, empezó o salió después."),
    code="before_it_was",
)
explain(
    "what_counts_no_more_is_not_used",
    _("Esa entrega fue corregida o anulada: use la que vale."),
    code="not_valid",
)


explain(
    "a_movement_bears_the_class_of_its_source",
    _("La certificación de esos kilos cambió mientras tanto. Vuelva a empezar."),
    code="class_changed",
)


explain(
    "a_lot_on_hold_stays",
    _("El lote está retenido: nada sale de él hasta que se libere."),
    code="on_hold",
)


explain(
    "a_lot_comes_out_of_its_batch",
    _("Ese lote salió de otro proceso."),
    code="other_batch",
)


explain(
    "nothing_comes_out_of_itself",
    _("De ese proceso ya salió producto: no le entran más lotes."),
    code="gave_already",
)


explain(
    "no_more_than_was_delivered",
    _("A una entrega no vuelve más de lo que se recibió."),
    code="more_than_delivered",
)


explain(
    "pieces_are_counted",
    _("De ese lote se cuentan también las unidades."),
    code="pieces_required",
)


explain(
    "a_movement_is_that_of_its_adjustment",
    _("El movimiento no es el del ajuste."),
    code="other_adjustment",
)


explain(
    "a_return_is_of_what_left",
    _("Vuelve lo mismo que se entregó, una vez."),
    code="other_return",
)


explain(
    "an_adjustment_is_decided_once",
    _("Sobre ese ajuste ya se decidió."),
    code="decided",
)


explain(
    "a_great_difference_waits",
    _("Una diferencia así la confirma otra persona."),
    code="needs_second",
)


explain(
    "a_used_delivery_is_taken_out_first",
    _("Esa entrega ya entró a un proceso: se corrige con otra, no se anula."),
    code="used",
)


def what_is_reckoned_is_not_written() -> pgtrigger.Trigger:
    """A table that triggers alone write: nobody else, not by SQL either."""
    return pgtrigger.Trigger(
        name="what_is_reckoned_is_not_written",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="""
            IF pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION '% is append-only: it is reckoned from the movements',
                                TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,
    )


_WRITTEN = [
    ("refused", "text"),
    ("batches", "uuid[]"),
    ("deliveries", "uuid[]"),
    ("lots", "uuid[]"),
]


_GATHER = """
            -- Arrays, so that rows are found by their keys however large the tables are.
            batches := ARRAY(SELECT DISTINCT batch_id FROM written WHERE batch_id IS NOT NULL);
            deliveries := ARRAY(
                SELECT DISTINCT delivery_id FROM written WHERE delivery_id IS NOT NULL);
            lots := ARRAY(SELECT DISTINCT lot_id FROM written WHERE lot_id IS NOT NULL);
"""


def a_movement_moves_what_is_there() -> pgtrigger.Trigger:
    """What lines of the ledger say of their sources is so: they count, they are not held back, they
    are of that class; what comes out came out of that batch. The sources are locked meanwhile."""
    rank = RANK.format
    return pgtrigger.Trigger(
        name="a_movement_moves_what_is_there",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        declare=_WRITTEN,
        func=f"""
            {ONLY_READ_COMMITTED}
            {_GATHER}
            PERFORM 1 FROM harvests_batchtotals
            WHERE batch_id = ANY (batches) ORDER BY batch_id FOR UPDATE;
            PERFORM 1 FROM harvests_delivery WHERE id = ANY (deliveries) ORDER BY id FOR SHARE;
            PERFORM 1 FROM harvests_lot WHERE id = ANY (lots) ORDER BY id FOR SHARE;
            -- Foreign keys are looked at later: a source that is written after would not be seen.
            IF (SELECT count(*) FROM harvests_batchtotals WHERE batch_id = ANY (batches))
                   <> cardinality(batches)
               OR (SELECT count(*) FROM harvests_delivery WHERE id = ANY (deliveries))
                   <> cardinality(deliveries)
               OR (SELECT count(*) FROM harvests_stockbalance WHERE lot_id = ANY (lots))
                   <> cardinality(lots)
            THEN
                {refuse_missing()}
            END IF;
            IF EXISTS (SELECT 1 FROM written
                       WHERE recorded_at > clock_timestamp() + interval '1 minute') THEN
                {refuse("a_movement_has_happened", "it is still to come")}
            END IF;
            SELECT CASE
                WHEN delivery.net_kg IS NULL THEN 'only_what_is_weighed_is_worked'
                WHEN line.kg < 0 AND delivery.status <> 'valid'
                THEN 'what_counts_no_more_is_not_used'
                WHEN line.certification_class <> delivery.certification_class
                THEN 'a_movement_bears_the_class_of_its_source'
                WHEN line.moved_at < delivery.weighed_at THEN 'nothing_moves_before_it_was'
            END AS broken INTO refused
            FROM written line JOIN harvests_delivery delivery ON delivery.id = line.delivery_id
            WHERE delivery.id = ANY (deliveries)
            ORDER BY broken LIMIT 1;
            IF refused IS NULL THEN
                SELECT CASE
                    WHEN lot.held_at IS NOT NULL AND line.kg < 0
                         AND line.kind IN ('input', 'dispatch') THEN 'a_lot_on_hold_stays'
                    WHEN line.kind = 'output' AND lot.batch_id <> line.batch_id
                    THEN 'a_lot_comes_out_of_its_batch'
                    -- What comes back does so in the class it went in with.
                    WHEN line.kind <> 'reclass' AND line.reverses_id IS NULL
                         AND NOT (line.kind = 'input' AND line.kg > 0)
                         AND NOT (line.kind = 'output' AND line.kg < 0)
                         AND line.certification_class <> lot.certification_class
                    THEN 'a_movement_bears_the_class_of_its_source'
                    WHEN line.moved_at < lot.made_at THEN 'nothing_moves_before_it_was'
                END AS broken INTO refused
                FROM written line JOIN harvests_lot lot ON lot.id = line.lot_id
                WHERE lot.id = ANY (lots)
                ORDER BY broken LIMIT 1;
            END IF;
            IF refused IS NULL THEN
                SELECT CASE
                    WHEN line.lot_id IS NOT NULL THEN 'nothing_comes_out_of_itself'
                    WHEN {rank("made.certification_class")} < {rank("line.certification_class")}
                    THEN 'the_class_is_the_weakest'
                END AS broken INTO refused
                FROM written line JOIN harvests_lot made ON made.batch_id = line.batch_id
                WHERE made.batch_id = ANY (batches) AND line.kind = 'input' AND line.kg < 0
                ORDER BY broken LIMIT 1;
            END IF;
            IF refused IS NULL THEN
                SELECT CASE
                    WHEN line.moved_at < batch.started_at THEN 'nothing_moves_before_it_was'
                    -- But for a delivery that corrects one that was in it.
                    WHEN line.kind = 'input' AND line.kg < 0 AND batch.status <> 'open'
                         AND NOT EXISTS (
                             SELECT 1 FROM harvests_delivery successor
                             JOIN harvests_stockmovement before
                               ON before.delivery_id = successor.supersedes_id
                              AND before.batch_id = line.batch_id
                             WHERE successor.id = line.delivery_id)
                    THEN 'a_finished_batch_takes_no_more'
                END AS broken INTO refused
                FROM written line JOIN harvests_batch batch ON batch.id = line.batch_id
                WHERE batch.id = ANY (batches)
                ORDER BY broken LIMIT 1;
            END IF;
            IF refused IS NULL AND EXISTS (
                SELECT 1 FROM written
                WHERE (kind = 'input' AND kg > 0) OR (kind = 'output' AND kg < 0)
            ) THEN
                SELECT 'no_more_comes_back_than_went' INTO refused
                WHERE EXISTS (
                    SELECT 1 FROM harvests_stockmovement
                    WHERE batch_id = ANY (batches) AND kind = 'input'
                    GROUP BY batch_id, delivery_id, lot_id, certification_class HAVING sum(kg) > 0
                ) OR EXISTS (
                    SELECT 1 FROM harvests_stockmovement
                    WHERE batch_id = ANY (batches) AND kind = 'output'
                    GROUP BY lot_id HAVING sum(kg) < 0
                );
            END IF;
            IF refused IS NULL THEN
                SELECT 'what_changes_class_stays_as_much' INTO refused
                FROM written WHERE kind = 'reclass'
                GROUP BY lot_id HAVING sum(kg) <> 0 OR coalesce(sum(pieces), 0) <> 0 LIMIT 1;
            END IF;
            IF refused IS NULL THEN
                -- What came back in the class it left with, and what was found out to be weaker,
                -- is of the class of its lot once all lines are written.
                SELECT 'a_lot_is_of_one_class' INTO refused
                FROM harvests_lot lot
                JOIN harvests_stockmovement moved
                  ON moved.lot_id = lot.id AND moved.certification_class <> lot.certification_class
                WHERE lot.id IN (
                    SELECT line.lot_id
                    FROM written line JOIN harvests_lot own ON own.id = line.lot_id
                    WHERE own.id = ANY (lots)
                      AND line.certification_class <> own.certification_class
                )
                GROUP BY lot.id, moved.certification_class HAVING sum(moved.kg) <> 0 LIMIT 1;
            END IF;
            IF refused IS NULL THEN
                SELECT 'a_movement_is_that_of_its_adjustment' INTO refused
                FROM written line LEFT JOIN harvests_stockadjustment adjustment
                  ON adjustment.id = line.adjustment_id AND adjustment.lot_id = line.lot_id
                 AND adjustment.status = 'applied' AND adjustment.kg = line.kg
                 AND adjustment.pieces IS NOT DISTINCT FROM line.pieces
                WHERE line.adjustment_id IS NOT NULL AND adjustment.id IS NULL LIMIT 1;
            END IF;
            IF refused IS NULL THEN
                SELECT 'a_return_is_of_what_left' INTO refused
                FROM written line LEFT JOIN harvests_stockmovement undone
                  ON undone.id = line.reverses_id AND undone.lot_id = line.lot_id
                 AND undone.kind = 'dispatch' AND undone.kg = -line.kg
                 AND undone.certification_class = line.certification_class
                 AND undone.pieces IS NOT DISTINCT FROM -line.pieces
                WHERE line.reverses_id IS NOT NULL AND undone.id IS NULL LIMIT 1;
            END IF;
            IF refused IS NOT NULL THEN
                RAISE EXCEPTION 'the law of kilos: %', refused
                USING ERRCODE = 'check_violation', CONSTRAINT = refused;
            END IF;
            RETURN NULL;
        """,
    )


def movements_are_reckoned() -> pgtrigger.Trigger:
    """Every movement changes what is left, and what its batch took and gave, at once."""
    return pgtrigger.Trigger(
        name="movements_are_reckoned",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        declare=_WRITTEN,
        func=f"""
            {_GATHER}
            -- # without history: reckoned from the movements, which have it
            UPDATE harvests_batchtotals totals
            SET in_kg = totals.in_kg - moved.took, out_kg = totals.out_kg + moved.gave
            FROM (SELECT batch_id, coalesce(sum(kg) FILTER (WHERE kind = 'input'), 0) AS took,
                         coalesce(sum(kg) FILTER (WHERE kind = 'output'), 0) AS gave
                  FROM written GROUP BY batch_id) moved
            WHERE totals.batch_id = moved.batch_id AND totals.batch_id = ANY (batches);

            UPDATE harvests_stockbalance balance
            SET kg = balance.kg + moved.kg, pieces = balance.pieces + moved.pieces
            FROM (SELECT lot_id, sum(kg) AS kg, coalesce(sum(pieces), 0) AS pieces
                  FROM written GROUP BY lot_id) moved
            WHERE balance.lot_id = moved.lot_id AND balance.lot_id = ANY (lots);
            IF EXISTS (
                SELECT 1 FROM written line
                JOIN harvests_stockbalance balance ON balance.lot_id = line.lot_id
                WHERE balance.lot_id = ANY (lots) AND balance.pieces IS NOT NULL
                  AND line.pieces IS NULL
            ) THEN
                {refuse("pieces_are_counted", "the pieces of this lot are counted")}
            END IF;

            INSERT INTO harvests_stockbalance (delivery_id, kg)
            SELECT id, net_kg FROM harvests_delivery WHERE id = ANY (deliveries) ORDER BY id
            ON CONFLICT (delivery_id) DO NOTHING;
            UPDATE harvests_stockbalance balance
            SET kg = balance.kg + moved.kg
            FROM (SELECT delivery_id, sum(kg) AS kg FROM written GROUP BY delivery_id) moved
            WHERE balance.delivery_id = moved.delivery_id
              AND balance.delivery_id = ANY (deliveries);
            IF EXISTS (
                SELECT 1 FROM harvests_stockbalance balance
                JOIN harvests_delivery delivery ON delivery.id = balance.delivery_id
                WHERE balance.delivery_id = ANY (deliveries) AND balance.kg > delivery.net_kg
            ) THEN
                {refuse("no_more_than_was_delivered", "more than was delivered")}
            END IF;
            RETURN NULL;
        """,
    )


def an_adjustment_is_decided_once() -> pgtrigger.Trigger:
    """A great difference waits for another person (rule ``stock.second_person_kg``); what was
    decided stays."""
    return pgtrigger.Trigger(
        name="an_adjustment_is_decided_once",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF TG_OP = 'INSERT' THEN
                PERFORM 1 FROM harvests_lot WHERE id = NEW.lot_id FOR UPDATE;
                -- Many small ones are a great one.
                IF NOT NEW.needs_second AND abs(NEW.kg) + (
                    SELECT coalesce(sum(abs(kg)), 0) FROM harvests_stockadjustment
                    WHERE lot_id = NEW.lot_id AND status = 'applied' AND NOT needs_second
                      AND made_at > coalesce(
                          (SELECT max(decided_at) FROM harvests_stockadjustment
                           WHERE lot_id = NEW.lot_id AND status = 'applied' AND needs_second),
                          '-infinity')
                ) > (kallari_rule_value(
                    'stock.second_person_kg',
                    (NEW.made_at AT TIME ZONE 'America/Guayaquil')::date) #>> '{{}}')::numeric
                THEN
                    {refuse("a_great_difference_waits", "another person has to agree")}
                END IF;
                RETURN NEW;
            END IF;
            IF OLD.status <> 'waiting'
               OR (to_jsonb(NEW) - ARRAY['status', 'decided_at', 'decided_by_id'])
                  IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'decided_at', 'decided_by_id'])
            THEN
                {refuse("an_adjustment_is_decided_once", "this was decided")}
            END IF;
            RETURN NEW;
        """,
    )


def a_used_delivery_is_taken_out_first() -> pgtrigger.Trigger:
    """A delivery whose kilos lie in a batch does not cease to count: those kilos would come from
    nowhere. A correction takes them out and puts those of the new delivery in."""
    return pgtrigger.Trigger(
        name="a_used_delivery_is_taken_out_first",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Condition("NEW.status <> 'valid'"),
        func=f"""
            {ONLY_READ_COMMITTED}
            IF EXISTS (SELECT 1 FROM harvests_stockbalance
                       WHERE delivery_id = NEW.id AND kg <> NEW.net_kg) THEN
                {refuse("a_used_delivery_is_taken_out_first", "kilos of it lie in a batch")}
            END IF;
            RETURN NEW;
        """,
    )
