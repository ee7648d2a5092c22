"""The code that opens a family's statement: not to be guessed, kept as a fingerprint, revocable."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError

from harvests.models import StatementLink
from harvests.services.statement_links import (
    family_by_code,
    make_statement_link,
    revoke_statement_link,
)
from harvests.statement_codes import LENGTH, digest_of, new_code
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql
from tests.members.factories import family

pytestmark = pytest.mark.django_db

REASON = "Se perdió el papel."


def test_a_code_has_a_hundred_random_bits_and_is_kept_as_a_fingerprint_alone():
    grefa = family()
    link, code = make_statement_link(actor=None, family=grefa)
    assert len(code) == LENGTH == 100 // 5  # five bits a sign
    assert code not in str(StatementLink.objects.values().get())
    assert code not in str(StatementLink.history.values().first())
    assert link.digest == digest_of(code)
    assert len({new_code() for _time in range(100)}) == 100


def test_a_code_opens_its_family_until_it_is_revoked():
    grefa = family()
    link, code = make_statement_link(actor=None, family=grefa)
    assert family_by_code(code) == grefa
    for wrong in (code[:-1], code.lower(), new_code(), "", "x" * 5000):
        assert family_by_code(wrong) is None
    with refused("reason_required"):
        revoke_statement_link(actor=None, link=link, reason="")
    revoke_statement_link(actor=None, link=link, reason=REASON)
    assert family_by_code(code) is None
    with refused("revoked"):
        revoke_statement_link(actor=None, link=link, reason=REASON)


def test_a_new_code_revokes_the_one_before():
    grefa = family()
    _link, first = make_statement_link(actor=None, family=grefa)
    _link, second = make_statement_link(actor=None, family=grefa)
    assert (family_by_code(first), family_by_code(second)) == (None, grefa)
    assert StatementLink.objects.in_force().count() == 1


def test_a_revoked_link_is_not_revived_by_sql_nor_given_to_another():
    link, _code = make_statement_link(actor=None, family=family("Grefa"))
    other = family("Tanguila")
    with pytest.raises(DatabaseError, match="a link is revoked"):
        _sql("UPDATE harvests_statementlink SET family_id = %s", other.pk)
    revoke_statement_link(actor=None, link=link, reason=REASON)
    with pytest.raises(DatabaseError, match="a link is revoked"):
        _sql("UPDATE harvests_statementlink SET revoked_on = NULL, revoked_because = ''")
    with pytest.raises(DatabaseError, match="never removed"):
        _sql("DELETE FROM harvests_statementlink")


def test_a_family_has_one_link_in_force_even_by_sql():
    link, _code = make_statement_link(actor=None, family=family())
    with pytest.raises(IntegrityError, match="one_statement_link_a_family"):
        _sql(
            "INSERT INTO harvests_statementlink (family_id, digest, made_on, revoked_because)"
            " VALUES (%s, %s, current_date, '')",
            link.family_id,
            "0" * 64,
        )
