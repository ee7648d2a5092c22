"""Dated rules: declared in code, kept in the table, read by code and by triggers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kallari.accounts.models import User
from kallari.history.seals.guards import check_functions
from kallari.rules import declaring
from kallari.rules.declaring import Dated, NoRuleInForceError, Rule, declared_rules
from kallari.rules.kinds import Choices, DecimalNumber, Integer, Integers, Kind, Text
from kallari.rules.models import RuleValue
from kallari.rules.services import (
    SHIPPED,
    add_rule_value,
    confirm_rule_value,
    correct_rule_value,
    enter_shipped_values,
)
from members import rules as members_rules

DAY = date(2026, 3, 1)


@pytest.fixture
def known_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares is forgotten after it."""
    monkeypatch.setattr(declaring, "_declared", dict(declaring._declared))


@pytest.fixture
def notice(known_rules: None, db: None) -> Rule[int]:
    """8 days since always, 10 from 2025 on, 15 from 2027 on."""
    rule = Rule(
        key="test.notice",
        label="Días de aviso",
        theme="Prueba",
        kind=Integer(minimum=1, maximum=60),
        unit="días",
        shipped=[Dated(8, source="Estatuto, art. 1")],
    )
    enter_shipped_values()
    for days, since in ((15, date(2027, 1, 1)), (10, date(2025, 1, 1))):
        add_rule_value(
            actor=None, rule=rule, value=days, valid_from=since, source=f"Asamblea de {since.year}"
        )
    return rule


def _in_sql(key: str, day: date | None) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kallari_rule_value(%s, %s) #>> '{}'", [key, day])
        return cursor.fetchone()[0]


# --- Reading ------------------------------------------------------------------------------------

DAYS = [
    (date.min, 8),
    (date(2024, 12, 31), 8),
    (date(2025, 1, 1), 10),
    (date(2026, 12, 31), 10),
    (date(2027, 1, 1), 15),
    (date(2100, 1, 1), 15),
]


@pytest.mark.parametrize(("day", "days"), DAYS)
def test_a_value_holds_from_its_day_until_the_day_before_the_next(
    day: date, days: int, notice: Rule[int]
) -> None:
    assert notice.on(day) == days
    assert notice.through_time().on(day) == days
    assert _in_sql(notice.key, day) == str(days)
    assert [row.value for row in RuleValue.objects.of(notice.key).in_force_on(day)] == [days]


def test_before_the_first_value_nothing_is_assumed(known_rules: None, db: None) -> None:
    rule = Rule(
        key="test.late",
        label="Tarde",
        theme="Prueba",
        kind=Integer(),
        shipped=[Dated(3, source="Ley", valid_from=DAY)],
    )
    enter_shipped_values()
    before = date(2026, 2, 28)
    assert rule.on(DAY) == rule.through_time().on(DAY) == 3
    with pytest.raises(NoRuleInForceError, match=r"test\.late is in force on 2026-02-28"):
        rule.on(before)
    with pytest.raises(NoRuleInForceError):
        rule.through_time().on(before)
    with pytest.raises(DatabaseError, match=r"test\.late is in force on 2026-02-28"):
        _in_sql(rule.key, before)
    assert not RuleValue.objects.of(rule.key).in_force_on(before)


def test_sql_refuses_a_missing_day_and_an_unknown_rule(db: None) -> None:
    with pytest.raises(DatabaseError, match="without a day"):
        _in_sql("partner.minimum_age", None)
    with pytest.raises(DatabaseError, match="no value of the rule"):
        _in_sql("partner.minimum_edge", DAY)


def test_a_value_ends_where_the_next_begins(notice: Rule[int]) -> None:
    rows = RuleValue.objects.of(notice.key).with_end()
    assert {(row.value, row.superseded_on) for row in rows} == {
        (8, date(2025, 1, 1)),
        (10, date(2027, 1, 1)),
        (15, None),
    }
    assert RuleValue.objects.of(notice.key).get(value=8).superseded_on == date(2025, 1, 1)


