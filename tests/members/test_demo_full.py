"""The full demo, loaded once: as large as the book says, and lawful."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from stdnum.ec import ci

from kallari.accounts import demo as accounts_demo
from kallari.demo import UNTIL, DemoContext, Scale
from kallari.history.context import acting
from kallari.history.seals.verifying import verify_history
from members import demo as members_demo
from members.demo.communities import COMMUNITIES
from members.models import (
    BankAccount,
    Chakra,
    Community,
    CommunityAssignment,
    Family,
    Partner,
    Person,
    Suspension,
    TradeEvidence,
)
from members.rules import DELEGATE_SEATS
from members.services.requirements import requirements
from tests.people import make_account, sign_in
from tests.queries import queries_of
from tests.test_query_counts import COUNTS

pytestmark = pytest.mark.django_db

SAYS_WHAT_CHANGED_LAST = ("/auditoria/", "/api/v1/changes/", "/api/v1/seals/")
"""Pages that ask once for each kind of record among the newest changes; and the seals, which only
the small demo has."""


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """What the themes have handed on; each test's own changes are undone, this after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        context = DemoContext(Scale.FULL, say=lambda _line: None)
        with acting(reason="datos de demostración"):
            accounts_demo.load(context)
            members_demo.load(context)
        yield context.loaded
        transaction.set_rollback(True)


def test_the_full_demo_is_as_large_as_the_association():
    today = Partner.objects.members_on(UNTIL)
    assert Family.objects.opened().count() == Family.objects.count() == 850
    assert today.count() == Partner.objects.members().count() == 305
    assert today.filter(person__sex="F").count() == 189
    assert Community.objects.count() == 23
    assert set(today.values_list("family__community__name", flat=True)) == set(COMMUNITIES)
    assert 3_200 < Person.objects.count() < 3_700
    assert 950 < Chakra.objects.count() < 1_010

    seats = Community.objects.values_list("delegate_seats", flat=True)
    assert sum(seats) == DELEGATE_SEATS.on(UNTIL) == 70
    assert min(seats) >= 1

    held = Counter(row.user.username for row in CommunityAssignment.objects.select_related("user"))
    assert held == {"tecnico": 4, "delegado": 1}
    technician = get_user_model().objects.get(username="tecnico")
    assert 0 < Family.objects.visible_to(technician).count() < 850


def test_every_kind_of_life_is_in_the_full_demo():
    standings = Counter(one.standing for one in Partner.objects.with_standing())
    assert set(standings) == {
        *("applicant", "registered", "suspended", "left"),
        *("expelled", "died", "withdrew", "rejected"),
    }
    assert standings["applicant"] == 17
    assert Suspension.objects.exclude(ends_on=None).exists()
    assert Partner.objects.exclude(succeeds=None).count() == 5
    first = Partner.objects.exclude(registered_on=None).earliest("registered_on")
    assert first.registered_on is not None
    assert first.registered_on.year == 2022
    assert Partner.objects.filter(resolution=first.resolution).count() > 150
    assert Person.objects.filter(cedula=None).exclude(cedula_missing_reason="").exists()
    assert Person.objects.filter(born_on=None, birth_year__isnull=False).exists()
    assert BankAccount.objects.in_use().exists()


def test_nothing_of_the_full_demo_passes_by_the_law():
    for model in (Family, Person, Partner, Suspension, TradeEvidence, BankAccount):
        for row in model.objects.order_by("pk")[:60]:
            row.full_clean()
    for cedula in Person.objects.exclude(cedula=None).values_list("cedula", flat=True):
        assert ci.is_valid(cedula or "")
    registered = Partner.objects.exclude(registered_on=None).select_related("person")
    for partner in registered.order_by("pk")[:60]:
        assert partner.registered_on is not None
        asked = {one.code: one.met for one in requirements(partner, partner.registered_on)}
        assert asked["age"], partner.pk
        assert asked["trade"], partner.pk
    # Nobody is partner of a family she does not belong to, and nobody dead holds a place.
    assert all(one.person.family_id == one.family_id for one in registered)
    assert not Partner.objects.members().filter(person__died_on__isnull=False).exists()


def test_history_vouches_for_the_full_demo():
    found: list[Any] = []
    verify_history(found.append)
    assert found == []
    deaths = Person.objects.exclude(died_on=None).count()
    assert Person.history.count() == Person.objects.count() + deaths


def test_there_is_a_delegate_for_every_seat_of_every_community(loaded):
    delegates = loaded["delegates"]
    assert len(set(delegates)) == len(delegates) == 70
    assert Counter(one.family.community_id for one in delegates) == dict(
        Community.objects.values_list("pk", "delegate_seats")
    )
    assert set(delegates) <= set(Partner.objects.members())


@pytest.mark.parametrize(
    "address", [address for address in COUNTS if not address.startswith(SAYS_WHAT_CHANGED_LAST)]
)
def test_a_page_asks_as_often_as_over_the_small_demo(address):
    """850 families, 3,400 people: as many statements as for the dozens of `COUNTS`."""
    client = sign_in(Client(), make_account("administration"))
    asked = queries_of(lambda: client.get(address))
    assert len(asked) == COUNTS[address], "\n".join(asked)
