"""The invented register is the same at every load; the seats of delegates."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from kallari.demo import UNTIL
from members.models import Community, Family, Partner
from members.services.delegates import share_delegate_seats, share_seats
from tests.members import factories as make

pytestmark = pytest.mark.django_db

DIGESTED = (
    "SELECT id, number, name, joined_on FROM members_family ORDER BY id",
    "SELECT id, family_id, surnames, given_names, cedula, cedula_missing_reason, sex, born_on,"
    " birth_year, died_on, kinship, phone, next_of_kin_name FROM members_person ORDER BY id",
    "SELECT id, person_id, family_id, number, applied_on, registered_on, resolution, ended_on,"
    " ended_how, succeeds_id FROM members_partner ORDER BY id",
    "SELECT partner_id, starts_on, ends_on FROM members_suspension ORDER BY 1, 2",
    "SELECT family_id, product, first_on, last_on, reference FROM members_tradeevidence"
    " ORDER BY 1, 2, 3",
    "SELECT person_id, institution, number, closed_on FROM members_bankaccount ORDER BY 1, 3",
    "SELECT name, delegate_seats FROM members_community ORDER BY 1",
)


def demo(scale):
    call_command("demo", scale=scale, stdout=StringIO())


def digest():
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for query in DIGESTED:
            cursor.execute(query)
            found.update(repr(cursor.fetchall()).encode())
    return found.hexdigest()


def load_and_undo(scale):
    with transaction.atomic():
        demo(scale)
        found = digest()
        transaction.set_rollback(True)
    return found


def test_two_loads_give_the_same_rows_ids_included():
    assert load_and_undo("small") == load_and_undo("small")


def test_the_small_demo_is_a_small_association():
    demo("small")
    assert Family.objects.count() == 40
    members = Partner.objects.members()
    assert (members.count(), members.filter(person__sex="F").count()) == (15, 9)
    # Fewer partners than seats: everybody is a delegate, and no seat stays empty.
    assert sum(Community.objects.values_list("delegate_seats", flat=True)) == 15


# --- How seats are shared ---------------------------------------------------------------------


def test_seats_follow_the_largest_remainder():
    """Worked out by hand: 305 members, 70 seats, quotas 22.95, 22.95, 22.95 and 1.15."""
    assert share_seats({1: 100, 2: 100, 3: 100, 4: 5}, 70) == {1: 23, 2: 23, 3: 23, 4: 1}
    # Quotas 4.7, 1.6, 1.59, 1.2, 0.6 and 0.31 of 10 seats: the last two get one each; of the eight
    # left the quotas are 4.14, 1.408, 1.399 and 1.06.
    members = {1: 47_000, 2: 16_000, 3: 15_900, 4: 12_000, 5: 6_000, 6: 3_100}
    assert share_seats(members, 10) == {1: 4, 2: 2, 3: 1, 4: 1, 5: 1, 6: 1}


def test_a_community_without_members_has_no_seat_and_a_small_one_has_one():
    assert share_seats({1: 0, 2: 1, 3: 299}, 70) == {1: 0, 2: 1, 3: 69}


def test_there_are_never_more_seats_than_members():
    assert share_seats({1: 3, 2: 12}, 70) == {1: 3, 2: 12}


def test_fewer_seats_than_communities_are_refused_one_more_is_enough():
    members = dict.fromkeys(range(1, 5), 10)
    with pytest.raises(ValidationError) as refused:
        share_seats(members, 3)
    assert refused.value.code == "fewer_seats_than_communities"
    assert share_seats(members, 4) == dict.fromkeys(members, 1)


def test_sharing_writes_what_differs_with_its_reason():
    one, other = make.community("Rumi Yaku"), make.community("Serena")
    for of in (one, one, other):
        make.partner(make.person(of=make.family(of=of)))
    share_delegate_seats(actor=None, on=date(2022, 7, 1), reason="Antes de la asamblea.")
    one.refresh_from_db()
    assert one.delegate_seats == 2
    assert one.history.first().history_change_reason == "Antes de la asamblea."
    before = Community.history.count()
    share_delegate_seats(actor=None, on=date(2022, 7, 1), reason="Otra vez.")
    assert Community.history.count() == before
    # The day decides: before anybody was registered there is nothing to share.
    share_delegate_seats(
        actor=None, on=make.REGISTERED_ON - timedelta(days=1), reason="Un día antes."
    )
    assert set(Community.objects.values_list("delegate_seats", flat=True)) == {0}
    with pytest.raises(ValidationError, match="motivo"):
        share_delegate_seats(actor=None, on=UNTIL, reason=" ")
