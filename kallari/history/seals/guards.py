"""Are the protections that stand before tampering still there and switched on?

Whoever changes history with SQL must first take them away, and may forget to put them back as
they were. Everything is compared with what the code declares: triggers and their functions
(pgtrigger), constraints (`Meta.constraints`), the function that numbers history, the groups'
rights (`kallari.roles`); and what has no history of its own, with the record that follows it: the
names of groups, the second factors.
"""

# ruff: noqa: S608  # names of tables and columns come from the models and are quoted

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import pgtrigger
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, models
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from kallari import roles
from kallari.history.coverage import our_models
from kallari.history.models import Seal, SealedRow
from kallari.history.seals.canonical import quoted
from kallari.history.seals.findings import Finding, Kind, Report
from kallari.history.seals.tables import column_of, fetch, tracked_tables

NUMBERING = "kallari_next_history_id"

FUNCTIONS = (
    "kallari.history.migrations.0001_one_order",
    "kallari.rules.migrations.0002_value_in_sql",
)
"""The migrations whose first step creates functions that other protections stand on; by name,
because history stands below whoever writes it."""

_EVENT_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_WHEN_BITS = {"BEFORE": 2, "AFTER": 0, "INSTEAD OF": 64}


def check_guards(report: Report) -> None:
    """Report every protection that is missing, off or other than declared."""
    for check in (
        check_tables_are_plain,
        check_triggers,
        check_functions,
        check_rules_exist,
        check_rules_hold,
        check_settings,
        check_rights,
        check_roles_given,
        check_second_factors,
    ):
        for finding in check():
            report(finding)


# --- Tables -------------------------------------------------------------------------------------


def _evidence_models() -> list[type[models.Model]]:
    """History and seals: what must be a plain table without anything that could hide rows."""
    return [*(one.history for one in tracked_tables()), Seal, SealedRow]


def check_tables_are_plain() -> Iterator[Finding]:
    """A view in a table's place, a row filter or a rewrite rule could show what is not there."""
    watched = {model._meta.db_table: model for model in _evidence_models()}
    watched |= {one.model._meta.db_table: one.model for one in tracked_tables()}
    for table, wrong in fetch(
        """
        SELECT c.relname, concat_ws(', ',
            CASE WHEN c.relkind <> 'r' THEN 'relkind ' || c.relkind::text END,
            CASE WHEN c.relpersistence <> 'p' THEN 'UNLOGGED' END,
            CASE WHEN c.relrowsecurity THEN 'ROW LEVEL SECURITY' END,
            (SELECT string_agg('RULE ' || r.rulename, ', ' ORDER BY r.rulename)
             FROM pg_rewrite r WHERE r.ev_class = c.oid AND c.relkind = 'r'),
            (SELECT 'INHERITS' FROM pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid) LIMIT 1))
        FROM pg_class c
        WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) name)
        """,
        [list(watched)],
    ):
        if wrong:
            yield Finding(
                Kind.TABLE_CHANGED,
                _("La tabla %(table)s no es una tabla simple: %(wrong)s.")
                % {"table": table, "wrong": wrong},
                model=watched[table]._meta.label,
            )
    for (table,) in fetch(
        """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'history_id'
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) name)
        AND pg_get_expr(d.adbin, c.oid) IS DISTINCT FROM %s
        ORDER BY 1
        """,
        [[one.table for one in tracked_tables()], f"{NUMBERING}()"],
    ):
        yield Finding(
            Kind.TABLE_CHANGED,
            _("La tabla %(table)s ya no toma sus números de %(function)s.")
            % {"table": table, "function": NUMBERING},
            model=watched[table]._meta.label,
        )


# --- Triggers and functions ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Declared:
    """A trigger as the code declares it."""

    model: type[models.Model]
    name: str
    kind: int
    has_condition: bool
    """A condition, or only some columns' changes."""
    body: str


def _declared_triggers() -> dict[tuple[str, str], _Declared]:
    declared = {}
    for model, trigger in pgtrigger.registered():
        sql = trigger.compile(model).sql
        bits = _WHEN_BITS[sql.kwargs["when"]]
        bits += sum(_EVENT_BITS[part.split()[0]] for part in sql.kwargs["operation"].split(" OR "))
        bits += 1 if sql.kwargs.get("level", "ROW") == "ROW" else 0
        declared[model._meta.db_table, sql.pgid] = _Declared(
            model,  # type: ignore[arg-type]  # the package says instance and means class
            sql.pgid,
            bits,
            bool(sql.kwargs.get("condition")) or " OF " in sql.kwargs["operation"],
            _bodies(str(sql))[sql.pgid],
        )
    return declared


