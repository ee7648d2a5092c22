"""What a telephone carries along: families, partners, chakras, prices, quotas (docs/sync.md).

A version names how far the telephone has come: `scope.day.history`. The scope is a digest of what
the account may see and of the tables' fields; when it differs, everything is sent anew. The day is
that of the pull: a certification that begins tomorrow changes a class tomorrow, without a row being
written. The history is the newest number below which no history row was still on its way, so that
nothing that was being written during one pull is missed by the next.

Partners and chakras name their family by its number: random keys do not compress, and a key that
stands in three tables would weigh three times.
"""

from __future__ import annotations

import hashlib
import re
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from harvests.pull.large import LARGE, changed, touched
from harvests.pull.short import SHORT
from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from kallari.accounts.models import User

FIELDS: dict[str, tuple[str, ...]] = {
    "communities": ("id", "name", "spellings"),
    "families": ("id", "number", "name", "community", "people"),
    "partners": ("id", "number", "name", "family", "card", "standing"),
    "chakras": ("id", "number", "name", "family", "area_ha", "class"),
    "products": ("code", "name", "kind"),
    "forms": (
        "code",
        "product",
        "name",
        "counted",
        "unit",
        "tare_kg",
        "late_days",
        "ripe_months",
        "moisture",
    ),
    "varieties": ("code", "product", "name"),
    "qualities": ("code", "form", "name", "is_default"),
    "centers": ("code", "name"),
    "prices": (
        "id",
        "form",
        "quality",
        "class",
        "price_usd",
        "premium_usd",
        "unit",
        "valid_from",
    ),
    "quotas": (
        "id",
        "form",
        "community",
        "family",
        "starts_on",
        "ends_on",
        "limit_kg",
        "delivered_kg",
    ),
}
VERSION = re.compile(r"([0-9a-f]{12})\.(\d{8})\.(\d{1,18})", re.ASCII)
SETTLING_S = 2.0
"""How long a pull waits for those who were writing when it came."""


def pull(user: User, since: str) -> dict[str, Any]:
    """Return what changed for an account since a version; everything for a version that is not
    known or was of another scope."""
    today = timezone.localdate()
    scope = _scope(user)
    known = VERSION.fullmatch(since)
    full = known is None or known[1] != scope
    after = 0 if full or known is None else int(known[3])
    last_day = today if full or known is None else _day(known[2])
    upto = settled_upto(after)
    tables: dict[str, Any] = {}
    gone: dict[str, list[str]] = {}
    for table in LARGE:
        rows, missing = changed(table, user, after, last_day, today, full=full)
        if rows or full:
            tables[table.name] = _table(table.name, rows)
        if missing:
            gone[table.name] = missing
    for name, sources, read in SHORT:
        moved = full or last_day != today or any(touched(one, after).exists() for one in sources)
        if moved:
            tables[name] = _table(name, read(user, today))
    return {
        "version": f"{scope}.{today:%Y%m%d}.{upto}",
        "full": full,
        "server_time": timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "tables": tables,
        "gone": gone,
    }


def settled_upto(after: int) -> int:
    """The newest number of history below which no row is still on its way.

    Whoever writes history holds a shared advisory lock until the commit. The newest number is
    read, then those who hold the lock at that moment are waited for; who comes later draws greater
    numbers. When somebody writes for longer (an import), the telephone stays at `after` and gets
    the same rows again at the next pull, which harms nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM kallari_history_id_seq")
        newest = int(cursor.fetchone()[0])
        writing = _writers(cursor)
        deadline = time.monotonic() + SETTLING_S
        while writing:
            if time.monotonic() > deadline:
                return after
            time.sleep(0.01)
            writing &= _writers(cursor)
    return newest


def _writers(cursor: Any) -> set[str]:
    cursor.execute(
        """
        SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND objsubid = 1 AND mode = 'ShareLock'
          AND ((classid::bigint << 32) | objid::bigint) = hashtext('kallari_history')::bigint
        """
    )
    return {row[0] for row in cursor.fetchall()}


def _scope(user: User) -> str:
    if sees_every_community(user):
        reach = "all"
    else:
        keys = user.community_assignments.order_by("community").values_list("community", flat=True)
        reach = ",".join(map(str, keys))
    said = f"1 {user.pk} {reach} {FIELDS}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _day(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:  # nobody but a meddler writes 30 February
        return date.min


def _table(name: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {"fields": list(FIELDS[name]), "rows": rows}
