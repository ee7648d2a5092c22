"""Statements that the database plans once for each connection.

PostgreSQL plans a statement anew at every use. For one that joins a dozen tables to answer about a
single row, that takes several times longer than the answer; where it is asked for every delivery,
it is most of the work. A prepared statement is planned at its first use on a connection.

A pooler that hands each transaction another connection forgets what was prepared. Then
`was_forgotten` tells so, statements are sent whole from then on, and the caller begins its
transaction again.
"""

from __future__ import annotations

import logging
import re
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)

FORGOTTEN = frozenset({"26000", "42P05"})
"""The server does not know the statement, or knows it from somebody else's transaction."""

_kept = True
"""Whether a connection keeps what was prepared on it."""

_known: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()
"""The names of what was prepared on each connection."""


class Prepared:
    """One statement, with named parameters of known types."""

    def __init__(self, name: str, sql: str, types: Mapping[str, str]) -> None:
        """
        Args:
            name: among all prepared statements of the application.
            sql: with ``%(parameter)s`` for each parameter, and no other percent sign.
            types: of each parameter, in PostgreSQL's words: ``uuid[]``, ``date``.
        """
        self._name = name
        places = {one: f"${number}" for number, one in enumerate(types, 1)}
        body = re.sub(r"%\((\w+)\)s", lambda found: places[found[1]], sql)
        given = ", ".join(f"%({one})s::{kind}" for one, kind in types.items())
        self._prepare = f"PREPARE {name} ({', '.join(types.values())}) AS {body}"
        # The plan is made without looking at the parameters: a plan for each of them is what takes
        # the time, and PostgreSQL would make one whenever it hopes to answer a little faster.
        self._execute = f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {name} ({given})"
        self._whole = re.sub(
            r"%\((\w+)\)s", lambda found: f"%({found[1]})s::{types[found[1]]}", sql
        )

    def execute(self, cursor: CursorWrapper, params: Mapping[str, Any], *, first: str = "") -> None:
        """Execute it in the transaction under way; the rows are for the cursor to fetch.

        Args:
            first: statements that go before it on the same journey, each with its semicolon and
                `params` of their own or the same. It sees what they have written and locked.

        Raises:
            DatabaseError: among others, one of which `was_forgotten` is true.
        """
        if not _kept:
            cursor.execute(first + self._whole, params)
            return
        known = _known.setdefault(connection.connection, set())
        if self._name not in known:
            cursor.execute(self._prepare)
            known.add(self._name)
        cursor.execute(first + self._execute, params)


def was_forgotten(error: DatabaseError) -> bool:
    """Whether a statement failed because the connection is not the one it was prepared on. From
    then on statements are sent whole; the caller's next attempt succeeds."""
    global _kept
    if getattr(error.__cause__, "pgcode", None) not in FORGOTTEN:
        return False
    _kept = False
    logger.warning("The database forgets prepared statements; they are sent whole from now on.")
    return True
