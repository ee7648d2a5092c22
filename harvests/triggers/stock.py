"""The law of kilos, held by the database: nothing is taken that is not there, nothing comes out
that did not go in, and nothing is certified that did not arrive so.

The order in which rows are locked, in triggers and services alike: the batch (its totals), then
deliveries, then lots, each by primary key, and their balances with them.
"""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import refuse
from kallari.refusals import explain

RANK = "array_position(ARRAY['organic', 'transition', 'conventional'], {}::text)"
"""How weak a certification class is, the strongest first (`harvests.models.STRONGEST_FIRST`)."""

explain(
    "only_what_is_weighed_is_worked",
    _("Lo que se recibió por unidad no entra a un proceso."),
    code="not_weighed",
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
    "the_class_is_the_weakest",
    _("Lo que sale lleva la certificación más débil de lo que entró."),
    code="class_too_strong",
)
explain(
    "a_class_is_never_raised",
    _("La certificación de un lote baja, nunca sube."),
    code="class_raised",
)
explain(
    "a_lot_is_of_one_class",
    _("Los kilos del lote no pasaron con él a la otra certificación."),
    code="class_of_kilos",
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
    "what_comes_out_went_in",
    _("De un proceso no sale más de lo que entró. Revise los pesos."),
    code="more_out_than_in",
)
explain(
    "a_voided_batch_is_empty",
    _("Un proceso anulado no guarda kilos."),
    code="not_empty",
)
explain(
    "a_batch_ends_once",
    _("Un proceso terminado o anulado queda como está."),
    code="ended",
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


def a_batch_has_totals() -> pgtrigger.Trigger:
    """What a batch took and gave is counted from its first day on."""
    return pgtrigger.Trigger(
        name="a_batch_has_totals",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
            -- # without history: reckoned from the movements, which have it
            INSERT INTO harvests_batchtotals (batch_id, in_kg, out_kg) VALUES (NEW.id, 0, 0);
            RETURN NULL;
        """,
    )


def a_batch_ends_once() -> pgtrigger.Trigger:
    """A batch keeps its code and kind; finished it may still be voided, voided it stays."""
    kept = "ARRAY['code', 'year', 'number', 'kind_id', 'center_id', 'started_by_id']"
    return pgtrigger.Trigger(
        name="a_batch_ends_once",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("one", "text")],
        func=f"""
            FOREACH one IN ARRAY {kept} LOOP
                IF to_jsonb(NEW) -> one IS DISTINCT FROM to_jsonb(OLD) -> one THEN
                    RAISE EXCEPTION '% is append-only: a batch keeps its %', TG_TABLE_NAME, one;
                END IF;
            END LOOP;
            IF (OLD.status = 'voided' AND NEW IS DISTINCT FROM OLD)
               OR (OLD.status = 'finished' AND NEW.status = 'open') THEN
                {refuse("a_batch_ends_once", "a batch ends once")}
            END IF;
            IF NEW.status = 'voided' AND EXISTS (
                SELECT 1 FROM harvests_batchtotals
                WHERE batch_id = NEW.id AND (in_kg, out_kg) <> (0, 0)
            ) THEN
                {refuse("a_voided_batch_is_empty", "a voided batch holds nothing")}
            END IF;
            RETURN NEW;
        """,
    )


def a_lot_has_a_balance() -> pgtrigger.Trigger:
    """What is left of a lot is counted from its first moment on; of what is sold by the piece, the
    pieces too. Nothing else enters its batch meanwhile."""
    return pgtrigger.Trigger(
        name="a_lot_has_a_balance",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
            PERFORM 1 FROM harvests_batchtotals WHERE batch_id = NEW.batch_id FOR UPDATE;
            INSERT INTO harvests_stockbalance (lot_id, kg, pieces)
            SELECT NEW.id, 0, CASE WHEN counted = 'piece' THEN 0 END
            FROM harvests_productform WHERE id = NEW.form_id;
            RETURN NULL;
        """,
    )


def a_lot_keeps_its_origin() -> pgtrigger.Trigger:
    """Of a lot change its place, its marks, whether it is held; and its class, downwards."""
    kept = "ARRAY['code', 'year', 'number', 'batch_id', 'form_id', 'made_at']"
    return pgtrigger.Trigger(
        name="a_lot_keeps_its_origin",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("one", "text")],
        func=f"""
            FOREACH one IN ARRAY {kept} LOOP
                IF to_jsonb(NEW) -> one IS DISTINCT FROM to_jsonb(OLD) -> one THEN
                    RAISE EXCEPTION '% is append-only: a lot keeps its %', TG_TABLE_NAME, one;
                END IF;
            END LOOP;
            IF {RANK.format("NEW.certification_class")} < {RANK.format("OLD.certification_class")}
            THEN
                {refuse("a_class_is_never_raised", "a certification class is never raised")}
            END IF;
            RETURN NEW;
        """,
    )


