"""``manage.py demo``: invented people in real communities."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from kallari import first_start
from kallari.accounts.demo import DEMO_ACCOUNTS
from kallari.accounts.models import RoleAssignment, User
from kallari.demo import DemoContext, Scale
from kallari.roles import Role
from members.demo.communities import COMMUNITIES
from members.models import Community
from tests.members.factories import community

pytestmark = pytest.mark.django_db


def demo(*args):
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


def test_the_demo_has_the_accounts_of_the_design_one_for_each_role():
    demo()
    assert [account.username for account in DEMO_ACCOUNTS] == [
        "admin",
        "administracion",
        "gerencia",
        "acopio",
        "tecnico",
        "contabilidad",
        "vigilancia1",
        "vigilancia2",
        "vigilancia3",
        "delegado",
        "auditor",
    ]
    assert set(User.objects.values_list("username", flat=True)) == {
        account.username for account in DEMO_ACCOUNTS
    }
    assert {account.role for account in DEMO_ACCOUNTS} == {None, *Role}
    for account in DEMO_ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.is_demo
        assert user.role_names == ({account.role.value} if account.role else frozenset())
        assert user.is_superuser == (account.role is None)
        assert len(account.password) >= 10
    assert len({account.password for account in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)
    assert len({account.full_name for account in DEMO_ACCOUNTS}) == len(DEMO_ACCOUNTS)


def test_a_printed_password_opens_its_account_and_no_other(rf):
    demo()
    one, other = DEMO_ACCOUNTS[1], DEMO_ACCOUNTS[2]
    request = rf.post("/")
    user = authenticate(request, username=one.username, password=one.password)
    assert user == User.objects.get(username=one.username)
    assert authenticate(request, username=one.username, password=other.password) is None


def test_the_demo_has_the_communities_of_the_book():
    demo()
    assert Community.objects.count() == len(COMMUNITIES) == 23
    for typed, name in [
        ("Rumi Yacu", "Rumi Yaku"),
        ("rumi yaku", "Rumi Yaku"),
        ("EL MIRADOR", "Mirador"),
        ("Ñakanchi Kawsay", "Ñukanchik Kawsay"),
        ("Isla Apaai", "Islas APAAI"),
        ("Cam pococha", "Campo Cocha"),
        ("Shinci Runa", "Shinchi Runa"),
        ("Jatun Yacu", "Jatun Yaku"),
    ]:
        assert Community.objects.named(typed).get().name == name
        assert name in {row.name for row in Community.objects.search(typed)}


def test_everything_carries_why_it_is_there_and_stands_together_in_history():
    demo()
    rows = [*Community.history.all(), *User.history.all(), *RoleAssignment.history.all()]
    assert {row.history_change_reason for row in rows} == {"datos de demostración"}
    assert len({row.request_id for row in rows}) == 1


def test_a_second_run_changes_nothing_and_says_so():
    demo()
    before = Community.history.count(), User.history.count()
    assert "ya están" in demo("--scale", "full")
    assert (Community.history.count(), User.history.count()) == before


def test_a_new_database_gets_its_tables_first(monkeypatch):
    made = []
    with monkeypatch.context() as patch:
        patch.setattr(first_start, "pending_migrations", lambda: 3)
        patch.setattr(first_start, "migrate", lambda: made.append(User.objects.count()))
        assert "cargados" in demo()
    assert made == [0]


def test_tables_of_a_database_in_use_are_left_as_they_are(monkeypatch):
    User.objects.create_user("rosa", "una clave larga 9")
    with monkeypatch.context() as patch:
        patch.setattr(first_start, "pending_migrations", lambda: 3)
        patch.setattr(first_start, "migrate", lambda: pytest.fail("migrated"))
        with pytest.raises(CommandError, match="ya tiene datos suyos"):
            demo()


def test_a_database_with_somebody_s_account_is_refused():
    User.objects.create_user("rosa", "una clave larga 9")
    with pytest.raises(CommandError, match="ya tiene datos suyos"):
        demo()
    assert User.objects.count() == 1
    assert not Community.objects.exists()


def test_a_database_with_somebody_s_communities_is_refused():
    community("Rumi Yaku")
    with pytest.raises(CommandError, match="ya tiene datos suyos"):
        demo()
    assert not User.objects.exists()


def test_a_failure_half_way_leaves_nothing(monkeypatch):
    def fails(context):
        raise RuntimeError("half way")

    with monkeypatch.context() as patch:
        patch.setattr("members.demo.load", fails)
        with pytest.raises(RuntimeError, match="half way"):
            demo()
    assert not User.objects.exists()
    assert "cargados" in demo()


def test_chance_repeats_for_each_purpose():
    one, two = DemoContext(Scale.SMALL), DemoContext(Scale.FULL)
    assert one.random("families").random() == two.random("families").random()
    assert one.random("families").random() != one.random("chakras").random()
