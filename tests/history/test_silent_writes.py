"""No code of the house writes past history (STYLE, section 3)."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest
from django.conf import settings
from django.contrib.auth.models import Group

from kallari.history.coverage import our_apps
from members.models import Community
from tests.history.silent_writes import modules_of, silent_writes

FILES = sorted({path for config in our_apps() for path in modules_of(Path(config.path))})


def test_no_code_of_the_house_writes_past_history() -> None:
    found = []
    for path in FILES:
        name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        if name == "kallari.history.bulk":
            continue  # this is where it is done rightly
        found += [
            f"{path.relative_to(settings.BASE_DIR)}:{line}: {what}"
            for line, what in silent_writes(path.read_text(), module)
        ]
    assert not found, (
        "These write past history. Use kallari.history.bulk, or say on the line why it is right:"
        " # without history: the reason\n" + "\n".join(found)
    )


def test_every_app_is_read() -> None:
    assert len(FILES) > 30
    assert {path.parts[-2] for path in FILES} >= {"members", "accounts", "history", "commands"}


NAMES = cast("ModuleType", SimpleNamespace(Community=Community, Group=Group))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("Community.objects.filter(pk=1).update(note='x')", "update()"),
        ("rows.update(note=F('name'))", "update()"),
        ("self.get_queryset().update(**values)", "update()"),
        ("await rows.aupdate(note='x')", "aupdate()"),
        ("Community.objects.bulk_create(rows)", "bulk_create()"),
        ("manager.bulk_update(rows, ['note'])", "bulk_update()"),
        (
            "from simple_history.utils import bulk_create_with_history\n"
            "bulk_create_with_history(rows, Community)",
            "bulk_create_with_history()",
        ),
        ("row.total = F('total') + 1", "F() given to a field"),
        ("row.total = models.F('total')", "F() given to a field"),
        ("row.save_without_historical_record()", "save_without_historical_record"),
        ("row.skip_history_when_saving = True", "skip_history_when_saving"),
        ("with pgtrigger.ignore('a:b'):\n    pass", "pgtrigger.ignore()"),
        ("cursor.execute('update members_community set note = 1')", "SQL that writes"),
        ("cursor.execute(f'''\n  DELETE FROM {table}''')", "SQL that writes"),
    ],
)
def test_a_silent_write_is_seen_and_may_be_allowed_with_a_reason(code: str, what: str) -> None:
    found = list(silent_writes(code, NAMES))
    assert [words for _line, words in found] == [what]

    first, *rest = code.splitlines()[::-1]
    marked = "\n".join([*rest[::-1], f"{first}  # without history: no model of ours"])
    if "\n" not in code or "import" in code or "DELETE" in code:
        assert not list(silent_writes(marked, NAMES))
        assert list(silent_writes(marked.replace("no model of ours", ""), NAMES)) == found


@pytest.mark.parametrize(
    "code",
    [
        "Group.objects.filter(pk=1).update(name='x')",
        "{}.update({'note': 'x'})",
        "hasher.update(b'x')",
        "Community.objects.update_or_create(name='x')",
        "Community.objects.annotate(twice=F('pk') * 2)",
        "condition = F('a')",
        "from kallari.history.bulk import bulk_create_with_history\n"
        "bulk_create_with_history(rows, actor=actor)",
        "text = 'An update of the list'",
        "operation = 'UPDATE OR DELETE OR TRUNCATE'",
        "bits = {'UPDATE': 16, 'TRUNCATE': 32}",
    ],
)
def test_other_code_passes(code: str) -> None:
    assert not list(silent_writes(code, NAMES))