def a_class_is_the_weakest() -> pgtrigger.Trigger:
    """When the transaction ends: a lot is of no stronger class than anything that went into its
    batch, nothing that was made of it is stronger than it, and its kilos are of its class."""
    rank, own = RANK.format, RANK.format("own_class")
    return pgtrigger.Trigger(
        name="a_class_is_the_weakest",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("certification_class"),
        timing=pgtrigger.Deferred,
        declare=[("own_class", "text")],
        func=f"""
            SELECT certification_class INTO own_class FROM harvests_lot WHERE id = NEW.id;
            IF EXISTS (
                SELECT 1
                FROM (SELECT delivery_id, lot_id FROM harvests_stockmovement
                      WHERE batch_id = NEW.batch_id AND kind = 'input'
                      GROUP BY delivery_id, lot_id HAVING sum(kg) < 0) took
                LEFT JOIN harvests_delivery delivery ON delivery.id = took.delivery_id
                LEFT JOIN harvests_lot lot ON lot.id = took.lot_id
                WHERE {rank("coalesce(delivery.certification_class, lot.certification_class)")}
                      > {own}
            ) OR EXISTS (
                SELECT 1
                FROM (SELECT batch_id FROM harvests_stockmovement
                      WHERE lot_id = NEW.id AND kind = 'input'
                      GROUP BY batch_id HAVING sum(kg) < 0) used
                JOIN harvests_lot made ON made.batch_id = used.batch_id
                WHERE {rank("made.certification_class")} < {own}
            ) THEN
                {refuse("the_class_is_the_weakest", "an output is as weak as its weakest input")}
            END IF;
            IF EXISTS (
                SELECT 1 FROM harvests_stockmovement
                WHERE lot_id = NEW.id AND certification_class <> own_class
                GROUP BY certification_class HAVING sum(kg) <> 0
            ) THEN
                {refuse("a_lot_is_of_one_class", "the kilos of a lot are of its class")}
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
            {_GATHER}
            PERFORM 1 FROM harvests_batchtotals
            WHERE batch_id = ANY (batches) ORDER BY batch_id FOR UPDATE;
            PERFORM 1 FROM harvests_delivery WHERE id = ANY (deliveries) ORDER BY id FOR SHARE;
            PERFORM 1 FROM harvests_lot WHERE id = ANY (lots) ORDER BY id FOR SHARE;
            SELECT CASE
                WHEN delivery.net_kg IS NULL THEN 'only_what_is_weighed_is_worked'
                WHEN line.kg < 0 AND delivery.status <> 'valid'
                THEN 'what_counts_no_more_is_not_used'
                WHEN line.certification_class <> delivery.certification_class
                THEN 'a_movement_bears_the_class_of_its_source'
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
                    WHEN line.kind <> 'reclass'
                         AND line.certification_class <> lot.certification_class
                    THEN 'a_movement_bears_the_class_of_its_source'
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


def what_comes_out_went_in() -> pgtrigger.Trigger:
    """When the transaction ends, a batch has given no more than it took; until then the lines of a
    correction may come in any order."""
    return pgtrigger.Trigger(
        name="what_comes_out_went_in",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        timing=pgtrigger.Deferred,
        declare=[("took", "numeric"), ("gave", "numeric"), ("its_status", "text")],
        func=f"""
            SELECT totals.in_kg, totals.out_kg, batch.status INTO took, gave, its_status
            FROM harvests_batchtotals totals JOIN harvests_batch batch ON batch.id = totals.batch_id
            WHERE totals.batch_id = NEW.batch_id;
            IF gave > took THEN
                {refuse("what_comes_out_went_in", "a batch gave more than it took")}
            END IF;
            IF its_status = 'voided' AND (took, gave) <> (0, 0) THEN
                {refuse("a_voided_batch_is_empty", "a voided batch holds nothing")}
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
                IF NOT NEW.needs_second AND abs(NEW.kg) > (kallari_rule_value(
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
            IF EXISTS (SELECT 1 FROM harvests_stockbalance
                       WHERE delivery_id = NEW.id AND kg <> NEW.net_kg) THEN
                {refuse("a_used_delivery_is_taken_out_first", "kilos of it lie in a batch")}
            END IF;
            RETURN NEW;
        """,
    )
