"""How a trigger refuses, and what several of them refuse alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kallari.refusals import explain

explain(
    "what_is_referred_to_is_on_record",
    _(
        "Primero se registra aquello de lo que esto trata: la liquidación, la entrega, el anticipo"
        " o la caja."
    ),
    code="not_on_record",
)
explain(
    "sums_see_what_others_committed",
    _(
        "Otro programa abrió esta operación de un modo que no ve lo que otras personas registran a"
        " la vez. Regístrela en esta aplicación."
    ),
    code="isolation",
)


def refuse(constraint: str, words: str) -> str:
    """The statement by which a trigger refuses, under the name that `explain` gives words to."""
    return (
        f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';"
    )


def refuse_missing() -> str:
    """The same, when a row that is referred to is not there yet.

    Foreign keys are deferred: within a transaction a row may be written before the one it refers
    to, and a trigger that compares with what it does not find compares with NULL, which refuses
    nothing. So each one that looks at a row refuses when there is none.
    """
    return refuse("what_is_referred_to_is_on_record", "what it refers to is not on record")


ONLY_READ_COMMITTED = f"""
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                {refuse("sums_see_what_others_committed", "only under read committed")}
            END IF;"""
"""Begins the triggers that lock rows and then add up. Under REPEATABLE READ a transaction waits for
the lock and then adds up what there was when it began, without what the other has committed
meanwhile; anybody may ask for that with SET TRANSACTION. Nothing of this application does but
backups and the checks of seals, which only read."""
