"""Looking at the machine from outside: which processes a checkout has, and ending them."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kallari.embedded_postgres import CHECKOUT, Cluster, server_account

NOT_COPIED = shutil.ignore_patterns(
    *(".git", ".venv", "var", ".*_cache", "__pycache__", "htmlcov", ".coverage*", "tests"),
    *(".hypothesis", "test-results"),
)


def copy_of_the_checkout(target: Path) -> Path:
    """The program in another place, as a second checkout of the same user would have it."""
    shutil.copytree(CHECKOUT, target, ignore=NOT_COPIED, symlinks=True)
    return target


def processes_of(checkout: Path) -> list[str]:
    """The command lines of whatever works in a checkout or serves one of its clusters."""
    marks = [f"kallari-{Cluster(name, checkout).identity}" for name in ("main", "test")]
    marks += [str(Cluster(name, checkout).data) for name in ("main", "test")]
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if not command:  # a zombie: ended, and waiting to be asked for its status
                continue
            if any(mark in command for mark in marks) or (
                (entry / "cwd").readlink().is_relative_to(checkout)
            ):
                found.append(f"{entry.name} {command.strip()}")
    return found


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def eventually(condition: Callable[[], object], *, within_s: float = 10) -> bool:
    """Whether the condition comes to hold in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def cleared_away(checkout: Path) -> Iterator[Path]:
    """Leave nothing of a checkout's main cluster behind, whatever the test did."""
    cluster = Cluster("main", checkout)
    try:
        yield checkout
    finally:
        cluster.stop()
        shutil.rmtree(cluster.place, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.rmtree(cluster.place.parent, ignore_errors=True)


def kill(pid: int | None) -> None:
    """`kill -9`, and wait until it is gone."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def give_to_the_server_account(path: Path) -> None:
    os.chown(path, server_account().uid, server_account().gid)
