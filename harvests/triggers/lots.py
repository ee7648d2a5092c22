"""What the database holds of lots: they keep where they came from, and nothing is certified that
did not arrive so."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import refuse, refuse_missing
from kallari.refusals import explain

RANK = "array_position(ARRAY['organic', 'transition', 'conventional'], {}::text)"
"""How weak a certification class is, the strongest first (`harvests.models.STRONGEST_FIRST`)."""


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


def a_lot_has_a_balance() -> pgtrigger.Trigger:
    """What is left of a lot is counted from its first moment on; of what is sold by the piece, the
    pieces too. Nothing else enters its batch meanwhile."""
    return pgtrigger.Trigger(
        name="a_lot_has_a_balance",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"""
            PERFORM 1 FROM harvests_batchtotals WHERE batch_id = NEW.batch_id FOR UPDATE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
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
            IF TG_OP = 'INSERT' THEN
                -- Whoever finds one of its sources weaker at this moment waits, or is waited for.
                PERFORM 1 FROM harvests_lot WHERE id IN (
                    SELECT lot_id FROM harvests_stockmovement
                    WHERE batch_id = NEW.batch_id AND kind = 'input' AND lot_id IS NOT NULL
                ) ORDER BY id FOR SHARE;
            END IF;
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
