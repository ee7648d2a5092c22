"""Whatever is done with SQL behind history's back is found, and the very row is named."""

# ruff: noqa: S608  # the tamperer writes SQL by hand

from __future__ import annotations

from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.utils import timezone

from kallari import roles
from kallari.accounts.models import RoleAssignment, User
from kallari.history.context import acting
from kallari.history.models import Seal, SealedRow
from kallari.history.seals.codes import read_paper_code
from kallari.history.seals.findings import Kind
from kallari.history.seals.writing import SealError, seal
from members.models import Community, CommunityAlias
from tests.history.tampering import findings, sql, told, triggers_off
from tests.members.factories import community
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

HISTORY = Community.history.model
TABLE = HISTORY._meta.db_table
LABEL = "members.Community"


@dataclass
class Village:
    """Three communities; the second was created, changed and sealed in between."""

    one: Community
    two: Community
    three: Community
    first: Seal
    second: Seal

    def rows(self, of: Community) -> list[int]:
        """The history rows of one community, oldest first."""
        return list(
            HISTORY.objects.filter(id=of.pk)
            .order_by("history_id")
            .values_list("history_id", flat=True)
        )


@pytest.fixture
def village() -> Village:
    one, two = community("Rumi Yaku"), community("Mirador")
    first = seal()
    assert first is not None
    with acting(reason="se corrige el cantón"):
        two.canton = "Tena"
        two.save()
    three = community("Santa Rosa")
    second = seal()
    assert second is not None
    return Village(one, two, three, first, second)


def test_an_untouched_database_passes(village: Village) -> None:
    assert findings() == []


# --- The five kinds: history rows ---------------------------------------------------------------


def test_a_changed_history_row_is_named(village: Village) -> None:
    created, changed = village.rows(village.two)
    with triggers_off(HISTORY):
        sql(f"UPDATE {TABLE} SET note = 'otra cosa' WHERE history_id = %s", [created])

    found = findings()

    assert told(found) == [("row_changed", LABEL, str(village.two.pk), created)]
    assert found[0].seal == village.first.number
    assert changed > village.first.upto_id


@pytest.mark.parametrize(
    "column",
    [
        "history_date = history_date + interval '1 microsecond'",
        "history_type = '~', history_change_reason = 'x'",
        "history_user_id = 999",
        "actor_name = 'otra persona'",
        "actor_role = 'otro rol'",
        "history_change_reason = 'otro motivo'",
        "request_id = gen_random_uuid()",
        "closed_on = '2020-01-01'",
        "name = name || ' '",
    ],
)
def test_every_column_of_a_history_row_is_sealed(village: Village, column: str) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(HISTORY):
        sql(f"UPDATE {TABLE} SET {column} WHERE history_id = %s", [created])

    assert ("row_changed", LABEL, str(village.one.pk), created) in told(findings())


def test_a_removed_history_row_is_named(village: Village) -> None:
    created, changed = village.rows(village.two)
    with triggers_off(HISTORY):
        sql(f"DELETE FROM {TABLE} WHERE history_id = %s", [changed])

    assert told(findings()) == [
        ("row_removed", LABEL, str(village.two.pk), changed),
        ("live_changed", LABEL, str(village.two.pk), created),
    ]


def test_a_history_row_inserted_among_sealed_ones_is_named(village: Village) -> None:
    """It takes the place of a row that is not the newest, so no record gives it away."""
    created, changed = village.rows(village.two)
    with triggers_off(HISTORY):
        sql(f"DELETE FROM {TABLE} WHERE history_id = %s", [changed])
        sql(
            f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
            "'history_id', %s, 'history_type', '~', 'history_change_reason', 'inventado'))).*"
            f" FROM {TABLE} h WHERE history_id = %s",
            [changed, created],
        )
        sql(
            f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
            "'history_id', -5, 'history_type', '~', 'history_change_reason', 'x'))).*"
            f" FROM {TABLE} h WHERE history_id = %s",
            [created],
        )

    assert ("row_changed", LABEL, str(village.two.pk), changed) in told(findings())
    assert ("row_inserted", LABEL, str(village.two.pk), -5) in told(findings())


