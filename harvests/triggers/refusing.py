"""How a trigger refuses."""

from __future__ import annotations


def refuse(constraint: str, words: str) -> str:
    """The statement by which a trigger refuses, under the name that `explain` gives words to."""
    return (
        f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';"
    )
