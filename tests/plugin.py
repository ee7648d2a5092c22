"""Gives the tests a PostgreSQL of their own: fresh, throw-away, never the user's data.

Loaded by ``-p tests.plugin`` (pyproject.toml) before Django's settings are read. With DATABASE_URL
the tests run on that server instead, in databases named test_…, and nothing is started here.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from kallari.embedded_postgres import Cluster, EmbeddedPostgresError

RUNS_AT_ONCE = 9


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start it before pytest-django asks for the settings; the workers inherit where it is."""
    if not os.environ.get("DATABASE_URL"):
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        # Ended from outside, the run still leaves by the door and stops what it started.
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        cluster = _a_free_cluster(stack)
        os.environ["DATABASE_URL"] = cluster.url()
        stack.callback(os.environ.pop, "DATABASE_URL")
    return (yield)


def _a_free_cluster(stack: ExitStack) -> Cluster:
    """One for each run of the tests in this checkout at the same time."""
    for number in range(1, RUNS_AT_ONCE + 1):
        try:
            return stack.enter_context(Cluster(f"test{number}").thrown_away_afterwards())
        except BlockingIOError:
            continue
        except EmbeddedPostgresError as error:
            raise pytest.UsageError(str(error)) from error
    raise pytest.UsageError(f"{RUNS_AT_ONCE} runs of the tests are under way in this checkout.")