def _bodies(sql: str) -> dict[str, str]:
    """The functions that a piece of SQL creates: name → body, white space made one."""
    return {
        name.replace('"', "").removeprefix("public."): " ".join(body.split())
        for name, body in re.findall(
            r"CREATE (?:OR REPLACE )?FUNCTION\s+([\w.\"]+)\(.*?\$\$(.*?)\$\$", sql, re.DOTALL
        )
    }


def check_triggers() -> Iterator[Finding]:
    """Each declared trigger is there, on, and does what is declared; on evidence, no other."""
    declared = _declared_triggers()
    evidence = {model._meta.db_table: model for model in _evidence_models()}
    tables = sorted({table for table, _name in declared} | set(evidence))
    found = {
        (table, name): (kind, enabled, conditional, " ".join(body.split()), language)
        for table, name, kind, enabled, conditional, body, language in fetch(
            """
            SELECT c.relname, t.tgname, t.tgtype, t.tgenabled, t.tgqual IS NOT NULL OR
                   t.tgattr::text <> '', p.prosrc, l.lanname
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_proc p ON p.oid = t.tgfoid
            JOIN pg_language l ON l.oid = p.prolang
            WHERE NOT t.tgisinternal
            AND c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) name)
            """,
            [tables],
        )
    }
    for (table, name), wanted in declared.items():
        present = found.pop((table, name), None)
        if present is None:
            wrong = _("no está")
        elif present[1] not in {"O", "A"}:
            wrong = _("está apagada")
        elif (present[0], present[2]) != (wanted.kind, wanted.has_condition):
            wrong = _("no actúa cuando debe")
        elif (present[3], present[4]) != (wanted.body, "plpgsql"):
            wrong = _("hace otra cosa")
        else:
            continue
        yield Finding(
            Kind.TRIGGER_OFF,
            _("La protección %(name)s de la tabla %(table)s %(wrong)s.")
            % {"name": name, "table": table, "wrong": wrong},
            model=wanted.model._meta.label,
        )
    for table, name in sorted(found):
        if table in evidence:
            yield Finding(
                Kind.TRIGGER_OFF,
                _("La tabla %(table)s tiene un disparador que nadie declaró: %(name)s.")
                % {"name": name, "table": table},
                model=evidence[table]._meta.label,
            )


def check_functions() -> Iterator[Finding]:
    """The functions beneath: those that number history and tell triggers the association's rules,
    and the one that can silence triggers."""
    wanted: dict[str, str] = {}
    for migration in FUNCTIONS:
        wanted |= _bodies(import_module(migration).Migration.operations[0].sql)
    for model, trigger in pgtrigger.registered():
        bodies = _bodies(str(trigger.compile(model).sql))
        wanted |= {name: body for name, body in bodies.items() if name.startswith("_pgtrigger")}
    found: dict[str, list[str]] = {}
    for name, body in fetch(
        "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY (%s)", [list(wanted)]
    ):
        found.setdefault(name, []).append(" ".join(body.split()))
    for name, body in sorted(wanted.items()):
        if found.get(name) != [body]:
            yield Finding(
                Kind.FUNCTION_REPLACED,
                _("La función %(name)s falta o fue reemplazada.") % {"name": name},
            )


# --- Constraints --------------------------------------------------------------------------------


def check_rules_exist() -> Iterator[Finding]:
    """Each declared constraint is in the database, valid and enforced."""
    watched = {model._meta.db_table: model for model in our_models()}
    present = set(
        fetch(
            """
            SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE k.convalidated AND coalesce((to_jsonb(k)->>'conenforced')::boolean, true)
            AND c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%(tables)s) name)
            UNION ALL
            SELECT c.relname, x.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indisunique AND i.indisvalid
            AND c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%(tables)s) name)
            """,
            {"tables": list(watched)},
        )
    )
    for table, model in watched.items():
        for constraint in model._meta.constraints:
            if (table, constraint.name) not in present:
                yield Finding(
                    Kind.RULE_MISSING,
                    _("La regla %(name)s de la tabla %(table)s no está o no rige.")
                    % {"name": constraint.name, "table": table},
                    model=model._meta.label,
                )


