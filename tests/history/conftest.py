"""What the tests of history share."""

from __future__ import annotations

import pytest

from tests.history.tampering import sql


@pytest.fixture
def as_superuser(db: None) -> None:
    """For what PostgreSQL lets only its superuser do; the tests' own cluster is entered as one."""
    if sql("SELECT current_setting('is_superuser')") != [("on",)]:
        pytest.skip("DATABASE_URL does not name a superuser of PostgreSQL")