def test_reading_asks_one_query(notice: Rule[int], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        notice.on(DAY)
    with django_assert_num_queries(1):
        timeline = notice.through_time()
        assert [timeline.on(day) for day, _days in DAYS] == [days for _day, days in DAYS]


# --- Kinds --------------------------------------------------------------------------------------

PRODUCTS = Choices({"cocoa": "cacao", "guayusa": "guayusa", "vanilla": "vainilla"})


@pytest.mark.parametrize(
    ("kind", "typed_in", "value", "stored", "words"),
    [
        (Integer(), "2000", 2000, 2000, "2.000"),
        (DecimalNumber(places=3), "1,4", Decimal("1.4"), "1.4", "1,4"),
        (DecimalNumber(places=3), "1.400", Decimal("1.400"), "1.4", "1,400"),
        (DecimalNumber(), "200", Decimal(200), "200", "200"),
        (Text(), "la mitad más uno", "la mitad más uno", "la mitad más uno", "la mitad más uno"),
        (PRODUCTS, "vanilla, cocoa", ["vanilla", "cocoa"], ["cocoa", "vanilla"], "cacao, vainilla"),
        (Integers(), "30, 90", (30, 90), [90, 30], "90 y 30"),
    ],
)
def test_each_kind_types_stores_and_shows(
    kind: Kind[Any], typed_in: str, value: Any, stored: Any, words: str
) -> None:
    assert kind.from_text(typed_in) == value
    assert kind.stored(value) == stored
    assert kind.stored(kind.typed(stored)) == stored
    assert kind.words(value if isinstance(value, Decimal) else kind.typed(stored)) == words


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (Integer(minimum=1), 0),
        (Integer(maximum=9), 10),
        (Integer(), True),
        (Integer(), "18"),
        (Integer(), 1.5),
        (DecimalNumber(), 1.4),
        (DecimalNumber(), "uno"),
        (DecimalNumber(), "NaN"),
        (DecimalNumber(places=1), "1.45"),
        (DecimalNumber(maximum=Decimal(100)), "100.01"),
        (Text(), " "),
        (PRODUCTS, ["coffee"]),
        (PRODUCTS, ["cocoa", "cocoa"]),
        (PRODUCTS, []),
        (PRODUCTS, "cocoa"),
        (Integers(), [1, 1]),
        (Integers(minimum=1), [0]),
        (Integers(), [True]),
        (Integers(), 30),
    ],
)
def test_each_kind_refuses_what_it_is_not(kind: Kind[Any], stored: Any) -> None:
    with pytest.raises(ValidationError):
        kind.typed(stored)


@pytest.mark.parametrize("text", ["", "uno", "30;x", "-1"])
def test_numbers_in_one_line_are_numbers(text: str) -> None:
    with pytest.raises(ValidationError):
        Integers().stored(Integers().from_text(text))


# --- Writing ------------------------------------------------------------------------------------


def test_a_later_value_supersedes_and_keeps_the_older_one(
    administration: User, notice: Rule[int]
) -> None:
    row = add_rule_value(
        actor=administration,
        rule=notice,
        value=12,
        valid_from=date(2026, 1, 1),
        source=" Asamblea ",
        resolution="2025-07",
    )
    assert (notice.on(DAY), notice.on(date(2025, 12, 31))) == (12, 10)
    assert (row.source, row.unconfirmed) == ("Asamblea", True)
    assert row.history.get().actor_name == administration.get_full_name()


@pytest.mark.parametrize("since", [None, date(2025, 1, 1)])
def test_two_values_of_one_day_are_refused(since: date | None, notice: Rule[int]) -> None:
    with pytest.raises(ValidationError, match="Ya hay un valor de esta regla"):
        add_rule_value(actor=None, rule=notice, value=9, valid_from=since, source="Otra")
    with pytest.raises(DatabaseError, match="one_value_of_a_rule_a_day"), transaction.atomic():
        RuleValue.objects.create(key=notice.key, value=9, valid_from=since, source="Otra")