def check_rules_hold() -> Iterator[Finding]:
    """No row breaks a declared check: one was perhaps away while the row was written. Among
    them: an account's password is the one its fingerprint, which history follows, belongs to."""
    there = set(connection.introspection.table_names())
    for model in our_models():
        checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
        if not checks or model._meta.db_table not in there:
            continue
        names = ", ".join(
            f"CASE WHEN NOT ({_check_sql(model, check)}) THEN {place} END"
            for place, check in enumerate(checks)
        )
        key_column = quoted(column_of(model, model._meta.pk.name))
        for key, broken in fetch(
            f"SELECT * FROM (SELECT {key_column}::text, array_remove(ARRAY[{names}]::int[], NULL)"
            f" AS broken FROM {quoted(model._meta.db_table)}) r WHERE broken <> '{{}}'"
        ):
            is_history = hasattr(model, "history_object")
            yield Finding(
                Kind.RULE_BROKEN,
                _("Incumple: %(names)s.") % {"names": ", ".join(checks[i].name for i in broken)},
                model=model._meta.label,
                object_pk=key,
                history_id=int(key) if is_history else None,
            )


def _check_sql(model: type[models.Model], check: models.CheckConstraint) -> str:
    """The condition of a check as SQL, with its values written in."""
    editor = connection.SchemaEditorClass(connection, collect_sql=True, atomic=False)
    return str(check.constraint_sql(model, editor)).split(" CHECK ", 1)[1]


# --- Settings and rights ------------------------------------------------------------------------


def check_settings() -> Iterator[Finding]:
    """No role and no database begins its sessions with the triggers silenced."""
    for who, setting in fetch(
        """
        SELECT concat_ws(' / ', r.rolname, d.datname), setting
        FROM pg_db_role_setting s
        LEFT JOIN pg_roles r ON r.oid = s.setrole
        LEFT JOIN pg_database d ON d.oid = s.setdatabase
        CROSS JOIN unnest(s.setconfig) setting
        WHERE (s.setdatabase = 0 OR d.datname = current_database())
        AND lower(split_part(setting, '=', 1)) IN ('session_replication_role', 'pgtrigger.ignore')
        AND lower(setting) <> 'session_replication_role=origin'
        ORDER BY 1, 2
        """
    ):
        yield Finding(
            Kind.SETTING_UNSAFE,
            _("%(who)s entra a la base de datos con %(setting)s.")
            % {"who": who, "setting": setting},
        )


def check_roles_given() -> Iterator[Finding]:
    """Each assignment's group has the name under which the role was given."""
    assignments = apps.get_model("accounts", "RoleAssignment").objects
    for assignment in assignments.exclude(role=F("group__name")).select_related("group"):
        yield Finding(
            Kind.RIGHTS_DIFFER,
            _("Se dio el rol %(given)s y el grupo se llama ahora %(name)s.")
            % {"given": assignment.role, "name": assignment.group.name},
            model=assignment._meta.label,
            object_pk=str(assignment.pk),
        )


def check_second_factors() -> Iterator[Finding]:
    """Whoever is on record with a second factor has one, and nobody has one past the record."""
    held = Exists(
        apps.get_model("mfa", "Authenticator").objects.filter(
            user=OuterRef("pk"), type__in=["totp", "webauthn"]
        )
    )
    users = get_user_model().objects.annotate(held=held)
    for user in users.filter(second_factor_since=None, held=True) | users.filter(
        second_factor_since__isnull=False, held=False
    ):
        yield Finding(
            Kind.SECOND_FACTOR_DIFFERS,
            _("El segundo factor que consta no es el que hay: se puso o se quitó con SQL."),
            model=user._meta.label,
            object_pk=str(user.pk),
        )


def check_rights() -> Iterator[Finding]:
    """The groups hold exactly what the matrix gives their role, and there are no others."""
    held: dict[str, set[str]] = {
        name: set() for name in Group.objects.values_list("name", flat=True)
    }
    for name, app, code in Group.objects.filter(permissions__isnull=False).values_list(
        "name", "permissions__content_type__app_label", "permissions__codename"
    ):
        held[name].add(f"{app}.{code}")
    wanted = {role.value: roles.permissions_of(role) for role in roles.Role}
    for name in sorted(held.keys() | wanted.keys()):
        if held.get(name) == wanted.get(name):
            continue
        extra = sorted(held.get(name, set()) - wanted.get(name, set()))
        lacking = sorted(wanted.get(name, set()) - held.get(name, set()))
        yield Finding(
            Kind.RIGHTS_DIFFER,
            _("El grupo %(group)s no es el de la matriz. De más: %(extra)s. De menos: %(lacking)s.")
            % {
                "group": name,
                "extra": ", ".join(extra) or "–",
                "lacking": ", ".join(lacking) or "–",
            },
            model=Group._meta.label,
            object_pk=name,
        )
