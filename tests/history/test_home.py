"""What the home page tells those who watch over the association."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kallari.accounts.models import User
from kallari.history.context import acting
from kallari.history.seals.writing import seal
from tests.people import sign_in

pytestmark = pytest.mark.usefixtures("rules_in_force")


def home_of(user: User) -> str:
    response = sign_in(Client(), user).get("/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def corrected(delegate: User, administration: User) -> User:
    with acting(administration, reason="Se escribe con tilde."):
        delegate.full_name = "Inés Tanguila"
        delegate.save()
    return delegate


@pytest.mark.parametrize("role", ["administration", "manager", "surveillance", "auditor"])
def test_who_reads_history_sees_what_changed_last_by_whom_and_why(
    role: str, account: Callable[[str], User], corrected: User, administration: User
) -> None:
    html = home_of(account(role))
    assert "Inés Tanguila" in html
    assert administration.full_name in html
    assert "Se escribe con tilde." in html
    assert 'href="/auditoria/"' in html


@pytest.mark.parametrize(
    "role", ["center_operator", "extension_agent", "accountant", "delegate", "nobody"]
)
def test_the_others_are_told_nothing_of_it(
    role: str, account: Callable[[str], User], corrected: User
) -> None:
    seal()
    html = home_of(account(role))
    assert "Se escribe con tilde." not in html
    assert "Últimos cambios" not in html
    assert "Sello más nuevo" not in html


def test_the_newest_seals_code_stands_ready_to_be_copied(
    surveillance: User, corrected: User
) -> None:
    assert "Todavía no hay ninguno" in home_of(surveillance)
    first = seal()
    assert first is not None
    assert first.code in home_of(surveillance)
