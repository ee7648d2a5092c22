"""What the database refuses of purchase documents, beyond what a constraint can say. The settlement
is locked first, so that of two writers at once the second sees what the first has written.
"""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import ONLY_READ_COMMITTED, refuse, refuse_missing
from kallari.refusals import explain

STANDS = """
    NOT EXISTS (SELECT 1 FROM harvests_purchasedocumentoutcome told
                WHERE told.document_id = document.id AND told.outcome IN ('returned', 'annulled'))
"""
"""That a document was neither returned nor annulled."""

explain(
    "purchase_documents_without_gaps",
    _("El número del documento no es el que sigue."),
    code="sequence_gap",
)
explain(
    "one_standing_purchase_document",
    _("Ya tiene su liquidación de compra: otra se prepara cuando esa se devuelve o se anula."),
    code="issued",
)
explain(
    "a_purchase_document_is_of_an_approved_settlement",
    _("Solo se prepara de una liquidación aprobada."),
    code="not_approved",
)
explain(
    "a_purchase_document_ends_once",
    _("De ese documento ya consta qué pasó: lo autorizado se anula, y nada más cambia."),
    code="outcome_stays",
)


def purchase_documents_without_gaps() -> pgtrigger.Trigger:
    """The numbers of a series of purchase documents follow each other, from the first on that the
    rule says."""
    return pgtrigger.Trigger(
        name="purchase_documents_without_gaps",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("newest", "int")],
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM pg_advisory_xact_lock(hashtext('harvests_purchasedocument'));
            SELECT max(sequential) INTO newest FROM harvests_purchasedocument
            WHERE (environment, establishment, emission_point)
                  = (NEW.environment, NEW.establishment, NEW.emission_point);
            IF NEW.sequential <> coalesce(newest + 1, (kallari_rule_value(
                   'purchase.first_sequential', NEW.issued_on) #>> '{{}}')::int) THEN
                {refuse("purchase_documents_without_gaps", "not the number that follows")}
            END IF;
            RETURN NEW;
        """,
    )


def one_standing_purchase_document() -> pgtrigger.Trigger:
    """Of an approved settlement one document stands in each environment."""
    return pgtrigger.Trigger(
        name="one_standing_purchase_document",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("reported", "harvests_settlement%ROWTYPE")],
        func=f"""{ONLY_READ_COMMITTED}
            SELECT * INTO reported FROM harvests_settlement
            WHERE id = NEW.settlement_id FOR UPDATE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
            IF reported.status <> 'approved' OR reported.kind <> 'ordinary' THEN
                {refuse("a_purchase_document_is_of_an_approved_settlement", "not approved")}
            END IF;
            IF EXISTS (SELECT 1 FROM harvests_purchasedocument document
                       WHERE document.settlement_id = NEW.settlement_id
                         AND document.environment = NEW.environment
                         AND document.id <> NEW.id AND {STANDS}) THEN
                {refuse("one_standing_purchase_document", "another one stands")}
            END IF;
            RETURN NULL;
        """,
    )


def a_purchase_document_ends_once() -> pgtrigger.Trigger:
    """What was authorised may be annulled; what was returned or annulled is over, so that another
    document that took its place is never joined by it."""
    return pgtrigger.Trigger(
        name="a_purchase_document_ends_once",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"""{ONLY_READ_COMMITTED}
            PERFORM 1 FROM harvests_settlement
            WHERE id = (SELECT settlement_id FROM harvests_purchasedocument
                        WHERE id = NEW.document_id) FOR UPDATE;
            IF NOT FOUND THEN
                {refuse_missing()}
            END IF;
            IF EXISTS (SELECT 1 FROM harvests_purchasedocumentoutcome
                       WHERE document_id = NEW.document_id AND id <> NEW.id
                         AND (outcome, NEW.outcome) <> ('authorised', 'annulled')) THEN
                {refuse("a_purchase_document_ends_once", "what became of it is told")}
            END IF;
            RETURN NULL;
        """,
    )
