"""What the database holds of batches: they end once, and nothing comes out that did not go in."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import refuse
from kallari.refusals import explain

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
