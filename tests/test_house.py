"""The house as a whole: what holds for every app, page and file at once."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
MADE_BY_MACHINE = {".git", ".venv", "var", "__pycache__", "test-results", "node_modules"}
OURS = {"DJANGO_ALLOW_ASYNC_UNSAFE", "KALLARI_SECRET_KEY"}
"""What the tests themselves may have set, and production has not."""
PRODUCTION = {
    "KALLARI_SECRET_KEY": "never-used-anywhere-" + "0123456789abcdefghij" * 3,
    "KALLARI_HTTPS": "1",
    "ALLOWED_HOSTS": "kallari.example",
    "CSRF_TRUSTED_ORIGINS": "https://kallari.example",
    "DEBUG": "0",
}


def files(*endings: str) -> Iterator[Path]:
    """Every file of the project that a person wrote, with one of the endings (or any)."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            set(folders)
            - MADE_BY_MACHINE
            - {name for name in folders if name.endswith("_cache") or name == ".hypothesis"}
        )
        for name in sorted(names):
            if not endings or name.endswith(endings):
                yield Path(folder, name)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a management command as production would: its own process, its own environment."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", *arguments],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "DJANGO_SETTINGS_MODULE": "kallari.settings",
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


# --- Migrations, checks, schema -----------------------------------------------------------------


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_production_settings_pass_the_deployment_check() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "no issues" in checked.stdout


def test_settings_of_a_first_try_do_not_pass_it() -> None:
    """The twin of the test above: without HTTPS the same check finds what is missing."""
    checked = manage(
        "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | {"KALLARI_HTTPS": "0"}
    )
    assert checked.returncode != 0
    assert "security.W" in checked.stderr


def test_the_api_describes_itself_without_a_warning(tmp_path: Path) -> None:
    described = manage(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml")
    )
    assert described.returncode == 0, described.stderr


# --- Every app under the same checks ------------------------------------------------------------


def apps() -> set[str]:
    """The packages of the house: kallari, and every app beside it."""
    return {path.parent.name for path in ROOT.glob("*/apps.py")}


def test_every_app_is_under_every_check() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert set(settings["importlinter"]["root_packages"]) == apps()
    assert set(settings["coverage"]["run"]["source"]) == apps()
    assert set(settings["mypy"]["files"]) == apps() | {"tests"}


def test_every_ignored_rule_says_why() -> None:
    """A rule ignored in pyproject.toml has its reason on the line."""
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    ignoring = [line for line in lines if re.search(r'^\s*"[A-Z]{1,4}\d{3}"', line)]
    assert ignoring
    assert [line for line in ignoring if "#" not in line] == []


def test_every_suppression_says_why() -> None:
    """`noqa` and `type: ignore` name what they suppress, and why (STYLE section 6)."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files(".py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"#\s*noqa(?!: [A-Z]+\d+)", line) or re.search(r"#\s*type: ignore(?!\[)", line)
    ]
    assert bare == []


def test_no_key_is_written_as_a_quantity() -> None:
    """A key of a thousand or more would get the thousands' sign, and lead nowhere."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files(".html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\{\{ *[a-z_.]*\.(pk|id) *\}\}", line)
    ]
    assert bare == []


# --- Words --------------------------------------------------------------------------------------


def _speaks(path: Path) -> bool:
    place = path.relative_to(ROOT)
    return place.parts[0] != "tests" and (
        place.stem in {"services", "querysets", "permissions", "reports"}
        or place.parent.name in {"services", "querysets", "permissions"}
    )


def test_whoever_reads_and_writes_says_what_it_does() -> None:
    """Public functions and classes of services, querysets and permissions have a docstring."""
    silent = []
    looked_at = 0
    for path in filter(_speaks, files(".py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            looked_at += 1
            if not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}")
    assert looked_at > 0
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files(".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".po", "run")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if unfinished.search(line)
    ]
    assert found == []


def test_nobody_who_exists_can_be_written_to() -> None:
    """Every e-mail address in the tree belongs to a domain that is reserved for examples."""
    address = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
    reserved = re.compile(
        r"(^|\.)(example|test|invalid|localhost|example\.(com|org|net))$|^127\.[\d.]+$"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files(".py", ".html", ".md", ".csv", ".json", ".po", ".toml")
        for match in address.finditer(path.read_text())
        if not reserved.search(match[1].lower())
    ]
    assert found == []


# --- The README tells the truth -----------------------------------------------------------------


def test_the_readme_names_every_setting_and_no_other() -> None:
    """The README's table and what the program reads from the environment are the same."""
    reading = re.compile(r'\b(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"')
    read = {
        name
        for path in files(".py")
        if path.is_relative_to(ROOT / "kallari")
        for name in reading.findall(path.read_text())
    }
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert table == read


def test_the_readme_names_the_checks_that_run() -> None:
    """What a person runs before a commit and what `.ci/run` runs are the same."""
    named = {
        line
        for line in (ROOT / "README.md").read_text().splitlines()
        if re.match(r"\.venv/bin/(?!gunicorn)", line)
    }
    run = {
        line.removeprefix("run ")
        for line in (ROOT / ".ci/run").read_text().splitlines()
        if line.startswith("run .venv/bin/")
    }
    assert run
    assert named == run


@pytest.mark.parametrize("command", ["python3 manage.py up", "python3 manage.py pytest"])
def test_the_readme_gives_both_commands_on_lines_of_their_own(command: str) -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert command in [line.strip() for line in lines]


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