@pytest.mark.parametrize(
    ("told", "field"),
    [({"value": 61}, "value"), ({"value": "x"}, "value"), ({"source": " "}, "source")],
)
def test_a_wrong_value_and_one_without_source_are_refused(
    told: dict[str, Any], field: str, notice: Rule[int]
) -> None:
    right: dict[str, Any] = {"value": 60, "source": "Estatuto", "valid_from": date(2028, 1, 1)}
    with pytest.raises(ValidationError) as refusal:
        add_rule_value(actor=None, rule=notice, **(right | told))
    assert set(refusal.value.error_dict) == {field}
    add_rule_value(actor=None, rule=notice, **right)


def test_confirming_needs_a_reason_and_happens_once(manager: User, notice: Rule[int]) -> None:
    row = notice.row_on(DAY)
    with pytest.raises(ValidationError, match="Escriba el motivo"):
        confirm_rule_value(actor=manager, row=row, reason=" ")
    assert not confirm_rule_value(actor=manager, row=row, reason="Acta 12").unconfirmed
    assert row.history.first().history_change_reason == "Acta 12"
    with pytest.raises(ValidationError, match="ya está confirmado"):
        confirm_rule_value(actor=manager, row=row, reason="Acta 12")


def _correction(row: RuleValue, **told: Any) -> dict[str, Any]:
    assert row.rule is not None
    return {
        "row": row,
        "value": row.rule.kind.typed(row.value),
        "valid_from": row.valid_from,
        "source": row.source,
        "resolution": row.resolution,
        "note": row.note,
        "reason": "Estaba mal copiado",
    } | told


@pytest.mark.parametrize(
    ("told", "stays"),
    [
        ({"value": 11}, False),
        ({"valid_from": date(2025, 2, 1)}, False),
        ({"source": "Acta 12, punto 3"}, True),
        ({"note": "A mano"}, True),
    ],
)
def test_a_correction_of_what_it_says_takes_the_confirmation_away(
    told: dict[str, Any], stays: bool, manager: User, notice: Rule[int]
) -> None:
    row = confirm_rule_value(actor=manager, row=notice.row_on(DAY), reason="Acta 12")
    corrected = correct_rule_value(actor=manager, **_correction(row, **told))
    assert corrected.confirmed is stays
    assert {name: getattr(corrected, name) for name in told} == told
    assert row.history.first().history_change_reason == "Estaba mal copiado"


def test_a_correction_needs_a_reason_and_leaves_no_echo(notice: Rule[int]) -> None:
    row = notice.row_on(DAY)
    with pytest.raises(ValidationError, match="Escriba el motivo"):
        correct_rule_value(actor=None, **_correction(row, value=11, reason=""))
    correct_rule_value(actor=None, **_correction(row))
    assert row.history.count() == 1


def test_a_value_is_never_removed_and_stays_with_its_rule(notice: Rule[int]) -> None:
    rows = RuleValue.objects.filter(pk=notice.row_on(DAY).pk)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        rows.delete()
    with pytest.raises(DatabaseError, match="stays with its rule"), transaction.atomic():
        rows.update(key="test.other")  # without history: refused


# --- What comes with the program ----------------------------------------------------------------


def test_every_declared_rule_is_in_force_today_with_its_source(db: None) -> None:
    rules = declared_rules()
    assert members_rules.MINIMUM_AGE in rules
    for rule in rules:
        row = rule.row_on(DAY)
        assert row.source.strip()
        assert row.words
        assert row.history.get().history_change_reason == SHIPPED
        assert row.history.get().history_user_id is None


