"""What the database holds of ours, and how all of it makes room for a backup.

Dropping takes a lock on every index, constraint and trigger, some four thousand, and PostgreSQL
as it is delivered has room for 64 per connection: dropping everything and making it anew in one
transaction runs out of them. So what was there is moved aside by name, which takes a lock for
each table and function alone, and is dropped in small transactions when the backup is in its
place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

SET_ASIDE = "kallari_replaced_"
"""How the names of the schemas begin in which replaced contents wait to be dropped."""

OURS = rf"""
    n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND n.nspname !~ '^{SET_ASIDE}'
"""
ASIDE = f"n.nspname ~ '^{SET_ASIDE}'"

NO_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"

MOVE_EVERYTHING_ASIDE = f"""
SET LOCAL lock_timeout = '15s';
SET LOCAL client_min_messages = warning;
DO $aside$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT command FROM (
            SELECT 1 AS turn, format('ALTER SCHEMA %I RENAME TO {SET_ASIDE}%s', n.nspname, n.oid)
                AS command
            FROM pg_namespace n
            WHERE {OURS} AND n.nspname <> 'public' AND {NO_EXTENSION.format("n")}
            AND NOT EXISTS (
                SELECT FROM pg_depend inside JOIN pg_depend d
                    ON (d.classid, d.objid) = (inside.classid, inside.objid) AND d.deptype = 'e'
                WHERE inside.refclassid = 'pg_namespace'::regclass AND inside.refobjid = n.oid)
            UNION ALL
            SELECT 2, 'CREATE SCHEMA {SET_ASIDE}public'
            UNION ALL
            SELECT 3, format('ALTER ROUTINE %s SET SCHEMA {SET_ASIDE}public', p.oid::regprocedure)
            FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace AND {NO_EXTENSION.format("p")}
            UNION ALL
            SELECT 4, format('ALTER TABLE public.%I SET SCHEMA {SET_ASIDE}public', c.relname)
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND {NO_EXTENSION.format("c")}
                AND NOT EXISTS (  -- the sequence of a column goes where its table goes
                    SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass
                        AND o.objid = c.oid AND c.relkind = 'S' AND o.deptype IN ('a', 'i'))
            UNION ALL
            SELECT 5, format('ALTER TYPE public.%I SET SCHEMA {SET_ASIDE}public', t.typname)
            FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE t.typnamespace = 'public'::regnamespace AND {NO_EXTENSION.format("t")}
                AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
        ) AS commands ORDER BY turn
    LOOP
        EXECUTE statement;
    END LOOP;
END
$aside$;
"""  # noqa: S608 - constants
"""Leave an empty `public`, in one transaction; what an extension brought stays where it is.

Nothing may be set aside already: see `drop_what_is_aside`."""


def tables(cursor: CursorWrapper) -> list[str]:
    """Every table, quoted and with its schema."""
    cursor.execute(
        f"""
        SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OURS} AND {NO_EXTENSION.format("c")}
        ORDER BY 1
        """  # noqa: S608 - constants
    )
    return [name for (name,) in cursor.fetchall()]


def drop_what_is_aside() -> None:
    """Drop, a few tables a transaction, what a backup has replaced; nothing if nothing waits.

    Outside of a transaction. What is left when it is cut off goes the next time.
    """
    with connection.cursor() as cursor:
        for few in _DROP_A_FEW:
            while command := _first_row(cursor, few):
                cursor.execute(command)


_DROP_A_FEW = (
    f"""
    SELECT 'DROP TABLE ' || string_agg(name, ', ') || ' CASCADE' FROM (
        SELECT format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {ASIDE} AND c.relkind IN ('r', 'p') ORDER BY 1 LIMIT 10) AS few
    """,  # noqa: S608 - constants
    f"""
    SELECT 'DROP ROUTINE ' || string_agg(name, ', ') || ' CASCADE' FROM (
        SELECT p.oid::regprocedure::text AS name
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {ASIDE} ORDER BY 1 LIMIT 100) AS few
    """,  # noqa: S608 - constants
    f"""
    SELECT 'DROP SCHEMA ' || string_agg(quote_ident(n.nspname), ', ') || ' CASCADE'
    FROM pg_namespace n WHERE {ASIDE}
    """,  # noqa: S608 - constants
)


def _first_row(cursor: CursorWrapper, question: str) -> str | None:
    cursor.execute(question)
    (found,) = cursor.fetchone()
    return str(found) if found else None