def test_a_history_row_inserted_under_a_number_that_was_free_is_named(village: Village) -> None:
    """A rolled-back change leaves a number free; whoever fills it later is found."""
    sql("SELECT kallari_next_history_id()")
    free = sql("SELECT last_value FROM kallari_history_id_seq")[0][0]
    with acting(reason="vuelve a cambiar"):
        village.one.note = "nota"
        village.one.save()
    third = seal()
    assert findings() == []
    sql(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
        "'history_id', %s, 'history_type', '~', 'history_change_reason', 'inventado'))).*"
        f" FROM {TABLE} h WHERE history_id = %s",
        [free, village.rows(village.one)[0]],
    )

    found = findings()

    assert told(found) == [("row_inserted", LABEL, str(village.one.pk), free)]
    assert third is not None
    assert found[0].seal == third.number


def test_an_unsealed_row_that_the_record_does_not_bear_out_is_named(village: Village) -> None:
    sql(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
        "'history_id', kallari_next_history_id(), 'name', 'Otra', 'history_type', '~',"
        f" 'history_change_reason', 'inventado'))).* FROM {TABLE} h WHERE history_id = %s",
        [village.rows(village.one)[0]],
    )
    newest = village.rows(village.one)[-1]

    found = findings()

    assert told(found) == [("live_changed", LABEL, str(village.one.pk), newest)]
    assert found[0].fields == ("nombre",)


def test_an_unsealed_row_that_cannot_follow_the_one_before_is_named(village: Village) -> None:
    """A second creation of what lives already."""
    sql(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
        f"'history_id', kallari_next_history_id()))).* FROM {TABLE} h WHERE history_id = %s",
        village.rows(village.one),
    )
    newest = village.rows(village.one)[-1]

    assert told(findings()) == [("row_impossible", LABEL, str(village.one.pk), newest)]


def test_a_row_beyond_the_numbering_is_named(village: Village) -> None:
    """It would wait for a seal for ever."""
    sql(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
        "'history_id', 9000000000, 'history_type', '~', 'history_change_reason', 'x'))).*"
        f" FROM {TABLE} h WHERE history_id = %s",
        village.rows(village.one),
    )

    assert told(findings()) == [("row_inserted", LABEL, str(village.one.pk), 9_000_000_000)]


