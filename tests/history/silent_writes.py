"""Finds writes that would leave no history, by reading the code of the house.

What is looked for: `QuerySet.update`, `bulk_create` and their kin outside of
`kallari.history.bulk`; an `F()` expression given to a field of an object (its history row could
not be written); saving without history; silenced triggers; SQL that writes.

A write on a model without history passes when its model can be told from the line. Any other that
is right says so on its line: ``# without history: the reason``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.db import models

BULK = {
    "bulk_create", "abulk_create", "bulk_update", "abulk_update", "_raw_delete", "_update",
    "bulk_create_with_history", "bulk_update_with_history",
}  # fmt: skip
UPDATE = {"update", "aupdate"}
SILENCERS = {"save_without_historical_record", "skip_history_when_saving"}
WRITING_SQL = re.compile(
    r"\s*(UPDATE\s+(?!O[RF]\b)|DELETE\s+FROM\b|INSERT\s+INTO\b|TRUNCATE\s|MERGE\s+INTO\b)", re.I
)
ALLOWED = re.compile(r"#\s*without history: \S.{4,}")


def silent_writes(source: str, module: ModuleType | None = None) -> Iterator[tuple[int, str]]:
    """Line and words of every write in `source` that would leave no history.

    `module` is the imported module, from which names of models are resolved.
    """
    lines = source.splitlines()
    helpers = _helpers(ast.parse(source))
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.expr | ast.stmt):
            continue
        what = _what(node, module, helpers)
        written = lines[node.lineno - 1 : node.end_lineno]
        if what and not any(map(ALLOWED.search, written)):
            yield node.lineno, what


def _helpers(tree: ast.AST) -> set[str]:
    """Names imported from our own bulk module: those write history."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "kallari.history.bulk"
        for alias in node.names
    }


def _what(node: ast.AST, module: ModuleType | None, helpers: set[str]) -> str:
    if isinstance(node, ast.Call):
        return _what_call(node, module, helpers)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.BinOp):
        onto_object = any(isinstance(target, ast.Attribute) for target in node.targets)
        if onto_object and any(_is_f(part) for part in ast.walk(node.value)):
            return "F() given to a field"
    if isinstance(node, ast.Attribute | ast.Name):
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        return name if name in SILENCERS else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "SQL that writes" if WRITING_SQL.match(node.value) else ""
    return ""


def _what_call(node: ast.Call, module: ModuleType | None, helpers: set[str]) -> str:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if name in helpers:
        return ""
    if name == "ignore" and "pgtrigger" in ast.unparse(node.func):
        return "pgtrigger.ignore()"
    of_a_queryset = name in UPDATE and not node.args and node.keywords
    if (name in BULK or of_a_queryset) and not _has_no_history(node.func, module):
        return f"{name}()"
    return ""


def _has_no_history(written: ast.AST, module: ModuleType | None) -> bool:
    """Whether the line begins with the name of a model that has no history."""
    while isinstance(written, ast.Attribute | ast.Call):
        written = written.value if isinstance(written, ast.Attribute) else written.func
    model = getattr(module, written.id, None) if isinstance(written, ast.Name) else None
    return (
        isinstance(model, type)
        and issubclass(model, models.Model)
        and not hasattr(model._meta, "simple_history_manager_attribute")
    )


def _is_f(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Name) and node.func.id == "F")
        or (isinstance(node.func, ast.Attribute) and node.func.attr == "F")
    )


def modules_of(folder: Path) -> Iterator[Path]:
    """The Python files of an app."""
    return (path for path in sorted(folder.rglob("*.py")) if "locale" not in path.parts)
