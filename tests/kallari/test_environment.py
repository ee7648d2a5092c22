"""The environment that manage.py makes for itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kallari import environment
from kallari.embedded_postgres import CHECKOUT
from kallari.environment import NotReadyError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a lock and no environment yet."""
    (tmp_path / "uv.lock").write_text("version = 1\n")
    for name, path in {
        "CHECKOUT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
        "STAMP": tmp_path / ".venv/kallari.json",
        "UV": tmp_path / ".venv/uv/bin/uv",
    }.items():
        monkeypatch.setattr(environment, name, path)
    return tmp_path


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, checkout: Path) -> list[list[str]]:
    """The steps asked for, remembered; uv "installs" pytest when it is asked for everything."""
    steps: list[list[str]] = []

    def remember(command: list[Any], **_environment: str) -> None:
        line = [str(part) for part in command]
        steps.append(line)
        if line[1:3] == ["-m", "venv"]:
            python = checkout / ".venv/bin/python"
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)
        if "sync" in line and "--no-dev" not in line:
            (checkout / ".venv/lib/python3.11/site-packages/pytest").mkdir(
                parents=True, exist_ok=True
            )

    monkeypatch.setattr(environment, "_do", remember)
    monkeypatch.setattr(environment, "_is_usable", lambda: (checkout / ".venv").exists())
    return steps


def synced(done: list[list[str]]) -> list[list[str]]:
    return [line[1:] for line in done if "sync" in line]


def test_it_is_made_once(done: list[list[str]]) -> None:
    environment.prepare(for_developers=False)
    assert synced(done) == [["sync", "--frozen", "--quiet", "--no-dev"]]
    done.clear()
    environment.prepare(for_developers=False)
    assert done == []


def test_it_follows_the_lock(done: list[list[str]], checkout: Path) -> None:
    environment.prepare(for_developers=False)
    (checkout / "uv.lock").write_text("version = 1\nrevision = 2\n")
    done.clear()
    environment.prepare(for_developers=False)
    assert len(synced(done)) == 1


def test_tools_for_developers_come_when_asked_for_and_stay(
    done: list[list[str]], checkout: Path
) -> None:
    environment.prepare(for_developers=False)
    environment.prepare(for_developers=True)
    (checkout / "uv.lock").write_text("version = 1\nrevision = 2\n")
    environment.prepare(for_developers=False)
    assert synced(done) == [
        ["sync", "--frozen", "--quiet", "--no-dev"],
        ["sync", "--frozen", "--quiet"],
        ["sync", "--frozen", "--quiet"],
    ]


def test_a_copied_checkout_makes_its_own(done: list[list[str]], checkout: Path) -> None:
    environment.prepare(for_developers=False)
    stamp = json.loads((checkout / ".venv/kallari.json").read_text())
    (checkout / ".venv/kallari.json").write_text(json.dumps(stamp | {"place": "/elsewhere"}))
    done.clear()
    environment.prepare(for_developers=False)
    assert len(synced(done)) == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("error: No space left on device (os error 28)", "El disco está lleno"),
        ("Caused by: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("Caused by: dns error: failed to lookup address information", "No hay conexión"),
        ("Could not find a version that satisfies the requirement uv", "No hay conexión"),
        ("something else", "No se pudo preparar"),
    ],
)
def test_a_failure_is_told_in_a_sentence(checkout: Path, told: str, sentence: str) -> None:
    with pytest.raises(NotReadyError, match=sentence) as error:
        environment._do([sys.executable, "-c", f"import sys; sys.exit({told!r})"])
    assert told in str(error.value)


def test_a_python_without_venv_is_told_how_to_get_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(NotReadyError, match=r"apt install python3\.\d+-venv"):
        environment.prepare(for_developers=False)


def test_an_old_python_can_read_the_door() -> None:
    ast.parse((CHECKOUT / "manage.py").read_text(), feature_version=(3, 4))


def test_the_door_needs_no_package() -> None:
    """Before the environment is there, only the standard library is."""
    program = (
        "import sys; sys.modules['django'] = None; sys.path.insert(0, '.');"
        "import manage; from kallari import environment"
    )
    subprocess.run([sys.executable, "-S", "-c", program], cwd=CHECKOUT, check=True)