def test_one_number_in_two_tables_is_named_and_not_sealed(village: Village) -> None:
    alias = CommunityAlias.objects.create(community=village.one, spelling="Rumi")
    history_id = alias.history.get().history_id
    sql(
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(h, jsonb_build_object("
        "'history_id', %s, 'history_type', '~', 'history_change_reason', 'x'))).*"
        f" FROM {TABLE} h WHERE history_id = %s",
        [history_id, *village.rows(village.one)],
    )

    with pytest.raises(SealError, match="mismo número"):
        seal()
    assert told(findings()) == [("row_inserted", "", "", history_id)]


def test_a_row_moved_to_another_record_is_named(village: Village) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(HISTORY):
        sql(f"UPDATE {TABLE} SET id = 4242 WHERE history_id = %s", [created])

    assert ("row_changed", LABEL, "4242", created) in told(findings())


# --- The five kinds: records --------------------------------------------------------------------


def test_a_record_changed_by_sql_is_named_with_its_fields(village: Village) -> None:
    sql(
        "UPDATE members_community SET canton = 'Archidona', closed_on = '2026-01-01' WHERE id = %s",
        [village.two.pk],
    )

    found = findings()

    assert told(found) == [
        ("live_changed", LABEL, str(village.two.pk), village.rows(village.two)[-1])
    ]
    assert found[0].fields == ("cantón", "cerrada el")
    assert "Archidona" not in found[0].message


def test_a_bulk_update_that_skipped_history_is_named_row_by_row(village: Village) -> None:
    Community.objects.exclude(pk=village.one.pk).update(parish="Misahuallí")

    found = findings()

    assert told(found) == [
        ("live_changed", LABEL, str(one.pk), village.rows(one)[-1])
        for one in (village.two, village.three)
    ]
    assert {one.fields for one in found} == {("parroquia",)}


def test_a_record_created_without_history_is_named(village: Village) -> None:
    (made,) = Community.objects.bulk_create([Community(name="Sin historia")])

    assert told(findings()) == [("live_without_history", LABEL, str(made.pk), None)]


def test_a_record_removed_without_history_is_named(village: Village) -> None:
    with triggers_off(Community):
        sql("DELETE FROM members_community WHERE id = %s", [village.one.pk])

    assert told(findings()) == [
        ("live_missing", LABEL, str(village.one.pk), village.rows(village.one)[-1])
    ]


def test_a_record_that_came_back_after_its_removal_is_named(village: Village) -> None:
    alias = CommunityAlias.objects.create(community=village.one, spelling="Rumi")
    kept = sql("SELECT spelling, source FROM members_communityalias WHERE id = %s", [alias.pk])[0]
    with acting(reason="estaba mal"):
        alias.delete()
    removed = CommunityAlias.history.latest("history_id").history_id
    alias_pk = CommunityAlias.history.latest("history_id").id
    assert findings() == []
    sql(
        "INSERT INTO members_communityalias (id, community_id, spelling, source)"
        " VALUES (%s, %s, %s, %s)",
        [alias_pk, village.one.pk, *kept],
    )

    assert told(findings()) == [
        ("live_though_removed", "members.CommunityAlias", str(alias_pk), removed)
    ]


def test_a_password_changed_by_sql_is_found_even_with_its_rule_rewritten(village: Village) -> None:
    user = User.objects.create_user("ana", "quintal de baba")
    assert findings() == []
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(
        "ALTER TABLE accounts_user DROP CONSTRAINT password_fingerprint_fits_the_password,"
        " ADD CONSTRAINT password_fingerprint_fits_the_password CHECK (password <> '')"
    )
    sql("UPDATE accounts_user SET password = 'x' WHERE id = %s", [user.pk])

    assert told(findings()) == [("rule_broken", "accounts.User", str(user.pk), None)]


# --- The five kinds: the chain ------------------------------------------------------------------


def test_a_changed_seal_is_named(village: Village) -> None:
    with triggers_off(Seal):
        sql("UPDATE history_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 1")

    found = findings()

    assert [(one.kind.value, one.seal) for one in found] == [("chain_broken", 1)]


def test_a_seal_with_another_digest_breaks_the_chain_twice(village: Village) -> None:
    with triggers_off(Seal):
        sql("UPDATE history_seal SET digest = repeat('0', 64) WHERE number = 1")

    assert [(one.kind.value, one.seal) for one in findings()] == [
        ("chain_broken", 2),  # it does not continue the first
        ("chain_broken", 1),  # it does not give its own digest
    ]


def test_a_removed_seal_is_named(village: Village) -> None:
    with triggers_off(Seal):
        sql("DELETE FROM history_seal WHERE number = 1")

    found = findings()

    assert ("chain_broken", 2) in [(one.kind.value, one.seal) for one in found]
    assert "falta el sello 1" in found[0].message


def test_an_altered_list_of_sealed_rows_does_not_accuse_history(village: Village) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(SealedRow):
        sql(
            "UPDATE history_sealedrow SET digest = sha256('x') WHERE history_id = %s",
            [created],
        )

    found = findings()

    assert told(found) == [
        ("list_altered", "", "", None),
        ("list_altered", LABEL, str(village.one.pk), created),
    ]
    assert "intacta" in found[0].message


@pytest.mark.parametrize(
    "change", ["object_pk = '77'", "table_index = 99", "table_index = -1", "history_id = -9"]
)
def test_every_column_of_the_list_is_covered_by_the_seal(village: Village, change: str) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(SealedRow):
        sql(f"UPDATE history_sealedrow SET {change} WHERE history_id = %s", [created])

    found = findings()

    assert found
    assert {one.kind.value for one in found} == {"list_altered"}


def test_an_entry_that_no_seal_covers_is_found(village: Village) -> None:
    sql("INSERT INTO history_sealedrow VALUES (99999999, 0, '1', sha256('x'))")

    assert [one.kind.value for one in findings()] == ["list_altered"]


def test_a_row_and_its_entry_changed_together_break_the_seal(village: Village) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(HISTORY, SealedRow):
        sql(f"UPDATE {TABLE} SET note = 'x' WHERE history_id = %s", [created])
        sql("UPDATE history_sealedrow SET digest = sha256('y') WHERE history_id = %s", [created])

    assert told(findings()) == [
        ("chain_broken", "", "", None),
        ("row_changed", LABEL, str(village.one.pk), created),
        ("live_changed", LABEL, str(village.one.pk), created),
    ]


def test_only_paper_gives_away_a_chain_that_was_made_anew(village: Village) -> None:
    """Whoever rewrites history and then seals it again leaves a chain that agrees with itself."""
    on_paper = read_paper_code(village.second.code)
    assert findings(codes=[on_paper]) == []
    (created,) = village.rows(village.one)
    with triggers_off(HISTORY, Seal, SealedRow, Community):
        sql(f"UPDATE {TABLE} SET name = 'Otra' WHERE history_id = %s", [created])
        sql("UPDATE members_community SET name = 'Otra' WHERE id = %s", [village.one.pk])
        sql("DELETE FROM history_seal")
        sql("DELETE FROM history_sealedrow")
    seal()

    assert findings() == []
    assert told(findings(codes=[on_paper])) == [("code_differs", "", "", None)]  # no second seal
    village.three.note = "x"
    with acting(reason="para otro sello"):
        village.three.save()
    seal()
    (only,) = findings(codes=[on_paper])
    assert (only.kind.value, only.seal) == ("code_differs", 2)


def test_since_recomputes_later_seals_only_but_checks_every_link(village: Village) -> None:
    (created,) = village.rows(village.one)
    with triggers_off(HISTORY):
        sql(f"UPDATE {TABLE} SET actor_role = 'x' WHERE history_id = %s", [created])
    assert told(findings(since=1)) == [("row_changed", LABEL, str(village.one.pk), created)]

    assert findings(since=2) == []

    with triggers_off(Seal):
        sql("DELETE FROM history_seal WHERE number = 1")
    assert [one.kind.value for one in findings(since=2)] == ["chain_broken"]


def test_a_numbering_that_was_put_back_is_found_and_nothing_is_sealed(village: Village) -> None:
    sql("SELECT setval('kallari_history_id_seq', 1)")

    with pytest.raises(SealError, match="puesta atrás"):
        seal()
    assert [one.kind.value for one in findings()] == ["function_replaced"]


# --- Tables and columns -------------------------------------------------------------------------


def test_a_column_added_later_does_not_touch_older_seals(village: Village) -> None:
    sql(f"ALTER TABLE {TABLE} ADD COLUMN later text DEFAULT 'x'")
    assert findings() == []

    with acting(reason="después"):
        village.one.note = "x"
        village.one.save()
    third = seal()

    assert third is not None
    assert "later" in next(one for one in third.tables if one["table"] == TABLE)["columns"]
    assert findings() == []
    with triggers_off(HISTORY):
        sql(f"UPDATE {TABLE} SET later = 'y'")
    assert told(findings()) == [
        ("row_changed", LABEL, str(village.one.pk), village.rows(village.one)[-1])
    ]


def test_a_column_that_was_dropped_is_reported_once_and_not_row_by_row(village: Village) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {TABLE} DROP COLUMN actor_role")

    found = findings()

    assert [(one.kind.value, one.model) for one in found] == [("table_changed", LABEL)]
    assert f"{TABLE}.actor_role" in found[0].message


def test_a_followed_column_that_was_dropped_is_reported(village: Village) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {TABLE} RENAME COLUMN note TO remark")

    found = findings()

    assert {one.kind.value for one in found} == {"table_changed"}
    assert any(f"{TABLE}.note" in one.message for one in found)


def test_groups_that_exchange_their_names_and_rights_are_named() -> None:
    auditor = User.objects.create_user("jorge", PASSWORD)
    given = RoleAssignment.objects.create(user=auditor, group=Group.objects.get(name="auditor"))
    assert findings() == []
    Group.objects.filter(name="administration").update(name="was administration")
    Group.objects.filter(name="auditor").update(name="administration")
    Group.objects.filter(name="was administration").update(name="auditor")
    roles.fill_groups()
    assert auditor.has_perm("accounts.add_user")
    assert [(one.kind, one.object_pk) for one in findings()] == [
        (Kind.RIGHTS_DIFFER, str(given.pk))
    ]


def test_a_second_factor_removed_with_sql_is_named() -> None:
    account = User.objects.create_user("rosa", PASSWORD)
    factor = Authenticator.objects.create(user=account, type="totp", data={})
    with acting(account, reason="Puso un segundo factor."):
        account.second_factor_since = timezone.now()
        account.save()
    assert findings() == []
    sql("DELETE FROM mfa_authenticator WHERE id = %s", [factor.pk])
    assert [(one.kind, one.object_pk) for one in findings()] == [
        (Kind.SECOND_FACTOR_DIFFERS, str(account.pk))
    ]