def test_what_the_program_brings_is_entered_once(db: None, django_assert_num_queries: Any) -> None:
    before = RuleValue.history.count()
    assert before == sum(len(rule.shipped) for rule in declared_rules())
    enter_shipped_values()
    call_command("migrate", verbosity=0)
    assert RuleValue.history.count() == before


def test_what_the_association_has_entered_is_left_alone(known_rules: None, db: None) -> None:
    rule = Rule(
        key="test.own",
        label="Propia",
        theme="Prueba",
        kind=Integer(),
        shipped=[Dated(3, source="Ley"), Dated(4, source="Ley", valid_from=DAY)],
    )
    add_rule_value(actor=None, rule=rule, value=9, valid_from=DAY, source="Asamblea")
    enter_shipped_values()
    assert [row.value for row in RuleValue.objects.of(rule.key)] == [9]


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_the_rules_again() -> None:
    with pgtrigger.ignore():
        call_command("flush", interactive=False, verbosity=0)
    assert members_rules.MINIMUM_AGE.on(DAY) == 18


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE rules_rulevalue RENAME TO not_yet_made",
        "ALTER TABLE rules_historicalrulevalue ADD COLUMN of_another_release text",
    ],
)
def test_nothing_is_entered_while_the_tables_are_of_another_release(
    change: str, known_rules: None, db: None
) -> None:
    Rule(key="test.new", label="x", theme="x", kind=Integer(), shipped=[Dated(3, source="Ley")])
    with connection.cursor() as cursor:
        cursor.execute(change)
    before = RuleValue.history.count()
    enter_shipped_values()
    assert RuleValue.history.count() == before


# --- Declaring ----------------------------------------------------------------------------------


def test_a_declaration_needs_its_own_key_a_value_and_a_source(known_rules: None) -> None:
    def declare(key: str, *shipped: Dated[int]) -> Rule[int]:
        return Rule(key=key, label="x", theme="x", kind=Integer(), shipped=shipped)

    declare("test.fine", Dated(1, source="Ley"))
    with pytest.raises(ImproperlyConfigured, match="two rules"):
        declare("test.fine", Dated(1, source="Ley"))
    with pytest.raises(ImproperlyConfigured, match="without any value"):
        declare("test.empty")
    with pytest.raises(ImproperlyConfigured, match="without a source"):
        declare("test.sourceless", Dated(1, source=" "))
    with pytest.raises(ValidationError):
        declare("test.wrong", Dated(-1, source="Ley"))


# --- What members declares ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value", "confirmed"),
    [
        (members_rules.MINIMUM_AGE, 18, True),
        (members_rules.TRADE_DAYS, 365, True),
        (members_rules.TRADE_PRODUCTS, ("cocoa", "guayusa", "vanilla"), True),
        (members_rules.POINT_MAX_HA, Decimal(4), True),
        (members_rules.GROUP_MEMBER_MAX_HA, Decimal(5), True),
        (members_rules.GROUP_MAX_MEMBERS, 2000, True),
        (members_rules.TRANSITION_MONTHS, 36, True),
        (members_rules.NOP_ROOT_FACTOR, Decimal("1.4"), False),
        (members_rules.NOP_MINIMUM_PERCENT, Decimal(2), False),
        (members_rules.REPRESENTATIVES_MINIMUM, 30, False),
        (members_rules.REPRESENTATIVES_MAXIMUM, 100, False),
        (members_rules.DELEGATE_SEATS, 70, True),
    ],
)
def test_members_brings_what_its_sources_say(
    rule: Rule[Any], value: Any, confirmed: bool, db: None
) -> None:
    assert rule.on(DAY) == value
    assert rule.row_on(DAY).confirmed is confirmed


# --- Watched over -------------------------------------------------------------------------------


def test_a_replaced_function_is_found(db: None) -> None:
    assert not list(check_functions())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION kallari_rule_value(rule_key text, day date) RETURNS jsonb"
            " LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN '1'; END $$"
        )
    assert ["kallari_rule_value" in finding.message for finding in check_functions()] == [True]
